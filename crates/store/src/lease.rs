//! Leases of serving processes (DESIGN section 4). Rows hold epoch, counter and duration, never
//! instants: every reader counts on a clock of its own.

use countersign_domain::{Duration, ProcessId, Timestamp};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{Position, Unavailable};

/// A lease about to be taken.
#[derive(Clone, Copy, Debug)]
pub struct NewLease {
    /// The process.
    pub process: ProcessId,
    /// How long the lease holds without renewal.
    pub duration: Duration,
    /// The epoch of the process's earlier lease, which ends with this. No other does: a call that
    /// comes late must not end the lease that its process serves under by now.
    pub replaces: Option<u64>,
}

/// Which lease: a process and the epoch it was given. A lapse means a new epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeaseEpoch {
    /// The process.
    pub process: ProcessId,
    /// Unique in the deployment, rising.
    pub epoch: u64,
}

/// A lease taken.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// Which.
    pub id: LeaseEpoch,
    /// The newest position when it was committed: fold up to it before serving.
    pub head: Position,
    /// Store time then, if the store keeps it on a clock of its own.
    pub at: Option<Timestamp>,
}

/// A lease as others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseRow {
    /// Which.
    pub id: LeaseEpoch,
    /// Rises with every renewal.
    pub counter: u64,
    /// How long it holds without renewal.
    pub duration: Duration,
    /// Everything up to here is effective in that process.
    pub acknowledged: Position,
}

/// Why a renewal failed.
#[derive(Debug, thiserror::Error)]
pub enum LeaseError {
    /// The lease is gone; take a new one.
    #[error("the lease has ended")]
    Lost,
    /// Something was taken away that the process has not acknowledged: catch up first.
    #[error("the process has not caught up with position {0:?}")]
    Behind(Position),
    /// The store cannot be reached.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Word that a lease may have acknowledged something. It may not come: whoever waits looks in between.
#[derive(Debug, Default)]
pub struct Acknowledgements(Option<watch::Receiver<()>>);

impl Acknowledgements {
    /// As they are heard.
    #[must_use]
    pub const fn heard(word: watch::Receiver<()>) -> Self {
        Self(Some(word))
    }

    /// Whether they are heard at all; if not, leases have to be looked at more often.
    #[must_use]
    pub const fn are_heard(&self) -> bool {
        self.0.is_some()
    }

    /// Returns with the next word, or after a while.
    pub async fn wait(&mut self, at_most: std::time::Duration) {
        let Some(word) = &mut self.0 else {
            return sleep(at_most).await;
        };
        if let Ok(Err(_)) = timeout(at_most, word.changed()).await {
            self.0 = None;
        }
    }
}
