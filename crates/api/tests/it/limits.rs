//! Rate limits: who is counted for what, and what stays possible.

use std::num::NonZeroU32;

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_api::{Quota, RateLimits};
use countersign_domain::CalledFrom;
use serde_json::json;

use crate::{probe::Answer, world::World};

fn few(calls: u32, unauthenticated: u32) -> RateLimits {
    let quota = |calls| Quota::per_minute(NonZeroU32::new(calls).unwrap());
    RateLimits {
        calls: quota(calls),
        unauthenticated: quota(unauthenticated),
    }
}

impl World {
    async fn me(&self, token: &str) -> Answer {
        self.get(token, "/api/v1/me").await
    }

    /// A call from an address.
    async fn from(&self, address: &str, token: &str) -> Answer {
        let mut request = Request::get("/api/v1/me")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let address: std::net::SocketAddr = address.parse().unwrap();
        let from = CalledFrom::new(address.ip(), None);
        request.extensions_mut().insert(from);
        self.send(request).await
    }
}

#[tokio::test]
async fn a_caller_is_told_how_many_calls_are_left_and_when_to_come_back() {
    let world = World::new().await.limited(few(3, 60));
    let sam = &world.tokens.sam;
    for (remaining, full_in) in [(2, 20), (1, 40), (0, 60)] {
        let answer = world.me(sam).await;
        answer.with(200);
        assert_eq!(answer.header("ratelimit-policy"), "\"calls\";q=3;w=60");
        let says = format!("\"calls\";r={remaining};t={full_in}");
        assert_eq!(answer.header("ratelimit"), says);
        assert_eq!(answer.header("retry-after"), "");
    }
    let refused = world.me(sam).await;
    refused.problem(429, "rate_limited");
    assert_eq!(refused.header("ratelimit"), "\"calls\";r=0;t=60");
    assert_eq!(refused.header("retry-after"), "20");
    world.boot.pass(19_999);
    assert_eq!(world.me(sam).await.header("retry-after"), "1");
    world.boot.pass(1);
    world.me(sam).await.with(200);
    // Wall time has nothing to do with it.
    world.pass(countersign_domain::Duration::from_hours(1));
    world.me(sam).await.problem(429, "rate_limited");
}

/// However an agent floods, an approver takes access away at once; and whoever has used up their own
/// calls still takes it away.
#[tokio::test]
async fn taking_access_away_is_kept_from_nobody() {
    let world = World::new().await;
    let (first, second) = (world.granted_case().await, world.granted_case().await);
    let session = world.start_session(&second).await;
    let world = world.limited(few(4, 60));
    let (sam, dana) = (&world.tokens.sam, &world.tokens.dana);
    for caller in [sam, dana] {
        for _ in 0..50 {
            world.me(caller).await;
        }
        world.me(caller).await.problem(429, "rate_limited");
    }
    let grant = format!("/api/v1/cases/{first}/grant");
    let revoked = world.call(dana, "DELETE", &grant, None).await;
    assert_eq!(
        revoked.with(200)["impersonation"]["status"],
        "DISABLED",
        "{revoked:?}"
    );
    assert_eq!(revoked.header("ratelimit"), "\"taking-away\";r=3;t=15");
    let ended = format!("/api/v1/sessions/{}", session["id"].as_str().unwrap());
    world.call(sam, "DELETE", &ended, None).await.with(200);
    let block = world.call(dana, "POST", "/api/v1/orgs/acme/block", None);
    block.await.with(200);
    world.me(dana).await.problem(429, "rate_limited");
    // That has an end too: nobody floods the store with it.
    for _ in 0..2 {
        world.call(dana, "DELETE", &grant, None).await.with(200);
    }
    let over = world.call(dana, "DELETE", &grant, None).await;
    over.problem(429, "rate_limited");
    // And Ben has not called yet.
    world
        .call(&world.tokens.ben, "DELETE", &grant, None)
        .await
        .with(200);
}

/// More tokens are not more calls for a person; operators' tokens are programs of their own.
#[tokio::test]
async fn a_person_is_counted_with_all_their_tokens() {
    let world = World::new().await;
    let token = json!({"kind": "api_token"});
    let mut more = vec![];
    for owner in [&world.tokens.sam, &world.tokens.operator] {
        let minted = world.post(owner, "/api/v1/credentials", &token).await;
        more.push(minted.with(201)["token"].as_str().unwrap().to_owned());
    }
    let world = world.limited(few(2, 60));
    for _ in 0..2 {
        world.me(&world.tokens.sam).await.with(200);
        world.me(&world.tokens.operator).await.with(200);
    }
    world.me(&more[0]).await.problem(429, "rate_limited");
    world.me(&more[1]).await.with(200);
}

/// Guessing tokens is counted by address, and keeps nobody out who has a good one.
#[tokio::test]
async fn strangers_are_counted_by_address() {
    let world = World::new().await.limited(few(100, 2));
    let (here, there) = ("192.0.2.7:1000", "192.0.2.8:1000");
    for port in ["192.0.2.7:1000", "192.0.2.7:1001"] {
        let answer = world.from(port, "cst_guess").await;
        answer.problem(401, "unauthenticated");
        assert_eq!(
            answer.header("ratelimit-policy"),
            "\"unauthenticated\";q=2;w=60"
        );
    }
    let refused = world.from(here, "cst_guess").await;
    refused.problem(429, "rate_limited");
    assert_eq!(refused.header("retry-after"), "30");
    world.from(here, &world.tokens.dana).await.with(200);
    world
        .from(there, "cst_guess")
        .await
        .problem(401, "unauthenticated");
    for public in [
        "/healthz",
        "/readyz",
        "/metrics",
        "/.well-known/jwks.json",
        "/openapi.json",
    ] {
        let request = Request::get(public).body(Body::empty()).unwrap();
        let answer = world.send(request).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit"), "");
    }
}
