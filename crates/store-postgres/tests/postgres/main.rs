//! The store in a PostgreSQL database, held to the contract and to promises of its own.

mod encrypted;
mod failing;
mod failover;
mod proxy;
mod scratch;
mod starting;

use scratch::Scratch;

countersign_store::conformance_tests!(Scratch::new().await);
