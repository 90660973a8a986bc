//! Throw-away PostgreSQL servers and databases for tests.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "this crate only serves tests"
)]

mod database;
mod pair;
mod server;

pub use database::{Database, connect};
pub use pair::Pair;
pub use server::{Cluster, Own, as_user, base, owned, private};
