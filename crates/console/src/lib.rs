//! The web console: what customer admins and support agents see and click.

pub mod views;
