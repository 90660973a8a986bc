//! What a client says somebody is.
//!
//! What is only read, such as `id` and `emails`, is ignored where a client sends it back (RFC 7644 section
//! 3.3). Attributes of the RFC's that are not in `/Schemas` are not kept. Anything else is refused, so that
//! nobody believes that a misspelt `active` took something away.

use countersign_app::{Provisioned, Wanted};
use countersign_domain::{Email, ExternalId, PersonName, Profile, Role, TextError};
use serde_json::Value;

use super::{
    body::Object,
    error::{ScimError, ScimType},
    schemas::{Type, USER},
    user::{SUPER_ADMINS, role_name},
};

/// Attributes of RFC 7643 that are known and not kept.
const NOT_KEPT: [&str; 16] = [
    "addresses",
    "entitlements",
    "ims",
    "locale",
    "nickname",
    "password",
    "phonenumbers",
    "photos",
    "preferredlanguage",
    "profileurl",
    "timezone",
    "title",
    "usertype",
    "x509certificates",
    "roles",
    "groups",
];
const NAME_PARTS_NOT_KEPT: [&str; 3] = ["middlename", "honorificprefix", "honorificsuffix"];

/// What becomes of an attribute that a client names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is kept, under this name.
    Kept(&'static str),
    /// It is only read: it is what the others make it.
    OnlyRead(&'static str),
    /// It is known, and not kept.
    NotKept,
    /// Nobody knows it.
    Unknown,
}

/// What becomes of an attribute by this name.
pub(super) fn fate(kind: Type, name: &str) -> Fate {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "id" | "meta" | "schemas" => return Fate::OnlyRead("id, meta and schemas"),
        "emails" => return Fate::NotKept,
        "groups" if kind == Type::Admin => return Fate::OnlyRead("groups"),
        _ => {}
    }
    match kind.attribute(name) {
        Some(attribute) => Fate::Kept(attribute.name),
        None if NOT_KEPT.contains(&lower.as_str()) || lower.starts_with("urn:") => Fate::NotKept,
        None => Fate::Unknown,
    }
}

/// What becomes of a part of a name.
pub(super) fn name_part(name: &str) -> Fate {
    let known = ["formatted", "givenName", "familyName"];
    let known = known
        .into_iter()
        .find(|part| part.eq_ignore_ascii_case(name));
    match known {
        Some(part) => Fate::Kept(part),
        None if NAME_PARTS_NOT_KEPT.contains(&name.to_ascii_lowercase().as_str()) => Fate::NotKept,
        None => Fate::Unknown,
    }
}

/// What a whole resource says, of somebody who is there or not yet. What it leaves out is not there, but
/// for whether they are active and their role: those stay as they are.
pub(super) fn whole(
    kind: Type,
    body: &Object,
    known: Option<&Provisioned>,
) -> Result<Wanted, ScimError> {
    body.must_be(USER)?;
    wanted(kind, body, known)
}

/// The same of attributes without their schema.
pub(super) fn wanted(
    kind: Type,
    body: &Object,
    known: Option<&Provisioned>,
) -> Result<Wanted, ScimError> {
    for (name, _) in body.iter() {
        if fate(kind, name) == Fate::Unknown {
            return Err(unknown(name));
        }
    }
    let email = match given(body, "userName") {
        Some(value) => text("userName", value, Email::parse)?,
        None => {
            return Err(wrong(
                "userName",
                "is needed: it is the e-mail address they sign in with",
            ));
        }
    };
    let name = match given(body, "name") {
        None => Object::default(),
        Some(Value::Object(name)) => Object::of(name.clone())?,
        Some(_) => return Err(wrong("name", "must be an object")),
    };
    for (part, _) in name.iter() {
        if name_part(part) == Fate::Unknown {
            return Err(unknown(&format!("name.{part}")));
        }
    }
    let part = |part: &str| {
        let value = given(&name, part);
        value
            .map(|value| text(&format!("name.{part}"), value, PersonName::parse))
            .transpose()
    };
    let profile = Profile {
        external_id: given(body, "externalId")
            .map(|value| text("externalId", value, ExternalId::parse))
            .transpose()?,
        display_name: given(body, "displayName")
            .map(|value| text("displayName", value, PersonName::parse))
            .transpose()?,
        formatted_name: part("formatted")?,
        given_name: part("givenName")?,
        family_name: part("familyName")?,
    };
    let active = match given(body, "active") {
        Some(value) => truth(value).ok_or_else(|| wrong("active", "must be true or false"))?,
        None => known.is_none_or(|known| known.active),
    };
    let role = match given(body, "roles").filter(|_| kind == Type::Admin) {
        Some(value) => role(value)?,
        None => known.and_then(|known| known.role).unwrap_or(Role::Admin),
    };
    Ok(Wanted {
        email,
        profile: unless_as_shown(profile, known),
        active,
        role,
    })
}

/// Somebody of whom no directory said a name is told with the name that is shown. A client that sends just
/// that back says nothing new.
fn unless_as_shown(profile: Profile, known: Option<&Provisioned>) -> Profile {
    let nameless = Profile {
        display_name: None,
        ..profile.clone()
    };
    match known {
        Some(known)
            if known.profile.shown_name().is_none()
                && nameless.shown_name().is_none()
                && profile.display_name.as_ref() == Some(&known.name) =>
        {
            nameless
        }
        _ => profile,
    }
}

/// What is given of an attribute. Null and an empty list are nothing (RFC 7643 section 2.5).
fn given<'a>(body: &'a Object, name: &str) -> Option<&'a Value> {
    body.get(name).filter(|value| match value {
        Value::Null => false,
        Value::Array(all) => !all.is_empty(),
        _ => true,
    })
}

fn text<T>(
    name: &str,
    value: &Value,
    parse: impl Fn(&str) -> Result<T, TextError>,
) -> Result<T, ScimError> {
    let given = value
        .as_str()
        .ok_or_else(|| wrong(name, "must be a text"))?;
    parse(given).map_err(|error| wrong(name, &error.to_string()))
}

/// Truth values, also as one of the large directories writes them.
pub(super) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The one role that somebody has, as a list of one, its value, or just its name.
pub(super) fn role(value: &Value) -> Result<Role, ScimError> {
    let named = match value {
        Value::Array(all) => {
            let mut roles = all.iter().map(role);
            let first = roles.next().ok_or_else(one_role)??;
            for other in roles {
                if other? != first {
                    return Err(one_role());
                }
            }
            return Ok(first);
        }
        Value::Object(map) => {
            let map = Object::of(map.clone())?;
            map.get("value").and_then(Value::as_str).map(str::to_owned)
        }
        Value::String(name) => Some(name.clone()),
        _ => None,
    };
    match named.as_deref() {
        Some(SUPER_ADMINS) => Ok(Role::SuperAdmin),
        Some(name) if name == role_name(Role::Admin) => Ok(Role::Admin),
        _ => Err(one_role()),
    }
}

fn one_role() -> ScimError {
    wrong(
        "roles",
        "must be a list of one role, whose \"value\" is \"super_admin\" or \"admin\"",
    )
}

pub(super) fn unknown(name: &str) -> ScimError {
    ScimError::bad(
        ScimType::InvalidSyntax,
        format!("There is no attribute \"{name}\": /Schemas has those there are."),
    )
}

pub(super) fn wrong(name: &str, what: &str) -> ScimError {
    ScimError::bad(
        ScimType::InvalidValue,
        format!("The attribute \"{name}\" {what}: correct it and try again."),
    )
}
