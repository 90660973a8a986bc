//! A row of a history on the wire.

use countersign_app::{HistoryRow, StoredEntry};
use countersign_domain::{Actor, sees_place};
use countersign_entries::Written;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    entry_view::{EntryView, hex},
    problem::Problem,
    time,
};

/// An entry of the log and, if it is a request, how that went.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HistoryRow)]
pub(crate) struct HistoryRowView {
    #[serde(flatten)]
    entry: EntryView,
    /// How the request went; null for what is no request.
    #[schema(required)]
    outcome: Option<OutcomeView>,
}

/// How a request went.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Outcome)]
pub(crate) struct OutcomeView {
    /// `complete`, `cut`, `not_sent`, `client_gone` or `upstream_failed`; `unknown` while the log has
    /// no outcome of it: it is under way, or a crash lost it.
    pub(crate) state: String,
    /// The product's status; null when it did not answer.
    #[schema(required)]
    pub(crate) status: Option<u16>,
    /// Bytes of the response body passed on.
    #[schema(required)]
    pub(crate) bytes: Option<u64>,
    /// Where the outcome's own entry stands on the log.
    #[schema(required)]
    pub(crate) index: Option<u64>,
    /// When it was recorded.
    #[schema(required, format = DateTime)]
    at: Option<String>,
    /// Its leaf hash.
    #[schema(required)]
    leaf_hash: Option<String>,
}

impl HistoryRowView {
    pub(crate) fn of(row: &HistoryRow, caller: &Actor) -> Result<Self, Problem> {
        let written = read(&row.entry)?;
        let outcome = (written.kind == "request").then(|| OutcomeView::of(row));
        Ok(Self {
            entry: entry_view(&row.entry, caller)?,
            outcome: outcome.transpose()?,
        })
    }
}

impl OutcomeView {
    /// The outcome of a request.
    pub(crate) fn of(row: &HistoryRow) -> Result<Self, Problem> {
        let unknown = Self {
            state: "unknown".to_owned(),
            status: None,
            bytes: None,
            index: None,
            at: None,
            leaf_hash: None,
        };
        let Some(entry) = row.outcomes.first() else {
            return Ok(unknown);
        };
        let written = read(entry)?;
        let outcome = written.outcome();
        Ok(Self {
            state: outcome
                .as_ref()
                .map_or(unknown.state, |outcome| outcome.ending.as_str().to_owned()),
            status: outcome.as_ref().and_then(|outcome| outcome.status),
            bytes: outcome.as_ref().map(|outcome| outcome.bytes),
            index: Some(entry.index),
            at: Some(time::write(written.at)),
            leaf_hash: Some(hex(&entry.leaf_hash)),
        })
    }
}

/// An entry in the form in which the log is read, as far as the caller may.
pub(crate) fn entry_view(entry: &StoredEntry, caller: &Actor) -> Result<EntryView, Problem> {
    let view = EntryView::of(entry.index, &entry.leaf_hash, &entry.encoded)
        .map_err(|error| Problem::unavailable(&error))?;
    Ok(if shows_place(&read(entry)?, caller) {
        view
    } else {
        view.without_place()
    })
}

/// Whether the caller may read all that the entry says.
pub(crate) fn shows_place(written: &Written<'_>, caller: &Actor) -> bool {
    written.client.is_none() || sees_place(caller, written.by_agent())
}

pub(crate) fn read(entry: &StoredEntry) -> Result<Written<'_>, Problem> {
    Written::read(&entry.encoded).map_err(|error| Problem::unavailable(&error.to_string()))
}
