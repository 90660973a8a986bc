//! Transactions that write.
//!
//! Every write runs as a task of its own: a caller that goes away leaves neither half a transaction
//! nor one whose answer is lost on the connection. A connection that did not end its transaction
//! cleanly is closed, which rolls back.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use countersign_store::{AppendError, Unavailable};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};
use tokio_postgres::error::Severity;

use crate::{
    connection::{Connection, Connector, Purpose},
    fault::Fault,
    volley::{Answers, Volley},
};

/// How long a commit may take: a standby that has to confirm it may be away.
const COMMIT: Duration = Duration::from_secs(15);
/// How long a write waits for those of this process before it.
const WAIT: Duration = Duration::from_secs(10);
/// How many writes of this process are under way at once. Those that take the position lock wait
/// for each other anyway.
const AT_ONCE: usize = 3;

/// A future of work on a connection.
pub(crate) type Work<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// What a transaction takes before it reads, in this order; the locks of logs come behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locks {
    /// Nothing: its statements see to themselves.
    Nothing,
    /// Among those that begin or end ceremonies.
    Ceremonies,
    /// The position lock, which whoever appends holds.
    Position,
    /// The revocation lock, exclusively, and the position lock.
    RevocationAndPosition,
}

impl Locks {
    fn take(self) -> &'static [&'static str] {
        const POSITION: &str = "SELECT 1 FROM meta FOR UPDATE";
        match self {
            Self::Nothing => &[],
            Self::Ceremonies => &["SELECT pg_advisory_xact_lock(4851247380218)"],
            Self::Position => &[POSITION],
            Self::RevocationAndPosition => &["SELECT lock_revocation()", POSITION],
        }
    }
}

/// Why a write did not happen, or may not have.
#[derive(Debug)]
pub(crate) enum WriteError<T, E> {
    /// Rolled back, for the work's own reason.
    Work(E),
    /// Nothing was persisted.
    NotPersisted(Fault),
    /// The commit failed in a way that leaves its outcome open; with what it would have come to.
    Unknown(String, Option<T>),
}

impl<T> From<WriteError<T, Self>> for AppendError {
    fn from(error: WriteError<T, Self>) -> Self {
        match error {
            WriteError::Work(error) => error,
            WriteError::NotPersisted(fault) => fault.into(),
            WriteError::Unknown(why, _) => Self::Unknown(why),
        }
    }
}

impl<T> From<WriteError<T, Fault>> for Unavailable {
    fn from(error: WriteError<T, Fault>) -> Self {
        match error {
            WriteError::Work(fault) | WriteError::NotPersisted(fault) => fault.into(),
            WriteError::Unknown(why, _) => Self(why),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Writer {
    connector: Connector,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Writer {
    pub(crate) fn new(connector: Connector) -> Self {
        Self {
            connector,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            idle: Arc::default(),
        }
    }

    /// Runs `work` in a write transaction: commits what it did if it succeeds, rolls back if not.
    pub(crate) async fn run<T, E, F>(&self, locks: Locks, work: F) -> Result<T, WriteError<T, E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: for<'c> FnOnce(&'c Connection) -> Work<'c, T, E> + Send + 'static,
    {
        let writer = self.clone();
        tokio::spawn(async move { writer.transaction(locks, work).await })
            .await
            .unwrap_or_else(|error| Err(WriteError::Unknown(error.to_string(), None)))
    }

    /// Runs what looks at something and then writes, each at once: `asks` goes out with the locks, and
    /// what `judge` makes of the answers goes out with the commit.
    pub(crate) async fn run_at_once<T, E, F>(
        &self,
        locks: Locks,
        asks: Volley,
        judge: F,
    ) -> Result<T, WriteError<T, E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: FnOnce(Answers) -> Result<(Volley, T), E> + Send + 'static,
    {
        let writer = self.clone();
        tokio::spawn(async move { writer.two_volleys(locks, asks, judge).await })
            .await
            .unwrap_or_else(|error| Err(WriteError::Unknown(error.to_string(), None)))
    }

    async fn transaction<T, E, F>(&self, locks: Locks, work: F) -> Result<T, WriteError<T, E>>
    where
        F: for<'c> FnOnce(&'c Connection) -> Work<'c, T, E>,
    {
        let _place = self.place().await.map_err(WriteError::NotPersisted)?;
        let begun = self.begin(locks, Volley::default()).await;
        let (connection, begun) = begun.map_err(WriteError::NotPersisted)?;
        if let Err(fault) = begun {
            self.roll_back(connection).await;
            return Err(WriteError::NotPersisted(fault));
        }
        match work(&connection).await {
            Ok(value) => {
                let committed = commit(&connection, Volley::default()).await;
                self.committed(connection, value, committed).await
            }
            Err(error) => {
                self.roll_back(connection).await;
                Err(WriteError::Work(error))
            }
        }
    }

    async fn two_volleys<T, E>(
        &self,
        locks: Locks,
        asks: Volley,
        judge: impl FnOnce(Answers) -> Result<(Volley, T), E>,
    ) -> Result<T, WriteError<T, E>> {
        let _place = self.place().await.map_err(WriteError::NotPersisted)?;
        let (connection, found) = self
            .begin(locks, asks)
            .await
            .map_err(WriteError::NotPersisted)?;
        let judged = found
            .map_err(WriteError::NotPersisted)
            .and_then(|found| judge(found).map_err(WriteError::Work));
        match judged {
            Ok((writes, value)) => {
                let committed = commit(&connection, writes).await;
                self.committed(connection, value, committed).await
            }
            Err(error) => {
                self.roll_back(connection).await;
                Err(error)
            }
        }
    }

    async fn committed<T, E>(
        &self,
        connection: Connection,
        value: T,
        committed: Result<(), Uncommitted>,
    ) -> Result<T, WriteError<T, E>> {
        match committed {
            Ok(()) => {
                self.keep(connection);
                Ok(value)
            }
            Err(Uncommitted::RolledBack(fault)) => {
                self.roll_back(connection).await;
                Err(WriteError::NotPersisted(fault))
            }
            Err(Uncommitted::Unknown(why)) => Err(WriteError::Unknown(why, Some(value))),
        }
    }

    async fn roll_back(&self, connection: Connection) {
        if let Err(error) = connection.batch("ROLLBACK").await {
            tracing::warn!(%error, "closing a connection that did not roll back");
        } else {
            self.keep(connection);
        }
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, Fault> {
        timeout(WAIT, self.places.acquire())
            .await
            .map_err(|_| Fault::Late(WAIT.as_secs()))?
            .map_err(|_| Fault::Caller("the store is closed".into()))
    }

    /// A connection on which a transaction has begun, and what was found once its locks were taken. One that
    /// ended while nobody used it is no reason to fail.
    async fn begin(
        &self,
        locks: Locks,
        asks: Volley,
    ) -> Result<(Connection, Result<Answers, Fault>), Fault> {
        let mut volley = Volley::default();
        volley.push("BEGIN", vec![]);
        for lock in locks.take() {
            volley.push(*lock, vec![]);
        }
        volley.extend(asks);
        while let Some(connection) = self.pop() {
            if connection.is_closed() {
                continue;
            }
            if let Ok(found) = connection.begin(&volley).await {
                return Ok((
                    connection,
                    found.map(|found| found.after(locks.take().len())),
                ));
            }
        }
        let connection = self.connector.connect(Purpose::Writing).await?;
        let found = connection.begin(&volley).await?;
        Ok((
            connection,
            found.map(|found| found.after(locks.take().len())),
        ))
    }

    fn pop(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.pop()
    }

    fn keep(&self, connection: Connection) {
        if !self.places.is_closed() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
        }
    }

    /// Closes the connections, after the writes that are under way.
    pub(crate) async fn close(&self) {
        let most = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        // Closed for others only after those who are in have come out.
        let _all = self.places.acquire_many(most).await;
        self.places.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// Why a commit was not answered as one.
#[derive(Debug)]
pub(crate) enum Uncommitted {
    /// The server rolled back, and said why.
    RolledBack(Fault),
    /// It cannot be said whether it was committed, or whether it will survive this server.
    Unknown(String),
}

/// Commits the transaction that a connection is in, together with the last that it writes. A wait for
/// standbys that somebody cancelled is answered as a commit, and is none that lasts: a failover may lose it.
pub(crate) async fn commit(connection: &Connection, mut last: Volley) -> Result<(), Uncommitted> {
    if connection.is_closed() {
        let ended = "the connection ended before anything was committed";
        return Err(Uncommitted::RolledBack(Fault::Caller(ended.to_owned())));
    }
    let before = connection.unreplicated();
    last.push("COMMIT", vec![]);
    // Whatever cannot even be prepared has not been sent, and the commit has not either.
    let mut sent = connection
        .send(&last)
        .await
        .map_err(Uncommitted::RolledBack)?;
    let mut failed = None;
    while sent.left() > 1 {
        if let Some(Err(fault)) = sent.next().await {
            failed.get_or_insert(fault);
        }
    }
    let answer = timeout(COMMIT, sent.next()).await;
    // A transaction in which something has failed is rolled back by its COMMIT, which succeeds in that. If
    // what failed is the connection, the commit may have come through nevertheless.
    if let Some(fault) = failed {
        return Err(judged(fault));
    }
    match answer {
        Ok(Some(Ok(_))) if connection.unreplicated() == before => Ok(()),
        Ok(Some(Err(fault))) => Err(judged(fault)),
        Ok(_) => Err(Uncommitted::Unknown(
            "no standby has confirmed the commit".to_owned(),
        )),
        Err(_) => Err(Uncommitted::Unknown(
            Fault::Late(COMMIT.as_secs()).to_string(),
        )),
    }
}

/// An error that leaves the connection as it was has rolled back; whatever ends the connection may
/// have come before the commit or after.
pub(crate) fn judged(fault: Fault) -> Uncommitted {
    let rolled_back = fault
        .said()
        .is_some_and(|said| said.parsed_severity() == Some(Severity::Error));
    if rolled_back {
        Uncommitted::RolledBack(fault)
    } else {
        Uncommitted::Unknown(fault.to_string())
    }
}
