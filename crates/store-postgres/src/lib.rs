//! The store in a PostgreSQL database: shared by any number of serving processes, durable at every
//! commit, and followed by all of them along one tail.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod address;
mod addresses;
mod append;
mod batch;
mod bound;
mod browser;
mod clients;
mod connection;
mod credential_list;
mod credentials;
mod directory;
mod fault;
mod fence;
mod fitness;
mod herald;
mod history;
mod kept;
mod keys;
mod known;
mod leases;
mod line;
mod listener;
mod listing;
mod live;
mod load;
mod log;
mod marks;
mod migrate;
mod open;
mod operator_browsers;
mod passkey_store;
mod passkeys;
mod people;
mod readers;
mod recording;
mod rows;
mod session_list;
mod sessions;
mod settle;
mod snapshots;
mod sql;
mod store;
mod tail;
mod tls;
mod versions;
mod volley;
mod whole;
mod writer;

pub use address::{Address, AddressError, Encryption};
pub use fitness::Unfit;
pub use marks::Time;
pub use migrate::MigrateError;
pub use open::{NothingLost, OpenError};
pub use store::PostgresStore;
pub use whole::{Incomplete, Standing, Status};
