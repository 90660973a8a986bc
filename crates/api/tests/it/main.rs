//! The API over its real router, on a real store, by clocks of the tests' own.

mod bad_input;
mod bodies;
mod concurrency;
mod conditions;
mod credentials;
mod directory;
mod document;
mod exports;
mod history;
mod idempotency;
mod import;
mod journey;
mod leaks;
mod limits;
mod listing;
mod live;
mod log;
mod matrix;
mod orgs;
mod probe;
mod public;
mod sessions;
mod stream;
mod upstream;
mod views;
mod world;
