//! People on the wire.

use countersign_domain::{Admin, AdminId, Agent, AgentId, State};
use serde::Serialize;
use utoipa::ToSchema;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(crate) struct Person {
    /// Their address.
    #[schema(example = "dana@acme.test")]
    pub(crate) email: String,
    /// Their name.
    #[schema(example = "Dana Reed")]
    pub(crate) name: String,
}

impl From<&Admin> for Person {
    fn from(admin: &Admin) -> Self {
        Self {
            email: admin.email.to_string(),
            name: admin.name.to_string(),
        }
    }
}

impl From<&Agent> for Person {
    fn from(agent: &Agent) -> Self {
        Self {
            email: agent.email.to_string(),
            name: agent.name.to_string(),
        }
    }
}

pub(crate) fn admin(state: &State, id: AdminId) -> Option<Person> {
    state.admin(id).map(Person::from)
}

pub(crate) fn agent(state: &State, id: AgentId) -> Option<Person> {
    state.agent(id).map(Person::from)
}

/// Agents, by address.
pub(crate) fn agents(state: &State, ids: impl IntoIterator<Item = AgentId>) -> Vec<Person> {
    let mut people: Vec<_> = ids.into_iter().filter_map(|id| agent(state, id)).collect();
    people.sort();
    people
}
