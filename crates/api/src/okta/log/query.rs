//! What is asked for in a query.

use axum::{extract::FromRequestParts, http::request::Parts};
use countersign_app::{HistoryOrder, digest};
use countersign_domain::{TextError, Timestamp};
use countersign_filter::Filter;

use super::{attributes, matches};
use crate::{
    paging::{DEFAULT_LIMIT, number, params},
    problem::{FieldError, Problem, Texts},
    time,
};

/// The most events that one answer has.
const MOST: usize = 1_000;
/// What a filter may have, so that the links that repeat it fit into headers.
const LONGEST_FILTER: usize = 2_000;
/// What each entry is compared with costs, for each entry.
const MOST_TERMS: usize = 30;
const MOST_KEYWORDS: usize = 10;
const LONGEST_KEYWORD: usize = 40;

/// The parameters there are, in the order in which links name them.
const NAMES: [&str; 7] = [
    "since",
    "until",
    "filter",
    "q",
    "sortOrder",
    "limit",
    "after",
];

/// A query.
#[derive(Debug)]
pub(in crate::okta) struct LogQuery {
    /// The parameters as they came, but for those that are empty and so say nothing.
    given: [Option<String>; 7],
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
    pub(super) filter: Option<Filter>,
    /// In lower case.
    pub(super) keywords: Vec<String>,
    pub(super) order: HistoryOrder,
    pub(super) limit: usize,
    pub(super) after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for LogQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let given = params(parts, state, NAMES).await?;
        Self::read(given.map(|value| value.filter(|text| !text.is_empty())))
    }
}

impl LogQuery {
    fn read(given: [Option<String>; 7]) -> Result<Self, Problem> {
        let mut texts = Texts::default();
        let [since, until, filter, q, order, limit, after] = &given;
        let moment = |name: &str, text: &Option<String>, texts: &mut Texts| {
            text.as_deref()
                .and_then(|text| texts.read(name, text, time::read))
        };
        let since = moment("since", since, &mut texts);
        let until = moment("until", until, &mut texts);
        let order = order
            .as_deref()
            .and_then(|text| texts.read("sortOrder", text, parse_order));
        let limit = limit
            .as_deref()
            .and_then(|text| texts.read("limit", text, parse_limit));
        let filter = filter.as_deref().and_then(|text| {
            let read = parse_filter(text);
            read.map_err(|why| texts.wrong("filter", &why)).ok()
        });
        let keywords = q.as_deref().map_or(Ok(vec![]), parse_keywords);
        let keywords = keywords.map_err(|why| texts.wrong("q", &why));
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            texts.wrong("since", &"must not be later than until");
        }
        texts.good()?;
        let after = after.clone();
        Ok(Self {
            given,
            since,
            until,
            filter,
            keywords: keywords.unwrap_or_default(),
            order: order.unwrap_or(HistoryOrder::OldestFirst),
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after,
        })
    }

    /// Whether what is asked for has an end: otherwise somebody polls, who gets what comes from here on as well.
    pub(super) fn is_bounded(&self, until: Option<Timestamp>) -> bool {
        until.is_some() || self.order == HistoryOrder::NewestFirst
    }

    /// What has to stay the same from page to page, besides the times.
    pub(super) fn digest(&self) -> [u8; 32] {
        let [_, _, filter, q, ..] = &self.given;
        let text = |of: &Option<String>| of.clone().unwrap_or_default();
        let newest = self.order == HistoryOrder::NewestFirst;
        digest(&[
            text(filter).as_bytes(),
            text(q).as_bytes(),
            &[u8::from(newest)],
        ])
    }

    /// With how many things each entry is compared; none if all of them are wanted.
    pub(super) fn terms(&self) -> usize {
        let filter = self.filter.as_ref();
        filter.map_or(0, |filter| attributes::places(filter).len()) + self.keywords.len()
    }

    /// The query as it came.
    pub(super) fn own(&self) -> String {
        written(&self.given)
    }

    /// The same query from another place on.
    pub(super) fn going_on(
        &self,
        since: Timestamp,
        until: Option<Timestamp>,
        after: Option<String>,
    ) -> String {
        let [_, _, filter, q, order, limit, _] = self.given.clone();
        let since = Some(time::write(since));
        written(&[
            since,
            until.map(time::write),
            filter,
            q,
            order,
            limit,
            after,
        ])
    }

    /// Something that `after` does not go with.
    pub(super) fn no_place() -> Problem {
        let error = FieldError::new(
            "after",
            "is no place in this log that was handed out for this query: follow the link to the next page as it is, with since, until, filter, q and sortOrder as they were",
        );
        Problem::fields("invalid_query", vec![error])
    }
}

fn parse_order(text: &str) -> Result<HistoryOrder, TextError> {
    match text {
        "ASCENDING" => Ok(HistoryOrder::OldestFirst),
        "DESCENDING" => Ok(HistoryOrder::NewestFirst),
        _ => Err(TextError::Form {
            expected: "ASCENDING or DESCENDING",
        }),
    }
}

fn parse_limit(text: &str) -> Result<usize, TextError> {
    number(text)
        .and_then(|limit| usize::try_from(limit).ok())
        .filter(|limit| *limit <= MOST)
        .ok_or(TextError::Form {
            expected: "a number from 0 to 1000",
        })
}

fn parse_filter(text: &str) -> Result<Filter, String> {
    let length = text.chars().count();
    if length > LONGEST_FILTER {
        return Err(format!(
            "has {length} characters, and may have {LONGEST_FILTER}"
        ));
    }
    let filter: Filter = text
        .parse()
        .map_err(|error| format!("cannot be read: {error}"))?;
    attributes::check(&filter).map_err(|attributes::Senseless { at, why }| {
        format!("makes no sense: at character {}: {why}", at + 1)
    })?;
    let places = attributes::places(&filter);
    if let Some(at) = places.get(MOST_TERMS) {
        return Err(format!(
            "has {} terms, and may have {MOST_TERMS}: the first that is too many is at character {}. Ask in several queries",
            places.len(),
            at + 1
        ));
    }
    Ok(matches::in_lower_case(filter))
}

fn parse_keywords(text: &str) -> Result<Vec<String>, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > MOST_KEYWORDS {
        return Err(format!(
            "has {} keywords, and may have {MOST_KEYWORDS}",
            words.len()
        ));
    }
    let long = words
        .iter()
        .find(|word| word.chars().count() > LONGEST_KEYWORD);
    match long {
        Some(word) => Err(format!(
            "has the keyword {word:?}, and a keyword may have {LONGEST_KEYWORD} characters"
        )),
        None => Ok(words.iter().map(|word| word.to_lowercase()).collect()),
    }
}

/// The parameters as the query of an address (RFC 3986).
fn written(values: &[Option<String>; 7]) -> String {
    let there = NAMES.iter().zip(values);
    let pairs = there.filter_map(|(name, value)| {
        let value = value.as_deref()?;
        Some(format!("{name}={}", escaped(value)))
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
