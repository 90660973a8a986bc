//! Which `Host` console and API answer to. On loopback any; otherwise the configured one, so that
//! a name that somebody points at us (DNS rebinding) opens nothing.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The hosts answered to.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    public: Option<Arc<str>>,
}

impl Hosts {
    /// `public_url` as configured; `loopback` when nobody else can reach the listener.
    pub(crate) fn new(public_url: &str, loopback: bool) -> Self {
        let host = public_url
            .split_once("://")
            .and_then(|(_, authority)| authority.parse::<Authority>().ok())
            .map(|authority| authority.host().to_ascii_lowercase());
        Self {
            public: host.filter(|_| !loopback).map(Arc::from),
        }
    }

    fn allows(&self, host: Option<&str>) -> bool {
        let Some(public) = &self.public else {
            return true;
        };
        host.and_then(|host| host.parse::<Authority>().ok())
            .is_some_and(|authority| authority.host().eq_ignore_ascii_case(public))
    }
}

/// Paths that load balancers and scrapers ask for by address.
const BY_ADDRESS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Refuses requests for hosts that are not ours.
pub(crate) async fn guard(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    if hosts.allows(host) || BY_ADDRESS.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    (
        StatusCode::MISDIRECTED_REQUEST,
        "This server does not answer for that host name. Use the address it is configured for \
         (--public-url).\n",
    )
        .into_response()
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
}
