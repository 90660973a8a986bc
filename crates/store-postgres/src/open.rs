//! Opening a database: what it must be, and that nothing stands in between that hands its
//! connections around.

use std::time::Duration;

use tokio::time::timeout;

use crate::{
    connection::{Connection, Connector, Purpose},
    fault::{Fault, told},
    fitness::Unfit,
    migrate::{self, MigrateError},
    whole::Incomplete,
};

/// How long a notification may take from one connection to another.
const NOTIFIED: Duration = Duration::from_secs(5);

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached, or does not let us in.
    #[error("cannot connect to the database: {0}")]
    Connect(String),
    /// It is not one that keeps what was acknowledged.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// It may lack something that was acknowledged.
    #[error(transparent)]
    Incomplete(#[from] Incomplete),
    /// A proxy hands connections from one transaction to the next.
    #[error(
        "there is a proxy before the database that lends a connection for one transaction at a time \
         ({0}): notifications and locks do not pass it. Give the address of the database server \
         itself, or of a pool in session mode"
    )]
    Proxy(String),
    /// The schema is another.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

impl From<Fault> for OpenError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unfit(unfit) => Self::Unfit(unfit),
            Fault::Incomplete(incomplete) => Self::Incomplete(incomplete),
            Fault::Database(error) => Self::Connect(told(&error)),
            other => Self::Connect(other.to_string()),
        }
    }
}

/// Looks at the database and brings its schema forward.
pub(crate) async fn open(connector: &Connector) -> Result<(), OpenError> {
    notice_proxies(connector).await?;
    let connection = connector.connect(Purpose::Migrating).await?;
    migrate::migrate(&connection).await?;
    warn_of_unsynchronised_standbys(&connection).await?;
    Ok(())
}

/// Two connections have two backends, each keeps its own, and one hears what the other notifies.
async fn notice_proxies(connector: &Connector) -> Result<(), OpenError> {
    let proxy = |what: &str| Err(OpenError::Proxy(what.to_owned()));
    let (listening, mut heard) = connector.listening(Purpose::Listening).await?;
    listening.batch("LISTEN countersign_probe").await?;
    let first = backend(&listening).await?;
    let other = connector.connect(Purpose::Writing).await?;
    other.batch("BEGIN").await?;
    let second = backend(&other).await?;
    if first == second {
        return proxy("two connections share a backend");
    }
    if backend(&listening).await? != first {
        return proxy("a connection changes its backend");
    }
    other
        .batch(&format!("NOTIFY countersign_probe, '{second}'; COMMIT"))
        .await?;
    let own = second.to_string();
    let arrives = async {
        while let Some(notification) = heard.recv().await {
            if notification.payload() == own {
                return true;
            }
        }
        false
    };
    match timeout(NOTIFIED, arrives).await {
        Ok(true) => Ok(()),
        _ => proxy("a notification did not arrive"),
    }
}

async fn backend(connection: &Connection) -> Result<i32, Fault> {
    let row = connection.row("SELECT pg_backend_pid()", &[]).await?;
    Ok(row.get(0))
}

/// What is committed here and not there is lost when a standby takes over.
async fn warn_of_unsynchronised_standbys(connection: &Connection) -> Result<(), Fault> {
    let unsynchronised: bool = connection
        .row(
            "SELECT current_setting('synchronous_standby_names') = ''
                    AND EXISTS (SELECT 1 FROM pg_stat_replication)",
            &[],
        )
        .await?
        .get(0);
    if unsynchronised {
        tracing::warn!(
            "the database has standbys and synchronous_standby_names is empty: what was acknowledged is \
             lost if one of them is promoted"
        );
    }
    Ok(())
}
