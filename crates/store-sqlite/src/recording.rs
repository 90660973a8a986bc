//! The thread that records: one connection of its own, on which a batch is one uninterrupted run of
//! prepared statements.
//!
//! Requests are recorded many thousand times more often than anything else is written. Through the
//! pool's asynchronous connections each statement is handed to another thread and back, and on a
//! busy machine waits for a turn on a processor each time; here a batch waits once.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use countersign_store::{Clock, Draft, LeaseEpoch, Unavailable, Verdict};
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{mpsc, oneshot};

use crate::{fault::Fault, fence, known::Known, open::BUSY_TIMEOUT, writer::Turn};

/// Prepared statements kept; all of a batch's fit.
const STATEMENTS: usize = 32;

/// Hands batches to the thread that records.
#[derive(Debug)]
pub(crate) struct Recording {
    path: PathBuf,
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
}

enum Job {
    Record {
        clock: Arc<dyn Clock>,
        lease: LeaseEpoch,
        drafts: Vec<Draft>,
        /// Kept until the transaction is over, also when nobody waits for the answer any more.
        turn: Turn,
        answer: oneshot::Sender<Result<Vec<Verdict>, Fault>>,
    },
    Close(oneshot::Sender<()>),
}

impl Recording {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            jobs: Mutex::default(),
        }
    }

    /// Records a batch. It runs to its end whatever becomes of the caller.
    pub(crate) async fn record(
        &self,
        turn: Turn,
        clock: Arc<dyn Clock>,
        lease: LeaseEpoch,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Verdict>, Unavailable> {
        let (answer, verdicts) = oneshot::channel();
        let job = Job::Record {
            clock,
            lease,
            drafts,
            turn,
            answer,
        };
        let stopped = |_| Unavailable("the thread that records has stopped".to_owned());
        self.jobs()?.send(job).await.map_err(|_| stopped(()))?;
        Ok(verdicts.await.map_err(|_| stopped(()))??)
    }

    /// Closes the connection after the batch that is under way.
    pub(crate) async fn close(&self) {
        let jobs = self
            .jobs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(jobs) = jobs {
            let (closed, done) = oneshot::channel();
            // A thread that has stopped has closed it.
            if jobs.send(Job::Close(closed)).await.is_ok() {
                let _ = done.await;
            }
        }
    }

    /// The way to the thread, which is started if need be.
    fn jobs(&self) -> Result<mpsc::Sender<Job>, Unavailable> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(jobs) = jobs.as_ref().filter(|jobs| !jobs.is_closed()) {
            return Ok(jobs.clone());
        }
        // Batches come one at a time: each has the turn to write.
        let (sender, receiver) = mpsc::channel(1);
        let path = self.path.clone();
        thread::Builder::new()
            .name("recording".to_owned())
            .spawn(move || work(path, receiver))
            .map_err(|error| Unavailable(error.to_string()))?;
        *jobs = Some(sender.clone());
        Ok(sender)
    }
}

fn work(path: PathBuf, mut jobs: mpsc::Receiver<Job>) {
    let mut recorder = Recorder {
        path,
        connection: None,
        known: Known::default(),
    };
    while let Some(job) = jobs.blocking_recv() {
        match job {
            Job::Record {
                clock,
                lease,
                drafts,
                turn,
                answer,
            } => {
                let verdicts = recorder.record(&clock, lease, drafts);
                drop(turn);
                // A caller that has gone away does not wait for its verdicts.
                let _ = answer.send(verdicts);
            }
            Job::Close(closed) => {
                drop(recorder);
                let _ = closed.send(());
                return;
            }
        }
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
        drafts: Vec<Draft>,
    ) -> Result<Vec<Verdict>, Fault> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => open(&self.path)?,
        };
        let verdicts = transaction(&connection, &mut self.known, clock, lease, drafts);
        if verdicts.is_err() {
            self.known.clear();
            // Nothing of a failed batch may stay behind in a transaction that is still open.
            if !connection.is_autocommit()
                && let Err(error) = connection.execute_batch("ROLLBACK")
            {
                tracing::warn!(%error, "closing a connection that did not roll back");
                return verdicts;
            }
        }
        self.connection = Some(connection);
        verdicts
    }
}

fn transaction(
    connection: &Connection,
    known: &mut Known,
    clock: &Arc<dyn Clock>,
    lease: LeaseEpoch,
    drafts: Vec<Draft>,
) -> Result<Vec<Verdict>, Fault> {
    let run = |statement| connection.prepare_cached(statement)?.execute([]);
    run("BEGIN IMMEDIATE")?;
    let verdicts = fence::record(connection, known, clock, lease, drafts)?;
    run("COMMIT")?;
    Ok(verdicts)
}

fn open(path: &PathBuf) -> Result<Connection, Fault> {
    // One thread has it, so SQLite need not lock it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Every commit is synced (A7); that the file is in WAL mode is a property of the file.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}
