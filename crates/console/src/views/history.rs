//! What was done about support access: by case, agent and day, searchable; and a report on one case.

use askama::Template;
use countersign_app::Counts;
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
    /// What was found, newest first.
    pub rows: Vec<HistoryRow>,
    /// What was counted and whose page is among what is older.
    pub rest: Vec<Rest>,
    /// Where what is older stands.
    pub older: Option<String>,
    /// Where it is had as CSV and as JSON Lines; none where there is nothing, or no files.
    pub files: Option<(String, String)>,
    /// Whether this is not the newest part.
    pub continued: bool,
}

impl HistoryPage {
    fn wrong_elsewhere(&self) -> Option<&Text> {
        self.filter.wrong_elsewhere(&[])
    }
}

/// What is looked for, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words, or the beginning of a path.
    pub q: String,
    /// A case number.
    pub case: String,
    /// The agents to choose from.
    pub agents: Vec<Choice>,
    /// The first day, in the reader's zone.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The zone's name.
    pub zone: UserText,
    /// Days to be had at once.
    pub presets: Vec<Preset>,
    /// The kinds to choose from.
    pub kinds: Vec<Choice>,
    /// The one session that it is about.
    pub session: Option<String>,
    /// The same about every session.
    pub without_session: String,
    /// Whose that session is, and for which case.
    pub whose: Option<(Person, UserText)>,
    /// Whether of that session there is nothing but what belongs to one page.
    pub of_page: bool,
    /// What is wrong with it: which field, and why.
    pub wrong: Option<(&'static str, Text)>,
    /// The address without the filter's own fields says nothing: whether there are any.
    pub narrows: bool,
}

/// The fields that a reader sees, beside which what is wrong with them stands.
const SEEN: [&str; 6] = ["q", "case", "agent", "from", "to", "kind"];

impl Filter {
    /// What is wrong with a field.
    pub(super) fn wrong_at(&self, name: &str) -> Option<&Text> {
        let (field, text) = self.wrong.as_ref()?;
        (*field == name).then_some(text)
    }

    /// What is wrong with what has no field to stand beside, among those that the form has.
    pub(super) fn wrong_elsewhere(&self, without: &[&str]) -> Option<&Text> {
        let (field, text) = self.wrong.as_ref()?;
        let beside = SEEN.contains(field) && !without.contains(field);
        (!beside).then_some(text)
    }
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// In words.
    pub label: Text,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Days to be had at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// In words.
    pub label: Text,
    /// Where they are.
    pub href: String,
    /// Whether they are what is shown.
    pub chosen: bool,
}

/// What else was read in a session after a page and before the next, as a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Further {
    /// How much.
    pub number: u64,
    /// Where it stands one by one; none on paper.
    pub href: Option<String>,
}

/// The same, whose page is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// How much.
    pub number: u64,
    /// Where it stands one by one.
    pub href: String,
    /// Whose.
    pub who: Option<UserText>,
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
    /// What stands with it.
    pub further: Option<Further>,
    /// From where it was done.
    pub from: Option<From>,
}

/// From where something was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    /// The address.
    pub address: UserText,
    /// What the program said of itself.
    pub program: Option<UserText>,
}

impl From {
    pub(super) fn in_words(&self, t: &Lang) -> Text {
        match &self.program {
            Some(program) => t.did_from_with(&self.address, program),
            None => t.did_from(&self.address),
        }
    }
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
    /// How many requests there were.
    pub counts: Counts,
    /// Whether each stands for itself.
    pub every: bool,
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
    /// How many of these there are in all.
    pub requests_in_all: u64,
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
    /// The address of a part.
    pub(super) fn part_at(&self, number: u64) -> String {
        self.address(number, self.every)
    }

    /// The address of the first part with each request for itself, or not.
    pub(super) fn otherwise(&self) -> String {
        self.address(1, !self.every)
    }

    fn address(&self, part: u64, every: bool) -> String {
        let case = self.number.path_segment();
        let every = if every { "&every=1" } else { "" };
        format!("/cases/{case}/report?part={part}{every}")
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
    /// How many requests there were.
    pub counts: Counts,
}

/// How many requests there were, in words.
pub(super) fn in_words(counts: &Counts, t: &Lang) -> Text {
    let Counts {
        pages,
        further,
        declared,
        refused,
    } = *counts;
    match declared {
        0 => t.request_counts(further, pages, refused),
        declared => t.request_counts_sent(further, pages, refused, declared),
    }
}

impl ReportedSession {
    pub(super) fn counts(&self, t: &Lang) -> Text {
        in_words(&self.counts, t)
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
