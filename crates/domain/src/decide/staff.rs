//! The vendor's staff, by the word of the vendor's own OpenID providers.

use super::{admission::operator, sessions::ending};
use crate::{
    Actor, Agent, AgentId, CredentialKind, CredentialOwner, Email, EndedWhy, Event, OperatorPerson,
    OperatorVia, PersonName, Refusal, SecretHash, State, Timestamp,
};

/// Whom a provider knows so, if they have come in before.
#[must_use]
pub fn agent_known_by(state: &State, subject: SecretHash) -> Option<&Agent> {
    state.agents().find(|agent| agent.known_by == Some(subject))
}

/// An agent has shown to a provider who they are. The first time that goes by the address; from then on by what
/// the provider knows them by, whatever address it gives. With a `name`, somebody who is no agent yet is made one.
pub(super) fn sign_in_agent(
    state: &State,
    (agent, subject): (AgentId, SecretHash),
    email: Option<&Email>,
    name: Option<&PersonName>,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    if !matches!(
        actor,
        Actor::Operator {
            via: OperatorVia::Configuration
        }
    ) {
        return Err(Refusal::OnlyOperators);
    }
    let bound = Event::AgentKnownBy {
        agent,
        subject: Some(subject),
    };
    if let Some(known) = agent_known_by(state, subject) {
        let same = known.id == agent;
        return if same && known.active && !known.removed {
            Ok(vec![])
        } else {
            Err(Refusal::CallerInactive)
        };
    }
    let email = email.ok_or(Refusal::NotStaff)?;
    let theirs = |known: &&Agent| known.email == *email && !known.removed;
    match (state.agents().find(theirs), name) {
        (Some(known), _) if known.id != agent => Err(Refusal::NotStaff),
        (Some(known), _) if !known.active => Err(Refusal::CallerInactive),
        (Some(known), _) if known.known_by.is_some() => Err(Refusal::OpenIdOtherwise),
        (Some(_), _) => Ok(vec![bound]),
        (None, Some(name)) => Ok(vec![
            Event::AgentCreated {
                agent,
                email: email.clone(),
                name: name.clone(),
            },
            bound,
        ]),
        (None, None) => Err(Refusal::NotStaff),
    }
}

/// Takes back what a provider knows an agent by.
pub(super) fn unbind_agent(
    state: &State,
    agent: AgentId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    operator(actor)?;
    let known = state.agent(agent).filter(|known| !known.removed);
    let known = known.ok_or(Refusal::PersonNotFound)?;
    Ok(known
        .known_by
        .map(|_| Event::AgentKnownBy {
            agent,
            subject: None,
        })
        .into_iter()
        .collect())
}

/// An operator signs in as the person that a provider says they are: by the credential that their browser is
/// given with it, and by no other.
pub(super) fn sign_in_operator(
    person: &OperatorPerson,
    expires_at: Timestamp,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let own = OperatorVia::Person {
        id: person.credential,
    };
    if *actor != (Actor::Operator { via: own }) {
        return Err(Refusal::OnlyOperators);
    }
    Ok(vec![
        Event::OperatorSignedIn {
            person: person.clone(),
        },
        Event::CredentialMinted {
            credential: person.credential,
            owner: CredentialOwner::Operator,
            org: None,
            credential_kind: CredentialKind::ApiToken,
            expires_at,
            own: false,
        },
    ])
}

/// An agent signs out everywhere: every session of theirs that runs ends.
pub(super) fn end_own(state: &State, actor: &Actor, now: Timestamp) -> Result<Vec<Event>, Refusal> {
    let Actor::Agent { id } = *actor else {
        return Err(Refusal::OnlySessionParties);
    };
    let theirs = |case| ending(case, now, EndedWhy::AgentSignedOut, move |s| s.agent == id);
    Ok(state.cases().flat_map(theirs).collect())
}
