//! Judging what support does before it is recorded (R18, DESIGN section 4).

use countersign_domain::{Duration, SessionId, Timestamp};
use countersign_entries::{RequestLine, What};
use countersign_store::{Draft, Fence};

use crate::known::{Good, UnderSession};

/// What goes on the log, and the fence if a request must not go on.
pub(crate) fn judged(draft: &Draft, fence: Option<Fence>) -> (What, Option<Fence>) {
    let refused = |request: &RequestLine, code: &str| What::Refused {
        request: request.clone(),
        code: code.to_owned(),
    };
    match (draft, fence) {
        (Draft::Request { request, .. }, None) => (What::Request(request.clone()), None),
        (Draft::Request { request, .. }, Some(fence)) => {
            (refused(request, fence.code()), Some(fence))
        }
        (Draft::Refused { request, code, .. }, _) => (refused(request, code), None),
        (Draft::Outcome { outcome, .. }, _) => (What::Outcome(outcome.clone()), None),
    }
}

/// Why a request under a session must not go on; the domain's own judgement.
pub(crate) fn fence(
    under: &UnderSession,
    id: SessionId,
    last_request: Timestamp,
    now: Timestamp,
) -> Option<Fence> {
    let state = &under.state;
    let Some(case) = state.case(under.case) else {
        return Some(Fence::Over);
    };
    let blocked = state.org(case.org).is_none_or(|org| org.block.is_some());
    let Some((session, grant)) = case.running(id, now) else {
        return Some(Fence::Over);
    };
    let allowed = !blocked
        && case.is_open()
        && case.team.contains_key(&session.agent)
        && grant.team.admits(session.agent)
        && state.agent_is_active(session.agent)
        && state.admin_is_active_in(session.subject, case.org);
    if !allowed {
        Some(Fence::Over)
    } else if session.is_idle(last_request, now) {
        Some(Fence::Idle)
    } else {
        None
    }
}

/// Until when the judgement above lets requests go on, if nothing is taken away and the session
/// does not go idle: it is asked about the last moment at which the clock lets them.
pub(crate) fn good(under: &UnderSession, id: SessionId) -> Option<Good> {
    let case = under.state.case(under.case)?;
    let (session, grant) = (case.sessions.get(&id)?, case.access.unrevoked()?);
    let until = session.ends_at(grant.period.expires_at);
    let last = Timestamp::from_millis(until.as_millis().saturating_sub(1));
    let idle: Duration = session.idle;
    fence(under, id, last, last)
        .is_none()
        .then_some(Good { until, idle })
}
