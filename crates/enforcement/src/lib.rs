//! The gateway: it stands between support's browser or program and the vendor's product, lets
//! reads under a live session through, and refuses everything else (R16–R19, A1–A5).
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod accept;
mod addresses;
mod banner;
mod called_from;
mod check;
mod clearing;
mod config;
mod credentials;
mod dial;
mod executor;
mod flow;
mod forward;
mod gateway;
mod guarded_io;
mod heads;
mod hop;
mod identity;
mod in_flight;
mod inspect;
mod jar;
mod known;
mod lanes;
mod language;
mod ledger;
mod line;
mod mapping;
mod other_origins;
mod outgoing;
mod over;
mod part;
mod patience;
mod pool;
mod progress;
mod refusal;
mod request_headers;
mod reserved;
mod response_headers;
mod room;
mod scanned_io;
mod serve;
mod session_pages;
mod slot;
mod stalled;
mod turns;
mod writes_pass;

pub use called_from::called_from;
pub use check::UpstreamCheck;
pub use config::GatewayConfig;
pub use gateway::Gateway;
pub use reserved::{Entry, EntryRefusal};
