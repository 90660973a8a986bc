//! Any doubt refuses (R19), and what went wrong upstream is told and logged.

use std::time::Duration;

use countersign_store::conformance::Fails;
use serde_json::json;

use crate::{product::Reply, scene::Scene, wire::get};

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

#[tokio::test]
async fn a_refusal_stands_when_it_cannot_be_logged() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.store.fail_next_record(Fails::NotPersisted);
    let request = crate::wire::ask("DELETE", &session, "/", &[]);
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
