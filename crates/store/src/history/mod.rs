//! Looking back at an org's log: what is asked, what comes back, and by what it is found.
//!
//! The entries are the truth. An implementation may keep an index behind them, made of [terms]; it
//! only ever proposes rows, and what [`HistoryFilter::admits`] says of the entry itself decides.
//!
//! [terms]: Facts::terms

mod concerned;
mod search;
mod terms;

use std::collections::BTreeSet;

use countersign_domain::{AdminId, AgentId, CaseId, OrgId, SessionId, Timestamp};
use countersign_entries::{Sort, Written};

pub use concerned::{CaseEvent, Concerned, TELLING};
pub use search::Search;
pub use terms::{Begins, Clause, agent_terms};

use crate::{Position, StoredEntry};

/// Which rows of an org's history. What is left out does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// About cases that this admin opened (R4).
    pub opened_by: Option<AdminId>,
    /// About this case.
    pub case: Option<CaseId>,
    /// What this agent did, was put on or taken off a team for, had a session for, or got, kept or lost
    /// access by.
    pub agent: Option<AgentId>,
    /// The same without what others did about access: what an agent is shown of their own.
    pub own: Option<AgentId>,
    /// About or under this session.
    pub session: Option<SessionId>,
    /// Of one of these kinds (see [`countersign_entries::KINDS`]); empty for all.
    pub kinds: Vec<&'static str>,
    /// Requests of this sort and nothing else.
    pub requests: Option<Requests>,
    /// With these words.
    pub search: Option<Search>,
    /// Recorded at this moment or later.
    pub from: Option<Timestamp>,
    /// Recorded before this moment.
    pub to: Option<Timestamp>,
}

/// A sort of requests that support made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requests {
    /// For a page of its own, and passed.
    Pages,
    /// Whatever else was read.
    Further,
    /// Could change something, and passed because the vendor declares it harmless.
    Declared,
    /// Could change something, or was refused.
    Attempts,
}

impl Requests {
    fn has(self, entry: &Written<'_>) -> bool {
        matches!(
            (self, entry.sort()),
            (Self::Pages, Some(Sort::Page))
                | (Self::Further, Some(Sort::Further))
                | (Self::Declared | Self::Attempts, Some(Sort::Declared))
                | (Self::Attempts, Some(Sort::Refused))
        )
    }
}

/// In which order of their indexes, which is the order of their times, rows come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryOrder {
    /// The newest first.
    NewestFirst,
    /// The oldest first.
    OldestFirst,
}

/// A page of an org's history is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    /// The org.
    pub org: OrgId,
    /// Which rows.
    pub filter: HistoryFilter,
    /// In which order.
    pub order: HistoryOrder,
    /// Continue behind this index, in that order.
    pub after: Option<u64>,
    /// At most this many rows.
    pub limit: usize,
}

/// A page of an org's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// The rows, in order.
    pub rows: Vec<HistoryRow>,
    /// Continue behind this index; none when the end was reached. A page that has it may have fewer
    /// rows than asked for, or none: the work of one page is bounded.
    pub next: Option<u64>,
    /// How many entries the log has.
    pub size: u64,
    /// How many of them were looked up in an index; the others were read from the log.
    pub indexed: u64,
    /// Store time at the read.
    pub now: Timestamp,
    /// The newest position that took something away, at the read.
    pub barrier: Position,
}

/// One row: an entry and, if it is a request, how that went. Every entry of the log is in exactly
/// one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// The entry.
    pub entry: StoredEntry,
    /// The outcomes that name it, oldest first. There is one, as a rule: none while the request is
    /// under way or when a crash lost it, a second when the store failed and yet kept the first.
    pub outcomes: Vec<StoredEntry>,
}

/// The last request under a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRequest {
    /// The session.
    pub session: SessionId,
    /// When it was recorded; the session's start if there was none.
    pub at: Timestamp,
    /// Its entry; none if there was none.
    pub entry: Option<StoredEntry>,
    /// The entry of the newest request for a page; none if none is known to have been for one.
    pub page: Option<StoredEntry>,
    /// What has been asked for under it; none for a session that began before that was counted.
    pub counts: Option<Counts>,
}

/// How many requests there were, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// [`Sort::Page`].
    pub pages: u64,
    /// [`Sort::Further`].
    pub further: u64,
    /// [`Sort::Declared`].
    pub declared: u64,
    /// [`Sort::Refused`].
    pub refused: u64,
}

impl Counts {
    /// Counts one of a sort.
    pub fn add(&mut self, sort: Sort) {
        let count = match sort {
            Sort::Page => &mut self.pages,
            Sort::Further => &mut self.further,
            Sort::Declared => &mut self.declared,
            Sort::Refused => &mut self.refused,
        };
        *count = count.saturating_add(1);
    }

    /// How many passed.
    #[must_use]
    pub fn passed(&self) -> u64 {
        let read = self.pages.saturating_add(self.further);
        read.saturating_add(self.declared)
    }
}

/// What a row is found by: its entry, and what belongs to the case and the session it names.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The entry.
    pub entry: &'a Written<'a>,
    /// The agent of [`Written::agent`], else of the session.
    pub agent: Option<AgentId>,
    /// The agents who got, kept or lost access by it, or were on a team from the beginning.
    pub concerned: BTreeSet<AgentId>,
    /// The admin who opened the case; that never changes (R4).
    pub opened_by: Option<AdminId>,
}

impl HistoryFilter {
    /// Whether a row is one of those asked for.
    #[must_use]
    pub fn admits(&self, facts: &Facts<'_>) -> bool {
        let entry = facts.entry;
        (self.opened_by.is_none() || facts.opened_by == self.opened_by)
            && self
                .case
                .is_none_or(|case| entry.case.as_ref().is_some_and(|about| about.id == case))
            && self
                .agent
                .is_none_or(|agent| facts.agent == Some(agent) || facts.concerned.contains(&agent))
            && (self.own.is_none() || facts.agent == self.own)
            && (self.session.is_none() || entry.session == self.session)
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| *kind == entry.kind))
            && self.requests.is_none_or(|sort| sort.has(entry))
            && self.from.is_none_or(|from| from <= entry.at)
            && self.to.is_none_or(|to| entry.at < to)
            && self
                .search
                .as_ref()
                .is_none_or(|search| search.finds(&entry.texts()))
    }
}
