//! The entry that an event becomes on its org's log.

use countersign_domain::{
    Actor, CalledFrom, CaseId, Event, GrantId, OperatorVia, OrgId, State, StreamId, Timestamp,
};
use countersign_entries::{Entry, OperatorName, What, Who};

/// Somebody or something that an event names is not in the state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {0}")]
pub struct Missing(String);

/// The grant of the session that an event is about, before the event: an event about a session says nothing of its
/// grant; the session does, until it ends.
#[must_use]
pub fn grant_of_session(state: &State, event: &Event) -> Option<GrantId> {
    match event {
        Event::LinkOpened { case, session, .. }
        | Event::SessionEntered { case, session, .. }
        | Event::TokenExchanged { case, session, .. }
        | Event::TokenEnded { case, session, .. }
        | Event::SessionEnded { case, session, .. } => state
            .case(*case)
            .and_then(|case| case.sessions.get(session))
            .map(|session| session.grant),
        _ => None,
    }
}

/// The entry that an event becomes in the state after it; none when it is of no org.
///
/// # Errors
/// When the state lacks somebody or something that the event names.
pub fn entry(
    state: &State,
    at: Timestamp,
    actor: &Actor,
    client: Option<&CalledFrom>,
    event: &Event,
    grant_of_session: Option<GrantId>,
) -> Result<Option<Entry>, Missing> {
    let Some(id) = event.org() else {
        return Ok(None);
    };
    let org = state.org(id).ok_or_else(|| Missing(format!("org {id}")))?;
    let case = match event.stream() {
        StreamId::Case(id) => {
            let case = state
                .case(id)
                .ok_or_else(|| Missing(format!("case {id}")))?;
            Some((id, case.number.clone()))
        }
        _ => None,
    };
    let what = What::Event(event.clone());
    let (grant, session) = what.about();
    Ok(Some(Entry {
        org: id,
        org_slug: org.slug.clone(),
        at,
        actor: who(state, actor)?,
        case,
        grant: grant.or(grant_of_session),
        session,
        client: client.cloned(),
        what,
    }))
}

fn who(state: &State, actor: &Actor) -> Result<Who, Missing> {
    let admin = |id| {
        state
            .admin(id)
            .map(|admin| admin.email.as_str().to_owned())
            .ok_or_else(|| Missing(format!("admin {id}")))
    };
    let agent = |id| {
        state
            .agent(id)
            .map(|agent| agent.email.as_str().to_owned())
            .ok_or_else(|| Missing(format!("agent {id}")))
    };
    Ok(match *actor {
        Actor::Admin { id, via } => Who::Admin {
            id: id.to_string(),
            email: admin(id)?,
            credential: via.map(|via| via.to_string()),
        },
        Actor::Client { id, org, .. } => Who::Client {
            id: id.to_string(),
            name: state
                .client(org, id)
                .map(|client| client.name.to_string())
                .ok_or_else(|| Missing(format!("service client {id}")))?,
        },
        Actor::Agent { id } => Who::Agent {
            id,
            email: agent(id)?,
            subject: None,
        },
        Actor::Impersonation {
            agent: id, subject, ..
        } => Who::Agent {
            id,
            email: agent(id)?,
            subject: Some(admin(subject)?),
        },
        Actor::Provisioning { via, .. } => Who::Provisioning {
            credential: via.to_string(),
        },
        Actor::Operator { via } => Who::Operator {
            token: match via {
                OperatorVia::CommandLine | OperatorVia::Configuration => None,
                OperatorVia::Token { id } | OperatorVia::Person { id } => Some(id.to_string()),
            },
            person: match via {
                OperatorVia::Person { id } => {
                    let known = state.operator(id);
                    let known = known.ok_or_else(|| Missing(format!("operator {id}")))?;
                    Some(OperatorName {
                        email: known.email.as_str().to_owned(),
                        name: known.name.as_ref().map(ToString::to_string),
                        subject: known.subject,
                    })
                }
                _ => None,
            },
        },
    })
}

/// An entry that no event is behind, as things stand in the state. Without an actor it is of somebody whom the org
/// does not know.
///
/// # Errors
/// When the state lacks the org, the case or the actor.
pub fn note(
    state: &State,
    at: Timestamp,
    actor: Option<&Actor>,
    client: Option<&CalledFrom>,
    (org, case): (OrgId, Option<CaseId>),
    what: What,
) -> Result<Entry, Missing> {
    let known = state
        .org(org)
        .ok_or_else(|| Missing(format!("org {org}")))?;
    let numbered = |id| {
        let case = state.case(id).ok_or_else(|| Missing(format!("case {id}")));
        case.map(|case| (id, case.number.clone()))
    };
    Ok(Entry {
        org,
        org_slug: known.slug.clone(),
        at,
        actor: actor.map_or(Ok(Who::Unknown), |actor| who(state, actor))?,
        case: case.map(numbered).transpose()?,
        grant: None,
        session: None,
        client: client.cloned(),
        what,
    })
}
