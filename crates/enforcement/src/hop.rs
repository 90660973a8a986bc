//! What a request says upstream about the way it came (RFC 7239).

use std::net::IpAddr;

use countersign_domain::Label;
use http::HeaderValue;

use crate::addresses::Addresses;

/// The hop from a client to a session's origin. It is the same for all requests of a session on one
/// connection, so it is put into words once.
#[derive(Debug)]
pub(crate) struct Hop {
    pub(crate) label: Label,
    /// The session's own origin.
    pub(crate) origin: String,
    /// Its `host[:port]`.
    pub(crate) host: HeaderValue,
    pub(crate) scheme: HeaderValue,
    pub(crate) client: HeaderValue,
    pub(crate) forwarded: HeaderValue,
}

impl Hop {
    /// `None` when one of it cannot stand in a header.
    pub(crate) fn new(peer: IpAddr, addresses: &Addresses, label: &Label) -> Option<Self> {
        let (scheme, host) = (addresses.scheme(), addresses.authority(label));
        let value = |text: &str| HeaderValue::from_str(text).ok();
        Some(Self {
            label: label.clone(),
            origin: addresses.origin(label),
            scheme: value(scheme)?,
            client: value(&peer.to_string())?,
            forwarded: value(&forwarded(peer, scheme, &host))?,
            host: value(&host)?,
        })
    }
}

/// RFC 7239 section 4; an IPv6 address is quoted and in brackets (section 6.1).
fn forwarded(peer: IpAddr, scheme: &str, host: &str) -> String {
    match peer {
        IpAddr::V4(v4) => format!("for={v4};host=\"{host}\";proto={scheme}"),
        IpAddr::V6(v6) => format!("for=\"[{v6}]\";host=\"{host}\";proto={scheme}"),
    }
}
