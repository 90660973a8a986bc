//! A process that starts reads what is live, not what has happened.

use std::sync::Arc;

use countersign_decision::{Decision, Effect};
use countersign_domain::{Actor, Command, Duration, EndedWhy, SessionLimits};
use countersign_store::{
    Position, Store,
    conformance::{Live, World},
};
use countersign_store_sqlite::SqliteStore;

use crate::scratch::{Scratch, serving};

/// Sessions that ended, one that runs, and another beside it.
async fn history(world: &World<SqliteStore>) -> Live {
    for _ in 0..3 {
        let past = world.live().await;
        let close = Command::CloseCase { case: past.case };
        world.run(Actor::Agent { id: past.agent }, close).await;
    }
    let live = world.live().await;
    world
        .session(live.case, live.other, SessionLimits::default())
        .await;
    live
}

async fn head(world: &World<SqliteStore>) -> Position {
    world.store.head().await.expect("a head")
}

async fn revoke(world: &World<SqliteStore>, live: Live) {
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    world.run(boss, Command::Revoke { case: live.case }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_reads_no_event_before_the_head() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let live = history(&world).await;
    let store = scratch.handle(&world.clock).await;
    let node = serving(store.clone(), &world.clock).await;
    assert_eq!(node.position(), head(&world).await);
    assert_eq!((node.folded(), store.events_read()), (0, 0));
    let running = node.session(live.session).expect("it runs");
    let label = &running.session.label;
    let decision = node.decide(label, Effect::Read).expect("it serves");
    assert!(matches!(decision, Decision::Allow(_)), "{decision:?}");

    // From there it follows the tail.
    let before = head(&world).await;
    revoke(&world, live).await;
    let after = head(&world).await;
    node.wait_effective(after).await.expect("it is effective");
    assert!(
        node.decide(label, Effect::Read)
            .is_ok_and(|d| matches!(d, Decision::Deny(_)))
    );
    assert_eq!(node.ended_why(label), Some(EndedWhy::GrantRevoked));
    assert_eq!(
        (node.folded(), store.events_read()),
        (after.0 - before.0, after.0 - before.0)
    );
    node.stop().await;
}

/// What is taken away after the read and before the lease is folded before anything is decided:
/// whoever took it away did not wait for a process that had no lease.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_while_it_starts_is_folded_before_it_serves() {
    let scratch = Scratch::new();
    let world = Arc::new(World::new(&scratch).await);
    let live = history(&world).await;
    let store = scratch.handle(&world.clock).await;
    let meanwhile = {
        let world = Arc::clone(&world);
        async move { revoke(&world, live).await }
    };
    store.before_next_lease(meanwhile);
    let before = head(&world).await;
    let node = serving(store.clone(), &world.clock).await;
    let after = head(&world).await;
    assert!(after > before);
    assert_eq!(node.position(), after);
    assert_eq!(node.folded(), after.0 - before.0);
    assert!(node.session(live.session).is_none());
    node.stop().await;
}

/// R16: who has been asking all along is not idle for a process that starts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_knows_who_is_not_idle() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let [busy, idle] = [world.live().await, world.live().await];
    let lease = world.lease().await;
    world.clock.advance(Duration::from_mins(20));
    world.request(lease, busy.session).await;
    world.clock.advance(Duration::from_mins(20));
    let node = serving(scratch.handle(&world.clock).await, &world.clock).await;
    let until = node.running_until(busy.session).expect("it runs");
    assert_eq!(until, node.now().plus(Duration::from_mins(10)));
    assert!(node.running_until(idle.session).is_err());
    assert!(node.clock_end(idle.session).is_ok(), "nobody has ended it");
    node.stop().await;
}
