//! Driving the real binary.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "this crate only serves tests, which look the binary up in the environment"
)]

mod binary;
mod caller;
mod disk;
mod product;
mod server;

pub use binary::{Directory, Finished, countersign, countersign_in};
pub use caller::{Answer, Api, Effective, SessionClient};
pub use disk::SmallDisk;
pub use product::Product;
pub use server::Server;
