//! Checkpoints beside the writing.
//!
//! SQLite copies what its write-ahead log holds into the database in the middle of whichever
//! commit finds the log long enough, and syncs the database then: every request that waits for that
//! commit waits for the copying as well. Here another thread copies, while commits go on. It cannot
//! start the log over, which takes a moment without writers; a commit that finds the log much
//! longer still does that, with little left to copy.

use std::{
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::mpsc;

use crate::open::BUSY_TIMEOUT;

/// How many pages the log has when a commit copies: 64 MiB, which a start after a crash reads in a
/// fraction of a second.
pub(crate) const LONGEST_LOG: u32 = 16_384;
/// How many entries are recorded between checkpoints: about 800 pages.
const ENTRIES: usize = 4_096;

/// Has the thread look from time to time. Dropped, it ends the thread and closes its connection.
#[derive(Debug, Default)]
pub(crate) struct Checkpoints {
    written: usize,
    copying: Option<Copying>,
}

#[derive(Debug)]
struct Copying {
    look: mpsc::Sender<()>,
    /// None when there was no thread to be had.
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// So many more entries are in the log.
    pub(crate) fn written(&mut self, entries: usize, path: &Path) {
        self.written += entries;
        if self.written < ENTRIES {
            return;
        }
        self.written = 0;
        let start = || Copying::start(path.to_owned());
        let copying = self.copying.get_or_insert_with(start);
        // It is at it, or could not be started: commits copy, as they would without it.
        let _ = copying.look.try_send(());
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        if let Some(Copying { look, thread }) = self.copying.take() {
            drop(look);
            // A thread that has panicked has closed its connection as well.
            let _ = thread.map(JoinHandle::join);
        }
    }
}

impl Copying {
    fn start(path: PathBuf) -> Self {
        let (look, looks) = mpsc::channel(1);
        let spawned = thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(move || copy(&path, looks));
        if let Err(error) = &spawned {
            tracing::warn!(%error, "commits copy the write-ahead log themselves");
        }
        Self {
            look,
            thread: spawned.ok(),
        }
    }
}

fn copy(path: &Path, mut looks: mpsc::Receiver<()>) {
    let mut connection = None;
    while looks.blocking_recv().is_some() {
        let copied = match &connection {
            Some(connection) => checkpoint(connection),
            None => open(path).and_then(|opened| checkpoint(connection.insert(opened))),
        };
        if let Err(error) = copied {
            tracing::warn!(%error, "the write-ahead log could not be copied; trying again");
            connection = None;
        }
    }
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// As far as it goes without waiting for anybody.
fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}
