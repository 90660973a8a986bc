//! Leases: epochs rise, renewals acknowledge, and nobody serves behind a barrier.

use countersign_domain::{Actor, Command, Duration, ProcessId};

use super::{Backend, World};
use crate::{LeaseEpoch, LeaseError, LeaseRow, NewLease, Position, Store};

async fn row<S: Store>(world: &World<S>, lease: LeaseEpoch) -> Option<LeaseRow> {
    let rows = world.store.leases().await.expect("leases");
    rows.into_iter().find(|row| row.id == lease)
}

/// Every lease has an epoch above all before it, also of a process that had one.
pub async fn epochs_rise<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    world.org().await;
    let process: ProcessId = world.id("proc");
    let duration = Duration::from_secs(7);
    let take = |replaces| {
        world.store.acquire_lease(NewLease {
            process,
            duration,
            replaces,
        })
    };
    let first = take(None).await.expect("a lease");
    let other = world.lease().await;
    let second = take(Some(first.id.epoch)).await.expect("a lease");
    assert!(first.id.epoch < other.epoch && other.epoch < second.id.epoch);
    assert_eq!(second.head, world.store.head().await.expect("a head"));
    assert!(
        row(&world, first.id).await.is_none(),
        "the earlier one is replaced"
    );
    assert_eq!(
        row(&world, second.id).await.map(|row| row.duration),
        Some(duration)
    );
    assert_eq!(world.store.leases().await.expect("leases").len(), 2);
    let stale = world.store.renew_lease(first.id, second.head).await;
    assert!(matches!(stale, Err(LeaseError::Lost)), "{stale:?}");
    world.store.end_lease(second.id).await.expect("it ends");
    let third = take(None).await.expect("a lease");
    assert!(third.id.epoch > second.id.epoch);
}

/// A call that took a lease and comes late, after its process has given it up and taken another,
/// leaves that other one alone: what the process serves under must be there to be waited for.
pub async fn a_late_lease_replaces_no_newer_one<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let first = world.lease().await;
    let process = first.process;
    let new = |replaces| NewLease {
        process,
        duration: Duration::from_secs(7),
        replaces,
    };
    let serves = world.store.acquire_lease(new(Some(first.epoch))).await;
    let serves = serves.expect("a lease").id;
    for late in [Some(first.epoch), None] {
        let late = world.store.acquire_lease(new(late)).await.expect("a lease");
        assert!(late.id.epoch > serves.epoch);
        assert!(row(&world, serves).await.is_some());
        assert!(row(&world, late.id).await.is_some());
    }
    let foreign = world.lease().await;
    let other = world.store.acquire_lease(new(Some(foreign.epoch))).await;
    other.expect("a lease");
    assert!(row(&world, foreign).await.is_some(), "another process's");
}

/// Who waited for a silent process ends its lease only if it is still silent.
pub async fn a_renewed_lease_is_not_ended_for_silence<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let lease = world.lease().await;
    let head = world.store.head().await.expect("a head");
    let silent = row(&world, lease).await.expect("the lease").counter;
    world
        .store
        .renew_lease(lease, head)
        .await
        .expect("it renews");
    let ended = world.store.end_silent_lease(lease, silent).await;
    ended.expect("nothing to end");
    let renewed = row(&world, lease).await.expect("the lease is there");
    let ended = world.store.end_silent_lease(lease, renewed.counter).await;
    ended.expect("it ends");
    assert!(row(&world, lease).await.is_none());
}

/// A renewal moves the counter, and what was acknowledged never goes back.
pub async fn renewal_counts_and_acknowledges<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let lease = world.lease().await;
    let before = row(&world, lease).await.expect("the lease");
    world.org().await;
    world.agent().await;
    let head = world.store.head().await.expect("a head");
    for acknowledged in [head, world.store.newest_barrier().await.expect("a barrier")] {
        world
            .store
            .renew_lease(lease, acknowledged)
            .await
            .expect("it renews");
    }
    let after = row(&world, lease).await.expect("the lease");
    assert_eq!(after.counter, before.counter + 2);
    assert_eq!(after.acknowledged, head);
}

/// A process that has not seen the newest take-away does not get to serve on.
pub async fn renewal_behind_the_barrier_is_refused<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let seen = world.store.head().await.expect("a head");
    let revoke = Command::Revoke { case: live.case };
    world
        .run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            revoke,
        )
        .await;
    let barrier = world.store.newest_barrier().await.expect("a barrier");
    let before = row(&world, lease).await;
    for behind in [seen, Position(barrier.0 - 1)] {
        let refused = world.store.renew_lease(lease, behind).await;
        assert!(
            matches!(refused, Err(LeaseError::Behind(at)) if at == barrier),
            "{refused:?}"
        );
    }
    assert_eq!(row(&world, lease).await, before);
    world
        .store
        .renew_lease(lease, barrier)
        .await
        .expect("it renews");
    world.agent().await;
    world
        .store
        .renew_lease(lease, barrier)
        .await
        .expect("only barriers hold it up");
}

/// A lease that was ended is gone.
pub async fn an_ended_lease_is_lost<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let lease = world.lease().await;
    let head = world.store.head().await.expect("a head");
    for _ in 0..2 {
        world
            .store
            .end_lease(lease)
            .await
            .expect("ending is idempotent");
    }
    let renewed = world.store.renew_lease(lease, head).await;
    assert!(matches!(renewed, Err(LeaseError::Lost)), "{renewed:?}");
    assert!(world.store.leases().await.expect("leases").is_empty());
}

/// A waiter that ends the lease it watched does not end a newer one of the same process.
pub async fn an_old_epoch_ends_nothing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let first = world.lease().await;
    let duration = Duration::from_secs(10);
    let process = first.process;
    let second = world.store.acquire_lease(NewLease {
        process,
        duration,
        replaces: Some(first.epoch),
    });
    let second = second.await.expect("a lease");
    world.store.end_lease(first).await.expect("it ends");
    let ended = world.store.end_silent_lease(first, 0).await;
    ended.expect("nothing to end");
    assert!(row(&world, second.id).await.is_some());
}
