//! The lease and barrier protocol as pure steps (DESIGN section 4).
//!
//! A [`Holder`] knows until when its process may serve; a [`Waiter`] knows when a position is
//! effective in every process. Both count on the boot-time clock of their own machine and never
//! compare instants of two machines.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod holder;
mod store_time;
mod waiter;

pub use holder::Holder;
pub use store_time::StoreTime;
pub use waiter::{LeaseSeen, Reading, RunOut, Step, Waiter};

/// A moment of one machine's boot-time clock, in milliseconds. It runs on through suspend.
pub type Boot = u64;

/// What a waiter adds to a full lease duration for two clocks that run at different rates:
/// one part in twenty, at least 10 ms.
#[must_use]
pub fn margin(duration_ms: u64) -> u64 {
    (duration_ms / 20).max(10)
}
