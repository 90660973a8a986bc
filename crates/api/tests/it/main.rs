//! The API over its real router, on a real store, by clocks of the tests' own.

mod bad_input;
mod bodies;
mod claims;
mod concurrency;
mod document;
mod journey;
mod leaks;
mod log;
mod matrix;
mod orgs;
mod probe;
mod public;
mod views;
mod world;
