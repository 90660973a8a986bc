//! What a token is worth (RFC 7662), and ending one (RFC 7009).

use axum::{
    Json,
    extract::Request,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use countersign_app::GoodToken;
use countersign_domain::Actor;
use countersign_identity::{
    AuthenticatedClient, Identity, ShownAssertion, TokenRead, is_access_token, is_api_token,
};
use serde_json::{Map, Value, json};

use super::{
    INTROSPECT, REVOKE,
    error::{OAuthError, refused, stranger, too_often},
    form::{Endpoint, Fields},
};
use crate::{
    caller::{here, within_quota},
    router::Served,
};

pub(crate) async fn introspect(served: Served, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let read: Result<_, OAuthError> = async {
        let mut fields = Fields::read(&parts, body).await?;
        let token = fields.need("token", "the token that is asked about")?;
        Ok((token, fields))
    }
    .await;
    let (token, fields) = match read {
        Ok(read) => read,
        Err(error) => return stranger(&served, &parts, error),
    };
    let identity = served.identity.at(&here(&parts, &served));
    let by = match authenticated(&served, &parts, &identity, fields, INTROSPECT).await {
        Ok(by) => by,
        Err(response) => return *response,
    };
    let issuer = here(&parts, &served).url;
    match identity.introspect(&by, &token).await {
        Ok(read) => Json(told(read, &issuer)).into_response(),
        Err(failure) => OAuthError::failed(&failure).into_response(),
    }
}

/// What is said of a token; of one that is not good, for whatever reason, that and nothing else (RFC 7662 section 2.2).
fn told(read: Option<TokenRead>, issuer: &str) -> Value {
    match read {
        None => json!({"active": false}),
        Some(TokenRead::Exchanged(claims)) => {
            let bound = claims.contains_key("cnf");
            let said = [("active", json!(true)), ("token_type", kind(bound))];
            let said = said.map(|(name, value)| (name.to_owned(), value));
            Value::Object(claims.into_iter().chain(said).collect())
        }
        Some(TokenRead::OfClient {
            client,
            scopes,
            issued_at,
            expires_at,
            bound_to,
        }) => {
            let mut said = json!({
                "active": true, "iss": issuer, "client_id": client.to_string(), "sub": client.to_string(),
                "scope": scopes.to_string(), "token_type": kind(bound_to.is_some()),
                "iat": issued_at.as_millis().div_euclid(1_000),
                "exp": expires_at.as_millis().div_euclid(1_000),
            });
            if let (Some(key), Some(said)) = (bound_to, said.as_object_mut()) {
                let key = Map::from_iter([("jkt".to_owned(), json!(key.as_str()))]);
                said.insert("cnf".to_owned(), Value::Object(key));
            }
            said
        }
    }
}

fn kind(bound: bool) -> Value {
    json!(if bound { "DPoP" } else { "Bearer" })
}

pub(crate) async fn revoke(served: Served, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let read: Result<_, OAuthError> = async {
        let mut fields = Fields::read(&parts, body).await?;
        let token = fields.need("token", "the token that is to end")?;
        if is_api_token(&token) {
            return Err(OAuthError::new(
                "unsupported_token_type",
                "An API token is not ended here: its owner revokes it with DELETE /api/v1/credentials/{id}, or in the console.",
            ));
        }
        Ok((token, fields))
    }
    .await;
    let (token, mut fields) = match read {
        Ok(read) => read,
        Err(error) => return stranger(&served, &parts, error),
    };
    let identity = served.identity.at(&here(&parts, &served));
    if !fields.authenticates(&parts) && !is_access_token(&token) {
        let client = fields.take("client_id");
        return by_its_holder(&served, &parts, &token, client.as_deref()).await;
    }
    let by = match authenticated(&served, &parts, &identity, fields, REVOKE).await {
        Ok(by) => by,
        Err(response) => return *response,
    };
    match identity.end_own_token(&by, &token).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => OAuthError::unavailable(&error.0).into_response(),
    }
}

/// Ends a token that an agent exchanged, for whoever holds it: a public client says which it is (RFC 7009 section 2.1),
/// and a token that was found is ended by whoever finds it. It takes away and gives nothing. That a token is none, or
/// not good any more, is no error (section 2.2).
async fn by_its_holder(
    served: &Served,
    parts: &Parts,
    token: &str,
    client: Option<&str>,
) -> Response {
    let good = match served.app.exchanged(token).await {
        Ok(good) => good,
        Err(failure) => return OAuthError::failed(&failure).into_response(),
    };
    let is_clients = |good: &GoodToken| client == Some(good.agent.to_string().as_str());
    let Some(good) = good else {
        // Where somebody else is just ending it, the answer waits for them.
        return match served.app.ended_everywhere().await {
            Ok(()) => stranger(served, parts, StatusCode::OK),
            Err(failure) => OAuthError::failed(&failure).into_response(),
        };
    };
    if !is_clients(&good) {
        let what = "Send client_id: it stands in the token.";
        return stranger(served, parts, OAuthError::new("invalid_client", what));
    }
    let actor = Actor::Agent { id: good.agent };
    if let Err(problem) = within_quota(parts, served, actor, true) {
        return too_often(&problem);
    }
    match served.app.end_exchanged(&good).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(failure) => OAuthError::failed(&failure).into_response(),
    }
}

/// The service client that a call is by, counted, and its assertion used up.
async fn authenticated(
    served: &Served,
    parts: &Parts,
    identity: &Identity,
    mut fields: Fields,
    path: &str,
) -> Result<AuthenticatedClient, Box<Response>> {
    let assertion = fields
        .assertion(parts)
        .map_err(|error| Box::new(stranger(served, parts, error)))?;
    let client = fields.take("client_id");
    let endpoint = Endpoint::of(parts, served, path);
    let by = identity
        .client_of(ShownAssertion {
            assertion: &assertion,
            client: client.as_deref(),
            audience: &endpoint.audience,
        })
        .await
        .map_err(|refusal| Box::new(refused(served, parts, refusal)))?;
    // Whatever is taken away with it, it is the client's own.
    within_quota(parts, served, by.actor(), path == REVOKE)
        .map_err(|problem| Box::new(too_often(&problem)))?;
    identity
        .use_assertion(&by)
        .await
        .map_err(|refusal| Box::new(refused(served, parts, refusal)))?;
    Ok(by)
}
