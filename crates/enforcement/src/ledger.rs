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
use countersign_entries::{Outcome, OutcomeEnding, RequestLine};
use countersign_node::{Draft, Fence};
use countersign_node::{Node, NotServing, RecordError};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};
use tokio_util::task::TaskTracker;

use crate::in_flight::Place;

/// How long a refusal waits for its entry; it is answered then anyway.
const REFUSAL_PATIENCE: Duration = Duration::from_secs(5);
/// How often an outcome is offered to a store that does not take it.
const OUTCOME_ATTEMPTS: u32 = 8;

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
    tasks: TaskTracker,
    cut: Arc<AtomicBool>,
}

impl Ledger {
    pub(crate) fn new(node: Arc<Node>) -> Self {
        Self {
            node,
            tasks: TaskTracker::new(),
            cut: Arc::default(),
        }
    }

    /// From now on what has not ended is cut by us; no client left it.
    pub(crate) fn cut(&self) {
        self.cut.store(true, Ordering::Release);
    }

    /// Makes the entry of a request that is about to go upstream durable.
    pub(crate) async fn begin(
        &self,
        session: SessionId,
        request: RequestLine,
        place: Place,
    ) -> Result<RecordedRequest, NotRecorded> {
        let (answer, durable) = oneshot::channel();
        let ledger = self.clone();
        // In a task of its own: a client that leaves now must not leave an entry without outcome.
        self.tasks.spawn(async move {
            let draft = Draft::Request { session, request };
            let recorded = ledger.node.record(draft).await;
            let recorded =
                recorded.map(|index| RecordedRequest::new(ledger, session, index, place));
            let _ = answer.send(recorded);
        });
        durable
            .await
            .unwrap_or(Err(RecordError::NotServing(NotServing)))
            .map_err(|error| match error {
                RecordError::Fenced(Fence::Over | Fence::Idle | Fence::UnknownSession) => {
                    NotRecorded::Over
                }
                error => {
                    tracing::warn!(%error, "a request was refused because it could not be logged");
                    NotRecorded::Unsure
                }
            })
    }

    /// Puts a refused request on the log. The refusal stands whether or not that succeeds.
    pub(crate) async fn refused(&self, session: SessionId, request: RequestLine, code: String) {
        let node = Arc::clone(&self.node);
        let recording = self.tasks.spawn(async move {
            let draft = Draft::Refused {
                session,
                request,
                code,
            };
            if let Err(error) = node.record(draft).await {
                tracing::warn!(%error, %session, "a refused request could not be logged");
            }
        });
        // Slow or failed: the task goes on, or has said so.
        let _ = timeout(REFUSAL_PATIENCE, recording).await;
    }

    /// Waits until everything begun has been recorded.
    pub(crate) async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    fn outcome(&self, session: SessionId, outcome: Outcome) {
        // Dropped outside a runtime, the process is going down: "outcome unknown" (R18).
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let node = Arc::clone(&self.node);
        self.tasks.spawn_on(
            async move {
                let mut pause = Duration::from_millis(50);
                for _ in 0..OUTCOME_ATTEMPTS {
                    let draft = Draft::Outcome {
                        session,
                        outcome: outcome.clone(),
                    };
                    let Err(error) = node.record(draft).await else {
                        return;
                    };
                    tracing::warn!(%error, %session, "an outcome could not be logged yet");
                    sleep(pause).await;
                    pause *= 2;
                }
                tracing::error!(%session, index = outcome.request, "an outcome was lost");
            },
            &runtime,
        );
    }
}

/// A request whose entry is durable. Its outcome is recorded when this is dropped.
#[derive(Debug)]
pub(crate) struct RecordedRequest {
    ledger: Ledger,
    session: SessionId,
    index: u64,
    sent: bool,
    status: Option<u16>,
    bytes: u64,
    ending: Option<OutcomeEnding>,
    _place: Place,
}

impl RecordedRequest {
    fn new(ledger: Ledger, session: SessionId, index: u64, place: Place) -> Self {
        Self {
            ledger,
            session,
            index,
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

    fn ending(&self) -> OutcomeEnding {
        match self.ending {
            Some(ending) => ending,
            None if !self.sent => OutcomeEnding::NotSent,
            None if self.ledger.cut.load(Ordering::Acquire) => OutcomeEnding::Cut,
            None if !self.ledger.node.may_flow(self.session) => OutcomeEnding::Cut,
            None => OutcomeEnding::ClientGone,
        }
    }
}

impl Drop for RecordedRequest {
    fn drop(&mut self) {
        let outcome = Outcome {
            request: self.index,
            status: self.status,
            bytes: self.bytes,
            ending: self.ending(),
        };
        self.ledger.outcome(self.session, outcome);
    }
}
