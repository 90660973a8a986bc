//! Any doubt refuses (R19), and what went wrong upstream is told and logged.

use std::time::Duration;

use countersign_store::conformance::Fails;
use serde_json::json;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    entering::entered,
    product::Reply,
    scene::{BACKLOG, Scene, eventually},
    wire::{ask, get, plain},
};

#[tokio::test]
async fn a5_what_cannot_be_logged_does_not_pass() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.store.fail_next_record(Fails::NotPersisted);
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, reply.code()), (503, "cannot_be_sure".into()));
    assert_eq!(reply.header("retry-after"), Some("1"));

    // Persisted, but nobody was told: on the log, and not sent either.
    scene.store.fail_next_record(Fails::ButPersisted);
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 503);
    assert_eq!(scene.product.accepted(), 0);
    assert_eq!(scene.entries("request").await.len(), 1);

    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
}

/// What the browser shows as a page of its own is one on the log; what it fetches for it, puts into a
/// frame is none. A program's requests are all looked at by themselves: it cannot leave a page behind.
#[tokio::test]
async fn the_log_says_what_was_a_page() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let program = format!("Countersign-Session: {}", session.token);
    let said = [
        (&cookie, &["Sec-Fetch-Dest: document"][..], true),
        (&cookie, &["Sec-Fetch-Dest: iframe"], false),
        (&cookie, &["Sec-Fetch-Dest: image"], false),
        (&cookie, &["Sec-Fetch-Dest: empty"], false),
        (&cookie, &["Sec-Fetch-Mode: no-cors"], false),
        (&cookie, &[], true),
        (&program, &[], true),
        (&program, &["Sec-Fetch-Dest: empty"], true),
    ];
    for (credential, headers, _) in said {
        let lines = [&[credential.as_str()], headers].concat();
        let request = plain("GET", &session.host, "/", &lines);
        assert_eq!(scene.client().await.call(request).await.status, 200);
    }
    let entries = scene.entries("request").await;
    let pages: Vec<_> = entries
        .iter()
        .map(|entry| entry["request"]["page"] == true)
        .collect();
    assert_eq!(pages, said.map(|(_, _, page)| page));
}

#[tokio::test]
async fn a_refusal_stands_when_it_cannot_be_logged() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.store.fail_next_record(Fails::NotPersisted);
    let request = ask("DELETE", &session, "/", &[]);
    let reply = scene.client().await.call(request).await;
    assert_eq!((reply.status, reply.code()), (403, "not_a_read".into()));
    assert_eq!(scene.product.accepted(), 0);
}

#[tokio::test]
async fn an_unreachable_store_lets_nothing_through() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
    scene.store.set_unreachable(true);
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, reply.code()), (503, "cannot_be_sure".into()));
    assert_eq!(scene.product.requests(), 1);
    scene.store.set_unreachable(false);
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
}

/// R18: a store that stands still has requests refused rather than memory filled, and when it goes
/// on, what waited passes.
#[tokio::test]
async fn a_slow_store_refuses_what_it_cannot_take_in() {
    const ASKING: usize = 150;
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.store.set_stalled(true);
    let mut asking = JoinSet::new();
    let mut ask = async || {
        let (mut client, request) = (scene.client().await, get(&session, "/", &[]));
        asking.spawn(async move { client.call(request).await });
    };
    // One is with the store when the others come.
    ask().await;
    eventually("a batch to be held", async || scene.store.is_holding()).await;
    for _ in 1..ASKING {
        ask().await;
    }
    for _ in 0..ASKING - 1 - BACKLOG {
        let reply = asking.join_next().await.unwrap().unwrap();
        assert_eq!((reply.status, reply.code()), (503, "cannot_be_sure".into()));
        assert_eq!(reply.header("retry-after"), Some("1"));
    }
    assert_eq!(scene.product.requests(), 0);
    scene.store.set_stalled(false);
    for reply in asking.join_all().await {
        assert_eq!(reply.status, 200);
    }
    assert_eq!(scene.product.requests(), 1 + BACKLOG);
    // Outcomes take room as well, until they are recorded.
    eventually("an outcome for each", async || {
        scene.entries("outcome").await.len() == 1 + BACKLOG
    })
    .await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
    assert_eq!(scene.entries("request").await.len(), 2 + BACKLOG);
}

/// Whoever asks and leaves keeps the places until what was asked is on the log, so that leaving
/// does not help one session to fill the backlog that all of them share.
#[tokio::test]
async fn a_client_that_leaves_keeps_its_place_until_its_entry_is_durable() {
    for method in ["GET", "POST"] {
        let scene = Scene::with(|config| config.requests_per_session = 1).await;
        let session = scene.session().await;
        scene.store.set_stalled(true);
        let mut client = scene.client().await;
        client.send(ask(method, &session, "/", &[])).await;
        eventually("its batch to be held", async || scene.store.is_holding()).await;
        drop(client);
        // Long enough for its leaving to be noticed; if it is not yet, the place is taken all the
        // more.
        sleep(Duration::from_millis(200)).await;
        let mut client = scene.client().await;
        client.send(get(&session, "/", &[])).await;
        // The refusal waits in vain for its entry, and is answered then anyway.
        let head = client.until(b"\r\n").await.expect("an answer");
        assert!(head.starts_with(b"HTTP/1.1 429 "), "{method}: {head:?}");
    }
}

/// R18: an outcome that the store does not take in is not lost, nor does it hold up requests.
#[tokio::test]
async fn outcomes_wait_for_the_store_to_come_back() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let store = scene.store.clone();
    scene.product.on_hit(move || {
        store.set_unreachable(true);
        std::future::ready(())
    });
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
    sleep(Duration::from_millis(300)).await;
    scene.store.set_unreachable(false);
    assert!(scene.entries("outcome").await.is_empty());
    scene.store.fail_next_record(Fails::NotPersisted);
    assert_eq!(scene.outcome().await["ending"], "complete");
    assert_eq!(scene.entries("outcome").await.len(), 1);
}

#[tokio::test]
async fn a_product_that_is_down_is_told_and_logged() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.stop().await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(
        (reply.status, reply.code()),
        (502, "upstream_failed".into())
    );
    let outcome = scene.outcome().await;
    assert_eq!(
        (&outcome["ending"], &outcome["status"], &outcome["bytes"]),
        (&json!("upstream_failed"), &json!(null), &json!(0))
    );
}

#[tokio::test]
async fn a_product_that_does_not_answer_is_given_up() {
    let scene = Scene::with(|config| config.response_timeout = Duration::from_millis(200)).await;
    let session = scene.session().await;
    scene.product.answers("/slow", Reply::Silence);
    let reply = scene.client().await.call(get(&session, "/slow", &[])).await;
    assert_eq!(
        (reply.status, reply.code()),
        (504, "upstream_timeout".into())
    );
    assert_eq!(scene.outcome().await["ending"], "upstream_failed");
}

#[tokio::test]
async fn a_product_that_breaks_off_breaks_the_response_off() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.answers("/stream", Reply::Ticks);
    let mut client = scene.client().await;
    client.send(get(&session, "/stream", &[])).await;
    client.until(b"data: tick\n\n").await.expect("a tick");
    scene.product.stop().await;
    let (rest, _) = client.rest().await;
    assert!(!rest.ends_with(b"0\r\n\r\n"), "it must not look complete");
    assert_eq!(scene.outcome().await["ending"], "upstream_failed");
}

#[tokio::test]
async fn switching_protocols_is_not_passed_on() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let headers = vec![
        ("upgrade", "websocket".into()),
        ("connection", "upgrade".into()),
    ];
    let switch = Reply::Plain(101, headers, bytes::Bytes::new());
    scene.product.answers("/ws", switch);
    let reply = scene.client().await.call(get(&session, "/ws", &[])).await;
    assert_eq!(
        (reply.status, reply.code()),
        (502, "upstream_failed".into())
    );
}
