//! A process against a real store.

mod scratch;
mod starting;
mod times;
