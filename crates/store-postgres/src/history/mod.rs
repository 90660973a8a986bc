//! Looking back: an index behind the log, and pages out of it and of what it does not hold yet.

pub(crate) mod agents;
mod block;
mod index;
pub(crate) mod last;
mod lookups;
mod page;
mod postings;

use countersign_domain::OrgId;
use countersign_store::{HistoryPage, HistoryQuery};

use self::{index::Indexing, page::Budget};
use crate::{fault::Fault, marks::Time, readers::Readers, writer::Writer};

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
#[derive(Debug, Default)]
pub(crate) struct History {
    indexing: Indexing,
}

impl History {
    /// A page. What the index lacks is read from the log; where it lacks more than can be read, it
    /// is brought closer first.
    pub(crate) async fn page(
        &self,
        readers: &Readers,
        writer: &Writer,
        time: &Time,
        query: &HistoryQuery,
    ) -> Result<HistoryPage, Fault> {
        for _ in 0..=STEPS {
            let read = {
                let view = readers.view().await?;
                page::read(&view, time, query, Budget::PAGE).await?
            };
            if let Some(page) = read {
                return Ok(page);
            }
            let org = Some(query.org);
            self.indexing.step(readers, writer, org, STEP).await?;
        }
        Err(Fault::Caller(format!(
            "the history of {} is behind its log, and is being brought up to it",
            query.org
        )))
    }

    /// One step of indexing whatever is behind; answers how many entries it took.
    pub(crate) async fn index(
        &self,
        readers: &Readers,
        writer: &Writer,
        limit: usize,
    ) -> Result<usize, Fault> {
        let blocks = u64::try_from(limit).unwrap_or(u64::MAX) / BLOCK;
        self.indexing
            .step(readers, writer, None, blocks.max(1))
            .await
    }
}

/// An org for a query.
fn key(org: OrgId) -> String {
    org.to_string()
}
