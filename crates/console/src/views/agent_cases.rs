//! "My cases", as a support agent sees them.

use askama::Template;
use countersign_web::{
    chip::{Chip, Tone},
    layout::Page,
    messages::Lang,
    text::UserText,
    time::{Moment, Remaining},
};

/// The list of an agent's open cases (`/cases`).
#[derive(Clone, Debug, Template)]
#[template(path = "agent_cases.html")]
pub struct AgentCasesPage {
    /// The page around it.
    pub page: Page,
    /// The cases.
    pub cases: Vec<AgentCaseRow>,
    /// Only this many are shown; there are more.
    pub cut_off: Option<usize>,
}

/// One case in the list.
#[derive(Clone, Debug)]
pub struct AgentCaseRow {
    /// The case number.
    pub number: UserText,
    /// The org's name; `None` while the agent may not see more than number, title and states (R6).
    pub org: Option<UserText>,
    /// The case's title.
    pub title: UserText,
    /// Where access stands.
    pub access: AccessState,
    /// How many sessions of this agent run under it.
    pub open_sessions: usize,
}

/// Where an agent's access to a case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccessState {
    /// Nobody asked.
    NotRequested,
    /// Asked, not ticked.
    Requested {
        /// When.
        at: Moment,
    },
    /// Open.
    Live {
        /// The end.
        until: Moment,
        /// The time left.
        left: Remaining,
    },
    /// The time is over.
    Expired {
        /// The end.
        at: Moment,
    },
    /// Taken away.
    Revoked {
        /// When.
        at: Moment,
    },
    /// The case is self-assigned and not approved; nothing can be granted (R6).
    /// `requested` tells whether impersonation was asked for meanwhile.
    SelfAssignmentWaiting {
        /// Whether impersonation was asked for.
        requested: bool,
    },
    /// The customer has blocked all support access (R15).
    Blocked {
        /// Whether impersonation was asked for.
        requested: bool,
    },
    /// The case is closed; it gives no access (R7).
    Closed,
}

impl AccessState {
    /// The state in a word or two.
    pub fn chip(&self, t: &Lang) -> Chip {
        match self {
            Self::NotRequested => Chip::new(Tone::Quiet, t.access_not_requested()),
            Self::Requested { .. } => Chip::new(Tone::Waiting, t.access_waiting()),
            Self::Live { .. } => Chip::new(Tone::Live, t.access_live()),
            Self::Expired { .. } => Chip::new(Tone::Quiet, t.access_expired()),
            Self::Revoked { .. } => Chip::new(Tone::Alert, t.access_revoked()),
            Self::SelfAssignmentWaiting { .. } => {
                Chip::new(Tone::Waiting, t.access_self_assignment_waiting())
            }
            Self::Blocked { .. } => Chip::new(Tone::Alert, t.access_blocked_by_customer()),
            Self::Closed => Chip::new(Tone::Quiet, t.access_closed()),
        }
    }
}
