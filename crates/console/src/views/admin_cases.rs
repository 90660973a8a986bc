//! The cases a customer admin may see.

use askama::Template;
use countersign_web::{
    chip::{Chip, Tone},
    layout::Page,
    messages::Lang,
    text::UserText,
};

use super::agent_cases::AccessState;

/// The list (`/cases`) for an admin.
#[derive(Clone, Debug, Template)]
#[template(path = "admin_cases.html")]
pub struct AdminCasesPage {
    /// The page around it.
    pub page: Page,
    /// The cases, newest first.
    pub cases: Vec<AdminCaseRow>,
    /// Only this many are shown; there are more.
    pub cut_off: Option<usize>,
}

/// One case in the list.
#[derive(Clone, Debug)]
pub struct AdminCaseRow {
    /// The case number.
    pub number: UserText,
    /// The case's title.
    pub title: UserText,
    /// Open, with where access stands; or closed.
    pub status: AdminCaseStatus,
    /// Whether the reader may close and reopen it (approvers).
    pub may_decide: bool,
}

/// Whether a case is open, and where access to it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdminCaseStatus {
    /// Open.
    Open(AccessState),
    /// Closed: no access, whatever was granted (R7).
    Closed,
}

impl AdminCaseRow {
    fn chip(&self, t: &Lang) -> Chip {
        match &self.status {
            AdminCaseStatus::Open(AccessState::NotRequested) => {
                Chip::new(Tone::Quiet, t.access_none_asked())
            }
            AdminCaseStatus::Open(AccessState::Revoked { .. }) => {
                Chip::new(Tone::Quiet, t.access_removed())
            }
            AdminCaseStatus::Open(AccessState::TickAgain { .. }) => {
                Chip::new(Tone::Waiting, t.access_tick_again())
            }
            AdminCaseStatus::Open(AccessState::Blocked { .. }) => {
                Chip::new(Tone::Alert, t.access_blocked())
            }
            AdminCaseStatus::Open(AccessState::Live { .. }) => {
                Chip::new(Tone::Live, t.access_granted())
            }
            AdminCaseStatus::Open(access) => access.chip(t),
            AdminCaseStatus::Closed => Chip::new(Tone::Quiet, t.access_closed()),
        }
    }

    fn is_closed(&self) -> bool {
        self.status == AdminCaseStatus::Closed
    }

    /// Closing it ends access that is live.
    fn closing_ends_access(&self) -> bool {
        matches!(self.status, AdminCaseStatus::Open(AccessState::Live { .. }))
    }

    /// Only an open case with something to decide is on the settings page (R14).
    fn on_settings(&self) -> bool {
        !matches!(
            self.status,
            AdminCaseStatus::Closed
                | AdminCaseStatus::Open(
                    AccessState::NotRequested
                        | AccessState::Blocked { requested: false }
                        | AccessState::Closed
                )
        )
    }
}
