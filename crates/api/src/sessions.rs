//! Starting and ending impersonation sessions (R16).

use axum::{extract::State, response::Response};
use countersign_domain::SessionId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Caller,
    params::{CaseRef, SessionRef},
    problem::Problem,
    replies::{Changing, EffectiveView, created, done},
    router::Served,
    time,
};

/// A session just started. Link and token are shown once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StartedSession {
    /// The id.
    id: String,
    /// The one-time link for the agent's browser.
    url: String,
    /// What a program sends as `Countersign-Session`.
    token: String,
    /// When the clock ends it, unless the grant is extended.
    #[schema(format = DateTime)]
    expires_at: String,
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

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SessionStatus {
    Ended,
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

/// Start a session
///
/// Under a live grant, for an agent on the case's team. An agent may have so many sessions running
/// at a time, by default 10; one more is refused with `too_many_sessions`, and the problem lists those that run.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/sessions", tag = "sessions",
    params(("number" = String, Path, description = "The case number")),
    responses((status = 201, description = "The session", body = StartedSession), Changing),
)]
pub(crate) async fn start_session(
    State(served): State<Served>,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
) -> Result<Response, Problem> {
    let started = served.app.start_session(actor, &number).await?;
    Ok(created(&StartedSession {
        id: started.id.to_string(),
        url: started.url,
        token: started.token.expose().to_owned(),
        expires_at: time::write(started.expires_at),
    }))
}

/// End a session
///
/// Effective everywhere before the call answers. Idempotent; for its agent and for approvers.
#[utoipa::path(
    delete, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The session", body = EndedSession, headers(("countersign-effective" = Option<String>, description = "How this became effective everywhere, if it took something away"))), Changing),
)]
pub(crate) async fn end_session(
    State(served): State<Served>,
    Caller(actor): Caller,
    SessionRef(id): SessionRef,
) -> Result<Response, Problem> {
    let effective = served.app.end_session(actor, id).await?;
    let ended = EndedSession::new(id, effective.map(EffectiveView::from));
    Ok(done(&ended, effective))
}
