//! Adding passkeys to one's account, and taking them away (R3).

use super::{
    admission::{counts, super_admin},
    claim::stays_reachable,
};
use crate::{
    Actor, CredentialId, Duration, Event, PasskeyName, Refusal, State, Timestamp, WayIn,
    expiry::has_passed,
};

/// How long after signing in somebody may add a passkey: a session left open on a desk must not
/// become a way in for good.
pub const RECENT_SIGN_IN: Duration = Duration::from_mins(15);

/// How many passkeys one person may have.
const MOST: usize = 20;

pub(super) fn register(
    state: &State,
    (credential, name, signed_in_at): (CredentialId, &PasskeyName, Timestamp),
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let Actor::Admin { id, .. } = *actor else {
        return Err(Refusal::NotYoursToMint);
    };
    counts(state, actor)?;
    if state
        .credential(credential)
        .is_some_and(|known| known.owner == Some(id))
    {
        // The answer got lost, and the caller looks again.
        return Ok(vec![]);
    }
    let admin = state.admin(id).ok_or(Refusal::CallerInactive)?;
    let org = state.org(admin.org).ok_or(Refusal::OrgNotFound)?;
    if has_passed(signed_in_at.plus(RECENT_SIGN_IN), now) {
        return Err(Refusal::SignInTooOld);
    }
    let theirs = state
        .credentials()
        .filter(|known| known.owner == Some(id) && known.way == WayIn::Passkey);
    if theirs.count() >= MOST {
        return Err(Refusal::TooManyPasskeys);
    }
    Ok(vec![Event::PasskeyRegistered {
        credential,
        admin: id,
        org: org.id,
        name: name.clone(),
        own: org.claim.is_some(),
    }])
}

/// Idempotent only as far as the passkey is known: what was removed is no more.
pub(super) fn remove(
    state: &State,
    credential: CredentialId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let key = state
        .credential(credential)
        .filter(|known| known.way == WayIn::Passkey)
        .ok_or(Refusal::CredentialNotFound)?;
    let owner = key.owner.ok_or(Refusal::CredentialNotFound)?;
    let owns = matches!(*actor, Actor::Admin { id, .. } if id == owner);
    if !owns {
        super_admin(state, key.org, actor).map_err(|refusal| match refusal {
            Refusal::OrgNotFound => Refusal::CredentialNotFound,
            other => other,
        })?;
    }
    counts(state, actor)?;
    let org = state.org(key.org).ok_or(Refusal::OrgNotFound)?;
    if !stays_reachable(state, org, |_, other| other.id != credential) {
        return Err(Refusal::LastPasskey);
    }
    Ok(vec![Event::PasskeyRemoved {
        credential,
        admin: owner,
        org: key.org,
    }])
}
