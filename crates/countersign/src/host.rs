//! Which `Host` console and API answer to. On loopback any; otherwise the configured one, so that
//! a name that somebody points at us (DNS rebinding) opens nothing.
//!
//! Who asks for a page by the address of the own machine is led to its name: passkeys work there only,
//! and a sign-in at the one is none at the other.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::doorway;

/// The hosts answered to.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    public: Option<Arc<str>>,
    /// Where we are, for whoever comes by another name.
    address: Arc<str>,
    /// `http(s)://localhost:port`, when that is how people come.
    own_machine: Option<Arc<str>>,
}

impl Hosts {
    /// `public_url` as configured; `loopback` when nobody else can reach the listener.
    pub(crate) fn new(public_url: &str, loopback: bool) -> Self {
        let host = public_url
            .split_once("://")
            .and_then(|(_, authority)| authority.parse::<Authority>().ok())
            .map(|authority| authority.host().to_ascii_lowercase());
        let by_name = loopback && doorway::host(public_url) == "localhost";
        Self {
            public: host.filter(|_| !loopback).map(Arc::from),
            address: Arc::from(public_url),
            own_machine: by_name.then(|| Arc::from(public_url)),
        }
    }

    /// Where a page is that was asked for at a loopback address. At another port than ours a proxy or
    /// a tunnel is in between, and our address leads nowhere.
    fn by_name(&self, host: Option<&str>, target: &Uri) -> Option<String> {
        let public = self.own_machine.as_deref()?;
        let (_, ours) = public.split_once("://")?;
        let host = host?.parse::<Authority>().ok()?;
        let address: IpAddr = host.host().trim_matches(['[', ']']).parse().ok()?;
        let ours = ours.parse::<Authority>().ok()?;
        let here = address.is_loopback() && host.port_u16() == ours.port_u16();
        here.then(|| {
            format!(
                "{public}{}",
                target.path_and_query().map_or("/", |rest| rest.as_str())
            )
        })
    }

    fn allows(&self, host: Option<&str>) -> bool {
        let Some(public) = &self.public else {
            return true;
        };
        host.and_then(|host| host.parse::<Authority>().ok())
            .is_some_and(|authority| authority.host().eq_ignore_ascii_case(public))
    }
}

/// Which host a request is for: over HTTP/2 it stands in the target (`:authority`), and otherwise in
/// `Host`, unless the target is absolute and goes before it (RFC 9112, section 3.2.2).
fn asked_for(request: &Request) -> Option<&str> {
    let in_target = request.uri().authority().map(Authority::as_str);
    in_target.or_else(|| request.headers().get(header::HOST)?.to_str().ok())
}

/// Paths that load balancers and scrapers ask for by address.
const BY_ADDRESS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Refuses requests for hosts that are not ours.
pub(crate) async fn guard(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let host = asked_for(&request);
    if wants_page(&request)
        && let Some(page) = hosts.by_name(host, request.uri())
        && let Ok(page) = HeaderValue::try_from(page)
    {
        let told = [
            (header::LOCATION, page),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        return (StatusCode::TEMPORARY_REDIRECT, told).into_response();
    }
    if hosts.allows(host) || BY_ADDRESS.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    misdirected(&hosts.address, request.uri().path())
}

/// What happened, why and what to do: as a problem for programs (RFC 9457), and in a line for people.
fn misdirected(address: &str, path: &str) -> Response {
    let status = StatusCode::MISDIRECTED_REQUEST;
    let detail = format!(
        "This server answers at {address} and not under the host name of this request. Go to that address; \
         or, where people are to come by this one, set --public-url (COUNTERSIGN_PUBLIC_URL) to it and start \
         the server again."
    );
    if !path.starts_with("/api/") {
        return (status, detail + "\n").into_response();
    }
    let problem = serde_json::json!({
        "type": "urn:countersign:problem:misdirected_request",
        "title": "Not the address of this server",
        "status": status.as_u16(),
        "code": "misdirected_request",
        "detail": detail,
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, problem.to_string()).into_response()
}

/// Whether somebody goes to a page. Programs keep the address they were given.
fn wants_page(request: &Request) -> bool {
    let mut accepted = request.headers().get_all(header::ACCEPT).iter();
    matches!(*request.method(), Method::GET | Method::HEAD)
        && accepted.any(|value| {
            value
                .to_str()
                .is_ok_and(|kinds| kinds.contains("text/html"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_loopback_only_the_configured_host_is_answered() {
        let hosts = Hosts::new("https://support.example.com", false);
        assert!(hosts.allows(Some("support.example.com")));
        assert!(hosts.allows(Some("Support.Example.com:443")));
        assert!(!hosts.allows(Some("evil.test")));
        assert!(!hosts.allows(Some("support.example.com.evil.test")));
        assert!(!hosts.allows(None));
        assert!(Hosts::new("http://127.0.0.1:8080", true).allows(Some("anything.test")));
    }

    #[tokio::test]
    async fn whoever_comes_by_another_name_is_told_where_to_go() {
        let said = async |path: &str| {
            let answer = misdirected("https://support.example.com", path);
            assert_eq!(answer.status(), StatusCode::MISDIRECTED_REQUEST);
            let kind = answer.headers()[header::CONTENT_TYPE].clone();
            let body = axum::body::to_bytes(answer.into_body(), 10_000).await;
            let text = String::from_utf8(body.unwrap().to_vec()).unwrap();
            for piece in ["at https://support.example.com", "--public-url"] {
                assert!(text.contains(piece), "{text}");
            }
            (kind, text)
        };
        let page = said("/settings/account").await;
        assert_eq!(page.0, "text/plain; charset=utf-8");
        let (kind, text) = said("/api/v1/me").await;
        assert_eq!(kind, "application/problem+json");
        let problem: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(problem["code"], "misdirected_request");
        assert_eq!(problem["status"], 421);
    }

    #[test]
    fn over_http_2_the_host_stands_in_the_target() {
        let for_host = |target: &str, host: Option<&str>| {
            let mut request = Request::builder().uri(target);
            if let Some(host) = host {
                request = request.header(header::HOST, host);
            }
            let request = request.body(axum::body::Body::empty()).unwrap();
            asked_for(&request).map(str::to_owned)
        };
        assert_eq!(
            for_host("https://a.test:1/x", None).as_deref(),
            Some("a.test:1")
        );
        assert_eq!(
            for_host("https://a.test/x", Some("b.test")).as_deref(),
            Some("a.test")
        );
        assert_eq!(for_host("/x", Some("b.test")).as_deref(), Some("b.test"));
        assert_eq!(for_host("/x", None), None);
    }

    #[test]
    fn who_comes_by_the_address_of_the_own_machine_is_led_to_its_name() {
        let target: Uri = "/sign-in/abc?x=1".parse().unwrap();
        let led = |public: &str, loopback, host| {
            Hosts::new(public, loopback).by_name(Some(host), &target)
        };
        let name = "http://localhost:8080";
        let page = Some("http://localhost:8080/sign-in/abc?x=1".to_owned());
        for host in ["127.0.0.1:8080", "[::1]:8080", "127.0.0.2:8080"] {
            assert_eq!(led(name, true, host), page, "{host}");
        }
        for (public, loopback, host) in [
            (name, true, "localhost:8080"),
            // Through a tunnel, which has a port of its own.
            (name, true, "127.0.0.1:9080"),
            (name, true, "127.0.0.1"),
            (name, true, "192.0.2.7:8080"),
            (name, true, "127.0.0.1.evil.test:8080"),
            (name, false, "127.0.0.1:8080"),
            ("http://127.0.0.1:8080", true, "127.0.0.1:8080"),
            ("https://support.example.com", true, "127.0.0.1:8080"),
        ] {
            assert_eq!(led(public, loopback, host), None, "{public} {host}");
        }
    }
}
