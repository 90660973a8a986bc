//! An org's own OpenID providers: adding, accepting and removing one, and who comes in by it (R3).

use super::{
    admission::{counts, customers_super_admin, operator, super_admin},
    claim::stays_reachable,
};
use crate::{
    Actor, AdminCredential, CredentialId, Email, Event, IssuerId, MailDomain, NewIssuer,
    OpenIdSubject, Org, OrgId, Refusal, SealedSecret, Standing, State, WayIn,
};

/// How many an org may have: more than one, so that a new one can take an old one's place.
const MOST: usize = 5;

/// By a super admin whose word counts it is the org's own; by an operator it waits in a claimed org.
pub(super) fn add(
    state: &State,
    org: OrgId,
    (issuer, said, sealed): (IssuerId, &NewIssuer, &Option<SealedSecret>),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let own = operator(actor).is_err();
    if own {
        customers_super_admin(state, org, actor)?;
    }
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    if known.issuer(issuer).is_some() {
        // The answer got lost, and the caller looks again.
        return Ok(vec![]);
    }
    if known.issuers.iter().any(|one| one.said.url == said.url) {
        return Err(Refusal::IssuerTaken);
    }
    if known.issuers.len() >= MOST {
        return Err(Refusal::TooManyIssuers);
    }
    if !(1..=NewIssuer::MOST_DOMAINS).contains(&said.domains.len()) {
        return Err(Refusal::IssuerDomains);
    }
    Ok(vec![Event::IssuerAdded {
        org,
        issuer,
        said: said.clone(),
        sealed: sealed.clone(),
        own: own && known.claim.is_some(),
    }])
}

/// A secret says only who we are to the issuer, so that whoever may add one may change it.
pub(super) fn set_secret(
    state: &State,
    org: OrgId,
    issuer: IssuerId,
    sealed: &Option<SealedSecret>,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    if operator(actor).is_err() {
        customers_super_admin(state, org, actor)?;
    }
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    let issuer = known.issuer(issuer).ok_or(Refusal::IssuerNotFound)?;
    if issuer.sealed == *sealed {
        return Ok(vec![]);
    }
    Ok(vec![Event::IssuerSecretSet {
        org,
        issuer: issuer.id,
        sealed: sealed.clone(),
    }])
}

pub(super) fn accept(
    state: &State,
    org: OrgId,
    issuer: IssuerId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let by = customers_super_admin(state, org, actor)?;
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    let issuer = known.issuer(issuer).ok_or(Refusal::IssuerNotFound)?;
    if known.claim.is_none() {
        return Err(Refusal::OrgNotClaimed);
    }
    if issuer.standing.counts() {
        return Ok(vec![]);
    }
    Ok(vec![Event::IssuerAccepted {
        org,
        issuer: issuer.id,
        by,
    }])
}

/// Whoever came by it is out. What counts in a claimed org no operator takes away.
pub(super) fn remove(
    state: &State,
    org: OrgId,
    issuer: IssuerId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    if operator(actor).is_err() {
        customers_super_admin(state, org, actor)?;
    }
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    let issuer = known.issuer(issuer).ok_or(Refusal::IssuerNotFound)?;
    if known.claim.is_some() && issuer.standing.counts() && operator(actor).is_ok() {
        return Err(Refusal::IssuerIsTheCustomers);
    }
    if !stays_reachable(state, known, |_, way| way.comes_by() != Some(issuer.id)) {
        return Err(Refusal::LastWayIn);
    }
    let mut events: Vec<Event> = bound_by(state, issuer.id).filter_map(unbound).collect();
    events.push(Event::IssuerRemoved {
        org,
        issuer: issuer.id,
    });
    Ok(events)
}

/// Takes it back that somebody is known to the issuer: after their account there was made anew.
pub(super) fn unbind(
    state: &State,
    credential: CredentialId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let bound = state
        .credential(credential)
        .filter(|known| known.way == WayIn::OpenId)
        .ok_or(Refusal::CredentialNotFound)?;
    let owns = matches!(*actor, Actor::Admin { id, .. } if Some(id) == bound.owner);
    if !owns {
        super_admin(state, bound.org, actor).map_err(|refusal| match refusal {
            Refusal::OrgNotFound => Refusal::CredentialNotFound,
            other => other,
        })?;
    }
    counts(state, actor)?;
    let org = state.org(bound.org).ok_or(Refusal::OrgNotFound)?;
    if !stays_reachable(state, org, |_, other| other.id != credential) {
        return Err(Refusal::LastWayIn);
    }
    Ok(unbound(bound).into_iter().collect())
}

/// Somebody has shown to an issuer of the org who they are. The first time that goes by the address, and only
/// to somebody whom no issuer speaks for yet; from then on by what the issuer knows them by, whatever
/// address it gives. The first super admin to come in so claims the org.
pub(super) fn sign_in(
    state: &State,
    org: OrgId,
    (credential, subject, email): (CredentialId, OpenIdSubject, Option<&Email>),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let Actor::Admin { id, via } = *actor else {
        return Err(Refusal::OpenIdUnknown);
    };
    let org = state.org(org).ok_or(Refusal::OrgNotFound)?;
    let issuer = org.issuer(subject.issuer).ok_or(Refusal::IssuerNotFound)?;
    let admin = state
        .admin(id)
        .filter(|admin| admin.org == org.id)
        .ok_or(Refusal::OpenIdUnknown)?;
    let mut events = vec![];
    let through = match bound(state, subject) {
        Some(known) if known.owner == Some(id) => known.id,
        Some(_) => return Err(Refusal::OpenIdUnknown),
        None => {
            let theirs = email.filter(|email| **email == admin.email);
            let domain = theirs.and_then(MailDomain::of);
            if !domain.is_some_and(|domain| issuer.said.domains.contains(&domain)) {
                return Err(Refusal::OpenIdUnknown);
            }
            // What a provider that counts for nothing says of somebody keeps them from none that counts.
            let weighs = |known: &AdminCredential| {
                org.claim.is_none() || !issuer.standing.counts() || standing_of(org, known).counts()
            };
            let otherwise = |known: &AdminCredential| {
                known.owner == Some(id) && known.way == WayIn::OpenId && weighs(known)
            };
            if state.credentials().any(otherwise) {
                return Err(Refusal::OpenIdOtherwise);
            }
            events.push(Event::OpenIdBound {
                credential,
                admin: id,
                org: org.id,
                subject,
            });
            credential
        }
    };
    if via != Some(through) {
        return Err(Refusal::CredentialNotFound);
    }
    if org.claim.is_none() && admin.is_super() {
        events.push(Event::OrgClaimed {
            org: org.id,
            by: id,
            credential: through,
        });
    }
    Ok(events)
}

/// Whom an issuer knows so, if they have come in before.
#[must_use]
pub fn bound(state: &State, subject: OpenIdSubject) -> Option<&AdminCredential> {
    let mut all = state.credentials();
    all.find(|known| known.subject == Some(subject))
}

fn bound_by(state: &State, issuer: IssuerId) -> impl Iterator<Item = &AdminCredential> {
    let all = state.credentials();
    all.filter(move |known| known.comes_by() == Some(issuer))
}

fn unbound(known: &AdminCredential) -> Option<Event> {
    Some(Event::OpenIdUnbound {
        credential: known.id,
        admin: known.owner?,
        org: known.org,
    })
}

/// How what somebody acts through stands in their org: what came by an issuer, as the issuer does.
pub(super) fn standing_of(org: &Org, known: &AdminCredential) -> Standing {
    match known.comes_by() {
        None => known.standing,
        Some(issuer) => org
            .issuer(issuer)
            .map_or_else(Standing::default, |issuer| issuer.standing),
    }
}
