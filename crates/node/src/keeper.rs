//! Keeping the lease.

use std::{sync::Arc, time::Duration};

use countersign_lease::Holder;
use countersign_store::{LeaseError, alike::Complaint};
use tokio::time::{sleep, timeout};

use crate::Node;

/// Renews the lease well before it runs out, and at once when something taken away has been
/// folded, so that whoever waits for this process waits no longer than it must.
pub(crate) async fn keep(node: Arc<Node>) {
    let lease_ms = u64::try_from(node.config.lease.as_millis()).unwrap_or(1_000);
    // Five renewals may fail or be late before the lease lapses.
    let pause = Duration::from_millis(lease_ms / 6);
    let mut complaint = Complaint::default();
    loop {
        // A timeout is the regular case: nothing was taken away meanwhile.
        let _ = timeout(pause, node.acknowledge.notified()).await;
        renew(&node, &mut complaint).await;
    }
}

async fn renew(node: &Node, complaint: &mut Complaint) {
    let Ok(lease) = node.lease() else {
        return take_again(node, complaint).await;
    };
    let sent = node.clocks.boot.now();
    let acknowledged = *node.position.borrow();
    match node.store.renew_lease(lease, acknowledged).await {
        Ok(at) => {
            node.time_read(at, sent);
            renewed(node, lease.epoch, sent);
            serves(complaint);
        }
        Err(LeaseError::Behind(position)) => {
            tracing::debug!(?position, "catching up before the lease is renewed");
            // The follower wakes this task when it has folded what was taken away.
            let _ = node.wait_folded(position).await;
            node.acknowledge.notify_one();
        }
        Err(LeaseError::Lost) => {
            node.held.change(Holder::lost);
            take_again(node, complaint).await;
        }
        Err(LeaseError::Unavailable(error)) => {
            if let Some(times) = complaint.wrong(&error) {
                tracing::warn!(%error, times, "the lease cannot be renewed");
            }
            if node.lease().is_err() {
                take_again(node, complaint).await;
            }
        }
    }
}

fn renewed(node: &Node, epoch: u64, sent: countersign_lease::Boot) {
    node.held.change(|holder| holder.renewed(epoch, sent));
    // It may have lapsed while this was under way, and somebody may be waiting for it.
    node.serving.send_replace(true);
}

/// A lapse means a new epoch: what was decided under the old one must not be recorded any more.
async fn take_again(node: &Node, complaint: &mut Complaint) {
    node.serving.send_replace(false);
    match node.take_lease().await {
        Ok(()) => serves(complaint),
        Err(error) => {
            if let Some(times) = complaint.wrong(&error) {
                tracing::warn!(
                    %error,
                    times,
                    "no lease; this process refuses until the store answers"
                );
            }
            sleep(Duration::from_millis(100)).await;
            node.acknowledge.notify_one();
        }
    }
}

fn serves(complaint: &mut Complaint) {
    if let Some(times) = complaint.works() {
        tracing::info!(times, "the lease is held again; this process serves");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use countersign_store::conformance::ManualClock;
    use countersign_store_sqlite::SqliteStore;

    use super::*;
    use crate::{BootClock, Clocks, NodeConfig};

    #[derive(Default)]
    struct Boot(AtomicU64);

    impl BootClock for Boot {
        fn now(&self) -> u64 {
            self.0.load(Ordering::SeqCst)
        }
    }

    /// A renewal whose answer comes after the lease has lapsed, and in time for what it was
    /// renewed to, lets those go on who have begun to wait: recording would stand still otherwise.
    #[tokio::test]
    async fn a_renewal_wakes_who_waits_for_the_lease() {
        #[allow(clippy::disallowed_methods)] // Unit tests have no directory of their own.
        let directory =
            std::env::temp_dir().join(format!("countersign-keeper-{}", std::process::id()));
        let clock = Arc::new(ManualClock::default());
        let store = SqliteStore::open(directory.join("test.db"), clock.clone());
        let store = Arc::new(store.await.unwrap());
        let boot = Arc::new(Boot::default());
        let clocks = Clocks {
            store: clock,
            boot: boot.clone(),
        };
        let process = format!("proc_{:032x}", 1).parse().unwrap();
        let config = NodeConfig {
            lease: countersign_domain::Duration::from_secs(1),
            ..NodeConfig::new(process)
        };
        let node = Node::observing(store, clocks, config);
        node.held.change(|holder| holder.acquired(7, 0, 0));
        node.held.change(|holder| holder.caught_up(0));
        boot.0.store(1_100, Ordering::SeqCst);
        assert!(node.lease().is_err(), "it has lapsed");
        let waiting = tokio::spawn({
            let node = Arc::clone(&node);
            async move { node.wait_serving().await }
        });
        sleep(Duration::from_millis(50)).await;
        renewed(&node, 7, 900);
        let lease = timeout(Duration::from_millis(500), waiting).await;
        assert_eq!(lease.expect("at once").unwrap().unwrap().epoch, 7);
        let _ = std::fs::remove_dir_all(directory);
    }
}
