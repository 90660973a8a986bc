//! How many calls may look through logs at once: nobody's looking takes the machine from everybody else.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use countersign_domain::OrgId;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::yield_now,
    time::timeout,
};

use crate::problem::Problem;

/// How many for one org, and how many in all.
const PER_ORG: usize = 2;
const IN_ALL: usize = 4;
/// How long a call waits for its turn.
const PATIENCE: Duration = Duration::from_secs(1);

/// After how many entries others get their turn on the thread.
const SLICE: usize = 16;

/// Whose turn it is.
#[derive(Clone, Debug)]
pub(crate) struct Turns {
    orgs: Arc<Mutex<BTreeMap<OrgId, Arc<Semaphore>>>>,
    all: Arc<Semaphore>,
}

/// A turn, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    _org: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            orgs: Arc::default(),
            all: Arc::new(Semaphore::new(IN_ALL)),
        }
    }
}

impl Turns {
    /// Waits for a turn of this org, and not for long.
    pub(super) async fn take(&self, org: OrgId) -> Result<Turn, Problem> {
        let own = self.of(org);
        let all = Arc::clone(&self.all);
        let turn = async {
            // One's own first: whoever waits behind their own org takes nothing from others.
            let org = own.acquire_owned().await.ok()?;
            let all = all.acquire_owned().await.ok()?;
            Some(Turn {
                _org: org,
                _all: all,
            })
        };
        let turn = timeout(PATIENCE, turn).await.ok().flatten();
        turn.ok_or_else(|| Problem::too_many_searches(PER_ORG))
    }

    fn of(&self, org: OrgId) -> Arc<Semaphore> {
        let mut orgs = self.orgs.lock().unwrap_or_else(PoisonError::into_inner);
        orgs.retain(|known, turns| *known == org || Arc::strong_count(turns) > 1);
        let turns = orgs.entry(org);
        Arc::clone(turns.or_insert_with(|| Arc::new(Semaphore::new(PER_ORG))))
    }
}

/// Divides what is done entry by entry, so that others get their turn on the thread.
#[derive(Debug, Default)]
pub(super) struct Slices(usize);

impl Slices {
    /// Before each entry.
    pub(super) async fn next(&mut self) {
        self.0 += 1;
        if self.0.is_multiple_of(SLICE) {
            yield_now().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use uuid::Uuid;

    use super::*;

    fn org(number: u8) -> OrgId {
        OrgId::from_uuid(Uuid::from_bytes([number; 16]))
    }

    #[tokio::test]
    async fn others_go_on_between_slices() {
        let (others, seen) = tokio::sync::watch::channel(0);
        let other = tokio::spawn(async move {
            loop {
                others.send_modify(|turns| *turns += 1);
                yield_now().await;
            }
        });
        let mut slices = Slices::default();
        for entries in 1..=10 * SLICE {
            slices.next().await;
            assert_eq!(*seen.borrow(), entries / SLICE, "{entries}");
        }
        other.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn an_org_has_two_turns_and_takes_none_from_others() {
        let turns = Turns::default();
        let first = turns.take(org(1)).await.unwrap();
        let _second = turns.take(org(1)).await.unwrap();
        let refused = turns.take(org(1)).await.unwrap_err().into_response();
        assert_eq!(refused.status(), 429);
        assert_eq!(refused.headers()["retry-after"], "1");
        let _others = (
            turns.take(org(2)).await.unwrap(),
            turns.take(org(2)).await.unwrap(),
        );
        assert!(turns.take(org(3)).await.is_err(), "there are four in all");
        drop(first);
        turns.take(org(1)).await.unwrap();
    }
}
