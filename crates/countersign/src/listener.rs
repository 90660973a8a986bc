//! Accepting connections for console and API, with limits on how long and how many.

use std::{future::Future, sync::Arc, time::Duration};

use axum::{Router, http::StatusCode};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore, time::timeout};
use tower_http::timeout::TimeoutLayer;

/// How long the head of a request may take, and how long a connection may wait for the next one.
const HEAD: Duration = Duration::from_secs(15);
/// How long a whole request may take, its body included.
const REQUEST: Duration = Duration::from_secs(30);
/// How many connections are served at a time.
const CONNECTIONS: usize = 4_096;

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
    routes: Router,
    stop: impl Future<Output = ()>,
    drain: Duration,
) {
    serve_within(LIMITS, listener, routes, stop, drain).await;
}

async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    routes: Router,
    stop: impl Future<Output = ()>,
    drain: Duration,
) {
    let limit = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.request);
    let service = TowerToHyperService::new(routes.layer(limit));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head);
    let free = Arc::new(Semaphore::new(limits.connections));
    let watched = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let permit = Arc::clone(&free).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, stream) = tokio::select! {
            () = &mut stop => break,
            (permit, accepted) = next => match accepted {
                Ok((stream, _)) => (permit, stream),
                Err(error) => {
                    // Out of file descriptors, most likely: others will be given back.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        let connection = watched.watch(connection);
        tokio::spawn(async move {
            // A client that breaks off is its own affair.
            let _ = connection.await;
            drop(permit);
        });
    }
    // Whoever comes now is refused rather than kept waiting for a process that ends.
    drop(listener);
    // A connection that a browser keeps open must not keep the process from stopping.
    let _ = timeout(drain, watched.shutdown()).await;
}

#[cfg(test)]
mod tests;
