//! The authorization matrix for programs: each native scope opens what it is for and nothing else, and what is itself
//! an impersonation opens nothing (R3).

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_identity::soft_client::SoftClient;
use serde_json::json;

use crate::{
    exchanges::exchanging,
    matrix::{Row, content_type, table},
    world::World,
};

const CASES: [&str; 2] = ["GET /api/v1/cases", "GET /api/v1/cases/{number}"];
const GRANTS: [&str; 5] = [
    "PUT /api/v1/cases/{number}/grant",
    "DELETE /api/v1/cases/{number}/grant",
    "POST /api/v1/cases/{number}/grant/extend",
    "POST /api/v1/cases/{number}/self-assignment/approve",
    "DELETE /api/v1/cases/{number}/self-assignment",
];
const LOG: [&str; 3] = [
    "GET /api/v1/orgs/{slug}/entries",
    "GET /api/v1/orgs/{slug}/history",
    "GET /api/v1/orgs/{slug}/history/export",
];

impl World {
    /// What a row's call is answered with this token, in a case of its own.
    async fn answered(&self, row: &Row, token: &str) -> (u16, String) {
        let staged = self.stage(row.stage).await;
        let path = row
            .path
            .replace("{number}", &staged.number)
            .replace("{email}", &staged.email)
            .replace("{id}", &staged.id)
            .replace("{slug}", "acme")
            .replace("{thumbprint}", "none");
        let request = Request::builder()
            .method(row.method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let request = match (row.body)(&staged.number) {
            Some(body) => request
                .header(header::CONTENT_TYPE, content_type(row.path))
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        // A stream ends when the process stops, and otherwise never.
        self.stopping.send_replace(row.path.ends_with("/stream"));
        let answer = self.send(request.unwrap()).await;
        self.stopping.send_replace(false);
        (answer.status.as_u16(), answer.text)
    }
}

#[tokio::test]
async fn each_scope_opens_what_it_is_for_and_nothing_else() {
    let world = World::with(|settings| settings.session.per_agent = 1_000).await;
    let opened: [(&str, Vec<&str>); 4] = [
        ("cases.read", CASES.to_vec()),
        ("grants.manage", [CASES.as_slice(), &GRANTS].concat()),
        ("log.read", LOG.to_vec()),
        ("tokens.introspect", vec![]),
    ];
    let mut wrong = vec![];
    for (scope, opens) in opened {
        let token = world.client_token(&SoftClient::p256(), scope).await;
        for row in table() {
            let named = format!("{} {}", row.method, row.path);
            let expected = if opens.contains(&named.as_str()) {
                200
            } else {
                403
            };
            let (status, text) = world.answered(&row, &token).await;
            if status != expected {
                wrong.push(format!(
                    "{named} with {scope}: {status}, not {expected}: {text}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[tokio::test]
async fn a_token_past_the_gateway_opens_nothing_here() {
    let world = World::with(|settings| settings.session.per_agent = 1_000).await;
    let session = world.past_the_gateway().await;
    let answer = world.token_call(exchanging(&session, &world.tokens.sam), &[]);
    let token = answer.await.with(200)["access_token"].clone();
    let token = token.as_str().unwrap();
    let mut wrong = vec![];
    for row in table() {
        let (status, text) = world.answered(&row, token).await;
        if status != 403 {
            wrong.push(format!("{} {}: {status}: {text}", row.method, row.path));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    let shown = world.call(token, "GET", "/api/v1/me", None).await;
    shown.problem(403, "impersonation_cannot_act");
    let shown = Request::get("/api/v1/me").header(header::AUTHORIZATION, format!("DPoP {token}"));
    let shown = world.send(shown.body(Body::empty()).unwrap()).await;
    shown.problem(403, "impersonation_cannot_act");
    let minted = json!({"kind": "api_token"});
    let minted = world
        .call(token, "POST", "/api/v1/credentials", Some(&minted))
        .await;
    minted.problem(403, "impersonation_cannot_act");
}

/// A token counts at each API for what it says in that API's words.
#[tokio::test]
async fn scopes_of_one_api_open_nothing_at_the_other() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let native = world
        .client_token(&SoftClient::p256(), "grants.manage")
        .await;
    let oktas = world
        .client_token(&SoftClient::p256(), "okta.orgs.manage")
        .await;
    let refused = world
        .get(&native, crate::soft_clients::CASES)
        .await
        .with(403);
    assert_eq!(refused["errorCode"], "E0000006");
    let grant = format!("/api/v1/cases/{number}/grant");
    let refused = world.call(&oktas, "PUT", &grant, None).await;
    refused.problem(403, "scopes_not_here");
    let granted = world.call(&native, "PUT", &grant, None).await.with(200);
    assert_eq!(
        granted["impersonation"]["granted_by_client"]["name"],
        "Nightly review"
    );
    // What it is not for, it hears by this API's name.
    let read = world.client_token(&SoftClient::p256(), "cases.read").await;
    let refused = world.call(&read, "DELETE", &grant, None).await;
    let problem = refused.problem(403, "scope_missing");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("grants.manage")
    );
}
