//! What calls answer with.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderName, HeaderValue},
    response::{IntoResponse, Response},
};
use countersign_app::{CaseRead, Changed, Effective};
use countersign_domain::Refusal;
use serde::Serialize;
use utoipa::{
    IntoParams, IntoResponses, PartialSchema, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response as Documented, ResponseBuilder},
};

use crate::{
    case_view::CaseView,
    etag::Tag,
    problem::Problem,
    texts::{self, CaseNumberText, CredentialIdText, EmailText, SessionIdText, SlugText},
};

/// How a call that takes something away became effective everywhere.
const EFFECTIVE: HeaderName = HeaderName::from_static("countersign-effective");

/// The same, in a body.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Effective)]
pub(crate) struct EffectiveView {
    /// How many serving processes acknowledged it.
    acknowledged: usize,
    /// How many leases of silent processes ran out instead.
    lapsed: usize,
    /// How long that took, in milliseconds.
    ms: u64,
}

impl From<Effective> for EffectiveView {
    fn from(effective: Effective) -> Self {
        Self {
            acknowledged: effective.acknowledged,
            lapsed: effective.lapsed,
            ms: effective.took_ms,
        }
    }
}

/// 200 with `value`, saying in a header how the call became effective, if it took something away.
pub(crate) fn done<T: Serialize>(value: &T, effective: Option<Effective>) -> Response {
    let mut response = Json(value).into_response();
    if let Some((name, value)) = effective.and_then(effective_header) {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The header that says how a call became effective.
pub(crate) fn effective_header(effective: Effective) -> Option<(HeaderName, HeaderValue)> {
    let Effective {
        acknowledged,
        lapsed,
        took_ms,
    } = effective;
    let text = format!("acknowledged={acknowledged}, lapsed={lapsed}, ms={took_ms}");
    HeaderValue::from_str(&text)
        .ok()
        .map(|value| (EFFECTIVE, value))
}

/// 200 with the case after a command.
pub(crate) fn changed(changed: &Changed) -> Result<Response, Problem> {
    let read = changed.case.as_ref().ok_or(Refusal::CaseNotFound)?;
    Ok(tagged(&view(read)?, changed.effective))
}

/// A case on the wire.
pub(crate) fn view(read: &CaseRead) -> Result<CaseView, Problem> {
    CaseView::of(read).ok_or_else(|| Refusal::CaseNotFound.into())
}

/// 200 with a representation and its tag, saying how the call became effective.
pub(crate) fn tagged<T: Serialize>(value: &T, effective: Option<Effective>) -> Response {
    let mut response = done(value, effective);
    Tag::of(value).put(response.headers_mut());
    response
}

/// `If-Match`, of calls that change something.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(crate) struct IfMatch {
    /// The `ETag` of what was read: the call does nothing if that has changed since.
    #[param(
        rename = "If-Match",
        pattern = r#"^(\*|((W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)?)$"#,
        example = "\"wKqJZb0eYj7dW1o5u2TtAQ1aB2cD\""
    )]
    if_match: Option<String>,
}

/// `If-None-Match`, of calls that read.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(crate) struct IfNoneMatch {
    /// The `ETag` of what was read before: the answer is 304 if it still is so.
    #[param(
        rename = "If-None-Match",
        pattern = r#"^(\*|((W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)?)$"#
    )]
    if_none_match: Option<String>,
}

/// `If-None-Match`, of calls that make something where there may be something.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(crate) struct IfNoneMatchToo {
    /// `*`: the call does nothing if there is something already.
    #[param(
        rename = "If-None-Match",
        pattern = r#"^(\*|((W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)?)$"#
    )]
    if_none_match: Option<String>,
}

/// `Idempotency-Key`, of calls that make something.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)]
pub(crate) struct IdempotencyKey {
    /// A key of the caller's own for this very call, such as a random UUID: repeated with the same
    /// token and key within a day, it is answered as the first time and does nothing more.
    #[param(
        rename = "Idempotency-Key",
        pattern = r#"^([!#-\[\]-~]{1,255}|"[!#-\[\]-~]{1,255}")$"#,
        min_length = 1,
        max_length = 257,
        example = "8e03978e-40d5-43e8-bc93-6894a57f9324"
    )]
    idempotency_key: Option<String>,
}

macro_rules! paged {
    ($($name:ident by $cursor:ty),*) => {
        $(
            /// What pages are asked for with.
            #[derive(IntoParams)]
            #[into_params(parameter_in = Query)]
            #[allow(dead_code)]
            pub(crate) struct $name {
                /// At most this many; 100 when left out.
                #[param(minimum = 1, maximum = 1000)]
                limit: Option<u16>,
                /// `next` of the page before.
                after: Option<$cursor>,
            }
        )*
    };
}

paged!(
    PagedByNumber by CaseNumberText,
    PagedBySlug by SlugText,
    PagedByEmail by EmailText,
    PagedBySession by SessionIdText,
    PagedByCredential by CredentialIdText
);

/// The answer to a read of what the caller has.
pub(crate) struct Unmodified;

/// The refusal of a change to what is not as it was read.
pub(crate) struct Stale;

/// The refusal of a key that cannot be read, of calls that take no body.
pub(crate) struct Keyed;

/// The refusals of calls that read.
pub(crate) struct Reading;

/// The refusals of calls that read what was done about a case: a self-assigned case that nobody
/// approved has nothing to show to agents.
pub(crate) struct ReadingCaseHistory;

/// The refusals of calls that change something and need no body.
pub(crate) struct Changing;

/// The refusals of calls that change something and take a body.
pub(crate) struct ChangingByBody;

/// The refusals there are, each described once: status, name, and what it says.
pub(crate) const REFUSALS: [(u16, &str, &str); 11] = [
    (
        400,
        "Malformed",
        "A body that is no JSON, or a header that cannot be read",
    ),
    (401, "Unauthenticated", "No bearer token that is good now"),
    (403, "Forbidden", "Not the caller's to do"),
    (404, "NotFound", "Not there, or not the caller's to see"),
    (409, "Conflict", "The state forbids it"),
    (412, "Stale", "It is not as it was read"),
    (413, "TooLarge", "A body of more than the call takes"),
    (
        415,
        "UnsupportedMediaType",
        "A body that is not said to be what the call takes",
    ),
    (422, "Invalid", "Bad input"),
    (429, "TooOften", "More calls than the caller's quota has"),
    (
        503,
        "Unavailable",
        "Cannot be answered, or not be answered surely, right now",
    ),
];

type Responses = BTreeMap<String, RefOr<Documented>>;

fn problems(statuses: &[u16]) -> Responses {
    REFUSALS
        .iter()
        .filter(|(status, ..)| statuses.contains(status))
        .map(|(status, name, _)| {
            let response = Ref::from_response_name(*name);
            (status.to_string(), RefOr::Ref(response))
        })
        .collect()
}

/// A refusal, described.
pub(crate) fn refusal(says: &str) -> Documented {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(Problem::name())))
        .build();
    ResponseBuilder::new()
        .description(says)
        .content("application/problem+json", content)
        .build()
}

impl IntoResponses for Reading {
    fn responses() -> Responses {
        problems(&[401, 403, 404, 413, 422, 429, 503])
    }
}

impl IntoResponses for ReadingCaseHistory {
    fn responses() -> Responses {
        let mut responses = Reading::responses();
        responses.extend(problems(&[409]));
        responses
    }
}

impl IntoResponses for Changing {
    fn responses() -> Responses {
        let mut responses = Reading::responses();
        responses.extend(problems(&[409]));
        responses
    }
}

impl IntoResponses for Stale {
    fn responses() -> Responses {
        problems(&[400, 412])
    }
}

impl IntoResponses for Keyed {
    fn responses() -> Responses {
        problems(&[400])
    }
}

impl IntoResponses for Unmodified {
    fn responses() -> Responses {
        let unmodified = ResponseBuilder::new()
            .description("It is as the caller has it")
            .build();
        let mut responses = problems(&[400]);
        responses.insert("304".to_owned(), unmodified.into());
        responses
    }
}

impl IntoResponses for ChangingByBody {
    fn responses() -> Responses {
        let mut responses = Changing::responses();
        responses.extend(problems(&[400, 415]));
        responses
    }
}

/// The refusal of public endpoints that read the store.
pub(crate) struct Problems503;

impl IntoResponses for Problems503 {
    fn responses() -> Responses {
        problems(&[503])
    }
}

/// The schemas that only responses built by hand refer to.
pub(crate) fn schemas() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    schemas.extend(texts::schemas());
    schemas
}
