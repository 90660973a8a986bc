//! Store time, where the store keeps it on a clock of its own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use countersign_domain::{Duration, Timestamp};
use countersign_lease::{Boot, StoreTime};

/// From what difference on somebody is told that a machine's clock is off.
const OFF: i64 = 1_000;

/// The newest reading; none from a store whose clock is this process's.
#[derive(Debug, Default)]
pub(crate) struct StoreClock {
    newest: RwLock<Option<StoreTime>>,
    /// Whether there is one, so that nobody takes the lock to find none.
    any: AtomicBool,
    off: AtomicBool,
}

impl StoreClock {
    /// What is read with a lease is used as long as that lease holds, and no longer.
    pub(crate) fn read(&self, at: Timestamp, sent: Boot, received: Boot, lease: Duration) {
        let used = u64::try_from(lease.as_millis()).unwrap_or(u64::MAX);
        let read = StoreTime::read(at.as_millis(), sent, received, used);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Some(read);
        self.any.store(true, Ordering::Release);
    }

    fn newest(&self) -> Option<StoreTime> {
        self.any
            .load(Ordering::Acquire)
            .then(|| *self.newest.read().unwrap_or_else(PoisonError::into_inner))
            .flatten()
    }

    pub(crate) fn latest(&self, now: Boot) -> Option<Timestamp> {
        let newest = self.newest()?;
        Some(Timestamp::from_millis(newest.latest(now)))
    }

    pub(crate) fn earliest(&self, now: Boot) -> Option<Timestamp> {
        let newest = self.newest()?;
        Some(Timestamp::from_millis(newest.earliest(now)))
    }

    /// Says once when this machine's clock has gone off, and once when it is right again: access does not
    /// depend on it, but certificates and logs do.
    pub(crate) fn compare(&self, at: Timestamp, own: Timestamp) {
        let ahead = own.since(at).as_millis();
        let off = ahead.abs() > OFF;
        if self.off.swap(off, Ordering::Relaxed) == off {
            return;
        }
        if off {
            tracing::warn!(
                ahead_ms = ahead,
                "this machine's clock differs from the database's; access is judged by the database's"
            );
        } else {
            tracing::info!("this machine's clock agrees with the database's again");
        }
    }
}
