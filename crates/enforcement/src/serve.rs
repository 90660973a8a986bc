//! Accepting connections and serving each until its client, its session or the process ends.

use std::{
    convert::Infallible,
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use hyper::{
    rt::{Read, Write},
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulConnection,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, broadcast::error::RecvError},
    time::{interval, sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Gateway,
    executor::Attached,
    gateway::Client,
    guarded_io::GuardedIo,
    scanned_io::ScannedIo,
    slot::{Over, Slot},
    stalled::{InPieces, Streams},
};

/// More headers than any browser sends.
const MAX_HEADERS: usize = 100;
/// The largest head of a request: twice what common products accept.
const MAX_HEAD: usize = 32 * 1024;
const MAX_HEAD_H2: u32 = 32 * 1024;
/// How many requests an HTTP/2 client may have under way on one connection.
const MAX_STREAMS: u32 = 100;
/// How much of one response waits in an HTTP/2 connection for a slow client.
const SEND_BUFFER: usize = 64 * 1024;
/// How often an HTTP/2 client is asked whether it is still there, and how long it may take to say.
const KEEP_ALIVE: Duration = Duration::from_secs(20);
/// How long an idle HTTP/2 connection may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// How long accepting pauses when the process is out of sockets.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How often cookies of sessions that the clock has ended are forgotten.
const TIDY: Duration = Duration::from_mins(1);

/// How long outcomes of what was cut at the end of the drain may take to be recorded.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// What connections are told when the process stops.
#[derive(Clone, Debug, Default)]
struct Stopping {
    /// No further requests.
    gently: CancellationToken,
    /// The time to end what is under way is over.
    now: CancellationToken,
}

impl Gateway {
    /// Serves until `shutdown`, then lets requests in flight end for the configured time and
    /// waits for their outcomes to be recorded.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, shutdown: impl Future<Output = ()>) {
        let stopping = Stopping::default();
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
        stopping.gently.cancel();
        connections.close();
        let drained = async || {
            connections.wait().await;
            self.ledger.settle().await;
        };
        if timeout(self.config.drain, drained()).await.is_err() {
            tracing::warn!("requests were still in flight when the time to end them was over");
            self.ledger.cut();
            stopping.now.cancel();
            let _ = timeout(LAST_WORDS, drained()).await;
        }
        tidy.abort();
    }

    async fn connection(
        self: Arc<Self>,
        stream: TcpStream,
        _permit: OwnedSemaphorePermit,
        stopping: Stopping,
    ) {
        let Ok(peer) = stream.peer_addr() else {
            return;
        };
        // A response's head and first bytes are not held back for more.
        let _ = stream.set_nodelay(true);
        let mut client = Client {
            peer: peer.ip(),
            slot: Arc::default(),
            server_name: None,
            label: Arc::default(),
            heads: None,
        };
        let io = GuardedIo::new(
            stream,
            Arc::clone(&client.slot),
            Arc::clone(&self.node),
            self.config.write_timeout,
        );
        let Some(tls) = self.config.tls.clone() else {
            return self.http1(io, client, stopping).await;
        };
        let handshake = TlsAcceptor::from(tls).accept(io);
        let Ok(Ok(stream)) = timeout(self.config.header_timeout, handshake).await else {
            return;
        };
        let (_, connection) = stream.get_ref();
        client.server_name = connection.server_name().map(Arc::from);
        if connection.alpn_protocol() == Some(b"h2") {
            self.http2(TokioIo::new(stream), client, stopping).await;
        } else {
            self.http1(stream, client, stopping).await;
        }
    }

    async fn http1<T>(self: Arc<Self>, io: T, mut client: Client, stopping: Stopping)
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (io, heads) = ScannedIo::new(io);
        client.heads = Some(heads);
        let slot = Arc::clone(&client.slot);
        let gateway = Arc::clone(&self);
        let service = service_fn(move |request| {
            let (gateway, client) = (Arc::clone(&gateway), client.clone());
            async move { Ok::<_, Infallible>(gateway.handle(request, &client).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.config.header_timeout)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(io), service);
        self.drive(pin!(connection), &slot, None, stopping).await;
    }

    async fn http2<T>(self: Arc<Self>, io: T, client: Client, stopping: Stopping)
    where
        T: Read + Write + Unpin + Send + 'static,
    {
        client.slot.share();
        let slot = Arc::clone(&client.slot);
        let gateway = Arc::clone(&self);
        let service = service_fn(move |request| {
            let (gateway, client) = (Arc::clone(&gateway), client.clone());
            async move {
                let answer = gateway.handle(request, &client).await;
                Ok::<_, Infallible>(answer.map(InPieces::new))
            }
        });
        let (executor, _attached) = Attached::new();
        let streams = Streams::new(executor, self.config.write_timeout);
        let connection = http2::Builder::new(streams)
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEAD_H2)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(KEEP_ALIVE)
            .keep_alive_timeout(KEEP_ALIVE)
            .serve_connection(io, service);
        let idle = Some(self.config.client_idle);
        self.drive(pin!(connection), &slot, idle, stopping).await;
    }

    /// Drives a connection until its client, its session or the process ends.
    async fn drive<C: GracefulConnection>(
        &self,
        mut connection: Pin<&mut C>,
        slot: &Slot,
        idle: Option<Duration>,
        stopping: Stopping,
    ) {
        let mut over = pin!(slot.over(&self.node, idle));
        let mut told = false;
        loop {
            tokio::select! {
                // Whatever the client did, it is gone; outcomes are recorded on drop.
                _ = &mut connection => return,
                over = &mut over => {
                    if over == Over::Idle {
                        connection.as_mut().graceful_shutdown();
                        let _ = timeout(GOODBYE, connection).await;
                    }
                    // A1: dropping the connection drops what its buffers hold.
                    return;
                }
                () = stopping.now.cancelled() => return slot.abort(),
                () = stopping.gently.cancelled(), if !told => {
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
