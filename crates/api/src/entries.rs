//! Reading an org's log.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::CallerOrClient, entry_view::EntryView, paging::EntryListQuery, params::OrgRef,
    problem::Problem, replies::Reading, router::Served, texts::SlugText,
};

/// A page of an org's log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EntryPage {
    /// The items of this page, in order.
    items: Vec<EntryView>,
    /// Pass it as `after` to read on; null at the end of the list.
    #[schema(required)]
    next: Option<String>,
}

/// Read an org's log
///
/// Oldest first. The cursor is the index of the last entry seen, so reading on from the last page
/// finds what was added since. For the org's super admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/entries", tag = "log",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 1000, description = "At most this many; 100 when left out"),
        ("after" = Option<u64>, Query, maximum = 18446744073709551614u64, description = "The index of the last entry seen"),
    ),
    responses((status = 200, description = "A page of entries", body = EntryPage), Reading),
)]
pub(crate) async fn list_entries(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    OrgRef(slug): OrgRef,
    query: EntryListQuery,
) -> Result<Json<EntryPage>, Problem> {
    let page = served
        .app
        .entries(actor, &slug, query.from, query.limit)
        .await?;
    let items = page
        .entries
        .iter()
        .map(|stored| EntryView::of(stored.index, &stored.leaf_hash, &stored.encoded))
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::unavailable(&error))?;
    let next = page.next.map(|from| from.saturating_sub(1).to_string());
    Ok(Json(EntryPage { items, next }))
}
