//! A database for one test.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use countersign_store::conformance::{Backend, ManualClock};
use countersign_store_postgres::{PostgresStore, Time};
use tokio_postgres::{Client, NoTls};

use crate::cluster::Cluster;

static NEXT: AtomicU64 = AtomicU64::new(0);

pub(crate) struct Scratch {
    cluster: Cluster,
    name: String,
}

/// Somebody else's connection.
pub(crate) async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls)
        .await
        .expect("the server answers");
    tokio::spawn(connection);
    client
}

impl Scratch {
    pub(crate) async fn new() -> Self {
        let name = format!(
            "test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let cluster = Cluster::shared();
        let client = connect(&cluster.address("postgres")).await;
        for statement in [
            format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            format!("CREATE DATABASE {name} TEMPLATE template0"),
        ] {
            client.batch_execute(&statement).await.expect(&statement);
        }
        Self { cluster, name }
    }

    pub(crate) fn address(&self) -> String {
        self.cluster.address(&self.name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let address = self.cluster.address("postgres");
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A test's own runtime may not wait here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let client = connect(&address).await;
                client.batch_execute(&drop).await.expect("it is dropped");
            });
        });
        let _ = dropped.join();
    }
}

impl Backend for Scratch {
    type Store = PostgresStore;

    async fn open(&self, clock: Arc<ManualClock>) -> PostgresStore {
        let address = self.address().parse().expect("an address");
        PostgresStore::open(&address, None, Time::Given(clock))
            .await
            .expect("the database opens")
    }
}
