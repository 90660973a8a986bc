//! The native HTTP API: data shapes, endpoints and error mapping. What a call does is decided in
//! the use case of the same name; here it is read from the wire and written back.
//!
//! Every endpoint is registered through its OpenAPI operation, so that the document, the router and
//! the authorization matrix cannot part ways. Those of `okta` have their own list: somebody else describes them.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod access;
mod admins;
mod body;
mod caller;
mod case_view;
mod cases;
mod check;
mod claims;
mod clients;
mod credential_view;
mod credentials;
mod csv;
mod directory;
mod directory_view;
mod entries;
mod entry_view;
mod etag;
mod failures;
mod history;
mod history_export;
mod history_params;
mod history_query;
mod history_view;
mod hosts;
mod idempotency;
mod import;
mod json;
mod layers;
mod limits;
mod live;
mod made;
mod me;
mod metrics;
mod misdirected;
mod oauth;
mod okta;
mod openapi;
mod orgs;
mod paging;
mod params;
mod people;
mod problem;
mod providers;
mod public;
mod quota;
mod replies;
mod report;
mod router;
mod scim;
mod session_view;
mod sessions;
mod stream;
mod team;
mod texts;
mod time;
mod upstream;
mod upstream_view;

pub use check::{Products, checked_json};
pub use history_export::history_file;
pub use history_query::Format;
pub use limits::RateLimits;
pub use misdirected::misdirected;
pub use okta::okta_endpoints;
pub use openapi::{openapi, openapi_json};
pub use quota::Quota;
pub use router::{Api, router};
pub use scim::scim_endpoints;
