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
mod clients;
mod courtesy;
mod credential_list;
mod credentials;
mod directory;
mod fault;
mod fence;
mod history;
mod kept;
mod keys;
mod known;
mod leases;
mod listing;
mod live;
mod load;
mod log;
mod marks;
mod open;
mod operator_browsers;
mod passkey_store;
mod passkeys;
mod people;
mod recording;
mod session_list;
mod sessions;
mod shared_disk;
mod snapshots;
mod store;
mod tail;
mod versions;
mod writer;

pub use open::OpenError;
pub use store::SqliteStore;
