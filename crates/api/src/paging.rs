//! Lists come in pages: `limit` and `after` in the query, `next` in the answer.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use countersign_app::StatusFilter;
use countersign_domain::{CaseNumber, TextError};

use crate::problem::{FieldError, Problem, Texts};

pub(crate) const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1_000;

/// Which cases a caller asks for.
pub(crate) struct CaseListQuery {
    pub(crate) status: StatusFilter,
    pub(crate) after: Option<CaseNumber>,
    pub(crate) limit: usize,
}

/// Which entries a caller asks for.
pub(crate) struct EntryListQuery {
    /// The first index wanted.
    pub(crate) from: u64,
    pub(crate) limit: usize,
}

impl<S: Send + Sync> FromRequestParts<S> for CaseListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let [status, limit, after] = params(parts, state, ["status", "limit", "after"]).await?;
        let mut texts = Texts::default();
        let status = status.map_or(Some(StatusFilter::Any), |text| {
            texts.read("status", &text, parse_status)
        });
        let limit = limit.map_or(Some(DEFAULT_LIMIT), |text| {
            texts.read("limit", &text, parse_limit)
        });
        let after = after.map(|text| texts.read("after", &text, CaseNumber::parse));
        match (status, limit, after) {
            (Some(status), Some(limit), None) => Ok(Self {
                status,
                after: None,
                limit,
            }),
            (Some(status), Some(limit), Some(Some(after))) => Ok(Self {
                status,
                after: Some(after),
                limit,
            }),
            _ => Err(texts.problem()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for EntryListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let [limit, after] = params(parts, state, ["limit", "after"]).await?;
        let mut texts = Texts::default();
        let limit = limit.map_or(Some(DEFAULT_LIMIT), |text| {
            texts.read("limit", &text, parse_limit)
        });
        let from = after.map_or(Some(0), |text| texts.read("after", &text, parse_index));
        match (limit, from) {
            (Some(limit), Some(from)) => Ok(Self { from, limit }),
            _ => Err(texts.problem()),
        }
    }
}

/// The parameters of the query, by name: each at most once, and no others. One that is misspelt
/// would otherwise silently list something else.
pub(crate) async fn params<S: Send + Sync, const N: usize>(
    parts: &mut Parts,
    state: &S,
    names: [&str; N],
) -> Result<[Option<String>; N], Problem> {
    let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
        .await
        .map_err(|_| {
            let error = FieldError::new("query", "cannot be read");
            Problem::fields("invalid_query", vec![error])
        })?;
    for (at, (name, _)) in pairs.iter().enumerate() {
        let problem = |code, says: &str| Problem::fields(code, vec![FieldError::new(name, says)]);
        if !names.contains(&name.as_str()) {
            let says = format!("is no parameter here; there are {}", names.join(", "));
            return Err(problem("unknown_field", &says));
        }
        if pairs.iter().skip(at + 1).any(|(later, _)| later == name) {
            return Err(problem("duplicate_field", "is there twice"));
        }
    }
    Ok(names.map(|name| {
        pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    }))
}

fn parse_status(text: &str) -> Result<StatusFilter, TextError> {
    match text {
        "open" => Ok(StatusFilter::Open),
        "closed" => Ok(StatusFilter::Closed),
        _ => Err(TextError::Form {
            expected: "\"open\" or \"closed\"",
        }),
    }
}

pub(crate) fn parse_limit(text: &str) -> Result<usize, TextError> {
    text.parse()
        .ok()
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or(TextError::Form {
            expected: "a number from 1 to 1000",
        })
}

/// The index behind the last one seen.
fn parse_index(text: &str) -> Result<u64, TextError> {
    text.parse()
        .ok()
        .and_then(|last: u64| last.checked_add(1))
        .ok_or(TextError::Form {
            expected: "a cursor from an earlier answer",
        })
}
