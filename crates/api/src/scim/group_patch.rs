//! Who is to be in the group of super admins, and who not, by what a client sends.

use std::collections::BTreeSet;

use countersign_domain::{AdminId, Refusal};
use countersign_filter::{Filter, Operator, Target, Value as Literal};
use serde_json::Value;

use super::{
    body::Object,
    error::{ScimError, ScimType},
    patch::{Op, Operation},
    schemas::{GROUP, Type},
    user::SUPER_ADMINS,
    user_input::wrong,
};

/// How many people one request may put into the group or take out of it.
pub(super) const MOST: usize = 1_000;

/// Who is in the group after what a whole group says; whoever is, if it says nothing of members.
pub(super) fn replaced(
    members: BTreeSet<AdminId>,
    body: &Object,
) -> Result<BTreeSet<AdminId>, ScimError> {
    body.must_be(GROUP)?;
    for (name, value) in body.iter() {
        match name.to_ascii_lowercase().as_str() {
            "schemas" | "id" | "meta" | "members" | "externalid" => {}
            "displayname" => same_name(value)?,
            other if other.starts_with("urn:") => {}
            _ => return Err(super::user_input::unknown(name)),
        }
    }
    match body.get("members") {
        None | Some(Value::Null) => Ok(members),
        Some(members) => people(members),
    }
}

/// Who is in the group after these operations.
pub(super) fn patched(
    mut members: BTreeSet<AdminId>,
    operations: &[Operation],
) -> Result<BTreeSet<AdminId>, ScimError> {
    for Operation { op, path, value } in operations {
        match path {
            Some(path) => on_path(&mut members, *op, path, value.as_ref())?,
            None => {
                let Some(Value::Object(map)) = value else {
                    return Err(wrong("value", "must be an object where there is no path"));
                };
                for (name, value) in map {
                    match name.to_ascii_lowercase().as_str() {
                        // What is read and sent back says nothing.
                        "id" | "schemas" | "meta" | "externalid" => {}
                        _ => on_path(&mut members, *op, name, Some(value))?,
                    }
                }
            }
        }
    }
    Ok(members)
}

fn on_path(
    members: &mut BTreeSet<AdminId>,
    op: Op,
    path: &str,
    value: Option<&Value>,
) -> Result<(), ScimError> {
    let no_path = || {
        ScimError::bad(
            ScimType::InvalidPath,
            format!(
                "There is nothing at the path \"{path}\": a group has members and a displayName."
            ),
        )
    };
    let target: Target = path.parse().map_err(|error| {
        ScimError::bad(
            ScimType::InvalidPath,
            format!("The path \"{path}\" cannot be read: {error}."),
        )
    })?;
    let schema = target.attribute.schema.as_deref();
    if schema.is_some_and(|urn| !urn.eq_ignore_ascii_case(Type::Group.urn())) {
        return Err(no_path());
    }
    let value = value.filter(|value| !value.is_null());
    if target.attribute.is("externalId") {
        return Ok(());
    }
    if target.attribute.is("displayName") {
        return match value {
            Some(value) if op != Op::Remove => same_name(value),
            _ => Err(renamed()),
        };
    }
    if !target.attribute.is("members") || target.within.is_some() {
        return Err(no_path());
    }
    match (&target.which, op, value) {
        (Some(filter), Op::Remove, _) => {
            let gone = chosen(filter).ok_or_else(no_path)??;
            members.retain(|member| !gone.contains(member));
        }
        (Some(_), ..) => return Err(no_path()),
        (None, Op::Add, Some(value)) => members.extend(people(value)?),
        (None, Op::Replace, Some(value)) => *members = people(value)?,
        // Some directories say whom to remove in the value.
        (None, Op::Remove, Some(value)) => {
            let gone = people(value)?;
            members.retain(|member| !gone.contains(member));
        }
        (None, Op::Replace | Op::Remove, None) => members.clear(),
        (None, Op::Add, None) => {}
    }
    Ok(())
}

/// Whom a filter in brackets chooses: `value eq "…"`, or several of these with `or`. None for any other.
fn chosen(filter: &Filter) -> Option<Result<BTreeSet<AdminId>, ScimError>> {
    match filter {
        Filter::Compare(comparison)
            if comparison.operator == Operator::Equal && comparison.attribute.is("value") =>
        {
            match &comparison.value {
                Literal::Text(id) => Some(admin(id).map(|admin| BTreeSet::from([admin]))),
                _ => None,
            }
        }
        Filter::Or(all) => {
            let mut chosen = BTreeSet::new();
            for one in all {
                match self::chosen(one)? {
                    Ok(more) => chosen.extend(more),
                    Err(error) => return Some(Err(error)),
                }
            }
            Some(Ok(chosen))
        }
        _ => None,
    }
}

/// People by their ids, alone or in a list.
fn people(value: &Value) -> Result<BTreeSet<AdminId>, ScimError> {
    let all = match value {
        Value::Array(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    if all.len() > MOST {
        return Err(ScimError::bad(
            ScimType::TooMany,
            format!("One request may name {MOST} members: send the rest in another."),
        ));
    }
    all.iter()
        .map(|member| {
            let id = match member {
                Value::Object(map) => Object::of(map.clone())?
                    .get("value")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
                Value::String(id) => Some(id.clone()),
                _ => None,
            };
            let id = id.ok_or_else(|| {
                wrong(
                    "members",
                    "must be a list of objects with the id of a user as \"value\"",
                )
            })?;
            admin(&id)
        })
        .collect()
}

fn admin(id: &str) -> Result<AdminId, ScimError> {
    id.parse().map_err(|_| Refusal::PersonNotFound.into())
}

fn same_name(value: &Value) -> Result<(), ScimError> {
    if value.as_str() == Some(SUPER_ADMINS) {
        Ok(())
    } else {
        Err(renamed())
    }
}

fn renamed() -> ScimError {
    ScimError::bad(
        ScimType::Mutability,
        "The displayName of this group stays \"super_admin\": name the group in your directory so, or map the name to it.",
    )
}
