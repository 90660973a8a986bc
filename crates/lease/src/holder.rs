//! The side that serves.

use crate::Boot;

/// A process's own lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holder {
    duration_ms: u64,
    held: Option<Held>,
    /// The epoch that was given up for a new one.
    given_up: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Held {
    epoch: u64,
    until: Boot,
    /// What has to be folded before it counts; nothing once that is done.
    head: Option<u64>,
}

impl Holder {
    /// Nothing held yet; leases last `duration_ms`.
    #[must_use]
    pub const fn new(duration_ms: u64) -> Self {
        Self {
            duration_ms,
            held: None,
            given_up: None,
        }
    }

    /// Gives up what is held, before a new lease is asked for; answers with the epoch that the new one
    /// replaces. An answer to a renewal of the old one that comes after this means nothing: the new one
    /// may have taken its place by then, and nobody would wait for the old.
    pub fn give_up(&mut self) -> Option<u64> {
        if let Some(held) = self.held.take() {
            self.given_up = Some(held.epoch);
        }
        self.given_up
    }

    /// The store has given `epoch` in answer to what was sent at `sent`, and `head` was the newest
    /// position then. Serving begins with [`caught_up`](Self::caught_up).
    pub fn acquired(&mut self, epoch: u64, head: u64, sent: Boot) {
        self.held = Some(Held {
            epoch,
            until: sent.saturating_add(self.duration_ms),
            head: Some(head),
        });
        self.given_up = None;
    }

    /// The process has folded everything up to `folded`.
    pub fn caught_up(&mut self, folded: u64) {
        if let Some(held) = &mut self.held {
            held.head = held.head.filter(|head| folded < *head);
        }
    }

    /// The store has renewed `epoch` in answer to what was sent at `sent`: the lease counts from
    /// before the sending, so a slow answer shortens it and never lengthens it.
    pub fn renewed(&mut self, epoch: u64, sent: Boot) {
        if let Some(held) = &mut self.held
            && held.epoch == epoch
        {
            held.until = held.until.max(sent.saturating_add(self.duration_ms));
        }
    }

    /// The store says the lease is gone.
    pub fn lost(&mut self) {
        self.held = None;
        self.given_up = None;
    }

    /// The epoch under which the process may serve at `now`, if it may.
    #[must_use]
    pub fn serving(&self, now: Boot) -> Option<u64> {
        self.held
            .filter(|held| held.head.is_none() && now < held.until)
            .map(|held| held.epoch)
    }

    /// The first moment at which the process may not serve any more; the first there is when it may
    /// not serve at all.
    #[must_use]
    pub fn until(&self) -> Boot {
        self.held
            .filter(|held| held.head.is_none())
            .map_or(0, |held| held.until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_counts_from_before_the_renewal_was_sent() {
        let mut holder = Holder::new(1_000);
        assert_eq!(holder.serving(0), None);
        holder.acquired(7, 0, 5_000);
        holder.caught_up(0);
        assert_eq!(holder.serving(5_999), Some(7));
        assert_eq!(holder.serving(6_000), None);
        holder.renewed(7, 5_500);
        assert_eq!(holder.serving(6_499), Some(7));
        assert_eq!(holder.serving(6_500), None);
    }

    #[test]
    fn a_process_serves_once_it_has_folded_what_had_happened_when_it_got_the_lease() {
        let mut holder = Holder::new(1_000);
        holder.caught_up(9);
        holder.acquired(7, 9, 5_000);
        assert_eq!((holder.serving(5_000), holder.until()), (None, 0));
        holder.caught_up(8);
        assert_eq!((holder.serving(5_000), holder.until()), (None, 0));
        holder.caught_up(9);
        assert_eq!((holder.serving(5_000), holder.until()), (Some(7), 6_000));
    }

    #[test]
    fn an_answer_that_comes_late_does_not_shorten_a_newer_one() {
        let mut holder = Holder::new(1_000);
        holder.acquired(1, 0, 0);
        holder.caught_up(0);
        holder.renewed(1, 600);
        holder.renewed(1, 300);
        assert_eq!(holder.until(), 1_600);
    }

    #[test]
    fn what_was_given_up_does_not_come_back() {
        let mut holder = Holder::new(1_000);
        assert_eq!(holder.give_up(), None);
        holder.acquired(1, 0, 0);
        holder.caught_up(0);
        assert_eq!(holder.give_up(), Some(1));
        holder.renewed(1, 500);
        assert_eq!(holder.serving(500), None);
        assert_eq!(holder.give_up(), Some(1), "the call that named it was lost");
        holder.acquired(2, 0, 600);
        holder.lost();
        assert_eq!(holder.give_up(), None);
    }

    #[test]
    fn a_renewal_of_an_older_epoch_means_nothing() {
        let mut holder = Holder::new(1_000);
        holder.acquired(1, 0, 0);
        holder.acquired(2, 0, 100);
        holder.caught_up(0);
        holder.renewed(1, 5_000);
        assert_eq!(holder.serving(1_100), None);
        holder.lost();
        holder.renewed(2, 5_000);
        assert_eq!(holder.serving(5_000), None);
        assert_eq!(holder.until(), 0);
    }
}
