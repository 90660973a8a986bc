//! Accepting connections and serving each until its client, its session or the process ends.

use std::{convert::Infallible, future::Future, pin::pin, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, broadcast::error::RecvError},
    time::{interval, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{Gateway, gateway::Client, guarded_io::GuardedIo, slot::Slot};

/// More headers than any browser sends.
const MAX_HEADERS: usize = 100;
/// How long accepting pauses when the process is out of sockets.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How often cookies of sessions that the clock has ended are forgotten.
const TIDY: Duration = Duration::from_mins(1);

impl Gateway {
    /// Serves until `shutdown`, then lets requests in flight end for the configured time and
    /// waits for their outcomes to be recorded.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let stopping = CancellationToken::new();
        let connections = TaskTracker::new();
        let free = Arc::new(Semaphore::new(self.config.max_connections));
        let tidy = tokio::spawn(Arc::clone(&self).tidy());
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                accepted = accept(&listener, &free) => accepted,
            };
            let Some((stream, permit)) = accepted else {
                sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let serving = Arc::clone(&self).connection(stream, permit, stopping.clone());
            connections.spawn(serving);
        }
        drop(listener);
        stopping.cancel();
        connections.close();
        let drained = async {
            connections.wait().await;
            self.ledger.settle().await;
        };
        if timeout(self.config.drain, drained).await.is_err() {
            tracing::warn!("requests were still in flight when the time to end them was over");
        }
        tidy.abort();
    }

    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        _permit: OwnedSemaphorePermit,
        stopping: CancellationToken,
    ) {
        let Ok(peer) = stream.peer_addr() else {
            return;
        };
        // A response's head and first bytes are not held back for more.
        let _ = stream.set_nodelay(true);
        let client = Client {
            peer: peer.ip(),
            slot: Arc::new(Slot::default()),
        };
        let slot = Arc::clone(&client.slot);
        let io = GuardedIo::new(stream, Arc::clone(&slot), Arc::clone(&self.node));
        let gateway = Arc::clone(&self);
        let service = service_fn(move |request| {
            let (gateway, client) = (Arc::clone(&gateway), client.clone());
            async move { Ok::<_, Infallible>(gateway.handle(request, &client).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.config.header_timeout)
            .max_headers(MAX_HEADERS)
            .serve_connection(TokioIo::new(io), service);
        let mut connection = pin!(connection);
        let mut over = pin!(slot.over(&self.node, None));
        let mut told = false;
        loop {
            tokio::select! {
                // Whatever the client did, it is gone; outcomes are recorded on drop.
                _ = &mut connection => return,
                // A1: dropping the connection drops what its buffers hold.
                () = &mut over => return,
                () = stopping.cancelled(), if !told => {
                    told = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }

    /// Forgets the cookies of sessions as they end.
    async fn tidy(self: Arc<Self>) {
        let mut endings = self.node.endings();
        let mut tick = interval(TIDY);
        loop {
            tokio::select! {
                ended = endings.recv() => match ended {
                    Ok(session) => self.jars.forget(session),
                    Err(RecvError::Lagged(_)) => self.forget_ended(),
                    Err(RecvError::Closed) => return,
                },
                _ = tick.tick() => self.forget_ended(),
            }
        }
    }

    fn forget_ended(&self) {
        self.jars
            .keep_only(|session| self.node.running_until(session).is_ok());
    }
}

async fn accept(
    listener: &TcpListener,
    free: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(free).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            None
        }
    }
}
