//! Who sees what of a case (R4, R5, R6).

use crate::{Actor, Case, OpenedBy, Role, State};

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
        Actor::Impersonation { .. } => Sight::Nothing,
    }
}
