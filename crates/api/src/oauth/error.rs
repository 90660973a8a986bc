//! Errors of OAuth's endpoints (RFC 6749 section 5.2), and whom a call counts against.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use countersign_app::Failure;
use countersign_domain::Actor;
use countersign_identity::TokenRefusal;
use serde::Serialize;

use crate::{caller::within_quota, limits::Meter, problem::Problem, router::Served};

/// Why not.
#[derive(Debug, Serialize)]
pub(super) struct OAuthError {
    error: &'static str,
    error_description: String,
}

impl OAuthError {
    pub(super) fn new(error: &'static str, error_description: impl Into<String>) -> Self {
        Self {
            error,
            error_description: error_description.into(),
        }
    }

    pub(super) fn request(error_description: impl Into<String>) -> Self {
        Self::new("invalid_request", error_description)
    }

    pub(super) fn proof(what: &str) -> Self {
        Self::new("invalid_dpop_proof", what)
    }

    /// Nothing can be said now, and nobody may take that for a yes (R19).
    pub(super) fn unavailable(why: &str) -> Self {
        tracing::warn!(why, "answered 503");
        Self::new(
            "temporarily_unavailable",
            "The store cannot be reached: try again in a moment.",
        )
    }

    /// What failed behind a call that no rule refuses.
    pub(super) fn failed(failure: &Failure) -> Self {
        match failure {
            Failure::Busy => Self::new(
                "temporarily_unavailable",
                "Others kept changing the same thing, and nothing has changed: try again in a moment.",
            ),
            other => Self::unavailable(&other.to_string()),
        }
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

/// Why a service client gets nothing, counted.
pub(super) fn refused(served: &Served, parts: &Parts, refusal: TokenRefusal) -> Response {
    match refusal {
        TokenRefusal::InvalidClient(what) => {
            stranger(served, parts, OAuthError::new("invalid_client", what))
        }
        TokenRefusal::InvalidScope(actor, what) => {
            counted(served, parts, actor, OAuthError::new("invalid_scope", what))
        }
        TokenRefusal::InvalidProof(actor, what) => {
            counted(served, parts, actor, OAuthError::proof(&what))
        }
        TokenRefusal::Unavailable(why) => OAuthError::unavailable(&why).into_response(),
    }
}

/// Counts a call of somebody known, who has a quota like everybody.
pub(super) fn counted(served: &Served, parts: &Parts, actor: Actor, error: OAuthError) -> Response {
    match within_quota(parts, served, actor, false) {
        Ok(()) => error.into_response(),
        Err(problem) => too_often(&problem),
    }
}

/// Counts a call of nobody good against its address. Whoever is known is let in from there all the same.
pub(super) fn stranger(served: &Served, parts: &Parts, answer: impl IntoResponse) -> Response {
    let counted = served.limits.stranger(parts);
    Meter::note(parts, counted);
    if counted.level.allowed {
        answer.into_response()
    } else {
        too_often(&Problem::too_often(&counted))
    }
}

pub(super) fn too_often(problem: &Problem) -> Response {
    let error = OAuthError::new("temporarily_unavailable", problem.detail());
    (problem.status(), Json(error)).into_response()
}
