//! The token endpoint for service clients (RFC 6749 section 4.4), at the address that Okta's clients call, and the
//! metadata that says so (RFC 8414). Its errors are those of RFC 6749 section 5.2.

use std::collections::BTreeMap;

use axum::{
    Form, Json,
    body::{Body, to_bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use countersign_domain::{Actor, Scope};
use countersign_identity::{ALGORITHMS, Call, Issued, TOKEN_LASTS, TokenRefusal, TokenRequest};
use serde::Serialize;

use crate::{
    body::{LIMIT, content_type},
    caller::{Here, here, within_quota},
    limits::Meter,
    problem::Problem,
    router::Served,
};

/// Where the token endpoint is.
pub(crate) const TOKEN: &str = "/oauth2/v1/token";

const FORM: &str = "application/x-www-form-urlencoded";
const GRANT: &str = "client_credentials";
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const DPOP: HeaderName = HeaderName::from_static("dpop");

/// The metadata of this server (RFC 8414 section 2).
#[derive(Debug, Serialize)]
pub(crate) struct Metadata {
    issuer: String,
    token_endpoint: String,
    grant_types_supported: [&'static str; 1],
    response_types_supported: [&'static str; 0],
    scopes_supported: [&'static str; 3],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 9],
    dpop_signing_alg_values_supported: [&'static str; 9],
}

/// An access token (RFC 6749 section 5.1).
#[derive(Debug, Serialize)]
struct TokenView<'a> {
    token_type: &'static str,
    expires_in: i64,
    access_token: &'a str,
    scope: String,
}

/// Why there is none.
#[derive(Debug, Serialize)]
struct OAuthError {
    error: &'static str,
    error_description: String,
}

pub(crate) async fn metadata(Here(address): Here) -> Json<Metadata> {
    let issuer = address.url.to_string();
    Json(Metadata {
        token_endpoint: format!("{issuer}{TOKEN}"),
        issuer,
        grant_types_supported: [GRANT],
        response_types_supported: [],
        scopes_supported: Scope::ALL.map(Scope::as_str),
        token_endpoint_auth_methods_supported: ["private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
        dpop_signing_alg_values_supported: ALGORITHMS,
    })
}

pub(crate) async fn token(served: Served, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let asked = match form(&parts, body).await.and_then(|form| read(&parts, form)) {
        Ok(asked) => asked,
        Err(error) => return stranger(&served, &parts, error),
    };
    let here = here(&parts, &served);
    let issuer = here.url.to_string();
    let url = format!("{issuer}{TOKEN}");
    let audience = [url.clone(), format!("{issuer}/"), issuer];
    let request = TokenRequest {
        assertion: &asked.assertion,
        client: asked.client.as_deref(),
        scope: &asked.scope,
        proof: asked.proof.as_deref(),
        call: Call {
            method: parts.method.as_str(),
            url: &url,
        },
        audience: &audience,
    };
    let identity = served.identity.at(&here);
    let shown = match identity.client_shown(request).await {
        Ok(shown) => shown,
        Err(refusal) => return refused(&served, &parts, refusal),
    };
    // Before anything is used up or kept: calls beyond the quota cost the store nothing.
    if let Err(problem) = within_quota(&parts, &served, shown.actor(), false) {
        return too_often(&problem);
    }
    match identity.client_token(shown).await {
        Ok(issued) => good(&issued),
        Err(TokenRefusal::InvalidProof(_, what)) => {
            OAuthError::new("invalid_dpop_proof", what).into_response()
        }
        Err(refusal) => refused(&served, &parts, refusal),
    }
}

/// Why there is no token, counted.
fn refused(served: &Served, parts: &Parts, refusal: TokenRefusal) -> Response {
    match refusal {
        TokenRefusal::InvalidClient(what) => {
            stranger(served, parts, OAuthError::new("invalid_client", what))
        }
        TokenRefusal::InvalidScope(actor, what) => counted(served, parts, actor, || {
            OAuthError::new("invalid_scope", what).into_response()
        }),
        TokenRefusal::InvalidProof(actor, what) => counted(served, parts, actor, || {
            OAuthError::new("invalid_dpop_proof", what).into_response()
        }),
        TokenRefusal::Unavailable(why) => {
            tracing::warn!(why, "answered 503");
            OAuthError::new(
                "temporarily_unavailable",
                "The store cannot be reached: try again in a moment.".to_owned(),
            )
            .into_response()
        }
    }
}

/// What a call asks for, in a form that can be an answer's beginning.
struct Asked {
    assertion: String,
    client: Option<String>,
    scope: String,
    proof: Option<String>,
}

/// The parameters of the form. One that is there twice could be read differently by two readers (RFC 6749 section
/// 3.2).
async fn form(parts: &Parts, body: Body) -> Result<BTreeMap<String, String>, OAuthError> {
    if content_type(&parts.headers).as_deref() != Some(FORM) {
        return Err(OAuthError::request(format!(
            "Send the parameters as a form: Content-Type must be {FORM}."
        )));
    }
    let bytes = to_bytes(body, LIMIT)
        .await
        .map_err(|_| OAuthError::request(format!("The form must have at most {LIMIT} bytes.")))?;
    let request = Request::from_parts(parts.clone(), Body::from(bytes));
    let Form(pairs): Form<Vec<(String, String)>> = Form::from_request(request, &())
        .await
        .map_err(|_| OAuthError::request("The form cannot be read.".to_owned()))?;
    let mut form = BTreeMap::new();
    for (name, value) in pairs {
        if form.insert(name, value).is_some() {
            return Err(OAuthError::request(
                "A parameter is there more than once.".to_owned(),
            ));
        }
    }
    Ok(form)
}

fn read(parts: &Parts, mut form: BTreeMap<String, String>) -> Result<Asked, OAuthError> {
    // A parameter without a value is as one that is left out (RFC 6749 section 3.2).
    let mut take = |name: &str| form.remove(name).filter(|value| !value.is_empty());
    match take("grant_type").as_deref() {
        Some(GRANT) => {}
        None => return Err(OAuthError::request(format!("Send grant_type={GRANT}."))),
        Some(_) => {
            return Err(OAuthError::new(
                "unsupported_grant_type",
                format!("The only grant_type here is {GRANT}."),
            ));
        }
    }
    if parts.headers.contains_key(header::AUTHORIZATION) || take("client_secret").is_some() {
        return Err(OAuthError::new(
            "invalid_client",
            "Service clients have no secret: send a client_assertion (private_key_jwt) and no Authorization.".to_owned(),
        ));
    }
    if take("client_assertion_type").as_deref() != Some(ASSERTION) {
        return Err(OAuthError::request(format!(
            "Send client_assertion_type={ASSERTION}."
        )));
    }
    let assertion = take("client_assertion").ok_or_else(|| {
        OAuthError::request(
            "Send client_assertion: a JWT signed with a key of the service client.".to_owned(),
        )
    })?;
    Ok(Asked {
        assertion,
        client: take("client_id"),
        scope: take("scope").unwrap_or_default(),
        proof: proof(&parts.headers)?,
    })
}

fn proof(headers: &HeaderMap) -> Result<Option<String>, OAuthError> {
    let mut values = headers.get_all(DPOP).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => one.to_str().map(|text| Some(text.to_owned())).map_err(|_| {
            OAuthError::new(
                "invalid_dpop_proof",
                "The DPoP header cannot be read.".to_owned(),
            )
        }),
        (Some(_), Some(_)) => Err(OAuthError::new(
            "invalid_dpop_proof",
            "There is more than one DPoP header.".to_owned(),
        )),
    }
}

/// Counts a call of a client, of which it has a quota like everybody.
fn counted(
    served: &Served,
    parts: &Parts,
    actor: Actor,
    answer: impl FnOnce() -> Response,
) -> Response {
    match within_quota(parts, served, actor, false) {
        Ok(()) => answer(),
        Err(problem) => too_often(&problem),
    }
}

/// Counts a call of nobody good against its address. A client whose assertion is good is let in from there all
/// the same.
fn stranger(served: &Served, parts: &Parts, error: OAuthError) -> Response {
    let counted = served.limits.stranger(parts);
    Meter::note(parts, counted);
    if counted.level.allowed {
        error.into_response()
    } else {
        too_often(&Problem::too_often(&counted))
    }
}

fn too_often(problem: &Problem) -> Response {
    let error = OAuthError::new("temporarily_unavailable", problem.detail().to_owned());
    (problem.status(), Json(error)).into_response()
}

fn good(issued: &Issued) -> Response {
    Json(TokenView {
        token_type: if issued.bound { "DPoP" } else { "Bearer" },
        expires_in: TOKEN_LASTS.as_millis() / 1_000,
        access_token: issued.token.expose(),
        scope: issued.scopes.to_string(),
    })
    .into_response()
}

impl OAuthError {
    fn new(error: &'static str, error_description: String) -> Self {
        Self {
            error,
            error_description,
        }
    }

    fn request(error_description: String) -> Self {
        Self::new("invalid_request", error_description)
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let status = match self.error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            "temporarily_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        let mut response = (status, Json(self)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            let soon = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
        response
    }
}
