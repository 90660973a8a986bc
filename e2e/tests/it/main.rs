//! The product from outside.
#![allow(
    clippy::disallowed_methods,
    reason = "how long a test goes on by hand comes from the environment"
)]

mod abuse;
mod api_guide;
mod command_line;
mod crash;
mod deployments;
mod fleet;
mod follow;
mod full_disk;
mod hosts;
mod journey;
mod routes;
mod settings;
mod several;
mod stopping;
mod takeover;
mod tls;
mod world;
