//! Expiry goes by the store's clock, whatever the clock of the process's machine shows.

use std::sync::Arc;

use countersign_decision::{Decision, Effect};
use countersign_domain::{Duration, Timestamp};
use countersign_node::Node;
use countersign_store::{
    Clock,
    conformance::{Live, ManualClock, World},
};
use tokio::time::{sleep, timeout};

use crate::scratch::{Scratch, serving};

const HOUR: Duration = Duration::from_hours(1);
/// How early what ends may end, so that it never ends late.
const EARLY: Duration = Duration::from_millis(100);

/// Until when a request would be let through; none when it is not.
fn ends(node: &Node, live: Live) -> Option<Timestamp> {
    let label = &node.session(live.session)?.session.label;
    match node.decide(label, Effect::Read).expect("it serves") {
        Decision::Allow(allowed) => Some(allowed.until),
        _ => None,
    }
}

/// A2: a clock that is an hour late lets nothing through past the end, in a request or in a response that is
/// under way, and one that is an hour early takes nothing away before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a2_a_clock_that_was_stepped_moves_no_end() {
    for step in [-1, 1].map(|sign| Duration::from_millis(sign * HOUR.as_millis())) {
        let scratch = Scratch::new();
        let world = World::new(&scratch).await;
        let live = world.live().await;
        let own = Arc::new(ManualClock::default());
        own.set(world.clock.now().plus(step));
        let store = scratch.handle(&world.clock).await;
        store.keep_time(Arc::clone(&world.clock) as Arc<dyn Clock>);
        let node = serving(store, &own).await;
        let near = |at: Timestamp| {
            let ahead = node.now().since(at).as_millis();
            (0..=EARLY.as_millis()).contains(&ahead)
        };
        assert!(near(world.clock.now()));
        assert!(node.has_come() <= world.clock.now());
        // What is under way ends when nothing has been asked for long, what is asked anew with the access.
        let idle = node.running_until(live.session).expect("it runs");
        let over = ends(&node, live).expect("it is allowed");
        let to = async |at: Timestamp| {
            world.clock.set(at);
            renewed(&node, &near, at).await;
        };
        let a_little = Duration::from_millis(-2 * EARLY.as_millis());
        to(idle.plus(a_little)).await;
        assert!(node.may_flow(live.session), "{step:?}");
        to(idle).await;
        assert!(!node.may_flow(live.session), "{step:?}");
        to(over.plus(a_little)).await;
        assert_eq!(ends(&node, live), Some(over), "{step:?}");
        to(over).await;
        assert_eq!(ends(&node, live), None, "{step:?}");
        node.stop().await;
    }
}

/// Until the store's clock has been read again, with the next renewal.
async fn renewed(node: &Node, near: &impl Fn(Timestamp) -> bool, at: Timestamp) {
    let read = async {
        while !near(at) {
            node.renew_soon();
            sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let patience = std::time::Duration::from_secs(20);
    timeout(patience, read).await.expect("the lease is renewed");
}
