//! OAuth 2.0: the token endpoint, what a token is worth, ending one, and the metadata that says where all that is
//! (RFC 8414). The addresses are those that Okta's clients call; errors are those of RFC 6749 section 5.2.

mod error;
mod exchange;
mod form;
mod introspection;
mod token;

use axum::Json;
use countersign_domain::Scope;
use countersign_identity::ALGORITHMS;
use serde::Serialize;

use crate::caller::Here;

pub(crate) use introspection::{introspect, revoke};
pub(crate) use token::token;

/// Where the token endpoint is.
pub(crate) const TOKEN: &str = "/oauth2/v1/token";
/// Where it is said what a token is worth.
pub(crate) const INTROSPECT: &str = "/oauth2/v1/introspect";
/// Where tokens are ended.
pub(crate) const REVOKE: &str = "/oauth2/v1/revoke";

const CLIENT_CREDENTIALS: &str = "client_credentials";
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const PRIVATE_KEY_JWT: &str = "private_key_jwt";

/// The metadata of this server (RFC 8414 section 2).
#[derive(Debug, Serialize)]
pub(crate) struct Metadata {
    issuer: String,
    token_endpoint: String,
    introspection_endpoint: String,
    revocation_endpoint: String,
    jwks_uri: String,
    grant_types_supported: [&'static str; 2],
    response_types_supported: [&'static str; 0],
    scopes_supported: [&'static str; 7],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    token_endpoint_auth_signing_alg_values_supported: [&'static str; 9],
    introspection_endpoint_auth_methods_supported: [&'static str; 1],
    introspection_endpoint_auth_signing_alg_values_supported: [&'static str; 9],
    revocation_endpoint_auth_methods_supported: [&'static str; 2],
    revocation_endpoint_auth_signing_alg_values_supported: [&'static str; 9],
    dpop_signing_alg_values_supported: [&'static str; 9],
}

pub(crate) async fn metadata(Here(address): Here) -> Json<Metadata> {
    let issuer = address.url.to_string();
    Json(Metadata {
        token_endpoint: format!("{issuer}{TOKEN}"),
        introspection_endpoint: format!("{issuer}{INTROSPECT}"),
        revocation_endpoint: format!("{issuer}{REVOKE}"),
        jwks_uri: format!("{issuer}/.well-known/jwks.json"),
        issuer,
        grant_types_supported: [CLIENT_CREDENTIALS, TOKEN_EXCHANGE],
        response_types_supported: [],
        scopes_supported: Scope::ALL.map(Scope::as_str),
        token_endpoint_auth_methods_supported: [PRIVATE_KEY_JWT, "none"],
        token_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
        introspection_endpoint_auth_methods_supported: [PRIVATE_KEY_JWT],
        introspection_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
        revocation_endpoint_auth_methods_supported: [PRIVATE_KEY_JWT, "none"],
        revocation_endpoint_auth_signing_alg_values_supported: ALGORITHMS,
        dpop_signing_alg_values_supported: ALGORITHMS,
    })
}
