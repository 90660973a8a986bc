//! How much of requests' bodies is held in memory at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use countersign_domain::SessionId;

/// Room for bodies that are looked into. One session gets a quarter of it, or one body at least, so
/// that it cannot take what the others need.
#[derive(Debug)]
pub(crate) struct Room {
    most: usize,
    share: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    total: usize,
    by_session: HashMap<SessionId, usize>,
}

/// So many bytes of the room, until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    room: Arc<Room>,
    session: SessionId,
    bytes: usize,
}

impl Room {
    /// Room for so many bytes, of which the largest body takes `largest`.
    pub(crate) fn new(most: usize, largest: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            share: (most / 4).max(largest),
            taken: Mutex::default(),
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Room for a body of the session's, if there is any.
    pub(crate) fn hold(self: &Arc<Self>, session: SessionId, bytes: usize) -> Option<Held> {
        let mut taken = self.taken();
        let own = taken.by_session.get(&session).copied().unwrap_or(0);
        if own + bytes > self.share || taken.total + bytes > self.most {
            return None;
        }
        taken.total += bytes;
        taken.by_session.insert(session, own + bytes);
        drop(taken);
        Some(Held {
            room: Arc::clone(self),
            session,
            bytes,
        })
    }
}

impl Held {
    /// Gives back what turned out not to be needed.
    pub(crate) fn shrink(&mut self, to: usize) {
        let less = self.bytes.saturating_sub(to);
        self.give_back(less);
        self.bytes -= less;
    }

    fn give_back(&self, bytes: usize) {
        let mut taken = self.room.taken();
        taken.total -= bytes;
        if let Some(own) = taken.by_session.get_mut(&self.session) {
            *own -= bytes;
            if *own == 0 {
                taken.by_session.remove(&self.session);
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.give_back(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_so_much_room_and_a_share_of_it_for_each_session() {
        let session = |n| SessionId::from_uuid(uuid::Uuid::from_u128(n));
        let room = Room::new(100, 10);
        let mut first = room.hold(session(1), 20).unwrap();
        assert!(room.hold(session(1), 6).is_none(), "more than its share");
        first.shrink(4);
        let second = room.hold(session(1), 21).unwrap();
        assert!(room.hold(session(1), 1).is_none());
        let others: Vec<_> = (2..=4)
            .map(|n| room.hold(session(n), 25).unwrap())
            .collect();
        assert!(room.hold(session(5), 1).is_none(), "nothing is left");
        drop(second);
        assert!(room.hold(session(5), 21).is_some());
        drop((first, others));
        let taken = room.taken();
        assert_eq!((taken.total, taken.by_session.len()), (0, 0));
    }

    #[test]
    fn the_largest_body_always_fits_a_share() {
        let session = SessionId::from_uuid(uuid::Uuid::from_u128(1));
        let room = Room::new(10, 10);
        assert!(room.hold(session, 10).is_some());
    }
}
