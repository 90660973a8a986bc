//! Keeping the lease.

use std::{sync::Arc, time::Duration};

use countersign_store::LeaseError;
use tokio::time::{sleep, timeout};

use crate::{Node, node::locked};

/// Renews the lease well before it runs out, and at once when something taken away has been
/// folded, so that whoever waits for this process waits no longer than it must.
pub(crate) async fn keep(node: Arc<Node>) {
    let lease_ms = u64::try_from(node.config.lease.as_millis()).unwrap_or(1_000);
    // Five renewals may fail or be late before the lease lapses.
    let pause = Duration::from_millis(lease_ms / 6);
    loop {
        // A timeout is the regular case: nothing was taken away meanwhile.
        let _ = timeout(pause, node.acknowledge.notified()).await;
        renew(&node).await;
    }
}

async fn renew(node: &Node) {
    let Ok(lease) = node.lease() else {
        return take_again(node).await;
    };
    let sent = node.clocks.boot.now();
    let acknowledged = *node.position.borrow();
    match node.store.renew_lease(lease, acknowledged).await {
        Ok(()) => {
            locked(&node.holder).renewed(lease.epoch, sent);
            // It may have lapsed while this was under way, and somebody may be waiting for it.
            node.serving.send_replace(true);
        }
        Err(LeaseError::Behind(position)) => {
            tracing::debug!(?position, "catching up before the lease is renewed");
            // The follower wakes this task when it has folded what was taken away.
            let _ = node.wait_folded(position).await;
            node.acknowledge.notify_one();
        }
        Err(LeaseError::Lost) => {
            locked(&node.holder).lost();
            take_again(node).await;
        }
        Err(LeaseError::Unavailable(error)) => {
            tracing::warn!(%error, "the lease cannot be renewed");
            if node.lease().is_err() {
                take_again(node).await;
            }
        }
    }
}

/// A lapse means a new epoch: what was decided under the old one must not be recorded any more.
async fn take_again(node: &Node) {
    node.serving.send_replace(false);
    if let Err(error) = node.take_lease().await {
        tracing::warn!(%error, "no lease; this process refuses until the store answers");
        sleep(Duration::from_millis(100)).await;
        node.acknowledge.notify_one();
    }
}
