//! Callers that go away: what they asked for happens wholly or not at all, and nobody else notices.

use std::{future::Future, time::Duration as Wait};

use countersign_domain::{Event, OrgId, Origin, PersonName, Slug, StreamId, Upstream};

use super::{
    Backend, ManualClock, World,
    world::{OPERATOR, good, request},
};
use crate::{Append, Key, Position, Store, Version};

/// Lets a future run for a while, a little longer each round, and drops it.
async fn cut_short<F: Future>(round: u64, future: F) -> Option<F::Output> {
    tokio::time::timeout(Wait::from_micros(round * 37), future)
        .await
        .ok()
}

/// A cancelled append is in the log, the projections and the entries, or in none of them.
pub async fn a_cancelled_append_is_whole_or_absent<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let mut attempted = vec![];
    for round in 0..48 {
        let org: OrgId = world.id("org");
        let events = [
            Event::OrgCreated {
                org,
                slug: good(Slug::parse(&format!("org-{round}"))),
                name: good(PersonName::parse("Acme Inc")),
            },
            Event::UpstreamSet {
                org,
                upstream: Upstream::new(good(Origin::parse("http://127.0.0.1:9000"))),
                widened: false,
            },
        ];
        let read = [(StreamId::Org(org), Version::NONE)];
        let append = world.store.append(Append {
            actor: OPERATOR,
            at: ManualClock::START,
            read: &read,
            events: &events,
            credentials: &[],
            kept: None,
            passkey: None,
            client: None,
        });
        let answer = cut_short(round, append).await;
        attempted.push((org, answer));
    }
    world.org().await;
    let tail = world.store.tail(Position(0), 1_000).await.expect("a tail");
    assert!(
        (1_u64..)
            .zip(&tail)
            .all(|(n, recorded)| recorded.position.0 == n)
    );
    for (org, answer) in attempted {
        let slice = world.store.load(&[Key::Org(org)]).await.expect("a slice");
        let events = tail
            .iter()
            .filter(|recorded| recorded.event.stream() == StreamId::Org(org))
            .count();
        let persisted = slice.state.org(org).is_some();
        assert_eq!(events, if persisted { 2 } else { 0 });
        assert_eq!(world.log(org).await.len(), events);
        if let Some(org) = slice.state.org(org) {
            assert!(org.upstream.is_some());
        }
        if let Some(answer) = answer {
            assert!(answer.is_ok() && persisted, "{answer:?}");
        }
    }
}

/// A cancelled batch is on the log with all its entries or with none, and blocks no other.
pub async fn a_cancelled_batch_is_whole_or_absent<B: Backend>(backend: &B) {
    const BATCH: usize = 5;
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let before = world.log(live.org).await.len();
    let drafts = vec![request(live.session); BATCH];
    let mut answered = 0;
    for round in 0..48 {
        let answer = cut_short(round, world.store.record(lease, &drafts)).await;
        answered += usize::from(answer.is_some());
    }
    let last = world.store.record(lease, &drafts).await.expect("verdicts");
    assert_eq!(last.len(), BATCH);
    let recorded = world.log(live.org).await.len() - before;
    assert_eq!(recorded % BATCH, 0);
    assert!(recorded / BATCH > answered, "what was answered is there");
    let log = world
        .store
        .entries(live.org, 0, 1_000)
        .await
        .expect("a log");
    assert!((0_u64..).zip(&log).all(|(n, entry)| entry.index == n));
}

/// Cancelled reads give back what they hold.
pub async fn cancelled_reads_leave_nothing_behind<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let keys = [Key::Case(live.case)];
    for round in 0..48 {
        cut_short(round, world.store.load(&keys)).await;
    }
    for _ in 0..20 {
        let slice = world.store.load(&keys).await.expect("a slice");
        assert!(slice.state.case(live.case).is_some());
    }
    world.org().await;
    let head = world.store.head().await.expect("a head");
    let slice = world.store.load(&keys).await.expect("a slice");
    assert_eq!(slice.head, head, "no read is stuck in an older view");
}
