//! The clocks a process needs.

use std::sync::Arc;

use countersign_store::Clock;

/// The machine's boot-time clock: it runs on through suspend and is never set.
pub trait BootClock: Send + Sync + 'static {
    /// Milliseconds since the machine booted.
    fn now(&self) -> countersign_lease::Boot;
}

/// The clocks a process needs.
#[derive(Clone)]
pub struct Clocks {
    /// Store time.
    pub store: Arc<dyn Clock>,
    /// For counting leases.
    pub boot: Arc<dyn BootClock>,
}

impl std::fmt::Debug for Clocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Clocks").finish_non_exhaustive()
    }
}
