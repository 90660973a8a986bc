//! Service clients: who makes them and takes them away (R3), and what they may do (R9–R15).

use super::{
    admission::{counts, operator, super_admin},
    claim::decider,
};
use crate::{
    Actor, AdminId, Client, ClientId, Event, MOST_CLIENTS, MOST_KEYS, NewClient, NewClientKey, Org,
    OrgId, Purpose, Refusal, Standing, State, Thumbprint, Timestamp,
};

/// The caller as a service client, and its org; nothing of it, once it was removed or refused.
pub(super) fn client<'a>(state: &'a State, actor: &Actor) -> Option<(&'a Client, &'a Org)> {
    let Actor::Client { id, org, .. } = *actor else {
        return None;
    };
    let client = state.client(org, id).filter(|client| client.is_good())?;
    Some((client, state.org(org)?))
}

/// Whether what is to be done is within what a service client came for. Of people no scope is asked:
/// what they may do, their roles say.
///
/// # Errors
/// The scope is missing.
pub fn in_scope(actor: &Actor, purpose: Purpose) -> Result<(), Refusal> {
    match actor {
        Actor::Client { scopes, .. } if !scopes.allow(purpose) => {
            let scope = purpose.scope(scopes.dialect());
            Err(Refusal::ScopeMissing { scope })
        }
        _ => Ok(()),
    }
}

/// Whether the caller sees the service clients of `org`, and may take them away: operators, and super
/// admins of the org.
///
/// # Errors
/// Why not.
pub fn sees_clients(state: &State, org: OrgId, actor: &Actor) -> Result<Option<AdminId>, Refusal> {
    if operator(actor).is_ok() {
        return Ok(None);
    }
    super_admin(state, org, actor).map(Some)
}

pub(super) fn create(
    state: &State,
    new: &NewClient,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let by = sees_clients(state, new.org, actor)?;
    counts(state, actor)?;
    let org = state.org(new.org).ok_or(Refusal::OrgNotFound)?;
    let present = org.clients.values().filter(|client| client.is_good());
    if present.count() >= MOST_CLIENTS {
        return Err(Refusal::TooManyClients);
    }
    if new.keys.len() > MOST_KEYS {
        return Err(Refusal::TooManyClientKeys);
    }
    Ok(vec![Event::ClientCreated {
        client: new.id,
        org: org.id,
        name: new.name.clone(),
        scopes: new.scopes,
        dpop: new.dpop,
        keys: new.keys.iter().map(|key| key.at(now)).collect(),
        by,
        own: org.claim.is_some() && by.is_some(),
    }])
}

pub(super) fn add_key(
    state: &State,
    (org, id): (OrgId, ClientId),
    key: &NewClientKey,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (client, org, by) = administered(state, org, id, actor)?;
    counts(state, actor)?;
    if client.keys.contains_key(&key.thumbprint) {
        return Ok(vec![]);
    }
    // Whoever adds a key comes in as the client. Once the customer has it, nobody else does (R3).
    if by.is_none() && org.claim.is_some() {
        return Err(Refusal::ClientKeysAreTheCustomers);
    }
    if client.keys.len() >= MOST_KEYS {
        return Err(Refusal::TooManyClientKeys);
    }
    Ok(vec![Event::ClientKeyAdded {
        client: id,
        org: org.id,
        key: key.at(now),
    }])
}

/// It takes away, so it asks for no acceptance (R3).
pub(super) fn remove_key(
    state: &State,
    (org, id): (OrgId, ClientId),
    key: &Thumbprint,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let (client, org, _) = administered(state, org, id, actor)?;
    Ok(client
        .keys
        .contains_key(key)
        .then(|| Event::ClientKeyRemoved {
            client: id,
            org: org.id,
            key: key.clone(),
        })
        .into_iter()
        .collect())
}

/// It takes away, so it asks for no acceptance (R3).
pub(super) fn remove(
    state: &State,
    (org, id): (OrgId, ClientId),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    sees_clients(state, org, actor)?;
    let client = state.client(org, id).ok_or(Refusal::ClientNotFound)?;
    if !client.is_good() {
        return Ok(vec![]);
    }
    Ok(vec![Event::ClientRemoved { client: id, org }])
}

pub(super) fn accept(
    state: &State,
    (org, id): (OrgId, ClientId),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let (client, by) = decided(state, org, id, actor)?;
    match client.standing {
        Standing::Refused { .. } => Err(Refusal::AlreadyRefused),
        Standing::Own | Standing::Accepted { .. } => Ok(vec![]),
        Standing::Unaccepted if client.removed_at.is_some() => Err(Refusal::ClientNotFound),
        Standing::Unaccepted => Ok(vec![Event::ClientAccepted {
            client: id,
            org,
            by,
        }]),
    }
}

pub(super) fn refuse(
    state: &State,
    (org, id): (OrgId, ClientId),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let (client, by) = decided(state, org, id, actor)?;
    match client.standing {
        Standing::Own | Standing::Accepted { .. } => Err(Refusal::AlreadyAccepted),
        Standing::Refused { .. } => Ok(vec![]),
        Standing::Unaccepted => Ok(vec![Event::ClientRefused {
            client: id,
            org,
            by,
        }]),
    }
}

fn decided<'a>(
    state: &'a State,
    org: OrgId,
    id: ClientId,
    actor: &Actor,
) -> Result<(&'a Client, AdminId), Refusal> {
    let client = state.client(org, id).ok_or(Refusal::ClientNotFound)?;
    let by = decider(state, org, actor, Refusal::ClientNotFound)?;
    Ok((client, by))
}

/// A client that is still there, its org, and the caller if it is an admin.
fn administered<'a>(
    state: &'a State,
    org: OrgId,
    id: ClientId,
    actor: &Actor,
) -> Result<(&'a Client, &'a Org, Option<AdminId>), Refusal> {
    let by = sees_clients(state, org, actor)?;
    let client = state.client(org, id).filter(|client| client.is_good());
    let client = client.ok_or(Refusal::ClientNotFound)?;
    Ok((client, state.org(org).ok_or(Refusal::OrgNotFound)?, by))
}
