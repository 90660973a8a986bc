//! A history from its beginning to its present end, piece by piece, of any length.

use std::collections::BTreeMap;

use countersign_domain::{Actor, Refusal};
use countersign_store::{HistoryFilter, HistoryOrder, HistoryRow, StoredEntry};

use crate::{App, Failure, HistoryAsk, HistoryOf, RowNames};

/// How many rows or entries one piece has at most.
const PIECE: usize = 500;

/// An export under way. Whether the caller may have it is judged anew for each piece (R2).
#[derive(Debug)]
pub struct Export {
    app: App,
    actor: Actor,
    of: HistoryOf,
    ask: HistoryAsk,
    after: Option<u64>,
    /// Where the log ended at the first piece; what comes later is not in it.
    end: Option<u64>,
    done: bool,
    /// Outcomes whose place in the log is behind what has been handed out.
    ahead: BTreeMap<u64, StoredEntry>,
}

impl App {
    /// Begins an export, oldest first.
    #[must_use]
    pub fn export(&self, actor: Actor, of: HistoryOf, ask: HistoryAsk) -> Export {
        Export {
            app: self.clone(),
            actor,
            of,
            ask,
            after: None,
            end: None,
            done: false,
            ahead: BTreeMap::new(),
        }
    }
}

impl Export {
    /// The next rows; none at the end. A piece may be empty before the end.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn rows(&mut self) -> Result<Option<Vec<HistoryRow>>, Failure> {
        if self.done {
            return Ok(None);
        }
        let page = self
            .app
            .history(
                self.actor,
                &self.of,
                &self.ask,
                HistoryOrder::OldestFirst,
                self.after,
                PIECE,
            )
            .await?;
        let end = *self.end.get_or_insert(page.size);
        let mut rows = page.rows;
        rows.retain(|row| row.entry.index < end);
        self.after = page.next;
        self.done = page.next.is_none_or(|next| next.saturating_add(1) >= end);
        Ok(Some(rows))
    }

    /// Whom and what these rows name.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn names(&self, rows: &[HistoryRow]) -> Result<Vec<RowNames>, Failure> {
        self.app.row_names(rows).await
    }

    /// The next entries in the order of the log; none at the end. With no filter, for someone who
    /// sees all of an org's history, that is the log itself, read without any index.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn entries(&mut self) -> Result<Option<Vec<StoredEntry>>, Failure> {
        let asked = self.app.ask(self.actor, &self.of, &self.ask).await?;
        if asked.filter == HistoryFilter::default() {
            return self.log().await;
        }
        let Some(rows) = self.rows().await? else {
            return Ok(None);
        };
        for row in rows {
            for entry in row.outcomes.into_iter().chain([row.entry]) {
                self.ahead.insert(entry.index, entry);
            }
        }
        let later = match self.after {
            Some(after) if !self.done => self.ahead.split_off(&after.saturating_add(1)),
            _ => BTreeMap::new(),
        };
        let now = std::mem::replace(&mut self.ahead, later);
        Ok(Some(now.into_values().collect()))
    }

    async fn log(&mut self) -> Result<Option<Vec<StoredEntry>>, Failure> {
        let HistoryOf::Org(slug) = &self.of else {
            return Err(Refusal::OrgNotFound.into());
        };
        if self.done {
            return Ok(None);
        }
        let from = self.after.map_or(0, |after| after.saturating_add(1));
        let page = self.app.entries(self.actor, slug, from, PIECE).await?;
        self.after = page.entries.last().map(|entry| entry.index);
        self.done = page.next.is_none();
        Ok(Some(page.entries))
    }
}
