//! Using access: sessions, from the one-time link to the end (R16).

use super::admission::{approver, seen, team_agent};
use crate::{
    Actor, AgentId, Case, CaseId, EndedWhy, Entrance, Event, Label, Refusal, RunningSession,
    SecretHash, Session, SessionId, SessionLimits, State, Timestamp, expiry::has_passed,
};

/// A session about to start.
pub(super) struct NewSession<'a> {
    pub(super) id: SessionId,
    pub(super) label: &'a Label,
    pub(super) token: SecretHash,
    pub(super) code: SecretHash,
    pub(super) limits: SessionLimits,
}

pub(super) fn start(
    state: &State,
    case: CaseId,
    new: &NewSession<'_>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, org, agent) = team_agent(state, case, actor)?;
    if !case.is_open() {
        return Err(Refusal::CaseClosed);
    }
    if org.block.is_some() {
        return Err(Refusal::SupportBlocked);
    }
    if case.awaits_self_assignment() {
        return Err(Refusal::SelfAssignmentNotApproved);
    }
    let grant = case.access.live(now).ok_or(Refusal::AccessNotLive)?;
    if !grant.team.admits(agent) {
        return Err(Refusal::PinnedToEarlierTeam);
    }
    if !state.admin_is_active_in(grant.subject, case.org) {
        return Err(Refusal::SubjectInactive);
    }
    if org.upstream.is_none() {
        return Err(Refusal::NoUpstream);
    }
    one_more(state, agent, new.limits.per_agent, now)?;
    Ok(vec![Event::SessionStarted {
        case: case.id,
        org: case.org,
        session: Session {
            id: new.id,
            agent,
            subject: grant.subject,
            grant: grant.id,
            period: grant.period.number,
            started_at: now,
            absolute_until: now.plus(new.limits.absolute),
            idle: new.limits.idle,
            label: new.label.clone(),
            token: new.token,
            entrance: Entrance::Linked {
                code: new.code,
                until: now.plus(Session::LINK),
            },
            tokens: vec![],
        },
    }])
}

/// Whether the agent may have one more session beside those that run.
fn one_more(state: &State, agent: AgentId, most: u32, now: Timestamp) -> Result<(), Refusal> {
    let mut running: Vec<RunningSession> = state
        .running_sessions(agent, now)
        .map(|(case, session)| RunningSession {
            id: session.id,
            case: case.number.clone(),
            started_at: session.started_at,
        })
        .collect();
    if u32::try_from(running.len()).is_ok_and(|count| count < most) {
        return Ok(());
    }
    running.sort_by_key(|session| (session.started_at, session.id));
    Err(Refusal::TooManySessions { most, running })
}

/// The agent's own session while it runs.
pub(super) fn own_running<'a>(
    state: &'a State,
    case: CaseId,
    session: SessionId,
    actor: &Actor,
    now: Timestamp,
) -> Result<(&'a Case, &'a Session), Refusal> {
    let (case, _, agent) = team_agent(state, case, actor)?;
    let session = case.sessions.get(&session);
    match session {
        Some(session) if session.agent != agent => Err(Refusal::SessionNotFound),
        Some(session) if case.running(session.id, now).is_some() => Ok((case, session)),
        _ => Err(Refusal::SessionOver),
    }
}

pub(super) fn open_link(
    state: &State,
    case: CaseId,
    session: SessionId,
    (code, handover, browser): (SecretHash, SecretHash, SecretHash),
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, session) = own_running(state, case, session, actor, now)?;
    match session.entrance {
        Entrance::Linked { code: made, until } => {
            if made != code {
                Err(Refusal::LinkWrong)
            } else if has_passed(until, now) {
                Err(Refusal::LinkExpired)
            } else {
                Ok(vec![Event::LinkOpened {
                    case: case.id,
                    org: case.org,
                    session: session.id,
                    handover,
                    browser,
                    until: now.plus(Session::HANDOVER),
                }])
            }
        }
        Entrance::HandedOver { .. } | Entrance::Entered { .. } => Err(Refusal::LinkUsed),
    }
}

pub(super) fn enter(
    state: &State,
    case: CaseId,
    session: SessionId,
    (handover, browser, cookie): (SecretHash, SecretHash, SecretHash),
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, session) = own_running(state, case, session, actor, now)?;
    match session.entrance {
        Entrance::HandedOver {
            handover: made,
            browser: bound,
            until,
        } => {
            if made != handover || bound != browser {
                Err(Refusal::LinkWrong)
            } else if has_passed(until, now) {
                Err(Refusal::LinkExpired)
            } else {
                Ok(vec![Event::SessionEntered {
                    case: case.id,
                    org: case.org,
                    session: session.id,
                    cookie,
                }])
            }
        }
        Entrance::Linked { .. } => Err(Refusal::LinkWrong),
        Entrance::Entered { .. } => Err(Refusal::LinkUsed),
    }
}

pub(super) fn end(
    state: &State,
    case: CaseId,
    session: SessionId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, org) = seen(state, case, actor).map_err(|_| Refusal::SessionNotFound)?;
    let agent = agent_of(case, session).ok_or(Refusal::SessionNotFound)?;
    let why = match *actor {
        Actor::Agent { id } if id == agent => EndedWhy::ByAgent,
        Actor::Agent { .. } => return Err(Refusal::SessionNotFound),
        Actor::Admin { id, .. } => {
            let admin = state.admin(id).ok_or(Refusal::OnlySessionParties)?;
            approver(org, case, admin).map_err(|_| Refusal::OnlySessionParties)?;
            EndedWhy::ByApprover
        }
        Actor::Operator { .. }
        | Actor::Client { .. }
        | Actor::Provisioning { .. }
        | Actor::Impersonation { .. } => {
            return Err(Refusal::OnlySessionParties);
        }
    };
    Ok(ending(case, now, why, |s| s.id == session).collect())
}

fn agent_of(case: &Case, session: SessionId) -> Option<AgentId> {
    case.sessions
        .get(&session)
        .map(|running| running.agent)
        .or_else(|| case.ended_sessions.get(&session).map(|ended| ended.agent))
}

/// An event for each running session that matches: the log names every session that a command ends.
pub(super) fn ending<'a>(
    case: &'a Case,
    now: Timestamp,
    why: EndedWhy,
    which: impl Fn(&Session) -> bool + 'a,
) -> impl Iterator<Item = Event> + 'a {
    case.sessions
        .values()
        .filter(move |session| which(session) && case.running(session.id, now).is_some())
        .map(move |session| Event::SessionEnded {
            case: case.id,
            org: case.org,
            session: session.id,
            why,
        })
}
