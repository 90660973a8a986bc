//! A database in a directory that goes away with the test.

use std::{path::PathBuf, sync::Arc};

use countersign_store::conformance::{Backend, ManualClock};

use crate::SqliteStore;

pub(crate) struct Scratch(PathBuf);

impl Scratch {
    #[allow(clippy::disallowed_methods)] // Unit tests have no directory of their own.
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("countersign-{name}-{}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.join("countersign.db")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Backend for Scratch {
    type Store = SqliteStore;

    async fn open(&self, clock: Arc<ManualClock>) -> SqliteStore {
        SqliteStore::open(self.path(), clock).await.unwrap()
    }
}
