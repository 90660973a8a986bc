//! Reading the index: which rows of which blocks have a term of every clause.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::{
    connection::Connection,
    fault::{Fault, column, count},
};
use countersign_store::{Clause, HistoryOrder, alike::Places};

/// How many terms with a beginning are looked up for it.
const EXPANSIONS: usize = 256;

/// What is looked up of one org's log: for each clause, terms.
pub(crate) struct Postings<'c> {
    connection: &'c Connection,
    log: i64,
    clauses: Vec<Vec<String>>,
}

impl<'c> Postings<'c> {
    /// Resolves the clauses. One that too many terms would answer is left out: most of what is read
    /// has it.
    pub(crate) async fn new(
        connection: &'c Connection,
        log: i64,
        clauses: &[Clause],
    ) -> Result<Self, Fault> {
        let mut resolved = vec![];
        for clause in clauses {
            let Some(begins) = &clause.begins else {
                resolved.push(clause.any.clone());
                continue;
            };
            for with in [&begins.words, &begins.heads] {
                let mut terms = beginning(connection, log, with).await?;
                if terms.len() <= EXPANSIONS {
                    terms.extend_from_slice(&clause.any);
                    resolved.push(terms);
                    break;
                }
            }
        }
        if resolved.is_empty() {
            resolved.push(vec!["row".to_owned()]);
        }
        Ok(Self {
            connection,
            log,
            clauses: resolved,
        })
    }

    /// The first block of `range`, from the end that `order` begins at, in which each clause has a
    /// row, or a block before it; none when some clause has no more rows there.
    pub(crate) async fn nearest(
        &self,
        range: &RangeInclusive<u64>,
        order: HistoryOrder,
    ) -> Result<Option<u64>, Fault> {
        let select = match order {
            HistoryOrder::NewestFirst => {
                "SELECT max(nearest) FROM (
                     SELECT (SELECT max(block) FROM lookback_postings
                             WHERE log = $1 AND term = u.term AND block BETWEEN $2 AND $3)
                            AS nearest
                     FROM unnest($4::text[]) AS u (term)) AS each"
            }
            HistoryOrder::OldestFirst => {
                "SELECT min(nearest) FROM (
                     SELECT (SELECT min(block) FROM lookback_postings
                             WHERE log = $1 AND term = u.term AND block BETWEEN $2 AND $3)
                            AS nearest
                     FROM unnest($4::text[]) AS u (term)) AS each"
            }
        };
        let (from, to) = (column(*range.start()), column(*range.end()));
        let mut nearest = None;
        for terms in &self.clauses {
            let found: Option<i64> = self
                .connection
                .value(select, &[&self.log, &from, &to, terms])
                .await?;
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
    pub(crate) async fn rows(
        &self,
        blocks: &RangeInclusive<u64>,
    ) -> Result<BTreeMap<u64, Places>, Fault> {
        let mut all: Option<BTreeMap<u64, Places>> = None;
        for terms in &self.clauses {
            let mut found: BTreeMap<u64, Places> = BTreeMap::new();
            let (from, to) = (column(*blocks.start()), column(*blocks.end()));
            let rows: Vec<(i64, Vec<u8>)> = self
                .connection
                .all(
                    "SELECT block, places FROM lookback_postings
                     WHERE log = $1 AND term = ANY ($2) AND block BETWEEN $3 AND $4",
                    &[&self.log, terms, &from, &to],
                )
                .await?;
            for (block, places) in rows {
                *found.entry(count(block)?).or_default() |= Places::of(&places);
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

/// Terms with a beginning, one more than are looked up if there are that many. Each by one look-up:
/// a frequent one has a row for every block.
pub(crate) async fn beginning(
    connection: &Connection,
    log: i64,
    with: &str,
) -> Result<Vec<String>, Fault> {
    // No term has the last of all characters.
    let end = format!("{with}\u{10ffff}");
    let most = i64::try_from(EXPANSIONS).unwrap_or(i64::MAX);
    connection
        .values(
            "WITH RECURSIVE found (term, number) AS (
                 SELECT min(term), 0::bigint FROM lookback_postings
                 WHERE log = $1 AND term >= $2 AND term < $3
                 UNION ALL
                 SELECT (SELECT min(p.term) FROM lookback_postings p
                         WHERE p.log = $1 AND p.term > f.term AND p.term < $3), f.number + 1
                 FROM found f WHERE f.term IS NOT NULL AND f.number < $4)
             SELECT term FROM found WHERE term IS NOT NULL",
            &[&log, &with, &end, &most],
        )
        .await
}

/// The outcomes of the request at a place of a block, by their indexes.
pub(crate) struct Outcomes(Vec<(u64, Vec<u8>)>);

impl Outcomes {
    /// Of every request of a block.
    pub(crate) async fn of(connection: &Connection, log: i64, block: u64) -> Result<Self, Fault> {
        let rows: Vec<(i64, Vec<u8>)> = connection
            .all(
                "SELECT outcome_block, pairs FROM lookback_outcomes
                 WHERE log = $1 AND request_block = $2 ORDER BY outcome_block",
                &[&log, &column(block)],
            )
            .await?;
        let rows = rows
            .into_iter()
            .map(|(block, pairs)| Ok((count(block)?, pairs)))
            .collect::<Result<_, Fault>>()?;
        Ok(Self(rows))
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
