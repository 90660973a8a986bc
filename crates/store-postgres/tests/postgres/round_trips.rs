//! What calls cost in round trips, which is what they cost where the database is not next door.

use countersign_domain::{Actor, Command, SessionLimits};
use countersign_store::{
    Key, Position, Store,
    conformance::{World, request},
};
use countersign_store_postgres::PostgresStore;

use crate::scratch::Scratch;

/// How many round trips something takes, once connections are made and statements prepared.
async fn trips<T>(world: &World<PostgresStore>, does: impl Future<Output = T>) -> u64 {
    let before = world.store.round_trips();
    does.await;
    world.store.round_trips() - before
}

/// A command loads what it is decided on in two round trips, and the append of its events takes two more: what
/// it depends on together with its locks, and what it writes together with its commit.
#[tokio::test]
async fn a_command_takes_four() {
    let scratch = Scratch::new().await;
    let world = World::new(&scratch).await;
    let live = world.live().await;
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    let revoke = Command::Revoke { case: live.case };
    assert_eq!(trips(&world, world.run(boss, revoke)).await, 4, "revoke");
    assert_eq!(
        trips(&world, world.ask(live.case, live.agent)).await,
        4,
        "ask"
    );
    assert_eq!(
        trips(&world, world.grant(live.case, live.boss)).await,
        4,
        "grant"
    );
    let start = world.session(live.case, live.agent, SessionLimits::default());
    assert_eq!(trips(&world, start).await, 4, "start");
    // However much is taken away.
    let block = Command::Block { org: live.org };
    assert_eq!(trips(&world, world.run(boss, block)).await, 4, "block");
}

/// What is looked at or recorded many times takes one.
#[tokio::test]
async fn what_happens_often_takes_one() {
    let scratch = Scratch::new().await;
    let world = World::new(&scratch).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let record = || async {
        let batch = [request(live.session), request(live.session)];
        world.store.record(lease, &batch).await.expect("recorded")
    };
    // The first reads what the session is.
    record().await;
    assert_eq!(trips(&world, record()).await, 1, "a batch");
    let store = &world.store;
    assert_eq!(
        trips(&world, store.tail(Position(0), 10)).await,
        1,
        "the tail"
    );
    let head = store.head().await.expect("a head");
    assert_eq!(
        trips(&world, store.renew_lease(lease, head)).await,
        1,
        "a renewal"
    );
    assert_eq!(trips(&world, store.leases()).await, 1, "the leases");
    let keys = [Key::Agent(live.agent)];
    assert_eq!(trips(&world, store.load(&keys)).await, 2, "a slice");
}
