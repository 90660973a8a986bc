//! Opening, reading, closing and reopening cases (R4, R7).

use axum::{Json, response::Response};
use countersign_app::{Made, OpenCase, OpenerRef};
use countersign_domain::{CaseNumber, Email, Purpose, Slug, Title, in_scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    caller::{Caller, CallerOrClient},
    case_view::{CaseStatus, CaseView, ImpersonationStatusView},
    etag::Conditions,
    idempotency::Asked,
    paging::CaseListQuery,
    params::CaseRef,
    problem::{Problem, Texts},
    replies::{
        Changing, ChangingByBody, IdempotencyKey, IfMatch, IfNoneMatch, PagedByNumber, Reading,
        Stale, Unmodified, view,
    },
    router::Served,
    texts::{CaseNumberText, EmailText, SlugText, TitleText},
};

/// A case to be opened. Operators choose number, opener and team; for an admin or agent who opens
/// a case of their own, the server assigns the number.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCase {
    /// The short name of the org it is for.
    #[schema(value_type = SlugText)]
    org: String,
    /// The number: 1 to 64 letters, digits, `-`, `_` or `.`.
    #[schema(value_type = Option<CaseNumberText>)]
    number: Option<String>,
    /// The title: one line of 1 to 200 characters.
    #[schema(value_type = TitleText)]
    subject: String,
    /// Who opened it; the caller, when left out.
    opened_by: Option<OpenerChoice>,
    /// The addresses of the agents associated with it.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<EmailText>)]
    team: Vec<String>,
}

/// Who opened a case, by address.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCaseOpener)]
#[serde(rename_all = "snake_case")]
enum OpenerChoice {
    /// A customer admin of the org.
    #[schema(value_type = EmailText)]
    Admin(String),
    /// An agent.
    #[schema(value_type = EmailText)]
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
    pub(crate) fn parse(self) -> Result<OpenCase, Problem> {
        let mut texts = Texts::default();
        let org = texts.read("org", &self.org, Slug::parse);
        let number = self
            .number
            .map(|number| texts.read("number", &number, CaseNumber::parse));
        let title = texts.read_prose("subject", &self.subject, &[], Title::parse);
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
    post, path = "/api/v1/cases", tag = "cases", params(IdempotencyKey), request_body = NewCase,
    responses((status = 201, description = "The case", body = CaseView), ChangingByBody),
)]
pub(crate) async fn open_case(
    served: Served,
    Caller(actor): Caller,
    Asked { body: new, call }: Asked<NewCase>,
) -> Result<Response, Problem> {
    let new = new.parse()?;
    call.make(&served, actor, |app| async move {
        Ok(Made::Case(app.open_case(actor, new).await?))
    })
    .await
}

/// List the cases that the caller may see
///
/// Super admins see every case of their org, admins those they opened, agents those whose team they
/// are on, operators all. Ascending by number. With a filter a page may hold few cases, or none, and
/// not be the last.
#[utoipa::path(
    get, path = "/api/v1/cases", tag = "cases",
    params(
        ("status" = Option<CaseStatus>, Query, description = "Open or closed ones only"),
        ("org" = Option<SlugText>, Query, description = "Those of the org with this short name only"),
        ("agent" = Option<EmailText>, Query, description = "Those whose team the agent with this address is on only"),
        ("impersonation" = Option<ImpersonationStatusView>, Query, description = "Those whose impersonation reads so now only"),
        PagedByNumber,
    ),
    responses((status = 200, description = "A page of cases", body = CasePage), Reading),
)]
pub(crate) async fn list_cases(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    CaseListQuery { filter, page }: CaseListQuery,
) -> Result<Json<CasePage>, Problem> {
    let list = served
        .app
        .find_cases(actor, &filter, page.after, page.limit)
        .await?;
    let items = list.cases.iter().map(view).collect::<Result<_, _>>()?;
    let next = list.next.map(|number| number.to_string());
    Ok(Json(CasePage { items, next }))
}

/// Read a case
#[utoipa::path(
    get, path = "/api/v1/cases/{number}", tag = "cases",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfNoneMatch),
    responses((status = 200, description = "The case", body = CaseView), Unmodified, Reading),
)]
pub(crate) async fn get_case(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    in_scope(&actor, Purpose::ReadCases)?;
    let read = served.app.case(actor, &number).await?;
    Ok(conditions.answer(&view(&read)?))
}

/// Close a case
///
/// Its grant and its sessions end everywhere before the call answers. Idempotent.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/close", tag = "cases",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn close_case(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.close_case(actor, &number).await
        })
        .await
}

/// Reopen a case
///
/// It starts afresh: nothing requested, nothing granted. Idempotent.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/reopen", tag = "cases",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn reopen_case(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.reopen_case(actor, &number).await
        })
        .await
}
