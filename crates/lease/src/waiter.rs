//! The side that takes away and waits until every process has heard.

use std::collections::BTreeMap;

use crate::{Boot, margin};

/// One lease as read from the store.
#[derive(Clone, Copy, Debug)]
pub struct LeaseSeen<K> {
    /// Process and epoch.
    pub key: K,
    /// Rises with every renewal.
    pub counter: u64,
    /// How long it holds without renewal, in milliseconds.
    pub duration_ms: u64,
    /// Everything up to here is effective in that process.
    pub acknowledged: u64,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<K> {
    /// Every process has acknowledged or its lease has run out.
    Effective {
        /// How many acknowledged.
        acknowledged: usize,
        /// How many leases ran out.
        lapsed: usize,
    },
    /// Some have not: end the leases named, then read again.
    Wait {
        /// Leases that have run out and must be ended in the store.
        run_out: Vec<RunOut<K>>,
    },
}

/// A lease that has run out as it stood when it was last read. It may be ended only while it still
/// stands like that: a process that was given up for silent and comes back, having caught up, renews
/// it and serves under it, and later commands must find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RunOut<K> {
    /// Process and epoch.
    pub key: K,
    /// Its counter.
    pub counter: u64,
}

/// When leases were read, on the clock of whoever read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Taken before: a lease that is found to stand still has done so at least until here.
    pub began: Boot,
    /// Taken after: a renewal that is found was sent before this.
    pub ended: Boot,
}

/// Waits for one position.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Waiter<K> {
    position: u64,
    watched: BTreeMap<K, Watched>,
    lapsed: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Watched {
    counter: u64,
    since: Boot,
}

impl<K: Copy + Ord> Waiter<K> {
    /// Waits until `position` is effective everywhere. The command must have committed.
    #[must_use]
    pub const fn new(position: u64) -> Self {
        Self {
            position,
            watched: BTreeMap::new(),
            lapsed: 0,
        }
    }

    /// Looks at all leases as `reading` found them.
    ///
    /// A lease taken after the commit needs no waiting for: it began by folding everything up to a
    /// head at or past the position, and says so in `acknowledged`.
    pub fn observe(&mut self, leases: &[LeaseSeen<K>], reading: Reading) -> Step<K> {
        let gone = self
            .watched
            .keys()
            .filter(|key| !leases.iter().any(|lease| lease.key == **key))
            .count();
        self.lapsed += gone;
        self.watched
            .retain(|key, _| leases.iter().any(|lease| lease.key == *key));

        let mut run_out = Vec::new();
        let mut acknowledged = 0;
        let mut waiting = false;
        for lease in leases {
            if lease.acknowledged >= self.position {
                self.watched.remove(&lease.key);
                acknowledged += 1;
                continue;
            }
            waiting = true;
            let seen = Watched {
                counter: lease.counter,
                since: reading.ended,
            };
            let watched = self.watched.entry(lease.key).or_insert(seen);
            if watched.counter != lease.counter {
                *watched = seen;
            }
            let stood_still = reading.began.saturating_sub(watched.since);
            if stood_still >= lease.duration_ms.saturating_add(margin(lease.duration_ms)) {
                run_out.push(RunOut {
                    key: lease.key,
                    counter: lease.counter,
                });
            }
        }
        if waiting {
            Step::Wait { run_out }
        } else {
            Step::Effective {
                acknowledged,
                lapsed: self.lapsed,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lease(key: u8, counter: u64, acknowledged: u64) -> LeaseSeen<u8> {
        LeaseSeen {
            key,
            counter,
            duration_ms: 1_000,
            acknowledged,
        }
    }

    fn at(now: Boot) -> Reading {
        Reading {
            began: now,
            ended: now,
        }
    }

    #[test]
    fn no_lease_means_nobody_serves() {
        assert_eq!(
            Waiter::<u8>::new(5).observe(&[], at(0)),
            Step::Effective {
                acknowledged: 0,
                lapsed: 0
            }
        );
    }

    #[test]
    fn every_process_must_acknowledge() {
        let mut waiter = Waiter::new(5);
        let wait = Step::Wait { run_out: vec![] };
        assert_eq!(
            waiter.observe(&[lease(1, 1, 5), lease(2, 1, 4)], at(0)),
            wait
        );
        assert_eq!(
            waiter.observe(&[lease(1, 2, 5), lease(2, 2, 6)], at(10)),
            Step::Effective {
                acknowledged: 2,
                lapsed: 0
            }
        );
    }

    #[test]
    fn a_silent_process_is_waited_for_a_full_lease_and_a_margin_since_its_last_renewal() {
        let mut waiter = Waiter::new(5);
        let wait = Step::Wait { run_out: vec![] };
        assert_eq!(waiter.observe(&[lease(1, 1, 4)], at(0)), wait);
        assert_eq!(waiter.observe(&[lease(1, 2, 4)], at(900)), wait);
        assert_eq!(waiter.observe(&[lease(1, 2, 4)], at(900 + 1_049)), wait);
        assert_eq!(
            waiter.observe(&[lease(1, 2, 4)], at(900 + 1_050)),
            Step::Wait {
                run_out: vec![RunOut { key: 1, counter: 2 }]
            }
        );
        assert_eq!(
            waiter.observe(&[], at(2_000)),
            Step::Effective {
                acknowledged: 0,
                lapsed: 1
            }
        );
    }

    /// A renewal may have been sent at any moment before the answer came; the lease counts from
    /// there, so what is waited does as well.
    #[test]
    fn a_slow_reading_counts_from_its_end_and_judges_by_its_beginning() {
        let mut waiter = Waiter::new(5);
        let wait = Step::Wait { run_out: vec![] };
        let slow = |began, ended| Reading { began, ended };
        assert_eq!(waiter.observe(&[lease(1, 1, 4)], slow(0, 600)), wait);
        assert_eq!(waiter.observe(&[lease(1, 1, 4)], slow(1_649, 1_800)), wait);
        assert_eq!(
            waiter.observe(&[lease(1, 1, 4)], slow(1_650, 1_660)),
            Step::Wait {
                run_out: vec![RunOut { key: 1, counter: 1 }]
            }
        );
    }
}
