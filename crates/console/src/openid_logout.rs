//! A provider tells that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0). No browser
//! comes here: what is sent proves itself.

use axum::{
    extract::{Path, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::Failure;
use countersign_domain::Slug;
use countersign_identity::OpenIdError;
use serde_json::json;

use crate::{Console, posted::Fields};

/// Ends every browser session that somebody began by the provider, before it answers.
pub(crate) async fn told(console: Console, Path(org): Path<String>, request: Request) -> Response {
    let Ok(org) = Slug::parse(&org) else {
        return answer(StatusCode::BAD_REQUEST, "there is no such organisation");
    };
    let Ok(fields) = Fields::of_request(request).await else {
        return answer(StatusCode::BAD_REQUEST, "the form cannot be read");
    };
    let token = fields.text("logout_token");
    answered(console.identity.signed_out_elsewhere(&org, token).await)
}

/// The same of the vendor's staff, whose impersonation sessions end as well.
pub(crate) async fn told_of_staff(
    console: Console,
    Path(provider): Path<String>,
    request: Request,
) -> Response {
    let Ok(provider) = Slug::parse(&provider) else {
        return answer(StatusCode::BAD_REQUEST, "there is no such provider");
    };
    let Ok(fields) = Fields::of_request(request).await else {
        return answer(StatusCode::BAD_REQUEST, "the form cannot be read");
    };
    let token = fields.text("logout_token");
    answered(console.identity.staff_signed_out(&provider, token).await)
}

fn answered(told: Result<(), OpenIdError>) -> Response {
    match told {
        Ok(()) => StatusCode::OK.into_response(),
        Err(OpenIdError::Use(Failure::Refused(_))) => {
            answer(StatusCode::BAD_REQUEST, "there is nobody here to tell")
        }
        Err(OpenIdError::Use(_) | OpenIdError::NoAnswer(_)) => {
            answer(StatusCode::SERVICE_UNAVAILABLE, "it cannot be judged now")
        }
        Err(error) => answer(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

/// Section 2.8.
fn answer(status: StatusCode, why: &str) -> Response {
    let body = json!({ "error": "invalid_request", "error_description": why });
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}
