//! Request bodies: small, JSON, and nothing in them that is not known.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, StatusCode, header},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    json::{self, malformed},
    problem::{FieldError, Problem},
};

/// The greatest body that is read, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// A JSON body.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// A JSON body, or none at all.
pub(crate) struct OptionalJsonBody<T>(pub(crate) Option<T>);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        match read(request).await? {
            Some(value) => typed(value).map(Self),
            None => Err(malformed(
                "This call needs a JSON body, and there is none: see /openapi.json.",
            )),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read(request).await?.map(typed).transpose().map(Self)
    }
}

async fn read(request: Request) -> Result<Option<Value>, Problem> {
    let (head, body) = request.into_parts();
    let declared = is_json(&head.headers);
    if declared == Some(false) {
        return Err(unsupported());
    }
    let bytes: Bytes = to_bytes(body, LIMIT).await.map_err(|_| too_large())?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if declared.is_none() {
        return Err(unsupported());
    }
    json::parse(&bytes).map(Some)
}

/// Whether the headers say JSON; None when they say nothing.
fn is_json(headers: &HeaderMap) -> Option<bool> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(false);
    }
    let essence = value.to_str().unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim();
    Some(essence.eq_ignore_ascii_case("application/json"))
}

fn unsupported() -> Problem {
    Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Not a JSON body",
        "This call takes JSON only: send \"Content-Type: application/json\".",
    )
}

/// The body is greater than what is read.
pub(crate) fn too_large() -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "body_too_large",
        "The body is too large",
        "No call of this API needs a body of more than 64 KiB, and this one was not read: send a smaller one.",
    )
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
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
