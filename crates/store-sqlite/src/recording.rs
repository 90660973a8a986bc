//! The thread that records: one connection of its own, on which a batch is one uninterrupted run of
//! prepared statements.
//!
//! Requests are recorded many thousand times more often than anything else is written. Through the
//! pool's asynchronous connections each statement is handed to another thread and back, and on a
//! busy machine waits for a turn on a processor each time; here a batch waits once.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use countersign_store::{Clock, Draft, LeaseEpoch, Unavailable, Verdict};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{fault::Fault, fence, known::Known, open, writer::Turn};

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
            None => connect(&self.path)?,
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

fn connect(path: &Path) -> Result<Connection, Fault> {
    let connection = open::blocking(path)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use countersign_store::{
        Store,
        conformance::{World, request},
    };

    use super::*;
    use crate::scratch::Scratch;

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
        recorder.record(&clock, lease, drafts.clone()).unwrap();
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
            let error = recorder.record(&clock, lease, drafts.clone());
            if let Err(error) = error {
                assert!(error.to_string().contains("full"), "{error}");
                refused += 1;
            }
        }
        assert!(refused > 0, "the disk is full");
        let recorded = 64 * (1 + 4 - refused);
        assert_eq!(world.log(live.org).await.len(), before + recorded);
        limit(&recorder, unlimited);
        recorder.record(&clock, lease, drafts).unwrap();
        let log = world.store.entries(live.org, 0, 10_000).await.unwrap();
        assert_eq!(log.len(), before + recorded + 64);
        assert!((0_u64..).zip(&log).all(|(n, entry)| entry.index == n));
    }
}
