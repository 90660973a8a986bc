//! "My cases", as a support agent sees them.

use askama::Template;
use countersign_web::{
    chip::{Chip, Tone},
    layout::Page,
    messages::{Lang, Text},
    text::UserText,
    time::{Moment, Remaining},
};

/// The list of an agent's cases (`/cases`).
#[derive(Clone, Debug, Template)]
#[template(path = "agent_cases.html")]
pub struct AgentCasesPage {
    /// The page around it.
    pub page: Page,
    /// Whether it is the closed cases that are listed.
    pub closed: bool,
    /// The cases.
    pub cases: Vec<AgentCaseRow>,
    /// Only this many are shown; there are more.
    pub cut_off: Option<usize>,
    /// What the page shows, so that its script hears when it no longer does.
    pub seen: String,
}

impl AgentCasesPage {
    /// The groups that have something in them.
    fn groups(&self) -> Vec<(Group, Vec<&AgentCaseRow>)> {
        let groups = if self.closed {
            vec![Group::Over]
        } else {
            vec![Group::Live, Group::Waiting, Group::ToAsk, Group::Over]
        };
        let of = |group: Group| {
            let mut rows = self.cases.iter();
            let rows: Vec<_> = rows.by_ref().filter(|row| row.group() == group).collect();
            (group, rows)
        };
        groups
            .into_iter()
            .map(of)
            .filter(|(_, rows)| !rows.is_empty())
            .collect()
    }
}

/// What an agent can do about a case next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Look in.
    Live,
    /// Wait for the customer.
    Waiting,
    /// Ask.
    ToAsk,
    /// Nothing, or ask again.
    Over,
}

impl Group {
    fn title(self, t: &Lang) -> Text {
        match self {
            Self::Live => t.my_cases_live(),
            Self::Waiting => t.my_cases_waiting(),
            Self::ToAsk => t.my_cases_to_ask(),
            Self::Over => t.my_cases_over(),
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Live => "group-live",
            Self::Waiting => "group-waiting",
            Self::ToAsk => "group-to-ask",
            Self::Over => "group-over",
        }
    }
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
    /// Why no session can be started although access is live.
    pub cannot_open: Option<CannotOpen>,
    /// How many sessions of this agent run under it.
    pub open_sessions: usize,
    /// Where one of them is open.
    pub back: Option<String>,
    /// What is shown of it, for the page's script.
    pub seen: String,
    /// Where it stands, in a sentence.
    pub said: Text,
}

impl AgentCaseRow {
    /// Which group it is in.
    #[must_use]
    pub fn group(&self) -> Group {
        match self.access {
            AccessState::Live { .. } => Group::Live,
            AccessState::Requested { .. }
            | AccessState::TickAgain { .. }
            | AccessState::SelfAssignmentWaiting { requested: true }
            | AccessState::Blocked { requested: true } => Group::Waiting,
            AccessState::NotRequested
            | AccessState::SelfAssignmentWaiting { requested: false }
            | AccessState::Blocked { requested: false } => Group::ToAsk,
            AccessState::Expired { .. } | AccessState::Revoked { .. } | AccessState::Closed => {
                Group::Over
            }
        }
    }

    fn anchor(&self) -> String {
        self.number.path_segment()
    }

    fn can_open(&self) -> bool {
        self.access.is_live() && self.cannot_open.is_none()
    }
}

/// Why no session can be started although access is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CannotOpen {
    /// The grant is for those who were on the team when it was made (R5).
    PinnedToEarlierTeam,
    /// The admin to act as has been deactivated (R8).
    SubjectInactive,
    /// Nobody has said where the org's product is.
    NoProduct,
}

impl CannotOpen {
    /// In a sentence.
    pub fn sentence(self, t: &Lang) -> Text {
        match self {
            Self::PinnedToEarlierTeam => t.case_cannot_open_pinned(),
            Self::SubjectInactive => t.case_cannot_open_subject(),
            Self::NoProduct => t.case_cannot_open_product(),
        }
    }
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
        /// Whether more requests pass now than the customer agreed to, so that it cannot be extended.
        widened: bool,
    },
    /// Taken away.
    Revoked {
        /// When.
        at: Moment,
    },
    /// Taken away because more requests pass now than the customer agreed to, who is asked again.
    TickAgain {
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
    /// Whether access is open.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// The state in a word or two.
    pub fn chip(&self, t: &Lang) -> Chip {
        match self {
            Self::NotRequested => Chip::new(Tone::Quiet, t.access_not_requested()),
            Self::Requested { .. } | Self::TickAgain { .. } => {
                Chip::new(Tone::Waiting, t.access_waiting())
            }
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

/// What has changed about an agent's cases since a page was made, as a document of its own.
#[derive(Clone, Debug, Template)]
#[template(path = "agent_news.html")]
pub struct AgentNewsPage {
    /// The reader's language.
    pub t: Lang,
    /// What is true now, as the page would show it.
    pub seen: String,
    /// Where every case on the page stands by now.
    pub cases: Vec<AgentCaseRow>,
}
