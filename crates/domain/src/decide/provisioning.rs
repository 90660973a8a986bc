//! What a directory does with the people it provisions (R1, R2, R3, R5).
//!
//! Until the customer has accepted its credential, an org's directory may in a claimed org no more than
//! an operator may: what it makes waits, and what it takes away is gone.

use super::{
    admission::{counts, operator},
    people::{Ended, administered, ended, others_remain},
};
use crate::{
    Actor, AdminId, Agent, AgentId, Email, Event, OrgId, PersonName, Profile, Refusal, State,
    Timestamp,
};

/// Whether the caller is the directory of this org.
pub(super) fn provisions_org(org: OrgId, actor: &Actor) -> bool {
    matches!(*actor, Actor::Provisioning { org: Some(own), .. } if own == org)
}

/// Operators and the vendor's directory.
pub(super) fn provisions_agents(actor: &Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Provisioning { org: None, .. } => Ok(()),
        _ => operator(actor),
    }
}

/// Who somebody is says who may sign in as them, so of a person who counts only what counts says it. An address is also
/// whom the product takes support for under a grant, whether that person counts or not: nothing that waits to be accepted
/// changes one (R8).
pub(super) fn change_admin(
    state: &State,
    admin: AdminId,
    (email, name, profile): (&Email, &PersonName, &Profile),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let (known, org) = administered(state, admin, actor)?;
    if !provisions_org(org.id, actor) {
        return Err(Refusal::OnlyDirectories);
    }
    let same = (&known.email, &known.name, &known.profile) == (email, name, profile);
    if same {
        return Ok(vec![]);
    }
    if known.standing.counts() || known.email != *email {
        counts(state, actor)?;
    }
    Ok(vec![Event::AdminChanged {
        admin,
        org: org.id,
        email: email.clone(),
        name: name.clone(),
        profile: profile.clone(),
    }])
}

pub(super) fn remove_admin(
    state: &State,
    admin: AdminId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (known, org) = administered(state, admin, actor)?;
    if !provisions_org(org.id, actor) {
        return Err(Refusal::OnlyDirectories);
    }
    others_remain(state, org, admin)?;
    let org = org.id;
    let mut events = vec![];
    if known.active {
        events = ended(state, now, Ended::Subject(admin));
        events.push(Event::AdminActiveSet {
            admin,
            org,
            active: false,
        });
    }
    events.push(Event::AdminRemoved { admin, org });
    Ok(events)
}

pub(super) fn change_agent(
    state: &State,
    agent: AgentId,
    (email, name, profile): (&Email, &PersonName, &Profile),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let known = provisioned_agent(state, agent, actor)?;
    if (&known.email, &known.name, &known.profile) == (email, name, profile) {
        return Ok(vec![]);
    }
    Ok(vec![Event::AgentChanged {
        agent,
        email: email.clone(),
        name: name.clone(),
        profile: profile.clone(),
    }])
}

pub(super) fn remove_agent(
    state: &State,
    agent: AgentId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let known = provisioned_agent(state, agent, actor)?;
    let mut events = vec![];
    if known.active {
        events = ended(state, now, Ended::Agent(agent));
        events.push(Event::AgentActiveSet {
            agent,
            active: false,
        });
    }
    events.push(Event::AgentRemoved { agent });
    Ok(events)
}

fn provisioned_agent<'a>(
    state: &'a State,
    agent: AgentId,
    actor: &Actor,
) -> Result<&'a Agent, Refusal> {
    if !matches!(actor, Actor::Provisioning { org: None, .. }) {
        return Err(Refusal::OnlyDirectories);
    }
    let known = state.agent(agent).filter(|known| !known.removed);
    known.ok_or(Refusal::PersonNotFound)
}
