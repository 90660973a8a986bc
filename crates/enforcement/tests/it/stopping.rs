//! How the gateway stops, and how many it serves until then.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::{net::TcpStream, time::timeout};

use crate::{
    product::Reply,
    scene::{Scene, eventually},
    wire::{Client, get},
};

/// Longer than any test waits.
const LONG: Duration = Duration::from_secs(600);

async fn is_closed(scene: &Scene) {
    let closed = eventually("new connections to be refused", async || {
        TcpStream::connect(scene.address).await.is_err()
    });
    // A queue that is full keeps them waiting, which is not refusing them.
    let patience = Duration::from_secs(20);
    timeout(patience, closed).await.expect("an answer");
}

async fn is_over(scene: &Scene) {
    eventually("the gateway to stop", async || scene.is_over()).await;
}

/// Nothing has come, and nobody hung up.
pub(crate) fn heard_nothing(client: &Client) -> bool {
    let nothing = client.stream.try_read(&mut [0; 16]);
    nothing.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
}

#[tokio::test]
async fn stopping_lets_a_response_under_way_complete_and_nobody_else_in() {
    let scene = Scene::with(|config| config.drain = LONG).await;
    let session = scene.session().await;
    let mut kept = scene.client().await;
    assert_eq!(kept.call(get(&session, "/", &[])).await.status, 200);
    let feed = scene.product.feeds("/export");
    let mut client = scene.client().await;
    client.send(get(&session, "/export", &[])).await;
    feed.send(Bytes::from_static(b"first half")).unwrap();
    client.until(b"first half").await.expect("a response");

    scene.stop();
    is_closed(&scene).await;
    // A connection with nothing under way is over at once.
    assert_eq!(kept.rest().await, (vec![], false));
    assert!(!scene.is_over());
    feed.send(Bytes::from_static(b"second half")).unwrap();
    client.until(b"second half").await.expect("the other half");
    assert!(!scene.is_over());
    drop(feed);
    let (rest, broken) = client.rest().await;
    assert_eq!(
        (rest.as_slice(), broken),
        (b"\r\n0\r\n\r\n".as_slice(), false)
    );
    is_over(&scene).await;
    // It is on the log by then: nothing is left to a task that the end of the process would stop.
    let outcomes = scene.entries("outcome").await;
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
    for outcome in &outcomes {
        assert_eq!(outcome["detail"]["ending"], "complete", "{outcome}");
    }
}

/// A request that the product has yet to answer is under way too.
#[tokio::test]
async fn stopping_waits_for_an_answer() {
    let scene = Scene::with(|config| config.drain = LONG).await;
    let session = scene.session().await;
    let go = std::sync::Arc::new(tokio::sync::Notify::new());
    let wait = go.clone();
    scene.product.on_hit(move || {
        let wait = wait.clone();
        async move { wait.notified().await }
    });
    let mut client = scene.client().await;
    client.send(get(&session, "/", &[])).await;
    eventually("the product to be asked", async || {
        scene.product.accepted() == 1
    })
    .await;
    scene.stop();
    is_closed(&scene).await;
    assert!(!scene.is_over() && heard_nothing(&client));
    go.notify_one();
    let reply = client.call("").await;
    assert_eq!((reply.status, reply.text()), (200, "hello".into()));
    let (more, _) = client.rest().await;
    assert!(more.is_empty(), "the connection ends with the answer");
    is_over(&scene).await;
    let outcomes = scene.entries("outcome").await;
    assert_eq!(outcomes[0]["detail"]["ending"], "complete", "{outcomes:?}");
}

#[tokio::test]
async fn a_stream_without_end_is_cut_at_the_drain_limit_and_recorded() {
    let scene = Scene::with(|config| config.drain = Duration::from_millis(100)).await;
    let session = scene.session().await;
    scene.product.answers("/stream", Reply::Ticks);
    let mut client = scene.client().await;
    client.send(get(&session, "/stream", &[])).await;
    client.until(b"data: tick").await.expect("a tick");

    scene.stop();
    is_over(&scene).await;
    // The process ends now: whatever has not been written down by now never is.
    let outcomes = scene.entries("outcome").await;
    assert_eq!(outcomes.len(), 1, "no outcome is recorded");
    let detail = &outcomes[0]["detail"];
    assert_eq!(
        (&detail["ending"], &detail["status"]),
        (&json!("cut"), &json!(200))
    );
    assert!(detail["bytes"].as_u64().unwrap() > 0);
    let (rest, _) = client.rest().await;
    assert!(!rest.ends_with(b"0\r\n\r\n"), "it must not look complete");
}

#[tokio::test]
async fn one_connection_too_many_waits_and_is_served_when_one_frees() {
    let scene = Scene::with(|config| config.max_connections = 2).await;
    let session = scene.session().await;
    let (mut one, mut two) = (scene.client().await, scene.client().await);
    for client in [&mut one, &mut two] {
        assert_eq!(client.call(get(&session, "/", &[])).await.status, 200);
    }
    let mut third = scene.client().await;
    third.send(get(&session, "/third", &[])).await;
    for _ in 0..10 {
        assert_eq!(one.call(get(&session, "/", &[])).await.status, 200);
        assert!(heard_nothing(&third));
    }
    assert_eq!(scene.product.requests(), 12);
    assert_eq!(scene.entries("request").await.len(), 12, "it waits unread");

    drop(two);
    let reply = third.call("").await;
    assert_eq!((reply.status, reply.text()), (200, "hello".into()));
    assert_eq!(scene.product.last().0, "GET /third");
}

/// A connection that was cut is free again, also while its client has not noticed.
#[tokio::test]
async fn a_cut_connection_makes_room() {
    let scene = Scene::with(|config| config.max_connections = 1).await;
    let session = scene.session().await;
    let feed = scene.product.feeds("/stream");
    let mut streaming = scene.client().await;
    streaming.send(get(&session, "/stream", &[])).await;
    feed.send(Bytes::from_static(b"first")).unwrap();
    streaming.until(b"first").await.expect("a stream");
    let mut next = scene.client().await;
    next.send(get(&session, "/", &[])).await;
    assert!(heard_nothing(&next));

    scene.revoke().await;
    let reply = next.call("").await;
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
}
