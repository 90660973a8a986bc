//! The process's lease.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use countersign_lease::{Boot, Holder};

use crate::node::locked;

/// The process's lease, with its end where it can be read before each write without waiting for
/// others who read it as well.
#[derive(Debug)]
pub(crate) struct Held {
    holder: Mutex<Holder>,
    /// The holder's, written under its lock.
    until: AtomicU64,
}

impl Held {
    pub(crate) fn new(holder: Holder) -> Self {
        Self {
            until: AtomicU64::new(holder.until()),
            holder: Mutex::new(holder),
        }
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Holder) -> T) -> T {
        let mut holder = locked(&self.holder);
        let answer = change(&mut holder);
        self.until.store(holder.until(), Ordering::Release);
        answer
    }

    /// The epoch under which the process may serve at `now`, if it may.
    pub(crate) fn serving(&self, now: Boot) -> Option<u64> {
        locked(&self.holder).serving(now)
    }

    /// How many milliseconds of the lease are left at `now`; none when it does not hold.
    pub(crate) fn left(&self, now: Boot) -> u64 {
        self.until.load(Ordering::Acquire).saturating_sub(now)
    }
}
