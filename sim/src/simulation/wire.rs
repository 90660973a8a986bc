//! What lies between a process and the store: calls that take their time, get lost on the way there
//! or on the way back, wait while their process is paused, and arrive after it has died.

use std::{
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countersign_store::Unavailable;
use tokio::{
    sync::{Notify, oneshot, watch},
    time::sleep,
};

use super::{chance::Chance, judge::Judge, mutant::Mutant};
use crate::memory::Memory;

/// How long a call or its answer takes at most, in milliseconds: much longer than a lease.
pub(super) const SLOWEST: u64 = 3_500;

/// A process's way to the store.
pub(super) struct Wire {
    pub(super) store: Arc<Memory>,
    pub(super) judge: Arc<Judge>,
    pub(super) mutant: Option<Mutant>,
    pub(super) name: String,
    pub(super) line: Line,
    weather: Arc<Weather>,
    /// How many appends have been sent and are not over.
    appends: watch::Sender<usize>,
    /// One stream for each kind of call: which of two calls of the same moment comes first has no
    /// bearing on the other.
    chances: [Chance; Kind::COUNT],
}

/// What a call is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Lease,
    Follow,
    Wait,
    Command,
    Record,
    Other,
}

impl Kind {
    const COUNT: usize = 6;
}

/// How things are for everybody.
#[derive(Debug, Default)]
pub(super) struct Weather {
    /// Nothing goes wrong any more.
    calm: AtomicBool,
}

impl Weather {
    pub(super) fn clear(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_calm(&self) -> bool {
        self.calm.load(Ordering::Relaxed)
    }
}

/// The state of one process's line.
#[derive(Debug, Default)]
pub(super) struct Line {
    state: Mutex<LineState>,
    changed: Notify,
}

#[derive(Clone, Copy, Debug, Default)]
struct LineState {
    paused: bool,
    cut: bool,
    dead: bool,
}

impl Line {
    fn state(&self) -> MutexGuard<'_, LineState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut LineState)) {
        change(&mut self.state());
        self.changed.notify_waiters();
    }

    /// The process stands still, or goes on.
    pub(super) fn pause(&self, paused: bool) {
        self.change(|state| state.paused = paused);
    }

    /// It does not reach the store, or does again.
    pub(super) fn cut(&self, cut: bool) {
        self.change(|state| state.cut = cut);
    }

    /// It is no more.
    pub(super) fn kill(&self) {
        self.change(|state| state.dead = true);
    }

    fn is_cut(&self) -> bool {
        self.state().cut
    }

    /// Returns when the process runs; never for one that is dead.
    pub(super) async fn runs(&self) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let state = *self.state();
            if !state.paused && !state.dead {
                return;
            }
            changed.await;
        }
    }
}

/// An append that is on its way, until it has been made or will never be.
pub(super) struct UnderWay(Arc<Wire>);

impl UnderWay {
    pub(super) fn wire(&self) -> &Wire {
        &self.0
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.appends.send_modify(|appends| *appends -= 1);
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// The call did not get there, and its caller was told so.
    OnTheWayThere,
    /// Nobody can say whether it did.
    Unknown,
}

impl From<Lost> for Unavailable {
    fn from(lost: Lost) -> Self {
        Self(format!("lost: {lost:?}"))
    }
}

impl Wire {
    pub(super) fn new(
        store: Arc<Memory>,
        judge: Arc<Judge>,
        mutant: Option<Mutant>,
        name: String,
        weather: Arc<Weather>,
        chance: &Chance,
    ) -> Arc<Self> {
        Arc::new(Self {
            store,
            judge,
            mutant,
            name,
            line: Line::default(),
            weather,
            appends: watch::Sender::new(0),
            chances: std::array::from_fn(|_| chance.branch()),
        })
    }

    pub(super) fn begins_append(self: &Arc<Self>) -> UnderWay {
        self.appends.send_modify(|appends| *appends += 1);
        UnderWay(Arc::clone(self))
    }

    pub(super) async fn appends_are_over(&self) {
        let mut appends = self.appends.subscribe();
        // The sender is here.
        let _ = appends.wait_for(|appends| *appends == 0).await;
    }

    pub(super) fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    pub(super) fn is_calm(&self) -> bool {
        self.weather.is_calm()
    }

    pub(super) fn chance(&self, kind: Kind) -> &Chance {
        &self.chances[kind as usize]
    }

    fn delay(&self, kind: Kind) -> Duration {
        let chance = self.chance(kind);
        let millis = if self.weather.is_calm() {
            chance.below(2)
        } else {
            match chance.below(400) {
                0..2 => chance.within(1_200, SLOWEST),
                2..10 => chance.within(100, 1_200),
                10..40 => chance.within(10, 120),
                _ => chance.below(5),
            }
        };
        Duration::from_millis(millis)
    }

    /// Makes a call. Once it has been sent it gets there whatever becomes of whoever made it, unless it
    /// is lost; what it does there happens at one moment.
    pub(super) async fn send<T: Send + 'static>(
        self: &Arc<Self>,
        kind: Kind,
        what: &'static str,
        does: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Lost> {
        self.line.runs().await;
        let chance = self.chance(kind);
        let (there, back) = (self.delay(kind), self.delay(kind));
        let trouble = !self.weather.is_calm();
        let lost = trouble && chance.one_in(60);
        let answer_lost = trouble && chance.one_in(60);
        let told = chance.one_in(2);
        let late = chance.one_in(2);
        let patience = Duration::from_millis(chance.within(20, 600));
        let (answer, answered) = oneshot::channel();
        let wire = Arc::clone(self);
        tokio::spawn(async move {
            if !there.is_zero() {
                sleep(there).await;
            }
            if lost && late && !told {
                // Whoever made it has given up when it gets there.
                wire.judge.count("calls late");
                wire.judge
                    .note(|| format!("{} {what}: given up", wire.name));
                drop(answer.send(Err(Lost::Unknown)));
                sleep(patience).await;
                drop(does.await);
                return wire.judge.note(|| format!("{} {what}, late", wire.name));
            }
            if lost || wire.line.is_cut() {
                sleep(patience).await;
                let lost = if told {
                    Lost::OnTheWayThere
                } else {
                    Lost::Unknown
                };
                wire.judge.count("calls lost");
                wire.judge
                    .note(|| format!("{} {what}: {lost:?}", wire.name));
                return drop(answer.send(Err(lost)));
            }
            let result = does.await;
            wire.judge.note(|| format!("{} {what}", wire.name));
            if !back.is_zero() {
                sleep(back).await;
            }
            if answer_lost || wire.line.is_cut() {
                sleep(patience).await;
                wire.judge.count("answers lost");
                wire.judge
                    .note(|| format!("{} {what}: no answer", wire.name));
                return drop(answer.send(Err(Lost::Unknown)));
            }
            drop(answer.send(Ok(result)));
        });
        let answer = answered.await.unwrap_or(Err(Lost::Unknown));
        self.line.runs().await;
        answer
    }
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
