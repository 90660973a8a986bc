//! The clocks: one that is true, which nobody can read, and everybody's own.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use countersign_domain::{Duration, Timestamp};
use countersign_node::BootClock;
use countersign_store::Clock;
use tokio::time::Instant;

use super::chance::Chance;

/// How far a clock's rate may be off, in millionths: two of them by less than one in twenty, which is
/// what the protocol allows.
const OFF: u64 = 22_000;

/// When a simulation begins, by the store's clock.
pub(super) const BEGIN: Timestamp = Timestamp::from_millis(1_893_456_000_000);

/// Counts true time from the beginning of a simulation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Truth(Instant);

impl Truth {
    #[allow(clippy::disallowed_methods)] // The runtime's clock is simulated too.
    pub(super) fn begins() -> Self {
        Self(Instant::now())
    }

    /// True milliseconds since the beginning.
    #[allow(clippy::disallowed_methods)] // The runtime's clock is simulated too.
    pub(super) fn elapsed(self) -> u64 {
        let elapsed = Instant::now().saturating_duration_since(self.0);
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    }
}

/// A clock that runs a little fast or slow.
#[derive(Clone, Copy, Debug)]
struct Rate {
    truth: Truth,
    millionths: u64,
}

impl Rate {
    fn new(truth: Truth, chance: &Chance) -> Self {
        let millionths = 1_000_000 - OFF + chance.below(2 * OFF + 1);
        Self { truth, millionths }
    }

    fn elapsed(self) -> u64 {
        self.truth.elapsed() * self.millionths / 1_000_000
    }
}

fn signed(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX)
}

/// The store's own clock.
#[derive(Debug)]
pub(super) struct StoreClock(Rate);

impl StoreClock {
    pub(super) fn new(truth: Truth, chance: &Chance) -> Self {
        Self(Rate::new(truth, chance))
    }
}

impl Clock for StoreClock {
    fn now(&self) -> Timestamp {
        BEGIN.plus(Duration::from_millis(signed(self.0.elapsed())))
    }
}

/// A machine's boot-time clock.
#[derive(Debug)]
pub(super) struct Machine {
    rate: Rate,
    booted: u64,
    stood: Mutex<Stood>,
}

/// How long a clock has stood still, as none does that counts leases.
#[derive(Clone, Copy, Debug, Default)]
struct Stood {
    since: Option<u64>,
    before: u64,
}

impl Machine {
    pub(super) fn new(truth: Truth, chance: &Chance) -> Self {
        Self {
            rate: Rate::new(truth, chance),
            booted: chance.within(1_000, 1_000_000_000),
            stood: Mutex::default(),
        }
    }

    fn stood(&self) -> MutexGuard<'_, Stood> {
        self.stood.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stands still, or goes on as if no time had passed.
    pub(super) fn stands(&self, still: bool) {
        let now = self.rate.elapsed();
        let mut stood = self.stood();
        if still {
            stood.since.get_or_insert(now);
        } else if let Some(since) = stood.since.take() {
            stood.before += now - since;
        }
    }
}

impl BootClock for Machine {
    fn now(&self) -> u64 {
        let stood = *self.stood();
        let now = stood.since.unwrap_or_else(|| self.rate.elapsed());
        self.booted + now - stood.before
    }
}

/// A machine's wall clock, which somebody may set.
#[derive(Debug)]
pub(super) struct Wall {
    truth: Truth,
    off: AtomicI64,
}

impl Wall {
    pub(super) fn new(truth: Truth, chance: &Chance) -> Arc<Self> {
        let wall = Self {
            truth,
            off: AtomicI64::new(0),
        };
        wall.step(chance);
        Arc::new(wall)
    }

    /// Sets it, to within about an hour of what it should be.
    pub(super) fn step(&self, chance: &Chance) {
        const FAR: u64 = 4_000_000;
        let off = signed(chance.below(2 * FAR)) - signed(FAR);
        self.off.store(off, Ordering::Relaxed);
    }
}

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        let off = self.off.load(Ordering::Relaxed);
        BEGIN.plus(Duration::from_millis(signed(self.truth.elapsed()) + off))
    }
}
