//! Access that ends while something is under way (A1, A2).

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, time::sleep};

use crate::{
    entering::entered,
    product::Reply,
    scene::{Scene, eventually},
    wire::{Client, ask, get, plain},
};

/// Reads until a few ticks have come.
async fn ticking(client: &mut Client) {
    for _ in 0..3 {
        client.until(b"data: tick\n\n").await.expect("a tick");
    }
}

async fn cut(scene: &Scene) {
    eventually("the product's connection to end", async || {
        scene.product.open() == 0
    })
    .await;
    let outcome = scene.outcome().await;
    assert_eq!(
        (&outcome["ending"], &outcome["status"]),
        (&json!("cut"), &json!(200))
    );
    assert!(outcome["bytes"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a1_a_stream_ends_when_access_is_revoked() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.answers("/stream", Reply::Ticks);
    let mut client = scene.client().await;
    client.send(get(&session, "/stream", &[])).await;
    ticking(&mut client).await;

    scene.revoke().await;
    // The answer is here: what the kernel holds is all that still comes, and it does not grow.
    let (rest, broken) = client.rest().await;
    let rest = String::from_utf8_lossy(&rest);
    assert!(
        !rest.contains("0\r\n\r\n"),
        "it must not look complete: {rest:?}"
    );
    assert!(broken || !rest.ends_with("0\r\n\r\n"));
    cut(&scene).await;

    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 401);
}

#[tokio::test]
async fn a1_a_reader_that_was_slow_gets_nothing_more_after_the_answer() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.answers("/flood", Reply::Flood);
    let mut client = Client::slow(scene.address).await;
    client.send(get(&session, "/flood", &[])).await;
    client.until(b"\r\n\r\n").await.expect("a head");
    // Wait until everything between the product and this reader is full: nothing moves.
    let mut unread = vec![0; 64 * 1024];
    let mut before = usize::MAX;
    eventually("every buffer to be full", async || {
        sleep(Duration::from_millis(100)).await;
        let now = client.stream.peek(&mut unread).await.unwrap();
        std::mem::replace(&mut before, now) == now
    })
    .await;

    scene.revoke().await;
    cut(&scene).await;
    // Resuming to read, it gets at most what its own kernel held, and then an error.
    let mut got = 0;
    let end = loop {
        match client.stream.read(&mut unread).await {
            Ok(0) => break Ok(()),
            Ok(n) => got += n,
            Err(error) => break Err(error),
        }
    };
    assert!(end.is_err(), "a cut response must not end tidily");
    assert!(got <= 64 * 1024, "{got} bytes came after the answer");
}

#[tokio::test]
async fn a2_access_ends_at_exactly_expires_at() {
    let scene = Scene::new().await;
    // A whole second, so that the last JWT can be as short as the last moment.
    scene.set_time(1_800_000_100_000);
    scene.revoke().await;
    scene.app.grant(scene.dana, &scene.number).await.unwrap();
    let session = scene.session().await;
    let expires_at = session.expires_at.as_millis();
    let mut client = scene.client().await;

    // Keep it from being idle on the way.
    for at in (1_800_000_100_000..expires_at).step_by(20 * 60_000) {
        scene.set_time(at);
        assert_eq!(client.call(get(&session, "/", &[])).await.status, 200);
    }
    scene.set_time(expires_at - 1);
    assert_eq!(client.call(get(&session, "/last", &[])).await.status, 200);
    let token = scene.product.saw("countersign-identity").unwrap();
    let claims: Value = serde_json::from_str(&token).unwrap();
    assert_eq!(claims["exp"], expires_at / 1_000, "never past the session");

    scene.product.answers("/stream", Reply::Ticks);
    let mut streaming = scene.client().await;
    streaming.send(get(&session, "/stream", &[])).await;
    ticking(&mut streaming).await;
    let seen = scene.product.requests();

    scene.set_time(expires_at);
    let reply = client.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
    streaming.rest().await;
    eventually("the stream to be cut", async || {
        let outcomes = scene.entries("outcome").await;
        outcomes
            .iter()
            .any(|entry| entry["detail"]["ending"] == "cut")
    })
    .await;
    assert_eq!(scene.product.requests(), seen);
    let refused = scene.entries("request.refused").await;
    assert_eq!(refused.last().unwrap()["detail"]["code"], "session_over");
}

#[tokio::test]
async fn a1_a_request_waiting_for_its_answer_is_cut_and_told_why() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.answers("/slow", Reply::Silence);
    let mut client = scene.client().await;
    client.send(get(&session, "/slow", &[])).await;
    eventually("the product to be asked", async || {
        scene.product.requests() == 1
    })
    .await;
    let (reply, ()) = tokio::join!(client.call(""), scene.revoke());
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
    eventually("the product's connection to end", async || {
        scene.product.open() == 0
    })
    .await;
    let outcome = scene.outcome().await;
    assert_eq!(
        (&outcome["ending"], &outcome["status"]),
        (&json!("cut"), &json!(null))
    );
}

#[tokio::test]
async fn an_idle_connection_outlives_its_session_and_is_told() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let mut client = scene.client().await;
    assert_eq!(client.call(get(&session, "/", &[])).await.status, 200);
    scene.revoke().await;
    let reply = client.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
}

#[tokio::test]
async fn a_session_without_requests_goes_idle() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.set_time(1_800_000_000_500 + 30 * 60_000);
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
    assert_eq!(scene.product.accepted(), 0);
}

#[tokio::test]
async fn a_client_that_leaves_is_on_the_log() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.answers("/stream", Reply::Ticks);
    let mut client = scene.client().await;
    client.send(get(&session, "/stream", &[])).await;
    ticking(&mut client).await;
    drop(client);
    eventually("the product's connection to end", async || {
        scene.product.open() == 0
    })
    .await;
    assert_eq!(scene.outcome().await["ending"], "client_gone");
    assert!(scene.node.may_flow(session.id));
}

/// R18: what a page left open asks after the end is not told as the agent's own try.
#[tokio::test]
async fn what_a_page_left_open_asks_after_the_end_is_told_as_that() {
    const LEFT_OPEN: [(&str, &[&str], bool); 5] = [
        // A program may want a stream as well.
        ("/events", &["Accept: text/event-stream"], false),
        (
            "/feed",
            &["Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"],
            true,
        ),
        (
            "/logo.svg",
            &["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
            true,
        ),
        (
            "/orders",
            &["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"],
            false,
        ),
        ("/program", &[], false),
    ];
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let mut client = scene.client().await;
    // While there is access, whatever is refused is the agent's try.
    let fetch = ["Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"];
    let reply = client.call(ask("POST", &session, "/save", &fetch)).await;
    assert_eq!(reply.status, 403);
    scene.revoke().await;
    for (target, more, _) in LEFT_OPEN {
        let mut client = scene.client().await;
        let lines = [&[cookie.as_str()], more].concat();
        let asked = plain("GET", &session.host, target, &lines);
        let reply = client.call(asked).await;
        assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
    }
    // Nor is a program a page, whatever it says.
    let asked = get(&session, "/list", &fetch);
    assert_eq!(scene.client().await.call(asked).await.status, 401);
    let told: Vec<_> = scene
        .entries("request.refused")
        .await
        .iter()
        .map(|entry| {
            let request = &entry["request"];
            let left_open = request.get("left_open").cloned();
            (request["path"].clone(), left_open)
        })
        .collect();
    let mut expected = vec![(json!("/save"), None)];
    expected.extend(
        LEFT_OPEN.map(|(target, _, left)| (json!(target), left.then_some(Value::Bool(true)))),
    );
    expected.push((json!("/list"), None));
    assert_eq!(told, expected);
}
