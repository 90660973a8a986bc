//! Accepting connections and serving each until its client, its session or the process ends.

use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::{Pin, pin},
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::FutureExt;
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
    lanes::{Lanes, Local},
    part::Part,
    pool::Pool,
    scanned_io::ScannedIo,
    slot::{Over, Slot},
    stalled::{InPieces, Streams},
    turns::InTurns,
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
#[derive(Clone, Debug)]
struct Stopping {
    /// No further requests.
    gently: CancellationToken,
    /// The time to end what is under way is over.
    now: CancellationToken,
}

/// Why a connection does not simply go on.
#[derive(Clone, Copy, Debug)]
enum Word {
    Over(Over),
    Gently,
    Stop,
}

impl Gateway {
    /// Serves until `shutdown`, then lets requests in flight end for the configured time and
    /// waits for their outcomes to be recorded.
    ///
    /// # Errors
    /// When its threads cannot be started.
    pub async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let pool = || Pool::new(Arc::clone(&self.node), &self.config);
        let lanes = Lanes::start(self.config.threads, &self.node, pool)?;
        let stopping = Stopping {
            gently: self.closing.clone(),
            now: CancellationToken::new(),
        };
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
            let (gateway, stopping) = (Arc::clone(&self), stopping.clone());
            let serve = |local| gateway.connection(stream, local, permit, stopping);
            if let Some((lane, serving)) = lanes.place(serve) {
                connections.spawn_on(serving, &lane);
            }
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
        Ok(())
    }

    async fn connection(
        self: Arc<Self>,
        stream: std::net::TcpStream,
        local: Arc<Local>,
        _permit: OwnedSemaphorePermit,
        stopping: Stopping,
    ) {
        // From here on this thread hears what happens on it.
        let Ok(stream) = TcpStream::from_std(stream) else {
            return;
        };
        let Ok(peer) = stream.peer_addr() else {
            return;
        };
        // A response's head and first bytes are not held back for more.
        let _ = stream.set_nodelay(true);
        let mut client = Client {
            peer: peer.ip(),
            slot: Arc::default(),
            local,
            server_name: None,
            label: OnceLock::new(),
            hop: OnceLock::new(),
            heads: None,
        };
        let io = GuardedIo::new(
            stream,
            Arc::clone(&client.slot),
            Arc::clone(&self.node),
            self.config.write_patience(),
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
            self.http2(TokioIo::new(InTurns::new(stream)), client, stopping)
                .await;
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
        let (gateway, client) = (Arc::clone(&self), Arc::new(client));
        let service = service_fn(move |request| {
            let answer = Arc::clone(&gateway).handle(request, Arc::clone(&client));
            answer.map(Ok::<_, Infallible>)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.config.header_timeout)
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD)
            .serve_connection(TokioIo::new(InTurns::new(io)), service);
        self.drive(pin!(connection), &slot, None, stopping).await;
    }

    async fn http2<T>(self: Arc<Self>, io: T, client: Client, stopping: Stopping)
    where
        T: Read + Write + Unpin + Send + 'static,
    {
        client.slot.share();
        let slot = Arc::clone(&client.slot);
        let (gateway, client) = (Arc::clone(&self), Arc::new(client));
        let service = service_fn(move |request| {
            let answer = Arc::clone(&gateway).handle(request, Arc::clone(&client));
            answer.map(|answer| Ok::<_, Infallible>(answer.map(InPieces::new)))
        });
        let (executor, _attached) = Attached::new();
        let streams = Streams::new(executor, self.config.write_patience());
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
            let gently = !told;
            let word = pin!(async {
                tokio::select! {
                    biased;
                    over = &mut over => Word::Over(over),
                    () = stopping.now.cancelled() => Word::Stop,
                    () = stopping.gently.cancelled(), if gently => Word::Gently,
                }
            });
            let word = tokio::select! {
                biased;
                // Whatever the client did, it is gone; outcomes are recorded on drop.
                _ = &mut connection => return,
                word = Part::new(word) => word,
            };
            match word {
                // A1: dropping the connection drops what its buffers hold.
                Word::Over(Over::Cut) => return,
                Word::Over(Over::Idle) => {
                    connection.as_mut().graceful_shutdown();
                    let _ = timeout(GOODBYE, connection).await;
                    return;
                }
                Word::Stop => return slot.abort(),
                Word::Gently => {
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
) -> Option<(std::net::TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(free).acquire_owned().await.ok()?;
    let accepted = listener.accept().await;
    match accepted.and_then(|(stream, _)| stream.into_std()) {
        Ok(stream) => Some((stream, permit)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            None
        }
    }
}
