//! The head of the request that goes upstream.

use countersign_decision::Allowed;
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    banner::asks_for_less, credentials::cookies, hop::Hop, jar::Jars, mapping::Mapping, pool,
};
use countersign_domain::Timestamp;

/// The header that carries the identity JWT.
const IDENTITY: HeaderName = HeaderName::from_static("countersign-identity");

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The header that names the request's entry on the org's log.
const REQUEST: HeaderName = HeaderName::from_static("countersign-request");

/// Connection-specific (RFC 9110 section 7.6.1), or about this hop only.
pub(crate) const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];

/// Never believed from a client: what they say is said by the gateway, or by nobody.
const DROPPED: [&str; 34] = [
    "authorization",
    "client-ip",
    "content-length",
    "cookie",
    "expect",
    "fastly-client-ip",
    "fly-client-ip",
    "forwarded",
    "host",
    "origin",
    "private-token",
    // CGI makes it `HTTP_PROXY`, which many libraries take for the proxy to use.
    "proxy",
    "referer",
    "service-worker",
    "sslclientcert",
    "sudo",
    "trailer",
    "true-client-ip",
    "via",
    "x-authorization",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-email",
    "x-envoy-original-path",
    "x-original-uri",
    "x-original-url",
    "x-real-ip",
    "x-rewrite-url",
    "x-user",
    "x-user-email",
    "x-user-id",
    "x-user-name",
    "x-userinfo",
    "x-username",
];

/// How headers begin in which proxies hand an identity on. A product may believe one of them that
/// nobody configured here, so none comes from a client.
const IDENTITY_PREFIXES: [&str; 36] = [
    "cf-access-",
    "cf-connecting-",
    // RFC 9440.
    "client-cert",
    "impersonate-",
    "oidc-",
    "remote-",
    "shib-",
    "ssl-client-",
    "tailscale-",
    "teleport-jwt-",
    "x-amzn-oidc-",
    "x-apigateway-api-",
    "x-appengine-",
    "x-arr-clientcert",
    "x-auth-",
    "x-authenticated-",
    "x-authentik-",
    "x-client-cert",
    "x-client-dn",
    "x-client-verify",
    "x-consumer-",
    "x-credential-",
    "x-endpoint-api-",
    "x-envoy-",
    "x-forwarded",
    "x-goog-",
    "x-impersonate-",
    "x-ms-client-principal",
    "x-ms-token-",
    "x-original-",
    "x-pomerium-",
    "x-remote-",
    "x-scope-orgid",
    "x-ssl-",
    "x-vouch-",
    "x-webauth-",
];

/// Who asked, and where.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) path: &'a str,
    /// A browser asks for what will be the page of a tab.
    pub(crate) document: bool,
    pub(crate) hop: &'a Hop,
    /// The index of the request's entry.
    pub(crate) entry: u64,
}

/// The names that Connection lists.
pub(crate) fn connection_names(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whether Connection asks to strip a header that matters: a sender of such a request counts on
/// two parties seeing different requests.
pub(crate) fn strips_what_matters(headers: &HeaderMap, allowed: &Allowed) -> bool {
    connection_names(headers).iter().any(|name| {
        let name = name.as_str();
        name.starts_with("countersign-")
            || name.starts_with("x-forwarded-")
            || name.starts_with("content-")
            || matches!(name, "accept" | "cache-control" | "range")
            || DROPPED.contains(&name)
            || identity_headers(allowed).any(|(this, _)| this == name)
    })
}

fn identity_headers(allowed: &Allowed) -> impl Iterator<Item = (&str, &str)> {
    let user = allowed.upstream.user_header.as_ref();
    let org = allowed.upstream.org_header.as_ref();
    let user = user.map(|name| (name.as_str(), &*allowed.subject_email));
    let org = org.map(|name| (name.as_str(), allowed.org_slug.as_str()));
    user.into_iter().chain(org)
}

fn hands_an_identity_on(name: &str) -> bool {
    let first = name.bytes().next();
    IDENTITY_PREFIXES
        .iter()
        .any(|prefix| prefix.bytes().next() == first && name.starts_with(prefix))
}

/// Builds the headers; `None` when a value cannot stand in a header.
pub(crate) fn upstream_headers(
    asked: &Asked<'_>,
    allowed: &Allowed,
    mapping: &Mapping<'_>,
    jars: &Jars,
    now: Timestamp,
    token: &HeaderValue,
) -> Option<HeaderMap> {
    let listed = connection_names(asked.headers);
    let mut out = HeaderMap::with_capacity(asked.headers.len() + 8);
    for (name, value) in asked.headers {
        let text = name.as_str();
        let ours = text.starts_with("countersign-")
            || hands_an_identity_on(text)
            || DROPPED.contains(&text)
            || HOP_BY_HOP.contains(&text)
            || asked.document && asks_for_less(text)
            || listed.iter().any(|listed| listed == text);
        if !ours {
            out.append(name.clone(), value.clone());
        }
    }
    out.insert(X_FORWARDED_HOST, asked.hop.host.clone());
    out.insert(X_FORWARDED_PROTO, asked.hop.scheme.clone());
    out.insert(X_FORWARDED_FOR, asked.hop.client.clone());
    out.insert(header::FORWARDED, asked.hop.forwarded.clone());
    let mut set = |name: HeaderName, value: &str| {
        out.insert(name, HeaderValue::from_str(value).ok()?);
        Some(())
    };
    set(header::HOST, pool::authority(&allowed.upstream.origin))?;
    if asked.document {
        // Saying nothing would leave the product free to choose (RFC 9110 section 12.5.3).
        set(header::ACCEPT_ENCODING, "identity")?;
    }
    let text = |name| {
        asked
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if let Some(origin) = text(header::ORIGIN).and_then(|origin| mapping.inward_origin(origin)) {
        set(header::ORIGIN, &origin)?;
    }
    if let Some(referer) = text(header::REFERER).and_then(|referer| mapping.inward(referer)) {
        set(header::REFERER, &referer)?;
    }
    let sent = cookies(asked.headers);
    if let Some(cookie) = jars.for_upstream(allowed.live.session.id, sent, asked.path, now) {
        set(header::COOKIE, &cookie)?;
    }
    if wants_trailers(asked.headers) {
        set(header::TE, "trailers")?;
        set(header::CONNECTION, "te")?;
    }
    for (name, value) in identity_headers(allowed) {
        set(HeaderName::from_bytes(name.as_bytes()).ok()?, value)?;
    }
    out.insert(IDENTITY, token.clone());
    out.insert(REQUEST, HeaderValue::from(asked.entry));
    Some(out)
}

fn wants_trailers(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::TE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim().eq_ignore_ascii_case("trailers"))
}
