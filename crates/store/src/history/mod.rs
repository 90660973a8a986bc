//! Looking back at an org's log: what is asked, what comes back, and by what it is found.
//!
//! The entries are the truth. An implementation may keep an index behind them, made of [terms]; it
//! only ever proposes rows, and what [`HistoryFilter::admits`] says of the entry itself decides.
//!
//! [terms]: Facts::terms

mod search;
mod terms;

use countersign_domain::{AdminId, AgentId, CaseId, OrgId, SessionId, Timestamp};
use countersign_entries::Written;

pub use search::Search;
pub use terms::{Begins, Clause};

use crate::{Position, StoredEntry};

/// Which rows of an org's history. What is left out does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// About cases that this admin opened (R4).
    pub opened_by: Option<AdminId>,
    /// About this case.
    pub case: Option<CaseId>,
    /// What this agent did, was put on or taken off a team for, or had a session for.
    pub agent: Option<AgentId>,
    /// About or under this session.
    pub session: Option<SessionId>,
    /// Of one of these kinds (see [`countersign_entries::KINDS`]); empty for all.
    pub kinds: Vec<&'static str>,
    /// With these words.
    pub search: Option<Search>,
    /// Recorded at this moment or later.
    pub from: Option<Timestamp>,
    /// Recorded before this moment.
    pub to: Option<Timestamp>,
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
}

/// What a row is found by: its entry, and what belongs to the case and the session it names.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The entry.
    pub entry: &'a Written<'a>,
    /// The agent of [`Written::agent`], else of the session.
    pub agent: Option<AgentId>,
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
            && (self.agent.is_none() || facts.agent == self.agent)
            && (self.session.is_none() || entry.session == self.session)
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| *kind == entry.kind))
            && self.from.is_none_or(|from| from <= entry.at)
            && self.to.is_none_or(|to| entry.at < to)
            && self
                .search
                .as_ref()
                .is_none_or(|search| search.finds(&entry.texts()))
    }
}
