//! Indexing what was recorded, behind it.

use std::{sync::Arc, time::Duration};

use countersign_store::alike::Complaint;
use tokio::time::sleep;

use crate::Node;

/// How many entries one step takes. More at a time are cheaper each, and keep whoever waits for the
/// turn to write waiting longer.
const STEP: usize = 1_024;
/// Between two steps. What waits to be recorded or revoked goes first meanwhile, and pages lack
/// nothing: they read what is not indexed from the log.
const PAUSE: Duration = Duration::from_millis(50);
/// While nothing is to be done, or the store cannot be reached.
const REST: Duration = Duration::from_secs(1);

/// Keeps the index near the ends of the logs, for as long as the process lives.
pub(crate) async fn index(node: Arc<Node>) {
    let mut complaint = Complaint::default();
    loop {
        let indexed = node.store.index_history(STEP).await;
        if indexed.is_ok() {
            complaint.works();
        }
        let pause = match indexed {
            Ok(0) => REST,
            Ok(_) => PAUSE,
            Err(error) => {
                if let Some(times) = complaint.wrong(&error) {
                    tracing::warn!(
                        %error,
                        times,
                        "what was recorded cannot be indexed now; trying again"
                    );
                }
                REST
            }
        };
        sleep(pause).await;
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use countersign_domain::OrgId;
    use countersign_store::{
        HistoryFilter, HistoryOrder, HistoryQuery, Store,
        conformance::{Backend, ManualClock, World, request},
    };
    use countersign_store_sqlite::SqliteStore;
    use tokio::time::timeout;

    use super::*;
    use crate::{BootClock, Clocks, NodeConfig};

    struct Scratch(PathBuf);

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    impl Backend for Scratch {
        type Store = SqliteStore;

        async fn open(&self, clock: Arc<ManualClock>) -> SqliteStore {
            SqliteStore::open(self.0.join("test.db"), clock)
                .await
                .unwrap()
        }
    }

    struct Stopped;

    impl BootClock for Stopped {
        fn now(&self) -> u64 {
            1
        }
    }

    /// Nobody has to ask for it: what is recorded is indexed while the process serves.
    #[tokio::test]
    async fn a_serving_process_indexes_what_is_recorded() {
        #[allow(clippy::disallowed_methods)] // Unit tests have no directory of their own.
        let directory = std::env::temp_dir();
        let name = format!("countersign-indexer-{}", std::process::id());
        let scratch = Scratch(directory.join(name));
        let world = World::new(&scratch).await;
        let clocks = Clocks {
            store: world.clock.clone(),
            boot: Arc::new(Stopped),
        };
        let store: Arc<dyn Store> = Arc::new(scratch.open(world.clock.clone()).await);
        let process = format!("proc_{:032x}", 1).parse().unwrap();
        let node = Node::serving(Arc::clone(&store), clocks, NodeConfig::new(process));
        let node = node.await.unwrap();
        let live = world.live().await;
        let lease = world.lease().await;
        let drafts = vec![request(live.session); 256];
        for _ in 0..3 {
            world.store.record(lease, &drafts).await.unwrap();
        }
        let indexed = async |org: OrgId| {
            let query = HistoryQuery {
                org,
                filter: HistoryFilter::default(),
                order: HistoryOrder::NewestFirst,
                after: None,
                limit: 1,
            };
            store.history(query).await.unwrap().indexed
        };
        let all = async {
            while indexed(live.org).await < 768 {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(Duration::from_secs(60), all)
            .await
            .expect("it gets there");
        node.stop().await;
    }
}
