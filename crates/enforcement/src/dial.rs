//! Connecting to an upstream.

use std::{io, pin::pin, sync::Arc, time::Duration};

use countersign_domain::{Origin, SessionId};
use countersign_node::Node;
use hyper::{
    client::conn::{http1, http2},
    rt::{Read, Write},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{
    config::GatewayConfig,
    executor::Attached,
    guarded_io::GuardedIo,
    line::{Line, Own, Shared},
    part::Part,
    patience::Patience,
    pool::{SharedLines, authority},
    slot::Slot,
    turns::InTurns,
};

/// How much of one response an HTTP/2 upstream may send ahead of its reader.
const STREAM_WINDOW: u32 = 256 * 1024;
/// The largest window that HTTP/2 knows (RFC 9113 section 6.9.1).
const MAX_WINDOW: u32 = (1 << 31) - 1;
/// The largest head of a response.
const MAX_HEAD: u32 = 128 * 1024;
/// How often an HTTP/2 upstream is asked whether it is still there, and how long it may take to
/// say so.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// Why no connection could be had.
#[derive(Debug)]
pub(crate) enum NoLine {
    TimedOut,
    Failed(io::Error),
    /// The upstream's certificate does not prove that it is the upstream.
    Untrusted(io::Error),
}

/// Connects to upstreams.
#[derive(Debug)]
pub(crate) struct Dialer {
    node: Arc<Node>,
    tls: Option<Arc<ClientConfig>>,
    idle: Duration,
    write_patience: Patience,
    /// How much an HTTP/2 upstream may send ahead on one connection: as much as all requests of
    /// its session may take, so that readers that are slow hold up nobody else.
    window: u32,
}

impl Dialer {
    pub(crate) fn new(node: Arc<Node>, config: &GatewayConfig) -> Self {
        let streams = u32::try_from(config.requests_per_session).unwrap_or(u32::MAX);
        let window = STREAM_WINDOW.saturating_mul(streams.max(1));
        Self {
            window: window.min(MAX_WINDOW),
            node,
            tls: config.upstream_tls.clone(),
            idle: config.upstream_idle,
            write_patience: config.write_patience(),
        }
    }

    /// A new connection, over TLS where the origin says so, in the protocol the upstream chooses.
    pub(crate) async fn dial(
        &self,
        to: &Origin,
        session: SessionId,
        shared: &Arc<SharedLines>,
    ) -> Result<Line, NoLine> {
        let place = Place::of(to).ok_or_else(|| failed("the upstream's address is not usable"))?;
        let stream = TcpStream::connect((place.host, place.port))
            .await
            .map_err(NoLine::Failed)?;
        stream.set_nodelay(true).map_err(NoLine::Failed)?;
        let slot = Arc::new(Slot::default());
        let node = Arc::clone(&self.node);
        let io = GuardedIo::new(stream, Arc::clone(&slot), node, self.write_patience);
        if !place.tls {
            return self.http1(TokioIo::new(InTurns::new(io)), slot).await;
        }
        let tls = self
            .tls
            .clone()
            .ok_or_else(|| failed("no certificates are trusted for upstreams"))?;
        let name = ServerName::try_from(place.host.to_owned())
            .map_err(|_| failed("the upstream's name cannot stand in a certificate"))?;
        let stream = TlsConnector::from(tls)
            .connect(name, io)
            .await
            .map_err(certificate_or_not)?;
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            let line = self.http2(TokioIo::new(InTurns::new(stream)), slot, session, shared);
            let line = Arc::new(line.await?);
            shared.keep(session, to, Arc::clone(&line));
            return Ok(Line::Shared(line));
        }
        self.http1(TokioIo::new(InTurns::new(stream)), slot).await
    }

    async fn http1<T>(&self, io: T, slot: Arc<Slot>) -> Result<Line, NoLine>
    where
        T: Read + Write + Unpin + Send + 'static,
    {
        let (sender, connection) = http1::Builder::new()
            .handshake(io)
            .await
            .map_err(|error| NoLine::Failed(io::Error::other(error)))?;
        let (node, idle, watched) = (Arc::clone(&self.node), self.idle, Arc::clone(&slot));
        let driver = Box::pin(async move {
            let over = pin!(watched.over(&node, Some(idle)));
            tokio::select! {
                biased;
                // How it ended shows in the response.
                _ = connection => {}
                _ = Part::new(over) => {}
            }
        });
        Ok(Line::Own(Own::new(sender, slot, driver)))
    }

    async fn http2<T>(
        &self,
        io: T,
        slot: Arc<Slot>,
        session: SessionId,
        shared: &Arc<SharedLines>,
    ) -> Result<Shared, NoLine>
    where
        T: Read + Write + Unpin + Send + 'static,
    {
        slot.share();
        slot.serve(session);
        let (executor, attached) = Attached::new();
        let (sender, connection) = http2::Builder::new(executor)
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(self.window)
            .max_header_list_size(MAX_HEAD)
            .keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE)
            .handshake(io)
            .await
            .map_err(|error| NoLine::Failed(io::Error::other(error)))?;
        let (node, idle, watched) = (Arc::clone(&self.node), self.idle, Arc::clone(&slot));
        let shared = Arc::downgrade(shared);
        let driver = async move {
            let over = pin!(watched.over(&node, Some(idle)));
            tokio::select! {
                biased;
                _ = connection => {}
                _ = Part::new(over) => {}
            }
            drop(attached);
            if let Some(shared) = shared.upgrade() {
                shared.forget(session, &watched);
            }
        };
        Ok(Shared::new(sender, slot, driver))
    }
}

/// Where an origin is on the network.
pub(crate) struct Place<'a> {
    pub(crate) tls: bool,
    pub(crate) host: &'a str,
    pub(crate) port: u16,
}

impl<'a> Place<'a> {
    pub(crate) fn of(origin: &'a Origin) -> Option<Self> {
        let tls = origin.as_str().starts_with("https://");
        let authority = authority(origin);
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
            _ => (authority, if tls { 443 } else { 80 }),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some(Self { tls, host, port })
    }
}

fn failed(why: &'static str) -> NoLine {
    NoLine::Failed(io::Error::other(why))
}

fn certificate_or_not(error: io::Error) -> NoLine {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    match inner {
        Some(rustls::Error::InvalidCertificate(_)) => NoLine::Untrusted(error),
        _ => NoLine::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_somewhere() {
        for (origin, expected) in [
            ("http://127.0.0.1:9000", (false, "127.0.0.1", 9000)),
            ("http://product.test", (false, "product.test", 80)),
            ("http://[::1]", (false, "::1", 80)),
            ("http://[::1]:81", (false, "::1", 81)),
        ] {
            let origin = Origin::parse(origin).unwrap();
            let place = Place::of(&origin).unwrap();
            assert_eq!((place.tls, place.host, place.port), expected);
        }
    }
}
