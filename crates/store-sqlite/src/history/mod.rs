//! Looking back: an index behind the log, and pages out of it and of what it does not hold yet.
//!
//! Through rusqlite, as recording is: a page is some dozens of small look-ups in one go.

mod agents;
mod block;
mod connections;
mod index;
mod last;
mod lookups;
mod page;
mod postings;

use std::{path::PathBuf, sync::Arc};

use countersign_domain::{AdminId, AgentId, OrgId, SessionId};
use countersign_store::{Clock, HistoryPage, HistoryQuery, LastRequest, Unavailable};

use self::{connections::Connections, index::Indexing, page::Budget};
use crate::writer::Writer;

/// How many entries a block of the index spans; a place in it is a byte.
const BLOCK: u64 = 256;
/// How many entries that are not in the index yet a page may read. They are read in full: the
/// outcome of any request may be among them.
const TAIL: u64 = 4_096;
/// How many steps of indexing a page does itself when there are more.
const STEPS: usize = 16;
/// How many blocks one of those steps takes.
const STEP: u64 = 16;

/// Pages and the index behind them.
#[derive(Debug)]
pub(crate) struct History {
    readers: Connections,
    indexing: Indexing,
}

impl History {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            readers: Connections::new(path.clone()),
            indexing: Indexing::new(path),
        }
    }

    /// A page. What the index lacks is read from the log; where it lacks more than can be read, it
    /// is brought closer first.
    pub(crate) async fn page(
        &self,
        writer: &Writer,
        clock: Arc<dyn Clock>,
        query: HistoryQuery,
    ) -> Result<HistoryPage, Unavailable> {
        let org = query.org;
        let query = Arc::new(query);
        for _ in 0..=STEPS {
            let (clock, query) = (Arc::clone(&clock), Arc::clone(&query));
            let read =
                move |connection: &_| page::read(connection, clock.as_ref(), &query, Budget::PAGE);
            if let Some(page) = self.readers.run(read).await? {
                return Ok(page);
            }
            self.indexing.step(writer, Some(org), STEP).await?;
        }
        Err(Unavailable(format!(
            "the history of {org} is behind its log, and is being brought up to it"
        )))
    }

    /// One step of indexing whatever is behind; answers how many entries it took.
    pub(crate) async fn index(&self, writer: &Writer, limit: usize) -> Result<usize, Unavailable> {
        let blocks = u64::try_from(limit).unwrap_or(u64::MAX) / BLOCK;
        self.indexing.step(writer, None, blocks.max(1)).await
    }

    /// The agents who appear.
    pub(crate) async fn agents(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
    ) -> Result<Vec<AgentId>, Unavailable> {
        self.readers
            .run(move |connection| agents::appearing(connection, org, opened_by, Budget::PAGE))
            .await
    }

    /// The last request under each session.
    pub(crate) async fn last(
        &self,
        sessions: Vec<SessionId>,
    ) -> Result<Vec<LastRequest>, Unavailable> {
        self.readers
            .run(move |connection| last::requests(connection, &sessions))
            .await
    }

    /// Closes every connection, after what is under way.
    pub(crate) async fn close(&self) {
        self.indexing.close().await;
        self.readers.close().await;
    }
}

/// An org for a query.
fn key(org: OrgId) -> String {
    org.to_string()
}

#[cfg(test)]
mod tests;
