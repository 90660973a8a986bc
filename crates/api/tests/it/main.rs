//! The API over its real router, on a real store, by clocks of the tests' own.

mod bad_input;
mod bodies;
mod concurrency;
mod document;
mod exports;
mod history;
mod journey;
mod leaks;
mod live;
mod log;
mod matrix;
mod orgs;
mod probe;
mod public;
mod views;
mod world;
