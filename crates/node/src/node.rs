//! The process as its other rooms see it.

use std::io;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, RwLock,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use countersign_decision::{
    About, Decision, Denial, Effect, LiveSession, Rules, View, decide_access_at,
};
use countersign_domain::{
    Duration, EndedWhy, IdMap, Label, OrgId, ProcessId, SecretHash, SessionId, Timestamp, TokenId,
};
use countersign_lease::{Boot, Holder};
use countersign_store::{LeaseEpoch, NewLease, Position, Store, Unavailable};
use tokio::{
    sync::{Notify, broadcast, oneshot, watch},
    task::JoinSet,
    time::timeout,
};

use crate::{
    Clocks, Start, follower,
    held::Held,
    indexer, keeper,
    news::Listeners,
    recorder::{self, Recorder, Waiting},
    store_clock::StoreClock,
};

/// How a process runs.
#[derive(Clone, Copy, Debug)]
pub struct NodeConfig {
    /// Its identity among the processes on one store.
    pub process: ProcessId,
    /// How long its lease holds without renewal. Taking access away waits this long, and a margin,
    /// for a process that has gone silent.
    pub lease: Duration,
    /// How many entries may wait to be recorded before requests are refused.
    pub backlog: usize,
    /// Where entries are recorded.
    pub recorder: Recorder,
}

impl NodeConfig {
    /// The defaults: a lease of a second and a half, a backlog of 4,096 entries. Identity JWTs end
    /// with the lease and count in whole seconds: a lease renewed in time always has more than one
    /// second left, so there is always a whole second for a JWT to end at, and nobody waits for one.
    #[must_use]
    pub const fn new(process: ProcessId) -> Self {
        Self {
            process,
            lease: Duration::from_millis(1_500),
            backlog: 4_096,
            recorder: Recorder::OwnThread,
        }
    }
}

/// The process could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store does not answer.
    #[error("the process could not start: {0}")]
    Store(#[from] Unavailable),
    /// The system gives no thread.
    #[error("the process could not start the thread that records: {0}")]
    Thread(#[from] io::Error),
}

/// The process cannot be sure, so it refuses (R19).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this process holds no lease, so it cannot be sure what is live")]
pub struct NotServing;

/// A running process.
pub struct Node {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clocks: Clocks,
    pub(crate) config: NodeConfig,
    pub(crate) view: RwLock<View>,
    pub(crate) position: watch::Sender<Position>,
    pub(crate) folded: AtomicU64,
    pub(crate) newest_time: AtomicI64,
    pub(crate) held: Held,
    /// How often it was not known whether something had been taken away.
    doubts: AtomicU64,
    store_time: StoreClock,
    pub(crate) serving: watch::Sender<bool>,
    /// Everything up to here has been found effective in every process.
    pub(crate) effective: AtomicU64,
    pub(crate) acknowledge: Notify,
    pub(crate) ended: broadcast::Sender<SessionId>,
    /// When each session last had a request recorded here; an open response is none (R16).
    pub(crate) activity: Mutex<IdMap<SessionId, Timestamp>>,
    /// What waits to be recorded; none in a process that decides nothing.
    pub(crate) waiting: Option<Arc<Waiting>>,
    /// Who waits for something of an org to change.
    pub(crate) listeners: Mutex<Listeners>,
    tasks: Mutex<JoinSet<()>>,
    /// Dropped, it ends the thread that records.
    recording: Mutex<Option<oneshot::Sender<()>>>,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// A poisoned lock guards plain data that is replaced whole; a panic elsewhere does not spoil it.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Node {
    /// A process that serves: it reads what is live, takes a lease, folds what has happened
    /// meanwhile and then decides.
    ///
    /// # Errors
    /// When the store cannot be reached, or there is no thread to be had.
    pub async fn serving(
        store: Arc<dyn Store>,
        clocks: Clocks,
        config: NodeConfig,
    ) -> Result<Arc<Self>, StartError> {
        // Before the lease, which would run out over a long read.
        let start = Start::read(store.as_ref()).await?;
        let waiting = Arc::new(Waiting::new(config.backlog));
        let records = Some(Arc::clone(&waiting));
        let node = Arc::new(Self::new(store, clocks, config, start, records));
        node.take_lease().await?;
        match config.recorder {
            Recorder::OwnThread => {
                let (recording, stopped) = oneshot::channel();
                recorder::start(Arc::clone(&node), waiting, stopped)?;
                *locked(&node.recording) = Some(recording);
            }
            Recorder::Beside => {
                _ = locked(&node.tasks).spawn(recorder::record(Arc::clone(&node), waiting));
            }
        }
        {
            let mut tasks = locked(&node.tasks);
            tasks.spawn(follower::follow(Arc::clone(&node)));
            tasks.spawn(keeper::keep(Arc::clone(&node)));
            tasks.spawn(indexer::index(Arc::clone(&node)));
        }
        Ok(node)
    }

    /// A process that decides nothing, such as the command line: it only waits for the others.
    #[must_use]
    pub fn observing(store: Arc<dyn Store>, clocks: Clocks, config: NodeConfig) -> Arc<Self> {
        let start = Start::knowing_nothing();
        Arc::new(Self::new(store, clocks, config, start, None))
    }

    fn new(
        store: Arc<dyn Store>,
        clocks: Clocks,
        config: NodeConfig,
        start: Start,
        waiting: Option<Arc<Waiting>>,
    ) -> Self {
        let lease_ms = u64::try_from(config.lease.as_millis()).unwrap_or(0);
        Self {
            store,
            clocks,
            config,
            view: RwLock::new(start.view),
            position: watch::Sender::new(start.as_of.position),
            folded: AtomicU64::new(0),
            newest_time: AtomicI64::new(start.as_of.time.as_millis()),
            held: Held::new(Holder::new(lease_ms)),
            doubts: AtomicU64::new(0),
            store_time: StoreClock::default(),
            serving: watch::Sender::new(false),
            effective: AtomicU64::new(0),
            acknowledge: Notify::new(),
            ended: broadcast::Sender::new(1_024),
            activity: Mutex::new(start.activity),
            waiting,
            listeners: Mutex::default(),
            tasks: Mutex::new(JoinSet::new()),
            recording: Mutex::default(),
        }
    }

    /// Commits a new lease, then folds up to the head read after the commit, then serves.
    pub(crate) async fn take_lease(&self) -> Result<(), Unavailable> {
        let (replaces, doubts) = self.held.change(|holder| (holder.give_up(), self.doubts()));
        let sent = self.clocks.boot.now();
        let lease = self
            .store
            .acquire_lease(NewLease {
                process: self.config.process,
                duration: self.config.lease,
                replaces,
            })
            .await?;
        self.time_read(lease.at, sent);
        let taken = self.held.change(|holder| {
            holder.acquired(lease.id.epoch, lease.head.0, sent);
            let taken = self.doubts() == doubts;
            if !taken {
                holder.give_up();
            }
            taken
        });
        if !taken {
            let why = "something may have been taken away since the lease was asked for";
            return Err(Unavailable(why.to_owned()));
        }
        while *self.position.borrow() < lease.head {
            follower::fold_page(self).await?;
        }
        let folded = self.position();
        self.held.change(|holder| holder.caught_up(folded.0));
        self.serving.send_replace(true);
        self.acknowledge.notify_one();
        Ok(())
    }

    /// Something may have been taken away, or not: nothing is served, and no byte flows, until the store has given
    /// a lease that was asked for from now on, and everything has been folded that had happened by then.
    pub fn doubt(&self) {
        self.held.change(|holder| {
            self.doubts.fetch_add(1, Ordering::AcqRel);
            holder.give_up();
        });
        self.serving.send_replace(false);
        self.acknowledge.notify_one();
    }

    fn doubts(&self) -> u64 {
        self.doubts.load(Ordering::Acquire)
    }

    /// Store time as this process knows it: the latest that it can be, where the store keeps it on a clock
    /// of its own.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now_at(self.clocks.boot.now())
    }

    fn now_at(&self, boot: Boot) -> Timestamp {
        let recorded = Timestamp::from_millis(self.newest_time.load(Ordering::Acquire));
        let now = self.store_time.latest(boot);
        now.unwrap_or_else(|| self.clocks.store.now()).max(recorded)
    }

    /// A moment of store time that has come: what says when it was made was not made later.
    #[must_use]
    pub fn has_come(&self) -> Timestamp {
        let earliest = self.store_time.earliest(self.clocks.boot.now());
        earliest.unwrap_or_else(|| self.clocks.store.now())
    }

    /// The store's clock has been read, if it has one, by a call sent at `sent`.
    pub(crate) fn time_read(&self, at: Option<Timestamp>, sent: Boot) {
        let Some(at) = at else { return };
        let received = self.clocks.boot.now();
        let lease = self.config.lease;
        self.store_time.read(at, sent, received, lease);
        self.store_time.compare(at, self.clocks.store.now());
    }

    /// The lease under which this process may serve right now.
    ///
    /// # Errors
    /// When it may not (R19).
    pub fn lease(&self) -> Result<LeaseEpoch, NotServing> {
        self.held
            .serving(self.clocks.boot.now())
            .map(|epoch| LeaseEpoch {
                process: self.config.process,
                epoch,
            })
            .ok_or(NotServing)
    }

    /// How long the lease holds from now on; nothing handed out may outlive it.
    #[must_use]
    pub fn lease_left(&self) -> Duration {
        let left = self.held.left(self.clocks.boot.now());
        Duration::from_millis(i64::try_from(left).unwrap_or(i64::MAX))
    }

    /// Has the lease renewed now rather than in its turn.
    pub fn renew_soon(&self) {
        self.acknowledge.notify_one();
    }

    /// Waits a short while for a lapsed lease to come back.
    ///
    /// # Errors
    /// When it does not (R19).
    pub async fn wait_serving(&self) -> Result<LeaseEpoch, NotServing> {
        if let Ok(lease) = self.lease() {
            return Ok(lease);
        }
        let mut serving = self.serving.subscribe();
        let patience = std::time::Duration::from_secs(2);
        let back = async {
            loop {
                if let Ok(lease) = self.lease() {
                    return lease;
                }
                if serving.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        timeout(patience, back).await.map_err(|_| NotServing)
    }

    /// Which requests to an org's product are reads. They stand for as long as the session that they
    /// are asked for runs: changing them ends it (R17).
    #[must_use]
    pub fn rules(&self, org: OrgId) -> Arc<Rules> {
        self.read_view().rules(org).cloned().unwrap_or_default()
    }

    /// Judges a request to the origin with this label.
    ///
    /// # Errors
    /// When the process cannot be sure (R19).
    pub fn decide(&self, label: &Label, effect: Effect) -> Result<Decision, NotServing> {
        let boot = self.clocks.boot.now();
        if self.held.left(boot) == 0 {
            return Err(NotServing);
        }
        let now = self.now_at(boot);
        Ok(decide_access_at(&self.read_view(), label, effect, now))
    }

    /// The last check before a byte leaves: lease and session are live now (A1, A2).
    #[must_use]
    pub fn may_flow(&self, session: SessionId) -> bool {
        self.is_ready() && self.running_until(session).is_ok()
    }

    /// When the clock alone would end the session, without another request.
    ///
    /// # Errors
    /// Why it gives no access now.
    pub fn running_until(&self, session: SessionId) -> Result<Timestamp, Denial> {
        let now = self.now();
        let view = self.read_view();
        let until = view.running_until(session, now)?;
        let live = view.session(session).ok_or(Denial::SessionOver)?;
        let last = locked(&self.activity).get(&session).copied();
        let last = last.unwrap_or(live.session.started_at);
        if live.session.is_idle(last, now) {
            return Err(Denial::SessionOver);
        }
        Ok(until.min(last.plus(live.session.idle)))
    }

    /// The session under which a token past the gateway is good now. One that is not known to be makes the process catch
    /// up with the tail once, as it may have been issued elsewhere. Nothing is waited for behind the judgement (A1).
    ///
    /// # Errors
    /// When the process cannot be sure (R19).
    pub async fn exchanged(
        &self,
        session: SessionId,
        token: (TokenId, SecretHash),
    ) -> Result<Option<Arc<LiveSession>>, NotServing> {
        if let Some(live) = self.exchanged_here(session, token)? {
            return Ok(Some(live));
        }
        let head = self.store.head().await.map_err(|_| NotServing)?;
        self.wait_folded(head).await?;
        self.exchanged_here(session, token)
    }

    fn exchanged_here(
        &self,
        session: SessionId,
        token: (TokenId, SecretHash),
    ) -> Result<Option<Arc<LiveSession>>, NotServing> {
        let boot = self.clocks.boot.now();
        if self.held.left(boot) == 0 {
            return Err(NotServing);
        }
        let now = self.now_at(boot);
        Ok(self.read_view().exchanged(session, token, now).cloned())
    }

    /// The session at an origin. One that is unknown makes the process catch up with the tail once.
    ///
    /// # Errors
    /// When the process cannot catch up: not knowing a session then means nothing (R19).
    pub async fn session_of_label(
        &self,
        label: &Label,
    ) -> Result<Option<Arc<LiveSession>>, NotServing> {
        if let Some(session) = self.running_at_label(label) {
            return Ok(Some(session));
        }
        let head = self.store.head().await.map_err(|_| NotServing)?;
        self.wait_folded(head).await?;
        Ok(self.running_at_label(label))
    }

    /// The session at an origin, if it is known here already.
    #[must_use]
    pub fn running_at_label(&self, label: &Label) -> Option<Arc<LiveSession>> {
        self.read_view().session_of_label(label).cloned()
    }

    /// A session that was at an origin and has been ended not long ago.
    #[must_use]
    pub fn ended_at_label(&self, label: &Label) -> Option<Arc<LiveSession>> {
        self.read_view().ended_at_label(label).cloned()
    }

    /// Why the session that was at an origin was ended, if that is still known.
    #[must_use]
    pub fn ended_why(&self, label: &Label) -> Option<EndedWhy> {
        self.read_view().ended_why(label)
    }

    /// The session at an origin as far as it is known here, running or ended.
    #[must_use]
    pub fn known_at_label(&self, label: &Label) -> Option<Arc<LiveSession>> {
        let view = self.read_view();
        let known = view.session_of_label(label);
        known.or_else(|| view.ended_at_label(label)).cloned()
    }

    /// A session that nobody and no rule has ended.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<Arc<LiveSession>> {
        self.read_view().session(id).cloned()
    }

    /// When the clock ends a session however much is asked for under it.
    ///
    /// # Errors
    /// Why it gives no access now.
    pub fn clock_end(&self, session: SessionId) -> Result<Timestamp, Denial> {
        self.read_view().running_until(session, self.now())
    }

    /// What a session is, in words for the person in it.
    #[must_use]
    pub fn about(&self, live: &LiveSession) -> Option<About> {
        self.read_view().about(live)
    }

    /// Tells which sessions end, as they end.
    #[must_use]
    pub fn endings(&self) -> broadcast::Receiver<SessionId> {
        self.ended.subscribe()
    }

    /// The newest position folded into the view.
    #[must_use]
    pub fn position(&self) -> Position {
        *self.position.borrow()
    }

    /// What this process knows, and as of which position: for whoever holds it against the log.
    #[must_use]
    pub fn known(&self) -> (Position, View) {
        let view = self.read_view();
        (self.position(), view.clone())
    }

    /// How many events this process has folded: those after the position it started at.
    #[must_use]
    pub fn folded(&self) -> u64 {
        self.folded.load(Ordering::Relaxed)
    }

    /// Whether this process serves decisions (`/readyz`).
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.held.left(self.clocks.boot.now()) > 0
    }

    /// Waits until this process has folded everything up to `position`.
    pub(crate) async fn wait_folded(&self, position: Position) -> Result<(), NotServing> {
        let mut folded = self.position.subscribe();
        let patience = std::time::Duration::from_secs(10);
        timeout(patience, folded.wait_for(|at| *at >= position))
            .await
            .map_err(|_| NotServing)?
            .map(|_| ())
            .map_err(|_| NotServing)
    }

    pub(crate) fn read_view(&self) -> std::sync::RwLockReadGuard<'_, View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops serving at once and gives the lease up, so that nobody waits for this process.
    pub async fn stop(&self) {
        let lease = self.lease();
        self.held.change(Holder::lost);
        locked(&self.tasks).abort_all();
        drop(locked(&self.recording).take());
        if let Ok(lease) = lease {
            // A lease that cannot be given up runs out by itself.
            let _ = self.store.end_lease(lease).await;
        }
    }
}
