//! Whose bytes a connection holds.
//!
//! A1 and A2 are about bytes that leave, and a byte leaves when it is written to the socket, not
//! when a response is polled. So every connection knows the sessions whose bytes it may still
//! hold: the one being served and those whose responses have ended but are not flushed yet.

use std::{
    io,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countersign_domain::SessionId;
use countersign_entries::OutcomeEnding;
use countersign_node::Node;
use tokio::{sync::Notify, time::sleep};

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
}

#[derive(Debug, Default)]
struct State {
    serving: Option<SessionId>,
    /// Responses that have ended and may have bytes in the buffer still.
    unflushed: Vec<RecordedRequest>,
    /// Something was written since the buffer was last known to be empty.
    dirty: bool,
}

impl Slot {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on what is written belongs to `session`.
    pub(crate) fn serve(&self, session: SessionId) {
        self.state().serving = Some(session);
        self.changed.notify_one();
    }

    /// The response has ended; it is complete once everything written so far has been flushed.
    pub(crate) fn ended(&self, request: RecordedRequest) {
        let mut state = self.state();
        state.serving = None;
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
        let clean = !state.dirty && state.unflushed.is_empty() && !self.is_aborted();
        if clean {
            state.serving = None;
            self.changed.notify_one();
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
        if state.serving.is_none() && !complete.is_empty() {
            self.changed.notify_one();
        }
        // What is recorded on drop must not be recorded under the lock.
        drop(state);
        for mut request in complete {
            request.end(OutcomeEnding::Complete);
        }
    }

    /// Returns when a session whose bytes are held has ended, when the connection is to be
    /// aborted, or when it has been free for `idle`. The connection is aborted in the first case.
    pub(crate) async fn over(&self, node: &Node, idle: Option<Duration>) {
        loop {
            let mut endings = node.endings();
            match self.standing(node) {
                Standing::Over => return self.abort(),
                Standing::Free => match idle {
                    None => self.changed.notified().await,
                    Some(idle) => tokio::select! {
                        () = self.changed.notified() => {}
                        () = sleep(idle) => return,
                    },
                },
                Standing::Running(left) => tokio::select! {
                    () = self.changed.notified() => {}
                    // Whichever session ended, or however many were missed: look again.
                    _ = endings.recv() => {}
                    () = sleep(left.min(LOOK_AGAIN)) => {}
                },
            }
        }
    }

    /// By session and clock alone: a lease that has lapsed may come back, and until it does the
    /// check before each write holds everything.
    fn standing(&self, node: &Node) -> Standing {
        if self.is_aborted() {
            return Standing::Over;
        }
        let mut left = None;
        let running = self.state().all(|session| {
            let Ok(until) = node.running_until(session) else {
                return false;
            };
            let millis = until.since(node.now()).as_millis();
            let this = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
            left = Some(left.map_or(this, |left: Duration| left.min(this)));
            true
        });
        match left {
            _ if !running => Standing::Over,
            None => Standing::Free,
            Some(left) => Standing::Running(left),
        }
    }
}

enum Standing {
    Free,
    Running(Duration),
    Over,
}

impl State {
    fn all(&self, mut good: impl FnMut(SessionId) -> bool) -> bool {
        self.serving
            .iter()
            .copied()
            .chain(self.unflushed.iter().map(RecordedRequest::session))
            .all(&mut good)
    }
}
