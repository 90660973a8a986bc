//! Token exchange (RFC 8693): an agent gets an access token past the gateway for a running session. Errors are those of
//! its section 2.2.2: whatever is wrong with the tokens is `invalid_request`, and with the resource `invalid_target`.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use countersign_app::Failure;
use countersign_domain::{Refusal, Resource, Session};
use countersign_identity::{Call, ExchangeRefusal, ExchangeRequest};
use countersign_web::refusals::sentence;

use super::{
    TOKEN,
    error::{OAuthError, counted, stranger, too_often},
    form::{Endpoint, Fields, proof},
    token::TokenView,
};
use crate::{
    caller::{here, within_quota},
    router::Served,
};

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const READ: &str = "read";

/// What an agent asks for.
struct Asked {
    subject_token: String,
    actor_token: String,
    resource: Resource,
    issued: &'static str,
    client: Option<String>,
    proof: Option<String>,
}

pub(super) async fn exchange(served: &Served, parts: &Parts, fields: Fields) -> Response {
    let asked = match read(parts, fields) {
        Ok(asked) => asked,
        Err(error) => return stranger(served, parts, error),
    };
    let endpoint = Endpoint::of(parts, served, TOKEN);
    let identity = served.identity.at(&here(parts, served));
    let request = ExchangeRequest {
        subject_token: &asked.subject_token,
        actor_token: &asked.actor_token,
        client: asked.client.as_deref(),
        proof: asked.proof.as_deref(),
        call: Call {
            method: parts.method.as_str(),
            url: &endpoint.url,
        },
    };
    let shown = match identity.agent_shown(request).await {
        Ok(shown) => shown,
        Err(refusal) => return refused(served, parts, refusal),
    };
    // Before anything is used up or kept: calls beyond the quota cost the store nothing.
    if let Err(problem) = within_quota(parts, served, shown.actor(), false) {
        return too_often(&problem);
    }
    let exchanged = identity
        .exchange(
            &shown,
            &asked.subject_token,
            &asked.resource,
            &endpoint.issuer,
        )
        .await;
    match exchanged {
        Ok(exchanged) => Json(TokenView {
            token_type: if shown.is_bound() { "DPoP" } else { "Bearer" },
            expires_in: exchanged.expires_in,
            access_token: &exchanged.token,
            scope: READ.to_owned(),
            issued_token_type: Some(asked.issued),
        })
        .into_response(),
        Err(ExchangeRefusal::Failed(Failure::Refused(refusal))) => by_rule(&refusal),
        Err(ExchangeRefusal::Failed(failure)) => OAuthError::failed(&failure).into_response(),
        Err(refusal) => words(&refusal).into_response(),
    }
}

fn read(parts: &Parts, mut fields: Fields) -> Result<Asked, OAuthError> {
    if fields.authenticates(parts) {
        return Err(OAuthError::new(
            "unauthorized_client",
            "Only the agent exchanges their session, and no service client does for them: send no client assertion, \
             secret or Authorization; the actor_token says who calls.",
        ));
    }
    let typed = |fields: &mut Fields, name: &str, what: &str| {
        let token = fields.need(name, what)?;
        let kind = fields.take(&format!("{name}_type"));
        if kind.as_deref() == Some(ACCESS_TOKEN) {
            Ok(token)
        } else {
            let what = format!("Send {name}_type={ACCESS_TOKEN}.");
            Err(OAuthError::request(what))
        }
    };
    let subject_token = typed(
        &mut fields,
        "subject_token",
        "the token of the running session, which its start answered (csi_)",
    )?;
    let actor_token = typed(
        &mut fields,
        "actor_token",
        "the API token of the agent whose session it is (cst_)",
    )?;
    let issued = match fields.take("requested_token_type").as_deref() {
        None | Some(ACCESS_TOKEN) => ACCESS_TOKEN,
        Some(JWT) => JWT,
        Some(_) => {
            let what = format!("requested_token_type must be {ACCESS_TOKEN} or {JWT}.");
            return Err(OAuthError::request(what));
        }
    };
    if fields.take("scope").is_some_and(|scope| scope != READ) {
        let what = format!("The only scope of such a token is {READ}: leave scope out.");
        return Err(OAuthError::new("invalid_scope", what));
    }
    Ok(Asked {
        subject_token,
        actor_token,
        resource: resource(&mut fields)?,
        issued,
        client: fields.take("client_id"),
        proof: proof(parts)?,
    })
}

/// What the token is to be for: by either name, or by both if they say the same.
fn resource(fields: &mut Fields) -> Result<Resource, OAuthError> {
    let (resource, audience) = (fields.take("resource"), fields.take("audience"));
    let target = |what: &str| OAuthError::new("invalid_target", what);
    let named = match (resource, audience) {
        (Some(one), Some(other)) if one != other => {
            return Err(target(
                "A token is for one resource: resource and audience differ.",
            ));
        }
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => {
            return Err(OAuthError::request(
                "Send resource: the address of the product's API, as the vendor has set it.",
            ));
        }
    };
    Resource::parse(&named).map_err(|error| target(&format!("The resource {error}.")))
}

fn refused(served: &Served, parts: &Parts, refusal: ExchangeRefusal) -> Response {
    match refusal {
        ExchangeRefusal::Stranger(_) => stranger(served, parts, words(&refusal)),
        ExchangeRefusal::Agent(actor, _) | ExchangeRefusal::Proof(actor, _) => {
            counted(served, parts, actor, words(&refusal))
        }
        ExchangeRefusal::Failed(failure) => OAuthError::failed(&failure).into_response(),
    }
}

fn words(refusal: &ExchangeRefusal) -> OAuthError {
    match refusal {
        ExchangeRefusal::Stranger(what) | ExchangeRefusal::Agent(_, what) => {
            OAuthError::request(*what)
        }
        ExchangeRefusal::Proof(_, what) => {
            OAuthError::proof(&format!("The DPoP proof is not good: {what}."))
        }
        ExchangeRefusal::Failed(failure) => OAuthError::failed(failure),
    }
}

fn by_rule(refusal: &Refusal) -> Response {
    match refusal {
        Refusal::NoTokensHere | Refusal::NotTheResource | Refusal::NoUpstream => {
            OAuthError::new("invalid_target", sentence(refusal)).into_response()
        }
        Refusal::SessionNotFound => OAuthError::request(
            "The subject_token is no token of a session of this agent's that runs now: start one, and send the token \
             that its start answers.",
        )
        .into_response(),
        Refusal::TooManyTokens => {
            let error = OAuthError::new("temporarily_unavailable", sentence(refusal));
            let mut response = error.into_response();
            *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            let seconds = HeaderValue::from(Session::TOKEN.as_millis() / 1_000);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
            response
        }
        refusal => OAuthError::request(sentence(refusal)).into_response(),
    }
}
