//! Claiming an org, and what a super admin lets count in it afterwards (R3).

use super::{
    admission::customers_super_admin,
    clients,
    issuers::standing_of,
    people::{Ended, ended},
};
use crate::{
    Actor, Admin, AdminCredential, AdminId, Awaiting, CredentialId, Event, Org, OrgId, Refusal,
    Role, Standing, State, Timestamp, WayIn,
};

/// The first super admin to sign in by passkey claims the org; by an OpenID provider, as `issuers::sign_in` says.
pub(super) fn sign_in(state: &State, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    let Actor::Admin { id, via: Some(via) } = *actor else {
        return Err(Refusal::CredentialNotFound);
    };
    let admin = state.admin(id).ok_or(Refusal::CallerInactive)?;
    state
        .credential(via)
        .filter(|known| known.owner == Some(id) && known.way == WayIn::Passkey)
        .ok_or(Refusal::CredentialNotFound)?;
    let org = state.org(admin.org).ok_or(Refusal::OrgNotFound)?;
    if org.claim.is_some() || !admin.is_super() {
        return Ok(vec![]);
    }
    Ok(vec![Event::OrgClaimed {
        org: org.id,
        by: id,
        credential: via,
    }])
}

pub(super) fn accept(state: &State, what: Awaiting, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    match what {
        Awaiting::Client(org, id) => clients::accept(state, (org, id), actor),
        Awaiting::Credential(id) => {
            let (known, by) = credential(state, id, actor)?;
            match known.standing {
                Standing::Refused { .. } => Err(Refusal::AlreadyRefused),
                Standing::Own | Standing::Accepted { .. } => Ok(vec![]),
                Standing::Unaccepted => Ok(vec![Event::CredentialAccepted {
                    credential: id,
                    admin: known.owner,
                    org: known.org,
                    by,
                }]),
            }
        }
        Awaiting::Admin(id) => {
            let (known, by) = admin(state, id, actor)?;
            match known.standing {
                Standing::Refused { .. } => Err(Refusal::AlreadyRefused),
                Standing::Own | Standing::Accepted { .. } => Ok(vec![]),
                Standing::Unaccepted => Ok(vec![Event::AdminAccepted {
                    admin: id,
                    org: known.org,
                    by,
                }]),
            }
        }
        Awaiting::Role(id, role) => {
            let (known, by) = admin(state, id, actor)?;
            if known.role == role {
                return Ok(vec![]);
            }
            proposed(known, role)?;
            Ok(vec![Event::RoleAccepted {
                admin: id,
                org: known.org,
                role,
                by,
            }])
        }
    }
}

/// What is refused is over for good: a credential opens nothing any more, a person is deactivated.
pub(super) fn refuse(
    state: &State,
    what: Awaiting,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    match what {
        Awaiting::Client(org, id) => clients::refuse(state, (org, id), actor),
        Awaiting::Credential(id) => {
            let (known, by) = credential(state, id, actor)?;
            match known.standing {
                Standing::Own | Standing::Accepted { .. } => Err(Refusal::AlreadyAccepted),
                Standing::Refused { .. } => Ok(vec![]),
                Standing::Unaccepted => Ok(vec![Event::CredentialRefused {
                    credential: id,
                    admin: known.owner,
                    org: known.org,
                    by,
                }]),
            }
        }
        Awaiting::Admin(id) => {
            let (known, by) = admin(state, id, actor)?;
            match known.standing {
                Standing::Own | Standing::Accepted { .. } => Err(Refusal::AlreadyAccepted),
                Standing::Refused { .. } => Ok(vec![]),
                Standing::Unaccepted => {
                    let mut events = if known.active {
                        deactivation(state, known, now)
                    } else {
                        vec![]
                    };
                    events.push(Event::AdminRefused {
                        admin: id,
                        org: known.org,
                        by,
                    });
                    Ok(events)
                }
            }
        }
        Awaiting::Role(id, role) => {
            let (known, by) = admin(state, id, actor)?;
            if known.proposed.is_none() {
                return Ok(vec![]);
            }
            proposed(known, role)?;
            Ok(vec![Event::RoleRefused {
                admin: id,
                org: known.org,
                role,
                by,
            }])
        }
    }
}

fn deactivation(state: &State, admin: &Admin, now: Timestamp) -> Vec<Event> {
    let mut events = ended(state, now, Ended::Subject(admin.id));
    events.push(Event::AdminActiveSet {
        admin: admin.id,
        org: admin.org,
        active: false,
    });
    events
}

fn proposed(admin: &Admin, role: Role) -> Result<(), Refusal> {
    if admin.proposed.is_some_and(|proposal| proposal.role == role) {
        Ok(())
    } else {
        Err(Refusal::RoleNotProposed)
    }
}

/// A credential of the caller's org, and the caller as its super admin.
fn credential<'a>(
    state: &'a State,
    id: CredentialId,
    actor: &Actor,
) -> Result<(&'a AdminCredential, AdminId), Refusal> {
    let known = state.credential(id).ok_or(Refusal::CredentialNotFound)?;
    let by = decider(state, known.org, actor, Refusal::CredentialNotFound)?;
    Ok((known, by))
}

/// A customer user of the caller's org, and the caller as its super admin.
fn admin<'a>(
    state: &'a State,
    id: AdminId,
    actor: &Actor,
) -> Result<(&'a Admin, AdminId), Refusal> {
    let known = state.admin(id).ok_or(Refusal::PersonNotFound)?;
    let by = decider(state, known.org, actor, Refusal::PersonNotFound)?;
    Ok((known, by))
}

/// Whoever accepts and refuses: a super admin of the claimed org whose own word counts.
pub(super) fn decider(
    state: &State,
    org: OrgId,
    actor: &Actor,
    elsewhere: Refusal,
) -> Result<AdminId, Refusal> {
    let by = customers_super_admin(state, org, actor).map_err(|refusal| match refusal {
        Refusal::OrgNotFound => elsewhere,
        other => other,
    })?;
    let org = state.org(org).ok_or(Refusal::OrgNotFound)?;
    if org.claim.is_none() {
        return Err(Refusal::OrgNotClaimed);
    }
    Ok(by)
}

/// Whether somebody can still act for the claimed org afterwards, and sign in to do so: of what
/// remains, an active super admin who counts, with a passkey or an OpenID provider that counts. An org can thus not be
/// locked out by a click; losing every key is another matter (ADR 14).
pub(super) fn stays_reachable(
    state: &State,
    org: &Org,
    remains: impl Fn(&Admin, &AdminCredential) -> bool,
) -> bool {
    org.claim.is_none()
        || state.credentials().any(|key| {
            matches!(key.way, WayIn::Passkey | WayIn::OpenId)
                && standing_of(org, key).counts()
                && key
                    .owner
                    .and_then(|owner| state.admin(owner))
                    .is_some_and(|admin| {
                        admin.org == org.id
                            && admin.is_super()
                            && admin.standing.counts()
                            && remains(admin, key)
                    })
        })
}
