//! What one session, one upstream and one reader may take.

use std::time::Duration;

use bytes::Bytes;
use countersign_domain::{
    Methods, Origin, RouteEffect, RoutePattern, RouteRule, Routes, Slug, Upstream,
};
use serde_json::json;
use tokio::io::AsyncReadExt;

use crate::{
    product::Reply,
    scene::{OPERATOR, Scene, Session, eventually},
    stopping::heard_nothing,
    wire::{Client, ask, get},
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

/// Bodies that are looked into are held in memory: so much of it there is for all, and so much of
/// that for one session.
#[tokio::test]
async fn there_is_so_much_room_for_bodies_that_are_looked_into() {
    const MEBIBYTE: usize = 1024 * 1024;
    let scene = Scene::with(|config| config.inspected_bytes = 2 * MEBIBYTE).await;
    let methods = Methods::parse(["POST"]).unwrap();
    let path = RoutePattern::parse("/search").unwrap();
    let rule = RouteRule::new(methods, path, RouteEffect::Read).unwrap();
    let upstream = Upstream {
        routes: Routes::new(vec![rule]).unwrap(),
        ..Upstream::new(Origin::parse(&scene.product.origin()).unwrap())
    };
    let acme = Slug::parse("acme").unwrap();
    let set = scene.app.set_upstream(OPERATOR, &acme, upstream);
    set.await.unwrap();
    scene.ticks_again().await;
    let [one, two, three] = [
        scene.session().await,
        scene.session().await,
        scene.session().await,
    ];
    let large = MEBIBYTE - 2;
    let head = |session: &Session, length: usize| {
        let length = format!("Content-Length: {length}");
        ask(
            "POST",
            session,
            "/search",
            &["Content-Type: application/json", &length],
        )
    };
    let refused = async |session: &Session| {
        let request = head(session, large) + "\"";
        let reply = scene.client().await.call(request).await;
        assert_eq!(
            (reply.status, reply.code()),
            (503, "too_many_bodies".into())
        );
        assert_eq!(reply.header("retry-after"), Some("1"));
        scene.entries("request.refused").await.len()
    };
    // A body that does not end holds its room. It gets none while one of two bytes has it, so it may
    // have to come again.
    let mut count = 0;
    let mut holding = async |session: &Session| {
        loop {
            let mut client = scene.client().await;
            client.send(head(session, large) + "\"").await;
            while heard_nothing(&client) {
                let reply = scene.client().await.call(head(session, 3) + "\"a\"").await;
                if reply.status == 503 {
                    count += 1;
                    return client;
                }
            }
            count += 1;
        }
    };
    let mut first = holding(&one).await;
    let reply = scene.client().await.call(head(&two, 3) + "\"a\"").await;
    assert_eq!(
        reply.status, 200,
        "what one session takes is not missing to another"
    );
    let _second = holding(&two).await;
    assert_eq!(
        refused(&one).await,
        count + 1,
        "refused requests are logged"
    );
    let seen = scene.product.requests();
    refused(&three).await;
    assert_eq!(scene.product.requests(), seen);

    // Whole, it goes to the product, and its room is free.
    first.send("a".repeat(large - 2) + "\"").await;
    assert_eq!(first.call("").await.status, 200);
    let whole = head(&three, large) + "\"" + &"a".repeat(large - 2) + "\"";
    assert_eq!(scene.client().await.call(whole).await.status, 200);
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
