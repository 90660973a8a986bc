//! A page of an org's history: out of the index what it has, and out of the log what it has not.

use std::{collections::BTreeMap, ops::Range};

use countersign_domain::{OrgId, Timestamp};
use countersign_entries::Written;
use countersign_store::{HistoryOrder, HistoryPage, HistoryQuery, HistoryRow, StoredEntry};

use super::{
    BLOCK, TAIL,
    block::place,
    index::{reach, size},
    key,
    lookups::Lookups,
    postings::{Outcomes, Postings},
};
use crate::{
    connection::Connection,
    fault::{Fault, column, count},
    marks::{Marks, Time},
    rows::Columns,
};

/// How much one page does. What is looked for and is not there costs this much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// How many blocks it goes through.
    pub(crate) blocks: u64,
    /// How many entries it reads that the index proposes and the filter does not admit.
    pub(crate) missed: usize,
}

impl Budget {
    pub(crate) const PAGE: Self = Self {
        blocks: 2_048,
        missed: 2_048,
    };
}

/// How many entries that the index proposes are read at once.
const AT_ONCE: usize = 64;
/// How many blocks are gone through at first, and at most, at a time: rows that are many come soon.
const WIDTH: Range<u64> = 8..512;

/// Reads a page, unless the index is too far behind the log to tell all of it.
pub(crate) async fn read(
    connection: &Connection,
    time: &Time,
    query: &HistoryQuery,
    budget: Budget,
) -> Result<Option<HistoryPage>, Fault> {
    let size = size(connection, query.org).await?;
    let (log, blocks) = reach(connection, query.org).await?;
    let indexed = blocks.saturating_mul(BLOCK);
    if size.saturating_sub(indexed) > TAIL {
        return Ok(None);
    }
    let range = range(connection, query, size).await?;
    let mut looking = Looking {
        connection,
        query,
        budget,
        lookups: Lookups::new(connection, query.org),
        found: vec![],
        stopped: None,
    };
    let mut tail = looking.tail(indexed, &range).await?;
    let known = range.start..range.end.min(indexed);
    match query.order {
        HistoryOrder::NewestFirst => {
            looking.found = tail.rows.drain(..).rev().collect();
            looking.indexed(log, known).await?;
        }
        HistoryOrder::OldestFirst => {
            looking.indexed(log, known).await?;
            if looking.stopped.is_none() {
                looking.found.append(&mut tail.rows);
            }
        }
    }
    let Looking {
        mut found,
        mut stopped,
        ..
    } = looking;
    if found.len() > query.limit {
        found.truncate(query.limit);
        stopped = found.last().map(|row| row.entry.index);
    }
    let rows = with_outcomes(connection, query.org, log, found, &tail).await?;
    let marks = Marks::read(connection, time).await?;
    Ok(Some(HistoryPage {
        rows,
        next: stopped,
        size,
        indexed,
        now: marks.now,
        barrier: marks.barrier,
    }))
}

/// The indexes in question.
async fn range(
    connection: &Connection,
    query: &HistoryQuery,
    size: u64,
) -> Result<Range<u64>, Fault> {
    let mut from = match query.filter.from {
        None => 0,
        Some(moment) => first_since(connection, query.org, size, moment).await?,
    };
    let mut to = match query.filter.to {
        None => size,
        Some(moment) => first_since(connection, query.org, size, moment).await?,
    };
    match (query.order, query.after) {
        (_, None) => {}
        (HistoryOrder::NewestFirst, Some(after)) => to = to.min(after),
        (HistoryOrder::OldestFirst, Some(after)) => from = from.max(after.saturating_add(1)),
    }
    Ok(from..to.max(from))
}

/// The index of the first entry at `moment` or later: times never go back along a log.
pub(crate) async fn first_since(
    connection: &Connection,
    org: OrgId,
    size: u64,
    moment: Timestamp,
) -> Result<u64, Fault> {
    let first: i64 = connection
        .value(
            "SELECT first_since($1, $2, $3)",
            &[&key(org), &column(size), &moment.as_millis()],
        )
        .await?;
    count(first)
}

/// A row that was found, without its outcomes.
struct Found {
    entry: StoredEntry,
    is_request: bool,
}

/// What the index does not have yet.
#[derive(Default)]
struct Tail {
    /// The rows asked for, oldest first.
    rows: Vec<Found>,
    /// Outcomes by the request they tell of, oldest first.
    outcomes: BTreeMap<u64, Vec<StoredEntry>>,
}

struct Looking<'c> {
    connection: &'c Connection,
    query: &'c HistoryQuery,
    budget: Budget,
    lookups: Lookups<'c>,
    /// In the order asked for. One more than asked for tells that there are more.
    found: Vec<Found>,
    /// Behind which index to continue, when the work of this page was done before the end.
    stopped: Option<u64>,
}

impl Looking<'_> {
    /// Reads the log from `indexed` on.
    async fn tail(&mut self, indexed: u64, range: &Range<u64>) -> Result<Tail, Fault> {
        let entries: Vec<StoredEntry> = self
            .connection
            .all(
                "SELECT idx, leaf_hash, encoded FROM entries
                 WHERE org = $1 AND idx >= $2 ORDER BY idx",
                &[&key(self.query.org), &column(indexed)],
            )
            .await?;
        let mut tail = Tail::default();
        for entry in entries {
            let written = Written::read(&entry.encoded)?;
            if let Some(request) = self.lookups.request_of(entry.index, &written).await? {
                tail.outcomes.entry(request).or_default().push(entry);
            } else if range.contains(&entry.index) && self.admits(&written).await? {
                let is_request = written.kind == "request";
                tail.rows.push(Found { entry, is_request });
            }
        }
        Ok(tail)
    }

    async fn admits(&mut self, written: &Written<'_>) -> Result<bool, Fault> {
        let facts = self.lookups.facts(written).await?;
        Ok(self.query.filter.admits(&facts))
    }

    fn is_full(&self) -> bool {
        self.found.len() > self.query.limit
    }

    /// Goes through the index, as far as it is asked for.
    async fn indexed(&mut self, log: Option<i64>, mut left: Range<u64>) -> Result<(), Fault> {
        let Some(log) = log else {
            return Ok(());
        };
        if left.is_empty() || self.is_full() {
            return Ok(());
        }
        let order = self.query.order;
        let clauses = self.query.filter.clauses();
        let postings = Postings::new(self.connection, log, &clauses).await?;
        let (mut width, mut blocks, mut missed) = (WIDTH.start, 0, 0);
        while !left.is_empty() {
            let within = left.start / BLOCK..=(left.end - 1) / BLOCK;
            let Some(nearest) = postings.nearest(&within, order).await? else {
                return Ok(());
            };
            let step = match order {
                HistoryOrder::NewestFirst => {
                    let from = nearest.saturating_sub(width - 1).max(*within.start());
                    from..=nearest
                }
                HistoryOrder::OldestFirst => {
                    let to = nearest.saturating_add(width - 1).min(*within.end());
                    nearest..=to
                }
            };
            let proposed = candidates(&postings, &step, &left, order).await?;
            for chunk in proposed.chunks(AT_ONCE) {
                let mut entries = entries(self.connection, self.query.org, chunk).await?;
                for index in chunk.iter().copied() {
                    let entry = taken_out(&mut entries, self.query.org, index)?;
                    if self.takes(entry).await? {
                        if self.is_full() {
                            return Ok(());
                        }
                        continue;
                    }
                    missed += 1;
                    if missed > self.budget.missed {
                        self.stopped = Some(index);
                        return Ok(());
                    }
                }
            }
            blocks += width;
            width = width.saturating_mul(4).min(WIDTH.end);
            match order {
                HistoryOrder::NewestFirst => left.end = step.start().saturating_mul(BLOCK),
                HistoryOrder::OldestFirst => {
                    left.start = step.end().saturating_add(1).saturating_mul(BLOCK);
                }
            }
            if blocks >= self.budget.blocks && !left.is_empty() {
                self.stopped = Some(match order {
                    HistoryOrder::NewestFirst => left.end,
                    HistoryOrder::OldestFirst => left.start.saturating_sub(1),
                });
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes an entry that the index proposes, if it is what is asked for.
    async fn takes(&mut self, entry: StoredEntry) -> Result<bool, Fault> {
        let written = Written::read(&entry.encoded)?;
        let admitted = self.admits(&written).await?;
        if admitted {
            let is_request = written.kind == "request";
            self.found.push(Found { entry, is_request });
        }
        Ok(admitted)
    }
}

/// What the index proposes of some blocks, in order.
async fn candidates(
    postings: &Postings<'_>,
    blocks: &std::ops::RangeInclusive<u64>,
    within: &Range<u64>,
    order: HistoryOrder,
) -> Result<Vec<u64>, Fault> {
    let rows = postings.rows(blocks).await?;
    let mut proposed: Vec<u64> = rows
        .iter()
        .flat_map(|(block, places)| {
            let first = block.saturating_mul(BLOCK);
            let index = move |place: u8| first.saturating_add(place.into());
            places.ascending().map(index)
        })
        .filter(|index| within.contains(index))
        .collect();
    if order == HistoryOrder::NewestFirst {
        proposed.reverse();
    }
    Ok(proposed)
}

/// Puts with each request the outcomes that name it.
async fn with_outcomes(
    connection: &Connection,
    org: OrgId,
    log: Option<i64>,
    found: Vec<Found>,
    tail: &Tail,
) -> Result<Vec<HistoryRow>, Fault> {
    let mut known: BTreeMap<u64, Outcomes> = BTreeMap::new();
    let mut told: Vec<Vec<u64>> = Vec::with_capacity(found.len());
    for Found { entry, is_request } in &found {
        let block = entry.index / BLOCK;
        if let (true, Some(log), false) = (*is_request, log, known.contains_key(&block)) {
            known.insert(block, Outcomes::of(connection, log, block).await?);
        }
        told.push(match (is_request, known.get(&block)) {
            (true, Some(of)) => of.at(place(entry.index)).collect(),
            _ => vec![],
        });
    }
    let wanted: Vec<u64> = told.iter().flatten().copied().collect();
    let mut read = entries(connection, org, &wanted).await?;
    let mut rows = Vec::with_capacity(found.len());
    for (Found { entry, is_request }, told) in found.into_iter().zip(told) {
        let mut outcomes = vec![];
        for index in told {
            outcomes.push(taken_out(&mut read, org, index)?);
        }
        if is_request {
            let lately = tail.outcomes.get(&entry.index);
            outcomes.extend(lately.into_iter().flatten().cloned());
        }
        rows.push(HistoryRow { entry, outcomes });
    }
    Ok(rows)
}

/// The entries at these indexes.
async fn entries(
    connection: &Connection,
    org: OrgId,
    indexes: &[u64],
) -> Result<BTreeMap<u64, StoredEntry>, Fault> {
    if indexes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let indexes: Vec<i64> = indexes.iter().map(|index| column(*index)).collect();
    let found: Vec<StoredEntry> = connection
        .all(
            "SELECT idx, leaf_hash, encoded FROM entries WHERE org = $1 AND idx = ANY ($2)",
            &[&key(org), &indexes],
        )
        .await?;
    Ok(found
        .into_iter()
        .map(|entry| (entry.index, entry))
        .collect())
}

fn taken_out(
    entries: &mut BTreeMap<u64, StoredEntry>,
    org: OrgId,
    index: u64,
) -> Result<StoredEntry, Fault> {
    entries.remove(&index).ok_or_else(|| {
        Fault::Damaged(format!(
            "the index names entry {index} of {org}, which is not there"
        ))
    })
}

/// An entry from its index, leaf hash and encoding.
impl Columns for StoredEntry {
    fn of(row: &tokio_postgres::Row) -> Result<Self, Fault> {
        let hash: &[u8] = row.try_get(1)?;
        Ok(Self {
            index: count(row.try_get(0)?)?,
            leaf_hash: hash
                .try_into()
                .map_err(|_| Fault::Damaged("a leaf hash of another length".to_owned()))?,
            encoded: row.try_get(2)?,
        })
    }
}
