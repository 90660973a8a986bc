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

use super::{reads::ChangedRules, request_card::Opener};

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
    /// Whom or what else it was about.
    pub about: Option<Text>,
    /// What it changed about which requests read.
    pub rules: Option<ChangedRules>,
    /// Why, in the words of the agent who asked.
    pub because: Option<UserText>,
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
    pub opened_by: Opener,
    /// Which part of the report this is.
    pub part: Part,
    /// When the report was made.
    pub made_at: Moment,
    /// How many requests passed that read by their method.
    pub looked_at: u64,
    /// How many passed that could change something, and that the vendor declares harmless.
    pub sent: u64,
    /// How many were refused.
    pub refused: u64,
    /// The last request for access; none if it was withdrawn, or nobody asked.
    pub asked: Option<Asked>,
    /// Whom support acts as, or would.
    pub acts_as: Option<Person>,
    /// What was done, oldest first.
    pub acts: Vec<HistoryRow>,
    /// How many acts there are in all.
    pub acts_in_all: u64,
    /// The sessions, oldest first.
    pub sessions: Vec<ReportedSession>,
    /// How many sessions there are in all.
    pub sessions_in_all: u64,
    /// What was looked at and refused, oldest first.
    pub requests: Vec<HistoryRow>,
    /// Where it stands on the log; none while nothing does.
    pub log: Option<LogRange>,
}

/// A request for access.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asked.
    pub by: Person,
    /// When.
    pub at: Moment,
    /// Why.
    pub because: UserText,
}

impl ReportPage {
    pub(super) fn requests_in_all(&self) -> u64 {
        let passed = self.looked_at.saturating_add(self.sent);
        passed.saturating_add(self.refused)
    }
}

/// A part of a report: a long one is printed in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
    /// How many of each kind stand before it.
    pub skip: u64,
}

impl Part {
    /// Which of all stand in this part, from and to; none where it is all of them, or none of them.
    pub(super) fn range(&self, shown: usize, all: &u64) -> Option<(u64, u64)> {
        let shown = u64::try_from(shown).unwrap_or(u64::MAX);
        let here = shown > 0 && shown < *all;
        here.then(|| (self.skip.saturating_add(1), self.skip.saturating_add(shown)))
    }
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
    /// How many requests passed that read by their method.
    pub looked_at: u64,
    /// How many passed that could change something, and that the vendor declares harmless.
    pub sent: u64,
    /// How many were refused.
    pub refused: u64,
}

impl ReportedSession {
    pub(super) fn counts(&self, t: &Lang) -> Text {
        match self.sent {
            0 => t.report_counts(self.looked_at, self.refused),
            sent => t.report_counts_sent(self.looked_at, self.refused, sent),
        }
    }
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
