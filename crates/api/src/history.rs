//! Looking back at what was done, page by page.

use axum::Json;
use countersign_app::HistoryOf;
use countersign_domain::Actor;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::{Caller, CallerOrClient},
    history_params::{Filters, OfCase, Page},
    history_query::{CaseHistoryPageQuery, HistoryPageQuery},
    history_view::HistoryRowView,
    params::{CaseRef, OrgRef},
    problem::Problem,
    replies::{Reading, ReadingCaseHistory},
    router::Served,
    texts::{CaseNumberText, SlugText},
};

/// A page of a history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryPage {
    /// The rows of this page, in order.
    items: Vec<HistoryRowView>,
    /// Pass it as `after` to read on; null at the end. A page that has it may be short, or empty:
    /// a search for what is rare goes on with the next one.
    #[schema(required)]
    next: Option<String>,
}

/// Look back at what was done in an org
///
/// A request and how it went are one row. Newest first, unless asked otherwise. What was recorded a
/// moment ago is there. For the org's super admins, who see all, and for its admins, who see what is
/// about the cases they opened.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/history", tag = "history",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        OfCase, Filters, Page,
    ),
    responses((status = 200, description = "A page of the history", body = HistoryPage), Reading),
)]
pub(crate) async fn org_history(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    OrgRef(slug): OrgRef,
    query: HistoryPageQuery,
) -> Result<Json<HistoryPage>, Problem> {
    page(&served, actor, HistoryOf::Org(slug), query).await
}

/// Look back at what was done about a case
///
/// As for an org. For admins who see the case, and for agents on its team, who see what they did
/// themselves.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/history", tag = "history",
    params(
        ("number" = CaseNumberText, Path, description = "The case number"),
        Filters, Page,
    ),
    responses((status = 200, description = "A page of the history", body = HistoryPage), ReadingCaseHistory),
)]
pub(crate) async fn case_history(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    CaseHistoryPageQuery(query): CaseHistoryPageQuery,
) -> Result<Json<HistoryPage>, Problem> {
    page(&served, actor, HistoryOf::Case(number), query).await
}

async fn page(
    served: &Served,
    actor: Actor,
    of: HistoryOf,
    query: HistoryPageQuery,
) -> Result<Json<HistoryPage>, Problem> {
    let page = served
        .app
        .history(
            actor,
            &of,
            &query.ask,
            query.order,
            query.after,
            query.limit,
        )
        .await?;
    let rows = page.rows.iter();
    let rows = rows.map(|row| HistoryRowView::of(row, &actor));
    Ok(Json(HistoryPage {
        items: rows.collect::<Result<_, _>>()?,
        next: page.next.map(|index| index.to_string()),
    }))
}
