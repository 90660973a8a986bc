//! Taking access away goes first.
//!
//! Commands are optimistic: each loads, decides, and appends if nothing has moved meanwhile. Whoever
//! keeps moving a case could so keep a customer from revoking. While a command that takes away is
//! under way, others about the same cases wait.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use countersign_domain::CaseId;
use tokio::{sync::Notify, time::timeout};

/// The longest another command waits: a queue must not become a standstill.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which cases something is being taken away from, in this process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Precedence(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    claims: Mutex<HashMap<CaseId, usize>>,
    released: Notify,
}

impl Shared {
    fn claims(&self) -> MutexGuard<'_, HashMap<CaseId, usize>> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Precedence {
    /// Goes before others about these cases until the claim is dropped.
    pub(crate) fn claim(&self, cases: Vec<CaseId>) -> Claim {
        let mut claims = self.0.claims();
        for case in &cases {
            *claims.entry(*case).or_default() += 1;
        }
        drop(claims);
        Claim {
            shared: Arc::clone(&self.0),
            cases,
        }
    }

    /// Waits while something is being taken away from one of these cases; whether it had to.
    pub(crate) async fn give_way(&self, cases: &[CaseId]) -> bool {
        let claimed = || {
            let claims = self.0.claims();
            cases.iter().any(|case| claims.contains_key(case))
        };
        let mut waited = false;
        let wait = async {
            loop {
                let mut released = std::pin::pin!(self.0.released.notified());
                // Registered before looking, so that a release in between is not missed.
                released.as_mut().enable();
                if !claimed() {
                    return;
                }
                waited = true;
                released.await;
            }
        };
        // Having waited long enough, it takes its chances.
        let _ = timeout(PATIENCE, wait).await;
        waited
    }
}

/// A claim to go first.
#[derive(Debug)]
pub(crate) struct Claim {
    shared: Arc<Shared>,
    cases: Vec<CaseId>,
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut claims = self.shared.claims();
        for case in &self.cases {
            if let Some(count) = claims.get_mut(case) {
                *count -= 1;
                if *count == 0 {
                    claims.remove(case);
                }
            }
        }
        drop(claims);
        self.shared.released.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn case(number: u128) -> CaseId {
        CaseId::from_uuid(Uuid::from_u128(number))
    }

    #[tokio::test]
    async fn others_wait_for_every_claim_on_their_case_and_for_no_other() {
        let precedence = Precedence::default();
        let first = precedence.claim(vec![case(1), case(2)]);
        let second = precedence.claim(vec![case(1)]);
        assert!(!precedence.give_way(&[case(3)]).await);
        let waiting = {
            let precedence = precedence.clone();
            tokio::spawn(async move { precedence.give_way(&[case(1)]).await })
        };
        tokio::task::yield_now().await;
        drop(first);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(second);
        assert!(waiting.await.unwrap());
        assert!(!precedence.give_way(&[case(1), case(2)]).await);
    }
}
