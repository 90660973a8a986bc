//! Several handles on one database, at once and one after the other.

use std::sync::Arc;

use countersign_domain::{Actor, Command, CredentialKind, CredentialOwner, Duration};

use super::{
    Backend, Live, ManualClock, World,
    history::wider,
    world::{OPERATOR, request},
};
use crate::{Addresses, Fence, Key, Position, Store, Verdict};

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
    one.run(
        Actor::Admin {
            id: live.boss,
            via: None,
        },
        revoke,
    )
    .await;
    tokio::time::timeout(std::time::Duration::from_secs(5), async {
        while two.head().await.expect("a head") <= head {
            two.wait_for_more(head).await;
        }
    })
    .await
    .expect("the other handle notices");
    let drafts = [request(live.session)];
    let verdicts = two.record(lease, &drafts).await.expect("verdicts");
    assert_eq!(verdicts, [Verdict::Fenced(Fence::Over)]);
}

/// What one handle records another notices, without being told.
pub async fn a_handle_notices_the_entries_of_another<B: Backend>(backend: &B) {
    let one = World::new(backend).await;
    let two = backend.open(Arc::clone(&one.clock)).await;
    let live = one.live().await;
    let lease = one.lease().await;
    let from = one.log(live.org).await.len() as u64;
    let noticed = async {
        while two
            .entries(live.org, from, 1)
            .await
            .expect("a log")
            .is_empty()
        {
            two.wait_for_entries(live.org, from).await;
        }
    };
    let patience = std::time::Duration::from_secs(5);
    let (noticed, _) = tokio::join!(
        tokio::time::timeout(patience, noticed),
        one.request(lease, live.session),
    );
    noticed.expect("the other handle notices");
}

/// What one handle takes away the fence of another obeys from the next batch on, however much that
/// other has recorded under the session before.
pub async fn a_busy_handle_obeys_what_another_takes_away<B: Backend>(backend: &B) {
    let one = World::new(backend).await;
    let two = backend.open(Arc::clone(&one.clock)).await;
    let lease = one.lease().await;
    let boss = |live: Live| Actor::Admin {
        id: live.boss,
        via: None,
    };
    type TakeAway = fn(Live) -> (Option<Actor>, Command);
    let ways: [TakeAway; 8] = [
        |live| (None, Command::Revoke { case: live.case }),
        |live| (None, Command::Block { org: live.org }),
        |live| {
            let (org, upstream) = (live.org, wider());
            (Some(OPERATOR), Command::SetUpstream { org, upstream })
        },
        |live| (None, Command::CloseCase { case: live.case }),
        |live| {
            let (case, session) = (live.case, live.session);
            (None, Command::EndSession { case, session })
        },
        |live| {
            let (case, agent) = (live.case, live.agent);
            (Some(OPERATOR), Command::LeaveTeam { case, agent })
        },
        |live| {
            let (agent, active) = (live.agent, false);
            (Some(OPERATOR), Command::SetAgentActive { agent, active })
        },
        |live| {
            let (admin, active) = (live.opener, false);
            (Some(OPERATOR), Command::SetAdminActive { admin, active })
        },
    ];
    for way in ways {
        let (live, other) = (one.live().await, one.live().await);
        let drafts = [request(live.session), request(other.session)];
        for _ in 0..3 {
            let verdicts = two.record(lease, &drafts).await.expect("verdicts");
            assert!(
                verdicts
                    .iter()
                    .all(|verdict| matches!(verdict, Verdict::Recorded { .. }))
            );
        }
        let (actor, command) = way(live);
        one.run(actor.unwrap_or_else(|| boss(live)), command).await;
        let verdicts = two.record(lease, &drafts).await.expect("verdicts");
        assert!(
            matches!(
                verdicts[..],
                [Verdict::Fenced(Fence::Over), Verdict::Recorded { .. }]
            ),
            "{verdicts:?}"
        );
    }
}

/// While one handle records without a pause and another revokes, every request that was recorded
/// stands on the log before the revocation.
pub async fn nothing_is_recorded_behind_a_revocation<B: Backend>(backend: &B) {
    let one = World::new(backend).await;
    let lease = one.lease().await;
    for round in 0..12 {
        let two = Arc::new(backend.open(Arc::clone(&one.clock)).await);
        let live = one.live().await;
        let recording = tokio::spawn({
            let two = Arc::clone(&two);
            async move {
                let drafts = vec![request(live.session); 8];
                loop {
                    let verdicts = two.record(lease, &drafts).await.expect("verdicts");
                    if verdicts.contains(&Verdict::Fenced(Fence::Over)) {
                        return verdicts;
                    }
                }
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(round * 2)).await;
        let revoke = Command::Revoke { case: live.case };
        one.run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            revoke,
        )
        .await;
        let last = recording.await.expect("it ends");
        assert_eq!(
            last,
            [Verdict::Fenced(Fence::Over); 8],
            "a batch is judged alike"
        );
        let log = one.log(live.org).await;
        let of = |kind: &str| log.iter().rposition(|entry| entry["type"] == kind);
        let revoked = of("access.revoked").expect("it was revoked");
        assert!(of("request").is_none_or(|request| request < revoked));
        assert!(of("request.refused").expect("refused") > revoked);
    }
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

/// How a deployment is reached is said by one of two that saw the same, and the other is told by whom; so is
/// whoever saw what is not there any more.
pub async fn of_two_that_claim_the_addresses_one_does<B: Backend>(backend: &B) {
    let clock = Arc::new(ManualClock::default());
    let handles = [
        backend.open(Arc::clone(&clock)).await,
        backend.open(clock).await,
    ];
    let of = |name: &str| Addresses {
        public_url: format!("https://{name}.example.com"),
        gateway_url: format!("https://gw.{name}.example.com"),
    };
    let [one, two, three] = [of("one"), of("two"), of("three")];
    let claim = async |place: usize, addresses: &Addresses, seen: Option<&Addresses>| {
        let claimed = handles[place].claim_addresses(addresses.clone(), seen.cloned());
        claimed.await.expect("the store answers")
    };
    let (first, second) = tokio::join!(claim(0, &one, None), claim(1, &two, None));
    let (there, other) = match (first, second) {
        (Ok(()), Err(there)) => (there, one),
        (Err(there), Ok(())) => (there, two),
        both => panic!("{both:?}"),
    };
    assert_eq!(there, other, "the one that was claimed");
    assert_eq!(claim(0, &three, None).await, Err(there.clone()));
    assert_eq!(claim(0, &there, Some(&there)).await, Ok(()), "as it is");
    assert_eq!(claim(1, &three, Some(&there)).await, Ok(()));
    assert_eq!(claim(0, &there, Some(&there)).await, Err(three.clone()));
    let remembered = handles[0].addresses().await.expect("addresses");
    assert_eq!(remembered, Some(three));
}
