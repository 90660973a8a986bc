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
mod append;
mod browser;
mod credentials;
mod fault;
mod fence;
mod keys;
mod known;
mod leases;
mod listing;
mod load;
mod log;
mod marks;
mod open;
mod passkey_store;
mod passkeys;
mod recording;
mod snapshots;
mod store;
mod tail;
mod versions;
mod writer;

pub use open::OpenError;
pub use store::SqliteStore;
