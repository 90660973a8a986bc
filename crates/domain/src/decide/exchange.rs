//! Access tokens past the gateway: an agent exchanges a running session for one (RFC 8693), where the vendor has said
//! what such tokens are for and the customer has ticked since (R16, R17).

use super::{admission::team_agent, sessions::own_running};
use crate::{
    Actor, CaseId, Event, NewToken, Refusal, Session, SessionId, State, Timestamp, TokenId,
    has_passed,
};

/// The latest that a token under the session may be good until, for the agent whose session it is. It is asked for
/// everything that a start is, as it is now; and it never outlasts what the clock alone would end: the period, the
/// session's own limit, and its idleness, which a token does not put off.
///
/// # Errors
/// Why there is none.
pub fn exchange_until(
    state: &State,
    case: CaseId,
    session: SessionId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    let (case, session) = own_running(state, case, session, actor, now)?;
    let org = state.org(case.org).ok_or(Refusal::OrgNotFound)?;
    if org.block.is_some() {
        return Err(Refusal::SupportBlocked);
    }
    let grant = case.access.live(now).ok_or(Refusal::AccessNotLive)?;
    if !case.is_open() || !grant.team.admits(session.agent) {
        return Err(Refusal::AccessNotLive);
    }
    if !state.admin_is_active_in(session.subject, case.org) {
        return Err(Refusal::SubjectInactive);
    }
    let idle_at = state.last_request(session).plus(session.idle);
    if has_passed(idle_at, now) {
        return Err(Refusal::SessionOver);
    }
    let by_the_clock = session.ends_at(grant.period.expires_at).min(idle_at);
    Ok(now.plus(Session::TOKEN).min(by_the_clock))
}

pub(super) fn exchange(
    state: &State,
    new: &NewToken,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let latest = exchange_until(state, new.case, new.session, actor, now)?;
    let (case, session) = own_running(state, new.case, new.session, actor, now)?;
    let org = state.org(case.org).ok_or(Refusal::OrgNotFound)?;
    let upstream = org.upstream.as_ref().ok_or(Refusal::NoUpstream)?;
    match &upstream.resource {
        None => return Err(Refusal::NoTokensHere),
        Some(resource) if *resource != new.resource => return Err(Refusal::NotTheResource),
        Some(_) => {}
    }
    if has_passed(new.expires_at, now) || new.expires_at > latest {
        return Err(Refusal::SessionOver);
    }
    let good = session.tokens.iter();
    let good = good.filter(|token| !has_passed(token.expires_at, now));
    if good.count() >= Session::MOST_TOKENS {
        return Err(Refusal::TooManyTokens);
    }
    Ok(vec![Event::TokenExchanged {
        case: case.id,
        org: case.org,
        session: session.id,
        id: new.id,
        token: new.hash,
        resource: new.resource.clone(),
        expires_at: new.expires_at,
    }])
}

/// It takes away, so a session that has ended, and a token that has run out, are no reason to refuse.
pub(super) fn end(
    state: &State,
    (case, session, id): (CaseId, SessionId, TokenId),
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (case, _, agent) = team_agent(state, case, actor)?;
    let Some(session) = case.sessions.get(&session) else {
        return Ok(vec![]);
    };
    if session.agent != agent {
        return Err(Refusal::SessionNotFound);
    }
    let good =
        |token: &&crate::ExchangedToken| token.id == id && !has_passed(token.expires_at, now);
    Ok(session
        .tokens
        .iter()
        .find(good)
        .map(|token| Event::TokenEnded {
            case: case.id,
            org: case.org,
            session: session.id,
            id: token.id,
        })
        .into_iter()
        .collect())
}
