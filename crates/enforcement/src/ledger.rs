//! Entries of requests: durable before the product sees anything (R18, A5), and followed by an
//! outcome whatever becomes of the client, the upstream or the task that served it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countersign_domain::SessionId;
use countersign_entries::{OutcomeEnding, RequestLine};
use countersign_node::{Desk, Durable, Fence, Node, RecordError};
use tokio::time::timeout;

use crate::in_flight::Place;

/// How long a refusal waits for its entry; it is answered then anyway.
const REFUSAL_PATIENCE: Duration = Duration::from_secs(5);

/// Why a request could not be put on the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotRecorded {
    /// The session gives no access any more.
    Over,
    /// The process or the store cannot be sure (R19).
    Unsure,
}

/// Entries of requests.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    node: Arc<Node>,
    cut: Arc<AtomicBool>,
}

impl Ledger {
    pub(crate) fn new(node: Arc<Node>) -> Self {
        Self {
            node,
            cut: Arc::default(),
        }
    }

    /// From now on what has not ended is cut by us; no client left it.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::Release);
    }

    /// Makes the entry of a request that is about to go upstream durable. A client that leaves
    /// meanwhile leaves no entry without outcome, and its place is taken until then.
    pub(crate) async fn begin(
        &self,
        session: SessionId,
        request: RequestLine,
        place: Place,
        desk: &Arc<Desk>,
    ) -> Result<RecordedRequest, NotRecorded> {
        let held = place.held();
        let recorded = desk.record_request(session, request, held);
        match recorded.await {
            Ok(entry) => Ok(RecordedRequest::new(self.clone(), entry, place)),
            Err(RecordError::Fenced(Fence::Over | Fence::Idle | Fence::UnknownSession)) => {
                Err(NotRecorded::Over)
            }
            Err(error) => {
                tracing::warn!(%error, "a request was refused because it could not be logged");
                Err(NotRecorded::Unsure)
            }
        }
    }

    /// Puts a refused request on the log. The refusal stands whether or not that succeeds. A client
    /// that leaves meanwhile keeps its place until then, if it has one.
    pub(crate) async fn refused(
        &self,
        session: SessionId,
        request: RequestLine,
        code: String,
        desk: &Arc<Desk>,
        place: Option<&Place>,
    ) {
        let held = place.map(Place::held);
        let recording = desk.record_refused(session, request, code, held);
        // Slow: it is recorded all the same, or the recorder says that it was not.
        if let Ok(Err(error)) = timeout(REFUSAL_PATIENCE, recording).await {
            tracing::warn!(%error, %session, "a refused request could not be logged");
        }
    }

    /// Waits until everything begun has been recorded.
    pub(crate) async fn settle(&self) {
        self.node.recorded().await;
    }
}

/// A request whose entry is durable. Its outcome is recorded when this is dropped.
#[derive(Debug)]
pub(crate) struct RecordedRequest {
    ledger: Ledger,
    session: SessionId,
    index: u64,
    /// Taken when the outcome is told.
    entry: Option<Durable>,
    sent: bool,
    status: Option<u16>,
    bytes: u64,
    ending: Option<OutcomeEnding>,
    _place: Place,
}

impl RecordedRequest {
    fn new(ledger: Ledger, entry: Durable, place: Place) -> Self {
        Self {
            ledger,
            session: entry.session(),
            index: entry.index(),
            entry: Some(entry),
            sent: false,
            status: None,
            bytes: 0,
            ending: None,
            _place: place,
        }
    }

    pub(crate) fn session(&self) -> SessionId {
        self.session
    }

    /// The index of the entry on the org's log.
    pub(crate) fn index(&self) -> u64 {
        self.index
    }

    /// The first byte may be on its way upstream.
    pub(crate) fn sent(&mut self) {
        self.sent = true;
    }

    /// The upstream has answered.
    pub(crate) fn answered(&mut self, status: u16) {
        self.status = Some(status);
    }

    /// Bytes of the body are passed on.
    pub(crate) fn passed(&mut self, bytes: usize) {
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// How it ended; the first word counts.
    pub(crate) fn end(&mut self, ending: OutcomeEnding) {
        self.ending.get_or_insert(ending);
    }

    /// The client left it, unless it had to: by now it may be we who ended its connection.
    pub(crate) fn left(&mut self) {
        let ending = self.unless_ended();
        self.end(ending);
    }

    /// What it is when nobody has said how it ended.
    fn unless_ended(&self) -> OutcomeEnding {
        if !self.sent {
            OutcomeEnding::NotSent
        } else if self.ledger.cut.load(Ordering::Acquire)
            || !self.ledger.node.may_flow(self.session)
        {
            OutcomeEnding::Cut
        } else {
            OutcomeEnding::ClientGone
        }
    }
}

impl Drop for RecordedRequest {
    fn drop(&mut self) {
        if let Some(entry) = self.entry.take() {
            let ending = self.ending.unwrap_or_else(|| self.unless_ended());
            entry.ended(self.status, self.bytes, ending);
        }
    }
}
