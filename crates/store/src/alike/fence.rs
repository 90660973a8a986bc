//! Judging what support does in the transaction that records it (R18, DESIGN section 4).

use countersign_domain::{CaseId, SessionId, State, Timestamp};
use countersign_entries::{RequestLine, What};

use crate::{Draft, Fence};

/// What goes on the log, and the fence if a request must not go on.
#[must_use]
pub fn judged(draft: &Draft, fence: Option<Fence>) -> (What, Option<Fence>) {
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

/// Why a request under a session of a case must not go on at `now`; none when it may. The domain's own
/// judgement, on the state as it is in the transaction that records (R16, A1, A2).
#[must_use]
pub fn fence(
    state: &State,
    case: CaseId,
    id: SessionId,
    last_request: Timestamp,
    now: Timestamp,
) -> Option<Fence> {
    let Some(case) = state.case(case) else {
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
