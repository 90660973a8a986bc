//! Request bodies: JSON objects, whose names are read in any case (RFC 7643 section 2.1).

use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use super::{
    LIMIT,
    error::{ScimError, ScimType},
};
use crate::{
    body::{content_type, read_up_to, unsupported},
    json,
};

/// An object of a request.
pub(super) struct Body(pub(super) Object);

/// An object whose names are found in any case.
#[derive(Clone, Debug, Default)]
pub(super) struct Object(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = ScimError;

    async fn from_request(request: Request, _: &S) -> Result<Self, ScimError> {
        let declared = content_type(request.headers());
        let bytes = read_up_to(request.into_body(), LIMIT).await?;
        match declared.as_deref() {
            Some("application/scim+json" | "application/json") => {}
            None if bytes.is_empty() => {}
            _ => return Err(unsupported("application/scim+json").into()),
        }
        match json::parse(&bytes)? {
            Value::Object(map) => Object::of(map).map(Self),
            _ => Err(ScimError::bad(
                ScimType::InvalidSyntax,
                "The body must be a JSON object: see RFC 7644.",
            )),
        }
    }
}

impl Object {
    /// Takes an object that names nothing twice, in whatever case.
    pub(super) fn of(map: Map<String, Value>) -> Result<Self, ScimError> {
        let mut names: Vec<String> = map.keys().map(|name| name.to_ascii_lowercase()).collect();
        names.sort();
        if let Some(twice) = names.windows(2).find(|pair| pair.first() == pair.last()) {
            let name = twice.first().map_or("", String::as_str);
            return Err(ScimError::bad(
                ScimType::InvalidSyntax,
                format!("The attribute \"{name}\" is there twice: send it once."),
            ));
        }
        Ok(Self(map))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let mut named = self.0.iter();
        named
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Refuses a message of another kind than `urn`.
    pub(super) fn must_be(&self, urn: &str) -> Result<(), ScimError> {
        let schemas = self.get("schemas").and_then(Value::as_array);
        let named = schemas.is_some_and(|schemas| {
            let mut names = schemas.iter().filter_map(Value::as_str);
            names.any(|name| name.eq_ignore_ascii_case(urn))
        });
        if named {
            return Ok(());
        }
        Err(ScimError::bad(
            ScimType::InvalidSyntax,
            format!("The attribute \"schemas\" must be a list in which \"{urn}\" is."),
        ))
    }
}
