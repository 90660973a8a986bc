//! Waiting until what was taken away is effective in every process (R12, A1).

use std::{sync::atomic::Ordering, time::Duration};

use countersign_lease::{LeaseSeen, Reading, RunOut, Step, Waiter};
use countersign_store::{LeaseEpoch, Position, Unavailable};

use crate::Node;

/// How long the leases are not looked at, at most, by somebody who waits for them.
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// How something became effective everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effective {
    /// How many serving processes acknowledged it.
    pub acknowledged: usize,
    /// How many leases ran out instead.
    pub lapsed: usize,
    /// How long that took, in milliseconds.
    pub took_ms: u64,
}

impl Node {
    /// Returns once `position` is effective in every serving process: each has acknowledged it, or
    /// its lease has run out.
    ///
    /// # Errors
    /// When the leases cannot be read. What was committed stays committed; whether every process
    /// has heard of it is not known.
    pub async fn wait_effective(&self, position: Position) -> Result<Effective, Unavailable> {
        let called = self.clocks.boot.now();
        if position.0 <= self.effective.load(Ordering::Acquire) {
            return Ok(Effective {
                acknowledged: 0,
                lapsed: 0,
                took_ms: 0,
            });
        }
        let mut waiter = Waiter::new(position.0);
        // From before the leases are read for the first time.
        let mut word = self.store.acknowledgements();
        let mut pause = if word.are_heard() {
            LONGEST_PAUSE
        } else {
            Duration::from_millis(1)
        };
        loop {
            let began = self.clocks.boot.now();
            let leases: Vec<_> = self
                .store
                .leases()
                .await?
                .into_iter()
                .map(|row| LeaseSeen {
                    key: (row.id.process, row.id.epoch),
                    counter: row.counter,
                    duration_ms: u64::try_from(row.duration.as_millis()).unwrap_or(u64::MAX),
                    acknowledged: row.acknowledged.0,
                })
                .collect();
            let ended = self.clocks.boot.now();
            match waiter.observe(&leases, Reading { began, ended }) {
                Step::Effective {
                    acknowledged,
                    lapsed,
                } => {
                    // A process that starts later folds past this position before it serves.
                    self.effective.fetch_max(position.0, Ordering::AcqRel);
                    return Ok(Effective {
                        acknowledged,
                        lapsed,
                        took_ms: self.clocks.boot.now().saturating_sub(called),
                    });
                }
                Step::Wait { run_out } => {
                    for RunOut { key, counter } in run_out {
                        let (process, epoch) = key;
                        let lease = LeaseEpoch { process, epoch };
                        self.store.end_silent_lease(lease, counter).await?;
                    }
                }
            }
            word.wait(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
