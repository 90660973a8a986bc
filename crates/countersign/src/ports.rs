//! Clocks, ids and randomness of the real world.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::SystemTime,
};

use countersign_app::Ports;
use countersign_domain::{Duration, Timestamp};
use countersign_node::{BootClock, Clocks};
use countersign_store::Clock;
use rustix::time::{ClockId, clock_gettime};
use uuid::Uuid;

/// The system's clock, which the demo can set back while it makes its history.
#[derive(Debug, Default)]
pub(crate) struct WallClock {
    offset_ms: AtomicI64,
}

impl WallClock {
    /// Shows the time that was `ago` before now, from here on.
    pub(crate) fn set_back(&self, ago: Duration) {
        self.offset_ms.store(ago.as_millis(), Ordering::Release);
    }
}

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |span| {
                i64::try_from(span.as_millis()).unwrap_or(i64::MAX)
            });
        Timestamp::from_millis(since_epoch - self.offset_ms.load(Ordering::Acquire))
    }
}

/// The clock that runs on through suspend.
#[derive(Clone, Copy, Debug)]
struct MachineBootClock;

impl BootClock for MachineBootClock {
    fn now(&self) -> u64 {
        let time = clock_gettime(ClockId::Boottime);
        let secs = u64::try_from(time.tv_sec).unwrap_or(0);
        let nanos = u64::try_from(time.tv_nsec).unwrap_or(0);
        secs.saturating_mul(1_000).saturating_add(nanos / 1_000_000)
    }
}

/// The clock that runs on through suspend.
pub(crate) fn boot_clock() -> Arc<dyn BootClock> {
    Arc::new(MachineBootClock)
}

/// The clocks of a process on `wall`.
pub(crate) fn clocks(wall: &Arc<WallClock>) -> Clocks {
    Clocks {
        store: Arc::clone(wall) as Arc<dyn Clock>,
        boot: boot_clock(),
    }
}

/// Ids and randomness from the system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemPorts;

impl Ports for SystemPorts {
    fn uuid(&self) -> [u8; 16] {
        Uuid::now_v7().into_bytes()
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // Without randomness no secret is one: better to stop than to hand out a guessable token.
        aws_lc_rs::rand::fill(&mut bytes).unwrap_or_else(|_| std::process::abort());
        bytes
    }
}
