//! Several handles on one database, at once and one after the other.

use std::sync::Arc;

use countersign_domain::{Actor, Command, CredentialKind, CredentialOwner, Duration};

use super::{Backend, ManualClock, World};
use crate::{Fence, Key, Position, Store, Verdict};

/// Nothing is lost between one handle and the next.
pub async fn reopening_keeps_everything<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    world.clock.advance(Duration::from_mins(5));
    let live = world.live().await;
    let lease = world.lease().await;
    world.request(lease, live.session).await;
    let owner = CredentialOwner::Admin(live.boss);
    let (_, hash) = world
        .mint(owner, CredentialKind::ApiToken, Duration::from_hours(1))
        .await;
    let keys = [Key::Case(live.case)];
    let before = world.store.load(&keys).await.expect("a slice");
    let tail = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let log = world.log(live.org).await;
    drop(world);

    // A clock that begins anew does not take store time back.
    let clock = Arc::new(ManualClock::default());
    let world = World::over(backend.open(Arc::clone(&clock)).await, clock);
    let after = world.store.load(&keys).await.expect("a slice");
    assert_eq!(after.state, before.state);
    assert_eq!(after.versions, before.versions);
    assert_eq!(after.now, before.now);
    assert_eq!((after.head, after.barrier), (before.head, before.barrier));
    assert_eq!(
        world.store.tail(Position(0), 1_000).await.expect("a tail"),
        tail
    );
    assert_eq!(world.log(live.org).await, log);
    let credential = world.store.credential(hash).await.expect("an answer");
    assert!(credential.is_some_and(|credential| credential.is_good()));
    assert!(matches!(
        world.request(lease, live.session).await,
        Verdict::Recorded { .. }
    ));
}

/// What one handle commits the other reads, and its fence obeys.
pub async fn two_handles_see_each_others_writes<B: Backend>(backend: &B) {
    let one = World::new(backend).await;
    let two = backend.open(Arc::clone(&one.clock)).await;
    let live = one.live().await;
    let lease = one.lease().await;
    let slice = two.load(&[Key::Case(live.case)]).await.expect("a slice");
    assert!(slice.state.case(live.case).is_some());
    assert_eq!(slice.head, one.store.head().await.expect("a head"));
    assert_eq!(two.leases().await.expect("leases").len(), 1);
    let head = slice.head;

    let revoke = Command::Revoke { case: live.case };
    one.run(Actor::Admin { id: live.boss }, revoke).await;
    tokio::time::timeout(std::time::Duration::from_secs(5), async {
        while two.head().await.expect("a head") <= head {
            two.wait_for_more(head).await;
        }
    })
    .await
    .expect("the other handle notices");
    let drafts = [super::world::request(live.session)];
    let verdicts = two.record(lease, &drafts).await.expect("verdicts");
    assert_eq!(verdicts, [Verdict::Fenced(Fence::Over)]);
}

/// Handles that write at once take turns, without gaps or failures.
pub async fn two_handles_write_in_turn<B: Backend>(backend: &B) {
    let one = Arc::new(World::new(backend).await);
    let org = one.org().await;
    let other = backend.open(Arc::clone(&one.clock)).await;
    let two = Arc::new(World::over(other, Arc::clone(&one.clock)));
    // Ids of the second world must not meet those of the first.
    for _ in 0..100_000 {
        two.number();
    }
    let mut writers = vec![];
    for world in [Arc::clone(&one), two] {
        for _ in 0..2 {
            let world = Arc::clone(&world);
            writers.push(tokio::spawn(async move {
                for _ in 0..6 {
                    world.admin(org, countersign_domain::Role::Admin).await;
                }
            }));
        }
    }
    for writer in writers {
        writer.await.expect("a writer ends");
    }
    let tail = one.store.tail(Position(0), 1_000).await.expect("a tail");
    let positions: Vec<u64> = tail.iter().map(|recorded| recorded.position.0).collect();
    assert_eq!(positions, (1..=26).collect::<Vec<_>>());
    assert_eq!(one.log(org).await.len(), 26);
}
