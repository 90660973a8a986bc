//! From where a request came.

use std::net::IpAddr;

use countersign_domain::{CalledFrom, TrustedProxies, UserAgent};
use http::{HeaderMap, HeaderName, HeaderValue, header};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// From where a request came, given who connected. Only a proxy that is trusted is believed about anybody else.
#[must_use]
pub fn called_from(connected: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> CalledFrom {
    let forwarded: Vec<&[u8]> = headers
        .get_all(X_FORWARDED_FOR)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    let address = proxies.client(connected, forwarded.into_iter());
    let user_agent = headers.get(header::USER_AGENT);
    let user_agent = user_agent.and_then(|said| UserAgent::read(said.as_bytes()));
    CalledFrom::new(address, user_agent)
}
