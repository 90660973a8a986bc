//! Whose bytes a connection holds.
//!
//! A1 and A2 are about bytes that leave, and a byte leaves when it is written to the socket, not
//! when a response is polled. So every connection knows the sessions whose bytes it may still
//! hold: the one being served and those whose responses have ended but are not flushed yet. An
//! HTTP/2 connection, where a response can wait in buffers that nobody can look into, holds bytes
//! of its one session for as long as it lives.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countersign_domain::SessionId;
use countersign_entries::OutcomeEnding;
use countersign_node::Node;
use tokio::{
    sync::Notify,
    time::{Sleep, sleep},
};

use crate::ledger::RecordedRequest;

/// How often a connection that is under a session looks again without being told: the wall clock
/// may have been set, or the machine suspended, since the timer was.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Says whether a byte of a session may leave now.
pub(crate) trait Gate {
    /// The last check before a byte leaves.
    fn may_flow(&self, session: SessionId) -> bool;
}

impl Gate for Node {
    fn may_flow(&self, session: SessionId) -> bool {
        Self::may_flow(self, session)
    }
}

/// Whose bytes a connection holds.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    state: Mutex<State>,
    changed: Notify,
    aborted: AtomicBool,
    shared: AtomicBool,
    /// The other side takes nothing, and has not for a while.
    stalls: AtomicBool,
    /// It has done so since what is written now began.
    stalled: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    /// The session whose bytes are written.
    held: Option<SessionId>,
    /// Requests being answered and responses under way.
    open: usize,
    /// Responses that have ended and may have bytes in the buffer still.
    unflushed: Vec<RecordedRequest>,
    /// Something was written since the buffer was last known to be empty.
    dirty: bool,
    /// How much work there has been; a connection on which it stands still is idle.
    works: u64,
    /// Whoever watches has seen that no session's bytes are held, and waits to be told.
    asleep: bool,
}

/// Why a connection is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// A session whose bytes it holds has ended; nothing more may leave.
    Cut,
    /// Nothing has happened on it for too long.
    Idle,
}

/// A request being answered or a response under way on a connection.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Slot>);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.open = state.open.saturating_sub(1);
    }
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection carries many responses at a time (HTTP/2), all of one session.
    pub(crate) fn share(&self) {
        self.shared.store(true, Ordering::Release);
    }

    pub(crate) fn is_shared(&self) -> bool {
        self.shared.load(Ordering::Acquire)
    }

    /// The connection has work, and is not idle until the answer is dropped.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        let mut state = self.state();
        state.open += 1;
        state.works = state.works.wrapping_add(1);
        drop(state);
        Busy(Arc::clone(self))
    }

    /// From now on what is written belongs to `session`.
    pub(crate) fn serve(&self, session: SessionId) {
        let mut state = self.state();
        // Two sessions on one HTTP/2 connection cannot be told apart once they are in its buffers.
        let clash = self.is_shared() && state.held.is_some_and(|held| held != session);
        state.held = Some(session);
        let asleep = std::mem::take(&mut state.asleep);
        drop(state);
        if clash {
            self.abort();
        } else if asleep {
            self.changed.notify_one();
        }
    }

    /// The other side has taken nothing for a while.
    pub(crate) fn stalls(&self) {
        self.stalls.store(true, Ordering::Release);
        self.stalled.store(true, Ordering::Release);
    }

    /// The other side takes something again. A product may have lost patience meanwhile, and that is
    /// heard of only now.
    pub(crate) fn takes(&self) {
        self.stalls.store(false, Ordering::Release);
    }

    /// Whether the other side has held up what is written now.
    pub(crate) fn has_stalled(&self) -> bool {
        self.stalled.load(Ordering::Acquire)
    }

    /// What comes from now on has not been held up, unless it is now.
    pub(crate) fn serve_next(&self) {
        let stalls = self.stalls.load(Ordering::Acquire);
        self.stalled.store(stalls, Ordering::Release);
    }

    /// The response has ended; it is complete once everything written so far has been flushed.
    pub(crate) fn ended(&self, request: RecordedRequest) {
        let mut state = self.state();
        if !self.is_shared() {
            state.held = None;
        }
        state.unflushed.push(request);
    }

    /// The response has ended early, and with it the connection.
    pub(crate) fn abort(&self) {
        self.aborted.store(true, Ordering::Release);
        self.changed.notify_one();
    }

    /// Whether the connection must end without looking complete.
    pub(crate) fn is_aborted(&self) -> bool {
        self.aborted.load(Ordering::Acquire)
    }

    /// Frees the connection for another session if nothing of the last one is left in it.
    pub(crate) fn free(&self) -> bool {
        let mut state = self.state();
        let clean =
            !state.dirty && state.unflushed.is_empty() && !self.is_aborted() && !self.is_shared();
        if clean {
            state.held = None;
        }
        clean
    }

    /// The check before each write (A1, A2).
    pub(crate) fn check(&self, gate: &impl Gate) -> io::Result<()> {
        let mut state = self.state();
        if self.is_aborted() || !state.all(|session| gate.may_flow(session)) {
            self.abort();
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        state.dirty = true;
        Ok(())
    }

    /// Everything written has left.
    pub(crate) fn flushed(&self) {
        let mut state = self.state();
        state.dirty = false;
        let complete = std::mem::take(&mut state.unflushed);
        // What is recorded on drop must not be recorded under the lock.
        drop(state);
        for mut request in complete {
            request.end(OutcomeEnding::Complete);
        }
    }

    /// Returns when a session whose bytes are held has ended, when the connection is to be
    /// aborted, or when it has been without work for `idle`. The connection is aborted in the
    /// first case.
    pub(crate) async fn over(&self, node: &Node, idle: Option<Duration>) -> Over {
        let mut rest: Option<Pin<Box<Sleep>>> = idle.map(|idle| Box::pin(sleep(idle)));
        let mut works = self.state().works;
        loop {
            let mut endings = node.endings();
            let standing = self.standing(node);
            if standing.over {
                self.abort();
                return Over::Cut;
            }
            let rested = async {
                match &mut rest {
                    Some(rest) => rest.await,
                    None => std::future::pending().await,
                }
            };
            let look_again = async {
                match standing.left {
                    Some(left) => sleep(left.min(LOOK_AGAIN)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = self.changed.notified() => {}
                // Whichever session ended, or however many were missed: look again.
                _ = endings.recv(), if standing.left.is_some() => {}
                () = look_again => {}
                () = rested => {
                    let state = self.state();
                    if state.open == 0 && state.works == works {
                        return Over::Idle;
                    }
                    works = state.works;
                    rest = idle.map(|idle| Box::pin(sleep(idle)));
                }
            }
        }
    }

    /// By session and clock alone: a lease that has lapsed may come back, and until it does the
    /// check before each write holds everything.
    fn standing(&self, node: &Node) -> Standing {
        let mut state = self.state();
        let mut left = None;
        let running = state.all(|session| {
            let Ok(until) = node.running_until(session) else {
                return false;
            };
            let millis = until.since(node.now()).as_millis();
            let this = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
            left = Some(left.map_or(this, |left: Duration| left.min(this)));
            true
        });
        state.asleep = left.is_none();
        Standing {
            over: self.is_aborted() || !running,
            left,
        }
    }
}

struct Standing {
    over: bool,
    /// How long the sessions whose bytes are held run by the clock; none when there are none.
    left: Option<Duration>,
}

impl State {
    fn all(&self, mut good: impl FnMut(SessionId) -> bool) -> bool {
        self.held
            .iter()
            .copied()
            .chain(self.unflushed.iter().map(RecordedRequest::session))
            .all(&mut good)
    }
}
