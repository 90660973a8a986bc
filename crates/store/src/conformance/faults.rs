//! What a caller finds after a failure: nothing, or all of it.

use countersign_domain::{Actor, Command};
use countersign_entries::{SignIn, What};

use super::{Backend, Fails, Faulty, Live, ManualClock, Refused, World, world::request};
use crate::{AppendError, Fence, Key, LeaseError, Position, Store, Verdict, alike::note};

async fn faulty<B: Backend>(backend: &B) -> (World<Faulty<B::Store>>, Live) {
    let clock = std::sync::Arc::new(ManualClock::default());
    let store = Faulty::new(backend.open(std::sync::Arc::clone(&clock)).await);
    let world = World::over(store, clock);
    let live = world.live().await;
    (world, live)
}

/// "Failed, not persisted": nothing has changed, and doing it again works.
pub async fn failed_and_not_persisted<B: Backend>(backend: &B) {
    let (world, live) = faulty(backend).await;
    let keys = [Key::Case(live.case)];
    let before = world.store.load(&keys).await.expect("a slice");
    world.store.fail_next_append(Fails::NotPersisted);
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    let revoke = Command::Revoke { case: live.case };
    let result = world.attempt(boss, &revoke).await;
    assert!(
        matches!(result, Err(Refused::Store(AppendError::NotPersisted(_)))),
        "{result:?}"
    );
    let after = world.store.load(&keys).await.expect("a slice");
    assert_eq!((after.head, after.state), (before.head, before.state));
    assert_eq!(world.run(boss, revoke).await.len(), 2);
}

/// "Failed, but persisted": a caller that looks again finds it done.
pub async fn failed_but_persisted<B: Backend>(backend: &B) {
    let (world, live) = faulty(backend).await;
    world.store.fail_next_append(Fails::ButPersisted);
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    let revoke = Command::Revoke { case: live.case };
    let result = world.attempt(boss, &revoke).await;
    assert!(
        matches!(result, Err(Refused::Store(AppendError::Unknown(_)))),
        "{result:?}"
    );
    assert!(
        world.run(boss, revoke).await.is_empty(),
        "it is done already"
    );
    let lease = world.lease().await;
    assert_eq!(
        world.request(lease, live.session).await,
        Verdict::Fenced(Fence::Over)
    );
}

/// The same of entries: the caller is told of a failure, and knows not to let the request pass.
pub async fn failed_records<B: Backend>(backend: &B) {
    let (world, live) = faulty(backend).await;
    let lease = world.lease().await;
    let drafts = [request(live.session)];
    let before = world.log(live.org).await.len();
    for (how, recorded) in [(Fails::NotPersisted, 0), (Fails::ButPersisted, 1)] {
        world.store.fail_next_record(how);
        assert!(world.store.record(lease, &drafts).await.is_err());
        assert_eq!(world.log(live.org).await.len(), before + recorded);
    }
    assert!(world.store.record(lease, &drafts).await.is_ok());
}

/// The same of notes: the caller is told of a failure, and the next note takes the next place.
pub async fn failed_notes<B: Backend>(backend: &B) {
    let (world, live) = faulty(backend).await;
    let slice = world.store.load(&[Key::Org(live.org)]).await;
    let slice = slice.expect("a slice");
    let what = What::SignIn(SignIn::Out { replaced: false });
    let entry = note(&slice.state, slice.now, None, None, (live.org, None), what);
    let entry = entry.expect("the org is known");
    let before = world.log(live.org).await.len();
    for (how, noted) in [(Fails::NotPersisted, 0), (Fails::ButPersisted, 1)] {
        world.store.fail_next_note(how);
        assert!(world.store.note(entry.clone()).await.is_err());
        assert_eq!(world.log(live.org).await.len(), before + noted);
    }
    assert!(world.store.note(entry.clone()).await.is_ok());
    world.store.set_unreachable(true);
    assert!(world.store.note(entry).await.is_err());
    world.store.set_unreachable(false);
    assert_eq!(world.log(live.org).await.len(), before + 2);
}

/// While the store cannot be reached every call says so; afterwards all is as before.
pub async fn unreachable<B: Backend>(backend: &B) {
    let (world, live) = faulty(backend).await;
    let lease = world.lease().await;
    let head = world.store.head().await.expect("a head");
    world.store.set_unreachable(true);
    assert!(world.store.now().await.is_err());
    assert!(world.store.head().await.is_err());
    assert!(world.store.tail(Position(0), 1).await.is_err());
    assert!(world.store.load(&[Key::Case(live.case)]).await.is_err());
    assert!(
        world
            .store
            .record(lease, &[request(live.session)])
            .await
            .is_err()
    );
    let renewed = world.store.renew_lease(lease, head).await;
    assert!(
        matches!(renewed, Err(LeaseError::Unavailable(_))),
        "{renewed:?}"
    );
    world.store.set_unreachable(false);
    assert_eq!(world.store.head().await.expect("a head"), head);
    assert_eq!(world.store.inner().head().await.expect("a head"), head);
}
