//! Asking for many: filters, pages and what to tell of each (RFC 7644 section 3.4.2).

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use countersign_filter::Filter;
use serde_json::{Value, json};

use super::{
    attributes::Shown,
    body::Object,
    error::{ScimError, ScimType},
};
use crate::router::Served;

/// The most resources on one page, as `/ServiceProviderConfig` says.
pub(super) const MOST: usize = 200;
/// How many are on a page of which nobody said how many.
const USUAL: usize = 100;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) filter: Option<Filter>,
    /// Where the page begins, from 1.
    pub(super) start: usize,
    /// How many it may have.
    pub(super) count: usize,
    pub(super) shown: Shown,
}

/// The same of the parameters of a request.
pub(super) struct AskedByQuery(pub(super) Asked);

/// Of the parameters only what to tell.
pub(super) struct ShownByQuery(pub(super) Shown);

impl FromRequestParts<Served> for AskedByQuery {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, _: &Served) -> Result<Self, ScimError> {
        let given = parameters(parts)?;
        let text = |name: &str| found(&given, name);
        let number = |name: &str| -> Result<Option<i64>, ScimError> {
            let text = text(name)?;
            text.map(|text| text.trim().parse().map_err(|_| no_number(name)))
                .transpose()
        };
        Ok(Self(Asked {
            filter: text("filter")?.map(filter).transpose()?,
            start: start(number("startIndex")?),
            count: count(number("count")?),
            shown: Shown::of(text("attributes")?, text("excludedAttributes")?)?,
        }))
    }
}

impl FromRequestParts<Served> for ShownByQuery {
    type Rejection = ScimError;

    async fn from_request_parts(parts: &mut Parts, _: &Served) -> Result<Self, ScimError> {
        let given = parameters(parts)?;
        let only = found(&given, "attributes")?;
        Shown::of(only, found(&given, "excludedAttributes")?).map(Self)
    }
}

impl Asked {
    /// The same of a search request (RFC 7644 section 3.4.3).
    pub(super) fn of_search(body: &Object) -> Result<Self, ScimError> {
        body.must_be("urn:ietf:params:scim:api:messages:2.0:SearchRequest")?;
        let text = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(ScimError::bad(
                ScimType::InvalidValue,
                format!("\"{name}\" must be a text."),
            )),
        };
        let number = |name: &str| match body.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| no_number(name)),
        };
        let names = |name: &str| -> Result<Option<String>, ScimError> {
            match body.get(name) {
                None | Some(Value::Null) => Ok(None),
                Some(Value::Array(names)) if names.iter().all(Value::is_string) => {
                    let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                    Ok(Some(names.join(",")))
                }
                Some(_) => Err(ScimError::bad(
                    ScimType::InvalidValue,
                    format!("\"{name}\" must be a list of names."),
                )),
            }
        };
        let (only, without) = (names("attributes")?, names("excludedAttributes")?);
        Ok(Self {
            filter: text("filter")?.map(filter).transpose()?,
            start: start(number("startIndex")?),
            count: count(number("count")?),
            shown: Shown::of(only.as_deref(), without.as_deref())?,
        })
    }
}

/// A page as it is told.
pub(super) fn listed(resources: &[Value], start: usize, total: usize) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    })
}

fn parameters(parts: &Parts) -> Result<Vec<(String, String)>, ScimError> {
    let Query(given) = Query::try_from_uri(&parts.uri).map_err(|_| {
        ScimError::bad(
            ScimType::InvalidValue,
            "The part of the address behind \"?\" cannot be read: encode it as a form.",
        )
    })?;
    Ok(given)
}

fn found<'a>(given: &'a [(String, String)], name: &str) -> Result<Option<&'a str>, ScimError> {
    let mut named = given
        .iter()
        .filter(|(key, _)| key.eq_ignore_ascii_case(name));
    let value = named.next().map(|(_, value)| value.as_str());
    if named.next().is_some() {
        return Err(ScimError::bad(
            ScimType::InvalidValue,
            format!("The parameter \"{name}\" is there twice: send it once."),
        ));
    }
    Ok(value.filter(|value| !value.trim().is_empty()))
}

fn filter(text: &str) -> Result<Filter, ScimError> {
    text.parse().map_err(|error| {
        ScimError::bad(
            ScimType::InvalidFilter,
            format!("The filter cannot be read: {error}."),
        )
    })
}

/// A page begins at the first at the earliest.
fn start(given: Option<i64>) -> usize {
    usize::try_from(given.unwrap_or(1).max(1)).unwrap_or(usize::MAX)
}

/// No page has less than nothing.
fn count(given: Option<i64>) -> usize {
    given.map_or(USUAL, |count| {
        usize::try_from(count.max(0)).unwrap_or(MOST).min(MOST)
    })
}

fn no_number(name: &str) -> ScimError {
    ScimError::bad(
        ScimType::InvalidValue,
        format!("The parameter \"{name}\" must be a whole number."),
    )
}
