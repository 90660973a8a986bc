//! Answers kept with the events that they tell of.

use std::sync::Arc;

use countersign_domain::{Duration, Event, OrgId, PersonName, Slug, StreamId, Timestamp};

use super::{
    Backend, World,
    world::{OPERATOR, good},
};
use crate::{Append, AppendError, Appended, Kept, NewKept, Store, Version};

const DAY: Duration = Duration::from_hours(24);

fn answer(slot: u8, says: &[u8], expires_at: Timestamp) -> NewKept {
    NewKept {
        slot: [slot; 32],
        fingerprint: [slot.wrapping_add(1); 32],
        sealed: says.to_vec(),
        expires_at,
    }
}

fn as_kept(new: &NewKept) -> Option<Kept> {
    Some(Kept {
        fingerprint: new.fingerprint,
        sealed: new.sealed.clone(),
    })
}

/// Creates an org and keeps an answer.
async fn create<S: Store>(
    store: &S,
    org: OrgId,
    slug: &str,
    kept: &NewKept,
) -> Result<Appended, AppendError> {
    let events = [Event::OrgCreated {
        org,
        slug: good(Slug::parse(slug)),
        name: good(PersonName::parse("Acme Inc")),
    }];
    let append = Append {
        actor: OPERATOR,
        at: store.now().await.expect("a time"),
        read: &[(StreamId::Org(org), Version::NONE)],
        events: &events,
        credentials: &[],
        kept: Some(kept),
        passkey: None,
        client: None,
    };
    store.append(append).await
}

/// An answer is there as soon as what it tells of is, and until its end; nobody acts a second time
/// under its slot meanwhile.
pub async fn an_answer_is_kept_with_its_events<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let now = world.store.now().await.expect("a time");
    let first = answer(1, b"sealed", now.plus(DAY));
    assert_eq!(world.store.kept(first.slot).await.expect("a look"), None);
    let org = world.id("org");
    create(&world.store, org, "acme", &first)
        .await
        .expect("the first call acts");
    let head = world.store.head().await.expect("a head");
    let second = answer(1, b"another", now.plus(DAY));
    let again = create(&world.store, world.id("org"), "other", &second).await;
    assert!(matches!(again, Err(AppendError::Kept)), "{again:?}");
    // Judged before versions and names: what moved since is no reason to look elsewhere.
    let again = create(&world.store, org, "acme", &second).await;
    assert!(matches!(again, Err(AppendError::Kept)), "{again:?}");
    assert_eq!(world.store.head().await.expect("a head"), head);
    let kept = world.store.kept(first.slot).await.expect("a look");
    assert_eq!(kept, as_kept(&first));

    world
        .clock
        .advance(Duration::from_millis(DAY.as_millis() - 1));
    let kept = world.store.kept(first.slot).await.expect("a look");
    assert_eq!(kept, as_kept(&first));
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(world.store.kept(first.slot).await.expect("a look"), None);
    let later = world.store.now().await.expect("a time");
    let third = answer(1, b"third", later.plus(DAY));
    create(&world.store, world.id("org"), "third", &third)
        .await
        .expect("the slot is free again");
    let kept = world.store.kept(third.slot).await.expect("a look");
    assert_eq!(kept, as_kept(&third));
}

/// What did not happen has no answer.
pub async fn what_fails_keeps_no_answer<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let now = world.store.now().await.expect("a time");
    let org = world.id("org");
    create(
        &world.store,
        org,
        "acme",
        &answer(1, b"first", now.plus(DAY)),
    )
    .await
    .expect("it acts");
    let taken = answer(2, b"second", now.plus(DAY));
    let failed = create(&world.store, world.id("org"), "acme", &taken).await;
    assert!(matches!(failed, Err(AppendError::Taken(_))), "{failed:?}");
    let moved = answer(3, b"third", now.plus(DAY));
    let failed = create(&world.store, org, "other", &moved).await;
    assert!(matches!(failed, Err(AppendError::Conflict)), "{failed:?}");
    for slot in [taken.slot, moved.slot] {
        assert_eq!(world.store.kept(slot).await.expect("a look"), None);
    }
}

/// Of calls under one slot at once, through several handles, one acts.
pub async fn of_calls_at_once_one_acts<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let now = world.store.now().await.expect("a time");
    for round in 0..6_u8 {
        let one = Arc::new(backend.open(Arc::clone(&world.clock)).await);
        let two = Arc::new(backend.open(Arc::clone(&world.clock)).await);
        let calls = [one, two].into_iter().zip(["one", "two"]);
        let calls: Vec<_> = calls
            .map(|(store, name)| {
                let org = world.id("org");
                let slug = format!("{name}-{round}");
                let kept = answer(round, name.as_bytes(), now.plus(DAY));
                tokio::spawn(async move { create(store.as_ref(), org, &slug, &kept).await })
            })
            .collect();
        let mut acted = 0;
        for call in calls {
            match call.await.expect("it ends") {
                Ok(_) => acted += 1,
                Err(AppendError::Kept) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(acted, 1);
        let kept = world.store.kept([round; 32]).await.expect("a look");
        let says = kept.expect("an answer").sealed;
        let made = world.store.directory(None).await.expect("a directory");
        let of_round = format!("-{round}");
        let slugs: Vec<_> = made.state.orgs().map(|org| org.slug.to_string()).collect();
        let slugs: Vec<_> = slugs.iter().filter(|s| s.ends_with(&of_round)).collect();
        let winner = String::from_utf8(says).expect("a name");
        assert_eq!(slugs, [&format!("{winner}{of_round}")]);
    }
}
