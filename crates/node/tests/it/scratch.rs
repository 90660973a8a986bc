//! A database in a directory that goes away with the test, and the clocks of a process.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use countersign_node::{BootClock, Clocks, Node, NodeConfig};
use countersign_store::{
    Store,
    conformance::{Backend, Faulty, ManualClock},
};
use countersign_store_sqlite::SqliteStore;

static NEXT: AtomicU64 = AtomicU64::new(0);

pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Self {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("node-{}-{next}", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// Another handle, for a process that starts.
    pub(crate) async fn handle(&self, clock: &Arc<ManualClock>) -> Arc<Faulty<SqliteStore>> {
        Arc::new(Faulty::new(self.open(Arc::clone(clock)).await))
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
        SqliteStore::open(self.0.join("node.db"), clock)
            .await
            .expect("the database opens")
    }
}

/// A clock that stands still: no lease lapses.
struct Still;

impl BootClock for Still {
    fn now(&self) -> u64 {
        1_000
    }
}

/// A process that serves.
pub(crate) async fn serving(store: Arc<dyn Store>, clock: &Arc<ManualClock>) -> Arc<Node> {
    let clocks = Clocks {
        store: Arc::clone(clock) as Arc<dyn countersign_store::Clock>,
        boot: Arc::new(Still),
    };
    let process = format!("proc_{:032x}", 7).parse().expect("an id");
    Node::serving(store, clocks, NodeConfig::new(process))
        .await
        .expect("it starts")
}
