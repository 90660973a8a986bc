//! Which `Host` console and API answer to. On loopback any; otherwise the configured one and those that are an
//! org's own, so that a name that somebody points at us (DNS rebinding) opens nothing. At an org's own the
//! request is marked as such ([`Address`]), and whoever it is from has to be of that org. Only what the client
//! itself says counts: a proxy in front hands the `Host` through, and headers beside it say nothing here.
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

use countersign_app::{Address, App, Failure};
use uuid::Uuid;

use crate::doorway;

/// The hosts answered to.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    /// Knows the orgs' own.
    app: App,
    names: Names,
}

/// Those of the deployment itself.
#[derive(Clone, Debug)]
struct Names {
    public: Option<Arc<str>>,
    loopback: bool,
    /// Where we are, for whoever comes by another name.
    address: Arc<str>,
    /// `http(s)://localhost:port`, when that is how people come.
    own_machine: Option<Arc<str>>,
}

impl Hosts {
    /// `loopback` when nobody else can reach the listener.
    pub(crate) fn new(app: App, loopback: bool) -> Self {
        let names = Names::new(&app.settings().public_url, loopback);
        Self { app, names }
    }

    /// The address by which a request comes; none when nothing here answers to it.
    async fn address(&self, host: Option<&str>) -> Result<Option<Address>, Failure> {
        let own = self.app.address();
        let Some(host) = host else {
            return Ok(self.names.any().then_some(own));
        };
        // One that cannot be read could be an org's own to whoever stands in front.
        let Some(name) = name(host) else {
            return Ok(None);
        };
        if self.names.is_own(&name) {
            return Ok(Some(own));
        }
        let of_an_org = self.app.address_at(&name).await?;
        Ok(of_an_org.or_else(|| self.names.any().then_some(own)))
    }
}

/// The host of an authority: its port says nothing, and names are the same in upper case. None when something
/// stands there besides.
fn name(authority: &str) -> Option<String> {
    let authority: Authority = authority.parse().ok()?;
    let host = authority.host();
    let behind = authority.as_str().strip_prefix(host)?;
    let plain = matches!(behind, "" | ":") || authority.port_u16().is_some();
    let labels = host.strip_suffix('.').unwrap_or(host);
    let plain = plain && labels.split('.').all(|label| !label.is_empty());
    plain.then(|| host.to_ascii_lowercase())
}

impl Names {
    /// `public_url` as configured.
    fn new(public_url: &str, loopback: bool) -> Self {
        let host = public_url
            .split_once("://")
            .and_then(|(_, authority)| name(authority));
        let by_name = loopback && doorway::host(public_url) == "localhost";
        Self {
            public: host.map(Arc::from),
            loopback,
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

    /// Whether every host is answered to.
    fn any(&self) -> bool {
        self.loopback || self.public.is_none()
    }

    /// With or without the dot of the root behind it.
    fn is_own(&self, host: &str) -> bool {
        let host = host.strip_suffix('.').unwrap_or(host);
        self.public.as_deref() == Some(host)
    }
}

/// Which host a request is for: over HTTP/2 it stands in the target (`:authority`), and otherwise in
/// `Host`, unless the target is absolute and goes before it (RFC 9112, section 3.2.2).
fn asked_for(request: &Request) -> Option<&str> {
    let in_target = request.uri().authority().map(Authority::as_str);
    let host = request.headers().get(header::HOST);
    // What cannot be read is there all the same.
    in_target.or_else(|| host.map(|host| host.to_str().unwrap_or_default()))
}

/// Paths that load balancers and scrapers ask for by address.
const BY_ADDRESS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Refuses requests for hosts that are not ours, and says of the others by which address they come.
pub(crate) async fn guard(
    State(hosts): State<Hosts>,
    mut request: Request,
    next: Next,
) -> Response {
    // RFC 9112, section 3.2. A proxy in front may have gone by the other one.
    if request.headers().get_all(header::HOST).iter().count() > 1 {
        let told = "The request names its host twice: send one Host header.\n";
        return (StatusCode::BAD_REQUEST, told).into_response();
    }
    let host = asked_for(&request);
    if wants_page(&request)
        && let Some(page) = hosts.names.by_name(host, request.uri())
        && let Ok(page) = HeaderValue::try_from(page)
    {
        let told = [
            (header::LOCATION, page),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        return (StatusCode::TEMPORARY_REDIRECT, told).into_response();
    }
    if BY_ADDRESS.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    match hosts.address(host).await {
        Ok(Some(address)) => {
            request.extensions_mut().insert(address);
            next.run(request).await
        }
        Ok(None) => misdirected(&hosts.names.address, request.uri().path()),
        // Whose address it is cannot be told, so nobody is let in by it (R19).
        Err(failure) => {
            tracing::warn!(%failure, "answered 503");
            let again = [(header::RETRY_AFTER, HeaderValue::from_static("1"))];
            let told =
                "The store cannot be reached, and nothing has changed: try again in a moment.\n";
            (StatusCode::SERVICE_UNAVAILABLE, again, told).into_response()
        }
    }
}

/// What happened, why and what to do: in the shape of the API that was called, and in a line for people.
fn misdirected(address: &str, path: &str) -> Response {
    let detail = format!(
        "This server answers at {address} and not under the host name of this request. Go to that address; \
         or, where people are to come by this one, set --public-url (COUNTERSIGN_PUBLIC_URL) to it and start \
         the server again, or give it to an org as its own (countersign org hosts)."
    );
    countersign_api::misdirected(path, &detail, Uuid::now_v7())
        .unwrap_or_else(|| (StatusCode::MISDIRECTED_REQUEST, detail + "\n").into_response())
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
    fn off_loopback_only_the_configured_host_is_the_deployments() {
        let names = Names::new("https://support.example.com", false);
        let own = |authority: &str| name(authority).is_some_and(|name| names.is_own(&name));
        for authority in [
            "support.example.com",
            "Support.Example.com:443",
            "support.example.com.",
            "support.example.com.:8443",
        ] {
            assert!(own(authority), "{authority}");
        }
        for authority in [
            "evil.test",
            "support.example.com.evil.test",
            "support.example.com..",
            "x@support.example.com",
            "evil.test@support.example.com",
            "support.example.com:evil.test",
            "support.example.com/evil",
            "",
        ] {
            assert!(!own(authority), "{authority}");
        }
        assert!(!names.any());
        assert!(Names::new("http://127.0.0.1:8080", true).any());
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
        let (kind, text) = said("/api/v1/org/privacy/oktaSupport").await;
        assert_eq!(kind, "application/json");
        let error: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(error["errorCode"], "E0000001");
        let (kind, text) = said("/scim/v2/Users").await;
        assert_eq!(kind, "application/scim+json");
        let error: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(error["status"], "421");
        assert_eq!(said("/oauth2/v1/token").await.0, "application/problem+json");
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
            Names::new(public, loopback).by_name(Some(host), &target)
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
