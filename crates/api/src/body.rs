//! Request bodies: small, JSON, and nothing in them that is not known.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, MatchedPath, Request},
    http::{HeaderMap, StatusCode, header},
};
use futures_util::{StreamExt, stream};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    caller::{Shows, bearer, known},
    import,
    json::{self, malformed},
    problem::{FieldError, Problem},
    router::Served,
    scim,
};

/// The greatest body that most calls read, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;
/// As many route rules as there may be.
const UPSTREAM: usize = 1024 * 1024;

/// The greatest body that the calls at a path read, in bytes.
pub(crate) fn limit(pattern: &str) -> usize {
    match pattern {
        "/api/v1/cases/import" => import::LIMIT,
        "/api/v1/orgs/{slug}/upstream" => UPSTREAM,
        pattern if scim::serves(pattern) => scim::LIMIT,
        _ => LIMIT,
    }
}

/// The request once all of its body is here. Only then is anybody asked who calls: a call that is held back does
/// not outlive the token, key or sign-in it came with. More than [`LIMIT`] is kept for operators and
/// directories alone, who are the only ones to send it; of others, and of what is too large for anybody, the rest is left to whatever refuses it.
pub(crate) async fn arrived(served: &Served, request: Request) -> Request {
    let (parts, body) = request.into_parts();
    let pattern = parts.extensions.get::<MatchedPath>();
    let pattern = pattern.map_or("", MatchedPath::as_str);
    let (most, directory) = (limit(pattern), scim::serves(pattern));
    let mut pieces = body.into_data_stream();
    let mut whole = Vec::new();
    let mut may_be_large = false;
    while let Some(piece) = pieces.next().await {
        let failed = piece.is_err();
        let large = match &piece {
            Ok(piece) => whole.len() + piece.len() > LIMIT,
            Err(_) => false,
        };
        if large && !may_be_large {
            may_be_large = if directory {
                scim::known(&parts, served).await.is_ok()
            } else {
                let known = known(&mut parts.clone(), served, bearer, Shows::People).await;
                known.is_ok_and(|known| known.is_an_operator())
            };
        }
        match piece {
            Ok(piece) if whole.len() <= most && (!large || may_be_large) => {
                whole.extend_from_slice(&piece);
            }
            piece => {
                let first = stream::iter([Ok(Bytes::from(whole)), piece]);
                let body = match failed {
                    true => Body::from_stream(first),
                    false => Body::from_stream(first.chain(pieces)),
                };
                return Request::from_parts(parts, body);
            }
        }
    }
    Request::from_parts(parts, Body::from(whole))
}

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A JSON body, or none at all.
pub(crate) struct OptionalJsonBody<T>(pub(crate) Option<T>);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        typed(needed(request).await?).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read(request).await?.map(typed).transpose().map(Self)
    }
}

/// The JSON document of a call that needs one.
pub(crate) async fn needed(request: Request) -> Result<Value, Problem> {
    read(request).await?.ok_or_else(|| {
        malformed("This call needs a JSON body, and there is none: see /openapi.json.")
    })
}

async fn read(request: Request) -> Result<Option<Value>, Problem> {
    let (head, body) = request.into_parts();
    let declared = content_type(&head.headers).map(|essence| essence == "application/json");
    if declared == Some(false) {
        return Err(unsupported("application/json"));
    }
    let pattern = head.extensions.get::<MatchedPath>();
    let limit = limit(pattern.map_or("", MatchedPath::as_str));
    let bytes = read_up_to(body, limit).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if declared.is_none() {
        return Err(unsupported("application/json"));
    }
    json::parse(&bytes).map(Some)
}

/// The bytes of a body that is not greater than it may be.
pub(crate) async fn read_up_to(body: Body, limit: usize) -> Result<Bytes, Problem> {
    to_bytes(body, limit).await.map_err(|_| too_large(limit))
}

/// What the headers say the body is, in lower case and without parameters; None when they say
/// nothing, and nothing that anyone takes when they say it twice.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<String> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(String::new());
    }
    let essence = value.to_str().unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

pub(crate) fn unsupported(expected: &str) -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Not a JSON body",
        &format!("This call takes JSON only: send \"Content-Type: {expected}\"."),
    )
}

/// The body is greater than what is read.
pub(crate) fn too_large(limit: usize) -> Problem {
    let (amount, unit) = match limit / 1024 {
        kib if kib % 1024 == 0 => (kib / 1024, "MiB"),
        kib => (kib, "KiB"),
    };
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        "The body is too large",
        &format!(
            "This call takes no body of more than {amount} {unit}, and this one was not read: send a smaller one."
        ),
    )
}

/// A document as what a call takes.
pub(crate) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    // A struct can be read from an array of its fields as well; nobody means that.
    if !value.is_object() {
        return Err(Problem::fields(
            "invalid_field",
            vec![FieldError::new(".", "must be a JSON object")],
        ));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let message = error.inner().to_string();
        let named = |prefix: &str| {
            let rest = message.strip_prefix(prefix)?.strip_prefix('`')?;
            rest.split('`').next().map(str::to_owned)
        };
        let within = |field: String| match path.as_str() {
            "." => field,
            outer => format!("{outer}.{field}"),
        };
        let (code, field, says) = if let Some(field) = named("missing field ") {
            ("missing_field", within(field), "is missing".to_owned())
        } else if named("unknown field ").is_some() {
            let known = message.split_once(", ").map_or("", |(_, known)| known);
            ("unknown_field", path, format!("is not known; {known}"))
        } else {
            (
                "invalid_field",
                path,
                format!("is not as expected: {message}"),
            )
        };
        Problem::fields(code, vec![FieldError::new(field, says)])
    })
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        name: String,
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        count: u32,
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let rows = [
            (json!({}), "missing_field", "name"),
            (json!({"name": "a", "x": 1}), "unknown_field", "x"),
            (json!({"name": 1}), "invalid_field", "name"),
            (json!({"name": null}), "invalid_field", "name"),
            (
                json!({"name": "a", "inner": {}}),
                "missing_field",
                "inner.count",
            ),
            (
                json!({"name": "a", "inner": {"count": 1, "y": 2}}),
                "unknown_field",
                "inner.y",
            ),
            (
                json!({"name": "a", "inner": {"count": -1}}),
                "invalid_field",
                "inner.count",
            ),
            (json!([]), "invalid_field", "."),
        ];
        for (value, code, field) in rows {
            let problem = typed::<Outer>(value.clone()).expect_err("it is refused");
            let problem = serde_json::to_value(problem).expect("it serializes");
            assert_eq!(problem["code"], code, "{value}: {problem}");
            assert_eq!(problem["errors"][0]["field"], field, "{value}: {problem}");
        }
    }
}
