//! Putting the rooms together.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use countersign_app::{App, Failure, Settings};
use countersign_domain::{Actor, AgentId, OperatorVia, ProcessId, Refusal, SessionId};
use countersign_enforcement::{Entry, EntryRefusal};
use countersign_node::{Node, NodeConfig, StartError};
use countersign_store::Store;
use countersign_store_postgres::{Address, Encryption, OpenError, PostgresStore, Time};
use countersign_store_sqlite::SqliteStore;
use rustls::ClientConfig;
use uuid::Uuid;

use crate::{
    cli::Failed,
    config::{ConfigError, Database},
    ports::{SystemPorts, WallClock, clocks},
    tls,
};

/// Whoever holds the database may configure the deployment.
pub(crate) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

/// Opens the database.
pub(crate) async fn open_store(
    database: &Database,
    wall: &Arc<WallClock>,
) -> Result<Arc<dyn Store>, Failed> {
    match database {
        Database::Sqlite(path) => {
            let store = SqliteStore::open(path, clocks(wall).store).await;
            Ok(Arc::new(store.map_err(|error| of_file(&error, path))?))
        }
        // The server's clock counts: the processes that share it may disagree.
        Database::Postgres(address) => {
            let tls = database_tls(address)?;
            let store = PostgresStore::open(address, tls, Time::Server).await;
            Ok(Arc::new(store.map_err(|error| of_server(&error, address))?))
        }
    }
}

/// Which file it is, where the error does not say so.
fn of_file(error: &countersign_store_sqlite::OpenError, path: &Path) -> Failed {
    use countersign_store_sqlite::OpenError;
    match error {
        OpenError::Create { .. } | OpenError::Shared { .. } => Failed::other(error),
        OpenError::Newer(_) | OpenError::Migration(_) | OpenError::Database(_) => {
            Failed::Other(format!("{}: {error}", path.display()))
        }
    }
}

/// Where the server was looked for, if it was not there.
pub(crate) fn of_server(error: &OpenError, address: &Address) -> Failed {
    match error {
        OpenError::Connect(why) => Failed::Other(format!(
            "cannot connect to the database at {address}: {why}. See to it that the server runs there and lets this \
             user in, or give another address (--database, COUNTERSIGN_DATABASE)"
        )),
        other => Failed::other(other),
    }
}

/// How the connection to a database is encrypted.
pub(crate) fn database_tls(address: &Address) -> Result<Option<Arc<ClientConfig>>, Failed> {
    Ok(match &address.encryption {
        Encryption::Off => None,
        Encryption::Verified { root_cert, client } => Some(
            tls::database_client(root_cert.as_ref(), client.as_ref()).map_err(ConfigError::Tls)?,
        ),
    })
}

/// A process that serves decisions.
pub(crate) async fn serving_node(
    store: &Arc<dyn Store>,
    wall: &Arc<WallClock>,
) -> Result<Arc<Node>, StartError> {
    Node::serving(Arc::clone(store), clocks(wall), fresh_config()).await
}

/// A process that decides nothing.
pub(crate) fn observing_node(store: &Arc<dyn Store>, wall: &Arc<WallClock>) -> Arc<Node> {
    Node::observing(Arc::clone(store), clocks(wall), fresh_config())
}

fn fresh_config() -> NodeConfig {
    NodeConfig::new(ProcessId::from_uuid(Uuid::now_v7()))
}

/// The use cases on a node.
pub(crate) fn app(store: &Arc<dyn Store>, node: Arc<Node>, settings: Settings) -> App {
    App::new(Arc::clone(store), node, Arc::new(SystemPorts), settings)
}

/// Lets a browser into a session at the gateway, and out of it.
#[derive(Debug)]
pub(crate) struct SessionEntry(pub(crate) App);

#[async_trait]
impl Entry for SessionEntry {
    async fn enter(
        &self,
        session: SessionId,
        handover: &str,
        browser: &str,
    ) -> Result<String, EntryRefusal> {
        self.0
            .enter_session(session, handover, browser)
            .await
            .map(|cookie| cookie.expose().to_owned())
            .map_err(|failure| entry_refusal(&failure))
    }

    async fn end(&self, session: SessionId, agent: AgentId) -> Result<(), EntryRefusal> {
        self.0
            .end_session(Actor::Agent { id: agent }, session)
            .await
            .map(|_| ())
            .map_err(|failure| entry_refusal(&failure))
    }
}

fn entry_refusal(failure: &Failure) -> EntryRefusal {
    match failure {
        Failure::Refused(refusal) => EntryRefusal::Refused {
            refusal: refusal.clone(),
            over: matches!(refusal, Refusal::SessionOver | Refusal::SessionNotFound),
        },
        Failure::Busy
        | Failure::Kept
        | Failure::Unavailable(_)
        | Failure::OutcomeUnknown { .. }
        | Failure::EffectUnknown(_) => EntryRefusal::Unavailable,
    }
}
