//! Impersonation sessions: starting, looking, ending (R16).

use axum::{Json, response::Response};
use countersign_app::Made;
use countersign_domain::{Refusal, SessionId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Caller,
    idempotency::Call,
    paging::PageQuery,
    params::{CaseRef, SessionRef},
    problem::Problem,
    replies::{Changing, EffectiveView, IdempotencyKey, Keyed, PagedBySession, Reading, done},
    router::Served,
    session_view::{SessionStatus, SessionView},
    texts::{CaseNumberText, SessionIdText},
    time,
};

/// A session just started. Link and token are shown once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartedSession {
    /// The id.
    #[schema(example = "sess_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e")]
    id: String,
    /// The one-time link for the agent's browser.
    url: String,
    /// What a program sends as `Countersign-Session`.
    token: String,
    /// When the clock ends it, unless the grant is extended.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl StartedSession {
    pub(crate) fn of(started: &countersign_app::StartedSession) -> Self {
        Self {
            id: started.id.to_string(),
            url: started.url.clone(),
            token: started.token.expose().to_owned(),
            expires_at: time::write(started.expires_at),
        }
    }
}

/// A session that has ended.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EndedSession {
    /// The id.
    id: String,
    /// Always `ended`.
    status: SessionStatus,
    /// How its end became effective everywhere; null when it had ended before.
    #[schema(required)]
    effective: Option<EffectiveView>,
}

impl EndedSession {
    fn new(id: SessionId, effective: Option<EffectiveView>) -> Self {
        Self {
            id: id.to_string(),
            status: SessionStatus::Ended,
            effective,
        }
    }
}

/// A page of running sessions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionPage {
    /// The items of this page, in order.
    items: Vec<SessionView>,
    /// Pass it as `after` to read on; null at the end of the list.
    #[schema(required)]
    next: Option<String>,
}

/// Start a session
///
/// Under a live grant, for an agent on the case's team. An agent may have so many sessions running
/// at a time, by default 10; one more is refused with `too_many_sessions`, and the problem lists those that run.
///
/// Under a live grant, for an agent on the case's team. Link and token are in this answer and nowhere
/// else; with an idempotency key they are in the answers to the same call for a day.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/sessions", tag = "sessions",
    params(("number" = CaseNumberText, Path, description = "The case number"), IdempotencyKey),
    responses((status = 201, description = "The session", body = StartedSession), Changing, Keyed),
)]
pub(crate) async fn start_session(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    call: Call,
) -> Result<Response, Problem> {
    call.make(&served, actor, |app| async move {
        Ok(Made::Session(app.start_session(actor, &number).await?))
    })
    .await
}

/// List the running sessions that the caller may see
///
/// Agents see their own, admins those on the cases they see. Oldest first.
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "sessions", params(PagedBySession),
    responses((status = 200, description = "A page of running sessions", body = SessionPage), Reading),
)]
pub(crate) async fn list_sessions(
    served: Served,
    Caller(actor): Caller,
    page: PageQuery<SessionId>,
) -> Result<Json<SessionPage>, Problem> {
    let list = served
        .app
        .running_sessions(actor, page.after, page.limit)
        .await?;
    Ok(Json(SessionPage {
        items: list.sessions.iter().filter_map(SessionView::of).collect(),
        next: list.next.map(|id| id.to_string()),
    }))
}

/// Read a session
///
/// Also one that has ended. For its agent and for the admins who see its case.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionIdText, Path, description = "The session's id")),
    responses((status = 200, description = "The session", body = SessionView), Reading),
)]
pub(crate) async fn get_session(
    served: Served,
    Caller(actor): Caller,
    SessionRef(id): SessionRef,
) -> Result<Json<SessionView>, Problem> {
    let read = served.app.session(actor, id).await?;
    let view = SessionView::of(&read).ok_or(Refusal::SessionNotFound)?;
    Ok(Json(view))
}

/// End a session
///
/// Effective everywhere before the call answers. Idempotent; for its agent and for approvers.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionIdText, Path, description = "The session's id")),
    responses((status = 200, description = "The session", body = EndedSession), Changing),
)]
pub(crate) async fn end_session(
    served: Served,
    Caller(actor): Caller,
    SessionRef(id): SessionRef,
) -> Result<Response, Problem> {
    let effective = served.app.end_session(actor, id).await?;
    let ended = EndedSession::new(id, effective.map(EffectiveView::from));
    Ok(done(&ended, effective))
}
