//! The orgs' logs: what stands on them, in which order, under which hash.

use std::{sync::Arc, time::Duration as Wait};

use countersign_domain::{Actor, Command, Duration, Role};
use countersign_entries::{Outcome, OutcomeEnding, leaf_hash};
use serde_json::json;

use super::{
    Backend, World,
    world::{OPERATOR, line, request},
};
use crate::{Draft, Fence, LeaseEpoch, Store, Verdict};

fn outcome(session: countersign_domain::SessionId, request: u64) -> Draft {
    Draft::Outcome {
        session,
        outcome: Outcome {
            request,
            status: Some(200),
            bytes: 512,
            ending: OutcomeEnding::Complete,
        },
    }
}

async fn record<S: Store>(world: &World<S>, lease: LeaseEpoch, drafts: &[Draft]) -> Vec<Verdict> {
    let verdicts = world.store.record(lease, drafts).await.expect("verdicts");
    assert_eq!(verdicts.len(), drafts.len(), "one verdict per draft");
    verdicts
}

/// Every org's log counts from 0, each leaf hash is that of the bytes, and what happens in one org
/// leaves the others' logs alone.
pub async fn every_orgs_log_is_gapless_and_hashed<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let lease = world.lease().await;
    let logs = async |org| world.store.entries(org, 0, 1_000).await.expect("a log");
    let before = logs(two.org).await;
    world.admin(one.org, Role::Admin).await;
    let revoke = Command::Revoke { case: one.case };
    world.request(lease, one.session).await;
    world
        .run(
            Actor::Admin {
                id: one.boss,
                via: None,
            },
            revoke,
        )
        .await;
    world.agent().await;
    assert_eq!(logs(two.org).await, before);
    for org in [one.org, two.org] {
        let log = logs(org).await;
        for (expected, entry) in (0_u64..).zip(&log) {
            assert_eq!(entry.index, expected);
            assert_eq!(entry.leaf_hash, leaf_hash(&entry.encoded));
        }
        let tail = world.store.entries(org, 3, 2).await.expect("a page");
        assert_eq!(tail, log[3..5]);
    }
    let log = world.log(one.org).await;
    let types: Vec<_> = log
        .iter()
        .filter_map(|entry| entry["type"].as_str())
        .collect();
    let expected = [
        "org.created",
        "org.upstream_set",
        "admin.created",
        "admin.created",
        "case.opened",
        "access.requested",
        "access.granted",
        "session.started",
        "admin.created",
        "request",
        "session.ended",
        "access.revoked",
    ];
    assert_eq!(types, expected);
    let number = |index: usize| log[index]["case"]["number"].clone();
    assert!(number(4).is_string());
    assert_eq!(number(4), number(9));
    assert_eq!(log[7]["grant"], log[6]["grant"]);
    assert_eq!(
        log[10]["grant"], log[6]["grant"],
        "also of the session's end"
    );
    assert_eq!(log[10]["session"], log[7]["session"]);
    assert_eq!(log[11]["actor"]["kind"], "admin");
    assert!(log[11]["actor"]["email"].is_string());
    assert_eq!(
        log[0]["actor"],
        json!({"kind": "operator", "via": "command_line"})
    );
}

/// A request, its outcome and a refusal are entries that say who, for whom and on which case.
pub async fn requests_and_outcomes_stand_on_the_log<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let Verdict::Recorded { org, index, at } = world.request(lease, live.session).await else {
        panic!("a live session passes");
    };
    assert_eq!(org, live.org);
    let entry = world.newest(live.org).await;
    assert_eq!(index + 1, world.log(live.org).await.len() as u64);
    assert_eq!(entry["type"], "request");
    assert_eq!(entry["at"], at.as_millis());
    assert_eq!(
        entry["request"],
        json!({"method": "GET", "path": "/invoices?page=2"})
    );
    assert_eq!(entry["session"], live.session.to_string());
    assert_eq!(entry["case"]["id"], live.case.to_string());
    assert!(entry["grant"].is_string());
    assert_eq!(entry["actor"]["kind"], "agent");
    assert_eq!(entry["actor"]["id"], live.agent.to_string());
    let state = world
        .store
        .load(&[crate::Key::Case(live.case)])
        .await
        .expect("a slice")
        .state;
    let email = |id| state.admin(id).map(|admin| admin.email.as_str().to_owned());
    assert_eq!(
        entry["actor"]["subject"].as_str(),
        email(live.opener).as_deref()
    );

    let refused = Draft::Refused {
        session: live.session,
        request: line("/invoices/delete"),
        code: "not_a_read".to_owned(),
    };
    let verdicts = record(&world, lease, &[outcome(live.session, index), refused]).await;
    assert!(matches!(
        verdicts[..],
        [Verdict::Recorded { index: a, .. }, Verdict::Recorded { index: b, .. }]
            if a == index + 1 && b == index + 2
    ));
    let log = world.log(live.org).await;
    let [.., told, refused] = &log[..] else {
        panic!("two entries");
    };
    assert_eq!(told["type"], "outcome");
    assert_eq!(
        told["detail"],
        json!({"request": index, "status": 200, "bytes": 512, "ending": "complete"})
    );
    assert_eq!(refused["type"], "request.refused");
    assert_eq!(refused["detail"], json!({"code": "not_a_read"}));
}

/// How a request went is recorded after the session's end, the block and the closing as well.
pub async fn outcomes_are_recorded_after_the_end<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    world.request(lease, live.session).await;
    let block = Command::Block { org: live.org };
    world
        .run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            block,
        )
        .await;
    world
        .run(OPERATOR, Command::CloseCase { case: live.case })
        .await;
    let off = Command::SetAgentActive {
        agent: live.agent,
        active: false,
    };
    world.run(OPERATOR, off).await;
    let later = world.lease().await;
    let verdicts = record(&world, later, &[outcome(live.session, 8)]).await;
    assert!(
        matches!(verdicts[..], [Verdict::Recorded { .. }]),
        "{verdicts:?}"
    );
    assert_eq!(world.newest(live.org).await["type"], "outcome");
}

/// 256 mixed drafts of several sessions keep their order and get one verdict each.
pub async fn a_large_batch_keeps_its_order<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (one, two, over) = (world.live().await, world.live().await, world.live().await);
    world
        .run(
            Actor::Admin {
                id: over.boss,
                via: None,
            },
            Command::Revoke { case: over.case },
        )
        .await;
    let unknown = world.id("sess");
    let lease = world.lease().await;
    let before = [
        world.log(one.org).await.len(),
        world.log(two.org).await.len(),
        world.log(over.org).await.len(),
    ];
    let target = |n: usize| format!("/item/{n}");
    let drafts: Vec<Draft> = (0..256)
        .map(|n| {
            let session = [one.session, two.session, over.session, unknown][n % 4];
            match n % 3 {
                0 => Draft::Request {
                    session,
                    request: line(&target(n)),
                },
                1 => Draft::Refused {
                    session,
                    request: line(&target(n)),
                    code: "not_a_read".to_owned(),
                },
                _ => outcome(session, n as u64),
            }
        })
        .collect();
    let verdicts = record(&world, lease, &drafts).await;
    let logs = [
        world.log(one.org).await,
        world.log(two.org).await,
        world.log(over.org).await,
    ];
    let mut next = before;
    for (n, verdict) in verdicts.into_iter().enumerate() {
        let place = n % 4;
        if place == 3 {
            assert_eq!(verdict, Verdict::Fenced(Fence::UnknownSession));
            continue;
        }
        let entry = &logs[place][next[place]];
        if place == 2 && n % 3 == 0 {
            assert_eq!(verdict, Verdict::Fenced(Fence::Over));
            assert_eq!(entry["type"], "request.refused");
            assert_eq!(entry["detail"]["code"], "session_over");
        } else {
            assert!(
                matches!(verdict, Verdict::Recorded { index, .. } if index == next[place] as u64),
                "{verdict:?}"
            );
        }
        match n % 3 {
            2 => assert_eq!(entry["detail"]["request"], n),
            _ => assert_eq!(entry["request"]["path"], target(n)),
        }
        next[place] += 1;
    }
    assert_eq!(next, [logs[0].len(), logs[1].len(), logs[2].len()]);
    assert!(record(&world, lease, &[]).await.is_empty());
}

/// What names no session is on no log.
pub async fn an_unknown_session_records_nothing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let before = world.log(live.org).await;
    let lease = world.lease().await;
    let session = world.id("sess");
    let refused = Draft::Refused {
        session,
        request: line("/"),
        code: "not_a_read".to_owned(),
    };
    let drafts = [request(session), refused, outcome(session, 0)];
    let verdicts = record(&world, lease, &drafts).await;
    assert_eq!(verdicts, [Verdict::Fenced(Fence::UnknownSession); 3]);
    assert_eq!(world.log(live.org).await, before);
    assert_eq!(
        world.store.last_request(session).await.expect("an answer"),
        None
    );
}

/// The last request that passed is remembered; what was refused or reported is no activity.
pub async fn activity_is_remembered<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let last = async || {
        world
            .store
            .last_request(live.session)
            .await
            .expect("an answer")
    };
    let started = world.store.now().await.expect("a time");
    assert_eq!(last().await, Some(started));
    world.clock.advance(Duration::from_mins(1));
    let refused = Draft::Refused {
        session: live.session,
        request: line("/"),
        code: "not_a_read".to_owned(),
    };
    record(&world, lease, &[refused, outcome(live.session, 0)]).await;
    assert_eq!(last().await, Some(started));
    world.request(lease, live.session).await;
    let now = world.store.now().await.expect("a time");
    assert_eq!(last().await, Some(now));
    world.clock.advance(Duration::from_mins(1));
    world
        .run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            Command::Revoke { case: live.case },
        )
        .await;
    world.request(lease, live.session).await;
    assert_eq!(last().await, Some(now), "a fenced request is no activity");
}

/// Whoever follows a log wakes when a request is recorded or an event appended, and does not sleep
/// when there is more already. Other orgs' entries are not theirs.
pub async fn waiting_for_entries_ends_when_there_is_one<B: Backend>(backend: &B) {
    let world = Arc::new(World::new(backend).await);
    let live = world.live().await;
    let other = world.live().await;
    let lease = world.lease().await;
    let soon = Wait::from_secs(5);
    tokio::time::timeout(soon, world.store.wait_for_entries(live.org, 0))
        .await
        .expect("there is more already");
    let end = || async {
        let entries = world.store.entries(live.org, 0, 1_000).await;
        entries.expect("a log").len() as u64
    };
    for by_event in [false, true] {
        let from = end().await;
        let follower = {
            let world = Arc::clone(&world);
            tokio::spawn(async move {
                while world
                    .store
                    .entries(live.org, from, 1)
                    .await
                    .expect("a log")
                    .is_empty()
                {
                    world.store.wait_for_entries(live.org, from).await;
                }
            })
        };
        world.request(lease, other.session).await;
        tokio::task::yield_now().await;
        assert!(!follower.is_finished(), "nothing of this org's yet");
        if by_event {
            world.admin(live.org, Role::Admin).await;
        } else {
            world.request(lease, live.session).await;
        }
        tokio::time::timeout(soon, follower)
            .await
            .expect("the follower wakes")
            .expect("the follower ends");
    }
}
