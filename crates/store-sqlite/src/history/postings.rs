//! Reading the index: which rows of which blocks have a term of every clause.

use std::{collections::BTreeMap, ops::RangeInclusive};

use countersign_store::{Clause, HistoryOrder, alike::Places};
use rusqlite::{Connection, params};

use crate::{
    fault::{Fault, column, count},
    snapshots::array,
};

/// How many terms with a beginning are looked up for it.
const EXPANSIONS: usize = 256;

/// What is looked up of one org's log: for each clause, terms.
pub(crate) struct Postings<'c> {
    connection: &'c Connection,
    log: i64,
    /// As JSON arrays.
    clauses: Vec<String>,
}

impl<'c> Postings<'c> {
    /// Resolves the clauses. One that too many terms would answer is left out: most of what is read
    /// has it.
    pub(crate) fn new(
        connection: &'c Connection,
        log: i64,
        clauses: &[Clause],
    ) -> Result<Self, Fault> {
        let mut resolved = vec![];
        for clause in clauses {
            let Some(begins) = &clause.begins else {
                resolved.push(array(&clause.any)?);
                continue;
            };
            for with in [&begins.words, &begins.heads] {
                let mut terms = beginning(connection, log, with)?;
                if terms.len() <= EXPANSIONS {
                    terms.extend_from_slice(&clause.any);
                    resolved.push(array(&terms)?);
                    break;
                }
            }
        }
        if resolved.is_empty() {
            resolved.push(array(&["row"])?);
        }
        Ok(Self {
            connection,
            log,
            clauses: resolved,
        })
    }

    /// The first block of `range`, from the end that `order` begins at, in which each clause has a
    /// row, or a block before it; none when some clause has no more rows there.
    pub(crate) fn nearest(
        &self,
        range: &RangeInclusive<u64>,
        order: HistoryOrder,
    ) -> Result<Option<u64>, Fault> {
        let select = match order {
            HistoryOrder::NewestFirst => {
                "SELECT max(nearest) FROM (
                     SELECT (SELECT max(block) FROM lookback_postings
                             WHERE log = ?1 AND term = value AND block BETWEEN ?2 AND ?3)
                            AS nearest
                     FROM json_each(?4))"
            }
            HistoryOrder::OldestFirst => {
                "SELECT min(nearest) FROM (
                     SELECT (SELECT min(block) FROM lookback_postings
                             WHERE log = ?1 AND term = value AND block BETWEEN ?2 AND ?3)
                            AS nearest
                     FROM json_each(?4))"
            }
        };
        let mut select = self.connection.prepare_cached(select)?;
        let mut nearest = None;
        for terms in &self.clauses {
            let (from, to) = (column(*range.start()), column(*range.end()));
            let found: Option<i64> =
                select.query_row(params![self.log, from, to, terms], |row| row.get(0))?;
            let Some(found) = found else {
                return Ok(None);
            };
            let found = count(found)?;
            nearest = Some(match (order, nearest) {
                (_, None) => found,
                (HistoryOrder::NewestFirst, Some(nearest)) => found.min(nearest),
                (HistoryOrder::OldestFirst, Some(nearest)) => found.max(nearest),
            });
        }
        Ok(nearest)
    }

    /// The rows of these blocks that have a term of every clause.
    pub(crate) fn rows(
        &self,
        blocks: &RangeInclusive<u64>,
    ) -> Result<BTreeMap<u64, Places>, Fault> {
        let mut select = self.connection.prepare_cached(
            "SELECT block, places FROM lookback_postings
             WHERE log = ? AND term IN (SELECT value FROM json_each(?)) AND block BETWEEN ? AND ?",
        )?;
        let mut all: Option<BTreeMap<u64, Places>> = None;
        for terms in &self.clauses {
            let mut found: BTreeMap<u64, Places> = BTreeMap::new();
            let (from, to) = (column(*blocks.start()), column(*blocks.end()));
            let mut rows = select.query(params![self.log, terms, from, to])?;
            while let Some(row) = rows.next()? {
                let places = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
                *found.entry(count(row.get(0)?)?).or_default() |= Places::of(places);
            }
            all = Some(match all {
                None => found,
                Some(mut all) => {
                    all.retain(|block, _| found.contains_key(block));
                    for (block, places) in &mut all {
                        *places = *places & found.get(block).copied().unwrap_or_default();
                    }
                    all
                }
            });
        }
        Ok(all.unwrap_or_default())
    }
}

/// Terms with a beginning, one more than are looked up if there are that many.
pub(crate) fn beginning(
    connection: &Connection,
    log: i64,
    with: &str,
) -> Result<Vec<String>, Fault> {
    // No term has the last of all characters.
    let end = format!("{with}\u{10ffff}");
    let mut terms: Vec<String> = vec![];
    // Each distinct term by one look-up: a frequent one has a row for every block.
    let mut next = connection.prepare_cached(
        "SELECT min(term) FROM lookback_postings WHERE log = ?1 AND term > ?2 AND term < ?3",
    )?;
    let mut first = connection.prepare_cached(
        "SELECT min(term) FROM lookback_postings WHERE log = ?1 AND term >= ?2 AND term < ?3",
    )?;
    while terms.len() <= EXPANSIONS {
        let found: Option<String> = match terms.last() {
            None => first.query_row(params![log, with, end], |row| row.get(0))?,
            Some(last) => next.query_row(params![log, last, end], |row| row.get(0))?,
        };
        match found {
            Some(term) => terms.push(term),
            None => break,
        }
    }
    Ok(terms)
}

/// The outcomes of the request at a place of a block, by their indexes.
pub(crate) struct Outcomes(Vec<(u64, Vec<u8>)>);

impl Outcomes {
    /// Of every request of a block.
    pub(crate) fn of(connection: &Connection, log: i64, block: u64) -> Result<Self, Fault> {
        let mut select = connection.prepare_cached(
            "SELECT outcome_block, pairs FROM lookback_outcomes
             WHERE log = ? AND request_block = ? ORDER BY outcome_block",
        )?;
        let mut rows = select.query(params![log, column(block)])?;
        let mut found = vec![];
        while let Some(row) = rows.next()? {
            found.push((count(row.get(0)?)?, row.get(1)?));
        }
        Ok(Self(found))
    }

    pub(crate) fn at(&self, place: u8) -> impl Iterator<Item = u64> {
        self.0.iter().flat_map(move |(block, pairs)| {
            pairs.chunks_exact(2).filter_map(move |pair| match pair {
                [request, outcome] if *request == place => Some(
                    block
                        .saturating_mul(super::BLOCK)
                        .saturating_add((*outcome).into()),
                ),
                _ => None,
            })
        })
    }
}
