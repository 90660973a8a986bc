//! Changing parts of somebody (RFC 7644 section 3.5.2). Every operation is applied to how they are at the
//! decision; what comes out is one change, which happens whole or not at all.

use countersign_app::{Provisioned, Wanted};
use countersign_domain::Role;
use countersign_filter::Target;
use serde_json::{Map, Value, json};

use super::{
    body::Object,
    error::{ScimError, ScimType},
    matching::value_fits,
    schemas::{Type, USER},
    user::{attributes, role_name},
    user_input::{Fate, fate, name_part, role, unknown, wanted, wrong},
};

/// The most operations of one request.
const MOST: usize = 100;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Replace,
    Remove,
}

/// One operation.
#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) op: Op,
    pub(super) path: Option<String>,
    pub(super) value: Option<Value>,
}

/// The operations of a request.
pub(super) fn operations(body: &Object) -> Result<Vec<Operation>, ScimError> {
    body.must_be("urn:ietf:params:scim:api:messages:2.0:PatchOp")?;
    let given = body.get("Operations").and_then(Value::as_array);
    let given = given
        .filter(|all| !all.is_empty())
        .ok_or_else(|| bad_syntax("\"Operations\" must be a list of at least one operation."))?;
    if given.len() > MOST {
        return Err(ScimError::bad(
            ScimType::TooMany,
            format!("One request may have {MOST} operations: send the rest in another."),
        ));
    }
    given.iter().map(operation).collect()
}

fn operation(value: &Value) -> Result<Operation, ScimError> {
    let Value::Object(map) = value else {
        return Err(bad_syntax("Each operation must be an object."));
    };
    let map = Object::of(map.clone())?;
    let op = map.get("op").and_then(Value::as_str).unwrap_or_default();
    let op = match op.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => {
            return Err(bad_syntax(
                "\"op\" must be \"add\", \"replace\" or \"remove\".",
            ));
        }
    };
    let path = match map.get("path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        Some(Value::String(path)) => Some(path.clone()),
        Some(_) => return Err(bad_syntax("\"path\" must be a text.")),
    };
    if op == Op::Remove && path.is_none() {
        return Err(ScimError::bad(
            ScimType::NoTarget,
            "An operation that removes needs a \"path\" that says what.",
        ));
    }
    let value = map.get("value").cloned();
    if op != Op::Remove && value.is_none() {
        return Err(ScimError::bad(
            ScimType::InvalidValue,
            "An operation that adds or replaces needs a \"value\".",
        ));
    }
    Ok(Operation { op, path, value })
}

/// What the operations make of somebody.
pub(super) fn patched(
    kind: Type,
    known: &Provisioned,
    operations: &[Operation],
) -> Result<Wanted, ScimError> {
    let mut map = attributes(known);
    for operation in operations {
        match &operation.path {
            Some(path) => on_path(kind, &mut map, operation.op, path, operation.value.as_ref())?,
            None => whole(kind, &mut map, operation)?,
        }
    }
    wanted(kind, &Object::of(map)?, Some(known))
}

/// Without a path, the value's members say where they go.
fn whole(kind: Type, map: &mut Map<String, Value>, operation: &Operation) -> Result<(), ScimError> {
    let Some(Value::Object(members)) = &operation.value else {
        return Err(ScimError::bad(
            ScimType::InvalidValue,
            "The \"value\" of an operation without a \"path\" must be an object.",
        ));
    };
    for (name, value) in members {
        match fate(kind, name) {
            // What is read and sent back says nothing.
            Fate::OnlyRead(_) => {}
            Fate::NotKept if !is_path(name) => {}
            _ => on_path(kind, map, operation.op, name, Some(value))?,
        }
    }
    Ok(())
}

/// Whether a member of a value may be the path of an attribute with its URI.
fn is_path(name: &str) -> bool {
    name.get(..USER.len())
        .is_some_and(|urn| urn.eq_ignore_ascii_case(USER))
}

fn on_path(
    kind: Type,
    map: &mut Map<String, Value>,
    op: Op,
    path: &str,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    // Extensions are not kept; the URI of one alone is no path that the grammar knows.
    if is_urn(path) && !is_path(path) {
        return Ok(());
    }
    let target: Target = path.parse().map_err(|error| {
        ScimError::bad(
            ScimType::InvalidPath,
            format!("The path \"{path}\" cannot be read: {error}."),
        )
    })?;
    let schema = target.attribute.schema.as_deref();
    if schema.is_some_and(|urn| !urn.eq_ignore_ascii_case(kind.urn())) {
        return Err(no_path(path));
    }
    let (name, part) = match (target.attribute.names.as_slice(), &target.within) {
        ([name], within) => (name, within.as_deref()),
        ([name, part], None) => (name, Some(part.as_str())),
        _ => return Err(no_path(path)),
    };
    let value = value.filter(|value| !value.is_null());
    match fate(kind, name) {
        Fate::NotKept => Ok(()),
        Fate::Unknown => Err(no_path(path)),
        Fate::OnlyRead(what) => Err(ScimError::bad(
            ScimType::Mutability,
            format!("{what} cannot be changed."),
        )),
        Fate::Kept("name") if target.which.is_none() => on_name(map, op, part, value),
        Fate::Kept("roles") => on_roles(map, op, &target, part, value),
        Fate::Kept(name) if part.is_none() && target.which.is_none() => {
            on_simple(map, op, name, value)
        }
        Fate::Kept(_) => Err(no_path(path)),
    }
}

fn is_urn(path: &str) -> bool {
    path.get(..4)
        .is_some_and(|urn| urn.eq_ignore_ascii_case("urn:"))
}

fn on_simple(
    map: &mut Map<String, Value>,
    op: Op,
    name: &str,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    match (op, value) {
        (Op::Add | Op::Replace, Some(value)) => {
            map.insert(name.to_owned(), alone(value));
            Ok(())
        }
        _ if name == "userName" || name == "active" => {
            Err(wrong(name, "cannot be taken away, only replaced"))
        }
        _ => {
            map.remove(name);
            Ok(())
        }
    }
}

/// One value, also as one of the large directories wraps it: `[{"$ref": null, "value": …}]`.
fn alone(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([Value::Object(wrapped)]) => wrapped.get("value").unwrap_or(value).clone(),
        _ => value.clone(),
    }
}

fn on_name(
    map: &mut Map<String, Value>,
    op: Op,
    part: Option<&str>,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let mut name = match map.remove("name") {
        Some(Value::Object(name)) => name,
        _ => Map::new(),
    };
    match (part, op, value) {
        (Some(part), ..) => match (name_part(part), value.filter(|_| op != Op::Remove)) {
            (Fate::Kept(part), Some(value)) => _ = name.insert(part.to_owned(), alone(value)),
            (Fate::Kept(part), None) => _ = name.remove(part),
            (Fate::NotKept, _) => {}
            _ => return Err(unknown(&format!("name.{part}"))),
        },
        (None, Op::Add | Op::Replace, Some(Value::Object(parts))) => {
            for (part, value) in parts {
                match name_part(part) {
                    Fate::Kept(part) => _ = name.insert(part.to_owned(), value.clone()),
                    Fate::NotKept => {}
                    _ => return Err(unknown(&format!("name.{part}"))),
                }
            }
        }
        (None, Op::Add | Op::Replace, Some(_)) => return Err(wrong("name", "must be an object")),
        (None, ..) => name.clear(),
    }
    if !name.is_empty() {
        map.insert("name".to_owned(), Value::Object(name));
    }
    Ok(())
}

/// Everybody has one role: adding another replaces it, and whoever loses it is an admin.
fn on_roles(
    map: &mut Map<String, Value>,
    op: Op,
    target: &Target,
    part: Option<&str>,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    if part.is_some_and(|part| !part.eq_ignore_ascii_case("value")) {
        // Which is the primary one of one, and how it is displayed, is not said by clients.
        return Ok(());
    }
    let fits = match (
        &target.which,
        map.get("roles").and_then(|roles| roles.get(0)),
    ) {
        (None, _) => true,
        (Some(filter), Some(present)) => {
            let roles = Type::Admin.attribute("roles");
            let roles = roles.ok_or_else(|| unknown("roles"))?;
            value_fits(roles, present, filter)?
        }
        (Some(_), None) => false,
    };
    let role = match (op, value) {
        (Op::Add, Some(value)) => role(value)?,
        (Op::Replace, Some(value)) if fits => role(value)?,
        (Op::Replace, Some(_)) => {
            return Err(ScimError::bad(
                ScimType::NoTarget,
                "They have no role that the path chooses.",
            ));
        }
        // What they do not have is not taken from them.
        _ if !fits => return Ok(()),
        _ => Role::Admin,
    };
    map.insert(
        "roles".to_owned(),
        json!([{"value": role_name(role), "primary": true}]),
    );
    Ok(())
}

fn no_path(path: &str) -> ScimError {
    ScimError::bad(
        ScimType::InvalidPath,
        format!("There is nothing at the path \"{path}\": /Schemas has what there is."),
    )
}

fn bad_syntax(detail: &str) -> ScimError {
    ScimError::bad(ScimType::InvalidSyntax, detail)
}
