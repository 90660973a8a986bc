//! Token exchange (RFC 8693): who gets a token past the gateway, for what and for how long, and who does not.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_domain::Duration;
use countersign_identity::soft_client::SoftClient;
use serde_json::{Value, json};

use crate::{
    exchanges::{ACCESS_TOKEN, RESOURCE, exchanging, fields},
    soft_clients::{ASSERTION, NOW, claims, form},
    world::World,
};

/// What a token claims.
fn said(token: &Value) -> Value {
    let token = token["access_token"].as_str().unwrap();
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn an_agent_gets_a_token_that_says_who_acts_for_whom_where_and_for_what() {
    let world = World::new().await;
    let session = world.past_the_gateway().await;
    let answer = world.exchanged(&session).await;
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["issued_token_type"], ACCESS_TOKEN);
    assert_eq!(
        (&answer["scope"], &answer["expires_in"]),
        (&json!("read"), &json!(60))
    );
    let me = world.get(&world.tokens.sam, "/api/v1/me").await.with(200);
    let running = world
        .get(&world.tokens.sam, "/api/v1/sessions")
        .await
        .with(200);
    let running = &running["items"][0];
    let claims = said(&answer);
    let given = |name: &str| claims[name].as_str().unwrap().to_owned();
    assert!(given("jti").starts_with("tok_") && given("grant").starts_with("grant_"));
    assert_eq!(
        claims,
        json!({
            "iss": "http://localhost:8080", "aud": RESOURCE, "sub": "ben@acme.test", "act": {"sub": "sam@vendor.test"},
            "client_id": me["client_id"], "org": "acme", "case": running["case"], "grant": given("grant"),
            "sid": running["id"], "scope": "read", "iat": NOW, "exp": NOW + 60, "jti": given("jti"),
        })
    );
    // It is on the log, without anything to use it by.
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await;
    let entries = log.with(200);
    let issued = entries["items"].as_array().unwrap().last().unwrap();
    assert_eq!(issued["type"], "session.token_exchanged");
    assert_eq!(issued["actor"]["email"], "sam@vendor.test");
    assert_eq!(
        (&issued["session"], &issued["grant"]),
        (&claims["sid"], &claims["grant"])
    );
    assert_eq!(issued["detail"]["id"], claims["jti"]);
    assert_eq!(issued["detail"]["resource"], RESOURCE);
    assert_eq!(issued["detail"].get("token"), None);
    assert!(!log.text.contains(answer["access_token"].as_str().unwrap()));
}

#[tokio::test]
async fn a_token_is_bound_to_the_key_of_a_proof() {
    let world = World::new().await;
    let session = world.past_the_gateway().await;
    let holder = SoftClient::p256();
    let proof = |htu: &str, jti: &str| {
        holder.proof(&json!({"jti": jti, "htm": "POST", "htu": htu, "iat": NOW}))
    };
    let body = || exchanging(&session, &world.tokens.sam);
    let good = proof("http://localhost:8080/oauth2/v1/token", "1");
    let answer = world.token_call(body(), &[("dpop", &good)]).await.with(200);
    assert_eq!(answer["token_type"], "DPoP");
    assert!(
        said(&answer)["cnf"]["jkt"]
            .as_str()
            .is_some_and(|key| key.len() == 43)
    );
    let again = world.token_call(body(), &[("dpop", &good)]).await;
    assert!(
        again
            .oauth(400, "invalid_dpop_proof")
            .contains("used before")
    );
    let elsewhere = proof("http://localhost:8080/oauth2/v1/introspect", "2");
    let refused = world.token_call(body(), &[("dpop", &elsewhere)]).await;
    assert!(refused.oauth(400, "invalid_dpop_proof").contains("htu"));
}

/// Off until an operator says what such tokens are for; and then for that only.
#[tokio::test]
async fn there_are_no_tokens_until_the_vendor_says_what_they_are_for() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let started = world.start_session(&number).await;
    let session = started["token"].as_str().unwrap();
    let refused = world
        .token_call(exchanging(session, &world.tokens.sam), &[])
        .await;
    assert!(
        refused
            .oauth(400, "invalid_target")
            .contains("not switched on")
    );
    // That is more than Dana agreed to: she is asked again (R17).
    let set = world.product(Some(RESOURCE)).await.with(200);
    assert_eq!(set["ended"], json!([number]));
    assert_eq!(set["token_resource"], RESOURCE);
    let refused = world
        .token_call(exchanging(session, &world.tokens.sam), &[])
        .await;
    assert!(refused.oauth(400, "invalid_request").contains("runs now"));
    world.grant(&number).await;
    let started = world.start_session(&number).await;
    let session = started["token"].as_str().unwrap();
    world.exchanged(session).await;
    let to = |resource: &'static str| {
        let mut fields = fields(session, &world.tokens.sam);
        fields.retain(|(name, _)| *name != "resource");
        fields.push(("resource", resource));
        form(&fields)
    };
    for elsewhere in [
        "https://api.vendor.test",
        "https://api.vendor.test/v2/",
        "https://other.test/v2",
        "no address",
    ] {
        world
            .token_call(to(elsewhere), &[])
            .await
            .oauth(400, "invalid_target");
    }
    // What the gateway's own identity is for is nothing that a token is for.
    let origin = world.product(Some("http://127.0.0.1:9000/")).await;
    origin.problem(422, "resource_is_origin");
    // Taken back, it ends sessions and no grant.
    let set = world.product(None).await.with(200);
    assert_eq!(
        (&set["ended"], &set["token_resource"]),
        (&json!([]), &Value::Null)
    );
}

#[tokio::test]
async fn only_the_agent_whose_session_runs_gets_one() {
    let world = World::new().await;
    let session = world.past_the_gateway().await;
    let tokens = &world.tokens;
    let mine = world.exchanged(&session).await;
    let theirs = mine["access_token"].as_str().unwrap();
    let (invalid, none) = ("invalid_request", "runs now");
    for (session, agent, said) in [
        // Somebody else's session, and one that is none.
        (session.as_str(), tokens.tom.as_str(), none),
        ("csi_guess", &tokens.sam, none),
        // Somebody who is no agent.
        (&session, &tokens.dana, "Only the agent"),
        (&session, &tokens.operator, "Only the agent"),
        (&session, "cst_guess", "no API token"),
        (&session, &session, "no API token"),
        // Who acts for somebody already acts for nobody here (R3).
        (theirs, &tokens.sam, "carries act"),
        (&session, theirs, "carries act"),
    ] {
        let refused = world.token_call(exchanging(session, agent), &[]).await;
        let text = refused.oauth(400, invalid);
        assert!(text.contains(said), "{text}");
    }
    // No service client does it for them, however well it shows who it is.
    let soft = SoftClient::p256();
    let id = world
        .make(&soft, &["grants.manage", "tokens.introspect"], false)
        .await;
    let assertion = soft.sign(&claims(&id, "1"));
    let mut by_client = fields(&session, &tokens.sam);
    by_client.extend([
        ("client_assertion_type", ASSERTION),
        ("client_assertion", assertion.as_str()),
    ]);
    let refused = world.token_call(form(&by_client), &[]).await;
    refused.oauth(400, "unauthorized_client");
    let bearer = format!("Bearer {}", tokens.sam);
    let refused = world
        .token_call(
            exchanging(&session, &tokens.sam),
            &[("authorization", &bearer)],
        )
        .await;
    refused.oauth(400, "unauthorized_client");
    // Off the team, and deactivated.
    let case = said(&mine)["case"].as_str().unwrap().to_owned();
    let off = format!("/api/v1/cases/{case}/team/sam@vendor.test");
    world
        .call(&tokens.operator, "DELETE", &off, None)
        .await
        .with(200);
    let refused = world
        .token_call(exchanging(&session, &tokens.sam), &[])
        .await;
    assert!(refused.oauth(400, invalid).contains(none));
}

#[tokio::test]
async fn it_is_asked_for_as_the_standards_say() {
    let world = World::new().await;
    let session = world.past_the_gateway().await;
    let without = |name: &str| {
        let mut fields = fields(&session, &world.tokens.sam);
        fields.retain(|(field, _)| *field != name);
        form(&fields)
    };
    for name in [
        "subject_token",
        "subject_token_type",
        "actor_token",
        "actor_token_type",
        "resource",
    ] {
        let refused = world.token_call(without(name), &[]).await;
        assert!(
            refused.oauth(400, "invalid_request").contains(name),
            "{name}"
        );
    }
    let with = |name: &'static str, value: &'static str| {
        let mut fields = fields(&session, &world.tokens.sam);
        fields.push((name, value));
        form(&fields)
    };
    let jwt = "urn:ietf:params:oauth:token-type:jwt";
    let answer = world
        .token_call(with("requested_token_type", jwt), &[])
        .await
        .with(200);
    assert_eq!(answer["issued_token_type"], jwt);
    world
        .token_call(with("audience", RESOURCE), &[])
        .await
        .with(200);
    for (name, value, error) in [
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:refresh_token",
            "invalid_request",
        ),
        ("scope", "read write", "invalid_scope"),
        ("audience", "https://other.test", "invalid_target"),
        ("resource", RESOURCE, "invalid_request"),
        (
            "client_id",
            "agt_00000000000000000000000000000001",
            "invalid_request",
        ),
    ] {
        world
            .token_call(with(name, value), &[])
            .await
            .oauth(400, error);
    }
}

#[tokio::test]
async fn a_token_outlasts_neither_period_nor_session_and_there_are_ten_at_a_time() {
    let world = World::new().await;
    let session = world.past_the_gateway().await;
    for _ in 0..10 {
        world.exchanged(&session).await;
    }
    let refused = world
        .token_call(exchanging(&session, &world.tokens.sam), &[])
        .await;
    refused.oauth(429, "temporarily_unavailable");
    assert_eq!(refused.header("retry-after"), "60");
    world.pass(Duration::from_secs(60));
    world.exchanged(&session).await;
    // The session goes idle half an hour after its start, and no token puts that off.
    world.pass(Duration::from_secs(30 * 60 - 60 - 20));
    let answer = world.exchanged(&session).await;
    assert_eq!(answer["expires_in"], 20);
    world.pass(Duration::from_secs(20));
    let refused = world
        .token_call(exchanging(&session, &world.tokens.sam), &[])
        .await;
    refused.oauth(400, "invalid_request");
}

#[tokio::test]
async fn metadata_says_where_all_of_it_is() {
    let world = World::new().await;
    let metadata = world
        .get("", "/.well-known/oauth-authorization-server")
        .await
        .with(200);
    assert_eq!(
        metadata["introspection_endpoint"],
        "http://localhost:8080/oauth2/v1/introspect"
    );
    assert_eq!(
        metadata["revocation_endpoint"],
        "http://localhost:8080/oauth2/v1/revoke"
    );
    assert_eq!(
        metadata["jwks_uri"],
        "http://localhost:8080/.well-known/jwks.json"
    );
    assert_eq!(
        metadata["introspection_endpoint_auth_methods_supported"],
        json!(["private_key_jwt"])
    );
    assert_eq!(
        metadata["scopes_supported"],
        json!([
            "cases.read",
            "grants.manage",
            "log.read",
            "okta.logs.read",
            "okta.orgs.manage",
            "okta.orgs.read",
            "tokens.introspect",
        ])
    );
}
