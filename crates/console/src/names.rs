//! People as a page names them.

use countersign_domain::{
    Admin, AdminId, Agent, AgentId, ApproverId, Case, OpenedBy, OrgId, State,
};
use countersign_web::{messages::Lang, person::Person};

use crate::views::request_card::Opener;

/// A customer admin.
pub(crate) fn of_admin(admin: &Admin) -> Person {
    Person::new(admin.name.as_str(), admin.email.as_str())
}

/// An agent.
pub(crate) fn of_agent(agent: &Agent) -> Person {
    Person::new(agent.name.as_str(), agent.email.as_str())
}

/// A customer admin by id.
pub(crate) fn admin(t: Lang, state: &State, id: AdminId) -> Person {
    state.admin(id).map_or_else(|| unknown(t), of_admin)
}

/// Whose yes or no it was: a customer admin, or a service client of the org, which has no address.
pub(crate) fn approver(t: Lang, state: &State, org: OrgId, id: ApproverId) -> Person {
    match id {
        ApproverId::Admin(id) => admin(t, state, id),
        ApproverId::Client(id) => state.client(org, id).map_or_else(
            || Person::new(t.person_unknown().plain(), t.service_client().plain()),
            |client| Person::new(client.name.as_str(), t.service_client().plain()),
        ),
    }
}

/// An agent by id.
pub(crate) fn agent(t: Lang, state: &State, id: AgentId) -> Person {
    state.agent(id).map_or_else(|| unknown(t), of_agent)
}

/// The directory of an org: nobody, but named like somebody where credentials are listed.
pub(crate) fn directory(t: Lang) -> Person {
    Person::new(t.directory_of_org().plain(), t.directory_scim().plain())
}

/// A read brings everyone its case mentions; nobody is invented should one be missing.
pub(crate) fn unknown(t: Lang) -> Person {
    Person::new(t.person_unknown().plain(), t.person_unknown_email().plain())
}

/// Who opened a case, and on whose word.
pub(crate) fn opener(t: Lang, state: &State, case: &Case) -> Opener {
    let (person, is_agent) = match case.opened_by.who {
        OpenedBy::Admin(id) => (admin(t, state, id), false),
        OpenedBy::Agent(id) => (agent(t, state, id), true),
    };
    Opener {
        person,
        according_to_vendor: case.opened_by.attested == countersign_domain::Attested::Tracker,
        is_agent,
    }
}

/// The agents of a case's team who can work.
pub(crate) fn team(state: &State, case: &Case) -> Vec<AgentId> {
    case.team
        .keys()
        .copied()
        .filter(|id| state.agent_is_active(*id))
        .collect()
}
