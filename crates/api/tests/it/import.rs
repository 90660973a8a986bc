//! Importing many cases.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{Request, header},
};
use countersign_store::{Store, conformance::Fails};
use futures_util::stream;
use serde_json::{Value, json};

use crate::{
    probe::Answer,
    world::{ANN, BEN, OPERATOR, SAM, TOM, World, email, good},
};

fn line(number: &str) -> Value {
    json!({
        "org": "acme", "number": number, "subject": format!("Case {number}"),
        "opened_by": {"admin": BEN}, "team": [SAM],
    })
}

fn lines(values: &[Value]) -> String {
    values.iter().map(|value| format!("{value}\n")).collect()
}

impl World {
    async fn import(&self, token: &str, body: impl Into<Body>) -> Answer {
        self.import_as(token, "application/jsonl", body).await
    }

    async fn import_as(&self, token: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post("/api/v1/cases/import")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, kind)
            .body(body.into())
            .unwrap();
        self.send(request).await
    }

    async fn numbers(&self) -> Vec<String> {
        let list = self
            .get(&self.tokens.operator, "/api/v1/cases?limit=1000")
            .await;
        let list = list.with(200);
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|case| case["number"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn an_import_opens_what_is_not_there_and_is_simply_repeated() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let mut cases: Vec<_> = (0..120).map(|n| line(&format!("I-{n:03}"))).collect();
    cases.push(json!({
        "org": "globex", "number": "G-1", "subject": "Theirs", "opened_by": {"agent": TOM},
        "team": [TOM],
    }));
    let text = lines(&cases);
    let imported = world.import(operator, text.clone()).await;
    assert_eq!(imported.with(200), json!({"opened": 121, "there": 0}));
    let numbers = world.numbers().await;
    assert_eq!(numbers.len(), 121);
    let one = world.get(operator, "/api/v1/cases/I-057").await.with(200);
    assert_eq!(one["subject"], "Case I-057");
    assert_eq!(one["opened_by"]["attested"], "tracker");
    assert_eq!(one["team"][0]["email"], SAM);
    let theirs = world.get(operator, "/api/v1/cases/G-1").await.with(200);
    assert_eq!(theirs["self_assignment"]["status"], "REQUESTED");
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await
        .with(200);
    let opened = log["items"].as_array().unwrap().iter();
    let opened = opened.filter(|entry| entry["type"] == "case.opened");
    assert_eq!(opened.count(), 120);

    // What has become of a case meanwhile is no reason to refuse, and is not undone.
    let close = world.call(operator, "POST", "/api/v1/cases/I-001/close", None);
    close.await.with(200);
    let left = format!("/api/v1/cases/I-002/team/{SAM}");
    world.call(operator, "DELETE", &left, None).await.with(200);
    cases.push(line("I-999"));
    let head = world.store.head().await.unwrap();
    let again = world.import(operator, lines(&cases)).await;
    assert_eq!(again.with(200), json!({"opened": 1, "there": 121}));
    assert_eq!(world.store.head().await.unwrap().0, head.0 + 1);
    let closed = world.get(operator, "/api/v1/cases/I-001").await.with(200);
    assert_eq!(closed["status"], "closed");
    let left = world.get(operator, "/api/v1/cases/I-002").await.with(200);
    assert_eq!(left["team"], json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_any_line_refuses_all_and_is_told_with_its_line() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    world
        .import(operator, lines(&[line("THERE")]))
        .await
        .with(200);
    let head = world.store.head().await.unwrap();
    let changed = |number: &str, field: &str, value: Value| {
        let mut case = line(number);
        case[field] = value;
        case
    };
    let mut cases: Vec<_> = (0..600).map(|n| line(&format!("I-{n:03}"))).collect();
    cases[2] = changed("I-002", "opened_by", json!({"admin": "nobody@acme.test"}));
    cases[3] = changed("I-003", "org", json!("nowhere"));
    cases[4] = changed("I-004", "team", json!([SAM, "nobody@vendor.test"]));
    cases[5] = changed("THERE", "subject", json!("Another"));
    cases[6] = line("I-001");
    cases[555] = changed("I-555", "opened_by", json!({"admin": "grace@globex.test"}));
    let refused = world.import(operator, lines(&cases)).await;
    let problem = refused.problem(422, "invalid_lines");
    let told: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["line"].as_u64().unwrap(),
                error["field"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (3, "opened_by"),
            (4, "."),
            (5, "."),
            (6, "."),
            (7, "number"),
            (556, "opened_by"),
        ]
    );
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("6 of the lines")
    );
    // What cannot be read is told before what does not exist.
    cases[0] = json!({"org": "acme", "subject": "x", "opened_by": {"admin": BEN}});
    cases[1] = changed("I-001", "subject", json!("two\nlines"));
    let refused = world.import(operator, lines(&cases)).await;
    let problem = refused.problem(422, "invalid_lines");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);
    assert_eq!(problem["errors"][0]["line"], 1);
    assert_eq!(problem["errors"][0]["field"], "number");
    assert_eq!(problem["errors"][1]["field"], "subject");
    for (kind, status, code) in [
        ("application/json", 415, "unsupported_media_type"),
        ("text/plain", 415, "unsupported_media_type"),
    ] {
        let answer = world.import_as(operator, kind, lines(&[line("I-1")])).await;
        answer.problem(status, code);
    }
    world
        .import(operator, "")
        .await
        .problem(400, "malformed_json");
    assert_eq!(world.store.head().await.unwrap(), head);
}

#[tokio::test]
async fn an_import_has_bounds_and_is_not_read_for_whoever_may_not_import() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let megabyte = Bytes::from("x".repeat(1_000_000));
    let endless = |megabytes: usize| {
        let chunks = (0..megabytes).map({
            let megabyte = megabyte.clone();
            move |_| Ok::<_, std::io::Error>(megabyte.clone())
        });
        Body::from_stream(stream::iter(chunks))
    };
    let large = world.import(operator, endless(20)).await;
    large.problem(413, "body_too_large");
    let many = "x\n".repeat(10_001);
    world
        .import(operator, many)
        .await
        .problem(413, "too_many_lines");
    for token in [&world.tokens.dana, &world.tokens.sam] {
        let refused = world.import(token, endless(20)).await;
        refused.problem(403, "only_operators");
    }
    let cut_off = stream::iter([
        Ok(Bytes::from(lines(&[line("I-1")]))),
        Err(std::io::Error::other("gone")),
    ]);
    let broken = world.import(operator, Body::from_stream(cut_off)).await;
    broken.problem(400, "body_cut_off");
    assert_eq!(world.numbers().await, [""; 0]);
}

/// Between the judging and the opening an agent is deactivated: the import stops there, says so, and
/// goes on when it is sent again.
#[tokio::test]
async fn an_import_that_meets_a_change_stops_and_says_where() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let mut cases: Vec<_> = (0..110).map(|n| line(&format!("I-{n:03}"))).collect();
    cases[70]["team"] = json!([TOM]);
    let app = world.app.clone();
    let tom = email(TOM);
    world.store.before_next_append(async move {
        good(app.set_agent_active(OPERATOR, &tom, false).await);
    });
    let stopped = world.import(operator, lines(&cases)).await;
    let problem = stopped.problem(409, "import_stopped");
    let detail = problem["detail"].as_str().unwrap();
    assert!(
        detail.contains("line 71") && detail.contains("50 opened"),
        "{detail}"
    );
    assert_eq!(world.numbers().await.len(), 50);
    cases[70]["team"] = json!([]);
    let again = world.import(operator, lines(&cases)).await;
    assert_eq!(again.with(200), json!({"opened": 60, "there": 50}));
}

/// Two imports of the same cases at once open each once.
#[tokio::test]
async fn imports_at_once_open_each_case_once() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let text = lines(
        &(0..60)
            .map(|n| line(&format!("I-{n:03}")))
            .collect::<Vec<_>>(),
    );
    let (one, two) = tokio::join!(
        world.import(operator, text.clone()),
        world.import(operator, text.clone()),
    );
    let (one, two) = (one.with(200), two.with(200));
    let count = |of: &Value, field: &str| of[field].as_u64().unwrap();
    assert_eq!(count(&one, "opened") + count(&two, "opened"), 60);
    assert_eq!(count(&one, "there") + count(&two, "there"), 60);
    assert_eq!(world.numbers().await.len(), 60);
    let own = json!({"org": "acme", "number": "I-000", "subject": "Case I-000", "opened_by": {"admin": ANN}});
    let other_opener = world.import(operator, lines(&[own])).await;
    let problem = other_opener.problem(422, "invalid_lines");
    assert!(
        problem["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("number")
    );
}

/// A store that fails behind the first portion: what is done is not denied, and the same import goes on from there.
#[tokio::test]
async fn an_import_that_fails_in_the_middle_says_what_is_done() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let cases: Vec<_> = (0..120).map(|n| line(&format!("I-{n:03}"))).collect();
    let failing = Arc::clone(&world.store);
    world
        .store
        .before_next_append(async move { failing.fail_next_append(Fails::NotPersisted) });
    let failed = world.import(operator, lines(&cases)).await;
    let problem = failed.problem(503, "outcome_unknown");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("50 opened, 0 there already"), "{detail}");
    assert!(!detail.contains("nothing has changed"), "{detail}");
    assert_eq!(world.numbers().await.len(), 50);
    let again = world.import(operator, lines(&cases)).await.with(200);
    assert_eq!(again, json!({"opened": 70, "there": 50}));
}
