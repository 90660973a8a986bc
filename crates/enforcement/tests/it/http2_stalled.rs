//! An HTTP/2 client that takes nothing of one stream: that stream is reset, and no other.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::{
    product::Reply,
    scene::{Scene, eventually},
    tls::{Ca, PATIENCE, comes, data, gets, rest},
};

/// How long a client may take nothing.
const DEADLINE: Duration = Duration::from_millis(400);
/// What a client opens for a stream unless it says otherwise (RFC 9113 section 6.9.2).
const WINDOW: usize = 65_535;

async fn scene(ca: &Ca, deadline: Duration) -> Scene {
    Scene::with(|config| {
        config.tls = Some(ca.gateway());
        config.write_timeout = deadline;
    })
    .await
}

async fn outcome_of(scene: &Scene, path: &str) -> serde_json::Value {
    let mut found = serde_json::Value::Null;
    eventually("its outcome", async || {
        let log = scene.log().await;
        let index = log
            .iter()
            .position(|entry| entry["request"]["path"] == path);
        let outcomes = log.iter().filter(|entry| entry["type"] == "outcome");
        let mut outcomes = outcomes.map(|entry| &entry["detail"]);
        let outcome =
            outcomes.find(|outcome| outcome["request"].as_u64() == index.map(|n| n as u64));
        found = outcome.cloned().unwrap_or_default();
        !found.is_null()
    })
    .await;
    found
}

/// Reads nothing until the other side has reset the stream, which `h2` says once it is read on.
async fn is_reset(mut body: h2::RecvStream) -> usize {
    sleep(DEADLINE * 2).await;
    let mut got = 0;
    loop {
        let next = timeout(PATIENCE, body.data()).await;
        match next.expect("an end").expect("no tidy end") {
            Ok(piece) => got += piece.len(),
            Err(error) => {
                assert!(error.is_remote() && error.is_reset(), "{error}");
                assert_eq!(error.reason(), Some(h2::Reason::CANCEL));
                return got;
            }
        }
    }
}

#[tokio::test]
async fn a_stream_of_which_nothing_is_taken_is_reset_and_the_others_go_on() {
    let ca = Ca::new();
    let scene = scene(&ca, DEADLINE).await;
    let session = scene.session().await;
    // Room for the others of the connection, whatever one stream holds.
    let stream = ca
        .connect(scene.address, session.name(), crate::tls::BOTH)
        .await;
    let mut builder = h2::client::Builder::new();
    builder.initial_connection_window_size(4 * 1024 * 1024);
    let client = crate::tls::Http2::on(stream, &builder).await;
    scene.product.answers("/flood", Reply::Flood);
    let feed = scene.product.feeds("/fed");
    let stalled = client.open(gets(&session, "/flood")).await.unwrap();
    // One that waits for its product, for longer than a client may take nothing.
    let quiet = client.open(gets(&session, "/fed")).await.unwrap();
    let mut quiet = quiet.into_body();

    let got = is_reset(stalled.into_body()).await;
    assert!(got <= WINDOW, "{got} bytes came");
    eventually("the product's connection to end", async || {
        scene.product.open() == 1
    })
    .await;
    let outcome = outcome_of(&scene, "/flood").await;
    assert_eq!(
        (&outcome["ending"], &outcome["status"]),
        (&json!("client_gone"), &json!(200))
    );
    let reply = client.call(gets(&session, "/")).await.unwrap();
    assert_eq!(reply.status, 200);
    feed.send(Bytes::from_static(b"late")).unwrap();
    comes(&mut quiet, "late").await;
    drop(feed);
    assert_eq!(rest(&mut quiet).await, (Vec::new(), false));
    assert_eq!(outcome_of(&scene, "/fed").await["ending"], "complete");
}

/// The product is done, and the end of what it said waits for the client all the same.
#[tokio::test]
async fn an_end_that_is_not_taken_is_not_complete() {
    let ca = Ca::new();
    let scene = scene(&ca, DEADLINE).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    for (path, more) in [("/by-one", 1), ("/by-some", 5_000)] {
        let body = Bytes::from(vec![7; WINDOW + more]);
        let reply = Reply::Plain(200, vec![], body);
        scene.product.answers(path, reply);
        let answer = client.open(gets(&session, path)).await.unwrap();
        let got = is_reset(answer.into_body()).await;
        assert_eq!(got, WINDOW, "{path}");
        assert_eq!(outcome_of(&scene, path).await["ending"], "client_gone");
    }
}

/// What fits the window needs no more of the client than to have opened it.
#[tokio::test]
async fn an_answer_that_fits_the_window_is_complete_though_nobody_reads_it() {
    let ca = Ca::new();
    let scene = scene(&ca, DEADLINE).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    let body = Bytes::from(vec![7; WINDOW]);
    scene
        .product
        .answers("/fits", Reply::Plain(200, vec![], body.clone()));
    let answer = client.open(gets(&session, "/fits")).await.unwrap();
    assert_eq!(outcome_of(&scene, "/fits").await["ending"], "complete");
    sleep(DEADLINE * 2).await;
    let (got, broken) = rest(&mut answer.into_body()).await;
    assert!(got == body && !broken);
}

/// A slow client is no stalled one.
#[tokio::test]
async fn a_client_that_takes_something_in_time_gets_everything() {
    // Longer than a busy machine may keep it from reading, and less than all of it takes.
    let long = 5 * DEADLINE;
    let ca = Ca::new();
    let scene = scene(&ca, long).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    let body = Bytes::from(vec![7; 4 * WINDOW]);
    scene
        .product
        .answers("/slow", Reply::Plain(200, vec![], body.clone()));
    let answer = client.open(gets(&session, "/slow")).await.unwrap();
    let mut answer = answer.into_body();
    let mut got = Vec::new();
    while let Some(piece) = data(&mut answer).await {
        got.extend(piece.expect("no reset"));
        sleep(long / 10).await;
    }
    assert!(got == body);
    assert_eq!(outcome_of(&scene, "/slow").await["ending"], "complete");
}
