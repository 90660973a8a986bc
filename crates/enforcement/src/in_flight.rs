//! How many requests of a session are under way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use countersign_domain::SessionId;

/// Counts the requests under way, so that one session cannot take what the others need.
#[derive(Debug)]
pub(crate) struct InFlight {
    most: usize,
    counts: Mutex<HashMap<SessionId, usize>>,
}

/// One request under way, until the last copy is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Place(#[expect(dead_code, reason = "held for its drop")] Arc<Taken>);

#[derive(Debug)]
struct Taken {
    of: Arc<InFlight>,
    session: SessionId,
}

impl InFlight {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            counts: Mutex::default(),
        })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<SessionId, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more request; none while the session has as many under way as it may.
    pub(crate) fn place(self: &Arc<Self>, session: SessionId) -> Option<Place> {
        let mut counts = self.counts();
        let count = counts.entry(session).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place(Arc::new(Taken {
            of: Arc::clone(self),
            session,
        })))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut counts = self.of.counts();
        if let Some(count) = counts.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_so_many_places_and_the_next_has_its_own() {
        let session = |n| SessionId::from_uuid(uuid::Uuid::from_u128(n));
        let in_flight = InFlight::new(2);
        let first = in_flight.place(session(1));
        let second = in_flight.place(session(1));
        assert!(first.is_some() && second.is_some());
        assert!(in_flight.place(session(1)).is_none());
        let other = in_flight.place(session(2));
        assert!(other.is_some());
        drop(first);
        assert!(in_flight.place(session(1)).is_some());
        drop((second, other));
        assert!(in_flight.counts().is_empty(), "nothing is left behind");
    }
}
