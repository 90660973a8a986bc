//! Following the tail.

use std::{
    sync::{Arc, PoisonError, atomic::Ordering},
    time::Duration,
};

use countersign_store::{Position, Unavailable, alike::Complaint};
use tokio::time::sleep;

use crate::{Node, node::locked};

const PAGE: usize = 512;

/// Folds events as they come, for as long as the process lives.
pub(crate) async fn follow(node: Arc<Node>) {
    let mut complaint = Complaint::default();
    loop {
        let page = fold_page(&node).await;
        if page.is_ok()
            && let Some(times) = complaint.works()
        {
            tracing::info!(times, "the tail is read again");
        }
        match page {
            // Behind a page that is not full there is nothing yet, as far as anybody knows.
            Ok(length) if length < PAGE => {
                let after = *node.position.borrow();
                node.store.wait_for_more(after).await;
            }
            Ok(_) => {}
            Err(error) => {
                if let Some(times) = complaint.wrong(&error) {
                    tracing::warn!(%error, times, "the tail cannot be read; trying again");
                }
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Reads and folds the next page; returns how many events it held.
pub(crate) async fn fold_page(node: &Node) -> Result<usize, Unavailable> {
    let after = *node.position.borrow();
    let page = node.store.tail(after, PAGE).await?;
    let Some(last) = page.last() else {
        return Ok(0);
    };
    let mut takes_away = false;
    let mut ended = Vec::new();
    {
        let mut view = node.view.write().unwrap_or_else(PoisonError::into_inner);
        // Two readers may hold the same page (start-up and a lease taken again): fold it once.
        let folded = *node.position.borrow();
        for recorded in page.iter().filter(|event| event.position > folded) {
            ended.extend(view.fold(recorded.at, &recorded.event, recorded.name.as_ref()));
            node.folded.fetch_add(1, Ordering::Relaxed);
            takes_away |= recorded.event.takes_away();
            node.newest_time
                .fetch_max(recorded.at.as_millis(), Ordering::AcqRel);
        }
        advance(node, last.position);
    }
    for session in ended {
        // Nobody listening is fine: every write is checked against the view anyway.
        locked(&node.activity).remove(&session);
        let _ = node.ended.send(session);
    }
    if takes_away {
        node.acknowledge.notify_one();
    }
    locked(&node.listeners).tell(page.iter());
    Ok(page.len())
}

fn advance(node: &Node, to: Position) {
    node.position.send_if_modified(|position| {
        let newer = to > *position;
        if newer {
            *position = to;
        }
        newer
    });
}
