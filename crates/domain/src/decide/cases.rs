//! Opening and closing cases, and their teams (R4–R7).

use super::{
    admission::{approver, counts, operator, seen},
    approve::revocation,
    sessions::ending,
};
use crate::{
    Actor, AgentId, Attested, Case, CaseId, EndedWhy, Event, NewCase, OpenedBy, Opener, Org,
    Refusal, RevokedWhy, SelfAssignment, State, Timestamp,
};

pub(super) fn open(state: &State, new: &NewCase, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    let org = state.org(new.org).ok_or(Refusal::OrgNotFound)?;
    let attested = may_open(state, new, actor)?;
    let opener_good = match new.opened_by {
        OpenedBy::Admin(id) => state.admin_is_active_in(id, org.id),
        OpenedBy::Agent(id) => state.agent_is_active(id),
    };
    if !opener_good {
        return Err(Refusal::OpenerUnknown);
    }
    if !new.team.iter().all(|agent| state.agent_is_active(*agent)) {
        return Err(Refusal::AgentUnknown);
    }
    let opened = Event::CaseOpened {
        case: new.case,
        org: org.id,
        number: new.number.clone(),
        title: new.title.clone(),
        opened_by: Opener {
            who: new.opened_by,
            attested,
        },
        team: new.team.clone(),
    };
    let on_team = |agent: AgentId| new.team.contains(&agent);
    match new.opened_by {
        OpenedBy::Agent(agent) if Case::is_self_assigned(new.opened_by, on_team) => Ok(vec![
            opened,
            Event::SelfAssignmentRequested {
                case: new.case,
                org: org.id,
                agent,
            },
        ]),
        _ => Ok(vec![opened]),
    }
}

/// R4: operators open for anyone and choose the number; an admin opens for the own org, an agent
/// for the own team, by a call of their own.
fn may_open(state: &State, new: &NewCase, actor: &Actor) -> Result<Attested, Refusal> {
    match *actor {
        Actor::Operator { .. } => return Ok(Attested::Tracker),
        Actor::Admin { id, .. } => {
            if state.admin(id).is_none_or(|admin| admin.org != new.org) {
                return Err(Refusal::OrgNotFound);
            }
            // That somebody opened a case by their own call can make them its approver.
            counts(state, actor)?;
            if new.opened_by != OpenedBy::Admin(id) {
                return Err(Refusal::NotYoursToOpen);
            }
            if !new.team.is_empty() {
                return Err(Refusal::TeamIsForOperators);
            }
        }
        Actor::Agent { id } => {
            if new.opened_by != OpenedBy::Agent(id) {
                return Err(Refusal::NotYoursToOpen);
            }
            if !new.team.iter().eq([&id]) {
                return Err(Refusal::TeamIsForOperators);
            }
        }
        Actor::Client { .. } => return Err(Refusal::ClientsNotHere),
        Actor::Provisioning { .. } => return Err(Refusal::NotYoursToOpen),
        Actor::Impersonation { .. } => return Err(Refusal::ImpersonationCannotAct),
    }
    if new.number_chosen {
        return Err(Refusal::NumberIsForOperators);
    }
    Ok(Attested::Own)
}

pub(super) fn close(
    state: &State,
    case: CaseId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, org) = seen(state, case, actor)?;
    let allowed = match actor {
        Actor::Operator { .. } | Actor::Agent { .. } => true,
        _ => approves(state, org, case, actor),
    };
    if !allowed {
        return Err(Refusal::NotYoursToClose);
    }
    if !case.is_open() {
        return Ok(vec![]);
    }
    let mut events: Vec<Event> = revocation(case, now, RevokedWhy::CaseClosed, actor).collect();
    events.push(Event::CaseClosed {
        case: case.id,
        org: case.org,
    });
    Ok(events)
}

pub(super) fn reopen(state: &State, case: CaseId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    let (case, org) = seen(state, case, actor)?;
    let allowed = matches!(actor, Actor::Operator { .. }) || approves(state, org, case, actor);
    if !allowed {
        return Err(Refusal::NotYoursToReopen);
    }
    counts(state, actor)?;
    if case.is_open() {
        return Ok(vec![]);
    }
    Ok(vec![Event::CaseReopened {
        case: case.id,
        org: case.org,
    }])
}

fn approves(state: &State, org: &Org, case: &Case, actor: &Actor) -> bool {
    match *actor {
        Actor::Admin { id, .. } => state
            .admin(id)
            .is_some_and(|admin| approver(org, case, admin).is_ok()),
        _ => false,
    }
}

pub(super) fn join_team(
    state: &State,
    case: CaseId,
    agent: AgentId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, _) = seen(state, case, actor)?;
    operator(actor).map_err(|_| Refusal::TeamIsForOperators)?;
    if case.team.contains_key(&agent) {
        return Ok(vec![]);
    }
    if !state.agent_is_active(agent) {
        return Err(Refusal::AgentUnknown);
    }
    let (id, org) = (case.id, case.org);
    let mut events = vec![Event::TeamJoined {
        case: id,
        org,
        agent,
    }];
    let becomes_self_assigned = Case::is_self_assigned(case.opened_by.who, |a| a == agent)
        && case.self_assignment == SelfAssignment::NotRequired;
    if becomes_self_assigned {
        events.push(Event::SelfAssignmentRequested {
            case: id,
            org,
            agent,
        });
        if case.access.live(now).is_some() {
            events.extend(revocation(case, now, RevokedWhy::BecameSelfAssigned, actor));
        }
    }
    Ok(events)
}

pub(super) fn leave_team(
    state: &State,
    case: CaseId,
    agent: AgentId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, _) = seen(state, case, actor)?;
    operator(actor).map_err(|_| Refusal::TeamIsForOperators)?;
    if !case.team.contains_key(&agent) {
        return Ok(vec![]);
    }
    let mut events: Vec<Event> = ending(case, now, EndedWhy::AgentLeftTeam, |session| {
        session.agent == agent
    })
    .collect();
    events.push(Event::TeamLeft {
        case: case.id,
        org: case.org,
        agent,
    });
    Ok(events)
}
