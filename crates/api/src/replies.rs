//! What calls answer with.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use countersign_app::{CaseRead, Changed, Effective};
use countersign_domain::Refusal;
use serde::Serialize;
use utoipa::{
    IntoResponses, PartialSchema, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response as Documented, ResponseBuilder},
};

use crate::{case_view::CaseView, problem::Problem};

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
    if let Some(effective) = effective {
        let Effective {
            acknowledged,
            lapsed,
            took_ms,
        } = effective;
        let text = format!("acknowledged={acknowledged}, lapsed={lapsed}, ms={took_ms}");
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(EFFECTIVE, value);
        }
    }
    response
}

/// 200 with the case after a command.
pub(crate) fn changed(changed: &Changed) -> Result<Response, Problem> {
    let read = changed.case.as_ref().ok_or(Refusal::CaseNotFound)?;
    Ok(done(&view(read)?, changed.effective))
}

/// A case on the wire.
pub(crate) fn view(read: &CaseRead) -> Result<CaseView, Problem> {
    CaseView::of(read).ok_or_else(|| Refusal::CaseNotFound.into())
}

/// 201 with the object.
pub(crate) fn created<T: Serialize>(value: &T) -> Response {
    (StatusCode::CREATED, Json(value)).into_response()
}

/// The refusals of calls that read.
pub(crate) struct Reading;

/// The refusals of calls that change something and need no body.
pub(crate) struct Changing;

/// The refusals of calls that change something and take a body.
pub(crate) struct ChangingByBody;

const READING: [(u16, &str); 6] = [
    (401, "No bearer token that is good now"),
    (403, "Not the caller's to do"),
    (404, "Not there, or not the caller's to see"),
    (413, "A body of more than 64 KiB"),
    (422, "Bad input"),
    (
        503,
        "Cannot be answered, or not be answered surely, right now",
    ),
];
const CHANGING: [(u16, &str); 1] = [(409, "The state forbids it")];
const BY_BODY: [(u16, &str); 2] = [
    (400, "A body that is no JSON"),
    (415, "A body that is not said to be JSON"),
];

type Responses = BTreeMap<String, RefOr<Documented>>;

fn problems(rows: &[(u16, &str)]) -> Responses {
    rows.iter()
        .map(|(status, says)| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(Problem::name())))
                .build();
            let response = ResponseBuilder::new()
                .description(*says)
                .content("application/problem+json", content)
                .build();
            (status.to_string(), response.into())
        })
        .collect()
}

impl IntoResponses for Reading {
    fn responses() -> Responses {
        problems(&READING)
    }
}

impl IntoResponses for Changing {
    fn responses() -> Responses {
        let mut responses = Reading::responses();
        responses.extend(problems(&CHANGING));
        responses
    }
}

impl IntoResponses for ChangingByBody {
    fn responses() -> Responses {
        let mut responses = Changing::responses();
        responses.extend(problems(&BY_BODY));
        responses
    }
}

/// The refusal of public endpoints that read the store.
pub(crate) struct Problems503;

impl IntoResponses for Problems503 {
    fn responses() -> Responses {
        problems(&[(503, "The store cannot be reached")])
    }
}

/// The schemas that only responses built by hand refer to.
pub(crate) fn schemas() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    schemas
}
