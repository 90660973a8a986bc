//! One case with everything about it, as an agent of its team sees it.

use askama::Template;
use countersign_web::{
    chip::Chip,
    layout::Page,
    messages::{Lang, Text},
    person::Person,
    text::UserText,
    time::{Moment, Remaining},
};

use super::agent_cases::{AccessState, CannotOpen};
use super::request_card::Opener;

/// The page of one case (`/cases/{number}`).
#[derive(Clone, Debug, Template)]
#[template(path = "agent_case.html")]
pub struct AgentCasePage {
    /// The page around it.
    pub page: Page,
    /// What the page shows, so that its script hears when it no longer does.
    pub seen: String,
    /// The case.
    pub case: AgentCase,
}

/// A case as its agent sees it.
#[derive(Clone, Debug)]
pub struct AgentCase {
    /// The case number; part of every form's path.
    pub number: UserText,
    /// The org's name; `None` while the agent may not see more than number, title and states (R6).
    pub org: Option<UserText>,
    /// The case's title.
    pub title: UserText,
    /// Where access stands.
    pub access: AccessState,
    /// Who opened it and who works on it; `None` while the agent may not see more than number,
    /// title and states (R6).
    pub details: Option<CaseDetails>,
    /// The request as it stands; `None` before the first.
    pub request: Option<AgentRequest>,
    /// The form to ask with.
    pub ask: AskForm,
    /// Why no session can be started although access is live.
    pub cannot_open: Option<CannotOpen>,
    /// How many kinds of requests that could change something are declared harmless.
    pub declared: usize,
    /// What to pass on; none while the customer can do nothing about the case.
    pub pass_on: Option<PassOn>,
    /// This agent's running sessions.
    pub sessions: Vec<AgentSession>,
    /// Whether it can be closed.
    pub may_close: bool,
    /// The state this page shows, sent back as `seen`.
    pub seen: String,
}

/// What an agent passes on to the customer: nothing is sent by itself (R8).
#[derive(Clone, Debug)]
pub struct PassOn {
    /// The absolute URL of the customer's settings page.
    pub link: String,
    /// The language of the message.
    pub lang: Lang,
    /// A message with the link in it.
    pub message: String,
}

impl PassOn {
    /// The languages to choose from.
    fn languages(&self) -> [Lang; 3] {
        Lang::ALL
    }

    /// So many lines are shown without scrolling.
    fn lines(&self) -> usize {
        self.message.lines().count() + 2
    }
}

/// Who opened a case and who works on it.
#[derive(Clone, Debug)]
pub struct CaseDetails {
    /// Who opened it.
    pub opened_by: Opener,
    /// Its team.
    pub team: Vec<Person>,
}

/// A request as its agent sees it.
#[derive(Clone, Debug)]
pub struct AgentRequest {
    /// Who asked.
    pub by: Person,
    /// When.
    pub at: Moment,
    /// Why.
    pub justification: UserText,
    /// As whom; `None` while it is left to whoever ticks.
    pub subject: Option<Person>,
    /// More time was asked for, at this instant.
    pub more_time_wanted: Option<Moment>,
    /// Whether the reader may withdraw it (only who asked, only ungranted).
    pub may_withdraw: bool,
}

/// The form that asks for access, with what was typed before when it comes back.
#[derive(Clone, Debug, Default)]
pub struct AskForm {
    /// What was typed as justification.
    pub justification: String,
    /// What was typed as subject.
    pub subject: String,
    /// Why the justification was refused.
    pub justification_error: Option<Text>,
    /// Why the subject was refused.
    pub subject_error: Option<Text>,
}

impl AskForm {
    fn has_error(&self) -> bool {
        self.justification_error.is_some() || self.subject_error.is_some()
    }
}

/// A running session of the reader.
#[derive(Clone, Debug)]
pub struct AgentSession {
    /// The session's id; part of the form's path.
    pub id: String,
    /// As whom.
    pub subject: Person,
    /// Since when.
    pub started: Moment,
    /// The latest end.
    pub ends: Moment,
    /// The time left.
    pub left: Remaining,
    /// Where it is open, if this browser may go back to it.
    pub url: Option<String>,
}

impl AgentCase {
    fn chip(&self, t: &Lang) -> Chip {
        self.access.chip(t)
    }

    /// Where access stands, in a sentence.
    fn sentence(&self, t: &Lang) -> Text {
        match &self.access {
            AccessState::NotRequested => t.case_not_requested(),
            AccessState::Requested { at } => t.case_requested(at.brief()),
            AccessState::Live { until, left } if self.declared > 0 => t.case_live_but(left, until),
            AccessState::Live { until, left } => t.case_live(left, until),
            AccessState::Expired { at, widened: false } => t.case_expired(at),
            AccessState::Expired { at, widened: true } => t.case_expired_widened(at),
            AccessState::Revoked { at } => t.case_revoked(at.brief()),
            AccessState::TickAgain { at } => t.case_widened(at.brief()),
            AccessState::SelfAssignmentWaiting { .. } => t.case_self_assignment_waiting(),
            AccessState::Blocked { .. } => t.case_blocked(),
            AccessState::Closed => t.case_closed(),
        }
    }

    fn is_live(&self) -> bool {
        matches!(self.access, AccessState::Live { .. })
    }

    /// A closed case takes no request (R7).
    fn may_ask(&self) -> bool {
        self.access != AccessState::Closed
    }

    /// Whether the button that opens a session is there: it waits where a click of the customer's
    /// could make it work.
    fn shows_open(&self) -> bool {
        self.is_live() || self.pass_on.is_some()
    }

    fn can_open(&self) -> bool {
        self.is_live() && self.cannot_open.is_none()
    }

    /// For ids inside the page.
    fn anchor(&self) -> String {
        self.number.path_segment()
    }

    /// Asking opens by itself when it is the next thing to do.
    fn ask_open(&self) -> bool {
        self.ask.has_error()
            || matches!(
                self.access,
                AccessState::NotRequested
                    | AccessState::Revoked { .. }
                    | AccessState::SelfAssignmentWaiting { requested: false }
                    | AccessState::Blocked { requested: false }
            )
    }

    fn ask_title(&self, t: &Lang) -> Text {
        match self.access {
            AccessState::NotRequested
            | AccessState::SelfAssignmentWaiting { requested: false }
            | AccessState::Blocked { requested: false }
            | AccessState::Closed => t.ask_first(),
            AccessState::Requested { .. }
            | AccessState::TickAgain { .. }
            | AccessState::SelfAssignmentWaiting { requested: true }
            | AccessState::Blocked { requested: true } => t.ask_change(),
            AccessState::Live { .. } => t.ask_more_time(),
            AccessState::Expired { .. } | AccessState::Revoked { .. } => t.ask_again(),
        }
    }
}
