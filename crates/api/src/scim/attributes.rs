//! Which attributes an answer has (RFC 7644 section 3.9).

use serde_json::{Map, Value};

use super::error::{ScimError, ScimType};

/// What a client asks to be told, or not to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    only: Option<Vec<Path>>,
    without: Vec<Path>,
}

/// A name, or a name and one within it; in lower case, without the schema's URI.
type Path = Vec<String>;

/// What is always told (RFC 7643 section 7, `returned`).
const ALWAYS: [&str; 2] = ["schemas", "id"];

impl Shown {
    /// From the parameters `attributes` and `excludedAttributes`.
    pub(super) fn of(only: Option<&str>, without: Option<&str>) -> Result<Self, ScimError> {
        if only.is_some() && without.is_some() {
            return Err(ScimError::bad(
                ScimType::InvalidValue,
                "\"attributes\" and \"excludedAttributes\" exclude each other: send one of them.",
            ));
        }
        Ok(Self {
            only: only.map(paths),
            without: without.map(paths).unwrap_or_default(),
        })
    }

    /// Leaves what is to be told of a resource.
    pub(super) fn project(&self, resource: Value) -> Value {
        let Value::Object(map) = resource else {
            return resource;
        };
        let shown = map
            .into_iter()
            .filter_map(|(name, value)| self.attribute(&name, value).map(|value| (name, value)));
        Value::Object(shown.collect())
    }

    fn attribute(&self, name: &str, value: Value) -> Option<Value> {
        if ALWAYS.contains(&name) {
            return Some(value);
        }
        let name = name.to_ascii_lowercase();
        let within = |paths: &[Path]| -> (bool, Vec<String>) {
            let own = paths.iter().filter(|path| path.first() == Some(&name));
            let (whole, parts): (Vec<_>, Vec<_>) = own.partition(|path| path.len() == 1);
            let parts = parts.into_iter().filter_map(|path| path.get(1).cloned());
            (!whole.is_empty(), parts.collect())
        };
        if let Some(only) = &self.only {
            return match within(only) {
                (true, _) => Some(value),
                (false, parts) if parts.is_empty() => None,
                (false, parts) => Some(members(value, |part| parts.iter().any(|one| one == part))),
            };
        }
        match within(&self.without) {
            (true, _) => None,
            (false, parts) => Some(members(value, |part| !parts.iter().any(|one| one == part))),
        }
    }
}

/// Leaves the members that `keep` names in an object, or in each of several.
fn members(value: Value, keep: impl Fn(&str) -> bool + Copy) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter();
            let kept = kept.filter(|(name, _)| keep(&name.to_ascii_lowercase()));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(all) => all.into_iter().map(|one| members(one, keep)).collect(),
        other => other,
    }
}

fn paths(list: &str) -> Vec<Path> {
    list.split(',')
        .map(|name| {
            let name = name.trim().to_ascii_lowercase();
            // The version in a URI has a dot, so the URI goes first.
            let name = match (name.starts_with("urn:"), name.rsplit_once(':')) {
                (true, Some((_, rest))) => rest.to_owned(),
                _ => name,
            };
            name.splitn(2, '.').map(str::to_owned).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_asked_for_is_told_and_what_is_always_told_as_well() {
        let resource = json!({
            "schemas": ["x"], "id": "1", "userName": "dana@acme.test",
            "name": {"givenName": "Dana", "familyName": "Lee"},
            "emails": [{"value": "dana@acme.test", "type": "work"}],
        });
        let asked = |only: Option<&str>, without: Option<&str>| {
            let shown = Shown::of(only, without).expect("it is one of them");
            shown.project(resource.clone())
        };
        assert_eq!(
            asked(Some("USERNAME,name.givenname,emails.value"), None),
            json!({
                "schemas": ["x"], "id": "1", "userName": "dana@acme.test",
                "name": {"givenName": "Dana"}, "emails": [{"value": "dana@acme.test"}],
            })
        );
        assert_eq!(
            asked(
                Some("urn:ietf:params:scim:schemas:core:2.0:User:userName"),
                None
            ),
            json!({"schemas": ["x"], "id": "1", "userName": "dana@acme.test"})
        );
        assert_eq!(
            asked(None, Some("id, name, emails.type")),
            json!({
                "schemas": ["x"], "id": "1", "userName": "dana@acme.test",
                "emails": [{"value": "dana@acme.test"}],
            })
        );
        assert!(Shown::of(Some("a"), Some("b")).is_err());
    }
}
