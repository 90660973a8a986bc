//! The gateway from outside: a real store, a real node, raw bytes in, a product that tells what it
//! saw.
#![allow(
    missing_docs,
    clippy::disallowed_methods,
    reason = "tests ask the machine for time and randomness"
)]

mod attacks;
mod banner;
mod bodies;
mod called_from;
mod check;
mod cookies;
mod doubt;
mod ending;
mod entering;
mod flood;
mod frames;
mod heads;
mod hostile;
mod http2;
mod http2_abuse;
mod http2_ending;
mod http2_hostile;
mod http2_product;
mod http2_stalled;
mod http2_upstream;
mod identity_headers;
mod idle;
mod languages;
mod limits;
mod losing_patience;
mod product;
mod reading;
mod refusing;
mod routes;
mod scene;
mod session_pages;
mod stopping;
mod tls;
mod uploads;
mod upstream_changed;
mod wire;
