//! A block of the index, made from the 256 entries it spans.

use std::collections::BTreeMap;

use countersign_domain::OrgId;
use countersign_entries::Written;
use rusqlite::{Connection, params};

use super::{BLOCK, key, lookups::Lookups};
use crate::fault::{Fault, column, count};

/// What one block adds to the index.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) number: u64,
    /// The places of the rows that have a term.
    pub(crate) postings: BTreeMap<String, Vec<u8>>,
    /// By the block of the requests: pairs of places, the request's and the outcome's.
    pub(crate) outcomes: BTreeMap<u64, Vec<u8>>,
}

impl Block {
    /// Reads the entries of a block that is full.
    pub(crate) fn read(
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
        let mut select = connection.prepare_cached(
            "SELECT idx, encoded FROM entries WHERE org = ? AND idx >= ? AND idx < ? ORDER BY idx",
        )?;
        let mut rows = select.query(params![
            key(org),
            column(from),
            column(from.saturating_add(BLOCK))
        ])?;
        let mut entries = 0;
        while let Some(row) = rows.next()? {
            let index = count(row.get(0)?)?;
            let entry = Written::read(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
            block.add(index, &entry, lookups)?;
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

    fn add(
        &mut self,
        index: u64,
        entry: &Written<'_>,
        lookups: &mut Lookups<'_>,
    ) -> Result<(), Fault> {
        let here = place(index);
        if let Some(request) = lookups.request_of(index, entry)? {
            let pairs = self.outcomes.entry(request / BLOCK).or_default();
            pairs.extend([place(request), here]);
            return Ok(());
        }
        for term in lookups.facts(entry)?.terms() {
            self.postings.entry(term).or_default().push(here);
        }
        Ok(())
    }
}

/// The place of an entry in its block.
pub(crate) fn place(index: u64) -> u8 {
    u8::try_from(index % BLOCK).unwrap_or(u8::MAX)
}
