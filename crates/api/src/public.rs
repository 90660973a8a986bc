//! What anyone may ask: health, metrics, keys, and the description of the API.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    metrics, openapi::openapi_json, problem::Problem, replies::Problems503, router::Served,
};

/// The keys that identity JWTs are verified with (RFC 7517).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JwkSet {
    /// The keys, as JWKs.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<Value>,
}

/// Is the process alive?
#[utoipa::path(
    get, path = "/healthz", tag = "public", security(()),
    responses((status = 200, description = "It is", body = String, content_type = "text/plain")),
)]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Does the process serve decisions?
#[utoipa::path(
    get, path = "/readyz", tag = "public", security(()),
    responses(
        (status = 200, description = "It does", body = String, content_type = "text/plain"),
        (status = 503, description = "Not now", body = String, content_type = "text/plain"),
    ),
)]
pub(crate) async fn readyz(served: Served) -> (StatusCode, &'static str) {
    if served.app.node().is_ready() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

/// Metrics in Prometheus' text format
#[utoipa::path(
    get, path = "/metrics", tag = "public", security(()),
    responses((status = 200, description = "The metrics", body = String, content_type = "text/plain")),
)]
pub(crate) async fn metrics(served: Served) -> Response {
    let node = served.app.node();
    let text = served
        .answers
        .text(node.is_ready(), node.position().0, node.folded());
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}

/// This document
#[utoipa::path(
    get, path = "/openapi.json", tag = "public", security(()),
    responses((status = 200, description = "The description of this API (OpenAPI 3.1)", body = Object)),
)]
pub(crate) async fn openapi_document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], openapi_json()).into_response()
}

/// The keys that identity JWTs are verified with
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "public", security(()),
    responses((status = 200, description = "A JWK set (RFC 7517)", body = JwkSet), Problems503),
)]
pub(crate) async fn jwks(served: Served) -> Result<Json<JwkSet>, Problem> {
    let keys = served.app.store().keys().await;
    let keys = keys.map_err(|error| Problem::unavailable(&error.0))?;
    let keys = keys
        .iter()
        .map(|key| serde_json::from_str(&key.jwk))
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::unavailable(&error.to_string()))?;
    Ok(Json(JwkSet { keys }))
}
