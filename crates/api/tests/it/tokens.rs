//! What a token is worth (RFC 7662) and ending one (RFC 7009).

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_domain::Duration;
use countersign_identity::soft_client::SoftClient;
use serde_json::{Value, json};

use crate::{
    exchanges::RESOURCE,
    probe::Answer,
    soft_clients::{ASSERTION, CLIENTS, NOW, asking, claims, form},
    world::World,
};

const INTROSPECT: &str = "/oauth2/v1/introspect";
const REVOKE: &str = "/oauth2/v1/revoke";

impl World {
    pub(crate) async fn form_call(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form(fields)));
        self.send(request.unwrap()).await
    }

    /// Asks as a service client what a token is worth.
    async fn asks(&self, (soft, id): (&SoftClient, &str), jti: &str, token: &str) -> Answer {
        self.authenticated(INTROSPECT, (soft, id), jti, token).await
    }

    async fn authenticated(
        &self,
        path: &str,
        (soft, id): (&SoftClient, &str),
        jti: &str,
        token: &str,
    ) -> Answer {
        let assertion = soft.sign(&claims(id, jti));
        let fields = [
            ("token", token),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", &assertion),
        ];
        self.form_call(path, &fields).await
    }
}

/// Not good, and nothing else said.
#[track_caller]
fn inactive(answer: &Answer) {
    assert_eq!(answer.with(200), json!({"active": false}));
}

#[tokio::test]
async fn a_client_hears_of_its_own_tokens_and_of_no_others() {
    let world = World::new().await;
    let (one, other) = (SoftClient::p256(), SoftClient::p256());
    let id = world.make(&one, &["cases.read", "log.read"], false).await;
    let another = world.make(&other, &["cases.read"], false).await;
    let asked = asking(&one.sign(&claims(&id, "1")), "cases.read");
    let token = world.token_call(asked, &[]).await.access_token();
    let told = world.asks((&one, &id), "2", &token).await;
    assert_eq!(told.header("cache-control"), "no-store");
    assert_eq!(
        told.with(200),
        json!({
            "active": true, "iss": "http://localhost:8080", "client_id": id, "sub": id, "scope": "cases.read",
            "token_type": "Bearer", "iat": NOW, "exp": NOW + 3_600,
        })
    );
    inactive(&world.asks((&other, &another), "1", &token).await);
    for (at, none) in [
        "cat_guess",
        "cst_guess",
        "x",
        "a.b.c",
        world.tokens.dana.as_str(),
    ]
    .into_iter()
    .enumerate()
    {
        inactive(&world.asks((&one, &id), &format!("n{at}"), none).await);
    }
    world.pass(Duration::from_hours(1));
    let late = one.sign(&json!({"iss": id, "sub": id, "aud": "http://localhost:8080", "jti": "late", "exp": NOW + 3_900}));
    let fields = [
        ("token", token.as_str()),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &late),
    ];
    inactive(&world.form_call(INTROSPECT, &fields).await);
}

#[tokio::test]
async fn a_bound_token_says_its_key_and_a_key_that_is_removed_ends_its_tokens() {
    let world = World::new().await;
    let (old, new, holder) = (
        SoftClient::p256(),
        SoftClient::ed25519(),
        SoftClient::p256(),
    );
    let id = world.make(&old, &["cases.read"], true).await;
    let proof = holder.proof(&json!({
        "jti": "p", "htm": "POST", "htu": "http://localhost:8080/oauth2/v1/token", "iat": NOW,
    }));
    let asked = asking(&old.sign(&claims(&id, "1")), "cases.read");
    let token = world
        .token_call(asked, &[("dpop", &proof)])
        .await
        .access_token();
    let keys = format!("{CLIENTS}/{id}/keys");
    let read = world
        .post(&world.tokens.dana, &keys, &new.jwk())
        .await
        .with(200);
    let told = world.asks((&new, &id), "2", &token).await.with(200);
    assert_eq!(
        (&told["active"], &told["token_type"]),
        (&json!(true), &json!("DPoP"))
    );
    assert!(
        told["cnf"]["jkt"]
            .as_str()
            .is_some_and(|key| key.len() == 43)
    );
    let mut known = read["keys"].as_array().unwrap().iter();
    let of_old = known.find(|key| key["jwk"] == old.jwk()).unwrap();
    let gone = format!("{keys}/{}", of_old["thumbprint"].as_str().unwrap());
    world
        .call(&world.tokens.dana, "DELETE", &gone, None)
        .await
        .with(200);
    inactive(&world.asks((&new, &id), "3", &token).await);
}

#[tokio::test]
async fn who_asks_has_to_show_who_they_are_each_time_anew() {
    let world = World::new().await;
    let soft = SoftClient::p256();
    let id = world.make(&soft, &["cases.read"], false).await;
    for path in [INTROSPECT, REVOKE] {
        let first = world.authenticated(path, (&soft, &id), path, "cat_x").await;
        assert_eq!(first.status, 200);
        let again = world.authenticated(path, (&soft, &id), path, "cat_x").await;
        assert!(again.oauth(401, "invalid_client").contains("used before"));
        // Signed by another key, by none, and for another server.
        let stranger = SoftClient::p256();
        let forged = world
            .authenticated(path, (&stranger, &id), "f", "cat_x")
            .await;
        forged.oauth(401, "invalid_client");
        let unsigned = soft.sign_as(&json!({"alg": "none"}), &claims(&id, "u"));
        let elsewhere = soft.sign(&json!({"iss": id, "sub": id, "aud": "https://other.test", "jti": "e", "exp": NOW + 60}));
        for assertion in [unsigned, elsewhere] {
            let fields = [
                ("token", "cat_x"),
                ("client_assertion_type", ASSERTION),
                ("client_assertion", assertion.as_str()),
            ];
            world
                .form_call(path, &fields)
                .await
                .oauth(401, "invalid_client");
        }
        world
            .form_call(path, &[("token", "cat_x")])
            .await
            .oauth(400, "invalid_request");
        world
            .form_call(path, &[("client_id", &id)])
            .await
            .oauth(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_client_ends_its_own_tokens_and_no_others() {
    let world = World::new().await;
    let (one, other) = (SoftClient::p256(), SoftClient::p256());
    let id = world.make(&one, &["cases.read"], false).await;
    let another = world.make(&other, &["cases.read"], false).await;
    let asked = asking(&one.sign(&claims(&id, "1")), "cases.read");
    let token = world.token_call(asked, &[]).await.access_token();
    let ended = world
        .authenticated(REVOKE, (&other, &another), "1", &token)
        .await;
    assert_eq!((ended.status.as_u16(), ended.text.as_str()), (200, ""));
    world.get(&token, "/api/v1/cases").await.with(200);
    for jti in ["2", "3"] {
        let ended = world.authenticated(REVOKE, (&one, &id), jti, &token).await;
        assert_eq!((ended.status.as_u16(), ended.text.as_str()), (200, ""));
        assert_eq!(world.get(&token, "/api/v1/cases").await.status, 401);
    }
    inactive(&world.asks((&one, &id), "4", &token).await);
    let people = world
        .authenticated(REVOKE, (&one, &id), "5", &world.tokens.dana)
        .await;
    people.oauth(400, "unsupported_token_type");
    world.get(&world.tokens.dana, "/api/v1/me").await.with(200);
}

/// The product asks, with the scope for it, and hears of the tokens of its org until the moment access ends.
#[tokio::test]
async fn the_product_hears_of_exchanged_tokens_for_as_long_as_access_lasts() {
    let world = World::new().await;
    let soft = SoftClient::p256();
    let id = world.make(&soft, &["tokens.introspect"], false).await;
    let product = (&soft, id.as_str());
    let nosy = SoftClient::p256();
    let nosy_id = world.make(&nosy, &["cases.read", "log.read"], false).await;
    let elses = SoftClient::p256();
    let new = json!({"name": "Globex's", "scopes": ["tokens.introspect"], "jwks": elses.jwk()});
    let made = world
        .post(&world.tokens.grace, "/api/v1/orgs/globex/clients", &new)
        .await
        .with(200);
    let session = world.past_the_gateway().await;
    let answer = world.exchanged(&session).await;
    let token = answer["access_token"].as_str().unwrap();
    let told = world.asks(product, "1", token).await.with(200);
    assert_eq!(
        (&told["active"], &told["aud"]),
        (&json!(true), &json!(RESOURCE))
    );
    assert_eq!(told["act"], json!({"sub": "sam@vendor.test"}));
    assert_eq!(
        (&told["scope"], &told["token_type"]),
        (&json!("read"), &json!("Bearer"))
    );
    inactive(&world.asks((&nosy, &nosy_id), "1", token).await);
    let elses_id = made["id"].as_str().unwrap();
    inactive(&world.asks((&elses, elses_id), "1", token).await);
    // One that says the same and is another.
    let (head, rest) = token.split_once('.').unwrap();
    let (body, _) = rest.split_once('.').unwrap();
    inactive(&world.asks(product, "2", &format!("{head}.{body}.x")).await);
    // A session that ends takes its token along; so does each thing that ends access.
    let number = told["case"].as_str().unwrap().to_owned();
    world
        .call(
            &world.tokens.dana,
            "DELETE",
            &format!("/api/v1/cases/{number}/grant"),
            None,
        )
        .await
        .with(200);
    inactive(&world.asks(product, "3", token).await);
}

#[tokio::test]
async fn whatever_ends_access_ends_its_tokens() {
    let world = World::new().await;
    let soft = SoftClient::p256();
    let id = world.make(&soft, &["tokens.introspect"], false).await;
    let (dana, operator, sam) = (
        &world.tokens.dana,
        &world.tokens.operator,
        &world.tokens.sam,
    );
    type Ends = (&'static str, &'static str, Option<Value>);
    let ends: [(&str, Ends); 7] = [
        (dana, ("POST", "/api/v1/cases/{number}/close", None)),
        (
            operator,
            (
                "DELETE",
                "/api/v1/cases/{number}/team/sam@vendor.test",
                None,
            ),
        ),
        (dana, ("DELETE", "/api/v1/sessions/{sid}", None)),
        (sam, ("DELETE", "/api/v1/sessions/{sid}", None)),
        (
            operator,
            (
                "PUT",
                "/api/v1/orgs/acme/upstream",
                Some(json!({"origin": "http://127.0.0.1:9001"})),
            ),
        ),
        (
            operator,
            ("POST", "/api/v1/agents/sam@vendor.test/deactivate", None),
        ),
        (dana, ("POST", "/api/v1/orgs/acme/block", None)),
    ];
    for (at, (by, (method, path, body))) in ends.into_iter().enumerate() {
        let session = world.past_the_gateway().await;
        let answer = world.exchanged(&session).await;
        let token = answer["access_token"].as_str().unwrap();
        let told = world
            .asks((&soft, &id), &format!("a{at}"), token)
            .await
            .with(200);
        let said = |name: &str| told[name].as_str().unwrap().to_owned();
        let path = path
            .replace("{number}", &said("case"))
            .replace("{sid}", &said("sid"));
        world.call(by, method, &path, body.as_ref()).await.with(200);
        inactive(&world.asks((&soft, &id), &format!("b{at}"), token).await);
        let again = "/api/v1/agents/sam@vendor.test/reactivate";
        world.call(operator, "POST", again, None).await.with(200);
    }
}

/// Whoever holds an exchanged token ends it; nobody learns from the answer whether there was one.
#[tokio::test]
async fn an_exchanged_token_is_ended_by_whoever_holds_it() {
    let world = World::new().await;
    let soft = SoftClient::p256();
    let id = world.make(&soft, &["tokens.introspect"], false).await;
    let session = world.past_the_gateway().await;
    let (one, other) = (
        world.exchanged(&session).await,
        world.exchanged(&session).await,
    );
    let token = one["access_token"].as_str().unwrap();
    let told = world.asks((&soft, &id), "1", token).await.with(200);
    let client = told["client_id"].as_str().unwrap();
    world
        .form_call(REVOKE, &[("token", token)])
        .await
        .oauth(401, "invalid_client");
    for _ in 0..2 {
        let fields = [("token", token), ("client_id", client)];
        let ended = world.form_call(REVOKE, &fields).await;
        assert_eq!((ended.status.as_u16(), ended.text.as_str()), (200, ""));
    }
    inactive(&world.asks((&soft, &id), "2", token).await);
    // The session goes on, and so does its other token.
    let other = other["access_token"].as_str().unwrap();
    assert_eq!(
        world.asks((&soft, &id), "3", other).await.with(200)["active"],
        true
    );
    let log = "/api/v1/orgs/acme/history?order=newest&limit=3";
    let log = world.get(&world.tokens.dana, log).await.with(200);
    let kinds: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["type"])
        .collect();
    assert_eq!(
        kinds,
        [
            "session.token_ended",
            "session.token_exchanged",
            "session.token_exchanged"
        ]
    );
}

/// Doubt is no yes (R19).
#[tokio::test]
async fn nothing_is_said_of_a_token_while_the_store_is_away() {
    let world = World::new().await;
    let soft = SoftClient::p256();
    let id = world.make(&soft, &["tokens.introspect"], false).await;
    world.store.set_unreachable(true);
    let asked = world.asks((&soft, &id), "1", "cat_x").await;
    asked.oauth(503, "temporarily_unavailable");
    world.store.set_unreachable(false);
    inactive(&world.asks((&soft, &id), "2", "cat_x").await);
}
