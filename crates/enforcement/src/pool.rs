//! Connections to upstreams.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use countersign_domain::{OrgId, Origin, SessionId};
use countersign_node::Node;
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::AbortHandle, time::timeout};

use crate::{config::GatewayConfig, guarded_io::GuardedIo, slot::Slot};

/// How many idle connections are kept for one key.
const IDLE_PER_KEY: usize = 32;
/// How long a connection may take to notice that its last response is over.
const SETTLE: Duration = Duration::from_millis(50);

/// Connections are not shared between orgs: a product that answers out of step must not answer one
/// customer with another's page (A3).
type Key = (OrgId, Origin);

/// Idle connections to upstreams.
#[derive(Debug)]
pub(crate) struct Pool {
    node: Arc<Node>,
    connect_timeout: Duration,
    idle_timeout: Duration,
    idle: Mutex<HashMap<Key, Vec<Line>>>,
}

/// Why no connection could be had.
#[derive(Debug)]
pub(crate) enum NoLine {
    TimedOut,
    Failed(io::Error),
}

/// One connection. Dropping it closes it.
#[derive(Debug)]
struct Line {
    sender: SendRequest<Incoming>,
    slot: Arc<Slot>,
    task: AbortHandle,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A connection in use. Dropping it closes it, unless it was given back.
#[derive(Debug)]
pub(crate) struct Lent {
    pool: Arc<Pool>,
    key: Key,
    line: Line,
}

impl Pool {
    pub(crate) fn new(node: Arc<Node>, config: &GatewayConfig) -> Arc<Self> {
        Arc::new(Self {
            node,
            connect_timeout: config.connect_timeout,
            idle_timeout: config.upstream_idle,
            idle: Mutex::new(HashMap::new()),
        })
    }

    /// An idle connection, or else a new one.
    pub(crate) async fn lend(self: &Arc<Self>, org: OrgId, to: &Origin) -> Result<Lent, NoLine> {
        let key = (org, to.clone());
        while let Some(mut line) = self.take(&key) {
            let ready = timeout(SETTLE, line.sender.ready()).await;
            if matches!(ready, Ok(Ok(()))) && line.slot.free() {
                return Ok(self.lent(key, line));
            }
        }
        self.connect(org, to).await
    }

    /// A new connection.
    pub(crate) async fn connect(self: &Arc<Self>, org: OrgId, to: &Origin) -> Result<Lent, NoLine> {
        let line = timeout(self.connect_timeout, self.dial(to))
            .await
            .map_err(|_| NoLine::TimedOut)?
            .map_err(NoLine::Failed)?;
        Ok(self.lent((org, to.clone()), line))
    }

    async fn dial(&self, to: &Origin) -> io::Result<Line> {
        let authority = authority(to);
        let stream = match authority.parse::<http::uri::Authority>() {
            Ok(parsed) if parsed.port().is_some() => TcpStream::connect(authority).await?,
            _ => TcpStream::connect((authority.trim_matches(['[', ']']), 80)).await?,
        };
        stream.set_nodelay(true)?;
        let slot = Arc::new(Slot::default());
        let io = GuardedIo::new(stream, Arc::clone(&slot), Arc::clone(&self.node));
        let (sender, connection) = http1::Builder::new()
            .handshake(TokioIo::new(io))
            .await
            .map_err(io::Error::other)?;
        let task = tokio::spawn({
            let (node, slot, idle) = (Arc::clone(&self.node), Arc::clone(&slot), self.idle_timeout);
            async move {
                tokio::select! {
                    // How it ended shows in the response.
                    _ = connection => {}
                    () = slot.over(&node, Some(idle)) => {}
                }
            }
        });
        Ok(Line {
            sender,
            slot,
            task: task.abort_handle(),
        })
    }

    fn lent(self: &Arc<Self>, key: Key, line: Line) -> Lent {
        Lent {
            pool: Arc::clone(self),
            key,
            line,
        }
    }

    fn take(&self, key: &Key) -> Option<Line> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = idle.get_mut(key)?;
        let line = std::iter::from_fn(|| lines.pop()).find(|line| !line.sender.is_closed());
        if lines.is_empty() {
            idle.remove(key);
        }
        line
    }
}

impl Lent {
    /// From now on, what is written belongs to `session`.
    pub(crate) fn serve(&self, session: SessionId) {
        self.line.slot.serve(session);
    }

    pub(crate) fn sender(&mut self) -> &mut SendRequest<Incoming> {
        &mut self.line.sender
    }

    /// Whether the connection was ended here, so that an end of the body means nothing.
    pub(crate) fn was_cut(&self) -> bool {
        self.line.slot.is_aborted()
    }

    /// The response has been read to its end; the connection can serve another.
    pub(crate) fn give_back(self) {
        let Self { pool, key, line } = self;
        if line.sender.is_closed() || !line.slot.free() {
            return;
        }
        let mut idle = pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = idle.entry(key).or_default();
        lines.retain(|line| !line.sender.is_closed());
        if lines.len() < IDLE_PER_KEY {
            lines.push(line);
        }
    }
}

/// `host[:port]`, as in Host.
pub(crate) fn authority(origin: &Origin) -> &str {
    let text = origin.as_str();
    text.split_once("://")
        .map_or(text, |(_, authority)| authority)
}
