//! The gateway with everything but the log: what recording costs is the difference to the product.
//! It shares the product's database and follows its tail; only entries of requests are not written.
//! No part of the product can be told to do this.
#![allow(clippy::print_stdout)]

mod store;

// The very files of the product's binary, so that nothing but recording differs.
#[path = "../../../crates/countersign/src/keys.rs"]
mod keys;
#[allow(dead_code)] // The demo sets its clock back; nothing here does.
#[allow(clippy::disallowed_methods)] // Clocks and randomness come in here, as in the product's binary.
#[path = "../../../crates/countersign/src/ports.rs"]
mod ports;

use std::{error::Error, net::SocketAddr, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use clap::Parser;
use countersign_app::Signer;
use countersign_domain::{AgentId, CalledFrom, OrgId, ProcessId, SessionId};
use countersign_enforcement::{Entry, EntryRefusal, Gateway, GatewayConfig};
use countersign_node::{Node, NodeConfig};
use countersign_store::Store;
use countersign_store_sqlite::SqliteStore;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::{
    keys::ProcessKey,
    ports::{SystemPorts, WallClock, clocks},
    store::Unrecorded,
};

// As in the product's binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
struct Args {
    #[arg(long)]
    database: PathBuf,
    #[arg(long)]
    listen: SocketAddr,
    #[arg(long)]
    public_url: String,
    #[arg(long)]
    gateway_url: String,
    /// The org whose sessions are used: verdicts name it, and nothing is looked up for them.
    #[arg(long)]
    org: OrgId,
}

/// Programs bring their token; no browser comes here.
#[derive(Debug)]
struct NoEntry;

#[async_trait]
impl Entry for NoEntry {
    async fn enter(
        &self,
        _session: SessionId,
        _handover: &str,
        _browser: &str,
        _from: CalledFrom,
    ) -> Result<String, EntryRefusal> {
        Err(EntryRefusal::Unavailable)
    }

    async fn end(
        &self,
        _session: SessionId,
        _agent: AgentId,
        _from: CalledFrom,
    ) -> Result<(), EntryRefusal> {
        Err(EntryRefusal::Unavailable)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let args = Args::parse();
    let wall = Arc::new(WallClock::default());
    let clock = clocks(&wall);
    let sqlite = SqliteStore::open(&args.database, Arc::clone(&clock.store)).await?;
    let store: Arc<dyn Store> =
        Arc::new(Unrecorded::new(sqlite, args.org, Arc::clone(&clock.store)));
    #[allow(clippy::disallowed_methods)] // The id of this process, as in the product's binary.
    let process = ProcessId::from_uuid(Uuid::now_v7());
    let node = Node::serving(Arc::clone(&store), clock, NodeConfig::new(process)).await?;
    let key = ProcessKey::generate().map_err(|_| "no key")?;
    // Published in the product; here nobody verifies.
    let _ = key.public_key();
    let gateway = Arc::new(Gateway::new(
        GatewayConfig {
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            ..GatewayConfig::new(&args.public_url, &args.gateway_url)
        },
        node,
        Arc::new(key),
        Arc::new(SystemPorts),
        Arc::new(NoEntry),
    ));
    let listener = TcpListener::bind(args.listen).await?;
    gateway.serve(listener, std::future::pending()).await?;
    Ok(())
}
