//! Indexing behind the log: blocks are made from what is committed, beside the writers, and written
//! in a turn of their own.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use countersign_domain::OrgId;
use countersign_store::Unavailable;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use tokio::task::spawn_blocking;

use super::{BLOCK, block::Block, key, lookups::Lookups};
use crate::{
    fault::{Fault, column, count},
    open::BUSY_TIMEOUT,
    writer::{Turn, Writer},
};

/// Prepared statements kept.
const STATEMENTS: usize = 32;

#[derive(Debug)]
pub(crate) struct Indexing {
    /// One step at a time.
    step: tokio::sync::Mutex<()>,
    indexer: Arc<Mutex<Indexer>>,
}

impl Indexing {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            step: tokio::sync::Mutex::default(),
            indexer: Arc::new(Mutex::new(Indexer {
                path,
                connection: None,
                sweep: Sweep::default(),
            })),
        }
    }

    /// Indexes at most `blocks` blocks of one org's log, of `org`'s or of whichever is behind;
    /// answers how many entries that were. The turn to write is taken only for writing.
    pub(crate) async fn step(
        &self,
        writer: &Writer,
        org: Option<OrgId>,
        blocks: u64,
    ) -> Result<usize, Unavailable> {
        let _one = self.step.lock().await;
        let made = self.run(move |indexer| indexer.make(org, blocks)).await?;
        let Some(batch) = made else {
            return Ok(0);
        };
        let turn = writer.turn().await;
        self.run(move |indexer| indexer.write(turn, &batch)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Indexer) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let indexer = Arc::clone(&self.indexer);
        let done = spawn_blocking(move || {
            let mut indexer = indexer.lock().unwrap_or_else(PoisonError::into_inner);
            let done = work(&mut indexer);
            if done.is_err() {
                // Nothing of a failed step may stay behind in a transaction that is still open.
                indexer.connection = None;
            }
            done
        });
        Ok(done
            .await
            .map_err(|error| Unavailable(error.to_string()))??)
    }

    pub(crate) async fn close(&self) {
        let closed = self.run(|indexer| {
            indexer.connection = None;
            Ok(())
        });
        // A runtime that is going away closes it by itself.
        let _ = closed.await;
    }
}

#[derive(Debug)]
struct Indexer {
    path: PathBuf,
    /// None before the first step, and after one that failed.
    connection: Option<Connection>,
    sweep: Sweep,
}

/// Going through the orgs, again and again.
#[derive(Debug, Default)]
struct Sweep {
    /// The org that was looked at last.
    after: String,
    /// The version of the file at which nothing was behind. SQLite counts it for each connection,
    /// and counts what others commit.
    done: Option<i64>,
}

/// Blocks of one org's log, made and not written.
#[derive(Debug)]
struct Batch {
    org: OrgId,
    /// How many blocks were in the index when these were made.
    behind: u64,
    blocks: Vec<Block>,
}

impl Indexer {
    /// The connection, opened if need be.
    fn connection(&mut self) -> Result<Connection, Fault> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => {
                self.sweep.done = None;
                open(&self.path)
            }
        }
    }

    fn make(&mut self, org: Option<OrgId>, most: u64) -> Result<Option<Batch>, Fault> {
        let connection = self.connection()?;
        let found = match org {
            Some(org) => Some(org),
            None => self.sweep.next(&connection)?,
        };
        let batch = found.map(|org| batch(&connection, org, most)).transpose()?;
        self.connection = Some(connection);
        Ok(batch.filter(|batch| !batch.blocks.is_empty()))
    }

    /// Writes a batch, unless another process was first; either way there is that much less to do.
    fn write(&mut self, turn: Turn, batch: &Batch) -> Result<usize, Fault> {
        let connection = self.connection()?;
        let written = transaction(&connection, batch);
        drop(turn);
        written?;
        // Beside the writers, so that none of them has to do it in its turn. That somebody else is
        // at it is fine.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        self.connection = Some(connection);
        let entries = u64::try_from(batch.blocks.len()).unwrap_or(u64::MAX);
        Ok(usize::try_from(entries.saturating_mul(BLOCK)).unwrap_or(usize::MAX))
    }
}

impl Sweep {
    /// The next org with a full block that is not in the index.
    fn next(&mut self, connection: &Connection) -> Result<Option<OrgId>, Fault> {
        let version = connection
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        if self.done == Some(version) {
            return Ok(None);
        }
        let behind = |after: &str| -> Result<Option<String>, Fault> {
            let select = "SELECT o.id FROM orgs o LEFT JOIN lookback_logs h ON h.org = o.id
                          WHERE o.id > ?1 AND EXISTS (
                              SELECT 1 FROM entries e WHERE e.org = o.id
                              AND e.idx = (coalesce(h.blocks, 0) + 1) * ?2 - 1)
                          ORDER BY o.id LIMIT 1";
            let mut select = connection.prepare_cached(select)?;
            let found = select.query_row(params![after, column(BLOCK)], |row| row.get(0));
            Ok(found.optional()?)
        };
        let mut found = behind(&self.after)?;
        if found.is_none() && !self.after.is_empty() {
            found = behind("")?;
        }
        let Some(org) = found else {
            self.done = Some(version);
            return Ok(None);
        };
        let id = org.parse()?;
        self.after = org;
        Ok(Some(id))
    }
}

/// Makes the next blocks of an org's log, as many of `most` as are full.
fn batch(connection: &Connection, org: OrgId, most: u64) -> Result<Batch, Fault> {
    let (_, behind) = reach(connection, org)?;
    let size = size(connection, org)?;
    let full = size / BLOCK;
    let mut lookups = Lookups::new(connection, org);
    let blocks = (behind..full.min(behind.saturating_add(most)))
        .map(|number| Block::read(connection, org, number, &mut lookups))
        .collect::<Result<_, _>>()?;
    Ok(Batch {
        org,
        behind,
        blocks,
    })
}

/// The number under which an org's log is in the index, if it is, and how many of its blocks are.
pub(crate) fn reach(connection: &Connection, org: OrgId) -> Result<(Option<i64>, u64), Fault> {
    let found: Option<(i64, i64)> = connection
        .prepare_cached("SELECT no, blocks FROM lookback_logs WHERE org = ?")?
        .query_row([key(org)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        Some((no, blocks)) => Ok((Some(no), count(blocks)?)),
        None => Ok((None, 0)),
    }
}

/// How many entries an org's log has.
pub(crate) fn size(connection: &Connection, org: OrgId) -> Result<u64, Fault> {
    let size = connection
        .prepare_cached("SELECT coalesce(max(idx), -1) + 1 FROM entries WHERE org = ?")?
        .query_row([key(org)], |row| row.get(0))?;
    count(size)
}

fn transaction(connection: &Connection, batch: &Batch) -> Result<(), Fault> {
    let run = |statement| connection.prepare_cached(statement)?.execute([]);
    run("BEGIN IMMEDIATE")?;
    let (_, behind) = reach(connection, batch.org)?;
    if behind != batch.behind {
        run("ROLLBACK")?;
        return Ok(());
    }
    let blocks = u64::try_from(batch.blocks.len()).unwrap_or(u64::MAX);
    let log: i64 = connection
        .prepare_cached(
            "INSERT INTO lookback_logs (org, blocks) VALUES (?, ?)
             ON CONFLICT (org) DO UPDATE SET blocks = excluded.blocks RETURNING no",
        )?
        .query_row(
            params![key(batch.org), column(behind.saturating_add(blocks))],
            |row| row.get(0),
        )?;
    let mut postings = connection.prepare_cached(
        "INSERT INTO lookback_postings (log, term, block, places) VALUES (?, ?, ?, ?)",
    )?;
    let mut outcomes = connection.prepare_cached(
        "INSERT INTO lookback_outcomes (log, request_block, outcome_block, pairs)
         VALUES (?, ?, ?, ?)",
    )?;
    for block in &batch.blocks {
        for (term, places) in &block.postings {
            postings.execute(params![log, term, column(block.number), places])?;
        }
        for (of, pairs) in &block.outcomes {
            outcomes.execute(params![log, column(*of), column(block.number), pairs])?;
        }
    }
    run("COMMIT")?;
    Ok(())
}

fn open(path: &Path) -> Result<Connection, Fault> {
    // One thread at a time has it, so SQLite need not lock it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // What a power cut takes from the index is made again. The syncs of others cover what lies
    // before theirs in the write-ahead log, so nothing that was promised hangs on this.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}
