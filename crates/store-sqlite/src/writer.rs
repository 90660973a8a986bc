//! The one connection that writes.
//!
//! Every write runs as a task of its own: a caller that goes away leaves neither half a
//! transaction nor one whose answer is lost on the connection. A connection that did not end its
//! transaction cleanly is closed, which rolls back, and the next write opens another.

use std::{future::Future, pin::Pin, sync::Arc};

use countersign_store::{AppendError, Unavailable};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::{courtesy::Courtesy, fault::Fault};

/// A future of work on a connection.
pub(crate) type Work<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// Why a write did not happen, or may not have.
#[derive(Debug)]
pub(crate) enum WriteError<E> {
    /// Rolled back, for the work's own reason.
    Work(E),
    /// Nothing was persisted.
    NotPersisted(Fault),
    /// The commit failed in a way that leaves its outcome open.
    Unknown(String),
}

impl From<WriteError<Self>> for AppendError {
    fn from(error: WriteError<Self>) -> Self {
        match error {
            WriteError::Work(error) => error,
            WriteError::NotPersisted(fault) => fault.into(),
            WriteError::Unknown(why) => Self::Unknown(why),
        }
    }
}

impl From<WriteError<Fault>> for Unavailable {
    fn from(error: WriteError<Fault>) -> Self {
        match error {
            WriteError::Work(fault) | WriteError::NotPersisted(fault) => fault.into(),
            WriteError::Unknown(why) => Self(why),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Writer {
    options: SqliteConnectOptions,
    /// Empty while a write is under way, and after one that did not end cleanly.
    idle: Arc<Mutex<Option<SqliteConnection>>>,
    courtesy: Arc<Courtesy>,
}

/// The turn to write, among the writers of this handle: SQLite itself would have one poll for the
/// lock that another holds, and might let it wait for long.
pub(crate) struct Turn(#[allow(dead_code)] OwnedMutexGuard<Option<SqliteConnection>>);

impl Writer {
    /// Waits for the turn, in the order of asking, and lets in who waits elsewhere: to be asked for by
    /// one who comes again at once.
    pub(crate) async fn turn(&self) -> Turn {
        self.courtesy.let_in().await;
        Turn(Arc::clone(&self.idle).lock_owned().await)
    }

    pub(crate) fn new(
        options: SqliteConnectOptions,
        connection: SqliteConnection,
        courtesy: Courtesy,
    ) -> Self {
        Self {
            courtesy: Arc::new(courtesy),
            options,
            idle: Arc::new(Mutex::new(Some(connection))),
        }
    }

    /// Runs `work` in a write transaction: commits what it did if it succeeds, rolls back if not.
    pub(crate) async fn run<T, E, F>(&self, work: F) -> Result<T, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, E> + Send + 'static,
    {
        let writer = self.clone();
        tokio::spawn(async move { writer.transaction(work).await })
            .await
            .unwrap_or_else(|error| Err(WriteError::Unknown(error.to_string())))
    }

    async fn transaction<T, E, F>(&self, work: F) -> Result<T, WriteError<E>>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Work<'c, T, E>,
    {
        let not_persisted = |error: sqlx::Error| WriteError::NotPersisted(error.into());
        let mut idle = self.idle.lock().await;
        let mut connection = match idle.take() {
            Some(connection) => connection,
            None => SqliteConnection::connect_with(&self.options)
                .await
                .map_err(not_persisted)?,
        };
        // Without it the wait may be longer, and that is all.
        let waits = self.courtesy.wait().ok();
        let mut transaction = connection
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(not_persisted)?;
        drop(waits);
        match work(&mut transaction).await {
            Ok(value) => {
                transaction.commit().await.map_err(commit_error)?;
                *idle = Some(connection);
                Ok(value)
            }
            Err(error) => {
                match transaction.rollback().await {
                    Ok(()) => *idle = Some(connection),
                    Err(error) => {
                        tracing::warn!(%error, "closing a connection that did not roll back");
                    }
                }
                Err(WriteError::Work(error))
            }
        }
    }

    /// Closes the connection, which leaves no write-ahead log behind when it is the last one.
    pub(crate) async fn close(&self) {
        if let Some(connection) = self.idle.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "closing the database");
        }
    }
}

/// A commit that found no room or no lock, or whose last page could not be written, has written nothing that
/// recovery would take for a commit. Of any other error that cannot be said: the commit may be in the file and
/// not synced.
fn commit_error<E>(error: sqlx::Error) -> WriteError<E> {
    const BUSY: i32 = 5;
    const FULL: i32 = 13;
    const NOT_WRITTEN: i32 = 10 | (3 << 8);
    const PRIMARY: i32 = 0xff;
    let code = error
        .as_database_error()
        .and_then(|error| error.code()?.parse::<i32>().ok());
    match code.map(|code| (code, code & PRIMARY)) {
        Some((NOT_WRITTEN, _) | (_, BUSY | FULL)) => WriteError::NotPersisted(error.into()),
        _ => WriteError::Unknown(error.to_string()),
    }
}
