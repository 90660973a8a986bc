//! Refusals and failures on the wire: RFC 9457 problem documents.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::Failure;
use countersign_domain::{Refusal, RefusalKind, TextError};
use countersign_web::refusals;
use serde::Serialize;
use utoipa::ToSchema;

use crate::time;

/// Why a call did not do what was asked (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What kind of problem this is: `urn:countersign:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:countersign:problem:case_closed")]
    kind: String,
    /// What happened, in a few words.
    title: &'static str,
    /// The status of the response.
    #[schema(example = 409)]
    status: u16,
    /// What happened, why, and what to do next.
    detail: String,
    /// The stable code of the refusal.
    #[schema(example = "case_closed")]
    code: &'static str,
    /// The fields of the request that are not as they must be; absent when none is at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
    /// The caller's running sessions, oldest first, when one of them has to be ended first; absent
    /// otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    sessions: Vec<RunningSession>,
}

/// A session of the caller's that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct RunningSession {
    /// The id, by which it can be ended.
    id: String,
    /// The number of its case.
    case: String,
    /// When it started.
    #[schema(format = DateTime)]
    started_at: String,
}

/// A field of the request that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Which one; a path such as `opened_by.admin` for one inside another.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl FieldError {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: &str,
    ) -> Self {
        Self {
            kind: format!("urn:countersign:problem:{code}"),
            title,
            status: status.as_u16(),
            detail: detail.to_owned(),
            code,
            errors: vec![],
            sessions: vec![],
        }
    }

    /// Fields that are not as they must be, under the code `code`.
    pub(crate) fn fields(code: &'static str, errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!(
                "The field \"{}\" {}: correct it and try again.",
                one.field, one.message
            ),
            _ => "Several fields are not as they must be: correct them and try again.".to_owned(),
        };
        Self {
            errors,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                code,
                "A field is not as it must be",
                &detail,
            )
        }
    }

    /// No token, or none that is good.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "Who are you?",
            "The call carries no bearer token that is good now: send \"Authorization: Bearer TOKEN\" with a token that has not expired.",
        )
    }

    /// The store cannot be reached.
    pub(crate) fn unavailable(why: &str) -> Self {
        tracing::warn!(why, "answered 503");
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "Not available right now",
            "The store cannot be reached, and nothing has changed: try again in a moment.",
        )
    }

    /// No such path.
    pub(crate) fn no_such_path() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            "No such address",
            "There is nothing at this address: compare it with /openapi.json.",
        )
    }

    /// The path knows other methods.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Not with this method",
            "This address does not take that method: use one that the Allow header names.",
        )
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind() {
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let problem = Self::new(
            status,
            refusal.code(),
            refusals::title(&refusal),
            &refusals::sentence(&refusal),
        );
        let errors = match at_fault(&refusal) {
            Some(field) => vec![FieldError::new(field, message(&refusal))],
            None => vec![],
        };
        let sessions = match &refusal {
            Refusal::TooManySessions { running, .. } => running.iter().map(running_one).collect(),
            _ => vec![],
        };
        Self {
            errors,
            sessions,
            ..problem
        }
    }
}

fn running_one(running: &countersign_domain::RunningSession) -> RunningSession {
    RunningSession {
        id: running.id.to_string(),
        case: running.case.to_string(),
        started_at: time::write(running.started_at),
    }
}

/// The field of a request that a refusal is about.
fn at_fault(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::Text { field, .. } => Some(field),
        Refusal::SubjectUnknown => Some("subject"),
        Refusal::OpenerUnknown => Some("opened_by"),
        Refusal::DurationOutOfRange => Some("default_duration_minutes"),
        Refusal::ExpirationTooEarly | Refusal::ExpirationTooLate { .. } => Some("expires_at"),
        _ => None,
    }
}

fn message(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Text { error, .. } => error.to_string(),
        other => refusals::sentence(other),
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "Too many changes at once",
                "Others kept changing the same thing, and nothing has changed by this call: try again in a moment.",
            ),
            Failure::Unavailable(why) => Self::unavailable(&why),
            Failure::EffectUnknown(why) => {
                tracing::warn!(why, "a change is recorded and not known to be effective");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "effect_unknown",
                    "Recorded, and perhaps not effective everywhere yet",
                    "The change is recorded, but it is not known whether every process has heard of it: repeat the call, which answers when it is effective everywhere.",
                )
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        let extra = match status {
            StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer")),
            StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "1")),
            _ => None,
        };
        if let Some((name, value)) = extra {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// Gathers what is wrong with the texts of a request, so that one answer names all of it.
#[derive(Debug, Default)]
pub(crate) struct Texts(Vec<FieldError>);

impl Texts {
    /// Reads one text with the domain's own parser.
    pub(crate) fn read<T>(
        &mut self,
        field: impl Into<String>,
        text: &str,
        parse: impl Fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        parse(text)
            .map_err(|error| self.0.push(FieldError::new(field, error.to_string())))
            .ok()
    }

    /// The problem with what was read.
    pub(crate) fn problem(self) -> Problem {
        Problem::fields("invalid_text", self.0)
    }

    /// Refuses if anything that was read is not as it must be.
    pub(crate) fn good(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(self.problem())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_whether_anything_has_changed() {
        for (failure, code, says) in [
            (Failure::Busy, "busy", "nothing has changed"),
            (
                Failure::Unavailable("disk".to_owned()),
                "unavailable",
                "nothing has changed",
            ),
            (
                Failure::EffectUnknown("disk".to_owned()),
                "effect_unknown",
                "The change is recorded",
            ),
        ] {
            let problem = Problem::from(failure);
            assert_eq!(problem.code, code);
            assert!(problem.detail.contains(says), "{}", problem.detail);
            assert!(!problem.detail.contains("disk"));
            let response = problem.into_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        }
    }
}
