//! Keeping the write-ahead log short.
//!
//! SQLite moves what has been committed into the file now and then, but begins the log anew only when
//! it finds no reader in it at that moment. Where reads overlap all the time it never does, and the
//! log grows for as long as the load lasts: the disk fills, and who opens the file after a crash
//! reads all of it. So when it has grown long, writers pause until the readers of the moment are
//! through; those that come meanwhile read from the file itself.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use crate::{fault::Fault, open};

/// How long writers may pause for readers. One that takes longer, such as a backup, is let be.
const PATIENCE: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(crate) struct Wal {
    database: PathBuf,
    log: PathBuf,
    limit: u64,
    /// How long it is when it is shortened next; out of reach while that is under way.
    due: AtomicU64,
}

impl Wal {
    /// How long it may become, in bytes: read in some hundredths of a second.
    pub(crate) const LIMIT: u64 = 16 << 20;

    pub(crate) fn new(database: &Path, limit: u64) -> Self {
        let mut log = OsString::from(database);
        log.push("-wal");
        Self {
            database: database.to_owned(),
            log: log.into(),
            limit,
            due: AtomicU64::new(limit),
        }
    }

    /// Whether it is time to shorten it, and yours to do.
    pub(crate) fn is_due(&self) -> bool {
        let due = self.due.load(Ordering::Acquire);
        self.len() >= due
            && self
                .due
                .compare_exchange(due, u64::MAX, Ordering::AcqRel, Ordering::Relaxed)
                .is_ok()
    }

    /// Moves everything into the file and empties it.
    pub(crate) fn shorten(&self) {
        match self.empty() {
            Ok(true) => {}
            Ok(false) => tracing::debug!("the write-ahead log is being read; it grows on"),
            Err(error) => tracing::warn!(%error, "the write-ahead log cannot be shortened"),
        }
        self.due
            .store(self.len().saturating_add(self.limit), Ordering::Release);
    }

    fn empty(&self) -> Result<bool, Fault> {
        let connection = open::blocking(&self.database)?;
        connection.busy_timeout(PATIENCE)?;
        let busy: bool =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(!busy)
    }

    fn len(&self) -> u64 {
        fs::metadata(&self.log).map_or(0, |log| log.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    };

    use countersign_store::{
        Store,
        conformance::{ManualClock, World, request},
    };
    use rusqlite::Connection;

    use super::*;
    use crate::{SqliteStore, scratch::Scratch};

    /// Reads, one begun before the other ends, until told to stop.
    fn read_on_and_on(path: &Path, stop: &AtomicBool) {
        let read = |connection: &Connection| {
            let count = "BEGIN; SELECT count(*) FROM entries";
            connection.execute_batch(count).unwrap();
        };
        let two = [
            Connection::open(path).unwrap(),
            Connection::open(path).unwrap(),
        ];
        read(&two[0]);
        while !stop.load(SeqCst) {
            for (begins, ends) in [(1, 0), (0, 1)] {
                read(&two[begins]);
                two[ends].execute_batch("ROLLBACK").unwrap();
            }
        }
    }

    /// Without being shortened it would have grown by all that is written here.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_log_stays_short_while_reads_overlap_all_the_time() {
        const LIMIT: u64 = 256 << 10;
        let scratch = Scratch::new("wal");
        let clock = Arc::new(ManualClock::default());
        let path = scratch.path();
        let store = SqliteStore::open_limited(&path, clock.clone(), LIMIT);
        let world = World::over(store.await.unwrap(), clock);
        let live = world.live().await;
        let lease = world.lease().await;
        let stop = Arc::new(AtomicBool::new(false));
        let reading = {
            let (path, stop) = (scratch.path(), Arc::clone(&stop));
            tokio::task::spawn_blocking(move || read_on_and_on(&path, &stop))
        };
        let wal = Wal::new(&scratch.path(), LIMIT);
        let drafts = vec![request(live.session); 64];
        let (mut written, mut longest, mut before) = (0, 0, wal.len());
        while written < 16 * LIMIT {
            world.store.record(lease, &drafts).await.unwrap();
            let now = wal.len();
            written += now.saturating_sub(before);
            longest = longest.max(now);
            before = now;
        }
        stop.store(true, SeqCst);
        reading.await.unwrap();
        assert!(longest < 3 * LIMIT, "{longest} bytes");
        world.store.close().await;
    }
}
