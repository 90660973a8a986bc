//! How often somebody may call: a token bucket, as a function of the bucket and the time. It is kept
//! as one moment, at which the bucket will be full again (the generic cell rate algorithm).

use std::{collections::BTreeMap, num::NonZeroU32};

/// Nanoseconds on a clock that only goes forward.
type Nanos = u64;

const SECOND: Nanos = 1_000_000_000;

/// How many calls in how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The size of the bucket.
    pub calls: NonZeroU32,
    /// How long an empty bucket takes to fill.
    pub seconds: NonZeroU32,
}

/// Where a bucket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    /// Whether the call is within the quota.
    pub(crate) allowed: bool,
    /// How many more calls are, right now.
    pub(crate) remaining: u64,
    /// In how many seconds the bucket is full again, rounded up.
    pub(crate) full_in: u64,
    /// In how many seconds the next call is allowed, rounded up; 0 if one is now.
    pub(crate) retry_in: u64,
}

impl Quota {
    /// This many calls in a minute.
    #[must_use]
    pub const fn per_minute(calls: NonZeroU32) -> Self {
        const MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(59);
        Self {
            calls,
            seconds: MINUTE,
        }
    }

    fn window(self) -> Nanos {
        Nanos::from(self.seconds.get()) * SECOND
    }

    /// What one call takes out of the bucket, as the time in which it comes back.
    fn cost(self) -> Nanos {
        (self.window() / Nanos::from(self.calls.get())).max(1)
    }

    /// Takes one call at `now` out of a bucket that is full at `full_at`; where it stands then, and
    /// when it is full. A refused call takes nothing.
    fn take(self, full_at: Nanos, now: Nanos) -> (Level, Nanos) {
        let owed = full_at.saturating_sub(now);
        let after = owed.saturating_add(self.cost());
        let allowed = after <= self.window();
        let owed = if allowed { after } else { owed };
        let room = self.window().saturating_sub(owed);
        let level = Level {
            allowed,
            remaining: room / self.cost(),
            full_in: owed.div_ceil(SECOND),
            retry_in: self.cost().saturating_sub(room).div_ceil(SECOND),
        };
        (level, now.saturating_add(owed))
    }
}

/// A bucket for each of those who called lately. Of the rest nothing is known, which is as good as a
/// full bucket, so that memory is bounded: those who have not called while half of `most` others did
/// are forgotten.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    quota: Quota,
    half: usize,
    young: BTreeMap<K, Nanos>,
    old: BTreeMap<K, Nanos>,
}

impl<K: Ord> Buckets<K> {
    /// Empty, for at most `most` callers.
    pub(crate) fn new(quota: Quota, most: usize) -> Self {
        Self {
            quota,
            half: (most / 2).max(1),
            young: BTreeMap::new(),
            old: BTreeMap::new(),
        }
    }

    /// Takes one call out of a bucket, at a moment in milliseconds.
    pub(crate) fn take(&mut self, who: K, now_ms: u64) -> Level {
        let now = now_ms.saturating_mul(1_000_000);
        let known = self.young.get(&who).or_else(|| self.old.get(&who));
        let (level, full_at) = self.quota.take(known.copied().unwrap_or(now), now);
        self.old.remove(&who);
        self.young.insert(who, full_at);
        if self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        level
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(calls: u32, seconds: u32) -> Quota {
        Quota {
            calls: NonZeroU32::new(calls).unwrap(),
            seconds: NonZeroU32::new(seconds).unwrap(),
        }
    }

    #[test]
    fn a_bucket_empties_by_calls_and_fills_evenly() {
        let mut buckets = Buckets::new(quota(4, 60), 100);
        for remaining in [3, 2, 1, 0] {
            let level = buckets.take("sam", 1_000);
            assert!(level.allowed);
            assert_eq!(level.remaining, remaining);
        }
        let refused = Level {
            allowed: false,
            remaining: 0,
            full_in: 60,
            retry_in: 15,
        };
        assert_eq!(buckets.take("sam", 1_000), refused);
        // What is refused costs nothing, however often it is tried.
        for _ in 0..100 {
            buckets.take("sam", 15_999);
        }
        let almost = buckets.take("sam", 15_999);
        assert!(!almost.allowed);
        assert_eq!((almost.full_in, almost.retry_in), (46, 1));
        assert!(buckets.take("sam", 16_000).allowed);
        assert!(!buckets.take("sam", 16_000).allowed);
        // After a window without calls it is full, and no more than full after two.
        for now in [76_000, 200_000] {
            for remaining in [3, 2, 1, 0] {
                assert_eq!(buckets.take("sam", now).remaining, remaining);
            }
            assert!(!buckets.take("sam", now).allowed);
        }
    }

    #[test]
    fn one_callers_calls_take_nothing_from_another() {
        let mut buckets = Buckets::new(quota(2, 60), 100);
        for _ in 0..10 {
            buckets.take("sam", 0);
        }
        assert!(buckets.take("dana", 0).allowed);
        assert_eq!(buckets.take("dana", 0).remaining, 0);
    }

    /// Over any stretch of time nobody gets more than a full bucket and what flows in meanwhile.
    #[test]
    fn the_rate_holds_over_any_stretch() {
        let mut buckets = Buckets::new(quota(7, 3), 100);
        let mut allowed = vec![];
        for now in 0..20_000 {
            if now % 11 < 6 && buckets.take("sam", now).allowed {
                allowed.push(now);
            }
        }
        for (from, first) in allowed.iter().enumerate() {
            for (to, last) in allowed.iter().enumerate().skip(from) {
                let most = 7.0 + (last - first) as f64 * 7.0 / 3_000.0;
                assert!((to - from + 1) as f64 <= most + 1e-6, "{first}..{last}");
            }
        }
        assert!(allowed.len() > 40, "{}", allowed.len());
    }

    #[test]
    fn memory_is_bounded_and_who_keeps_calling_is_remembered() {
        let mut buckets = Buckets::new(quota(2, 3_600), 100);
        for _ in 0..2 {
            buckets.take(0, 0);
        }
        for who in 1..100_000 {
            buckets.take(who, 0);
            assert!(buckets.len() <= 100, "{who}");
            assert!(!buckets.take(0, 0).allowed, "{who}");
        }
        // Who has been away for long enough begins anew.
        assert_eq!(buckets.take(1, 0).remaining, 1);
    }

    #[test]
    fn a_great_quota_of_a_short_window_still_counts() {
        let mut buckets = Buckets::new(quota(u32::MAX, 1), 2);
        for _ in 0..10 {
            let level = buckets.take((), 5);
            assert!(level.allowed && level.remaining > 1_000_000);
        }
    }
}
