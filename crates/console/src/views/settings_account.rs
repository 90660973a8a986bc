//! Settings > Account, as a customer admin sees it.

use askama::Template;
use countersign_web::{
    layout::Page,
    messages::{Lang, Text},
    person::{Person, names},
    text::UserText,
    time::{Moment, Remaining},
};

use super::claims::{AddPasskey, Claim, Claims, Unaccepted};
use super::clients::Clients;
use super::reads::read_only;
use super::request_card::{Extend, Flag, RequestCard, RequestState};
use super::support_access::{Block, CredentialRow, SelfAssignedRow, SelfAssignment, SessionRow};

/// The page, to read (`/settings/account`) or with its section opened
/// (`/settings/account?edit=support`).
#[derive(Clone, Debug, Template)]
#[template(path = "settings_account.html")]
pub struct SettingsAccountPage {
    /// The page around it.
    pub page: Page,
    /// The org and the reader.
    pub account: Account,
    /// The section "Give access to Support".
    pub support: SupportSection,
    /// Whose word counts.
    pub claims: Claims,
    /// Only this many open cases were looked at; there are more.
    pub cut_off: Option<usize>,
    /// What the page shows, so that its script hears when it no longer does.
    pub seen: String,
    /// What waits to be accepted, a name for each, between spaces.
    pub waiting: String,
    /// A hash of which requests the vendor declares to read.
    pub reads: String,
}

impl SettingsAccountPage {
    fn is_open(&self) -> bool {
        matches!(self.support, SupportSection::Edit(_))
    }
}

/// The org and the reader.
#[derive(Clone, Debug)]
pub struct Account {
    /// The org's name.
    pub org: UserText,
    /// The org's slug.
    pub slug: UserText,
    /// The reader.
    pub you: Person,
    /// `Super admin` or `Admin`.
    pub role: Text,
    /// The zone that times are shown in: `Europe/Berlin`.
    pub time_zone: String,
    /// How many kinds of requests that could change something the vendor declares harmless.
    pub declared: usize,
}

impl Account {
    fn how(&self, t: &Lang) -> Text {
        read_only(self.declared, t)
    }
}

/// The section "Give access to Support".
#[derive(Clone, Debug)]
pub enum SupportSection {
    /// Closed: a summary.
    Read(SupportSummary),
    /// Open: the approvals.
    Edit(SupportEdit),
}

/// What the closed section says.
#[derive(Clone, Debug)]
pub struct SupportSummary {
    /// How many requests wait for a tick.
    pub waiting: usize,
    /// How many self-assigned cases wait for approval.
    pub self_assigned_waiting: usize,
    /// How many grants ended because the vendor lets more through than was agreed to.
    pub widened: usize,
    /// Whose access is live.
    pub live: Vec<LiveAccess>,
    /// How many sessions run now.
    pub sessions: usize,
    /// The block.
    pub block: Block,
}

/// Access that is live now, in one line.
#[derive(Clone, Debug)]
pub struct LiveAccess {
    /// The case number.
    pub case_number: UserText,
    /// The agents who have it.
    pub team: Vec<Person>,
    /// Its end.
    pub until: Moment,
    /// The time left.
    pub left: Remaining,
}

impl LiveAccess {
    fn who(&self, t: &Lang) -> Text {
        names(&self.team, *t)
    }
}

impl SupportSummary {
    fn waiting_sentence(&self, t: &Lang) -> Text {
        match self.waiting {
            0 => t.summary_none_waiting(),
            n => t.summary_waiting(n),
        }
    }

    fn sessions_sentence(&self, t: &Lang) -> Text {
        match self.sessions {
            0 => t.summary_no_session(),
            n => t.summary_sessions(n),
        }
    }
}

impl SupportEdit {
    /// Whether the org is claimed, so that it matters who accepted what.
    fn shows_acceptance(&self) -> bool {
        self.credentials.iter().any(|row| row.acceptance.is_some())
    }
}

/// The open section.
#[derive(Clone, Debug)]
pub struct SupportEdit {
    /// Every open case with a request, oldest request first.
    pub requests: Vec<RequestCard>,
    /// Every open self-assigned case, approved or not.
    pub self_assigned: Vec<SelfAssignedRow>,
    /// Sessions running now.
    pub sessions: Vec<SessionRow>,
    /// Credentials made for the org's people, newest first.
    pub credentials: Vec<CredentialRow>,
    /// The service clients of the org; for super admins.
    pub clients: Option<Clients>,
    /// The block.
    pub block: Block,
}
