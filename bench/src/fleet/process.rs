//! The other processes: this program again, each with a store and a lease of its own.

use std::{process::Stdio, sync::Arc};

use countersign_domain::ProcessId;
use countersign_node::{Node, NodeConfig};
use countersign_store::Store;
use countersign_store_postgres::{PostgresStore, Time};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, Command},
};
use uuid::Uuid;

use crate::{
    Outcome,
    ports::{WallClock, clocks},
};

/// What a process says when it serves.
const READY: &str = "ready";

/// A process that serves.
pub(crate) async fn node(address: &str) -> Outcome<(Arc<PostgresStore>, Arc<Node>)> {
    let store = PostgresStore::open(&address.parse()?, None, Time::Server).await?;
    let store = Arc::new(store);
    let process = ProcessId::from_uuid(Uuid::now_v7());
    let clocks = clocks(&Arc::new(WallClock::default()));
    let serves: Arc<dyn Store> = Arc::clone(&store) as _;
    let node = Node::serving(serves, clocks, NodeConfig::new(process)).await?;
    Ok((store, node))
}

/// Serves until the input ends.
pub(crate) async fn serve(address: &str) -> Outcome<()> {
    let (store, node) = node(address).await?;
    println!("{READY}");
    let mut rest = vec![];
    tokio::io::stdin().read_to_end(&mut rest).await?;
    node.stop().await;
    store.close().await;
    Ok(())
}

/// Processes that were started, and end when this is dropped.
#[derive(Debug)]
pub(crate) struct Others(Vec<Child>);

impl Others {
    pub(crate) async fn start(address: &str, count: usize) -> Outcome<Self> {
        let mut all = vec![];
        for _ in 0..count {
            let mut child = Command::new(std::env::current_exe()?)
                .args(["--serve", address])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()?;
            let said = child.stdout.take().ok_or("a process without output")?;
            let line = BufReader::new(said).lines().next_line().await?;
            if line.as_deref() != Some(READY) {
                return Err("a process does not serve".into());
            }
            all.push(child);
        }
        Ok(Self(all))
    }

    /// Has them give up their leases.
    pub(crate) async fn stop(self) -> Outcome<()> {
        for mut child in self.0 {
            drop(child.stdin.take());
            child.wait().await?;
        }
        Ok(())
    }
}
