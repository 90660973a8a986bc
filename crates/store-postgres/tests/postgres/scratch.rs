//! A database for one test.

use std::{ops::Deref, sync::Arc};

use countersign_cluster::Database;
use countersign_store::conformance::{Backend, ManualClock};
use countersign_store_postgres::{PostgresStore, Time};

pub(crate) struct Scratch(Database);

impl Scratch {
    pub(crate) async fn new() -> Self {
        Self(Database::fresh(env!("CARGO_TARGET_TMPDIR")).await)
    }
}

impl Deref for Scratch {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.0
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
