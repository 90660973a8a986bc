//! A connection, its prepared statements, and what the server says without being asked.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, stream};
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_postgres::{
    AsyncMessage, Client, Config, NoTls, Notification, Row, RowStream, Socket, Statement,
    types::ToSql,
};

use crate::{address::Address, fault::Fault, fitness, tls::Tls, volley::Held, whole::Memory};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(5);
/// After how long silence counts as an end, on either side of a network that lost the other.
const SILENCE: Duration = Duration::from_secs(5);

/// Parameters of a statement.
pub(crate) type Bound<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What a connection is for; each has limits of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reading, up to much of it.
    Reading,
    /// Writing. Whoever stands still in the middle loses the connection, and others its locks.
    Writing,
    /// Migrating, which may wait for long.
    Migrating,
    /// Listening.
    Listening,
}

impl Purpose {
    /// Settings of the connection, whatever is set for the role. Not parameters of its start, which
    /// PgBouncer refuses in every mode.
    fn settings(self) -> String {
        let (statement, lock, idle) = match self {
            Self::Reading | Self::Listening => (30_000, 10_000, 10_000),
            Self::Writing => (0, 10_000, 2_000),
            Self::Migrating => (0, 60_000, 60_000),
        };
        // Whoever writes finds every row by an index, whatever is in its parameters: planning that anew each
        // time takes longer than doing it, and a table that was small when it was planned grows. Nothing that
        // we ask is worth being compiled, and what has no index would seem to be.
        let planning = match self {
            Self::Writing => "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;",
            Self::Reading | Self::Listening | Self::Migrating => "",
        };
        format!(
            "{planning}
             SET jit = off;
             SET default_transaction_isolation = 'read committed';
             SET statement_timeout = {statement};
             SET lock_timeout = {lock};
             SET idle_in_transaction_session_timeout = {idle};
             SET idle_session_timeout = 0"
        )
    }
}

/// Makes connections to one database.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
    tls: Option<Arc<ClientConfig>>,
    memory: Option<Arc<Memory>>,
    accepts_loss: bool,
    round_trips: Arc<AtomicU64>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

impl Connector {
    pub(crate) fn new(address: &Address, tls: Option<Arc<ClientConfig>>) -> Self {
        let mut config = address.config.clone();
        config
            .connect_timeout(CONNECT)
            .keepalives(true)
            .keepalives_idle(SILENCE)
            .keepalives_interval(Duration::from_secs(1))
            .keepalives_retries(3)
            .tcp_user_timeout(SILENCE);
        if config.get_application_name().is_none() {
            config.application_name("countersign");
        }
        Self {
            config,
            tls,
            memory: None,
            accepts_loss: false,
            round_trips: Arc::default(),
        }
    }

    /// How many round trips somebody has waited for on connections that it has made, besides those that make
    /// a connection and prepare a statement.
    pub(crate) fn round_trips(&self) -> u64 {
        self.round_trips.load(Ordering::Relaxed)
    }

    /// From now on only to a database that holds what is remembered.
    pub(crate) fn remembering(mut self, memory: Arc<Memory>) -> Self {
        self.memory = Some(memory);
        self
    }

    /// Whose round trips nobody waits for.
    pub(crate) fn uncounted(mut self) -> Self {
        self.round_trips = Arc::default();
        self
    }

    /// To one that may have lost something, and is written to nevertheless.
    pub(crate) fn accepting_loss(mut self) -> Self {
        self.accepts_loss = true;
        self
    }

    /// A connection to a database that is fit to be written to.
    pub(crate) async fn connect(&self, purpose: Purpose) -> Result<Connection, Fault> {
        let (connection, _) = self.listening(purpose).await?;
        Ok(connection)
    }

    /// The same, and what is notified on it.
    pub(crate) async fn listening(
        &self,
        purpose: Purpose,
    ) -> Result<(Connection, mpsc::UnboundedReceiver<Notification>), Fault> {
        let (notified, notifications) = mpsc::unbounded_channel();
        let unreplicated = Arc::new(AtomicU64::new(0));
        let client = match &self.tls {
            Some(tls) => {
                let (client, driver) = self.config.connect(Tls(Arc::clone(tls))).await?;
                tokio::spawn(drive(driver, notified, Arc::clone(&unreplicated)));
                client
            }
            None => {
                let (client, driver) = self.config.connect(NoTls).await?;
                tokio::spawn(drive(driver, notified, Arc::clone(&unreplicated)));
                client
            }
        };
        let mut connection = Connection {
            client,
            statements: Mutex::default(),
            unreplicated,
            under_way: AtomicUsize::new(0),
            round_trips: Arc::default(),
            good: None,
        };
        connection.batch(&purpose.settings()).await?;
        fitness::check(&connection).await?;
        if self.accepts_loss {
            connection
                .batch("SET countersign.accepting_loss = 'on'")
                .await?;
        }
        if let Some(memory) = &self.memory {
            let since = memory.check(&connection).await?;
            connection.good = Some((Arc::clone(memory), since));
        }
        connection.round_trips = Arc::clone(&self.round_trips);
        Ok((connection, notifications))
    }
}

/// Carries what is asked and answered, until either side ends it.
async fn drive<S>(
    mut driver: tokio_postgres::Connection<Socket, S>,
    notified: mpsc::UnboundedSender<Notification>,
    unreplicated: Arc<AtomicU64>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut messages = stream::poll_fn(move |context| driver.poll_message(context));
    while let Some(message) = messages.next().await {
        match message {
            // Nobody listening is the regular case.
            Ok(AsyncMessage::Notification(notification)) => _ = notified.send(notification),
            Ok(AsyncMessage::Notice(notice)) => {
                // By the routine that says so: the words are in the server's language.
                if notice.routine() == Some("SyncRepWaitForLSN") {
                    unreplicated.fetch_add(1, Ordering::AcqRel);
                    tracing::warn!(notice = notice.message(), "a commit was not replicated");
                }
            }
            Ok(_) => {}
            Err(error) => {
                tracing::debug!(error = crate::fault::told(&error), "a connection has ended");
                return;
            }
        }
    }
}

/// A connection to the database. Statements are prepared once.
pub(crate) struct Connection {
    client: Client,
    statements: Mutex<BTreeMap<String, Statement>>,
    unreplicated: Arc<AtomicU64>,
    under_way: AtomicUsize,
    /// Those of all connections that were made alike.
    round_trips: Arc<AtomicU64>,
    /// For as long as the process stays on the server that it leads to.
    good: Option<(Arc<Memory>, u64)>,
}

/// Something has been asked and not been answered yet.
struct UnderWay<'c>(&'c Connection);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::AcqRel);
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connection {
    /// Whether it has ended, or leads to where the process is not any more.
    pub(crate) fn is_closed(&self) -> bool {
        let left = |(memory, since): &(Arc<Memory>, u64)| memory.has_moved(*since);
        self.client.is_closed() || self.good.as_ref().is_some_and(left)
    }

    /// How many commits on it were answered before the standbys had them.
    pub(crate) fn unreplicated(&self) -> u64 {
        self.unreplicated.load(Ordering::Acquire)
    }

    /// What is asked while something else is under way goes along with it; anything else is a round trip
    /// of its own.
    fn asks(&self) -> UnderWay<'_> {
        if self.under_way.fetch_add(1, Ordering::AcqRel) == 0 {
            self.round_trips.fetch_add(1, Ordering::Relaxed);
        }
        UnderWay(self)
    }

    pub(crate) async fn statement(&self, sql: &str) -> Result<Statement, Fault> {
        let known = |statements: &Mutex<BTreeMap<String, Statement>>| {
            let statements = statements.lock().unwrap_or_else(PoisonError::into_inner);
            statements.get(sql).cloned()
        };
        if let Some(statement) = known(&self.statements) {
            return Ok(statement);
        }
        let statement = self.client.prepare(sql).await?;
        let mut statements = self
            .statements
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Asks what is prepared.
    pub(crate) async fn query(
        &self,
        statement: &Statement,
        held: &[Held],
    ) -> Result<Vec<Row>, Fault> {
        let bound: Vec<&(dyn ToSql + Sync)> = held.iter().map(|one| &**one as _).collect();
        let _asks = self.asks();
        Ok(self.client.query(statement, &bound).await?)
    }

    pub(crate) async fn rows(&self, sql: &str, bound: Bound<'_>) -> Result<Vec<Row>, Fault> {
        let statement = self.statement(sql).await?;
        let _asks = self.asks();
        Ok(self.client.query(&statement, bound).await?)
    }

    pub(crate) async fn row(&self, sql: &str, bound: Bound<'_>) -> Result<Row, Fault> {
        let statement = self.statement(sql).await?;
        let _asks = self.asks();
        Ok(self.client.query_one(&statement, bound).await?)
    }

    pub(crate) async fn row_if_any(
        &self,
        sql: &str,
        bound: Bound<'_>,
    ) -> Result<Option<Row>, Fault> {
        let statement = self.statement(sql).await?;
        let _asks = self.asks();
        Ok(self.client.query_opt(&statement, bound).await?)
    }

    /// Rows as they come, for those that are many.
    pub(crate) async fn stream(&self, sql: &str, bound: Bound<'_>) -> Result<RowStream, Fault> {
        let statement = self.statement(sql).await?;
        let bound = bound.to_vec();
        let _asks = self.asks();
        Ok(self.client.query_raw(&statement, bound).await?)
    }

    pub(crate) async fn execute(&self, sql: &str, bound: Bound<'_>) -> Result<u64, Fault> {
        let statement = self.statement(sql).await?;
        let _asks = self.asks();
        Ok(self.client.execute(&statement, bound).await?)
    }

    /// Ends a transaction that has only read, for nobody who waits.
    pub(crate) async fn end_view(&self) -> Result<(), Fault> {
        Ok(self.client.batch_execute("ROLLBACK").await?)
    }

    /// Statements without parameters, in one round trip.
    pub(crate) async fn batch(&self, sql: &str) -> Result<(), Fault> {
        let _asks = self.asks();
        Ok(self.client.batch_execute(sql).await?)
    }
}
