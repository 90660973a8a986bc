//! Connections to upstreams.
//!
//! HTTP/1.1 connections serve one request at a time and are shared within an org. An HTTP/2
//! connection serves many at a time, so it belongs to one session: when that ends, the connection
//! can be cut without touching anybody else's requests.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll},
    time::Duration,
};

use countersign_domain::{IdMap, OrgId, Origin, SessionId, Upstream};
use countersign_node::Node;
use futures_util::future::Either;
use hyper::client::conn::http2;
use tokio::time::{interval, timeout};

use crate::{
    config::GatewayConfig,
    dial::{Dialer, NoLine},
    line::{Answered, Line, Own, Shared},
    outgoing::Outgoing,
    progress::Progress,
    slot::{Busy, Slot},
};

/// How many idle HTTP/1.1 connections are kept for one org.
const IDLE_PER_ORG: usize = 256;
/// How often idle connections are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Connections to upstreams that can serve another request.
#[derive(Debug)]
pub(crate) struct Pool {
    dialer: Dialer,
    connect_timeout: Duration,
    idle: Mutex<IdMap<OrgId, Idle>>,
    shared: Arc<SharedLines>,
}

/// Idle HTTP/1.1 connections of one org. They are not shared between orgs: a product that answers
/// out of step must not answer one customer with another's page (A3). An org has one product at a
/// time, and when that moves they are of no use.
#[derive(Debug)]
struct Idle {
    at: Arc<Upstream>,
    lines: Vec<Own>,
}

/// The HTTP/2 connection of each session, which ends when its org's product moves (R17).
#[derive(Debug, Default)]
pub(crate) struct SharedLines(Mutex<IdMap<SessionId, (Origin, Arc<Shared>)>>);

/// A connection in use. Dropping it closes an HTTP/1.1 connection, unless it was given back.
#[derive(Debug)]
pub(crate) struct Lent {
    pool: Arc<Pool>,
    org: OrgId,
    to: Arc<Upstream>,
    line: Line,
    /// How far the request has got.
    progress: Progress,
    _busy: Busy,
}

impl Pool {
    pub(crate) fn new(node: Arc<Node>, config: &GatewayConfig) -> Arc<Self> {
        Arc::new(Self {
            dialer: Dialer::new(node, config),
            connect_timeout: config.connect_timeout,
            idle: Mutex::default(),
            shared: Arc::default(),
        })
    }

    /// A connection that can take a request of `session` now, or else a new one.
    pub(crate) async fn lend(
        self: &Arc<Self>,
        org: OrgId,
        to: &Arc<Upstream>,
        session: SessionId,
    ) -> Result<Lent, NoLine> {
        if let Some(line) = self.shared.find(session, &to.origin) {
            return Ok(self.lent(org, to, Line::Shared(line)));
        }
        while let Some(mut line) = self.take(org, &to.origin) {
            if line.is_ready() {
                return Ok(self.lent(org, to, Line::Own(line)));
            }
        }
        // Making a connection is rare, and what it takes would be in every request's future.
        Box::pin(self.connect(org, to, session)).await
    }

    /// A connection in the place of one that did not take a request.
    pub(crate) async fn instead_of(
        self: &Arc<Self>,
        used: Lent,
        session: SessionId,
    ) -> Result<Lent, NoLine> {
        let (org, to) = (used.org, Arc::clone(&used.to));
        // Another request may have replaced it already.
        if let Line::Shared(used) = &used.line
            && let Some(line) = self.shared.find(session, &to.origin)
            && !Arc::ptr_eq(used, &line)
        {
            return Ok(self.lent(org, &to, Line::Shared(line)));
        }
        drop(used);
        self.connect(org, &to, session).await
    }

    /// A new connection.
    async fn connect(
        self: &Arc<Self>,
        org: OrgId,
        to: &Arc<Upstream>,
        session: SessionId,
    ) -> Result<Lent, NoLine> {
        let dialing = self.dialer.dial(&to.origin, session, &self.shared);
        let line = timeout(self.connect_timeout, dialing)
            .await
            .map_err(|_| NoLine::TimedOut)??;
        Ok(self.lent(org, to, line))
    }

    fn lent(self: &Arc<Self>, org: OrgId, to: &Arc<Upstream>, line: Line) -> Lent {
        let busy = line.slot().busy();
        Lent {
            pool: Arc::clone(self),
            org,
            to: Arc::clone(to),
            line,
            progress: Progress::default(),
            _busy: busy,
        }
    }

    fn idle(&self) -> MutexGuard<'_, IdMap<OrgId, Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes idle connections when their time has come or the upstream has closed them, for as
    /// long as there is a pool.
    pub(crate) async fn tidy(pool: Weak<Self>) {
        let mut tick = interval(LOOK);
        loop {
            tick.tick().await;
            let Some(pool) = pool.upgrade() else {
                return;
            };
            pool.idle().retain(|_, idle| {
                idle.lines.retain_mut(Own::is_open);
                !idle.lines.is_empty()
            });
        }
    }

    fn take(&self, org: OrgId, to: &Origin) -> Option<Own> {
        let mut idle = self.idle();
        let idle = idle.get_mut(&org)?;
        if idle.at.origin == *to {
            idle.lines.pop()
        } else {
            None
        }
    }
}

impl SharedLines {
    fn lines(&self) -> MutexGuard<'_, IdMap<SessionId, (Origin, Arc<Shared>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, session: SessionId, to: &Origin) -> Option<Arc<Shared>> {
        let lines = self.lines();
        let (at, line) = lines.get(&session)?;
        let usable = at == to && !line.sender.is_closed() && !line.slot.is_aborted();
        usable.then(|| Arc::clone(line))
    }

    /// Keeps a connection for the session's next requests.
    pub(crate) fn keep(&self, session: SessionId, to: &Origin, line: Arc<Shared>) {
        self.lines().insert(session, (to.clone(), line));
    }

    /// Forgets a connection that is over, unless another has taken its place.
    pub(crate) fn forget(&self, session: SessionId, slot: &Arc<Slot>) {
        let mut lines = self.lines();
        let same = lines
            .get(&session)
            .is_some_and(|(_, line)| Arc::ptr_eq(&line.slot, slot));
        if same {
            lines.remove(&session);
        }
    }
}

impl Lent {
    /// From now on, what is written belongs to `session`.
    pub(crate) fn serve(&self, session: SessionId) {
        self.line.slot().serve(session);
    }

    /// Sends a request, in the form the connection's protocol wants.
    pub(crate) fn send(
        &mut self,
        request: http::Request<Outgoing>,
    ) -> impl Future<Output = Answered> + use<'_> {
        self.progress = request.body().progress();
        match &mut self.line {
            Line::Own(line) => Either::Left(line.send(as_http1(request))),
            Line::Shared(line) => {
                let sender = line.sender.clone();
                let sent = send_shared(sender, request, &self.to.origin);
                Either::Right(Box::pin(sent))
            }
        }
    }

    /// Polls for what comes over the connection.
    pub(crate) fn poll_for<T>(
        &mut self,
        cx: &mut Context<'_>,
        wanted: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        self.line.poll_for(cx, wanted)
    }

    /// The head of the response is there. A product may answer before it has the request, which then
    /// goes on its way however slowly the response is read.
    pub(crate) fn answered(&mut self) {
        if let Line::Own(line) = &mut self.line
            && !self.progress.is_sent()
        {
            line.set_apart();
        }
    }

    /// How far the request has got.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Whether it carries other requests of the session as well (HTTP/2).
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.line, Line::Shared(_))
    }

    /// Whether the connection was ended here, so that an end of the body means nothing.
    pub(crate) fn was_cut(&self) -> bool {
        self.line.slot().is_aborted()
    }

    /// The response has been read to its end; the connection can serve another.
    pub(crate) fn give_back(self) {
        let Self {
            pool,
            org,
            to,
            line,
            progress,
            ..
        } = self;
        let Line::Own(mut line) = line else {
            return;
        };
        // A product that answers early still gets the rest of the request, which is the session's.
        if !progress.is_sent() {
            return;
        }
        if !line.is_ready() {
            return;
        }
        let mut idle = pool.idle();
        let of_org = idle.entry(org).or_insert_with(|| Idle {
            at: Arc::clone(&to),
            lines: Vec::new(),
        });
        if of_org.at.origin != to.origin {
            of_org.at = to;
            of_org.lines.clear();
        }
        if of_org.lines.len() < IDLE_PER_ORG {
            of_org.lines.push(line);
        }
    }
}

fn as_http1(mut request: http::Request<Outgoing>) -> http::Request<Outgoing> {
    let target = request.uri().path_and_query().cloned();
    if let Some(target) = target {
        *request.uri_mut() = target.into();
    }
    *request.version_mut() = http::Version::HTTP_11;
    request
}

/// RFC 9113 section 8.3.1: the authority stands in its pseudo-header, and nothing names the
/// connection.
async fn send_shared(
    mut sender: http2::SendRequest<Outgoing>,
    mut request: http::Request<Outgoing>,
    origin: &Origin,
) -> Answered {
    let scheme = if origin.as_str().starts_with("https://") {
        "https"
    } else {
        "http"
    };
    let target = request.uri().path_and_query().cloned();
    let uri = http::Uri::builder()
        .scheme(scheme)
        .authority(authority(origin))
        .path_and_query(target.unwrap_or_else(|| http::uri::PathAndQuery::from_static("/")))
        .build();
    if let Ok(uri) = uri {
        *request.uri_mut() = uri;
    }
    *request.version_mut() = http::Version::HTTP_2;
    request.headers_mut().remove(http::header::HOST);
    request.headers_mut().remove(http::header::CONNECTION);
    sender.try_send_request(request).await
}

/// `host[:port]`, as in Host.
pub(crate) fn authority(origin: &Origin) -> &str {
    let text = origin.as_str();
    text.split_once("://")
        .map_or(text, |(_, authority)| authority)
}
