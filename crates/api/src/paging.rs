//! Lists come in pages: `limit` and `after` in the query, `next` in the answer.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use countersign_app::{CaseFilter, CredentialFilter, StatusFilter};
use countersign_domain::{
    CaseNumber, CredentialId, Email, ImpersonationStatus, SessionId, Slug, TextError,
};

use crate::problem::{FieldError, Problem, Texts};

pub(crate) const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 1_000;

/// What a page is asked for with, in a list whose cursors are `T`s.
pub(crate) struct PageQuery<T> {
    pub(crate) after: Option<T>,
    pub(crate) limit: usize,
}

/// Which cases a caller asks for.
pub(crate) struct CaseListQuery {
    pub(crate) filter: CaseFilter,
    pub(crate) page: PageQuery<CaseNumber>,
}

/// Which credentials a caller asks for.
pub(crate) struct CredentialListQuery {
    pub(crate) filter: CredentialFilter,
    pub(crate) page: PageQuery<CredentialId>,
}

/// Which entries a caller asks for.
pub(crate) struct EntryListQuery {
    /// The first index wanted.
    pub(crate) from: u64,
    pub(crate) limit: usize,
}

/// From where on a caller follows a log.
pub(crate) struct EntryStreamQuery {
    /// The first index wanted.
    pub(crate) from: u64,
}

/// A cursor that a list hands out.
pub(crate) trait Cursor: Sized {
    fn parse(text: &str) -> Result<Self, TextError>;
}

impl Cursor for Slug {
    fn parse(text: &str) -> Result<Self, TextError> {
        Self::parse(text)
    }
}

impl Cursor for Email {
    fn parse(text: &str) -> Result<Self, TextError> {
        Self::parse(text)
    }
}

impl Cursor for SessionId {
    fn parse(text: &str) -> Result<Self, TextError> {
        cursor(text)
    }
}

impl<S: Send + Sync, T: Cursor> FromRequestParts<S> for PageQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let mut params = Params::read(parts, state, &["limit", "after"]).await?;
        let page = Self {
            after: params.optional("after", T::parse),
            limit: params.limit(),
        };
        params.good().map(|()| page)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CaseListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let names = ["status", "org", "agent", "impersonation", "limit", "after"];
        let mut params = Params::read(parts, state, &names).await?;
        let status = params.optional("status", parse_status);
        let query = Self {
            filter: CaseFilter {
                status: status.unwrap_or(StatusFilter::Any),
                org: params.optional("org", Slug::parse),
                agent: params.optional("agent", Email::parse),
                impersonation: params.optional("impersonation", parse_impersonation),
            },
            page: PageQuery {
                limit: params.limit(),
                after: params.optional("after", CaseNumber::parse),
            },
        };
        params.good().map(|()| query)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CredentialListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let names = ["org", "agent", "limit", "after"];
        let mut params = Params::read(parts, state, &names).await?;
        let org = params.optional("org", Slug::parse);
        let agent = params.optional("agent", Email::parse);
        let page = PageQuery {
            limit: params.limit(),
            after: params.optional("after", cursor),
        };
        params.good()?;
        let filter = match (org, agent) {
            (None, None) => CredentialFilter::All,
            (Some(org), None) => CredentialFilter::Org(org),
            (None, Some(agent)) => CredentialFilter::Agent(agent),
            (Some(_), Some(_)) => {
                let error = FieldError::new("agent", "belongs to no org; leave one of the two out");
                return Err(Problem::fields("invalid_query", vec![error]));
            }
        };
        Ok(Self { filter, page })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for EntryListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let mut params = Params::read(parts, state, &["limit", "after"]).await?;
        let query = Self {
            from: params.optional("after", parse_index).unwrap_or(0),
            limit: params.limit(),
        };
        params.good().map(|()| query)
    }
}

/// The parameters of the query, by name: each at most once, and no others.
pub(crate) async fn params<S: Send + Sync, const N: usize>(
    parts: &mut Parts,
    state: &S,
    names: [&str; N],
) -> Result<[Option<String>; N], Problem> {
    let Params { pairs, .. } = Params::read(parts, state, &names).await?;
    Ok(names.map(|name| {
        let found = pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }))
}

impl<S: Send + Sync> FromRequestParts<S> for EntryStreamQuery {
    type Rejection = Problem;

    /// What a client remembers when it comes back is newer than the address it first came to.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        const LAST: &str = "last-event-id";
        let mut params = Params::read(parts, state, &["after"]).await?;
        let after = params.optional("after", parse_index);
        let last = parts
            .headers
            .get(LAST)
            .map(|value| value.to_str().unwrap_or("?"));
        // Empty is what a client sends that remembers nothing.
        let last = last.filter(|text| !text.is_empty());
        let last = last.and_then(|text| params.texts.read("Last-Event-ID", text, parse_index));
        params.good()?;
        Ok(Self {
            from: last.or(after).unwrap_or(0),
        })
    }
}

/// The parameters of a query, by name: each at most once, and no others. One that is misspelt would
/// otherwise silently list something else.
struct Params {
    pairs: Vec<(String, String)>,
    texts: Texts,
}

impl Params {
    async fn read<S: Send + Sync>(
        parts: &mut Parts,
        state: &S,
        names: &[&str],
    ) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|_| {
                let error = FieldError::new("query", "cannot be read");
                Problem::fields("invalid_query", vec![error])
            })?;
        for (at, (name, _)) in pairs.iter().enumerate() {
            let problem =
                |code, says: &str| Problem::fields(code, vec![FieldError::new(name, says)]);
            if !names.contains(&name.as_str()) {
                let says = format!("is no parameter here; there are {}", names.join(", "));
                return Err(problem("unknown_field", &says));
            }
            if pairs.iter().skip(at + 1).any(|(later, _)| later == name) {
                return Err(problem("duplicate_field", "is there twice"));
            }
        }
        Ok(Self {
            pairs,
            texts: Texts::default(),
        })
    }

    fn optional<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        let (_, value) = self.pairs.iter().find(|(known, _)| known == name)?;
        self.texts.read(name, value, parse)
    }

    fn limit(&mut self) -> usize {
        self.optional("limit", parse_limit).unwrap_or(DEFAULT_LIMIT)
    }

    fn good(self) -> Result<(), Problem> {
        self.texts.good()
    }
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

fn parse_impersonation(text: &str) -> Result<ImpersonationStatus, TextError> {
    match text {
        "NOT_REQUESTED" => Ok(ImpersonationStatus::NotRequested),
        "REQUESTED" => Ok(ImpersonationStatus::Requested),
        "ENABLED" => Ok(ImpersonationStatus::Enabled),
        "DISABLED" => Ok(ImpersonationStatus::Disabled),
        _ => Err(TextError::Form {
            expected: "NOT_REQUESTED, REQUESTED, ENABLED or DISABLED",
        }),
    }
}

/// A number in digits, and nothing else that reads as one.
pub(crate) fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}

pub(crate) fn parse_limit(text: &str) -> Result<usize, TextError> {
    number(text)
        .and_then(|limit| usize::try_from(limit).ok())
        .filter(|limit| (1..=MAX_LIMIT).contains(limit))
        .ok_or(TextError::Form {
            expected: "a number from 1 to 1000",
        })
}

const CURSOR: TextError = TextError::Form {
    expected: "a cursor from an earlier answer",
};

/// The index behind the last one seen.
fn parse_index(text: &str) -> Result<u64, TextError> {
    number(text)
        .and_then(|last| last.checked_add(1))
        .ok_or(CURSOR)
}

fn cursor<T: FromStr>(text: &str) -> Result<T, TextError> {
    text.parse().map_err(|_| CURSOR)
}
