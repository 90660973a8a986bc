//! Whether an event is what a filter, or keywords, ask for.

use std::{cmp::Ordering, convert::Infallible};

use countersign_filter::{Comparison, Filter, Operator, Term, Value};
use serde_json::Value as Json;

use super::attributes::{Kind, kind_of};
use crate::time;

/// The event with all of its texts in lower case, once for whatever it is compared with.
pub(super) fn lowered(event: &Json) -> Json {
    match event {
        Json::String(text) => Json::String(text.to_lowercase()),
        Json::Array(items) => items.iter().map(lowered).collect(),
        Json::Object(fields) => {
            let fields = fields.iter();
            Json::Object(
                fields
                    .map(|(name, of)| (name.clone(), lowered(of)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

/// The filter with all that it compares with in lower case.
pub(super) fn in_lower_case(filter: Filter) -> Filter {
    let all = |filters: Vec<Filter>| filters.into_iter().map(in_lower_case).collect();
    match filter {
        Filter::Compare(Comparison {
            attribute,
            operator,
            value: Value::Text(text),
            value_at,
        }) => Filter::Compare(Comparison {
            attribute,
            operator,
            value: Value::Text(text.to_lowercase()),
            value_at,
        }),
        Filter::Has(attribute, value) => Filter::Has(attribute, Box::new(in_lower_case(*value))),
        Filter::Not(filter) => Filter::Not(Box::new(in_lower_case(*filter))),
        Filter::And(filters) => Filter::And(all(filters)),
        Filter::Or(filters) => Filter::Or(all(filters)),
        other @ (Filter::Present(_) | Filter::Compare(_)) => other,
    }
}

/// Whether the event is as the filter says, both in lower case. Of an attribute with several values one has to be.
pub(super) fn is_so(filter: &Filter, event: &Json) -> bool {
    holds(filter, event, &[])
}

/// `of` is the value of the attributes of these names.
fn holds(filter: &Filter, of: &Json, within: &[String]) -> bool {
    let answer = filter.holds(&mut |term| {
        Ok::<_, Infallible>(match term {
            Term::Present(attribute) => !values(of, &attribute.names).is_empty(),
            Term::Compare(comparison) => compares(comparison, of, within),
            Term::Has(attribute, value) => values(of, &attribute.names)
                .into_iter()
                .any(|one| holds(value, one, &attribute.names)),
        })
    });
    match answer {
        Ok(held) => held,
        Err(never) => match never {},
    }
}

/// The values of an attribute. Nothing, and an empty object, are none.
fn values<'v>(of: &'v Json, names: &[String]) -> Vec<&'v Json> {
    let mut found = vec![of];
    for name in names {
        found = found
            .into_iter()
            .filter_map(Json::as_object)
            .flat_map(|fields| fields.iter())
            .filter(|(field, _)| field.eq_ignore_ascii_case(name))
            .flat_map(|(_, value)| match value {
                Json::Array(items) => items.iter().collect(),
                one => vec![one],
            })
            .collect();
    }
    found.retain(|value| match value {
        Json::Null => false,
        Json::Object(fields) => !fields.is_empty(),
        _ => true,
    });
    found
}

fn compares(comparison: &Comparison, of: &Json, within: &[String]) -> bool {
    let found = values(of, &comparison.attribute.names);
    let names = [within, comparison.attribute.names.as_slice()].concat();
    let kind = kind_of(&names);
    let one_is = |operator| {
        found
            .iter()
            .any(|value| single(operator, value, &comparison.value, kind))
    };
    match (comparison.operator, &comparison.value) {
        (Operator::Equal, Value::Null) => found.is_empty(),
        (Operator::NotEqual, Value::Null) => !found.is_empty(),
        // Whatever is not there is not it either.
        (Operator::NotEqual, _) => !one_is(Operator::Equal),
        (operator, _) => one_is(operator),
    }
}

fn single(operator: Operator, value: &Json, with: &Value, kind: Option<Kind>) -> bool {
    match (value, with) {
        (Json::String(value), with) if kind == Some(Kind::Digits) => {
            let with: Option<u64> = match with {
                Value::Text(with) => with.parse().ok(),
                Value::Number(with) => with.as_u64(),
                _ => None,
            };
            let both = value.parse::<u64>().ok().zip(with);
            both.is_some_and(|(value, with)| ordered(operator, value.cmp(&with)))
        }
        (Json::String(value), Value::Text(with)) if kind == Some(Kind::Moment) => {
            let read = |text: &str| time::read(&text.to_ascii_uppercase());
            match (read(value), read(with)) {
                (Ok(value), Ok(with)) => ordered(operator, value.cmp(&with)),
                _ => false,
            }
        }
        (Json::String(value), Value::Text(with)) => text(operator, value, with),
        (Json::Number(value), Value::Number(with)) => {
            let order = value.as_f64().zip(with.as_f64());
            let order = order.and_then(|(value, with)| value.partial_cmp(&with));
            order.is_some_and(|order| ordered(operator, order))
        }
        (Json::Bool(value), Value::Bool(with)) => ordered(operator, value.cmp(with)),
        _ => false,
    }
}

/// Whether a text compares so, both in lower case.
pub(super) fn text(operator: Operator, value: &str, with: &str) -> bool {
    match operator {
        Operator::Contains => value.contains(with),
        Operator::StartsWith => value.starts_with(with),
        Operator::EndsWith => value.ends_with(with),
        _ => ordered(operator, value.cmp(with)),
    }
}

fn ordered(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}

/// Whether every keyword is somewhere in what the event says. Both are in lower case.
pub(super) fn says(event: &Json, keywords: &[String]) -> bool {
    keywords.iter().all(|keyword| has(event, keyword))
}

fn has(value: &Json, keyword: &str) -> bool {
    match value {
        Json::String(text) => text.contains(keyword),
        Json::Array(items) => items.iter().any(|item| has(item, keyword)),
        Json::Object(fields) => fields.values().any(|field| has(field, keyword)),
        Json::Number(_) | Json::Bool(_) | Json::Null => false,
    }
}
