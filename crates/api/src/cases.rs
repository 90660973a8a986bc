//! Opening, reading, closing and reopening cases (R4, R7).

use axum::{Json, extract::State, response::Response};
use countersign_app::{OpenCase, OpenerRef};
use countersign_domain::{CaseNumber, Email, Slug, Title};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    case_view::CaseView,
    paging::CaseListQuery,
    params::CaseRef,
    problem::{Problem, Texts},
    replies::{Changing, ChangingByBody, Reading, changed, created, view},
    router::Served,
};

/// A case to be opened. Operators choose number, opener and team; for an admin or agent who opens
/// a case of their own, the server assigns the number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCase {
    /// The short name of the org it is for.
    #[schema(example = "acme")]
    org: String,
    /// The number: 1 to 64 letters, digits, `-`, `_` or `.`.
    #[schema(example = "00012345")]
    number: Option<String>,
    /// The title: one line of 1 to 200 characters.
    #[schema(example = "Invoices cannot be exported")]
    subject: String,
    /// Who opened it; the caller, when left out.
    opened_by: Option<OpenerChoice>,
    /// The addresses of the agents associated with it.
    #[serde(default)]
    #[schema(required = false)]
    team: Vec<String>,
}

/// Who opened a case, by address.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCaseOpener)]
#[serde(rename_all = "snake_case")]
enum OpenerChoice {
    /// A customer admin of the org.
    Admin(String),
    /// An agent.
    Agent(String),
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CasePage {
    /// The items of this page, in order.
    items: Vec<CaseView>,
    /// Pass it as `after` to read on; null at the end of the list.
    #[schema(required)]
    next: Option<String>,
}

impl NewCase {
    fn parse(self) -> Result<OpenCase, Problem> {
        let mut texts = Texts::default();
        let org = texts.read("org", &self.org, Slug::parse);
        let number = self
            .number
            .map(|number| texts.read("number", &number, CaseNumber::parse));
        let title = texts.read("subject", &self.subject, Title::parse);
        let opened_by = self.opened_by.map(|opener| match opener {
            OpenerChoice::Admin(email) => texts
                .read("opened_by.admin", &email, Email::parse)
                .map(OpenerRef::Admin),
            OpenerChoice::Agent(email) => texts
                .read("opened_by.agent", &email, Email::parse)
                .map(OpenerRef::Agent),
        });
        let team = self
            .team
            .iter()
            .enumerate()
            .filter_map(|(at, email)| texts.read(format!("team[{at}]"), email, Email::parse))
            .collect();
        texts.good()?;
        match (org, title) {
            (Some(org), Some(title)) => Ok(OpenCase {
                org,
                number: number.flatten(),
                title,
                opened_by: opened_by.flatten(),
                team,
            }),
            _ => Err(Texts::default().problem()),
        }
    }
}

/// Open a case
#[utoipa::path(
    post, path = "/api/v1/cases", tag = "cases", request_body = NewCase,
    responses((status = 201, description = "The case", body = CaseView), ChangingByBody),
)]
pub(crate) async fn open_case(
    State(served): State<Served>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewCase>,
) -> Result<Response, Problem> {
    let read = served.app.open_case(actor, new.parse()?).await?;
    Ok(created(&view(&read)?))
}

/// List the cases that the caller may see
///
/// Super admins see every case of their org, admins those they opened, agents those whose team they
/// are on, operators all. Ascending by number.
#[utoipa::path(
    get, path = "/api/v1/cases", tag = "cases",
    params(
        ("status" = Option<String>, Query, description = "`open` or `closed`; both when left out"),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 1000, description = "At most this many; 100 when left out"),
        ("after" = Option<String>, Query, description = "`next` of the page before"),
    ),
    responses((status = 200, description = "A page of cases", body = CasePage), Reading),
)]
pub(crate) async fn list_cases(
    State(served): State<Served>,
    Caller(actor): Caller,
    query: CaseListQuery,
) -> Result<Json<CasePage>, Problem> {
    let list = served
        .app
        .cases(actor, query.status, query.after, query.limit)
        .await?;
    let items = list.cases.iter().map(view).collect::<Result<_, _>>()?;
    let next = list.next.map(|number| number.to_string());
    Ok(Json(CasePage { items, next }))
}

/// Read a case
#[utoipa::path(
    get, path = "/api/v1/cases/{number}", tag = "cases",
    params(("number" = String, Path, description = "The case number")),
    responses((status = 200, description = "The case", body = CaseView), Reading),
)]
pub(crate) async fn get_case(
    State(served): State<Served>,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
) -> Result<Json<CaseView>, Problem> {
    let read = served.app.case(actor, &number).await?;
    view(&read).map(Json)
}

/// Close a case
///
/// Its grant and its sessions end everywhere before the call answers. Idempotent.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/close", tag = "cases",
    params(("number" = String, Path, description = "The case number")),
    responses((status = 200, description = "The case", body = CaseView, headers(("countersign-effective" = Option<String>, description = "How this became effective everywhere, if it took something away"))), Changing),
)]
pub(crate) async fn close_case(
    State(served): State<Served>,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
) -> Result<Response, Problem> {
    changed(&served.app.close_case(actor, &number).await?)
}

/// Reopen a case
///
/// It starts afresh: nothing requested, nothing granted. Idempotent.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/reopen", tag = "cases",
    params(("number" = String, Path, description = "The case number")),
    responses((status = 200, description = "The case", body = CaseView), Changing),
)]
pub(crate) async fn reopen_case(
    State(served): State<Served>,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
) -> Result<Response, Problem> {
    changed(&served.app.reopen_case(actor, &number).await?)
}
