//! The store in memory is held to what every store is held to.

use std::sync::Arc;

use countersign_sim::memory::{Memory, Shared};
use countersign_store::conformance::{Backend, ManualClock};

impl Backend for OneStore {
    type Store = Memory;

    async fn open(&self, clock: Arc<ManualClock>) -> Memory {
        self.0.open(clock, false)
    }
}

#[derive(Default)]
struct OneStore(Shared);

countersign_store::conformance_tests!(OneStore::default());
