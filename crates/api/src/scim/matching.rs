//! Whether a resource is as a filter says (RFC 7644 section 3.4.2.2), judged on what is told of it.

use countersign_filter::{
    Attribute as Named, Comparison, Filter, Operator, Term, Value as Literal,
};
use serde_json::Value;

use super::{
    error::{ScimError, ScimType},
    schemas::{Attribute, Kind, Type},
};
use crate::time;

/// Whether `resource` is as `filter` says.
pub(super) fn fits(kind: Type, resource: &Value, filter: &Filter) -> Result<bool, ScimError> {
    filter.holds(&mut |term| of_resource(kind, resource, term))
}

/// Refuses a filter that asks for what there is not, whether or not it is ever looked at.
pub(super) fn check(kind: Type, filter: &Filter) -> Result<(), ScimError> {
    for term in filter.terms() {
        of_resource(kind, &Value::Null, term)?;
        if let Term::Has(attribute, inner) = term {
            let (known, _) = resolved(kind, attribute)?;
            for term in inner.terms() {
                of_value(known, &Value::Null, term)?;
            }
        }
    }
    Ok(())
}

/// Whether one value of an attribute is as a filter in brackets says.
pub(super) fn value_fits(
    attribute: &'static Attribute,
    value: &Value,
    filter: &Filter,
) -> Result<bool, ScimError> {
    filter.holds(&mut |term| of_value(attribute, value, term))
}

fn of_resource(kind: Type, resource: &Value, term: Term<'_>) -> Result<bool, ScimError> {
    match term {
        Term::Present(named) => {
            let (_, path) = resolved(kind, named)?;
            Ok(!values(resource, &path).is_empty())
        }
        Term::Compare(comparison) => {
            let (attribute, path) = resolved(kind, &comparison.attribute)?;
            // A complex attribute of several values is compared by its value.
            let (attribute, path) = match attribute.part("value") {
                Some(part) if attribute.multi_valued => (part, [path, vec![part.name]].concat()),
                _ => (attribute, path),
            };
            compared(attribute, &values(resource, &path), comparison)
        }
        Term::Has(named, filter) => {
            let (attribute, path) = resolved(kind, named)?;
            for value in values(resource, &path) {
                if value_fits(attribute, value, filter)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

fn of_value(
    attribute: &'static Attribute,
    value: &Value,
    term: Term<'_>,
) -> Result<bool, ScimError> {
    let part = |named: &Named| match named.names.as_slice() {
        [name] if named.schema.is_none() => attribute.part(name).ok_or_else(|| unknown(named)),
        _ => Err(unknown(named)),
    };
    match term {
        Term::Present(named) => {
            let part = part(named)?;
            Ok(!values(value, &[part.name]).is_empty())
        }
        Term::Compare(comparison) => {
            let part = part(&comparison.attribute)?;
            compared(part, &values(value, &[part.name]), comparison)
        }
        Term::Has(named, _) => Err(unknown(named)),
    }
}

/// The attribute that is meant, and where it is.
fn resolved(
    kind: Type,
    named: &Named,
) -> Result<(&'static Attribute, Vec<&'static str>), ScimError> {
    let of_this = named
        .schema
        .as_ref()
        .is_none_or(|urn| urn.eq_ignore_ascii_case(kind.urn()));
    let found = match named.names.as_slice() {
        [name] => kind.attribute(name).map(|one| (one, vec![one.name])),
        [outer, inner] => kind.attribute(outer).and_then(|outer| {
            let part = outer.part(inner)?;
            Some((part, vec![outer.name, part.name]))
        }),
        _ => None,
    };
    found.filter(|_| of_this).ok_or_else(|| unknown(named))
}

fn unknown(named: &Named) -> ScimError {
    ScimError::bad(
        ScimType::InvalidFilter,
        format!(
            "At character {}: there is no attribute \"{}\" to filter by; /Schemas has those there are.",
            named.at + 1,
            named.names.join(".")
        ),
    )
}

/// What is there at a path, in each of several values on the way. Nothing and no text are nothing.
fn values<'a>(from: &'a Value, path: &[&str]) -> Vec<&'a Value> {
    let mut found = vec![from];
    for name in path {
        found = found
            .into_iter()
            .filter_map(|value| value.get(*name))
            .flat_map(|value| match value {
                Value::Array(all) => all.iter().collect(),
                one => vec![one],
            })
            .collect();
    }
    found.retain(|value| !value.is_null());
    found
}

fn compared(
    attribute: &Attribute,
    values: &[&Value],
    comparison: &Comparison,
) -> Result<bool, ScimError> {
    if comparison.operator == Operator::NotEqual {
        let equal = Comparison {
            operator: Operator::Equal,
            ..comparison.clone()
        };
        return compared(attribute, values, &equal).map(|equal| !equal);
    }
    if comparison.value == Literal::Null {
        return match comparison.operator {
            Operator::Equal => Ok(values.is_empty()),
            _ => Err(unfit(comparison, "null")),
        };
    }
    match attribute.kind {
        Kind::Bool => {
            let wanted =
                truth(&comparison.value).ok_or_else(|| unfit(comparison, "true or false"))?;
            if comparison.operator != Operator::Equal {
                return Err(unfit(comparison, "eq or ne"));
            }
            Ok(values.iter().any(|value| value.as_bool() == Some(wanted)))
        }
        Kind::Moment => {
            let wanted = match &comparison.value {
                Literal::Text(text) => time::read(text).ok(),
                _ => None,
            };
            let wanted = wanted
                .ok_or_else(|| unfit(comparison, "a time such as \"2030-01-01T00:00:00Z\""))?;
            if comparison.operator.is_about_text() {
                return Err(unfit(comparison, "an operator that compares times"));
            }
            let moments = values
                .iter()
                .filter_map(|value| time::read(value.as_str()?).ok());
            Ok(moments
                .into_iter()
                .any(|at| ordered(&at, comparison.operator, &wanted)))
        }
        Kind::Text | Kind::Reference(_) => {
            let Literal::Text(wanted) = &comparison.value else {
                return Err(unfit(comparison, "text in double quotes"));
            };
            let folded = |text: &str| {
                if attribute.case_exact {
                    text.to_owned()
                } else {
                    text.to_lowercase()
                }
            };
            let wanted = folded(wanted);
            let mut texts = values.iter().filter_map(|value| value.as_str());
            Ok(texts.any(|text| text_fits(&folded(text), comparison.operator, &wanted)))
        }
        Kind::Complex(_) => Err(unfit(comparison, "an attribute within it")),
    }
}

fn text_fits(text: &str, operator: Operator, wanted: &str) -> bool {
    match operator {
        Operator::Contains => text.contains(wanted),
        Operator::StartsWith => text.starts_with(wanted),
        Operator::EndsWith => text.ends_with(wanted),
        _ => ordered(text, operator, wanted),
    }
}

fn ordered<T: Ord + ?Sized>(one: &T, operator: Operator, other: &T) -> bool {
    match operator {
        Operator::Equal => one == other,
        Operator::NotEqual => one != other,
        Operator::Greater => one > other,
        Operator::GreaterOrEqual => one >= other,
        Operator::Less => one < other,
        Operator::LessOrEqual => one <= other,
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}

/// Truth values, also as one of the large directories writes them.
fn truth(value: &Literal) -> Option<bool> {
    match value {
        Literal::Bool(value) => Some(*value),
        Literal::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Literal::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn unfit(comparison: &Comparison, expected: &str) -> ScimError {
    ScimError::bad(
        ScimType::InvalidFilter,
        format!(
            "At character {}: \"{}\" needs {expected}.",
            comparison.value_at + 1,
            comparison.attribute.names.join(".")
        ),
    )
}
