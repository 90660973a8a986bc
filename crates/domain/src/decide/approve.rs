//! The customer's yes and no: grant, extend, revoke, and self-assigned cases (R6, R9–R13).

use std::collections::BTreeSet;

use super::{
    admission::{approver_of, granting_approver, seen},
    sessions::ending,
};
use crate::{
    Access, Actor, AdminId, ApproverId, Case, CaseId, EXTENSION, EndedWhy, Event, Extension, Grant,
    GrantId, OpenedBy, OperatorVia, Org, Period, Refusal, RevokedWhy, SelfAssignment, State,
    TeamScope, Timestamp, extension,
};

/// R9's conditions other than the approver, shared by ticking and extending.
fn grantable(state: &State, org: &Org, case: &Case) -> Result<(), Refusal> {
    if !case.is_open() {
        return Err(Refusal::CaseClosed);
    }
    if org.block.is_some() {
        return Err(Refusal::SupportBlocked);
    }
    if case.awaits_self_assignment() {
        return Err(Refusal::SelfAssignmentNotApproved);
    }
    if case.access == Access::NotRequested {
        return Err(Refusal::NothingRequested);
    }
    if !case.team.keys().any(|agent| state.agent_is_active(*agent)) {
        return Err(Refusal::NoAgentOnTeam);
    }
    Ok(())
}

pub(super) fn grant(
    state: &State,
    case: CaseId,
    grant: GrantId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, org, by) = granting_approver(state, case, actor)?;
    grantable(state, org, case)?;
    if case.access.live(now).is_some() {
        return Ok(vec![]);
    }
    let at_tick: BTreeSet<_> = case
        .team
        .keys()
        .copied()
        .filter(|agent| state.agent_is_active(*agent))
        .collect();
    Ok(vec![Event::Granted {
        case: case.id,
        org: case.org,
        grant: Grant {
            id: grant,
            approved_by: by,
            subject: subject(state, case, by)?,
            team: TeamScope {
                at_tick,
                pinned: org.settings.pin_team,
            },
            period: Period {
                number: 1,
                from: now,
                expires_at: now.plus(org.settings.default_duration),
            },
        },
    }])
}

/// R8: whom the agents will act as: the one they named, else the opener, else the approver.
fn subject(state: &State, case: &Case, approver: ApproverId) -> Result<AdminId, Refusal> {
    if let Some(named) = case.access.request().and_then(|request| request.subject) {
        return if state.admin_is_active_in(named, case.org) {
            Ok(named)
        } else {
            Err(Refusal::SubjectInactive)
        };
    }
    match case.opened_by.who {
        OpenedBy::Admin(opener) if state.admin_is_active_in(opener, case.org) => Ok(opener),
        _ => approver.admin().ok_or(Refusal::NobodyToActAs),
    }
}

pub(super) fn extend(
    state: &State,
    case: CaseId,
    to: Option<Timestamp>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, org, by) = granting_approver(state, case, actor)?;
    grantable(state, org, case)?;
    if !org.settings.extension {
        return Err(Refusal::ExtensionOff);
    }
    let unrevoked = case.access.unrevoked().ok_or(Refusal::NothingToExtend)?;
    if org.widened_since(&unrevoked.period) {
        return Err(Refusal::NothingToExtend);
    }
    let (case, org, grant) = (case.id, case.org, unrevoked.id);
    match extension(&unrevoked.period, now, to) {
        Extension::Nothing => Ok(vec![]),
        Extension::Lengthened(period) => Ok(vec![Event::Extended {
            case,
            org,
            grant,
            by,
            period,
        }]),
        Extension::Reopened(period) => Ok(vec![Event::PeriodOpened {
            case,
            org,
            grant,
            by,
            period,
        }]),
        Extension::TooEarly => Err(Refusal::ExpirationTooEarly),
        Extension::TooLate => Err(Refusal::ExpirationTooLate {
            latest: now.plus(EXTENSION),
        }),
    }
}

pub(super) fn revoke(
    state: &State,
    case: CaseId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, _, _) = approver_of(state, case, actor)?;
    Ok(revocation(case, now, RevokedWhy::Unticked, actor).collect())
}

/// Whether somebody had taken it away is not known any more, so that it cannot go on.
pub(super) fn end_after_loss(
    state: &State,
    case: CaseId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let Actor::Operator {
        via: OperatorVia::CommandLine,
    } = actor
    else {
        return Err(Refusal::OnlyOperators);
    };
    let (case, _) = seen(state, case, actor)?;
    Ok(revocation(case, now, RevokedWhy::HistoryLost, actor).collect())
}

/// The grant that has not been revoked ends, and its running sessions with it; nothing when there
/// is none.
pub(super) fn revocation(
    case: &Case,
    now: Timestamp,
    why: RevokedWhy,
    actor: &Actor,
) -> impl Iterator<Item = Event> {
    let by = match *actor {
        Actor::Admin { id, .. } => Some(id.into()),
        Actor::Client { id, .. } => Some(id.into()),
        _ => None,
    };
    let ended = match why {
        RevokedWhy::CaseClosed => EndedWhy::CaseClosed,
        RevokedWhy::Blocked => EndedWhy::Blocked,
        RevokedWhy::RulesWidened => EndedWhy::RulesWidened,
        _ => EndedWhy::GrantRevoked,
    };
    case.access.unrevoked().into_iter().flat_map(move |grant| {
        ending(case, now, ended, |_| true).chain([Event::Revoked {
            case: case.id,
            org: case.org,
            grant: grant.id,
            why,
            by,
        }])
    })
}

pub(super) fn approve_self_assignment(
    state: &State,
    case: CaseId,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let (case, org, by) = granting_approver(state, case, actor)?;
    if !case.is_open() {
        return Err(Refusal::CaseClosed);
    }
    if org.block.is_some() {
        return Err(Refusal::SupportBlocked);
    }
    match case.self_assignment {
        SelfAssignment::NotRequired => Err(Refusal::NotSelfAssigned),
        SelfAssignment::Approved { .. } => Ok(vec![]),
        SelfAssignment::Requested { .. } => Ok(vec![Event::SelfAssignmentApproved {
            case: case.id,
            org: case.org,
            by,
        }]),
    }
}

pub(super) fn withdraw_self_assignment(
    state: &State,
    case: CaseId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, _, by) = approver_of(state, case, actor)?;
    match case.self_assignment {
        SelfAssignment::NotRequired => Err(Refusal::NotSelfAssigned),
        SelfAssignment::Requested { .. } => Ok(vec![]),
        SelfAssignment::Approved { .. } => {
            let mut events = vec![Event::SelfAssignmentWithdrawn {
                case: case.id,
                org: case.org,
                by,
            }];
            if case.access.live(now).is_some() {
                events.extend(revocation(
                    case,
                    now,
                    RevokedWhy::SelfAssignmentWithdrawn,
                    actor,
                ));
            }
            Ok(events)
        }
    }
}
