//! Accepting connections for console and API, with limits on how long and how many.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::ConnectInfo,
    http::{HeaderValue, StatusCode, header},
};
use hyper::{
    rt::{Read, Write},
    server::conn::{http1, http2},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use rustls::ServerConfig;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::Layer;
use tower_http::{set_header::SetResponseHeaderLayer, timeout::TimeoutLayer};

use crate::requests::Requests;

/// How long the head of a request may take, and how long a connection may wait for the next one.
const HEAD: Duration = Duration::from_secs(15);
/// How long a whole request may take, its body included.
const REQUEST: Duration = Duration::from_secs(30);
/// How many connections are served at a time.
const CONNECTIONS: usize = 4_096;

/// How long an HTTP/2 connection is kept without requests.
const IDLE: Duration = Duration::from_mins(1);
/// How many requests a client may have under way on one HTTP/2 connection.
const STREAMS: u32 = 100;
/// The largest head of a request over HTTP/2.
const HEAD_SIZE: u32 = 32 * 1024;
/// A browser that has come over TLS does not come without it again (RFC 6797).
const STRICT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// How long clients may take, and how many are served at a time.
#[derive(Clone, Copy, Debug)]
struct Limits {
    head: Duration,
    request: Duration,
    connections: usize,
}

const LIMITS: Limits = Limits {
    head: HEAD,
    request: REQUEST,
    connections: CONNECTIONS,
};

/// Serves `routes` until `stop`, then lets requests under way finish within `drain`.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    routes: Router,
    stop: impl Future<Output = ()>,
    drain: Duration,
) {
    serve_within(LIMITS, listener, tls, routes, stop, drain).await;
}

async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    tls: Option<Arc<ServerConfig>>,
    routes: Router,
    stop: impl Future<Output = ()>,
    drain: Duration,
) {
    let limit = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.request);
    let mut routes = routes.layer(limit);
    if tls.is_some() {
        let name = header::STRICT_TRANSPORT_SECURITY;
        routes = routes.layer(SetResponseHeaderLayer::overriding(name, STRICT));
    }
    let door = Arc::new(Door {
        tls: tls.map(TlsAcceptor::from),
        head: limits.head,
        routes,
    });
    let free = Arc::new(Semaphore::new(limits.connections));
    let watched = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let permit = Arc::clone(&free).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, stream, client) = tokio::select! {
            () = &mut stop => break,
            (permit, accepted) = next => match accepted {
                Ok((stream, client)) => (permit, stream, client),
                Err(error) => {
                    // Out of file descriptors, most likely: others will be given back.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let (door, watcher) = (Arc::clone(&door), watched.watcher());
        tokio::spawn(async move {
            door.serve(stream, client, watcher).await;
            drop(permit);
        });
    }
    // Whoever comes now is refused rather than kept waiting for a process that ends.
    drop(listener);
    // A connection that a browser keeps open must not keep the process from stopping.
    let _ = timeout(drain, watched.shutdown()).await;
}

/// Who connected, for the routes to see.
type Client = Extension<ConnectInfo<SocketAddr>>;

/// How connections are served.
struct Door {
    tls: Option<TlsAcceptor>,
    head: Duration,
    routes: Router,
}

impl Door {
    /// Serves one connection; a client that breaks off is its own affair.
    async fn serve(&self, stream: TcpStream, client: SocketAddr, watcher: Watcher) {
        // An answer is not held back for more.
        let _ = stream.set_nodelay(true);
        // Who asks is who connected; what a header says of it is anybody's claim.
        let client = Extension(ConnectInfo(client));
        let Some(tls) = &self.tls else {
            return self.http1(TokioIo::new(stream), client, watcher).await;
        };
        let Ok(Ok(stream)) = timeout(self.head, tls.accept(stream)).await else {
            return;
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(TokioIo::new(stream), client, watcher).await;
        } else {
            self.http1(TokioIo::new(stream), client, watcher).await;
        }
    }

    async fn http1(
        &self,
        io: impl Read + Write + Unpin + Send + 'static,
        client: Client,
        watcher: Watcher,
    ) {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.head)
            .serve_connection(
                io,
                TowerToHyperService::new(client.layer(self.routes.clone())),
            );
        let _ = watcher.watch(connection).await;
    }

    async fn http2(
        &self,
        io: impl Read + Write + Unpin + Send + 'static,
        client: Client,
        watcher: Watcher,
    ) {
        let requests = Requests::default();
        let service = client.layer(requests.counted(self.routes.clone()));
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(STREAMS)
            .max_header_list_size(HEAD_SIZE)
            .serve_connection(io, TowerToHyperService::new(service));
        tokio::select! {
            _ = watcher.watch(connection) => {}
            () = requests.none_for(IDLE) => {}
        }
    }
}

#[cfg(test)]
mod tests;
