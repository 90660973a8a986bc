//! Indexing behind the log: blocks are made from what is committed, beside the writers, and written
//! in a transaction that waits for nobody but another process's indexing.

use countersign_domain::OrgId;
use tokio::sync::Mutex;

use super::{
    BLOCK,
    block::{Block, Rows},
    key,
    lookups::Lookups,
};
use crate::{
    connection::Connection,
    fault::{Fault, column, count},
    readers::Readers,
    writer::{Locks, WriteError, Writer},
};

/// One step at a time; in it, the org that was looked at last.
#[derive(Debug, Default)]
pub(crate) struct Indexing {
    after: Mutex<String>,
}

/// Blocks of one org's log, made and not written.
#[derive(Debug)]
struct Batch {
    org: OrgId,
    /// How many blocks were in the index when these were made.
    behind: u64,
    blocks: Vec<Block>,
}

impl Indexing {
    /// Indexes at most `blocks` blocks of one org's log, of `org`'s or of whichever is behind;
    /// answers how many entries that were.
    pub(crate) async fn step(
        &self,
        readers: &Readers,
        writer: &Writer,
        org: Option<OrgId>,
        blocks: u64,
    ) -> Result<usize, Fault> {
        let mut after = self.after.lock().await;
        // Held until the step is over, and with it the turn.
        let view = readers.view().await?;
        let found = match org {
            Some(org) => Some(org),
            None if takes_turn(&view).await? => next(&view, &mut after).await?,
            None => None,
        };
        let indexed = match found {
            Some(org) => write_down(writer, make(&view, org, blocks).await?).await,
            None => Ok(0),
        };
        view.end().await;
        indexed
    }
}

/// Writes what was made; answers how many entries that were.
async fn write_down(writer: &Writer, batch: Batch) -> Result<usize, Fault> {
    let made = batch.blocks.len();
    if made == 0 {
        return Ok(0);
    }
    let written = writer.run::<(), Fault, _>(Locks::Nothing, move |connection| {
        Box::pin(async move { write(connection, &batch).await })
    });
    written.await.map_err(|error| match error {
        WriteError::Work(fault) | WriteError::NotPersisted(fault) => fault,
        WriteError::Unknown(why, _) => Fault::Caller(why),
    })?;
    let entries = u64::try_from(made)
        .unwrap_or(u64::MAX)
        .saturating_mul(BLOCK);
    Ok(usize::try_from(entries).unwrap_or(usize::MAX))
}

/// Whether no other process is at it: what all of them make, one can write. Whoever asks for an org's needs it,
/// and takes no turn.
async fn takes_turn(connection: &Connection) -> Result<bool, Fault> {
    connection
        .value("SELECT pg_try_advisory_xact_lock(4851247380220)", &[])
        .await
}

/// The next org with a full block that is not in the index, going around.
async fn next(connection: &Connection, after: &mut String) -> Result<Option<OrgId>, Fault> {
    let found: Option<String> = connection
        .value_if_any(
            "SELECT l.org FROM logs l LEFT JOIN lookback_logs h ON h.org = l.org
             WHERE l.next / $2 > coalesce(h.blocks, 0)
             ORDER BY l.org <= $1, l.org LIMIT 1",
            &[after, &column(BLOCK)],
        )
        .await?;
    let Some(org) = found else {
        return Ok(None);
    };
    let id = org.parse()?;
    *after = org;
    Ok(Some(id))
}

/// Makes the next blocks of an org's log, as many of `most` as are full.
async fn make(connection: &Connection, org: OrgId, most: u64) -> Result<Batch, Fault> {
    let (_, behind) = reach(connection, org).await?;
    let full = size(connection, org).await? / BLOCK;
    let mut lookups = Lookups::new(connection, org);
    let mut blocks = vec![];
    for number in behind..full.min(behind.saturating_add(most)) {
        blocks.push(Block::read(connection, org, number, &mut lookups).await?);
    }
    Ok(Batch {
        org,
        behind,
        blocks,
    })
}

/// The number under which an org's log is in the index, if it is, and how many of its blocks are.
pub(crate) async fn reach(
    connection: &Connection,
    org: OrgId,
) -> Result<(Option<i64>, u64), Fault> {
    let found: Option<(i64, i64)> = connection
        .any(
            "SELECT no, blocks FROM lookback_logs WHERE org = $1",
            &[&key(org)],
        )
        .await?;
    match found {
        Some((no, blocks)) => Ok((Some(no), count(blocks)?)),
        None => Ok((None, 0)),
    }
}

/// How many entries an org's log has.
pub(crate) async fn size(connection: &Connection, org: OrgId) -> Result<u64, Fault> {
    let size: Option<i64> = connection
        .value_if_any("SELECT next FROM logs WHERE org = $1", &[&key(org)])
        .await?;
    count(size.unwrap_or(0))
}

/// Writes a batch, unless another process was first; either way there is that much less to do.
async fn write(connection: &Connection, batch: &Batch) -> Result<(), Fault> {
    // What a crash takes from the index is made again.
    connection
        .batch("SET LOCAL synchronous_commit = off")
        .await?;
    let org = key(batch.org);
    connection
        .execute(
            "INSERT INTO lookback_logs (org, blocks) VALUES ($1, 0) ON CONFLICT (org) DO NOTHING",
            &[&org],
        )
        .await?;
    let (log, behind): (i64, i64) = connection
        .one(
            "SELECT no, blocks FROM lookback_logs WHERE org = $1 FOR UPDATE",
            &[&org],
        )
        .await?;
    if count(behind)? != batch.behind {
        return Ok(());
    }
    let blocks = u64::try_from(batch.blocks.len()).unwrap_or(u64::MAX);
    connection
        .execute(
            "UPDATE lookback_logs SET blocks = $2 WHERE no = $1",
            &[&log, &column(batch.behind.saturating_add(blocks))],
        )
        .await?;
    let rows = Rows::of(&batch.blocks);
    connection
        .execute(
            "INSERT INTO lookback_postings (log, term, block, places)
             SELECT $1, u.* FROM unnest($2::text[], $3::bigint[], $4::bytea[]) AS u",
            &[&log, &rows.terms, &rows.blocks, &rows.places],
        )
        .await?;
    connection
        .execute(
            "INSERT INTO lookback_outcomes (log, request_block, outcome_block, pairs)
             SELECT $1, u.* FROM unnest($2::bigint[], $3::bigint[], $4::bytea[]) AS u",
            &[
                &log,
                &rows.request_blocks,
                &rows.outcome_blocks,
                &rows.pairs,
            ],
        )
        .await?;
    Ok(())
}
