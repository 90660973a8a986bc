//! The idle limit (R16): an open response is no request, so it does not keep its session.

use bytes::Bytes;
use countersign_domain::SessionId;
use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    scene::{START, Scene, Session, eventually},
    wire::{Client, ask, get},
};

/// The default idle limit, in milliseconds.
const IDLE: i64 = 30 * 60_000;

/// A stream that is under way.
struct Stream {
    client: Client,
    feed: UnboundedSender<Bytes>,
}

impl Stream {
    async fn open(scene: &Scene, session: &Session) -> Self {
        let feed = scene.product.feeds("/stream");
        let mut client = scene.client().await;
        client.send(get(session, "/stream", &[])).await;
        let mut stream = Self { client, feed };
        stream.carries("first").await;
        stream
    }

    fn says(&self, piece: &'static str) {
        self.feed
            .send(Bytes::from_static(piece.as_bytes()))
            .unwrap();
    }

    /// What the product says now arrives.
    async fn carries(&mut self, piece: &'static str) {
        self.says(piece);
        let arrived = self.client.until(piece.as_bytes()).await;
        assert!(arrived.is_some(), "{piece} did not arrive");
    }

    /// It has ended, without looking complete and without `late`.
    async fn ends_early(mut self, late: &str) {
        let (rest, _) = self.client.rest().await;
        let rest = String::from_utf8(rest).unwrap();
        assert!(!rest.contains(late), "{late} came late: {rest:?}");
        assert!(!rest.ends_with("0\r\n\r\n"), "it looks complete: {rest:?}");
    }
}

/// The product is not left sending to nobody.
async fn the_product_is_let_go(scene: &Scene) {
    eventually("the product's connection to end", async || {
        scene.product.open() == 0
    })
    .await;
}

/// How the request for the stream ended, once it has.
async fn ending_of_the_stream(scene: &Scene, session: SessionId) -> serde_json::Value {
    let log = scene.log().await;
    let streamed = |entry: &serde_json::Value| {
        entry["type"] == "request" && entry["request"]["path"] == "/stream"
    };
    let index = log.iter().position(streamed).unwrap();
    assert_eq!(log[index]["session"], session.to_string());
    let mut found = json!(null);
    eventually("the outcome of the stream", async || {
        let outcomes = scene.entries("outcome").await;
        let of_it = |entry: &&serde_json::Value| entry["detail"]["request"] == json!(index);
        found = outcomes.iter().find(of_it).cloned().unwrap_or_default();
        !found.is_null()
    })
    .await;
    found["detail"].take()
}

#[tokio::test]
async fn an_open_stream_is_cut_at_the_idle_limit() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let mut stream = Stream::open(&scene, &session).await;

    // The last moment is still good, and what flows there is no activity.
    scene.set_time(START + IDLE - 1);
    stream.carries("still").await;
    assert!(scene.node.may_flow(session.id));
    let until = scene.node.running_until(session.id).unwrap();
    assert_eq!(until.as_millis(), START + IDLE);

    scene.set_time(START + IDLE);
    assert!(!scene.node.may_flow(session.id));
    stream.says("late");
    stream.ends_early("late").await;
    the_product_is_let_go(&scene).await;
    let ending = ending_of_the_stream(&scene, session.id).await;
    assert_eq!(
        (&ending["ending"], &ending["status"], &ending["bytes"]),
        (&json!("cut"), &json!(200), &json!("firststill".len()))
    );
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
}

#[tokio::test]
async fn a_silent_stream_is_cut_too() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let stream = Stream::open(&scene, &session).await;
    scene.set_time(START + IDLE);
    // Nothing is written that a check could stop: the connection looks at the clock by itself.
    stream.ends_early("late").await;
    the_product_is_let_go(&scene).await;
    let ending = ending_of_the_stream(&scene, session.id).await;
    assert_eq!(ending["ending"], "cut");
}

#[tokio::test]
async fn only_a_request_that_passes_keeps_the_session() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let mut stream = Stream::open(&scene, &session).await;

    let last = START + 20 * 60_000;
    scene.set_time(last);
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
    scene.set_time(START + IDLE);
    stream.carries("kept").await;

    // What is refused keeps nothing, although it is on the log.
    scene.set_time(last + IDLE - 1);
    let write = ask("DELETE", &session, "/", &[]);
    let reply = scene.client().await.call(write).await;
    assert_eq!((reply.status, reply.code()), (403, "not_a_read".into()));
    stream.carries("still").await;
    scene.set_time(last + IDLE);
    stream.says("late");
    stream.ends_early("late").await;
    let ending = ending_of_the_stream(&scene, session.id).await;
    assert_eq!(ending["ending"], "cut");
}

/// Another session of the same agent that is in use keeps only itself.
#[tokio::test]
async fn the_limit_is_each_sessions_own() {
    let scene = Scene::new().await;
    let (one, two) = (scene.session().await, scene.session().await);
    let stream = Stream::open(&scene, &one).await;
    scene.set_time(START + IDLE - 1);
    let reply = scene.client().await.call(get(&two, "/", &[])).await;
    assert_eq!(reply.status, 200);
    scene.set_time(START + IDLE);
    assert!(!scene.node.may_flow(one.id));
    assert!(scene.node.may_flow(two.id));
    stream.says("late");
    stream.ends_early("late").await;
    let reply = scene.client().await.call(get(&two, "/", &[])).await;
    assert_eq!(reply.status, 200);
}
