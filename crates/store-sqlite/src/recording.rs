//! Recording: a connection of its own, on which a batch is one uninterrupted run of prepared
//! statements.
//!
//! Requests are recorded many thousand times more often than anything else is written. Through the
//! pool's asynchronous connections each statement is handed to another thread and back, and on a
//! busy machine waits for a turn on a processor each time; here a batch keeps the thread that it is
//! recorded on.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use countersign_store::{Clock, Draft, LeaseEpoch, Unavailable};
use rusqlite::Connection;

use crate::{
    fault::Fault,
    fence::{self, Recorded},
    known::Known,
    open,
    writer::Turn,
};

/// Prepared statements kept; all of a batch's fit.
const STATEMENTS: usize = 32;

/// Records batches, one at a time.
pub(crate) struct Recording(Mutex<Recorder>);

impl Recording {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(Mutex::new(Recorder {
            path,
            connection: None,
            known: Known::default(),
        }))
    }

    /// Records a batch, durable when this returns. Nothing interrupts it: a caller that goes away
    /// does so before or after.
    pub(crate) fn record(
        &self,
        _turn: Turn,
        clock: &Arc<dyn Clock>,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Recorded, Unavailable> {
        // A panic left no connection behind, and so no half of a batch.
        let mut recorder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(recorder.record(clock, lease, drafts)?)
    }

    /// Closes the connection after the batch that is under way.
    pub(crate) fn close(&self) {
        let mut recorder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recorder.connection = None;
    }
}

struct Recorder {
    path: PathBuf,
    /// None before the first batch, and after one that did not end cleanly.
    connection: Option<Connection>,
    known: Known,
}

impl Recorder {
    /// Records a batch in one transaction, durable when this returns.
    fn record(
        &mut self,
        clock: &Arc<dyn Clock>,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Recorded, Fault> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.path)?,
        };
        let recorded = transaction(&connection, &mut self.known, clock, lease, drafts);
        if recorded.is_err() {
            self.known.clear();
            // Nothing of a failed batch may stay behind in a transaction that is still open.
            if !connection.is_autocommit()
                && let Err(error) = connection.execute_batch("ROLLBACK")
            {
                tracing::warn!(%error, "closing a connection that did not roll back");
                return recorded;
            }
        }
        self.connection = Some(connection);
        recorded
    }
}

fn transaction(
    connection: &Connection,
    known: &mut Known,
    clock: &Arc<dyn Clock>,
    lease: LeaseEpoch,
    drafts: &[Draft],
) -> Result<Recorded, Fault> {
    let run = |statement| connection.prepare_cached(statement)?.execute([]);
    run("BEGIN IMMEDIATE")?;
    let recorded = fence::record(connection, known, clock, lease, drafts)?;
    run("COMMIT")?;
    Ok(recorded)
}

fn connect(path: &Path) -> Result<Connection, Fault> {
    let connection = open::blocking(path)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use countersign_store::{
        Store,
        conformance::{Backend, ManualClock, World, request},
    };

    use super::*;
    use crate::SqliteStore;

    struct Scratch(PathBuf);

    impl Scratch {
        #[allow(clippy::disallowed_methods)] // Unit tests have no directory of their own.
        fn new(name: &str) -> Self {
            let name = format!("countersign-{name}-{}", std::process::id());
            Self(std::env::temp_dir().join(name))
        }

        fn path(&self) -> PathBuf {
            self.0.join("countersign.db")
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    impl Backend for Scratch {
        type Store = SqliteStore;

        async fn open(&self, clock: Arc<ManualClock>) -> SqliteStore {
            SqliteStore::open(self.path(), clock).await.unwrap()
        }
    }

    /// R18: a full disk refuses whole batches, and what was refused leaves nothing behind; with
    /// room again, the same connection goes on.
    #[tokio::test]
    async fn a_full_disk_refuses_whole_batches_and_recovers() {
        let scratch = Scratch::new("full");
        let world = World::new(&scratch).await;
        let live = world.live().await;
        let lease = world.lease().await;
        let before = world.log(live.org).await.len();
        let clock: Arc<dyn Clock> = world.clock.clone();
        let mut recorder = Recorder {
            path: scratch.path(),
            connection: None,
            known: Known::default(),
        };
        let drafts = vec![request(live.session); 64];
        recorder.record(&clock, lease, &drafts).unwrap();
        let limit = |recorder: &Recorder, pages: i64| {
            let connection = recorder.connection.as_ref().unwrap();
            let set = connection
                .pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0));
            set.unwrap()
        };
        // As many as there are: SQLite does not go below that.
        let unlimited = limit(&recorder, i64::from(u32::MAX) - 1);
        limit(&recorder, 1);
        let mut refused = 0;
        for _ in 0..4 {
            let error = recorder.record(&clock, lease, &drafts);
            if let Err(error) = error {
                assert!(error.to_string().contains("full"), "{error}");
                refused += 1;
            }
        }
        assert!(refused > 0, "the disk is full");
        let recorded = 64 * (1 + 4 - refused);
        assert_eq!(world.log(live.org).await.len(), before + recorded);
        limit(&recorder, unlimited);
        recorder.record(&clock, lease, &drafts).unwrap();
        let log = world.store.entries(live.org, 0, 10_000).await.unwrap();
        assert_eq!(log.len(), before + recorded + 64);
        assert!((0_u64..).zip(&log).all(|(n, entry)| entry.index == n));
    }
}
