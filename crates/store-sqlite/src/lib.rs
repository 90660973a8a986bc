//! The store in one SQLite file: embedded, durable at every commit, shared by the processes of one
//! machine.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod addresses;
mod anew;
mod append;
mod browser;
mod credentials;
mod fault;
mod fence;
mod keys;
mod known;
mod leases;
mod listing;
mod live;
mod load;
mod log;
mod marks;
mod open;
mod recording;
#[cfg(test)]
mod scratch;
mod sessions;
mod snapshots;
mod store;
mod tail;
mod versions;
mod wal;
mod writer;

pub use open::OpenError;
pub use store::SqliteStore;
