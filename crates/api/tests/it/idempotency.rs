//! Creating calls that are repeated with the same key: one acts, all are answered alike.

use std::fs;

use countersign_domain::{CredentialKind, Duration, Event};
use countersign_store::{Position, Store, conformance::Fails};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::{
    probe::Answer,
    world::{BEN, SAM, World, email},
};

const KEY: &str = "8e03978e-40d5-43e8-bc93-6894a57f9324";

impl World {
    async fn keyed(&self, token: &str, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [("idempotency-key", key)];
        let body = Some(body).filter(|body| !body.is_null());
        self.call_with(token, "POST", path, &headers, body).await
    }

    /// How many events there are.
    async fn events(&self) -> u64 {
        self.store.head().await.unwrap().0
    }
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

/// Every call that makes something, as an operator or as Sam.
async fn creating(world: &World) -> Vec<(&str, String, Value)> {
    let number = world.granted_case().await;
    let operator = world.tokens.operator.as_str();
    vec![
        (
            operator,
            "/api/v1/orgs".to_owned(),
            json!({"slug": "initech", "name": "Initech"}),
        ),
        (
            operator,
            "/api/v1/orgs/acme/admins".to_owned(),
            json!({"email": "new@acme.test", "name": "New", "role": "admin"}),
        ),
        (
            operator,
            "/api/v1/agents".to_owned(),
            json!({"email": "new@vendor.test", "name": "New"}),
        ),
        (
            operator,
            "/api/v1/cases".to_owned(),
            json!({"org": "acme", "number": "K-1", "subject": "x", "opened_by": {"admin": BEN}}),
        ),
        (
            world.tokens.ben.as_str(),
            "/api/v1/cases".to_owned(),
            json!({"org": "acme", "subject": "Mine"}),
        ),
        (
            operator,
            "/api/v1/credentials".to_owned(),
            json!({"kind": "api_token", "owner": {"agent": SAM}}),
        ),
        (
            operator,
            "/api/v1/credentials".to_owned(),
            json!({"kind": "login_link", "owner": {"agent": SAM}}),
        ),
        (
            world.tokens.sam.as_str(),
            format!("/api/v1/cases/{number}/sessions"),
            Value::Null,
        ),
    ]
}

#[tokio::test]
async fn a_repeated_call_is_answered_as_the_first_and_does_nothing_more() {
    let world = World::new().await;
    for (at, (token, path, body)) in creating(&world).await.into_iter().enumerate() {
        let key = format!("key-{at}");
        let first = world.keyed(token, &path, &key, &body).await;
        first.with(201);
        assert!(!replayed(&first), "{path}");
        let events = world.events().await;
        for written in [key.clone(), format!("\"{key}\"")] {
            let again = world.keyed(token, &path, &written, &body).await;
            again.with(201);
            assert!(replayed(&again), "{path}");
            assert_eq!(again.text, first.text, "{path}");
            for name in ["etag", "location", "content-type", "cache-control"] {
                assert_eq!(again.header(name), first.header(name), "{path} {name}");
            }
        }
        assert_eq!(world.events().await, events, "{path}");
        let location = first.header("location");
        assert_eq!(location.is_empty(), path.ends_with("/credentials"));
        if !first.header("etag").is_empty() && !location.is_empty() {
            let read = world.get(token, location).await;
            assert_eq!(read.with(200), first.json(), "{path}");
            assert_eq!(read.header("etag"), first.header("etag"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_answer_is_the_one_from_then_whatever_has_become_of_the_thing() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let new = json!({"org": "acme", "number": "K-1", "subject": "x", "opened_by": {"admin": BEN}});
    let first = world.keyed(operator, "/api/v1/cases", KEY, &new).await;
    let close = world.call(operator, "POST", "/api/v1/cases/K-1/close", None);
    close.await.with(200);
    let again = world.keyed(operator, "/api/v1/cases", KEY, &new).await;
    assert_eq!(again.with(201), first.with(201));
    assert_eq!(again.json()["status"], "open");
    // The same in other words is the same.
    let other =
        json!({"opened_by": {"admin": BEN}, "subject": "x", "number": "K-1", "org": "acme"});
    let again = world.keyed(operator, "/api/v1/cases", KEY, &other).await;
    assert_eq!(again.with(201), first.json());
}

#[tokio::test]
async fn a_key_belongs_to_one_caller_one_endpoint_and_one_request() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let one = json!({"email": "one@vendor.test", "name": "One"});
    let two = json!({"email": "two@vendor.test", "name": "Two"});
    world
        .keyed(operator, "/api/v1/agents", KEY, &one)
        .await
        .with(201);
    let events = world.events().await;
    let other = world.keyed(operator, "/api/v1/agents", KEY, &two).await;
    other.problem(422, "idempotency_key_reused");
    assert_eq!(world.events().await, events);
    // For another case it is another request, and not another call.
    let (first, second) = (world.granted_case().await, world.granted_case().await);
    let sessions = |number: &str| format!("/api/v1/cases/{number}/sessions");
    let sam = &world.tokens.sam;
    let started = world.keyed(sam, &sessions(&first), KEY, &Value::Null).await;
    started.with(201);
    let elsewhere = world
        .keyed(sam, &sessions(&second), KEY, &Value::Null)
        .await;
    elsewhere.problem(422, "idempotency_key_reused");

    let org = json!({"slug": "initech", "name": "Initech"});
    let made = world.keyed(operator, "/api/v1/orgs", KEY, &org).await;
    made.with(201);
    assert!(!replayed(&made), "another endpoint");
    let token = json!({"kind": "api_token"});
    let mut tokens = vec![];
    for caller in [&world.tokens.sam, &world.tokens.dana, operator] {
        let minted = world
            .keyed(caller, "/api/v1/credentials", KEY, &token)
            .await;
        assert!(!replayed(&minted), "another caller");
        tokens.push(minted.with(201)["token"].as_str().unwrap().to_owned());
    }
    // Another token of the same person is another caller too: it could not open the answer.
    let by_another = world
        .keyed(&tokens[0], "/api/v1/credentials", KEY, &token)
        .await;
    by_another.with(201);
    assert!(!replayed(&by_another));
}

#[tokio::test]
async fn an_answer_is_kept_for_a_day() {
    let world = World::new().await;
    let sam = &world.tokens.sam;
    let token = json!({"kind": "api_token"});
    let first = world.keyed(sam, "/api/v1/credentials", KEY, &token).await;
    let day = Duration::from_hours(24).as_millis();
    world.pass(Duration::from_millis(day - 1));
    let again = world.keyed(sam, "/api/v1/credentials", KEY, &token).await;
    assert_eq!(again.with(201), first.with(201));
    world.pass(Duration::from_millis(1));
    let later = world.keyed(sam, "/api/v1/credentials", KEY, &token).await;
    assert!(!replayed(&later));
    assert_ne!(later.with(201)["token"], first.json()["token"]);
}

#[tokio::test]
async fn what_was_refused_or_failed_keeps_nothing() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let taken = json!({"slug": "acme", "name": "Another"});
    let refused = world.keyed(operator, "/api/v1/orgs", KEY, &taken).await;
    refused.problem(409, "slug_taken");
    let good = json!({"slug": "initech", "name": "Initech"});
    world.store.fail_next_append(Fails::NotPersisted);
    let failed = world.keyed(operator, "/api/v1/orgs", KEY, &good).await;
    failed.problem(503, "unavailable");
    let made = world.keyed(operator, "/api/v1/orgs", KEY, &good).await;
    made.with(201);
    assert!(!replayed(&made));
}

/// The store persists and its answer is lost: whatever the call makes is made once, and the call is
/// answered with it, with a key or without.
#[tokio::test]
async fn a_lost_answer_of_the_store_makes_nothing_twice() {
    for keyed in [true, false] {
        let world = World::new().await;
        for (at, (token, path, body)) in creating(&world).await.into_iter().enumerate() {
            let events = world.events().await;
            world.store.fail_next_append(Fails::ButPersisted);
            let key = format!("key-{at}");
            let answer = if keyed {
                world.keyed(token, &path, &key, &body).await
            } else {
                let body = Some(&body).filter(|body| !body.is_null());
                world.call(token, "POST", &path, body).await
            };
            answer.with(201);
            assert_eq!(world.events().await, events + 1, "{path}");
            if keyed {
                let again = world.keyed(token, &path, &key, &body).await;
                assert_eq!(again.text, answer.text, "{path}");
                assert_eq!(world.events().await, events + 1, "{path}");
            }
        }
    }
}

/// The same for what makes nothing with an id of its own: an agent who asks, asks once, and is told what
/// became of it.
#[tokio::test]
async fn a_lost_answer_of_the_store_asks_nothing_twice() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let path = format!("/api/v1/cases/{number}");
    let ask = json!({"justification": "To see the missing invoices"});
    let (sam, dana) = (&world.tokens.sam, &world.tokens.dana);
    for status in ["ENABLED", "REQUESTED"] {
        let events = world.events().await;
        world.store.fail_next_append(Fails::ButPersisted);
        let asking = format!("{path}/access-request");
        let asked = world.post(sam, &asking, &ask).await;
        asked.with(200);
        assert_eq!(asked.json()["impersonation"]["status"], status);
        assert_eq!(world.events().await, events + 1);
        // Taking it away with the answer lost is effective when it is answered, all the same.
        let events = world.events().await;
        world.store.fail_next_append(Fails::ButPersisted);
        let grant = format!("{path}/grant");
        let revoked = world.call(dana, "DELETE", &grant, None).await;
        revoked.with(200);
        let gone = u64::from(status == "ENABLED");
        assert_eq!(world.events().await, events + gone);
    }
}

/// What another call did meanwhile is not taken for what this one was to do, however alike both begin: each
/// of these ends the same session first.
#[tokio::test]
async fn a_lost_answer_is_not_found_in_what_another_did() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let (operator, sam) = (&world.tokens.operator, &world.tokens.sam);
    let path = "/api/v1/orgs/acme/upstream";
    let set = async |mode: &str, header: &str| {
        let upstream =
            json!({"origin": "https://app.acme.test", "mode": mode, "org_header": header});
        world.call(operator, "PUT", path, Some(&upstream)).await
    };
    set("declared", "x-org").await.with(200);
    let again = format!("/api/v1/cases/{number}/grant");
    let ticked = world.call(&world.tokens.dana, "PUT", &again, None).await;
    ticked.with(200);
    let start = format!("/api/v1/cases/{number}/sessions");
    world.call(sam, "POST", &start, None).await.with(201);

    let (held, reached) = oneshot::channel();
    let (let_go, go_on) = oneshot::channel();
    world.store.fail_next_append(Fails::Unanswered);
    world.store.before_next_append(async move {
        held.send(()).unwrap();
        go_on.await.unwrap();
    });
    let other = async {
        reached.await.unwrap();
        set("declared", "x-other").await.with(200);
        let_go.send(()).unwrap();
    };
    let (ours, ()) = tokio::join!(set("declared", "x-ours"), other);
    ours.with(200);
    let events = world.events().await;
    set("declared", "x-ours").await.with(200);
    assert_eq!(world.events().await, events, "it is what is in force");
}

#[tokio::test]
async fn while_the_first_is_under_way_others_are_told_to_wait() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let new = json!({"email": "one@vendor.test", "name": "One"});
    let (held, reached) = oneshot::channel();
    let (let_go, go_on) = oneshot::channel();
    world.store.before_next_append(async move {
        held.send(()).unwrap();
        go_on.await.unwrap();
    });
    let second = async {
        reached.await.unwrap();
        let second = world.keyed(operator, "/api/v1/agents", KEY, &new).await;
        let other = json!({"email": "two@vendor.test", "name": "Two"});
        let with_another = world.keyed(operator, "/api/v1/agents", "k2", &other).await;
        let_go.send(()).unwrap();
        (second, with_another)
    };
    let first = world.keyed(operator, "/api/v1/agents", KEY, &new);
    let (first, (second, with_another)) = tokio::join!(first, second);
    first.with(201);
    second.problem(409, "idempotency_key_in_use");
    assert_eq!(second.header("retry-after"), "1");
    with_another.with(201);
    let third = world.keyed(operator, "/api/v1/agents", KEY, &new).await;
    assert_eq!(third.text, first.text);
}

/// Nobody who reads the database, whole, finds a secret in it, or the means to open one.
#[tokio::test]
async fn the_database_holds_no_secret() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let link = json!({"kind": "login_link"});
    let token = json!({"kind": "api_token"});
    let sam = &world.tokens.sam;
    let mut secrets = vec![sam.clone(), "a-key-of-sams".to_owned()];
    for (path, body) in [
        ("/api/v1/credentials".to_owned(), link),
        ("/api/v1/credentials".to_owned(), token),
        (format!("/api/v1/cases/{number}/sessions"), Value::Null),
    ] {
        let key = format!("a-key-of-sams-{}", secrets.len());
        let made = world.keyed(sam, &path, &key, &body).await.with(201);
        for field in ["token", "url"] {
            let secret = made[field].as_str().unwrap_or("none");
            let secret = secret.rsplit(['/', '=']).next().unwrap();
            if secret != "none" {
                assert!(secret.len() > 40, "{made}");
                secrets.push(secret.to_owned());
            }
        }
    }
    assert_eq!(secrets.len(), 6);
    let mut bytes = vec![];
    for file in fs::read_dir(world.directory()).unwrap() {
        bytes.extend(fs::read(file.unwrap().path()).unwrap());
    }
    assert!(contains(&bytes, SAM.as_bytes()), "it is the database");
    for secret in &secrets {
        assert!(!contains(&bytes, secret.as_bytes()), "{secret}");
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[tokio::test]
async fn whoever_may_not_act_any_more_gets_no_answer_from_before() {
    let world = World::new().await;
    let sam = &world.tokens.sam;
    let token = json!({"kind": "api_token"});
    let first = world.keyed(sam, "/api/v1/credentials", KEY, &token).await;
    let id = first.with(201)["id"].as_str().unwrap().to_owned();
    let stop = |active| {
        let sam = email(SAM);
        let app = world.app.clone();
        async move {
            app.set_agent_active(crate::world::OPERATOR, &sam, active)
                .await
        }
    };
    stop(false).await.unwrap();
    let refused = world.keyed(sam, "/api/v1/credentials", KEY, &token).await;
    refused.problem(403, "caller_inactive");
    stop(true).await.unwrap();
    let again = world.keyed(sam, "/api/v1/credentials", KEY, &token).await;
    assert_eq!(again.with(201), first.json());
    // Minting it stands where it belongs, once.
    let tail = world.store.tail(Position(0), 1_000).await.unwrap();
    let minted = tail.iter().filter(|recorded| {
        matches!(&recorded.event, Event::CredentialMinted { credential, credential_kind, .. }
            if credential.to_string() == id && *credential_kind == CredentialKind::ApiToken)
    });
    assert_eq!(minted.count(), 1);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_before_anything_happens() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let new = json!({"email": "one@vendor.test", "name": "One"});
    let events = world.events().await;
    for key in ["", "\"\"", "two words", &"k".repeat(256)] {
        let answer = world.keyed(operator, "/api/v1/agents", key, &new).await;
        let problem = answer.problem(400, "malformed_header");
        assert_eq!(problem["errors"][0]["field"], "idempotency-key");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let answer = world
        .call_with(operator, "POST", "/api/v1/agents", &twice, Some(&new))
        .await;
    answer.problem(400, "malformed_header");
    assert_eq!(world.events().await, events);
}
