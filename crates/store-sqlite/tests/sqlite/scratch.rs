//! A database in a directory that goes away with the test.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use countersign_store::conformance::{Backend, ManualClock};
use countersign_store_sqlite::SqliteStore;

static NEXT: AtomicU64 = AtomicU64::new(0);

pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = format!(
            "sqlite-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// In a directory that is not there yet.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.join("data").join("countersign.db")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Backend for Scratch {
    type Store = SqliteStore;

    async fn open(&self, clock: Arc<ManualClock>) -> SqliteStore {
        SqliteStore::open(self.path(), clock)
            .await
            .expect("the database opens")
    }
}
