//! The native HTTP API: data shapes, endpoints and error mapping. What a call does is decided in
//! the use case of the same name; here it is read from the wire and written back.
//!
//! Every endpoint is registered through its OpenAPI operation, so that the document, the router and
//! the authorization matrix cannot part ways.
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
mod body;
mod caller;
mod case_view;
mod cases;
mod claims;
mod entries;
mod entry_view;
mod json;
mod layers;
mod me;
mod metrics;
mod openapi;
mod orgs;
mod paging;
mod params;
mod people;
mod problem;
mod public;
mod replies;
mod router;
mod sessions;
mod team;
mod time;

pub use openapi::{openapi, openapi_json};
pub use router::{Api, router};
