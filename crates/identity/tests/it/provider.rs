//! An OpenID provider of our own making, that can be told to misbehave.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_app::{App, hash_secret};
use countersign_identity::Came;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

/// What it knows us by, and by which secret.
pub(crate) const CLIENT: &str = "countersign";
pub(crate) const SECRET: &str = "s3cret+/=";

/// A key of it.
#[derive(Clone)]
pub(crate) struct Key {
    id: String,
    sign: EncodingKey,
    public: Jwk,
}

impl Key {
    pub(crate) fn new(id: &str) -> Self {
        let document = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let sign = EncodingKey::from_ec_der(document.to_pkcs8v1().unwrap().as_ref());
        let mut public = Jwk::from_encoding_key(&sign, Algorithm::ES256).unwrap();
        public.common.key_id = Some(id.to_owned());
        Self {
            id: id.to_owned(),
            sign,
            public,
        }
    }
}

/// How it signs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Signs {
    /// As it must.
    #[default]
    Well,
    /// With another key under the name of its own.
    WithAnotherKey,
    /// Not at all (`none`).
    NotAtAll,
    /// With its public key as a shared secret (`HS256`).
    WithItsPublicKey,
}

/// What it does.
pub(crate) struct Plan {
    pub(crate) keys: Vec<Key>,
    /// Keys it signs with and does not publish yet.
    pub(crate) signs_with: Option<Key>,
    pub(crate) signs: Signs,
    /// Claims put over those that it would make; null takes one away.
    pub(crate) claims: Value,
    pub(crate) userinfo: Value,
    /// What its configuration says beside the endpoints.
    pub(crate) metadata: Value,
    pub(crate) down: bool,
    /// Now, in seconds.
    pub(crate) now: i64,
    codes: BTreeMap<String, (String, String)>,
    redeemed: usize,
    pub(crate) fetched: BTreeMap<&'static str, usize>,
}

/// It, listening.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    plan: Arc<Mutex<Plan>>,
    serving: JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

#[derive(Clone)]
struct Served {
    issuer: String,
    plan: Arc<Mutex<Plan>>,
}

impl Provider {
    pub(crate) async fn new(now: i64) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let plan = Arc::new(Mutex::new(Plan {
            keys: vec![Key::new("one")],
            signs_with: None,
            signs: Signs::default(),
            claims: json!({}),
            userinfo: json!({"sub": "1001"}),
            metadata: json!({}),
            down: false,
            now,
            codes: BTreeMap::new(),
            redeemed: 0,
            fetched: BTreeMap::new(),
        }));
        let served = Served {
            issuer: issuer.clone(),
            plan: Arc::clone(&plan),
        };
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .route("/moved", get(async || Redirect::temporary("/keys")))
            .with_state(served);
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, routes).await;
        });
        Self {
            issuer,
            plan,
            serving,
        }
    }

    pub(crate) fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap()
    }

    /// Somebody signs in at the address that they were sent to: what their browser brings back.
    pub(crate) fn sign_in(&self, to: &str) -> Came {
        let asked: BTreeMap<String, String> =
            Url::parse(to).unwrap().query_pairs().into_owned().collect();
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["client_id"], CLIENT);
        let mut plan = self.plan();
        let code = format!("code-{}", plan.codes.len() + plan.redeemed);
        let of = (asked["nonce"].clone(), asked["code_challenge"].clone());
        plan.codes.insert(code.clone(), of);
        Came {
            state: Some(asked["state"].clone()),
            code: Some(code),
            error: None,
            issuer: Some(self.issuer.clone()),
        }
    }
}

async fn configuration(State(served): State<Served>) -> Response {
    let issuer = &served.issuer;
    let mut plan = served.plan.lock().unwrap();
    *plan.fetched.entry("configuration").or_default() += 1;
    if plan.down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/end"),
    });
    Json(over(said, &plan.metadata)).into_response()
}

async fn keys(State(served): State<Served>) -> Response {
    let mut plan = served.plan.lock().unwrap();
    *plan.fetched.entry("keys").or_default() += 1;
    let mut keys: Vec<Value> = plan.keys.iter().map(|key| json!(key.public)).collect();
    // Some providers have keys of kinds that nobody here knows.
    keys.push(json!({"kty": "later", "kid": "unknown"}));
    Json(json!({ "keys": keys })).into_response()
}

async fn token(
    State(served): State<Served>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    let mut plan = served.plan.lock().unwrap();
    let refuse =
        |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let pair = format!("{CLIENT}:s3cret%2B%2F%3D");
    let basic = format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(pair)
    );
    if headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        != Some(&basic)
    {
        return refuse("invalid_client");
    }
    let Some((nonce, challenge)) = plan.codes.remove(&form["code"]) else {
        return refuse("invalid_grant");
    };
    plan.redeemed += 1;
    if App::hash_for_address(hash_secret(&form["code_verifier"])) != challenge {
        return refuse("invalid_grant");
    }
    Json(json!({
        "access_token": "at",
        "token_type": "Bearer",
        "id_token": id_token(&served.issuer, &plan, &nonce),
    }))
    .into_response()
}

async fn userinfo(State(served): State<Served>, headers: HeaderMap) -> Response {
    let plan = served.plan.lock().unwrap();
    if headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        != Some("Bearer at")
    {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(plan.userinfo.clone()).into_response()
}

impl Provider {
    /// A token that says that Dana has signed out there, with these claims over it.
    pub(crate) fn logout_token(&self, kind: &str, claims: &Value) -> String {
        let plan = self.plan();
        let said = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": "1001", "jti": "one",
            "iat": plan.now, "exp": plan.now + 120,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        });
        let key = &plan.keys[0];
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(key.id.clone());
        header.typ = Some(kind.to_owned());
        encode(&header, &over(said, claims), &key.sign).unwrap()
    }
}

fn id_token(issuer: &str, plan: &Plan, nonce: &str) -> String {
    let key = plan.signs_with.as_ref().unwrap_or(&plan.keys[0]);
    let claims = json!({
        "iss": issuer, "aud": CLIENT, "sub": "1001", "nonce": nonce,
        "iat": plan.now, "exp": plan.now + 300,
        "email": "dana@acme.test", "email_verified": true,
    });
    let claims = over(claims, &plan.claims);
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(key.id.clone());
    match plan.signs {
        Signs::Well => encode(&header, &claims, &key.sign).unwrap(),
        Signs::WithAnotherKey => encode(&header, &claims, &Key::new("x").sign).unwrap(),
        Signs::WithItsPublicKey => {
            header.alg = Algorithm::HS256;
            let secret = json!(key.public).to_string();
            encode(
                &header,
                &claims,
                &EncodingKey::from_secret(secret.as_bytes()),
            )
            .unwrap()
        }
        Signs::NotAtAll => {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!(
                "{}.{}.",
                part(&json!({"alg": "none", "kid": key.id})),
                part(&claims)
            )
        }
    }
}

fn over(mut said: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        match value {
            Value::Null => _ = said.as_object_mut().unwrap().remove(name),
            value => said[name] = value.clone(),
        }
    }
    said
}
