//! Recording what support does, and the fence in the same transaction (R18, DESIGN section 4).

use std::{
    collections::{BTreeMap, BTreeSet, btree_map},
    sync::Arc,
};

use countersign_domain::{OrgId, SessionId, Timestamp};
use countersign_entries::{What, leaf_hash};
use countersign_store::{Clock, Counts, Draft, Fence, LeaseEpoch, Position, Verdict};
use rusqlite::{CachedStatement, Connection, params};

use crate::{
    fault::{Fault, column, count},
    known::{Known, UnderSession},
};
use countersign_store::alike::{Ends, fence, judged};

/// What recording a batch came to: one verdict per draft, in order, and where the logs that it wrote
/// to end.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) ends: Ends,
}

/// Records a batch in the present transaction.
pub(crate) fn record(
    connection: &Connection,
    known: &mut Known,
    clock: &Arc<dyn Clock>,
    lease: LeaseEpoch,
    drafts: &[Draft],
) -> Result<Recorded, Fault> {
    let marks = marks(connection, lease)?;
    if !marks.lease_holds {
        return Ok(Recorded {
            verdicts: vec![Verdict::Fenced(Fence::LeaseLost); drafts.len()],
            ends: Ends::new(),
        });
    }
    // After the marks: a batch that waited for the lock is judged by the moment it got it.
    let now = clock.now().max(marks.last_at);
    let ids: BTreeSet<SessionId> = drafts.iter().map(Draft::session).collect();
    known.load(connection, marks.head, ids.iter())?;
    let fences = fences(connection, known, drafts, now)?;
    let mut log = Log::open(connection)?;
    let mut asked: BTreeMap<SessionId, Asked> = BTreeMap::new();
    let mut verdicts = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let id = draft.session();
        let Some(session) = known.get(id) else {
            verdicts.push(Verdict::Fenced(Fence::UnknownSession));
            continue;
        };
        let (what, fence) = judged(draft, fences.get(&id).copied());
        let index = log.add(session, now, &what)?;
        asked.entry(id).or_default().add(&what, index);
        verdicts.push(match fence {
            Some(fence) => Verdict::Fenced(fence),
            None => Verdict::Recorded {
                org: session.org,
                index,
                at: now,
            },
        });
    }
    for (id, asked) in asked {
        asked.write(connection, id, now)?;
    }
    connection
        .prepare_cached("UPDATE meta SET last_at = max(last_at, ?)")?
        .execute([now.as_millis()])?;
    let ends = log.ends.iter().map(|(org, end)| (*org, end.next));
    Ok(Recorded {
        verdicts,
        ends: ends.collect(),
    })
}

/// What a batch asks for under a session.
#[derive(Default)]
struct Asked {
    counts: Counts,
    /// The newest request for a page.
    page: Option<u64>,
}

impl Asked {
    fn add(&mut self, what: &What, index: u64) {
        if let Some(sort) = what.sort() {
            self.counts.add(sort);
        }
        if matches!(what, What::Request(line) if line.page) {
            self.page = Some(index);
        }
    }

    /// Only what passed keeps a session from going idle.
    fn write(&self, connection: &Connection, id: SessionId, now: Timestamp) -> Result<(), Fault> {
        let counts = &self.counts;
        if *counts == Counts::default() {
            return Ok(());
        }
        let mut update = connection.prepare_cached(
            "UPDATE sessions
             SET last_request_at = coalesce(?, last_request_at), last_page = coalesce(?, last_page),
                 pages = pages + ?, further = further + ?, declared = declared + ?,
                 refused = refused + ?
             WHERE id = ?",
        )?;
        update.execute(params![
            (counts.passed() > 0).then_some(now.as_millis()),
            self.page.map(column),
            column(counts.pages),
            column(counts.further),
            column(counts.declared),
            column(counts.refused),
            id.to_string()
        ])?;
        Ok(())
    }
}

/// How far the store has come, and whether the lease is still there.
struct Marks {
    last_at: Timestamp,
    head: Position,
    lease_holds: bool,
}

fn marks(connection: &Connection, lease: LeaseEpoch) -> Result<Marks, Fault> {
    let (last_at, head, lease_holds): (i64, i64, bool) = connection
        .prepare_cached(
            "SELECT last_at,
                    (SELECT coalesce(max(position), 0) FROM events),
                    EXISTS (SELECT 1 FROM leases WHERE process = ?1 AND epoch = ?2)
             FROM meta",
        )?
        .query_row(
            params![lease.process.to_string(), column(lease.epoch)],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )?;
    Ok(Marks {
        last_at: Timestamp::from_millis(last_at),
        head: Position(count(head)?),
        lease_holds,
    })
}

/// The sessions under which requests are drafted and must not go on. A request that passes keeps
/// its session from going idle, so all of a batch are judged alike.
fn fences(
    connection: &Connection,
    known: &Known,
    drafts: &[Draft],
    now: Timestamp,
) -> Result<BTreeMap<SessionId, Fence>, Fault> {
    let asking: BTreeSet<SessionId> = drafts
        .iter()
        .filter(|draft| matches!(draft, Draft::Request { .. }))
        .map(Draft::session)
        .collect();
    // Another process may have recorded a request meanwhile: read each time.
    let mut last_request =
        connection.prepare_cached("SELECT last_request_at FROM sessions WHERE id = ?")?;
    let mut fences = BTreeMap::new();
    for id in asking {
        if let Some(session) = known.get(id) {
            let at = last_request.query_row([id.to_string()], |row| row.get(0))?;
            if let Some(fence) = fence(
                &session.state,
                session.case,
                id,
                Timestamp::from_millis(at),
                now,
            ) {
                fences.insert(id, fence);
            }
        }
    }
    Ok(fences)
}

/// The logs that this batch writes to, and where they end.
struct Log<'c> {
    connection: &'c Connection,
    insert: CachedStatement<'c>,
    ends: BTreeMap<OrgId, End>,
}

struct End {
    org: String,
    next: u64,
}

impl<'c> Log<'c> {
    fn open(connection: &'c Connection) -> Result<Self, Fault> {
        Ok(Self {
            connection,
            insert: connection.prepare_cached(
                "INSERT OR ROLLBACK INTO entries (org, idx, at, type, leaf_hash, encoded)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?,
            ends: BTreeMap::new(),
        })
    }

    /// Writes an entry and answers with its index.
    fn add(&mut self, session: &UnderSession, at: Timestamp, what: &What) -> Result<u64, Fault> {
        let end = match self.ends.entry(session.org) {
            btree_map::Entry::Occupied(found) => found.into_mut(),
            btree_map::Entry::Vacant(vacant) => {
                vacant.insert(End::of(self.connection, session.org)?)
            }
        };
        let index = end.next;
        let encoded = session.frame.encode(at, what);
        self.insert.execute(params![
            end.org,
            column(index),
            at.as_millis(),
            what.name(),
            leaf_hash(&encoded),
            encoded
        ])?;
        end.next = index.saturating_add(1);
        Ok(index)
    }
}

impl End {
    fn of(connection: &Connection, org: OrgId) -> Result<Self, Fault> {
        let org = org.to_string();
        let next: i64 = connection
            .prepare_cached("SELECT coalesce(max(idx), -1) + 1 FROM entries WHERE org = ?")?
            .query_row([&org], |row| row.get(0))?;
        let next = count(next)?;
        Ok(Self { org, next })
    }
}
