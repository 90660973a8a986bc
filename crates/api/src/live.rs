//! Who is in now.

use axum::Json;
use countersign_app::{Counts, InNow, StoredEntry};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Caller, history_view::read, params::OrgRef, people::Person, problem::Problem,
    replies::Reading, router::Served, texts::SlugText, time,
};

/// Who is in now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LiveView {
    /// The sessions that run, the longest first.
    items: Vec<LiveSession>,
    /// Always null: it is all of them.
    #[schema(required)]
    next: Option<String>,
}

/// A session that runs.
#[derive(Debug, Serialize, ToSchema)]
struct LiveSession {
    /// Its id.
    id: String,
    /// The number of its case.
    case: String,
    /// Who acts.
    agent: Person,
    /// On whose behalf.
    subject: Person,
    /// When it started.
    #[schema(format = DateTime)]
    since: String,
    /// When the clock ends it, unless the grant is extended.
    #[schema(format = DateTime)]
    ends_at: String,
    /// When it ends without another request, if that is sooner.
    #[schema(format = DateTime)]
    idle_at: String,
    /// The last request of any kind, also for a picture or a script of a page; null if there was none.
    #[schema(required)]
    last: Option<LastLook>,
    /// The page they are on: the newest request that the browser said was for a page of its own. Null while
    /// there was none; whatever a program asks for is one.
    #[schema(required)]
    page: Option<LastLook>,
    /// What has been asked for so far; null for a session that began before that was counted.
    #[schema(required)]
    counts: Option<CountsView>,
}

/// How many requests there were under a session, each counted once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RequestCounts)]
struct CountsView {
    /// Read, and for a page of its own; whatever a program asks for is one.
    pages: u64,
    /// Whatever else was read.
    further: u64,
    /// Could change something, and passed because the vendor declares it harmless.
    declared_harmless: u64,
    /// Refused.
    refused: u64,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        Self {
            pages: counts.pages,
            further: counts.further,
            declared_harmless: counts.declared,
            refused: counts.refused,
        }
    }
}

/// A request under a session.
#[derive(Debug, Serialize, ToSchema)]
struct LastLook {
    /// When it was recorded.
    #[schema(format = DateTime)]
    at: String,
    /// The method.
    method: String,
    /// The request target as sent upstream: path and query.
    path: String,
    /// Where its entry stands on the log.
    index: u64,
}

impl LastLook {
    fn of(entry: &StoredEntry) -> Result<Option<Self>, Problem> {
        let written = read(entry)?;
        Ok(written.request.map(|request| Self {
            at: time::write(written.at),
            method: request.method.into_owned(),
            path: request.path.into_owned(),
            index: entry.index,
        }))
    }
}

impl LiveSession {
    fn of(now: &InNow) -> Result<Self, Problem> {
        let look = |entry: &Option<StoredEntry>| match entry {
            Some(entry) => LastLook::of(entry),
            None => Ok(None),
        };
        Ok(Self {
            id: now.session.to_string(),
            case: now.case.to_string(),
            agent: Person::from(&now.agent),
            subject: Person::from(&now.subject),
            since: time::write(now.since),
            ends_at: time::write(now.ends_at),
            idle_at: time::write(now.idle_at),
            last: look(&now.last)?,
            page: look(&now.page)?,
            counts: now.counts.map(Into::into),
        })
    }
}

/// See who is in now
///
/// For the org's super admins, and for its admins under the cases they opened.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/live", tag = "history",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    responses((status = 200, description = "The sessions that run", body = LiveView), Reading),
)]
pub(crate) async fn live(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
) -> Result<Json<LiveView>, Problem> {
    let live = served.app.live(actor, &slug).await?;
    let items = live.sessions.iter().map(LiveSession::of);
    Ok(Json(LiveView {
        items: items.collect::<Result<_, _>>()?,
        next: None,
    }))
}
