//! Bodies of requests that a rule makes reads: they may say what changes the method (R17).

use std::{collections::HashSet, fmt};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::{Effect, overrides};

/// What has to be done with the body of a request that a rule makes a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Look for a parameter.
    Form,
    /// Look for a key, and for keys that come twice.
    Json,
    /// Nobody looks for a method in it.
    Opaque,
}

/// Whether a body of this type has to be read whole and given to [`body_effect`] before any of it
/// goes upstream; otherwise it may flow. `content_type` is the header as received.
///
/// # Errors
/// The effect that makes it a refusal whatever it holds: [`Effect::Unknown`] when it has no type
/// or one that cannot be looked into, [`Effect::Ambiguous`] when the type can be read differently.
pub fn needs_body(content_type: Option<&[u8]>) -> Result<bool, Effect> {
    kind(content_type).map(|kind| kind != Kind::Opaque)
}

/// Judges a whole body of a request that a rule makes a read.
///
/// # Errors
/// The effect that makes it a refusal: besides those of [`needs_body`], [`Effect::Overridden`] when
/// it asks for another method, [`Effect::Ambiguous`] when it can be read differently.
pub fn body_effect(content_type: Option<&[u8]>, body: &[u8]) -> Result<(), Effect> {
    match kind(content_type)? {
        Kind::Opaque => Ok(()),
        Kind::Form => {
            let text = std::str::from_utf8(body)
                .map_err(|_| Effect::Ambiguous("the form is not UTF-8"))?;
            if overrides::in_parameters(text) {
                return Err(Effect::Overridden);
            }
            Ok(())
        }
        Kind::Json => {
            let top: Unique = serde_json::from_slice(body).map_err(|error| {
                Effect::Ambiguous(if error.to_string().starts_with(TWICE) {
                    TWICE
                } else {
                    "the body is not the JSON that its type says"
                })
            })?;
            if top.overrides {
                return Err(Effect::Overridden);
            }
            Ok(())
        }
    }
}

const TWICE: &str = "a key of the JSON body comes more than once";

fn kind(content_type: Option<&[u8]>) -> Result<Kind, Effect> {
    // Some servers take a body without a type for a form.
    let value = content_type.ok_or(Effect::Unknown)?;
    let value = std::str::from_utf8(value)
        .map_err(|_| UNCLEAR)?
        .to_ascii_lowercase();
    let mut parts = value.split(';');
    let essence = parts.next().unwrap_or_default().trim();
    let (main, sub) = essence.split_once('/').ok_or(UNCLEAR)?;
    if !is_token(main) || !is_token(sub) {
        return Err(UNCLEAR);
    }
    for parameter in parts {
        let (name, value) = parameter.trim().split_once('=').ok_or(UNCLEAR)?;
        let value = value
            .strip_prefix('"')
            .map_or(Some(value), |rest| rest.strip_suffix('"'))
            .ok_or(UNCLEAR)?;
        if !is_token(name) || value.contains(['"', '\\', ',']) {
            return Err(UNCLEAR);
        }
        // What stands in another encoding does not say what its bytes seem to.
        if name == "charset" && !matches!(value, "utf-8" | "utf8" | "us-ascii") {
            return Err(Effect::Unknown);
        }
    }
    match (main, sub) {
        ("application", "x-www-form-urlencoded") => Ok(Kind::Form),
        // What a GraphQL document does is not told by its path.
        ("multipart", _) | ("application", "graphql" | "graphql+json") => Err(Effect::Unknown),
        (_, sub) if is_json(sub) => Ok(Kind::Json),
        _ => Ok(Kind::Opaque),
    }
}

const UNCLEAR: Effect = Effect::Ambiguous("the content type has no plain form");

fn is_json(sub: &str) -> bool {
    matches!(sub, "json" | "x-json" | "json-rpc" | "jsonrequest") || sub.ends_with("+json")
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// Any JSON without a key that comes twice. The parser bounds how deep it goes.
struct Unique {
    /// Whether one of its own keys asks for another method.
    overrides: bool,
}

impl Unique {
    const LEAF: Self = Self { overrides: false };
}

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Anything)
    }
}

struct Anything;

impl<'de> Visitor<'de> for Anything {
    type Value = Unique;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique::LEAF)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique::LEAF)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique::LEAF)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique::LEAF)
    }

    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique::LEAF)
    }

    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique::LEAF)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Unique, A::Error> {
        while items.next_element::<Unique>()?.is_some() {}
        Ok(Unique::LEAF)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Unique, A::Error> {
        let mut keys: HashSet<String> = HashSet::default();
        let mut overrides = false;
        while let Some((key, _)) = fields.next_entry::<String, Unique>()? {
            overrides |= overrides::is_override(key.as_bytes());
            if !keys.insert(key) {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Unique { overrides })
    }
}
