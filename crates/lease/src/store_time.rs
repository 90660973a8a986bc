use crate::{Boot, margin};

/// The store's clock, counted on a process's own between two readings. Whoever is late or stepped has
/// no say in it: a reading that takes long, and a clock that runs slow, only make what ends end sooner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreTime {
    /// What the store's clock is ahead of the own one, at most.
    latest: i64,
    /// And at least.
    earliest: i64,
}

impl StoreTime {
    /// The store's clock showed `at` (milliseconds) when it answered what was sent at `sent` and came back
    /// at `received`. The reading is used for `used_ms` at most, over which the clocks may run apart.
    #[must_use]
    pub fn read(at: i64, sent: Boot, received: Boot, used_ms: u64) -> Self {
        let apart = signed(margin(used_ms));
        Self {
            // It may have been at the end of the millisecond.
            latest: at
                .saturating_add(1)
                .saturating_add(apart)
                .saturating_sub(signed(sent)),
            earliest: at.saturating_sub(apart).saturating_sub(signed(received)),
        }
    }

    /// The latest moment that it can be at `now`: by this, what has an end has ended.
    #[must_use]
    pub fn latest(self, now: Boot) -> i64 {
        self.latest.saturating_add(signed(now))
    }

    /// A moment that has come at `now`: by this, what says when it was made was made.
    #[must_use]
    pub fn earliest(self, now: Boot) -> i64 {
        self.earliest.saturating_add(signed(now))
    }
}

fn signed(boot: u64) -> i64 {
    i64::try_from(boot).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the delays, and with clocks that run apart by less than the margin, the true moment lies
        /// between the two.
        #[test]
        fn the_true_moment_lies_between(
            offset in -4_000_000_000_i64..4_000_000_000,
            sent in 0_u64..1_000_000,
            there in 0_u64..2_000,
            back in 0_u64..2_000,
            used in 200_u64..5_000,
            after in 0_u64..5_000,
            fast in -1_i64..=1,
        ) {
            // The store's clock runs faster or slower than the own one by a little less than one in twenty.
            let store = |boot: u64| {
                let since = signed(boot) - signed(sent);
                offset + signed(sent) + since + fast * since / 21
            };
            let received = sent + there + back;
            let read = StoreTime::read(store(sent + there), sent, received, used + there + back);
            let now = received + after.min(used);
            prop_assert!(read.latest(now) >= store(now));
            prop_assert!(read.earliest(now) <= store(now));
        }
    }
}
