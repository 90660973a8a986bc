//! A page of an org's history: out of the index what it has, and out of the log what it has not.

use std::{collections::BTreeMap, ops::Range};

use countersign_domain::{OrgId, Timestamp};
use countersign_entries::Written;
use countersign_store::{
    Clock, HistoryOrder, HistoryPage, HistoryQuery, HistoryRow, Position, StoredEntry,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    BLOCK, TAIL,
    block::place,
    index::{reach, size},
    key,
    lookups::Lookups,
    postings::{Outcomes, Postings},
};
use crate::fault::{Fault, column, count};

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

/// How many blocks are gone through at first, and at most, at a time: rows that are many come soon.
const WIDTH: Range<u64> = 8..512;

/// Reads a page, unless the index is too far behind the log to tell all of it.
pub(crate) fn read(
    connection: &Connection,
    clock: &dyn Clock,
    query: &HistoryQuery,
    budget: Budget,
) -> Result<Option<HistoryPage>, Fault> {
    let size = size(connection, query.org)?;
    let (log, blocks) = reach(connection, query.org)?;
    let indexed = blocks.saturating_mul(BLOCK);
    if size.saturating_sub(indexed) > TAIL {
        return Ok(None);
    }
    let range = range(connection, query, size)?;
    let mut looking = Looking {
        connection,
        query,
        budget,
        lookups: Lookups::new(connection, query.org),
        found: vec![],
        stopped: None,
    };
    let mut tail = looking.tail(indexed, &range)?;
    let known = range.start..range.end.min(indexed);
    match query.order {
        HistoryOrder::NewestFirst => {
            looking.found = tail.rows.drain(..).rev().collect();
            looking.indexed(log, known)?;
        }
        HistoryOrder::OldestFirst => {
            looking.indexed(log, known)?;
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
    let rows = with_outcomes(connection, query.org, log, found, &tail)?;
    let (now, barrier) = moment(connection, clock)?;
    Ok(Some(HistoryPage {
        rows,
        next: stopped,
        size,
        indexed,
        now,
        barrier,
    }))
}

/// The indexes in question.
fn range(connection: &Connection, query: &HistoryQuery, size: u64) -> Result<Range<u64>, Fault> {
    let at = |moment: Option<Timestamp>| {
        let first = |moment| first_since(connection, query.org, size, moment);
        moment.map(first).transpose()
    };
    let mut from = at(query.filter.from)?.unwrap_or(0);
    let mut to = at(query.filter.to)?.unwrap_or(size);
    match (query.order, query.after) {
        (_, None) => {}
        (HistoryOrder::NewestFirst, Some(after)) => to = to.min(after),
        (HistoryOrder::OldestFirst, Some(after)) => from = from.max(after.saturating_add(1)),
    }
    Ok(from..to.max(from))
}

/// The index of the first entry at `moment` or later: times never go back along a log.
pub(crate) fn first_since(
    connection: &Connection,
    org: OrgId,
    size: u64,
    moment: Timestamp,
) -> Result<u64, Fault> {
    let mut select =
        connection.prepare_cached("SELECT at FROM entries WHERE org = ? AND idx = ?")?;
    let org = key(org);
    let (mut from, mut to) = (0, size);
    while from < to {
        let middle = from.midpoint(to);
        let at: i64 = select.query_row(params![org, column(middle)], |row| row.get(0))?;
        if at < moment.as_millis() {
            from = middle.saturating_add(1);
        } else {
            to = middle;
        }
    }
    Ok(from)
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
    fn tail(&mut self, indexed: u64, range: &Range<u64>) -> Result<Tail, Fault> {
        let mut select = self.connection.prepare_cached(
            "SELECT idx, leaf_hash, encoded FROM entries WHERE org = ? AND idx >= ? ORDER BY idx",
        )?;
        let mut rows = select.query(params![key(self.query.org), column(indexed)])?;
        let mut tail = Tail::default();
        while let Some(row) = rows.next()? {
            let entry = stored(row)?;
            let written = Written::read(&entry.encoded)?;
            if let Some(request) = self.lookups.request_of(entry.index, &written)? {
                tail.outcomes.entry(request).or_default().push(entry);
            } else if range.contains(&entry.index) && self.admits(&written)? {
                let is_request = written.kind == "request";
                tail.rows.push(Found { entry, is_request });
            }
        }
        Ok(tail)
    }

    fn admits(&mut self, written: &Written<'_>) -> Result<bool, Fault> {
        let facts = self.lookups.facts(written)?;
        Ok(self.query.filter.admits(&facts))
    }

    fn is_full(&self) -> bool {
        self.found.len() > self.query.limit
    }

    /// Goes through the index, as far as it is asked for.
    fn indexed(&mut self, log: Option<i64>, mut left: Range<u64>) -> Result<(), Fault> {
        let Some(log) = log else {
            return Ok(());
        };
        if left.is_empty() || self.is_full() {
            return Ok(());
        }
        let order = self.query.order;
        let clauses = self.query.filter.clauses();
        let postings = Postings::new(self.connection, log, &clauses)?;
        let (mut width, mut blocks, mut missed) = (WIDTH.start, 0, 0);
        while !left.is_empty() {
            let within = left.start / BLOCK..=(left.end - 1) / BLOCK;
            let Some(nearest) = postings.nearest(&within, order)? else {
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
            for index in candidates(&postings, &step, &left, order)? {
                if self.takes(index)? {
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

    /// Reads an entry that the index proposes, and takes it if it is what is asked for.
    fn takes(&mut self, index: u64) -> Result<bool, Fault> {
        let entry = entry(self.connection, self.query.org, index)?;
        let written = Written::read(&entry.encoded)?;
        let admitted = self.admits(&written)?;
        if admitted {
            let is_request = written.kind == "request";
            self.found.push(Found { entry, is_request });
        }
        Ok(admitted)
    }
}

/// What the index proposes of some blocks, in order.
fn candidates(
    postings: &Postings<'_>,
    blocks: &std::ops::RangeInclusive<u64>,
    within: &Range<u64>,
    order: HistoryOrder,
) -> Result<Vec<u64>, Fault> {
    let rows = postings.rows(blocks)?;
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
fn with_outcomes(
    connection: &Connection,
    org: OrgId,
    log: Option<i64>,
    found: Vec<Found>,
    tail: &Tail,
) -> Result<Vec<HistoryRow>, Fault> {
    let mut known: BTreeMap<u64, Outcomes> = BTreeMap::new();
    let mut rows = Vec::with_capacity(found.len());
    for Found { entry, is_request } in found {
        let mut outcomes = vec![];
        if is_request {
            let block = entry.index / BLOCK;
            if let (Some(log), false) = (log, known.contains_key(&block)) {
                known.insert(block, Outcomes::of(connection, log, block)?);
            }
            for told in known
                .get(&block)
                .into_iter()
                .flat_map(|of| of.at(place(entry.index)))
            {
                outcomes.push(self::entry(connection, org, told)?);
            }
            outcomes.extend(
                tail.outcomes
                    .get(&entry.index)
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
        }
        rows.push(HistoryRow { entry, outcomes });
    }
    Ok(rows)
}

fn entry(connection: &Connection, org: OrgId, index: u64) -> Result<StoredEntry, Fault> {
    let found = connection
        .prepare_cached("SELECT idx, leaf_hash, encoded FROM entries WHERE org = ? AND idx = ?")?
        .query_row(params![key(org), column(index)], |row| Ok(stored(row)))
        .optional()?;
    found.unwrap_or_else(|| {
        Err(Fault::Damaged(format!(
            "the index names entry {index} of {org}, which is not there"
        )))
    })
}

/// An entry from its index, leaf hash and encoding.
pub(crate) fn stored(row: &Row<'_>) -> Result<StoredEntry, Fault> {
    Ok(StoredEntry {
        index: count(row.get(0)?)?,
        leaf_hash: row.get(1)?,
        encoded: row.get(2)?,
    })
}

/// Store time, and the newest position that took something away.
fn moment(connection: &Connection, clock: &dyn Clock) -> Result<(Timestamp, Position), Fault> {
    let (last_at, barrier): (i64, i64) = connection
        .prepare_cached(
            "SELECT last_at, (SELECT coalesce(max(position), 0) FROM events WHERE takes_away = 1)
             FROM meta",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let now = clock.now().max(Timestamp::from_millis(last_at));
    Ok((now, Position(count(barrier)?)))
}
