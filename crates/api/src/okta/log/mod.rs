//! Okta's System Log over an org's own log: the same entries, in the log's order, as Okta's clients read them.

mod attributes;
mod event;
#[cfg(test)]
mod golden;
mod mapping;
mod matches;
mod place;
mod query;
mod turns;
mod types;

use axum::{
    Json,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use countersign_app::LogAsk;
use countersign_domain::{Actor, Duration, Timestamp};
use countersign_entries::Written;
use serde_json::Value;

use self::{
    place::{Claimed, GoodFor, Place},
    query::LogQuery,
    turns::Slices,
};
use super::caller::LogReader;
use crate::{caller::Here, problem::Problem, router::Served};

pub(crate) use turns::Turns;

pub(super) const LOGS: &str = "/api/v1/logs";

/// From when on a query is that does not say, counted from its end.
const SINCE: Duration = Duration::from_hours(-7 * 24);
/// How many entries are read at a time, at least and at most.
const AT_LEAST: usize = 100;
const AT_A_TIME: usize = 500;
/// How many entries one call reads at most, in how many steps: what is looked for and is not there costs this much.
const MOST_READ: usize = 5_000;
const MOST_STEPS: usize = 50;
/// How many comparisons of an entry with a term one call makes at most, beyond which it reads fewer entries.
const MOST_COMPARED: usize = 50_000;

/// The events of the caller's org that a query asks for.
pub(super) async fn events(
    served: Served,
    LogReader(actor): LogReader,
    Here(address): Here,
    query: LogQuery,
) -> Result<Response, Problem> {
    let span = Span::of(&served, actor, &query).await?;
    let bounded = query.is_bounded(span.until);
    if query.limit == 0 {
        // Whoever may not read it is told so all the same.
        let ask = span.ask(&query, vec![], 0);
        served.app.system_log(actor, &ask).await?;
        let next = (!bounded).then(|| query.going_on(span.since, span.until, query.after.clone()));
        return Ok(answer(&address.url, &query, next, vec![]));
    }
    let turn = match query.terms() {
        0 => None,
        _ => Some(
            served
                .turns
                .take(served.app.whose_log(actor).await?)
                .await?,
        ),
    };
    let found = found(&served, actor, &query, &span).await?;
    drop(turn);
    let next = match found.behind.filter(|_| found.more || !bounded) {
        None => None,
        Some(after) => {
            let place = Place {
                since: span.since,
                until: span.until,
                after,
            };
            let leaf = served.app.log_leaf(actor, after).await?;
            let (org, leaf) =
                leaf.ok_or_else(|| Problem::unavailable("the log has no such entry"))?;
            let place = place.write(&GoodFor {
                org,
                leaf,
                query: query.digest(),
            });
            Some(query.going_on(span.since, span.until, Some(place)))
        }
    };
    Ok(answer(&address.url, &query, next, found.events))
}

/// From where on, and how far, a call reads.
struct Span {
    since: Timestamp,
    until: Option<Timestamp>,
    after: Option<u64>,
}

impl Span {
    async fn of(served: &Served, actor: Actor, query: &LogQuery) -> Result<Self, Problem> {
        let Some(after) = &query.after else {
            let end = query.until.unwrap_or_else(|| served.app.node().now());
            return Ok(Self {
                since: query.since.unwrap_or_else(|| end.plus(SINCE)),
                until: query.until,
                after: None,
            });
        };
        let claimed = Claimed::read(after).ok_or_else(LogQuery::no_place)?;
        let leaf = served.app.log_leaf(actor, claimed.place.after).await?;
        let (org, leaf) = leaf.ok_or_else(LogQuery::no_place)?;
        let place = claimed.if_good_for(&GoodFor {
            org,
            leaf,
            query: query.digest(),
        });
        let Place {
            since,
            until,
            after,
        } = place.ok_or_else(LogQuery::no_place)?;
        // Times may be left out from the second page on; others than there were are another query.
        let same_since = query.since.is_none_or(|said| said == since);
        let same_until = query.until.is_none_or(|said| Some(said) == until);
        if !same_since || !same_until {
            return Err(LogQuery::no_place());
        }
        Ok(Self {
            since,
            until,
            after: Some(after),
        })
    }

    fn ask(&self, query: &LogQuery, kinds: Vec<&'static str>, limit: usize) -> LogAsk {
        LogAsk {
            kinds,
            from: self.since,
            to: self.until,
            order: query.order,
            after: self.after,
            limit,
        }
    }
}

/// What a call found.
struct Found {
    events: Vec<Value>,
    /// Where to go on: behind this index.
    behind: Option<u64>,
    /// Whether there is, or may be, more already.
    more: bool,
}

async fn found(
    served: &Served,
    actor: Actor,
    query: &LogQuery,
    span: &Span,
) -> Result<Found, Problem> {
    let mut ask = span.ask(query, kinds(query), AT_A_TIME);
    if query.filter.is_none() && query.keywords.is_empty() {
        ask.limit = (query.limit + 1).clamp(AT_LEAST, AT_A_TIME);
    }
    // One more than is asked for tells that there is more.
    let mut events: Vec<(u64, Value)> = vec![];
    let most = MOST_READ.min(MOST_COMPARED / query.terms().max(1));
    let mut slices = Slices::default();
    let (mut read, mut steps) = (0, 0);
    loop {
        if steps > 0 {
            // It counts as the calls that it would have taken to read as much page by page.
            served.limits.call(actor, false);
        }
        let page = served.app.system_log(actor, &ask).await?;
        read += page.entries.len();
        steps += 1;
        for entry in &page.entries {
            slices.next().await;
            let written = Written::read(&entry.encoded)
                .map_err(|error| Problem::unavailable(&error.to_string()))?;
            let event = mapping::event(entry.index, &written, &page.names);
            let event = event.and_then(|event| serde_json::to_value(event).ok());
            if let Some(event) = event.filter(|event| wanted(query, event)) {
                if events.len() == query.limit {
                    return Ok(of(events, None, true));
                }
                events.push((entry.index, event));
            }
        }
        match page.next {
            None => return Ok(of(events, page.size.checked_sub(1), false)),
            Some(next) if read >= most || steps >= MOST_STEPS => {
                return Ok(of(events, Some(next), true));
            }
            next => ask.after = next,
        }
    }
}

/// Behind the last of them, unless it is known better.
fn of(events: Vec<(u64, Value)>, behind: Option<u64>, more: bool) -> Found {
    let last = events.last().map(|(index, _)| *index);
    Found {
        events: events.into_iter().map(|(_, event)| event).collect(),
        behind: behind.or(last),
        more,
    }
}

/// The kinds of entries that may be what is asked for; none for all of them.
fn kinds(query: &LogQuery) -> Vec<&'static str> {
    let Some(filter) = &query.filter else {
        return vec![];
    };
    let all = types::kinds_that(|_| true);
    let some = types::kinds_that(|of| attributes::could_be(filter, of.name));
    match some.len() {
        // What there is one of at most is soon looked through.
        0 => vec!["org.created"],
        some if some == all.len() => vec![],
        _ => some,
    }
}

fn wanted(query: &LogQuery, event: &Value) -> bool {
    if query.terms() == 0 {
        return true;
    }
    let event = &matches::lowered(event);
    let so = query
        .filter
        .as_ref()
        .is_none_or(|filter| matches::is_so(filter, event));
    so && matches::says(event, &query.keywords)
}

fn answer(home: &str, query: &LogQuery, next: Option<String>, events: Vec<Value>) -> Response {
    let mut response = Json(events).into_response();
    let mut link = |query: String, rel: &str| {
        let separator = if query.is_empty() { "" } else { "?" };
        let link = format!("<{home}{LOGS}{separator}{query}>; rel=\"{rel}\"");
        if let Ok(value) = HeaderValue::from_str(&link) {
            response.headers_mut().append(header::LINK, value);
        }
    };
    link(query.own(), "self");
    if let Some(next) = next {
        link(next, "next");
    }
    response
}
