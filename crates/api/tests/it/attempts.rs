//! What a rule refused is on the log of the org that it was about: who tried, and no more of it than is good for a log.

use countersign_domain::{Duration, OrgId};
use countersign_store::{Key, Store, conformance::Fails};
use serde_json::{Value, json};

use crate::{
    okta::enabled,
    probe::{Answer, WHY},
    world::{ANN, SAM, TOM, World, slug},
};

impl World {
    async fn org(&self, name: &str) -> OrgId {
        let slice = self.store.load(&[Key::Slug(slug(name))]).await.unwrap();
        slice.state.orgs().next().unwrap().id
    }

    /// The attempts on an org's log, once there are so many. What is answered by "there is no such thing" is written
    /// behind the answer.
    async fn attempts(&self, org: &str, many: usize) -> Vec<Value> {
        let org = self.org(org).await;
        loop {
            let entries = self.store.entries(org, 0, 100_000).await.unwrap();
            let size = u64::try_from(entries.len()).unwrap();
            let read = entries
                .iter()
                .map(|entry| serde_json::from_slice(&entry.encoded).unwrap());
            let tried: Vec<Value> = read
                .filter(|entry: &Value| entry["type"] == "attempt.refused")
                .collect();
            if tried.len() >= many {
                return tried;
            }
            self.store.wait_for_entries(org, size).await;
        }
    }

    async fn tick(&self, token: &str, number: &str) -> Answer {
        self.call(token, "PUT", &format!("/api/v1/cases/{number}/grant"), None)
            .await
    }
}

fn said(entries: &[Value]) -> Vec<Value> {
    entries
        .iter()
        .map(|entry| {
            let detail = &entry["detail"];
            json!([
                entry["actor"]["kind"],
                entry["actor"]["email"],
                detail["attempted"],
                detail["code"]
            ])
        })
        .collect()
}

#[tokio::test]
async fn who_tries_what_they_may_not_is_on_the_orgs_log_and_in_the_system_log() {
    let world = World::new().await;
    let tokens = &world.tokens;
    let number = world.requested_case().await;
    let ask = format!("/api/v1/cases/{number}/access-request");
    world
        .tick(&tokens.sam, &number)
        .await
        .problem(403, "only_approvers");
    world
        .tick(&tokens.operator, &number)
        .await
        .problem(403, "only_approvers");
    // Whoever looks for cases that are not theirs is told that there are none.
    for body in [
        json!({"justification": WHY}),
        json!({"justification": WHY, "subject": ANN}),
    ] {
        world
            .post(&tokens.tom, &ask, &body)
            .await
            .problem(404, "case_not_found");
        world.attempts("acme", 3).await;
    }
    world
        .tick(&tokens.ann, &number)
        .await
        .problem(404, "case_not_found");
    world.attempts("acme", 4).await;
    world
        .tick(&tokens.grace, &number)
        .await
        .problem(404, "case_not_found");
    let tried = world.attempts("acme", 5).await;
    assert_eq!(
        json!(said(&tried)),
        json!([
            ["agent", SAM, "access.granted", "only_approvers"],
            ["operator", null, "access.granted", "only_approvers"],
            ["agent", TOM, "access.requested", "case_not_found"],
            ["admin", ANN, "access.granted", "case_not_found"],
            // Of somebody of another org it is not said who.
            ["unknown", null, "access.granted", "case_not_found"],
        ])
    );
    assert!(tried.iter().all(|entry| entry["case"]["number"] == number));
    let text = tried[4].to_string();
    assert!(!text.contains("grace") && !text.contains("adm_"), "{text}");
    assert!(tried[4].get("client").is_none());
    // The other org is told nothing, nor is anybody of numbers that nobody has.
    for token in [&tokens.grace, &tokens.dana, &tokens.sam] {
        world
            .tick(token, "99999")
            .await
            .problem(404, "case_not_found");
    }
    world
        .tick(&tokens.sam, &number)
        .await
        .problem(403, "only_approvers");
    assert_eq!(world.attempts("globex", 0).await, Vec::<Value>::new());
    assert_eq!(world.attempts("acme", 5).await.len(), 5);

    let dana = &tokens.dana;
    let filter = "outcome.result%20eq%20%22failure%22";
    let logs = world
        .get(dana, &format!("/api/v1/logs?filter={filter}"))
        .await
        .with(200);
    let told: Vec<Value> = logs
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            json!([
                event["eventType"],
                event["outcome"]["reason"],
                event["actor"]["alternateId"],
                event["severity"]
            ])
        })
        .collect();
    let grant = "user.session.impersonation.grant";
    let operator = logs[1]["actor"]["alternateId"].clone();
    assert_eq!(
        json!(told),
        json!([
            [grant, "only_approvers", SAM, "WARN"],
            [grant, "only_approvers", operator, "WARN"],
            ["support.access.request", "case_not_found", TOM, "WARN"],
            [grant, "case_not_found", ANN, "WARN"],
            [grant, "case_not_found", "unknown", "WARN"],
        ])
    );
    let by_type = format!("eventType%20eq%20%22{grant}%22");
    let of_type = world
        .get(dana, &format!("/api/v1/logs?filter={by_type}"))
        .await
        .with(200);
    assert_eq!(of_type.as_array().unwrap().len(), 4);
    // Their own org's people read of it; those of another do not, and agents what they did themselves.
    let history = format!("/api/v1/cases/{number}/history?kind=attempt");
    let rows = world.get(dana, &history).await.with(200);
    assert_eq!(rows["items"].as_array().unwrap().len(), 5);
    let own = world.get(&tokens.sam, &history).await.with(200);
    let own = own["items"].as_array().unwrap();
    assert_eq!((own.len(), &own[0]["actor"]["email"]), (1, &json!(SAM)));
    world
        .get(&tokens.grace, &history)
        .await
        .problem(404, "case_not_found");
}

/// Okta's endpoint refuses in Okta's words, and the log says the same.
#[tokio::test]
async fn a_refused_patch_is_an_attempt() {
    let world = World::new().await;
    let number = world.open_case().await;
    let dana = &world.tokens.dana;
    let path = format!("/api/v1/org/privacy/oktaSupport/cases/{number}");
    let refused = world.call(dana, "PATCH", &path, Some(&enabled())).await;
    assert!(refused.status.is_client_error(), "{}", refused.text);
    world
        .call(dana, "POST", &format!("/api/v1/cases/{number}/close"), None)
        .await
        .with(200);
    let refused = world.call(dana, "PATCH", &path, Some(&enabled())).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
    // What is written wrong is no attempt.
    let wrong = json!({"impersonation": {"status": "YES"}});
    world.call(dana, "PATCH", &path, Some(&wrong)).await;
    let tried = world.attempts("acme", 2).await;
    let codes: Vec<&Value> = tried.iter().map(|entry| &entry["detail"]["code"]).collect();
    assert_eq!(json!(codes), json!(["nothing_requested", "case_closed"]));
}

/// An agent who tries all day, on every case and in every way, adds ten entries in an hour, is refused each time, and hides
/// nobody else.
#[tokio::test]
async fn who_floods_adds_little_and_hides_nobody() {
    let world = World::new().await;
    let tokens = &world.tokens;
    let mut numbers = vec![];
    for _ in 0..3 {
        numbers.push(world.requested_case().await);
    }
    let before = world.attempts("acme", 0).await.len();
    for _ in 0..20 {
        for number in &numbers {
            world
                .tick(&tokens.sam, number)
                .await
                .problem(403, "only_approvers");
        }
        world.pass(Duration::from_mins(1));
    }
    world
        .tick(&tokens.operator, &numbers[0])
        .await
        .problem(403, "only_approvers");
    let tried = world.attempts("acme", before + 11).await.split_off(before);
    assert_eq!(tried.len(), 11);
    assert_eq!(tried[10]["actor"]["kind"], "operator");
    world.pass(Duration::from_mins(60));
    world
        .tick(&tokens.sam, &numbers[0])
        .await
        .problem(403, "only_approvers");
    let tried = world.attempts("acme", before + 12).await;
    assert_eq!(tried.last().unwrap()["detail"]["left_out"], 50);
}

/// The refusal is answered whatever becomes of its entry, and the next that is written says that one is missing.
#[tokio::test]
async fn a_refusal_is_answered_when_its_entry_cannot_be_written() {
    let world = World::new().await;
    let number = world.requested_case().await;
    for how in [Fails::NotPersisted, Fails::Unanswered] {
        world.store.fail_next_note(how);
        world
            .tick(&world.tokens.sam, &number)
            .await
            .problem(403, "only_approvers");
        world.pass(Duration::from_mins(1));
    }
    assert_eq!(world.attempts("acme", 0).await, Vec::<Value>::new());
    world
        .tick(&world.tokens.sam, &number)
        .await
        .problem(403, "only_approvers");
    let tried = world.attempts("acme", 1).await;
    assert_eq!(tried[0]["detail"]["left_out"], 2);
}
