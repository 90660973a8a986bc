//! Each request that support makes says from where, and no client can make it say otherwise.

use countersign_domain::TrustedProxies;
use serde_json::{Value, json};

use crate::{
    entering::entered,
    scene::Scene,
    wire::{ask, get},
};

const FORGED: [&str; 4] = [
    "X-Forwarded-For: 198.51.100.1, 203.0.113.9",
    "X-Real-IP: 198.51.100.2",
    "Forwarded: for=198.51.100.3",
    "User-Agent: Firefox/146.0\t(desk)",
];

async fn client_of(scene: &Scene, kind: &str) -> Value {
    let entries = scene.entries(kind).await;
    entries.last().unwrap()["client"].clone()
}

#[tokio::test]
async fn whoever_connects_is_the_client_whatever_headers_say() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let here = json!({"address": "127.0.0.1", "user_agent": "Firefox/146.0 (desk)"});
    let mut client = scene.client().await;
    let reply = client.call(get(&session, "/invoices", &FORGED)).await;
    assert_eq!(reply.status, 200);
    assert_eq!(client_of(&scene, "request").await, here);
    // Refused, and refused because access is over: both say so.
    let reply = client
        .call(ask("DELETE", &session, "/invoices/17", &FORGED))
        .await;
    assert_eq!(reply.status, 403);
    assert_eq!(client_of(&scene, "request.refused").await, here);
    let reply = client.call(get(&session, "/invoices", &[])).await;
    assert_eq!(reply.status, 200);
    let nothing_said = json!({"address": "127.0.0.1"});
    assert_eq!(client_of(&scene, "request").await, nothing_said);
    scene.revoke().await;
    let mut client = scene.client().await;
    let reply = client.call(get(&session, "/late", &FORGED)).await;
    assert_eq!(reply.status, 401);
    assert_eq!(client_of(&scene, "request.refused").await, here);
    // The outcome leaves it to its request.
    assert_eq!(scene.outcome().await["client"], Value::Null);
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_who_connected_to_it() {
    let scene = Scene::with(|config| {
        config.trusted_proxies = TrustedProxies::new(vec!["127.0.0.1".parse().unwrap()]);
    })
    .await;
    let session = scene.session().await;
    let mut client = scene.client().await;
    let reply = client.call(get(&session, "/invoices", &FORGED)).await;
    assert_eq!(reply.status, 200);
    let there = json!({"address": "203.0.113.9", "user_agent": "Firefox/146.0 (desk)"});
    assert_eq!(client_of(&scene, "request").await, there);
    // What the client itself claimed goes no further than that.
    assert_eq!(
        scene.product.saw("x-forwarded-for").as_deref(),
        Some("127.0.0.1")
    );
}

#[tokio::test]
async fn entering_a_session_says_from_where() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    entered(&scene, &session).await;
    let client = client_of(&scene, "session.entered").await;
    assert_eq!(client, json!({"address": "127.0.0.1"}));
}
