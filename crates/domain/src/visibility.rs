//! Who sees what of a case (R4, R5, R6).

use crate::{
    Actor, AdminId, AgentId, Case, OpenedBy, OrgId, Purpose, Refusal, Role, SessionId, State,
    caller_may_act, counts, in_scope,
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
        // As a super admin of its org does.
        Actor::Client { org, .. } => {
            let reads = in_scope(actor, Purpose::ReadCases).is_ok();
            if reads && org == case.org && caller_may_act(state, actor).is_ok() {
                Sight::Full
            } else {
                Sight::Nothing
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
/// operator made reads no more than an operator may (R3). A service client needs the scope for it, and reads all:
/// this says who may read an org's log by whatever way.
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
        Actor::Client { org: own, .. } if own != org => Err(Refusal::OrgNotFound),
        Actor::Client { .. } => {
            caller_may_act(state, actor)?;
            in_scope(actor, Purpose::ReadLog)?;
            counts(state, actor)?;
            Ok(HistorySight::All)
        }
        Actor::Agent { .. } | Actor::Operator { .. } | Actor::Provisioning { .. } => {
            Err(Refusal::OnlyApprovers)
        }
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct),
    }
}

/// Whether the caller reads an org's log, all of it: its super admins do, and service clients that have the scope for it
/// (R4). To people of other orgs it does not exist. What an operator made reads no more than an operator may (R3).
///
/// # Errors
/// Why not.
pub fn reads_log(state: &State, org: OrgId, actor: &Actor) -> Result<(), Refusal> {
    let id = match *actor {
        Actor::Admin { id, .. } => id,
        Actor::Client { .. } => return sees_history(state, org, actor).map(|_| ()),
        Actor::Agent { .. }
        | Actor::Operator { .. }
        | Actor::Provisioning { .. }
        | Actor::Impersonation { .. } => {
            return Err(Refusal::OnlySuperAdmins);
        }
    };
    let admin = state.admin(id).filter(|admin| admin.org == org);
    if !admin.ok_or(Refusal::OrgNotFound)?.is_super() {
        return Err(Refusal::OnlySuperAdmins);
    }
    counts(state, actor)
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
        (Sight::Full, Actor::Client { .. }) => {
            in_scope(actor, Purpose::ReadLog)?;
            counts(state, actor)?;
            Ok(HistorySight::All)
        }
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

/// Whether the caller may read from where something on a log was done, given the agent who did it, if one did. An agent
/// reads what approvers did to their own sessions, and not where a customer's people sit.
#[must_use]
pub fn sees_place(caller: &Actor, by: Option<AgentId>) -> bool {
    match caller {
        Actor::Agent { id } => by == Some(*id),
        Actor::Admin { .. } | Actor::Client { .. } => true,
        Actor::Operator { .. } | Actor::Provisioning { .. } | Actor::Impersonation { .. } => false,
    }
}
