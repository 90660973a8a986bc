//! Which rows of a history a caller asks for.

use axum::{extract::FromRequestParts, http::request::Parts};
use countersign_app::{HistoryAsk, HistoryOrder, Requests, Search};
use countersign_domain::{CaseNumber, Email, SessionId, TextError};
use countersign_entries::kinds_named;

use crate::{
    paging::{DEFAULT_LIMIT, number, params, parse_limit},
    problem::{FieldError, Problem, Texts},
    time,
};

/// A page of a history.
pub(crate) struct HistoryPageQuery {
    pub(crate) ask: HistoryAsk,
    pub(crate) order: HistoryOrder,
    pub(crate) after: Option<u64>,
    pub(crate) limit: usize,
}

/// The same of one case, which the path names.
pub(crate) struct CaseHistoryPageQuery(pub(crate) HistoryPageQuery);

/// All of a history, as a file.
pub(crate) struct ExportQuery {
    pub(crate) ask: HistoryAsk,
    pub(crate) format: Format,
}

/// The same of one case, which the path names.
pub(crate) struct CaseExportQuery(pub(crate) ExportQuery);

/// What a file looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For a spreadsheet.
    Csv,
    /// For checking.
    JsonLines,
}

/// How many requests a report shows.
pub(crate) struct ReportQuery {
    pub(crate) requests: usize,
}

const FILTERS: usize = 8;

/// The parameters as they were sent; none were sent twice.
type Sent<const N: usize> = [Option<String>; N];

fn read_page(
    filters: Sent<FILTERS>,
    [order, limit, after]: Sent<3>,
) -> Result<HistoryPageQuery, Problem> {
    let mut texts = Texts::default();
    let ask = read_ask(filters, &mut texts);
    let order = order.map_or(Some(HistoryOrder::NewestFirst), |text| {
        texts.read("order", &text, parse_order)
    });
    let limit = limit.map_or(Some(DEFAULT_LIMIT), |text| {
        texts.read("limit", &text, parse_limit)
    });
    let after = after.map(|text| texts.read("after", &text, parse_cursor));
    let (Some(order), Some(limit)) = (order, limit) else {
        return Err(texts.problem());
    };
    texts.good()?;
    Ok(HistoryPageQuery {
        ask: in_order(ask)?,
        order,
        after: after.flatten(),
        limit,
    })
}

fn read_export(filters: Sent<FILTERS>, format: Option<String>) -> Result<ExportQuery, Problem> {
    let mut texts = Texts::default();
    let ask = read_ask(filters, &mut texts);
    let format = format.map_or(Some(Format::JsonLines), |text| {
        texts.read("format", &text, parse_format)
    });
    let Some(format) = format else {
        return Err(texts.problem());
    };
    texts.good()?;
    Ok(ExportQuery {
        ask: in_order(ask)?,
        format,
    })
}

fn read_ask(
    [case, agent, session, kind, requests, q, from, to]: Sent<FILTERS>,
    texts: &mut Texts,
) -> HistoryAsk {
    HistoryAsk {
        case: case.and_then(|text| texts.read("case", &text, CaseNumber::parse)),
        agent: agent.and_then(|text| texts.read("agent", &text, Email::parse)),
        session: session.and_then(|text| texts.read("session", &text, parse_session)),
        kinds: kind
            .and_then(|text| texts.read("kind", &text, parse_kinds))
            .unwrap_or_default(),
        requests: requests.and_then(|text| texts.read("requests", &text, parse_requests)),
        search: q.and_then(|text| texts.read("q", &text, Search::parse)),
        from: from.and_then(|text| texts.read("from", &text, time::read)),
        to: to.and_then(|text| texts.read("to", &text, time::read)),
    }
}

/// A time that ends before it begins would silently hold nothing.
fn in_order(ask: HistoryAsk) -> Result<HistoryAsk, Problem> {
    match (ask.from, ask.to) {
        (Some(from), Some(to)) if from >= to => {
            let error = FieldError::new("to", "must be later than \"from\"");
            Err(Problem::fields("invalid_text", vec![error]))
        }
        _ => Ok(ask),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for HistoryPageQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        const NAMES: [&str; 11] = [
            "case", "agent", "session", "kind", "requests", "q", "from", "to", "order", "limit",
            "after",
        ];
        let [
            case,
            agent,
            session,
            kind,
            requests,
            q,
            from,
            to,
            order,
            limit,
            after,
        ] = params(parts, state, NAMES).await?;
        let filters = [case, agent, session, kind, requests, q, from, to];
        read_page(filters, [order, limit, after])
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CaseHistoryPageQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        const NAMES: [&str; 10] = [
            "agent", "session", "kind", "requests", "q", "from", "to", "order", "limit", "after",
        ];
        let [
            agent,
            session,
            kind,
            requests,
            q,
            from,
            to,
            order,
            limit,
            after,
        ] = params(parts, state, NAMES).await?;
        let filters = [None, agent, session, kind, requests, q, from, to];
        read_page(filters, [order, limit, after]).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ExportQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        const NAMES: [&str; 9] = [
            "case", "agent", "session", "kind", "requests", "q", "from", "to", "format",
        ];
        let [case, agent, session, kind, requests, q, from, to, format] =
            params(parts, state, NAMES).await?;
        read_export([case, agent, session, kind, requests, q, from, to], format)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CaseExportQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        const NAMES: [&str; 8] = [
            "agent", "session", "kind", "requests", "q", "from", "to", "format",
        ];
        let [agent, session, kind, requests, q, from, to, format] =
            params(parts, state, NAMES).await?;
        read_export([None, agent, session, kind, requests, q, from, to], format).map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ReportQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let [limit] = params(parts, state, ["limit"]).await?;
        let mut texts = Texts::default();
        let limit = limit.map_or(Some(DEFAULT_LIMIT), |text| {
            texts.read("limit", &text, parse_limit)
        });
        match limit {
            Some(requests) => Ok(Self { requests }),
            None => Err(texts.problem()),
        }
    }
}

fn parse_requests(text: &str) -> Result<Requests, TextError> {
    match text {
        "pages" => Ok(Requests::Pages),
        "declared" => Ok(Requests::Declared),
        "attempts" => Ok(Requests::Attempts),
        _ => Err(TextError::Form {
            expected: "\"pages\", \"declared\" or \"attempts\"",
        }),
    }
}

fn parse_order(text: &str) -> Result<HistoryOrder, TextError> {
    match text {
        "newest" => Ok(HistoryOrder::NewestFirst),
        "oldest" => Ok(HistoryOrder::OldestFirst),
        _ => Err(TextError::Form {
            expected: "\"newest\" or \"oldest\"",
        }),
    }
}

fn parse_format(text: &str) -> Result<Format, TextError> {
    match text {
        "csv" => Ok(Format::Csv),
        "jsonl" => Ok(Format::JsonLines),
        _ => Err(TextError::Form {
            expected: "\"csv\" or \"jsonl\"",
        }),
    }
}

fn parse_cursor(text: &str) -> Result<u64, TextError> {
    number(text).ok_or(TextError::Form {
        expected: "a cursor from an earlier answer",
    })
}

fn parse_session(text: &str) -> Result<SessionId, TextError> {
    text.parse().map_err(|_| TextError::Form {
        expected: "the id of a session",
    })
}

/// Kinds and areas, separated by commas. A name that is none is refused: it would find nothing,
/// which reads as if nothing had happened.
fn parse_kinds(text: &str) -> Result<Vec<&'static str>, TextError> {
    let mut kinds = vec![];
    for name in text.split(',') {
        let before = kinds.len();
        kinds.extend(kinds_named(name));
        if kinds.len() == before {
            return Err(TextError::Form {
                expected: "kinds such as request, request.refused or access.granted, or areas such as access, separated by commas",
            });
        }
    }
    Ok(kinds)
}
