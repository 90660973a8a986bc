//! The head of the response that goes to the client.

use countersign_domain::{SessionId, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    addresses::Addresses,
    jar::Jars,
    mapping::{LeadsToUs, Mapping},
    request_headers::{HOP_BY_HOP, connection_names},
};

/// What a product must not decide about a session's origin: caching, who may read it, what the
/// browser keeps of it, where it reports to.
const DROPPED: [&str; 15] = [
    "age",
    "alt-svc",
    "cache-control",
    "clear-site-data",
    "content-location",
    "expires",
    "nel",
    "pragma",
    "public-key-pins",
    "report-to",
    "reporting-endpoints",
    "service-worker-allowed",
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
];

/// A page of a session talks to its session only, whatever it loads.
const POLICY: HeaderValue =
    HeaderValue::from_static("connect-src 'self'; form-action 'self'; frame-ancestors 'self'");

/// Sessions are neighbours below one host. Keyed by its origin, a page cannot use `document.domain`
/// to become one with a page of the session next door.
const AGENT_CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");

/// What a response is mapped by.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) session: SessionId,
    pub(crate) path: &'a str,
    pub(crate) mapping: &'a Mapping<'a>,
    pub(crate) addresses: &'a Addresses,
    pub(crate) jars: &'a Jars,
    pub(crate) now: Timestamp,
}

impl<'a> Answered<'a> {
    /// The headers the client gets.
    pub(crate) fn client_headers(&self, upstream: HeaderMap) -> Result<HeaderMap, LeadsToUs> {
        let listed = connection_names(&upstream);
        let mut out = HeaderMap::with_capacity(upstream.len() + 2);
        let mut last = None;
        for (name, value) in upstream {
            // A name stands with the first of its values only.
            last = name.or(last);
            let Some(name) = &last else {
                continue;
            };
            match name.as_str() {
                "content-location" => self
                    .mapped(&mut out, name, &value, Mapping::outward)
                    .unwrap_or_default(),
                "set-cookie" => self.take_in(&mut out, &value),
                text if is_dropped(text) || listed.iter().any(|listed| listed == text) => {}
                "location" => self.mapped(&mut out, name, &value, Mapping::outward)?,
                "refresh" => self.mapped(&mut out, name, &value, Mapping::refresh)?,
                // A link is a hint; one that leads to us is left out instead of refused.
                "link" => self
                    .mapped(&mut out, name, &value, Mapping::link)
                    .unwrap_or_default(),
                _ => {
                    out.append(name.clone(), value);
                }
            }
        }
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        out.append(header::CONTENT_SECURITY_POLICY, POLICY);
        out.insert(AGENT_CLUSTER, HeaderValue::from_static("?1"));
        Ok(out)
    }

    fn take_in(&self, out: &mut HeaderMap, set_cookie: &HeaderValue) {
        let Ok(text) = std::str::from_utf8(set_cookie.as_bytes()) else {
            return;
        };
        let kept = self.jars.take_in(self.session, text, self.path, self.now);
        if let Some(value) = kept.and_then(|text| HeaderValue::from_str(&text).ok()) {
            out.append(header::SET_COOKIE, value);
        }
    }

    fn mapped(
        &self,
        out: &mut HeaderMap,
        name: &HeaderName,
        value: &HeaderValue,
        map: fn(&Mapping<'a>, &str, &str, &Addresses) -> Result<String, LeadsToUs>,
    ) -> Result<(), LeadsToUs> {
        // An address that is not text cannot be judged, so it is left out.
        let Ok(text) = std::str::from_utf8(value.as_bytes()) else {
            return Ok(());
        };
        let mapped = map(self.mapping, text, self.path, self.addresses)?;
        if let Ok(value) = HeaderValue::from_str(&mapped) {
            out.append(name.clone(), value);
        }
        Ok(())
    }
}

/// Whether a header or trailer of the upstream stops here.
pub(crate) fn is_dropped(name: &str) -> bool {
    name.starts_with("access-control-")
        || name.starts_with("countersign-")
        || HOP_BY_HOP.contains(&name)
        || DROPPED.contains(&name)
}
