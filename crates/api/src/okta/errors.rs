//! What every answer at Okta's addresses says in Okta's own way: errors, rate limits, the id of the request.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_domain::Duration;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    limits::{Counted, Meter},
    problem::Problem,
    router::Served,
};

/// Okta's error object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OktaError<'a> {
    error_code: &'static str,
    error_summary: String,
    error_link: &'static str,
    error_id: &'a str,
    error_causes: Vec<Cause>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cause {
    error_summary: String,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-okta-request-id");

/// The answer as Okta would give it.
pub(crate) fn finished(mut response: Response, meter: &Meter, served: &Served) -> Response {
    let id = Uuid::from_bytes(served.app.ports().uuid()).simple();
    let id = format!("oae{id}");
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        tracing::debug!(
            id,
            code = problem.code(),
            "refused a call of an Okta client"
        );
        response = refused(response, &problem, &id);
    }
    let headers = response.headers_mut();
    write(headers, REQUEST_ID, &id);
    if let Some(counted) = meter.counted() {
        say_limits(headers, &counted, served);
    }
    response
}

/// A call at one of Okta's addresses, by a host name that nothing here answers to.
pub(crate) fn misdirected(detail: &str, id: Uuid) -> Response {
    let id = format!("oae{}", id.simple());
    let problem = Problem::misdirected(detail);
    let mut response = refused(Response::default(), &problem, &id);
    write(response.headers_mut(), REQUEST_ID, &id);
    response
}

fn refused(response: Response, problem: &Problem, id: &str) -> Response {
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    let (mut head, _) = response.into_parts();
    let (status, code, summary) = worded(problem);
    let error = OktaError {
        error_code: code,
        error_summary: summary,
        error_link: code,
        error_id: id,
        error_causes: causes(problem),
    };
    head.status = status;
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CONTENT_TYPE, JSON);
    if status == StatusCode::UNAUTHORIZED {
        write(&mut head.headers, header::WWW_AUTHENTICATE, "SSWS, Bearer");
    }
    let body = serde_json::to_vec(&error).unwrap_or_default();
    Response::from_parts(head, Body::from(body))
}

/// Status, code and summary. Okta's clients know no 409 and no 422: what the state forbids and what cannot be
/// read fail its validation.
fn worded(problem: &Problem) -> (StatusCode, &'static str, String) {
    let status = problem.status();
    let (status, code, summary) = match status {
        StatusCode::UNAUTHORIZED => (status, "E0000011", "Invalid token provided"),
        StatusCode::FORBIDDEN => (
            status,
            "E0000006",
            "You do not have permission to perform the requested action",
        ),
        StatusCode::NOT_FOUND if names_nothing(problem) => {
            (status, "E0000008", "The requested path was not found")
        }
        StatusCode::NOT_FOUND => (
            status,
            "E0000007",
            "Not found: Resource not found: support case",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            status,
            "E0000022",
            "The endpoint does not support the provided HTTP method",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            status,
            "E0000021",
            "Bad request. Accept and/or Content-Type headers likely do not match supported values.",
        ),
        StatusCode::TOO_MANY_REQUESTS => (
            status,
            "E0000047",
            "API call exceeded rate limit due to too many requests.",
        ),
        _ if status.is_server_error() => (status, "E0000009", "Internal Server Error"),
        _ => {
            let summary = format!("Api validation failed: {}", at_fault(problem));
            let status = match status {
                StatusCode::PAYLOAD_TOO_LARGE | StatusCode::MISDIRECTED_REQUEST => status,
                _ => StatusCode::BAD_REQUEST,
            };
            return (status, "E0000001", summary);
        }
    };
    (status, code, summary.to_owned())
}

fn names_nothing(problem: &Problem) -> bool {
    problem.code() == "not_found"
}

/// The field, or why there is nothing wrong with any of them.
fn at_fault(problem: &Problem) -> &str {
    match problem.errors() {
        [first, ..] => as_sent(&first.field),
        [] => problem.code(),
    }
}

/// What the use case calls a field, as Okta's clients call it.
fn as_sent(field: &str) -> &str {
    match field {
        "expires_at" => "impersonation.expiration",
        "." => "body",
        field => field,
    }
}

fn causes(problem: &Problem) -> Vec<Cause> {
    let cause = |error_summary: String| Cause { error_summary };
    if !problem.errors().is_empty() {
        let fields = problem.errors().iter();
        return fields
            .map(|error| cause(format!("{}: {}", as_sent(&error.field), error.message)))
            .collect();
    }
    match problem.status() {
        StatusCode::UNAUTHORIZED => vec![cause(
            "Send \"Authorization: SSWS TOKEN\" with an admin's API token that has not expired or been revoked; at an org's own host name, \
             one of that org's admins."
                .to_owned(),
        )],
        // The summary says it, and our own advice is about our own document.
        StatusCode::NOT_FOUND if names_nothing(problem) => vec![],
        _ => vec![cause(problem.detail().to_owned())],
    }
}

/// How many calls there may be, how many are left, and at which second it is worth coming back.
fn say_limits(headers: &mut HeaderMap, counted: &Counted, served: &Served) {
    const LIMIT: HeaderName = HeaderName::from_static("x-rate-limit-limit");
    const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");
    const RESET: HeaderName = HeaderName::from_static("x-rate-limit-reset");
    let level = counted.level;
    let wait = if level.allowed {
        level.full_in
    } else {
        level.retry_in
    };
    let wait = Duration::from_secs(i64::try_from(wait).unwrap_or(i64::MAX));
    // Rounded up: at that second it is so.
    let reset = served
        .app
        .node()
        .now()
        .plus(wait)
        .plus(Duration::from_millis(999));
    let reset = reset.as_millis().div_euclid(1_000);
    write(headers, LIMIT, &counted.quota.calls.to_string());
    write(headers, REMAINING, &level.remaining.to_string());
    write(headers, RESET, &reset.to_string());
}

fn write(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
