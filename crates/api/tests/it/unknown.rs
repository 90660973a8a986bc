//! A store that is lost in the middle of a change: nobody is told that it happened, nor that it did not.

use std::sync::Arc;

use countersign_domain::Event;
use countersign_store::{Position, Store, conformance::Fails};
use serde_json::json;

use crate::{
    okta::disabled,
    probe::Answer,
    world::{BEN, SAM, World},
};

const KEY: &str = "4c1f3f0e-7b52-4d1e-9d39-a2cf4ea3c6d8";

impl World {
    /// From the commit of the next append on, the store does not answer.
    fn lose_the_store(&self, how: Fails) {
        let store = Arc::clone(&self.store);
        self.store.fail_next_append(how);
        self.store
            .before_next_append(async move { store.set_unreachable(true) });
    }

    /// It does again, and the process has found out how things stand.
    async fn find_the_store(&self) {
        self.store.set_unreachable(false);
        let serves = self.app.node().wait_serving().await;
        serves.expect("the process serves again");
    }

    async fn revocations(&self) -> usize {
        let all = self.store.tail(Position(0), 1_000).await.unwrap();
        let revoked = |event: &Event| matches!(event, Event::Revoked { .. });
        all.iter().filter(|one| revoked(&one.event)).count()
    }
}

/// What a person is told must be neither that it is done nor that it is not.
#[track_caller]
fn claims_nothing(text: &str) {
    for claim in ["nothing has changed", "is recorded", "has been done"] {
        assert!(!text.contains(claim), "{text}");
    }
}

fn detail(answer: &Answer) -> String {
    let problem = answer.problem(503, "outcome_unknown");
    assert_eq!(answer.header("retry-after"), "1");
    let detail = problem["detail"].as_str().unwrap().to_owned();
    claims_nothing(&detail);
    detail
}

/// Taking access away: whoever does it hears that access may go on, and the process serves nobody until it
/// knows. Doing it again is answered when access is gone, once.
#[tokio::test]
async fn whoever_takes_access_away_hears_that_it_may_go_on() {
    for how in [Fails::ButPersisted, Fails::Unanswered] {
        let world = World::new().await;
        let number = world.granted_case().await;
        world.start_session(&number).await;
        let grant = format!("/api/v1/cases/{number}/grant");
        let dana = &world.tokens.dana;
        world.lose_the_store(how);
        let left_open = world.call(dana, "DELETE", &grant, None).await;
        let detail = detail(&left_open);
        assert!(detail.contains("may go on"), "{detail}");
        assert!(detail.contains("repeating is safe"), "{detail}");
        assert_eq!(left_open.header("countersign-effective"), "");
        assert!(!world.app.node().is_ready(), "{how:?}: it serves in doubt");

        world.find_the_store().await;
        let there = usize::from(how == Fails::ButPersisted);
        assert_eq!(world.revocations().await, there);
        let again = world.call(dana, "DELETE", &grant, None).await.with(200);
        assert_eq!(again["impersonation"]["status"], "DISABLED");
        assert_eq!(world.revocations().await, 1);
    }
}

#[tokio::test]
async fn an_okta_client_hears_it_in_its_own_way() {
    let world = World::new().await;
    let number = world.granted_case().await;
    world.lose_the_store(Fails::ButPersisted);
    let left_open = world.patch(&world.tokens.dana, &number, &disabled()).await;
    let error = left_open.okta(503, "E0000009");
    let cause = error["errorCauses"][0]["errorSummary"].as_str().unwrap();
    claims_nothing(cause);
    assert!(cause.contains("may go on"), "{cause}");
}

/// Giving: it may have been done. What makes something is made once if it is repeated with its key, whichever
/// it was.
#[tokio::test]
async fn what_makes_something_is_repeated_with_its_key() {
    for how in [Fails::ButPersisted, Fails::Unanswered] {
        let world = World::new().await;
        let number = world.requested_case().await;
        let grant = format!("/api/v1/cases/{number}/grant");
        world.lose_the_store(how);
        let given = world.call(&world.tokens.dana, "PUT", &grant, None).await;
        let words = detail(&given);
        assert!(words.contains("may have been done, or not"), "{words}");
        assert!(world.app.node().is_ready(), "nothing is in doubt");
        world.store.set_unreachable(false);

        let operator = &world.tokens.operator;
        let new = json!({
            "org": "acme", "number": "K-1", "subject": "x", "opened_by": {"admin": BEN}, "team": [SAM],
        });
        let headers = [("idempotency-key", KEY)];
        let open = async || {
            let path = "/api/v1/cases";
            world
                .call_with(operator, "POST", path, &headers, Some(&new))
                .await
        };
        let events = world.store.head().await.unwrap().0;
        world.lose_the_store(how);
        let words = detail(&open().await);
        assert!(words.contains("Idempotency-Key"), "{words}");
        world.store.set_unreachable(false);
        let again = open().await;
        again.with(201);
        let replayed = again.header("idempotency-replayed") == "true";
        assert_eq!(replayed, how == Fails::ButPersisted);
        assert_eq!(world.store.head().await.unwrap().0, events + 1);
    }
}

/// That it was found and that the answer kept for it cannot be read is not that nothing has changed, either.
#[tokio::test]
async fn what_is_found_and_cannot_be_told_is_left_open() {
    let world = World::new().await;
    world.store.fail_next_append(Fails::ButPersisted);
    let failing = Arc::clone(&world.store);
    world
        .store
        .before_next_append(async move { failing.fail_kept(true) });
    let new = json!({"slug": "initech", "name": "Initech"});
    let headers = [("idempotency-key", KEY)];
    let operator = &world.tokens.operator;
    let make = async || {
        let path = "/api/v1/orgs";
        world
            .call_with(operator, "POST", path, &headers, Some(&new))
            .await
    };
    detail(&make().await);
    world.store.fail_kept(false);
    make().await.with(201);
}
