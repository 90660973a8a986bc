//! Waking whoever follows an org's log, when this handle has written to it or has heard of others who did.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use countersign_domain::OrgId;
use tokio::sync::watch;

/// Where logs end: for each org, the index of the next entry.
pub type Ends = BTreeMap<OrgId, u64>;

/// The ends of the logs that somebody follows.
#[derive(Debug, Default)]
pub struct Tips(Mutex<BTreeMap<OrgId, watch::Sender<u64>>>);

impl Tips {
    fn followed(&self) -> MutexGuard<'_, BTreeMap<OrgId, watch::Sender<u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of an org's log, as far as this handle knows it.
    pub fn follow(&self, org: OrgId) -> watch::Receiver<u64> {
        self.followed().entry(org).or_default().subscribe()
    }

    /// Tells those who follow. Word of an end that comes late takes none back.
    pub fn moved(&self, ends: &Ends) {
        let followed = self.followed();
        for (org, end) in ends {
            if let Some(tip) = followed.get(org) {
                tip.send_if_modified(|known| {
                    let further = *end > *known;
                    *known = (*known).max(*end);
                    further
                });
            }
        }
    }
}
