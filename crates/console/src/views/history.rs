//! What was done about support access: by case, agent and day, searchable; and a report on one case.

use askama::Template;
use countersign_web::{
    chip::Chip,
    layout::Page,
    messages::{Lang, Text},
    person::Person,
    text::UserText,
    time::Moment,
};

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// The page around it.
    pub page: Page,
    /// The org's name.
    pub org: UserText,
    /// What is looked for.
    pub filter: Filter,
    /// What is wrong with it.
    pub wrong: Option<Text>,
    /// What was found, newest first.
    pub rows: Vec<HistoryRow>,
    /// Where what is older stands.
    pub older: Option<String>,
    /// Where it is had as CSV and as JSON Lines; none where there is nothing, or no files.
    pub files: Option<(String, String)>,
    /// Whether this is not the newest part.
    pub continued: bool,
}

/// What is looked for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words, or the beginning of a path.
    pub q: String,
    /// A case number.
    pub case: String,
    /// An agent's address.
    pub agent: String,
    /// A day in the reader's zone.
    pub day: String,
    /// The kinds to choose from.
    pub kinds: Vec<KindChoice>,
    /// The address without the filter's own fields says nothing: whether there are any.
    pub narrows: bool,
}

/// A group of kinds to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindChoice {
    /// What is sent.
    pub value: &'static str,
    /// In words.
    pub label: Text,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// One thing that was done.
#[derive(Clone, Debug)]
pub struct HistoryRow {
    /// When.
    pub at: Moment,
    /// Who: an address, or none for the operator of the deployment.
    pub who: Option<UserText>,
    /// On whose behalf.
    pub subject: Option<UserText>,
    /// What, in words; none for a kind that has none here.
    pub what: Option<Text>,
    /// The stable name of the kind.
    pub kind: UserText,
    /// What was looked at: method and target.
    pub target: Option<UserText>,
    /// How it went.
    pub result: Option<Chip>,
    /// The case.
    pub case: Option<UserText>,
    /// Where it stands on the log.
    pub index: u64,
}

impl HistoryRow {
    pub(super) fn actor(&self, t: &Lang) -> Text {
        match (&self.who, &self.subject) {
            (Some(who), Some(subject)) => t.history_who_as(subject, who),
            (Some(who), None) => t.names_one(who),
            (None, _) => t.credential_by_operator(),
        }
    }
}

/// A report on a case, to be printed and kept.
#[derive(Clone, Debug, Template)]
#[template(path = "report.html")]
pub struct ReportPage {
    /// The page around it.
    pub page: Page,
    /// The org's name.
    pub org: UserText,
    /// The org's short name.
    pub slug: UserText,
    /// The case number.
    pub number: UserText,
    /// The case's title.
    pub title: UserText,
    /// Who opened it.
    pub opened_by: Person,
    /// When the report was made.
    pub made_at: Moment,
    /// How many requests passed, and were refused.
    pub looked_at: u64,
    /// How many were refused.
    pub refused: u64,
    /// What was done, oldest first.
    pub acts: Vec<HistoryRow>,
    /// The sessions, oldest first.
    pub sessions: Vec<ReportedSession>,
    /// What was looked at and refused, oldest first.
    pub requests: Vec<HistoryRow>,
    /// How many requests there are besides.
    pub more_requests: u64,
    /// Whether all of the case's history is in it.
    pub complete: bool,
    /// Where it stands on the log; none while nothing does.
    pub log: Option<LogRange>,
}

/// A session in a report.
#[derive(Clone, Debug)]
pub struct ReportedSession {
    /// Who acted.
    pub agent: UserText,
    /// On whose behalf.
    pub subject: Option<UserText>,
    /// Since when.
    pub since: Moment,
    /// Until when, if somebody or some rule ended it.
    pub ended: Option<Moment>,
    /// How many requests passed.
    pub looked_at: u64,
    /// How many were refused.
    pub refused: u64,
}

/// Where a case's history stands on the org's log.
#[derive(Clone, Debug)]
pub struct LogRange {
    /// The first entry.
    pub first: u64,
    /// The last entry.
    pub last: u64,
    /// When the last was recorded.
    pub at: Moment,
    /// Its leaf hash, in hex.
    pub leaf_hash: String,
}
