//! Recording entries of requests, many at a time.

use std::{
    any::Any,
    collections::VecDeque,
    io, mem,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use countersign_domain::SessionId;
use countersign_entries::{Outcome, OutcomeEnding, RequestLine};
use countersign_store::{Draft, Fence, Verdict};
use tokio::{
    runtime,
    sync::{Notify, oneshot},
    time::{Sleep, sleep},
};

use crate::{Desk, Node, NotServing, desk::Laid, node::locked};

/// How many entries share a commit at most.
const BATCH: usize = 1_024;
/// How many of them may be outcomes while requests wait. Each request has one outcome, so with
/// half of each batch neither kind can keep the other from coming on.
const OUTCOMES: usize = BATCH / 2;
/// How long outcomes wait for a request to share its commit. Nobody waits for them; a crash within
/// this time leaves "outcome unknown", as one a moment earlier would have.
const LINGER: Duration = Duration::from_millis(5);
/// How long outcomes that could not be recorded wait at first, and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));

/// Where entries are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorder {
    /// On a thread of its own, which a store may keep busy.
    OwnThread,
    /// Beside everything else on the runtime that the process was started on: for a store that keeps no
    /// thread busy, where a run has to come out the same every time.
    Beside,
}

/// An entry could not be made durable, so its request does not pass (R18, R19).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// This process may not serve.
    #[error(transparent)]
    NotServing(#[from] NotServing),
    /// More entries wait than the store takes in.
    #[error("the log cannot take in more entries right now")]
    Backlog,
    /// The store cannot be reached.
    #[error("the log cannot be written: {0}")]
    Unavailable(String),
    /// The fence holds: the session gives no access any more.
    #[error("the session gives no access any more ({})", .0.code())]
    Fenced(Fence),
}

/// What waits to be recorded.
#[derive(Debug)]
pub(crate) struct Waiting {
    /// How many entries may wait before requests are refused.
    backlog: usize,
    queue: Mutex<Queue>,
    /// How many are at a desk and not in the queue yet.
    coming: AtomicUsize,
    more: Notify,
    idle: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Bounded by the requests that were recorded: no request is taken in while too many wait.
    outcomes: VecDeque<Draft>,
    under_way: bool,
    /// Nobody records any more.
    closed: bool,
}

/// One entry and who waits for it, and where.
#[derive(Debug)]
pub(crate) struct Job {
    draft: Draft,
    answer: Answer,
    desk: Arc<Desk>,
}

#[derive(Debug)]
enum Answer {
    Refused(
        oneshot::Sender<Result<(), RecordError>>,
        Option<Arc<dyn Any + Send + Sync>>,
    ),
    Request(
        oneshot::Sender<Result<Durable, RecordError>>,
        Arc<dyn Any + Send + Sync>,
    ),
}

/// A request whose entry is durable. Wherever this is dropped, also on its way to somebody who has
/// gone away, an outcome follows.
#[derive(Debug)]
pub struct Durable {
    waiting: Arc<Waiting>,
    session: SessionId,
    index: u64,
    told: bool,
}

impl Durable {
    /// The session it is under.
    #[must_use]
    pub fn session(&self) -> SessionId {
        self.session
    }

    /// The index of the entry on the org's log.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// Records how it went.
    pub fn ended(mut self, status: Option<u16>, bytes: u64, ending: OutcomeEnding) {
        self.tell(status, bytes, ending);
    }

    fn tell(&mut self, status: Option<u16>, bytes: u64, ending: OutcomeEnding) {
        if !mem::replace(&mut self.told, true) {
            let outcome = Outcome {
                request: self.index,
                status,
                bytes,
                ending,
            };
            self.waiting.outcome(self.session, outcome);
        }
    }
}

impl Drop for Durable {
    fn drop(&mut self) {
        self.tell(None, 0, OutcomeEnding::NotSent);
    }
}

impl Desk {
    /// Makes the entry of a request that is about to go upstream durable, sharing the commit with
    /// whoever else is recording. It is recorded whatever becomes of the caller, and until then
    /// `held` is kept: a caller that goes away early frees nothing early.
    ///
    /// # Errors
    /// When it is not durable; the request must not go upstream then.
    pub async fn record_request(
        self: &Arc<Self>,
        session: SessionId,
        request: RequestLine,
        held: Arc<dyn Any + Send + Sync>,
    ) -> Result<Durable, RecordError> {
        let (answer, durable) = oneshot::channel();
        self.bring(Job {
            draft: Draft::Request { session, request },
            answer: Answer::Request(answer, held),
            desk: Arc::clone(self),
        });
        durable.await.map_err(|_| NotServing)?
    }

    /// Makes the entry of a request that was refused durable. It is recorded whatever becomes of
    /// the caller, and until then `held` is kept.
    ///
    /// # Errors
    /// When it is not durable.
    pub async fn record_refused(
        self: &Arc<Self>,
        session: SessionId,
        request: RequestLine,
        code: String,
        held: Option<Arc<dyn Any + Send + Sync>>,
    ) -> Result<(), RecordError> {
        let (answer, durable) = oneshot::channel();
        let draft = Draft::Refused {
            session,
            request,
            code,
        };
        self.bring(Job {
            draft,
            answer: Answer::Refused(answer, held),
            desk: Arc::clone(self),
        });
        durable.await.map_err(|_| NotServing)?
    }
}

impl Node {
    /// Returns when nothing waits to be recorded any more.
    pub async fn recorded(&self) {
        if let Some(waiting) = &self.waiting {
            waiting.settled().await;
        }
    }
}

impl Waiting {
    pub(crate) fn new(backlog: usize) -> Self {
        Self {
            backlog,
            queue: Mutex::default(),
            coming: AtomicUsize::new(0),
            more: Notify::new(),
            idle: Notify::new(),
        }
    }

    /// Something has been brought to a desk.
    pub(crate) fn comes(&self) {
        self.coming.fetch_add(1, Ordering::AcqRel);
    }

    /// Takes jobs in, as many as may wait; the others are told.
    pub(crate) fn enqueue(self: &Arc<Self>, jobs: Vec<Job>) {
        let mut queue = locked(&self.queue);
        let (room, error) = if queue.closed {
            (0, RecordError::NotServing(NotServing))
        } else {
            (self.backlog, RecordError::Backlog)
        };
        self.coming.fetch_sub(jobs.len(), Ordering::AcqRel);
        let mut turned_away = vec![];
        let some = !jobs.is_empty();
        for job in jobs {
            // What is refused may take half: however many sessions are flooding, the requests of
            // others find a place.
            let most = match job.answer {
                Answer::Refused(..) => room / 2,
                Answer::Request(..) => room,
            };
            if queue.jobs.len() + queue.outcomes.len() < most {
                queue.jobs.push_back(job);
            } else {
                turned_away.push(job);
            }
        }
        drop(queue);
        if some {
            self.more.notify_one();
        } else {
            self.idle.notify_waiters();
        }
        for job in turned_away {
            let session = job.draft.session();
            self.laid(session, job.answer, Err(error.clone()))
                .hand_over();
        }
    }

    fn outcome(&self, session: SessionId, outcome: Outcome) {
        let mut queue = locked(&self.queue);
        if queue.closed {
            tracing::debug!(%session, index = outcome.request, "stopped: the outcome stays unknown");
            return;
        }
        queue
            .outcomes
            .push_back(Draft::Outcome { session, outcome });
        let (waiting, under_way) = (queue.outcomes.len(), queue.under_way);
        drop(queue);
        // In between, those that wait already have somebody coming for them.
        if !under_way && (waiting == 1 || waiting == OUTCOMES) {
            self.more.notify_one();
        }
    }

    async fn settled(&self) {
        loop {
            let idle = self.idle.notified();
            // In this order: what is coming is counted until it is in the queue.
            if self.coming.load(Ordering::Acquire) == 0 && locked(&self.queue).is_idle() {
                return;
            }
            idle.await;
        }
    }

    /// The next batch: outcomes, if they may come along, and then jobs.
    fn take(&self, outcomes: bool) -> Batch {
        let mut queue = locked(&self.queue);
        let room = OUTCOMES.max(BATCH.saturating_sub(queue.jobs.len()));
        let outcomes = if outcomes {
            queue.outcomes.len().min(room)
        } else {
            0
        };
        let jobs = queue.jobs.len().min(BATCH - outcomes);
        let mut drafts = Vec::with_capacity(outcomes + jobs);
        drafts.extend(queue.outcomes.drain(..outcomes));
        let mut answers = Vec::with_capacity(jobs);
        for job in queue.jobs.drain(..jobs) {
            drafts.push(job.draft);
            answers.push((job.answer, job.desk));
        }
        queue.under_way = true;
        Batch {
            drafts,
            outcomes,
            answers,
        }
    }

    /// The batch is over; outcomes that were not recorded go back to where they were.
    fn finish(&self, again: impl DoubleEndedIterator<Item = Draft>) {
        let mut queue = locked(&self.queue);
        for outcome in again.rev() {
            queue.outcomes.push_front(outcome);
        }
        queue.under_way = false;
        if queue.is_idle() {
            self.idle.notify_waiters();
        }
    }

    fn close(&self) {
        let mut queue = locked(&self.queue);
        queue.closed = true;
        queue.under_way = false;
        let jobs = mem::take(&mut queue.jobs);
        let outcomes = mem::take(&mut queue.outcomes);
        drop(queue);
        // Whoever waits is told by the answer that never comes.
        drop(jobs);
        if !outcomes.is_empty() {
            tracing::error!(
                lost = outcomes.len(),
                "outcomes were lost: they stay unknown"
            );
        }
        self.idle.notify_waiters();
    }
}

impl Queue {
    fn is_idle(&self) -> bool {
        self.closed || !self.under_way && self.jobs.is_empty() && self.outcomes.is_empty()
    }
}

struct Batch {
    /// Outcomes first.
    drafts: Vec<Draft>,
    outcomes: usize,
    /// For the drafts after the outcomes.
    answers: Vec<(Answer, Arc<Desk>)>,
}

/// Closes the queue however the task ends.
struct Closing(Arc<Waiting>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Records on a thread of its own, which a store may keep busy: whoever waits for a commit is not
/// served by somebody who is busy with one. Ends when the sender of `stopped` is dropped.
pub(crate) fn start(
    node: Arc<Node>,
    waiting: Arc<Waiting>,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let recording = move || {
        runtime.block_on(async {
            tokio::select! {
                _ = stopped => {}
                () = record(node, waiting) => {}
            }
        });
    };
    let thread = thread::Builder::new().name("recorder".to_owned());
    thread.spawn(recording).map(drop)
}

/// Takes what waits, records it in one commit, answers, and takes again. A request never waits for
/// others to come: those that come during one commit share the next.
pub(crate) async fn record(node: Arc<Node>, waiting: Arc<Waiting>) {
    let _closing = Closing(Arc::clone(&waiting));
    let mut pause = RETRY.0;
    // While this runs, outcomes that failed wait; requests are tried each on its own behalf.
    let mut held: Option<Pin<Box<Sleep>>> = None;
    loop {
        let outcomes = match waiting.look(held.is_none()) {
            Look::Take { outcomes } => outcomes,
            Look::Wait { linger } => {
                tokio::select! {
                    biased;
                    () = waiting.more.notified() => continue,
                    () = elapsed(&mut held), if held.is_some() => {
                        held = None;
                        continue;
                    }
                    () = sleep(LINGER), if linger => true,
                }
            }
        };
        let batch = waiting.take(outcomes);
        if !waiting.record(&node, batch).await {
            held = Some(Box::pin(sleep(pause)));
            pause = RETRY.1.min(pause * 2);
        } else if outcomes {
            pause = RETRY.0;
        }
    }
}

async fn elapsed(held: &mut Option<Pin<Box<Sleep>>>) {
    if let Some(held) = held {
        held.as_mut().await;
    }
}

enum Look {
    Take { outcomes: bool },
    Wait { linger: bool },
}

impl Waiting {
    fn look(&self, outcomes: bool) -> Look {
        let queue = locked(&self.queue);
        let waiting = if outcomes { queue.outcomes.len() } else { 0 };
        if !queue.jobs.is_empty() || waiting >= OUTCOMES {
            Look::Take { outcomes }
        } else {
            let linger = waiting > 0;
            Look::Wait { linger }
        }
    }

    /// Whether everything in the batch found its place; outcomes that did not wait again.
    async fn record(self: &Arc<Self>, node: &Node, batch: Batch) -> bool {
        let Batch {
            mut drafts,
            outcomes,
            answers,
        } = batch;
        let result = commit(node, &drafts).await;
        let kept = match &result {
            Ok(verdicts) => {
                note_activity(node, &drafts, verdicts);
                !verdicts.contains(&Verdict::Fenced(Fence::LeaseLost))
            }
            Err(_) => false,
        };
        if let (true, Ok(verdicts)) = (kept, &result) {
            for (draft, verdict) in drafts.iter().zip(verdicts).take(outcomes) {
                if let Verdict::Fenced(fence) = verdict {
                    let session = draft.session();
                    tracing::error!(%session, why = fence.code(), "an outcome was lost");
                }
            }
        }
        let requests = drafts.split_off(outcomes);
        let verdicts: Vec<_> = match result {
            Ok(verdicts) => verdicts.into_iter().skip(outcomes).map(Ok).collect(),
            Err(error) => vec![Err(error); requests.len()],
        };
        self.answer(&requests, answers, verdicts);
        let again = if kept { 0 } else { drafts.len() };
        if again > 0 {
            tracing::warn!(outcomes = again, "outcomes could not be logged yet");
        }
        self.finish(drafts.into_iter().take(again));
        kept
    }

    /// Lays each answer on its caller's desk, and then calls each desk once.
    fn answer(
        self: &Arc<Self>,
        drafts: &[Draft],
        answers: Vec<(Answer, Arc<Desk>)>,
        verdicts: Vec<Result<Verdict, RecordError>>,
    ) {
        let mut desks: Vec<Arc<Desk>> = Vec::new();
        for ((draft, (answer, desk)), verdict) in drafts.iter().zip(answers).zip(verdicts) {
            desk.lay(self.laid(draft.session(), answer, verdict));
            if !desks.iter().any(|known| Arc::ptr_eq(known, &desk)) {
                desks.push(desk);
            }
        }
        for desk in desks {
            desk.call();
        }
    }

    fn laid(
        self: &Arc<Self>,
        session: SessionId,
        answer: Answer,
        result: Result<Verdict, RecordError>,
    ) -> Laid {
        let result = result.and_then(|verdict| match verdict {
            Verdict::Recorded { index, .. } => Ok(index),
            Verdict::Fenced(fence) => Err(RecordError::Fenced(fence)),
        });
        match answer {
            Answer::Request(caller, _held) => {
                let durable = result.map(|index| Durable {
                    waiting: Arc::clone(self),
                    session,
                    index,
                    told: false,
                });
                Laid::Request(caller, durable)
            }
            Answer::Refused(caller, _held) => Laid::Refused(caller, result.map(|_| ())),
        }
    }
}

/// A request that passes is activity; refusals and outcomes are not.
fn note_activity(node: &Node, drafts: &[Draft], verdicts: &[Verdict]) {
    let mut activity = locked(&node.activity);
    for (draft, verdict) in drafts.iter().zip(verdicts) {
        if let (Draft::Request { session, .. }, Verdict::Recorded { at, .. }) = (draft, verdict) {
            activity.insert(*session, *at);
        }
    }
}

async fn commit(node: &Node, drafts: &[Draft]) -> Result<Vec<Verdict>, RecordError> {
    let lease = node.wait_serving().await?;
    node.store
        .record(lease, drafts)
        .await
        .map_err(|error| RecordError::Unavailable(error.0))
}
