//! How many requests of a session are under way.

use std::{
    any::Any,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use countersign_domain::{IdMap, SessionId};

/// Counts the requests under way, so that one session cannot take what the others need.
#[derive(Debug)]
pub(crate) struct InFlight {
    most: usize,
    counts: Mutex<IdMap<SessionId, Count>>,
}

/// One request under way, until the last copy is dropped.
#[derive(Clone, Debug)]
pub(crate) struct Place(Arc<Taken>);

impl Place {
    /// For somebody who keeps it taken and need not know what it is.
    pub(crate) fn held(&self) -> Arc<dyn Any + Send + Sync> {
        Arc::clone(&self.0) as Arc<dyn Any + Send + Sync>
    }
}

#[derive(Debug)]
struct Taken {
    of: Arc<InFlight>,
    session: SessionId,
}

/// All places are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    /// The first to find that since there last was room. A flood is on the log, and does not fill
    /// it.
    pub(crate) first: bool,
}

#[derive(Debug, Default)]
struct Count {
    taken: usize,
    overflowed: bool,
}

impl InFlight {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            counts: Mutex::default(),
        })
    }

    fn counts(&self) -> MutexGuard<'_, IdMap<SessionId, Count>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more request of the session.
    ///
    /// # Errors
    /// While it has as many under way as it may.
    pub(crate) fn place(self: &Arc<Self>, session: SessionId) -> Result<Place, Full> {
        let mut counts = self.counts();
        let count = counts.entry(session).or_default();
        if count.taken >= self.most {
            let first = !std::mem::replace(&mut count.overflowed, true);
            return Err(Full { first });
        }
        count.taken += 1;
        Ok(Place(Arc::new(Taken {
            of: Arc::clone(self),
            session,
        })))
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut counts = self.of.counts();
        if let Some(count) = counts.get_mut(&self.session) {
            count.taken -= 1;
            if count.taken <= self.of.most / 2 {
                count.overflowed = false;
            }
            if count.taken == 0 {
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
        assert!(first.is_ok() && second.is_ok());
        let full = |first| Err(Full { first });
        assert_eq!(in_flight.place(session(1)).map(drop), full(true));
        assert_eq!(in_flight.place(session(1)).map(drop), full(false));
        let other = in_flight.place(session(2));
        assert!(other.is_ok());
        drop(first);
        let third = in_flight.place(session(1));
        assert!(third.is_ok());
        assert_eq!(
            in_flight.place(session(1)).map(drop),
            full(true),
            "told anew"
        );
        drop(third);
        drop((second, other));
        assert!(in_flight.counts().is_empty(), "nothing is left behind");
    }
}
