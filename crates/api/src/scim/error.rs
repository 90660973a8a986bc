//! Refusals and failures as SCIM says them (RFC 7644 section 3.12).

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::{Failure, NotChanged};
use countersign_domain::Refusal;
use serde::Serialize;

use crate::problem::Problem;

/// What a SCIM document is sent as (RFC 7644 section 8.1).
pub(super) const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("application/scim+json");

/// What is wrong with a request, in the RFC's own words for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScimType {
    InvalidFilter,
    TooMany,
    Uniqueness,
    Mutability,
    InvalidSyntax,
    InvalidPath,
    NoTarget,
    InvalidValue,
}

impl ScimType {
    fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
        }
    }
}

/// Why a call did not do what was asked.
#[derive(Clone, Debug)]
pub(super) enum ScimError {
    /// The request itself is wrong: 400.
    Bad(ScimType, String),
    /// This is not offered: 501.
    NotOffered(&'static str),
    /// What every API answers so.
    Problem(Box<Problem>),
}

impl ScimError {
    pub(super) fn bad(kind: ScimType, detail: impl Into<String>) -> Self {
        Self::Bad(kind, detail.into())
    }
}

impl From<Problem> for ScimError {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Failure> for ScimError {
    fn from(failure: Failure) -> Self {
        Problem::from(failure).into()
    }
}

impl From<Refusal> for ScimError {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<NotChanged<ScimError>> for ScimError {
    fn from(error: NotChanged<ScimError>) -> Self {
        match error {
            NotChanged::Unwanted(error) => error,
            NotChanged::Failed(failure) => failure.into(),
        }
    }
}

impl IntoResponse for ScimError {
    fn into_response(self) -> Response {
        match self {
            Self::Bad(kind, detail) => answer(StatusCode::BAD_REQUEST, Some(kind), &detail),
            Self::NotOffered(detail) => answer(StatusCode::NOT_IMPLEMENTED, None, detail),
            // Said in SCIM's way by `finished`, like those of what is asked before any handler.
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

fn answer(status: StatusCode, kind: Option<ScimType>, detail: &str) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, MEDIA_TYPE)],
        document(status, kind, detail),
    )
        .into_response()
}

fn document(status: StatusCode, kind: Option<ScimType>, detail: &str) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Told<'a> {
        schemas: [&'static str; 1],
        status: &'a str,
        detail: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        scim_type: Option<&'static str>,
    }
    let told = Told {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
        status: status.as_str(),
        detail,
        scim_type: kind.map(ScimType::as_str),
    };
    serde_json::to_vec(&told).unwrap_or_default()
}

/// The answer as SCIM would give it.
pub(crate) fn finished(mut response: Response) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else {
        return response;
    };
    let (mut head, _) = response.into_parts();
    let (status, kind) = classified(&problem);
    head.status = status;
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_TYPE, MEDIA_TYPE);
    let body = document(status, kind, problem.detail());
    Response::from_parts(head, Body::from(body))
}

/// SCIM knows no 422: what cannot be taken as it is, is a bad request.
fn classified(problem: &Problem) -> (StatusCode, Option<ScimType>) {
    match (problem.code(), problem.status()) {
        ("email_taken", status) => (status, Some(ScimType::Uniqueness)),
        (_, StatusCode::UNPROCESSABLE_ENTITY) => {
            (StatusCode::BAD_REQUEST, Some(ScimType::InvalidValue))
        }
        ("malformed_json", status) => (status, Some(ScimType::InvalidSyntax)),
        (_, status) => (status, None),
    }
}
