//! A block of the index, made from the 256 entries it spans.

use std::collections::BTreeMap;

use countersign_domain::OrgId;
use countersign_entries::Written;

use super::{BLOCK, key, lookups::Lookups};
use crate::{
    connection::Connection,
    fault::{Fault, column, count},
};

/// What one block adds to the index.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) number: u64,
    /// The places of the rows that have a term.
    pub(crate) postings: BTreeMap<String, Vec<u8>>,
    /// By the block of the requests: pairs of places, the request's and the outcome's.
    pub(crate) outcomes: BTreeMap<u64, Vec<u8>>,
}

/// The rows that some blocks add.
#[derive(Debug, Default)]
pub(crate) struct Rows<'b> {
    pub(crate) terms: Vec<&'b str>,
    pub(crate) blocks: Vec<i64>,
    pub(crate) places: Vec<&'b [u8]>,
    pub(crate) request_blocks: Vec<i64>,
    pub(crate) outcome_blocks: Vec<i64>,
    pub(crate) pairs: Vec<&'b [u8]>,
}

impl<'b> Rows<'b> {
    pub(crate) fn of(blocks: &'b [Block]) -> Self {
        let mut rows = Self::default();
        for block in blocks {
            let number = column(block.number);
            for (term, places) in &block.postings {
                rows.terms.push(term);
                rows.blocks.push(number);
                rows.places.push(places);
            }
            for (of, pairs) in &block.outcomes {
                rows.request_blocks.push(column(*of));
                rows.outcome_blocks.push(number);
                rows.pairs.push(pairs);
            }
        }
        rows
    }
}

impl Block {
    /// Reads the entries of a block that is full.
    pub(crate) async fn read(
        connection: &Connection,
        org: OrgId,
        number: u64,
        lookups: &mut Lookups<'_>,
    ) -> Result<Self, Fault> {
        let mut block = Self {
            number,
            postings: BTreeMap::new(),
            outcomes: BTreeMap::new(),
        };
        let from = number.saturating_mul(BLOCK);
        let to = from.saturating_add(BLOCK);
        let rows: Vec<(i64, Vec<u8>)> = connection
            .all(
                "SELECT idx, encoded FROM entries
                 WHERE org = $1 AND idx >= $2 AND idx < $3 ORDER BY idx",
                &[&key(org), &column(from), &column(to)],
            )
            .await?;
        let mut entries = 0;
        for (index, encoded) in rows {
            let entry = Written::read(&encoded)?;
            block.add(count(index)?, &entry, lookups).await?;
            entries += 1;
        }
        if entries == BLOCK {
            Ok(block)
        } else {
            Err(Fault::Damaged(format!(
                "block {number} of the log of {org} has {entries} entries"
            )))
        }
    }

    async fn add(
        &mut self,
        index: u64,
        entry: &Written<'_>,
        lookups: &mut Lookups<'_>,
    ) -> Result<(), Fault> {
        let here = place(index);
        if let Some(request) = lookups.request_of(index, entry).await? {
            let pairs = self.outcomes.entry(request / BLOCK).or_default();
            pairs.extend([place(request), here]);
            return Ok(());
        }
        for term in lookups.facts(entry).await?.terms() {
            self.postings.entry(term).or_default().push(here);
        }
        Ok(())
    }
}

/// The place of an entry in its block.
pub(crate) fn place(index: u64) -> u8 {
    u8::try_from(index % BLOCK).unwrap_or(u8::MAX)
}
