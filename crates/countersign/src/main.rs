//! Countersign: customer-approved, read-only, time-limited support access, with everything support
//! does on a log the customer can check.
#![allow(
    clippy::disallowed_methods,
    reason = "clocks, randomness and the environment come in here and are passed on as values"
)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks on its standard streams"
)]

mod cli;
mod client;
mod config;
mod demo;
mod deployment;
mod doorway;
mod host;
mod keys;
mod listener;
mod openid;
mod ports;
mod reference;
mod requests;
mod serve;
mod staff;
mod tls;
mod wiring;

use std::process::ExitCode;

/// A request costs about a hundred small allocations, many of them freed on another thread.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
