//! Health, readiness, metrics, keys and the document.

use countersign_domain::Timestamp;
use countersign_store::SigningKey;
use serde_json::json;

use crate::world::{START, World, good};

#[tokio::test]
async fn a_process_that_does_not_serve_is_alive_and_not_ready() {
    let world = World::new().await;
    assert_eq!(world.get("", "/readyz").await.text, "ready\n");
    world.app.node().stop().await;
    assert_eq!(world.get("", "/readyz").await.status, 503);
    assert_eq!(world.get("", "/healthz").await.status, 200);
    assert!(
        world
            .get("", "/metrics")
            .await
            .text
            .contains("countersign_ready 0\n")
    );
}

#[tokio::test]
async fn answers_are_counted_by_route_not_by_address() {
    let world = World::new().await;
    let number = world.open_case().await;
    world
        .get(&world.tokens.dana, &format!("/api/v1/cases/{number}"))
        .await
        .with(200);
    world
        .get(&world.tokens.dana, "/api/v1/cases/nope")
        .await
        .with(404);
    let metrics = world.get("", "/metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain"));
    for (status, count) in [(200, 1), (404, 1)] {
        let line = format!(
            "countersign_api_requests_total{{method=\"GET\",route=\"/api/v1/cases/{{number}}\",status=\"{status}\"}} {count}\n"
        );
        assert!(metrics.text.contains(&line), "{}", metrics.text);
    }
    assert!(!metrics.text.contains(&number));
}

#[tokio::test]
async fn published_keys_are_a_jwk_set() {
    let world = World::new().await;
    let none = world.get("", "/.well-known/jwks.json").await.with(200);
    assert_eq!(none, json!({"keys": []}));
    let key = SigningKey {
        kid: "k1".to_owned(),
        jwk: r#"{"kty":"OKP","crv":"Ed25519","kid":"k1","x":"AA"}"#.to_owned(),
        expires_at: Timestamp::from_millis(START + 3_600_000),
    };
    good(world.app.store().publish_key(key).await);
    let set = world.get("", "/.well-known/jwks.json").await.with(200);
    assert_eq!(set["keys"][0]["kid"], "k1");
}

#[tokio::test]
async fn the_document_is_served_as_it_is_checked_in() {
    let world = World::new().await;
    let served = world.get("", "/openapi.json").await;
    assert_eq!(served.header("content-type"), "application/json");
    assert_eq!(served.text, countersign_api::openapi_json());
}
