//! Service clients as tests play them: made by Dana, with keys in memory.

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_identity::soft_client::SoftClient;
use serde_json::{Value, json};

use crate::{probe::Answer, world::World};

pub(crate) const TOKEN: &str = "http://localhost:8080/oauth2/v1/token";
pub(crate) const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
pub(crate) const CASES: &str = "/api/v1/org/privacy/oktaSupport/cases";
pub(crate) const CLIENTS: &str = "/api/v1/orgs/acme/clients";
/// What the clock of a world shows when it begins, a minute after its people were made.
pub(crate) const NOW: i64 = 1_893_456_060;

pub(crate) fn claims(id: &str, jti: &str) -> Value {
    json!({"iss": id, "sub": id, "aud": TOKEN, "jti": jti, "iat": NOW, "exp": NOW + 300})
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            match byte {
                b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' => {
                    out.push(char::from(byte));
                }
                other => out.push_str(&format!("%{other:02X}")),
            }
            out
        })
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

pub(crate) fn asking(assertion: &str, scope: &str) -> String {
    form(&[
        ("grant_type", "client_credentials"),
        ("scope", scope),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", assertion),
    ])
}

impl Answer {
    /// An error as RFC 6749 has it.
    #[track_caller]
    pub(crate) fn oauth(&self, status: u16, error: &str) -> String {
        let body = self.with(status);
        assert_eq!(body["error"], error, "{self:?}");
        assert_eq!(self.header("cache-control"), "no-store");
        body["error_description"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn access_token(&self) -> String {
        let body = self.with(200);
        assert_eq!(body["expires_in"], 3_600);
        assert_eq!(self.header("cache-control"), "no-store");
        body["access_token"].as_str().unwrap().to_owned()
    }
}

impl World {
    pub(crate) async fn token_call(&self, body: String, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post("/oauth2/v1/token");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// A service client of Acme that Dana makes; its id.
    pub(crate) async fn make(&self, soft: &SoftClient, scopes: &[&str], dpop: bool) -> String {
        let new = json!({
            "name": "Nightly review", "scopes": scopes, "jwks": {"keys": [soft.jwk()]},
            "dpop_bound_access_tokens": dpop,
        });
        let made = self.post(&self.tokens.dana, CLIENTS, &new).await.with(200);
        made["id"].as_str().unwrap().to_owned()
    }

    /// An access token of a new service client of Acme.
    pub(crate) async fn client_token(&self, soft: &SoftClient, scope: &str) -> String {
        let id = self.make(soft, &[scope], false).await;
        let assertion = soft.sign(&claims(&id, "first"));
        let answer = self.token_call(asking(&assertion, scope), &[]).await;
        answer.access_token()
    }

    /// A service client of Acme that is about to be changed or removed; the same one while it is there.
    pub(crate) async fn staged_client(&self) -> String {
        let listed = self.get(&self.tokens.dana, CLIENTS).await.with(200);
        let staged = listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == "Staged");
        if let Some(one) = staged {
            return one["id"].as_str().unwrap().to_owned();
        }
        let new = json!({
            "name": "Staged", "scopes": ["okta.orgs.read"], "jwks": SoftClient::p256().jwk(),
        });
        let made = self
            .post(&self.tokens.operator, CLIENTS, &new)
            .await
            .with(200);
        made["id"].as_str().unwrap().to_owned()
    }
}
