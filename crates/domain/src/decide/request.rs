//! Asking for access, and taking it back (R8).

use super::admission::team_agent;
use crate::{Access, Actor, AdminId, CaseId, Event, Justification, Refusal, State, Timestamp};

pub(super) fn ask(
    state: &State,
    case: CaseId,
    justification: &Justification,
    subject: Option<AdminId>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, _, by) = team_agent(state, case, actor)?;
    if subject.is_some_and(|subject| !state.admin_is_active_in(subject, case.org)) {
        return Err(Refusal::SubjectUnknown);
    }
    if !case.is_open() {
        return Err(Refusal::CaseClosed);
    }
    let (id, org, justification) = (case.id, case.org, justification.clone());
    if case.access.live(now).is_some() {
        return Ok(vec![Event::MoreTimeWanted {
            case: id,
            org,
            by,
            justification,
        }]);
    }
    Ok(vec![Event::AccessRequested {
        case: id,
        org,
        by,
        justification,
        subject,
    }])
}

pub(super) fn withdraw(state: &State, case: CaseId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    let (case, _, by) = team_agent(state, case, actor)?;
    if !case.is_open() {
        return Err(Refusal::CaseClosed);
    }
    match &case.access {
        Access::NotRequested => Err(Refusal::NothingRequested),
        Access::Granted { .. } | Access::Revoked { .. } => Err(Refusal::RequestAlreadyGranted),
        Access::Requested { request, .. } if request.requested_by != by => {
            Err(Refusal::OnlyRequester)
        }
        Access::Requested { .. } => Ok(vec![Event::RequestWithdrawn {
            case: case.id,
            org: case.org,
            by,
        }]),
    }
}
