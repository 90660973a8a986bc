//! Waiting for what others write.

use std::time::Duration;

use countersign_domain::OrgId;
use countersign_store::{Position, Store};
use tokio::time::timeout;

use super::PostgresStore;

/// How often events are looked for while this process hears of them, and while it does not.
const POLL: Duration = Duration::from_millis(500);
const POLL_UNHEARD: Duration = Duration::from_millis(100);
/// How many polls one wait lasts at most.
const POLLS: u32 = 2;
/// How often other processes' entries are looked for, and how often in one wait.
const ENTRY_POLL: Duration = Duration::from_millis(450);
const ENTRY_POLLS: u32 = 2;

impl PostgresStore {
    pub(super) async fn until_more(&self, after: Position) {
        let mut heard = self.listener.follow();
        for _ in 0..POLLS {
            heard.mark_unchanged();
            if self.head().await.is_ok_and(|head| head > after) {
                return;
            }
            let poll = if self.listener.listens() {
                POLL
            } else {
                POLL_UNHEARD
            };
            let told = timeout(poll, heard.changed()).await;
            // Whoever is told of more reads it, without another look.
            if told.is_ok() && *heard.borrow() > after {
                return;
            }
        }
    }

    pub(super) async fn until_entries(&self, org: OrgId, from: u64) {
        let mut tip = self.tips.follow(org);
        for _ in 0..ENTRY_POLLS {
            if self.reaches(org, from).await.unwrap_or(false) {
                return;
            }
            // Both an answer and silence lead to another look.
            let _ = timeout(ENTRY_POLL, tip.wait_for(|end| *end > from)).await;
        }
    }
}
