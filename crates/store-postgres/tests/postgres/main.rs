//! The store in a PostgreSQL database, held to the contract and to promises of its own.

mod encrypted;
mod failing;
mod failover;
mod mixed;
mod proxy;
mod round_trips;
mod scratch;
mod starting;
mod telling;

use scratch::Scratch;

countersign_store::conformance_tests!(Scratch::new().await);
