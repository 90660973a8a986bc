//! Refusals and failures on the wire: RFC 9457 problem documents.

use std::borrow::Cow;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::Address;
use countersign_domain::{Refusal, RefusalKind, TextError};
use countersign_identity::IdentityError;
use countersign_web::refusals;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{etag::Stale, limits::Counted, time};

/// The code of a call that is to be repeated in a moment.
const IN_USE: &str = "idempotency_key_in_use";

/// Why a call did not do what was asked (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What kind of problem this is: `urn:countersign:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:countersign:problem:case_closed")]
    kind: String,
    /// What happened, in a few words.
    title: Cow<'static, str>,
    /// The status of the response.
    #[schema(example = 409, minimum = 400, maximum = 599)]
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
    /// The fields that have changed since they were read, where that can be told; absent otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    changed: Vec<String>,
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
    /// In which line of an import, from 1; absent elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 1)]
    pub(crate) line: Option<usize>,
    /// Which one; a path such as `opened_by.admin` for one inside another.
    pub(crate) field: String,
    /// What is wrong with it.
    pub(crate) message: String,
}

impl FieldError {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            line: None,
            field: field.into(),
            message: message.into(),
        }
    }

    /// The same in a line of an import.
    pub(crate) fn in_line(self, line: usize) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: impl Into<Cow<'static, str>>,
        detail: &str,
    ) -> Self {
        Self {
            kind: format!("urn:countersign:problem:{code}"),
            title: title.into(),
            status: status.as_u16(),
            detail: detail.to_owned(),
            code,
            errors: vec![],
            changed: vec![],
            sessions: vec![],
        }
    }

    /// A header that cannot be read.
    pub(crate) fn malformed_header(name: &HeaderName, expected: &str) -> Self {
        let error = FieldError::new(name.as_str(), format!("must be {expected}"));
        Self {
            errors: vec![error],
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "malformed_header",
                "A header cannot be read",
                &format!("The header {name} must be {expected}: correct it and try again."),
            )
        }
    }

    /// What is there is not what the caller has read.
    pub(crate) fn stale(stale: &Stale) -> Self {
        let (detail, changed) = match stale {
            Stale::Nothing => (
                "There is nothing here that If-Match could name, and nothing has changed by this call: read it again.".to_owned(),
                vec![],
            ),
            Stale::Something => (
                "There is something here already that If-None-Match names, and nothing has changed by this call: read it, and name its tag in If-Match to change it.".to_owned(),
                vec![],
            ),
            Stale::Changed(fields) if fields.is_empty() => (
                "This is not the representation that If-Match names, and nothing has changed by this call: read it again and decide on what you then see.".to_owned(),
                vec![],
            ),
            Stale::Changed(fields) => (
                format!(
                    "This has changed since you read it ({}), and nothing has changed by this call: read it again and decide on what you then see.",
                    fields.join(", ")
                ),
                fields.clone(),
            ),
        };
        Self {
            changed,
            ..Self::new(
                StatusCode::PRECONDITION_FAILED,
                "changed_since_read",
                "It has changed since you read it",
                &detail,
            )
        }
    }

    /// Called too often.
    pub(crate) fn too_often(counted: &Counted) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limited",
            "Too many calls",
            &format!(
                "There were more than {}, and this call was not looked at: wait for as long as Retry-After says. Calls that take access away are counted apart from others.",
                counted.words()
            ),
        )
    }

    /// As many streams are open as one caller may have.
    pub(crate) fn too_many_streams(most: usize) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_streams",
            "Too many streams",
            &format!(
                "You have {most} streams of entries open, and nobody may have more: close one, or read the entries page by page."
            ),
        )
    }

    /// A key that came with another request before.
    pub(crate) fn another_request() -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "The key belongs to another request",
            "You have used this Idempotency-Key for another request, and nothing has changed by this one: a new request needs a new key.",
        )
    }

    /// The same call is under way.
    pub(crate) fn under_way() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            IN_USE,
            "The same call is under way",
            "A call with this Idempotency-Key has not been answered yet: try again in a moment, and you will get its answer.",
        )
    }

    /// The same problem, with these fields at fault.
    pub(crate) fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }

    /// The fields at fault.
    pub(crate) fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }

    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// The fields at fault.
    pub(crate) fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// What happened, why, and what to do.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
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

    /// The same at an address that is one org's alone. Whether a token is good elsewhere is not said.
    pub(crate) fn unauthenticated_at(address: &Address) -> Self {
        let Address {
            org,
            url,
            deployment,
        } = address;
        match org {
            None => Self::unauthenticated(),
            Some(_) => Self {
                detail: format!(
                    "The call carries no bearer token that is good at {url}, which is one org's own address: send \
                     \"Authorization: Bearer TOKEN\" with a token of one of that org's admins that has not \
                     expired. Support agents and operators call {deployment}."
                ),
                ..Self::unauthenticated()
            },
        }
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

    /// The host name of the call is none that is answered to.
    pub(crate) fn misdirected(detail: &str) -> Self {
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "misdirected_request",
            "Not the address of this server",
            detail,
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

    /// The status of the response.
    pub(crate) fn status(&self) -> StatusCode {
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

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Unknown => Self::unauthenticated(),
            IdentityError::Unavailable(why) => Self::unavailable(&why),
            IdentityError::OutcomeUnknown(why) => {
                tracing::warn!(why, "it is not known whether somebody was signed in");
                Self::outcome_unknown(false)
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
        if self.code == IN_USE {
            let soon = HeaderValue::from_static("1");
            response.headers_mut().insert(header::RETRY_AFTER, soon);
        }
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
        // For whoever says it in other words.
        response.extensions_mut().insert(self);
        response
    }
}

/// Gathers what is wrong with the texts of a request, so that one answer names all of it.
#[derive(Debug, Default)]
pub(crate) struct Texts(Vec<FieldError>);

impl Texts {
    /// Reads one text with the domain's own parser. What the parser would trim is refused: a name that
    /// a program sends is the name or it is not.
    pub(crate) fn read<T>(
        &mut self,
        field: impl Into<String>,
        text: &str,
        parse: impl Fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        const PADDED: TextError = TextError::Form {
            expected: "without white space around it",
        };
        let padded = text.trim() != text;
        let read = parse(text).and_then(|read| if padded { Err(PADDED) } else { Ok(read) });
        read.map_err(|error| self.wrong(field, &error)).ok()
    }

    /// Reads one text that a person wrote: blanks around it are trimmed, and control characters other
    /// than `allowed` are refused wherever they are.
    pub(crate) fn read_prose<T>(
        &mut self,
        field: impl Into<String>,
        text: &str,
        allowed: &[char],
        parse: impl Fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        let control = |c: char| c.is_control() && !allowed.contains(&c);
        let read = if text.contains(control) && !text.trim().is_empty() {
            Err(TextError::Control)
        } else {
            parse(text)
        };
        read.map_err(|error| self.wrong(field, &error)).ok()
    }

    /// Notes what is wrong with something.
    pub(crate) fn wrong(&mut self, field: impl Into<String>, error: &dyn ToString) {
        self.0.push(FieldError::new(field, error.to_string()));
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
