//! Who sees what of a case (R4, R5, R6).

use crate::{
    Actor, AdminId, AgentId, Case, OpenedBy, OrgId, Refusal, Role, SessionId, State, counts,
};

/// How much of a case someone sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Nothing: for them it does not exist.
    Nothing,
    /// Number, subject and statuses (an agent before a self-assigned case is approved, R6).
    Outline,
    /// The case.
    Full,
}

/// How much of `case` the caller sees.
#[must_use]
pub fn sees_case(state: &State, case: &Case, actor: &Actor) -> Sight {
    match *actor {
        Actor::Operator { .. } => Sight::Full,
        Actor::Admin { id, .. } => match state.admin(id) {
            Some(admin) if admin.active && admin.org == case.org => {
                let opened = case.opened_by.who == OpenedBy::Admin(id);
                if admin.role == Role::SuperAdmin || opened {
                    Sight::Full
                } else {
                    Sight::Nothing
                }
            }
            _ => Sight::Nothing,
        },
        Actor::Agent { id } => {
            if !state.agent_is_active(id) || !case.team.contains_key(&id) {
                Sight::Nothing
            } else if case.awaits_self_assignment() {
                Sight::Outline
            } else {
                Sight::Full
            }
        }
        Actor::Provisioning { .. } | Actor::Impersonation { .. } => Sight::Nothing,
    }
}

/// How much of a log's history someone sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistorySight {
    /// All of it.
    All,
    /// What is about the cases that this admin opened.
    OpenedBy(AdminId),
    /// What this agent did themself.
    Own(AgentId),
}

/// How much of an org's history the caller sees: super admins all, admins what is about the cases
/// they opened, nobody else anything (R4). To people of other orgs it does not exist. What an
/// operator made reads no more than an operator may (R3).
///
/// # Errors
/// Why nothing.
pub fn sees_history(state: &State, org: OrgId, actor: &Actor) -> Result<HistorySight, Refusal> {
    match *actor {
        Actor::Admin { id, .. } => match state.admin(id) {
            Some(admin) if admin.org != org => Err(Refusal::OrgNotFound),
            Some(admin) if admin.active => {
                counts(state, actor)?;
                Ok(match admin.role {
                    Role::SuperAdmin => HistorySight::All,
                    Role::Admin => HistorySight::OpenedBy(id),
                })
            }
            _ => Err(Refusal::CallerInactive),
        },
        Actor::Agent { .. } | Actor::Operator { .. } | Actor::Provisioning { .. } => {
            Err(Refusal::OnlyApprovers)
        }
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct),
    }
}

/// How much of a case's history the caller sees: admins who see the case all, agents on its team
/// what they did themself (R5), operators, and what an operator made, nothing (R3, R4).
///
/// # Errors
/// Why nothing.
pub fn sees_case_history(
    state: &State,
    case: &Case,
    actor: &Actor,
) -> Result<HistorySight, Refusal> {
    match (sees_case(state, case, actor), *actor) {
        (Sight::Nothing, _) => Err(Refusal::CaseNotFound),
        (Sight::Outline, _) => Err(Refusal::SelfAssignmentNotApproved),
        (Sight::Full, Actor::Admin { .. }) => {
            counts(state, actor)?;
            Ok(HistorySight::All)
        }
        (Sight::Full, Actor::Agent { id }) => Ok(HistorySight::Own(id)),
        (Sight::Full, Actor::Operator { .. } | Actor::Provisioning { .. }) => {
            Err(Refusal::OnlyApprovers)
        }
        (Sight::Full, Actor::Impersonation { .. }) => Err(Refusal::ImpersonationCannotAct),
    }
}

/// Whether the caller sees a session of `case`: admins those on the cases they see, an agent the own
/// ones. What support does in a tenant is not for operators.
#[must_use]
pub fn sees_session(state: &State, case: &Case, session: SessionId, actor: &Actor) -> bool {
    let running = case.sessions.get(&session).map(|running| running.agent);
    let ended = case.ended_sessions.get(&session).map(|ended| ended.agent);
    let seen = sees_case(state, case, actor) != Sight::Nothing;
    match (*actor, running.or(ended)) {
        (Actor::Admin { .. }, Some(_)) => seen,
        (Actor::Agent { id }, Some(agent)) => seen && id == agent,
        _ => false,
    }
}
