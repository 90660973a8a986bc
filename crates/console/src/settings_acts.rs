//! What a customer admin does on the settings page. Each act leads back to it, with a notice.
//!
//! Whoever gives something must have seen what is true now; taking away never waits for that.

use axum::{extract::Path, response::Response};
use countersign_app::{CaseRead, Changed, Failure};
use countersign_domain::{CaseNumber, Email, Refusal, SessionId};

use crate::{
    Console,
    case_view::CaseView,
    notice_cookie::go,
    posted::{Posted, case_number, session_id},
    reader::Reader,
    refuse::Halt,
    said::Said,
    seen,
    took::Took,
};

const PAGE: &str = "/settings/account?edit=support";

fn back(reader: &Reader, said: &Said) -> Response {
    // To the card that was decided on, wherever the new state has moved it.
    match said.card() {
        Some(case) => go(reader, &format!("{PAGE}#case-{case}"), said),
        None => go(reader, PAGE, said),
    }
}

/// The box, or the button beside it. The button that removes access does so whatever the box says;
/// the one that grants it never does so without the box.
pub(crate) async fn grant(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let case = case_number(&reader, &number)?;
    let ticked = fields.is("grant", "on");
    if fields.is("act", "revoke") || (!ticked && !fields.is("act", "grant")) {
        return revoke(&console, &reader, case).await;
    }
    if !ticked {
        return Ok(back(&reader, &Said::NotTicked { case }));
    }
    let shown = as_shown(&reader, fields.text("seen"))?;
    let changed = console
        .app
        .grant_as_shown(reader.actor(), &case, &shown)
        .await;
    let Some(changed) = unless_stale(&reader, changed)? else {
        let said = stale(&console, &reader, case, fields.text("seen")).await?;
        return Ok(back(&reader, &said));
    };
    let said = until(&reader, &changed, |until, nothing| {
        if nothing {
            Said::NothingChanged { case, until }
        } else {
            Said::Granted { case, until }
        }
    })?;
    Ok(back(&reader, &said))
}

async fn revoke(console: &Console, reader: &Reader, case: CaseNumber) -> Result<Response, Halt> {
    let changed = console
        .app
        .revoke(reader.actor(), &case)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let took = Took::just_now(&console.app, changed.effective);
    Ok(back(reader, &Said::Removed { case, took }))
}

/// "Extend access by 1 day".
pub(crate) async fn extend(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let case = case_number(&reader, &number)?;
    let shown = as_shown(&reader, fields.text("seen"))?;
    let changed = console
        .app
        .extend_as_shown(reader.actor(), &case, &shown)
        .await;
    let Some(changed) = unless_stale(&reader, changed)? else {
        let said = stale(&console, &reader, case, fields.text("seen")).await?;
        return Ok(back(&reader, &said));
    };
    let said = until(&reader, &changed, |until, nothing| {
        if nothing {
            Said::NothingChanged { case, until }
        } else {
            Said::Extended { case, until }
        }
    })?;
    Ok(back(&reader, &said))
}

/// Approves a self-assigned case.
pub(crate) async fn approve(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let case = case_number(&reader, &number)?;
    let shown = as_shown(&reader, fields.text("seen"))?;
    let approved = console
        .app
        .approve_self_assignment_as_shown(reader.actor(), &case, &shown)
        .await;
    if unless_stale(&reader, approved)?.is_none() {
        return Ok(back(&reader, &Said::Stale { case }));
    }
    Ok(back(&reader, &Said::Approved { case }))
}

/// Withdraws that approval.
pub(crate) async fn withdraw_approval(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.admin()?;
    let case = case_number(&reader, &number)?;
    let changed = console
        .app
        .withdraw_self_assignment(reader.actor(), &case)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let took = Took::just_now(&console.app, changed.effective);
    Ok(back(&reader, &Said::ApprovalWithdrawn { case, took }))
}

/// Ends a session; `also=revoke` removes the access with it.
pub(crate) async fn end_session(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let session = session_id(&reader, &id)?;
    let (case, agent) = party(&console, &reader, session, fields.text("case")).await?;
    let fail = |failure: Failure| reader.fail(&failure);
    let unticked = fields.is("also", "revoke");
    // First, so that the agent reads of the session that access was taken away with it.
    let removed = if unticked {
        let changed = console.app.revoke(reader.actor(), &case).await;
        changed.map_err(fail)?.effective
    } else {
        None
    };
    let ended = console.app.end_session(reader.actor(), session).await;
    let effective = removed.or(ended.map_err(fail)?);
    let took = Took::just_now(&console.app, effective);
    let said = Said::SessionEnded {
        case,
        agent,
        unticked,
        took,
    };
    Ok(if fields.is("from", "live") {
        go(&reader, "/live", &said)
    } else {
        back(&reader, &said)
    })
}

/// The case of a session, as its form says, and the agent whose session it is.
async fn party(
    console: &Console,
    reader: &Reader,
    session: SessionId,
    number: &str,
) -> Result<(CaseNumber, Email), Halt> {
    let no_session = || reader.fail(&Failure::from(Refusal::SessionNotFound));
    let number = CaseNumber::parse(number).map_err(|_| no_session())?;
    let read = match console.app.case(reader.actor(), &number).await {
        Ok(read) => read,
        Err(Failure::Refused(Refusal::CaseNotFound)) => return Err(no_session()),
        Err(failure) => return Err(reader.fail(&failure)),
    };
    let case = read.case().ok_or_else(no_session)?;
    let running = case.sessions.get(&session).map(|running| running.agent);
    let ended = case.ended_sessions.get(&session).map(|ended| ended.agent);
    let agent = running.or(ended).ok_or_else(no_session)?;
    let agent = read.state().agent(agent).ok_or_else(no_session)?;
    Ok((number, agent.email.clone()))
}

/// Blocks all support access.
pub(crate) async fn block(console: Console, posted: Posted) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let org = own.map_err(fail)?.org;
    let effective = console
        .app
        .block(reader.actor(), &org.slug)
        .await
        .map_err(fail)?;
    let took = Took::just_now(&console.app, effective);
    Ok(back(&reader, &Said::Blocked { took }))
}

/// Lifts the block.
pub(crate) async fn unblock(console: Console, posted: Posted) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let org = own.map_err(fail)?.org;
    let shown = fields.text("seen");
    let lifted = console
        .app
        .unblock_as_shown(reader.actor(), &org.slug, |org| seen::block(org) == shown)
        .await;
    match lifted {
        Ok(_) => Ok(back(&reader, &Said::BlockLifted)),
        Err(Failure::Refused(Refusal::ChangedSinceShown)) => Ok(back(&reader, &Said::BlockStale)),
        Err(failure) => Err(fail(failure)),
    }
}

/// Whether a case is as the form showed it; judged in the moment of the decision.
fn as_shown<'a>(
    reader: &'a Reader,
    seen: &'a str,
) -> Result<impl Fn(&CaseRead) -> bool + Send + Sync + 'a, Halt> {
    let viewer = reader.admin()?;
    Ok(move |read: &CaseRead| {
        CaseView::new(read, viewer, &reader.zone)
            .is_some_and(|view| seen::by_approver(&view) == seen)
    })
}

/// What changed; none when the case was no longer as shown.
fn unless_stale(
    reader: &Reader,
    changed: Result<Changed, Failure>,
) -> Result<Option<Changed>, Halt> {
    match changed {
        Ok(changed) => Ok(Some(changed)),
        Err(Failure::Refused(Refusal::ChangedSinceShown)) => Ok(None),
        Err(failure) => Err(reader.fail(&failure)),
    }
}

/// What to say of a form that shows what is no longer so: that the case has changed, or what goes through.
async fn stale(
    console: &Console,
    reader: &Reader,
    case: CaseNumber,
    seen: &str,
) -> Result<Said, Halt> {
    let own = console.app.own_org(reader.actor()).await;
    let own = own.map_err(|failure| reader.fail(&failure))?;
    Ok(if seen::other_reads(seen, &own.org) {
        Said::StaleRules { case }
    } else {
        Said::Stale { case }
    })
}

/// What to say of a grant, given its end and whether nothing happened.
fn until(
    reader: &Reader,
    changed: &Changed,
    said: impl FnOnce(countersign_domain::Timestamp, bool) -> Said,
) -> Result<Said, Halt> {
    changed
        .case
        .as_ref()
        .and_then(|read| read.case())
        .and_then(|case| case.access.unrevoked())
        .map(|grant| said(grant.period.expires_at, changed.events.is_empty()))
        .ok_or_else(|| reader.fail(&Failure::from(Refusal::CaseNotFound)))
}
