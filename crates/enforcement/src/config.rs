//! How the gateway runs.

use std::{sync::Arc, time::Duration};

use countersign_domain::TrustedProxies;
use rustls::{ClientConfig, ServerConfig};

use crate::patience::Patience;

/// How the gateway runs.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Where console and API are; the issuer of the identity JWT.
    pub public_url: String,
    /// The origin below which every session has its own.
    pub gateway_url: String,
    /// How long a client may take to send the head of a request.
    pub header_timeout: Duration,
    /// How long connecting to an upstream may take.
    pub connect_timeout: Duration,
    /// How long an upstream may take to begin its response.
    pub response_timeout: Duration,
    /// How long an idle connection to an upstream is kept: shorter than products commonly keep
    /// theirs, because a request that meets a closing connection cannot be sent again (R18: one
    /// entry, one request).
    pub upstream_idle: Duration,
    /// How long an upstream may be silent in the middle of a response.
    pub upstream_silence: Duration,
    /// How long a write may wait for a client or an upstream that takes nothing.
    pub write_timeout: Duration,
    /// How long a client may take nothing of an answer, or send nothing of its request, before it is the
    /// client's doing when the product's connection ends.
    pub client_stall: Duration,
    /// How long a client's HTTP/2 connection is kept without requests.
    pub client_idle: Duration,
    /// How many requests of one session are under way at a time.
    pub requests_per_session: usize,
    /// How many open pages of one session are told at once when it ends; the others ask now and then.
    pub waits_per_session: usize,
    /// How many bytes of requests' bodies are held at a time, to be looked into.
    pub inspected_bytes: usize,
    /// How long requests in flight may take to end when the process stops.
    pub drain: Duration,
    /// How many threads serve connections.
    pub threads: usize,
    /// How many client connections are served at a time.
    pub max_connections: usize,
    /// Which proxies in front are believed when they say for whom they ask.
    pub trusted_proxies: TrustedProxies,
    /// TLS towards clients; without it the gateway speaks plain HTTP/1.1.
    pub tls: Option<Arc<ServerConfig>>,
    /// Who is trusted to be an `https` upstream; without it there can be none.
    pub upstream_tls: Option<Arc<ClientConfig>>,
}

impl GatewayConfig {
    /// How long a write may wait for whoever is to take it.
    pub(crate) fn write_patience(&self) -> Patience {
        Patience {
            shows: self.client_stall,
            ends: self.write_timeout,
        }
    }

    /// The defaults for the two addresses.
    #[must_use]
    pub fn new(public_url: &str, gateway_url: &str) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            gateway_url: gateway_url.trim_end_matches('/').to_owned(),
            header_timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(5),
            response_timeout: Duration::from_mins(1),
            upstream_idle: Duration::from_secs(3),
            upstream_silence: Duration::from_mins(5),
            write_timeout: Duration::from_secs(30),
            client_stall: Duration::from_secs(5),
            client_idle: Duration::from_mins(1),
            requests_per_session: 128,
            waits_per_session: 8,
            inspected_bytes: 64 * 1024 * 1024,
            drain: Duration::from_secs(10),
            threads: 2,
            max_connections: 4_096,
            trusted_proxies: TrustedProxies::default(),
            tls: None,
            upstream_tls: None,
        }
    }
}
