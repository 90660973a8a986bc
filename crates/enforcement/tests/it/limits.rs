//! What one session, one upstream and one reader may take.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::io::AsyncReadExt;

use crate::{
    product::Reply,
    scene::{Scene, eventually},
    wire::{Client, get},
};

#[tokio::test]
async fn a_session_has_so_many_requests_under_way_and_the_next_is_told_to_wait() {
    let scene = Scene::with(|config| config.requests_per_session = 2).await;
    let (session, other) = (scene.session().await, scene.session().await);
    scene.product.answers("/slow", Reply::Silence);
    let mut silent = Vec::new();
    for count in 1..=2 {
        let mut client = scene.client().await;
        client.send(get(&session, "/slow", &[])).await;
        silent.push(client);
        eventually("the product to be asked", async || {
            scene.product.requests() == count
        })
        .await;
    }
    let mut client = scene.client().await;
    let reply = client.call(get(&session, "/third", &[])).await;
    assert_eq!(
        (reply.status, reply.code()),
        (429, "too_many_requests".into())
    );
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(scene.product.requests(), 2);
    let refused = scene.entries("request.refused").await;
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0]["detail"]["code"], "too_many_requests");
    assert_eq!(refused[0]["request"]["path"], "/third");
    // What one session takes is not missing to another.
    assert_eq!(client.call(get(&other, "/", &[])).await.status, 200);

    silent.pop();
    eventually("a place to be free", async || {
        client.call(get(&session, "/", &[])).await.status == 200
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_falls_silent_is_given_up() {
    let scene = Scene::with(|config| config.upstream_silence = Duration::from_millis(200)).await;
    let session = scene.session().await;
    let feed = scene.product.feeds("/fed");
    let mut client = scene.client().await;
    client.send(get(&session, "/fed", &[])).await;
    feed.send(Bytes::from_static(b"first")).unwrap();
    client.until(b"first").await.expect("a stream");
    let (rest, broken) = client.rest().await;
    assert!(
        broken && !rest.ends_with(b"0\r\n\r\n"),
        "it must not look complete"
    );
    eventually("the product's connection to end", async || {
        scene.product.open() == 0
    })
    .await;
    let outcome = scene.outcome().await;
    assert_eq!(
        (&outcome["ending"], &outcome["status"], &outcome["bytes"]),
        (&json!("upstream_failed"), &json!(200), &json!(5))
    );
    assert!(scene.node.may_flow(session.id));
}

#[tokio::test]
async fn a_reader_that_takes_nothing_loses_its_connection() {
    let scene = Scene::with(|config| config.write_timeout = Duration::from_millis(300)).await;
    let session = scene.session().await;
    scene.product.answers("/flood", Reply::Flood);
    let mut client = Client::slow(scene.address).await;
    client.send(get(&session, "/flood", &[])).await;
    eventually("the product's connection to end", async || {
        scene.product.requests() == 1 && scene.product.open() == 0
    })
    .await;
    let outcome = scene.outcome().await;
    assert_eq!(
        (&outcome["ending"], &outcome["status"]),
        (&json!("client_gone"), &json!(200))
    );
    let mut bytes = vec![0; 64 * 1024];
    let end = loop {
        match client.stream.read(&mut bytes).await {
            Ok(0) => break Ok(()),
            Ok(_) => {}
            Err(error) => break Err(error),
        }
    };
    assert!(end.is_err(), "it must not look complete");
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_connection_to_the_product_serves_one_request_after_another_until_it_is_idle() {
    let scene = Scene::with(|config| {
        config.threads = 1;
        config.upstream_idle = Duration::from_millis(300);
    })
    .await;
    let session = scene.session().await;
    for _ in 0..3 {
        let reply = scene.client().await.call(get(&session, "/", &[])).await;
        assert_eq!(reply.status, 200);
    }
    assert_eq!((scene.product.accepted(), scene.product.open()), (1, 1));
    eventually("the idle connection to be closed", async || {
        scene.product.open() == 0
    })
    .await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, scene.product.accepted()), (200, 2));
}
