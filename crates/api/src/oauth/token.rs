//! The token endpoint: for service clients (RFC 6749 section 4.4), and for agents who exchange a session (RFC 8693).

use axum::{
    Json,
    extract::Request,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use countersign_identity::{Call, Issued, ShownAssertion, TOKEN_LASTS, TokenRefusal, TokenRequest};
use serde::Serialize;

use super::{
    CLIENT_CREDENTIALS, TOKEN, TOKEN_EXCHANGE,
    error::{OAuthError, refused, stranger, too_often},
    exchange::exchange,
    form::{Endpoint, Fields, proof},
};
use crate::{
    caller::{here, within_quota},
    router::Served,
};

/// An access token (RFC 6749 section 5.1).
#[derive(Debug, Serialize)]
pub(super) struct TokenView<'a> {
    pub(super) token_type: &'static str,
    pub(super) expires_in: i64,
    pub(super) access_token: &'a str,
    pub(super) scope: String,
    /// What kind of token it is, where one was exchanged (RFC 8693 section 2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issued_token_type: Option<&'static str>,
}

/// What a service client asks for, in a form that can be an answer's beginning.
struct Asked {
    assertion: String,
    client: Option<String>,
    scope: String,
    proof: Option<String>,
}

pub(crate) async fn token(served: Served, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut fields = match Fields::read(&parts, body).await {
        Ok(fields) => fields,
        Err(error) => return stranger(&served, &parts, error),
    };
    match fields.take("grant_type").as_deref() {
        Some(CLIENT_CREDENTIALS) => client_credentials(&served, &parts, fields).await,
        Some(TOKEN_EXCHANGE) => exchange(&served, &parts, fields).await,
        None => {
            let what = format!("Send grant_type={CLIENT_CREDENTIALS} or {TOKEN_EXCHANGE}.");
            stranger(&served, &parts, OAuthError::request(what))
        }
        Some(_) => {
            let what = format!("grant_type must be {CLIENT_CREDENTIALS} or {TOKEN_EXCHANGE}.");
            let error = OAuthError::new("unsupported_grant_type", what);
            stranger(&served, &parts, error)
        }
    }
}

async fn client_credentials(served: &Served, parts: &Parts, fields: Fields) -> Response {
    let asked = match read(parts, fields) {
        Ok(asked) => asked,
        Err(error) => return stranger(served, parts, error),
    };
    let endpoint = Endpoint::of(parts, served, TOKEN);
    let request = TokenRequest {
        shown: ShownAssertion {
            assertion: &asked.assertion,
            client: asked.client.as_deref(),
            audience: &endpoint.audience,
        },
        scope: &asked.scope,
        proof: asked.proof.as_deref(),
        call: Call {
            method: parts.method.as_str(),
            url: &endpoint.url,
        },
    };
    let identity = served.identity.at(&here(parts, served));
    let shown = match identity.client_shown(request).await {
        Ok(shown) => shown,
        Err(refusal) => return refused(served, parts, refusal),
    };
    // Before anything is used up or kept: calls beyond the quota cost the store nothing.
    if let Err(problem) = within_quota(parts, served, shown.actor(), false) {
        return too_often(&problem);
    }
    match identity.client_token(shown).await {
        Ok(issued) => good(&issued),
        Err(TokenRefusal::InvalidProof(_, what)) => OAuthError::proof(&what).into_response(),
        Err(refusal) => refused(served, parts, refusal),
    }
}

fn read(parts: &Parts, mut fields: Fields) -> Result<Asked, OAuthError> {
    Ok(Asked {
        assertion: fields.assertion(parts)?,
        client: fields.take("client_id"),
        scope: fields.take("scope").unwrap_or_default(),
        proof: proof(parts)?,
    })
}

fn good(issued: &Issued) -> Response {
    Json(TokenView {
        token_type: if issued.bound { "DPoP" } else { "Bearer" },
        expires_in: TOKEN_LASTS.as_millis() / 1_000,
        access_token: issued.token.expose(),
        scope: issued.scopes.to_string(),
        issued_token_type: None,
    })
    .into_response()
}
