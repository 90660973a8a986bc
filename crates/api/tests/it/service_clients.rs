//! Service clients by OAuth 2.0 client credentials: how they come in, what they may do, and how they are kept out.

use std::num::NonZeroU32;

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_api::{Quota, RateLimits};
use countersign_domain::Duration;
use countersign_identity::soft_client::SoftClient;
use serde_json::{Value, json};

use crate::{
    soft_clients::{ASSERTION, CASES, CLIENTS, NOW, TOKEN, asking, claims, form},
    world::World,
};

#[tokio::test]
async fn a_client_comes_in_and_does_what_its_scopes_are_for() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let path = format!("{CASES}/{number}");
    let enable = json!({"impersonation": {"status": "ENABLED"}});
    for soft in [
        SoftClient::rsa(),
        SoftClient::p256(),
        SoftClient::p384(),
        SoftClient::ed25519(),
    ] {
        let id = world
            .make(&soft, &["okta.orgs.read", "okta.orgs.manage"], false)
            .await;
        let read = world
            .token_call(asking(&soft.sign(&claims(&id, "1")), "okta.orgs.read"), &[])
            .await;
        assert_eq!(read.with(200)["token_type"], "Bearer");
        assert_eq!(read.with(200)["scope"], "okta.orgs.read");
        let reads = read.access_token();
        world.get(&reads, CASES).await.with(200);
        let refused = world.call(&reads, "PATCH", &path, Some(&enable)).await;
        let error = refused.with(403);
        assert_eq!(error["errorCode"], "E0000006");
        let cause = error["errorCauses"][0]["errorSummary"].as_str().unwrap();
        assert!(cause.contains("okta.orgs.manage"), "{cause}");
        let both = "okta.orgs.manage okta.orgs.read";
        let manage = world
            .token_call(asking(&soft.sign(&claims(&id, "2")), both), &[])
            .await;
        let changed = world
            .call(&manage.access_token(), "PATCH", &path, Some(&enable))
            .await;
        assert_eq!(changed.with(200)["impersonation"]["status"], "ENABLED");
        world
            .call(
                &world.tokens.dana,
                "DELETE",
                &format!("/api/v1/cases/{number}/grant"),
                None,
            )
            .await
            .with(200);
    }
}

/// What it does is on the log as a service client's, and the case names it.
#[tokio::test]
async fn it_is_recorded_as_what_it_is() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let soft = SoftClient::p256();
    let token = world.client_token(&soft, "okta.orgs.manage").await;
    let path = format!("{CASES}/{number}");
    let enable = json!({"impersonation": {"status": "ENABLED"}});
    world
        .call(&token, "PATCH", &path, Some(&enable))
        .await
        .with(200);
    let case = world
        .get(&world.tokens.dana, &format!("/api/v1/cases/{number}"))
        .await
        .with(200);
    let access = &case["impersonation"];
    assert_eq!(access["granted_by"], Value::Null);
    assert_eq!(access["granted_by_client"]["name"], "Nightly review");
    assert_eq!(access["granted_by_active"], true);
    let log = world
        .get(
            &world.tokens.dana,
            "/api/v1/orgs/acme/history?order=newest&limit=1",
        )
        .await;
    let row = &log.with(200)["items"][0];
    assert_eq!(row["type"], "access.granted");
    assert_eq!(row["actor"]["kind"], "client");
    assert_eq!(row["actor"]["name"], "Nightly review");
    assert_eq!(row["actor"]["email"], Value::Null);
    let csv = world
        .get(
            &world.tokens.dana,
            "/api/v1/orgs/acme/history/export?format=csv",
        )
        .await;
    let granted = csv
        .text
        .lines()
        .find(|line| line.contains(r#""access.granted""#));
    let granted = granted.unwrap();
    assert!(granted.contains(r#","client","client_"#), "{granted}");
    assert!(granted.contains(r#","Nightly review","#), "{granted}");
}

/// The System Log is for those whose token is for it, and says in whose name it was read from.
#[tokio::test]
async fn it_reads_the_system_log_by_the_scope_for_it() {
    let world = World::new().await;
    let logs = "/api/v1/logs?filter=eventType+sw+%22app.oauth2%22";
    let reader = SoftClient::p256();
    let token = world.client_token(&reader, "okta.logs.read").await;
    let found = world.get(&token, logs).await.with(200);
    let event = &found[0];
    assert_eq!(event["eventType"], "app.oauth2.client.lifecycle.create");
    assert_eq!(event["actor"]["alternateId"], "dana@acme.test");
    assert_eq!(event["target"][0]["type"], "PublicClientApp");
    assert_eq!(event["target"][0]["displayName"], "Nightly review");
    assert_eq!(
        event["debugContext"]["debugData"]["scopes"],
        "okta.logs.read"
    );
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    world.get(&token, CASES).await.with(403);
    let manager = world
        .client_token(&SoftClient::p256(), "okta.orgs.manage")
        .await;
    let refused = world.get(&manager, logs).await.with(403);
    assert_eq!(refused["errorCode"], "E0000006");
}

#[tokio::test]
async fn it_can_do_nothing_anywhere_else() {
    let world = World::new().await;
    let token = world
        .client_token(&SoftClient::p256(), "okta.orgs.manage")
        .await;
    for (method, path, code) in [
        ("GET", "/api/v1/me", "clients_not_here"),
        ("GET", "/api/v1/cases", "scopes_not_here"),
        ("GET", "/api/v1/orgs/acme/entries", "scopes_not_here"),
        ("POST", "/api/v1/orgs/acme/block", "clients_not_here"),
        ("GET", CLIENTS, "clients_not_here"),
    ] {
        let refused = world.call(&token, method, path, None).await;
        refused.problem(403, code);
    }
    // After Okta's scheme too: that is for admins' tokens.
    let request = Request::get(CASES).header(header::AUTHORIZATION, "SSWS cat_guess");
    assert_eq!(
        world
            .send(request.body(Body::empty()).unwrap())
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn what_is_taken_away_is_gone_with_the_next_call() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    // A key.
    let (old, new) = (SoftClient::p256(), SoftClient::p256());
    let id = world.make(&old, &["okta.orgs.read"], false).await;
    let of_old = world
        .token_call(asking(&old.sign(&claims(&id, "a")), "okta.orgs.read"), &[])
        .await
        .access_token();
    let keys = format!("{CLIENTS}/{id}/keys");
    let read = world.post(dana, &keys, &new.jwk()).await.with(200);
    assert_eq!(read["keys"].as_array().unwrap().len(), 2);
    let of_new = world
        .token_call(asking(&new.sign(&claims(&id, "b")), "okta.orgs.read"), &[])
        .await
        .access_token();
    let thumbprint = read["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["jwk"] == old.jwk())
        .unwrap()["thumbprint"]
        .as_str()
        .unwrap();
    world
        .call(dana, "DELETE", &format!("{keys}/{thumbprint}"), None)
        .await
        .with(200);
    assert_eq!(world.get(&of_old, CASES).await.status, 401);
    world.get(&of_new, CASES).await.with(200);
    let late = world
        .token_call(asking(&old.sign(&claims(&id, "c")), "okta.orgs.read"), &[])
        .await;
    late.oauth(401, "invalid_client");
    // The client.
    world
        .call(dana, "DELETE", &format!("{CLIENTS}/{id}"), None)
        .await
        .with(200);
    assert_eq!(world.get(&of_new, CASES).await.status, 401);
    let gone = world
        .token_call(asking(&new.sign(&claims(&id, "d")), "okta.orgs.read"), &[])
        .await;
    assert!(gone.oauth(401, "invalid_client").contains("removed"));
    assert_eq!(world.get(dana, CLIENTS).await.with(200)["items"], json!([]));
    // Time.
    let token = world.client_token(&old, "okta.orgs.read").await;
    world.pass(Duration::from_mins(60));
    assert_eq!(world.get(&token, CASES).await.status, 401);
}

#[tokio::test]
async fn an_assertion_is_good_once_and_for_its_client() {
    let world = World::new().await;
    let (soft, other) = (SoftClient::p256(), SoftClient::p256());
    let id = world.make(&soft, &["okta.orgs.read"], false).await;
    let others = world.make(&other, &["okta.orgs.read"], false).await;
    let assertion = soft.sign(&claims(&id, "once"));
    world
        .token_call(asking(&assertion, "okta.orgs.read"), &[])
        .await
        .access_token();
    let again = world
        .token_call(asking(&assertion, "okta.orgs.read"), &[])
        .await;
    assert!(again.oauth(401, "invalid_client").contains("used before"));
    // Another client may use the same jti, and nobody another's key.
    world
        .token_call(
            asking(&other.sign(&claims(&others, "once")), "okta.orgs.read"),
            &[],
        )
        .await
        .access_token();
    let stolen = world
        .token_call(
            asking(&other.sign(&claims(&id, "x")), "okta.orgs.read"),
            &[],
        )
        .await;
    stolen.oauth(401, "invalid_client");
    let nobody = "client_00000000000000000000000000000001";
    let unknown = world
        .token_call(
            asking(&soft.sign(&claims(nobody, "x")), "okta.orgs.read"),
            &[],
        )
        .await;
    unknown.oauth(401, "invalid_client");
    let old = {
        let mut claims = claims(&id, "old");
        claims["exp"] = json!(NOW - 61);
        soft.sign(&claims)
    };
    let expired = world.token_call(asking(&old, "okta.orgs.read"), &[]).await;
    assert!(expired.oauth(401, "invalid_client").contains("expired"));
    // What could not have succeeded uses nothing up.
    let fresh = soft.sign(&claims(&id, "fresh"));
    let wide = world
        .token_call(asking(&fresh, "okta.orgs.read okta.orgs.manage"), &[])
        .await;
    let said = wide.oauth(400, "invalid_scope");
    assert!(
        said.contains("okta.orgs.manage") && said.contains("It has: okta.orgs.read."),
        "{said}"
    );
    world
        .token_call(asking(&fresh, "okta.orgs.read"), &[])
        .await
        .access_token();
}

#[tokio::test]
async fn bad_calls_are_refused_by_the_names_of_the_standard() {
    let world = World::new().await;
    let soft = SoftClient::p256();
    let id = world.make(&soft, &["okta.orgs.read"], false).await;
    let assertion = soft.sign(&claims(&id, "bad"));
    let good = [
        ("grant_type", "client_credentials"),
        ("scope", "okta.orgs.read"),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", assertion.as_str()),
    ];
    let without = |name: &str| {
        form(
            &good
                .iter()
                .copied()
                .filter(|(known, _)| *known != name)
                .collect::<Vec<_>>(),
        )
    };
    let with = |name: &str, value: &str| {
        let changed = good
            .iter()
            .map(|(known, as_it_was)| (*known, if *known == name { value } else { *as_it_was }));
        form(&changed.collect::<Vec<_>>())
    };
    let plus = |more: &str| format!("{}&{more}", form(&good));
    for (body, status, error) in [
        (without("grant_type"), 400, "invalid_request"),
        (
            with("grant_type", "password"),
            400,
            "unsupported_grant_type",
        ),
        (
            with("grant_type", "authorization_code"),
            400,
            "unsupported_grant_type",
        ),
        (without("scope"), 400, "invalid_scope"),
        (with("scope", "okta.users.manage"), 400, "invalid_scope"),
        (with("scope", "<script>"), 400, "invalid_scope"),
        (without("client_assertion_type"), 400, "invalid_request"),
        (without("client_assertion"), 400, "invalid_request"),
        (with("client_assertion", "a.b.c"), 401, "invalid_client"),
        (plus("scope=okta.orgs.read"), 400, "invalid_request"),
        (plus("client_assertion=x"), 400, "invalid_request"),
        (plus("client_secret=x"), 401, "invalid_client"),
        (
            plus("client_id=client_00000000000000000000000000000001"),
            401,
            "invalid_client",
        ),
        (String::new(), 400, "invalid_request"),
    ] {
        let said = world
            .token_call(body.clone(), &[])
            .await
            .oauth(status, error);
        assert!(said.ends_with('.') && !said.contains('<'), "{body}: {said}");
    }
    let json = world
        .token_call("{}".to_owned(), &[("content-type", "application/json")])
        .await;
    json.oauth(400, "invalid_request");
    let basic = world
        .token_call(form(&good), &[("authorization", "Basic eDp5")])
        .await;
    basic.oauth(401, "invalid_client");
    let giant = world
        .token_call(plus(&format!("x={}", "y".repeat(100_000))), &[])
        .await;
    giant.oauth(400, "invalid_request");
    // None of it used the assertion up.
    let named = plus(&format!("client_id={id}"));
    world.token_call(named, &[]).await.access_token();
}

#[tokio::test]
async fn an_orgs_client_is_nothing_to_another_org() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let soft = SoftClient::p256();
    let new = json!({"name": "Theirs", "scopes": ["okta.orgs.manage"], "jwks": soft.jwk()});
    let path = "/api/v1/orgs/globex/clients";
    let made = world.post(&world.tokens.grace, path, &new).await.with(200);
    let id = made["id"].as_str().unwrap();
    let token = world
        .token_call(
            asking(&soft.sign(&claims(id, "1")), "okta.orgs.manage"),
            &[],
        )
        .await
        .access_token();
    assert_eq!(
        world.get(&token, CASES).await.with(200)["supportCases"],
        json!([])
    );
    let disable = json!({"impersonation": {"status": "DISABLED"}});
    let refused = world
        .call(
            &token,
            "PATCH",
            &format!("{CASES}/{number}"),
            Some(&disable),
        )
        .await;
    assert_eq!(refused.with(404)["errorCode"], "E0000007");
    // And not by its id from here.
    let removed = world
        .call(
            &world.tokens.dana,
            "DELETE",
            &format!("{CLIENTS}/{id}"),
            None,
        )
        .await;
    removed.problem(404, "client_not_found");
}

#[tokio::test]
async fn a_key_that_is_not_taken_changes_nothing_and_a_private_one_is_called_burnt() {
    let world = World::new().await;
    let mut private = SoftClient::p256().jwk();
    private["d"] = json!("c2VjcmV0LXRoYXQtaXMtYnVybnQ");
    let new = |scopes: Value, jwks: Value| json!({"name": "New", "scopes": scopes, "jwks": jwks});
    let read = json!(["okta.orgs.read"]);
    for (body, field) in [
        (
            new(read.clone(), json!({"keys": [private.clone()]})),
            "jwks",
        ),
        (
            new(read.clone(), json!({"kty": "oct", "k": "c2VjcmV0"})),
            "jwks",
        ),
        (new(read.clone(), json!({"keys": []})), "jwks"),
        (new(read.clone(), json!("x")), "jwks"),
        (new(json!([]), SoftClient::p256().jwk()), "scopes"),
        (
            new(json!(["okta.users.read"]), SoftClient::p256().jwk()),
            "scopes",
        ),
    ] {
        let refused = world.post(&world.tokens.dana, CLIENTS, &body).await;
        let problem = refused.problem(422, "invalid_text");
        assert_eq!(problem["errors"][0]["field"], field, "{body}");
        assert!(!refused.text.contains("c2VjcmV0"), "{}", refused.text);
    }
    let refused = world
        .post(&world.tokens.dana, CLIENTS, &new(read, private))
        .await;
    assert!(
        refused.text.contains("throw that key away"),
        "{}",
        refused.text
    );
    assert_eq!(
        world.get(&world.tokens.dana, CLIENTS).await.with(200)["items"],
        json!([])
    );
}

/// Whoever guesses from an address does not keep a client out that comes from there, and no client takes
/// from another's quota.
#[tokio::test]
async fn calls_for_tokens_are_counted_and_nobody_is_locked_out() {
    let few = Quota::per_minute(NonZeroU32::new(4).unwrap());
    let world = World::new().await;
    let (soft, other) = (SoftClient::p256(), SoftClient::p256());
    let id = world.make(&soft, &["okta.orgs.read"], false).await;
    let others = world.make(&other, &["okta.orgs.read"], false).await;
    let world = world.limited(RateLimits {
        calls: few,
        unauthenticated: few,
    });
    for _ in 0..4 {
        world
            .token_call(asking("a.b.c", "okta.orgs.read"), &[])
            .await
            .oauth(401, "invalid_client");
    }
    let limited = world
        .token_call(asking("a.b.c", "okta.orgs.read"), &[])
        .await;
    assert_eq!(limited.status, 429);
    assert!(!limited.header("retry-after").is_empty());
    for n in 0..4 {
        let assertion = soft.sign(&claims(&id, &n.to_string()));
        world
            .token_call(asking(&assertion, "okta.orgs.read"), &[])
            .await
            .access_token();
    }
    let fifth = asking(&soft.sign(&claims(&id, "5")), "okta.orgs.read");
    let refused = world.token_call(fifth.clone(), &[]).await;
    assert_eq!(refused.status, 429);
    // Nothing was used up by it, or kept.
    world.boot.pass(60_000);
    world.token_call(fifth, &[]).await.access_token();
    let assertion = other.sign(&claims(&others, "1"));
    world
        .token_call(asking(&assertion, "okta.orgs.read"), &[])
        .await
        .access_token();
}

#[tokio::test]
async fn the_metadata_says_where_and_how() {
    let world = World::new().await;
    let request = Request::get("/.well-known/oauth-authorization-server");
    let said = world
        .send(request.body(Body::empty()).unwrap())
        .await
        .with(200);
    assert_eq!(said["issuer"], "http://localhost:8080");
    assert_eq!(said["token_endpoint"], TOKEN);
    assert_eq!(
        said["token_endpoint_auth_methods_supported"],
        json!(["private_key_jwt", "none"])
    );
    assert_eq!(
        said["grant_types_supported"],
        json!([
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:token-exchange"
        ])
    );
    let algs = said["dpop_signing_alg_values_supported"]
        .as_array()
        .unwrap();
    assert!(
        algs.iter()
            .all(|alg| alg != "none" && !alg.as_str().unwrap().starts_with("HS"))
    );
}
