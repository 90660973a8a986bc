//! What a support agent sees: the cases whose team they are on, and one of them.

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use countersign_app::{CaseRead, Failure, StatusFilter};
use countersign_domain::{Access, AgentId, Person, Refusal, Sight};
use countersign_web::{layout::Context, messages::Lang, notice::Notice};

use crate::{
    Console, admin_pages,
    agent_news::Standing,
    agent_rows::{AgentView, address},
    listing, names,
    pass_on::pass_on,
    posted::case_number,
    reader::Reader,
    refuse::Halt,
    said::Said,
    views::{
        agent_case::{AgentCase, AgentCasePage, AgentRequest, AgentSession, AskForm, CaseDetails},
        agent_cases::AgentCasesPage,
        nav::Place,
        notices,
    },
};

/// The list of an agent's cases: the open ones, or those that are closed.
pub(crate) async fn cases(
    console: &Console,
    reader: &Reader,
    closed: bool,
) -> Result<Response, Halt> {
    let agent = reader.agent()?;
    let view = cases_view(console, reader, agent, closed)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(reader.show(StatusCode::OK, &view))
}

async fn cases_view(
    console: &Console,
    reader: &Reader,
    agent: AgentId,
    closed: bool,
) -> Result<AgentCasesPage, Failure> {
    let listed = if closed {
        listing::all(&console.app, reader.actor(), StatusFilter::Closed).await?
    } else {
        listing::open(&console.app, reader.actor()).await?
    };
    let standing = Standing::of(&console.app, &listed.cases, agent, &reader.zone).await?;
    Ok(AgentCasesPage {
        page: reader.page(reader.t().my_cases(), Context::Support, Place::Cases),
        closed,
        seen: standing.seen,
        cases: standing.rows,
        cut_off: listed.more.then_some(listing::MOST),
    })
}

/// One case. An admin who has its address, perhaps from an agent, is led to where they decide.
pub(crate) async fn case(
    console: Console,
    Path(number): Path<String>,
    reader: Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let number = case_number(&reader, &number)?;
    let read = console
        .app
        .case(reader.actor(), &number)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    match reader.who.person {
        Person::Admin(_) => Ok(admin_pages::where_decided(&read)),
        Person::Agent(_) => {
            let mut view = case_view(&console, &reader, &read, AskForm::default(), None).await?;
            let asked = query.iter().find(|(name, _)| name == "message");
            let lang = Lang::ALL
                .into_iter()
                .find(|lang| asked.is_some_and(|(_, value)| value == lang.code()));
            if let Some(lang) = lang {
                let zone = reader.zone.in_language(lang);
                view.case.pass_on = pass_on(&console, &reader, &read, &view.case.access, &zone);
            }
            Ok(reader.show(StatusCode::OK, &view))
        }
    }
}

/// The page of a case, with the form as it was typed and a notice in place of the one that came.
pub(crate) async fn case_view(
    console: &Console,
    reader: &Reader,
    read: &CaseRead,
    ask: AskForm,
    notice: Option<Notice>,
) -> Result<AgentCasePage, Halt> {
    let agent = reader.agent()?;
    let view = AgentView::of(&console.app, read, agent, &reader.zone)
        .await
        .map_err(|failure| reader.fail(&failure))?
        .ok_or_else(|| reader.fail(&Failure::from(Refusal::CaseNotFound)))?;
    let case = agent_case(console, reader, &view, ask);
    let title = reader.t().case_title(&case.number);
    let mut page = reader.page(title, Context::Support, Place::Cases);
    if notice.is_some() {
        page.notice = notice;
    } else if matches!(reader.said(), Some(Said::Stale { case }) if *case == view.case.number) {
        page.notice = Some(notices::stale(reader.t(), &case.number, view.by_now()));
    }
    Ok(AgentCasePage {
        page,
        seen: AgentView::seen_of_page(&[view]),
        case,
    })
}

fn agent_case(console: &Console, reader: &Reader, view: &AgentView<'_>, ask: AskForm) -> AgentCase {
    let (read, case, zone) = (view.read, view.case, view.zone);
    let state = read.state();
    let org = state.org(case.org);
    // R6: before the approval an agent is shown number, title and statuses, and nothing else.
    let full = read.sight == Sight::Full;
    let details = CaseDetails {
        opened_by: names::opener(reader.t(), state, case),
        team: names::team(state, case)
            .into_iter()
            .map(|id| names::agent(reader.t(), state, id))
            .collect(),
    };
    let access = view.access();
    let upstream = org.and_then(|org| org.upstream.as_ref()).filter(|_| full);
    AgentCase {
        declared: upstream.map_or(0, |upstream| upstream.routes.declared_harmless()),
        number: case.number.as_str().into(),
        org: org.filter(|_| full).map(|org| org.name.as_str().into()),
        title: case.title.as_str().into(),
        cannot_open: view.cannot_open(),
        details: full.then_some(details),
        request: request(reader, read, view.agent).filter(|_| full),
        ask,
        pass_on: pass_on(console, reader, read, &access, zone),
        access,
        sessions: view
            .own
            .iter()
            .map(|one| AgentSession {
                id: one.session.id.to_string(),
                subject: names::admin(reader.t(), state, one.session.subject),
                started: zone.moment(one.session.started_at),
                ends: zone.moment(one.ends_at()),
                left: zone.left(read.now, one.ends_at()),
                url: address(&console.app, one),
            })
            .collect(),
        may_close: case.is_open(),
        seen: view.seen(),
    }
}

fn request(reader: &Reader, read: &CaseRead, agent: AgentId) -> Option<AgentRequest> {
    let case = read.case()?;
    let asked = case.access.request()?;
    let (subject, more_time) = match &case.access {
        Access::Granted {
            grant,
            more_time_wanted,
            ..
        } => (Some(grant.subject), more_time_wanted.as_ref()),
        _ => (asked.subject, None),
    };
    Some(AgentRequest {
        by: names::agent(reader.t(), read.state(), asked.requested_by),
        at: reader.zone.moment(asked.at),
        justification: asked.justification.as_str().into(),
        subject: subject.map(|id| names::admin(reader.t(), read.state(), id)),
        more_time_wanted: more_time.map(|wanted| reader.zone.moment(wanted.at)),
        may_withdraw: asked.requested_by == agent
            && case.is_open()
            && matches!(case.access, Access::Requested { .. }),
    })
}
