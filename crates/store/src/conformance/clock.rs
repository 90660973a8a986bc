//! A clock that moves when a test says so.

use std::sync::atomic::{AtomicI64, Ordering};

use countersign_domain::{Duration, Timestamp};

use crate::Clock;

/// A clock set by hand.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Where it begins: the first moment of 2030.
    pub const START: Timestamp = Timestamp::from_millis(1_893_456_000_000);

    /// Moves on.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.as_millis(), Ordering::SeqCst);
    }

    /// Jumps, also backwards.
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.as_millis(), Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self(AtomicI64::new(Self::START.as_millis()))
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
