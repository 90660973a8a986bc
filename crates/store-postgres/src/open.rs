//! Opening a database: what it must be, and that nothing stands in between that hands its
//! connections around.

use std::{sync::Arc, time::Duration};

use countersign_store::Unavailable;
use rustls::ClientConfig;
use tokio::time::timeout;

use crate::{
    PostgresStore,
    address::Address,
    connection::{Connection, Connector, Purpose},
    fault::{Fault, told},
    fitness::Unfit,
    marks::Time,
    migrate::{self, MigrateError},
    whole::{self, Incomplete, Memory, Status},
    writer::Locks,
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
    /// Two connections lead to two databases.
    #[error(
        "the address of the database leads to two servers ({one}, {other}), now to one and now to the other: a name with \
         several addresses, a proxy or a list of hosts mixes them up. Give an address that leads to one; where a \
         standby may take over, only one of them may be writable"
    )]
    Several {
        /// One server and its timeline.
        one: String,
        /// The other.
        other: String,
    },
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
    let (one, another) = (server(&listening).await?, server(&other).await?);
    if one != another {
        return Err(OpenError::Several {
            one,
            other: another,
        });
    }
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

/// Before there is a schema with a function for it.
async fn server(connection: &Connection) -> Result<String, Fault> {
    let row = connection
        .row(
            "SELECT s.system_identifier || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
             FROM pg_control_system() s",
            &[],
        )
        .await?;
    Ok(row.try_get(0)?)
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

/// There is no loss to accept: the database holds everything that anybody remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is nothing to accept: as far as any process knows, the database holds all that was acknowledged. If it \
     was restored from an older copy, say so with --restored"
)]
pub struct NothingLost;

impl PostgresStore {
    /// Opens the database, having looked that it keeps what it acknowledges, and brings its schema
    /// forward. `tls` is used where the address asks for encryption.
    ///
    /// # Errors
    /// [`OpenError`]: it cannot be reached, is not fit, has a proxy before it that lends
    /// connections, or cannot be migrated.
    pub async fn open(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
        time: Time,
    ) -> Result<Self, OpenError> {
        let connector = Connector::new(address, tls);
        open(&connector).await?;
        let memory = Arc::new(Memory::default());
        let connector = connector.remembering(Arc::clone(&memory));
        connector.connect(Purpose::Reading).await?;
        Ok(Self::over(connector, memory, time))
    }

    /// Opens a database that may have lost something, so as to end what was being served and then to go
    /// on from what is there with [`Self::accept_loss`]. Where it seems whole, only if it is known to have been
    /// `restored`: an older copy of its own files is the same server, and nobody may be left who remembers.
    ///
    /// # Errors
    /// [`OpenError`], and [`NothingLost`] when there is nothing to accept.
    pub async fn open_after_loss(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
        time: Time,
        restored: bool,
    ) -> Result<Result<Self, NothingLost>, OpenError> {
        let connector = Connector::new(address, tls);
        open(&connector).await?;
        let connector = connector.accepting_loss();
        let store = Self::over(connector, Arc::default(), time);
        let status = store.status().await?;
        let lossy = restored || status.incomplete().is_some();
        Ok(lossy.then_some(store).ok_or(NothingLost))
    }

    /// How the database at an address stands, whether it is fit to be served from or not.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn status_of(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
    ) -> Result<Status, OpenError> {
        let connector = Connector::new(address, tls);
        open(&connector).await?;
        let connection = connector.connect(Purpose::Reading).await?;
        Ok(Status::read(&connection).await?)
    }

    /// An operator's word that the server before is stopped for good, and that its commits waited for this one
    /// to the last. Answers with how it stands then: those who were serving still have to look.
    ///
    /// # Errors
    /// [`OpenError`]; [`Incomplete`] when the word is not enough.
    pub async fn take_over(
        address: &Address,
        tls: Option<Arc<ClientConfig>>,
    ) -> Result<Status, OpenError> {
        let connector = Connector::new(address, tls);
        open(&connector).await?;
        let connection = connector.connect(Purpose::Writing).await?;
        whole::take_over(&connection).await.map_err(OpenError::from)
    }

    async fn status(&self) -> Result<Status, Fault> {
        let line = self.looks.get().await?;
        Status::read(&line).await
    }

    /// Goes on from what is there: processes that ran before have to be started again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn accept_loss(&self) -> Result<(), Unavailable> {
        self.write(Locks::RevocationAndPosition, |connection| {
            Box::pin(async move {
                connection.execute("SELECT accept_loss()", &[]).await?;
                Ok(())
            })
        })
        .await
    }
}
