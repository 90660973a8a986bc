//! The store in one SQLite file, held to the contract and to promises of its own.

mod anew;
mod claims;
mod file;
mod scratch;

use scratch::Scratch;

countersign_store::conformance_tests!(Scratch::new());
