//! Opening the file: who may read it, how it is kept, and what it must contain.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::OpenFlags;
use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{courtesy::Courtesy, fault::Fault, shared_disk, writer::Writer};

/// Forward-only, embedded in the binary.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a connection waits for another's lock.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a read waits for a connection.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory or the file could not be made.
    #[error("cannot create {path}: {source}")]
    Create {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Other machines can open it too.
    #[error(
        "{path} is on {file_system}, which other machines can have mounted too: on two machines at once SQLite would \
         destroy the database. Put it on a disk of this machine, or use PostgreSQL"
    )]
    Shared {
        /// The database.
        path: PathBuf,
        /// What it is on.
        file_system: String,
    },
    /// A newer version of the program has been here.
    #[error(
        "the database has migration {0}, which this version does not know: run the newer version"
    )]
    Newer(i64),
    /// A migration could not be applied, or is not the one applied before.
    #[error("cannot migrate the database: {0}")]
    Migration(MigrateError),
    /// The file is not a database, or cannot be read.
    #[error("cannot open the database: {0}")]
    Database(#[from] sqlx::Error),
}

pub(crate) async fn open(path: &Path) -> Result<(Writer, SqlitePool), OpenError> {
    create(path)?;
    // Before SQLite looks at it, which is when it begins to write beside it.
    match shared_disk::below(path) {
        Ok(None) => {}
        Ok(Some(file_system)) => {
            return Err(OpenError::Shared {
                path: path.to_owned(),
                file_system,
            });
        }
        Err(error) => {
            tracing::debug!(%error, "the kernel does not say on what file system the database is");
        }
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .synchronous(SqliteSynchronous::Full);
    let writing = options.clone().journal_mode(SqliteJournalMode::Wal);
    let mut connection = connect(&writing).await?;
    migrate(&mut connection).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(READ_TIMEOUT)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    let courtesy = Courtesy::beside(path);
    Ok((Writer::new(writing, connection, courtesy), readers))
}

/// A connection for a thread that works through many rows in one go.
pub(crate) fn blocking(path: &Path) -> Result<rusqlite::Connection, Fault> {
    // One thread has it, so SQLite need not lock it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Every commit is synced (A7); that the file is in WAL mode is a property of the file.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Makes the file, if it is not there. Nobody but the owner reads what customers and
/// support have done; SQLite gives its write-ahead log the mode of the file.
fn create(path: &Path) -> Result<(), OpenError> {
    let failed = |path: &Path, source| OpenError::Create {
        path: path.to_owned(),
        source,
    };
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| failed(directory, error))?;
    match OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Ok(_) => keep(directory).map_err(|error| failed(directory, error)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(failed(path, error)),
    }
}

/// SQLite syncs what it writes; that the file and its directory are there needs a sync of its own
/// (A7). The directory above may not be ours to read.
fn keep(directory: &Path) -> io::Result<()> {
    let sync = |directory: &Path| File::open(directory).and_then(|opened| opened.sync_all());
    if let Some(above) = directory.parent()
        && let Err(error) = sync(above)
    {
        tracing::debug!(%error, "the directory above the database was not synced");
    }
    sync(directory)
}

/// Of two processes that turn a new file to WAL at once, SQLite refuses one without waiting.
async fn connect(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    const ATTEMPTS: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(50);
    let mut attempt = 1;
    loop {
        match SqliteConnection::connect_with(options).await {
            Err(error) if attempt < ATTEMPTS && is_busy(&error) => {
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            other => return other,
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .and_then(|error| error.code()?.parse::<i32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}

/// sqlx takes no lock on SQLite, so all migrations run in one transaction that holds it.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    MIGRATIONS
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(|error| match error {
            MigrateError::VersionMissing(version) => OpenError::Newer(version),
            other => OpenError::Migration(other),
        })?;
    transaction.commit().await?;
    Ok(())
}
