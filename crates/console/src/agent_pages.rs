//! What a support agent sees: the cases whose team they are on, and one of them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{CaseRead, Failure};
use countersign_domain::{Access, AgentId, Entrance, Person, Refusal, Sight};
use countersign_web::{layout::Context, notice::Notice};

use crate::{
    Console,
    access_state::access_state,
    admin_pages, listing, names,
    posted::case_number,
    reader::Reader,
    refuse::Halt,
    seen,
    sessions::{Running, running},
    views::{
        agent_case::{AgentCase, AgentCasePage, AgentRequest, AgentSession, AskForm, CaseDetails},
        agent_cases::{AgentCaseRow, AgentCasesPage},
        nav::Place,
    },
};

/// The list of an agent's open cases.
pub(crate) async fn cases(console: &Console, reader: &Reader) -> Result<Response, Halt> {
    let agent = reader.agent()?;
    let view = cases_view(console, reader, agent)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(reader.show(StatusCode::OK, &view))
}

async fn cases_view(
    console: &Console,
    reader: &Reader,
    agent: AgentId,
) -> Result<AgentCasesPage, Failure> {
    let listed = listing::open(&console.app, reader.actor()).await?;
    let mut rows = Vec::new();
    for read in &listed.cases {
        let Some(case) = read.case() else { continue };
        let org = read.state().org(case.org);
        let open = running(&console.app, read).await?;
        rows.push(AgentCaseRow {
            number: case.number.as_str().into(),
            org: org
                .filter(|_| read.sight == Sight::Full)
                .map(|org| org.name.as_str().into()),
            title: case.title.as_str().into(),
            access: access_state(case, org, &reader.zone, read.now),
            open_sessions: open.iter().filter(|one| one.session.agent == agent).count(),
        });
    }
    Ok(AgentCasesPage {
        page: reader.page(reader.t().my_cases(), Context::Support, Place::Cases),
        cases: rows,
        cut_off: listed.more.then_some(listing::MOST),
    })
}

/// One case. An admin who has its address, perhaps from an agent, is led to where they decide.
pub(crate) async fn case(
    State(console): State<Console>,
    Path(number): Path<String>,
    reader: Reader,
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
            let view = case_view(&console, &reader, &read, AskForm::default(), None).await?;
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
    let open = running(&console.app, read)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let case = agent_case(console, reader, read, agent, &open, ask)
        .ok_or_else(|| reader.fail(&Failure::from(Refusal::CaseNotFound)))?;
    let title = reader.t().case_title(&case.number);
    let mut page = reader.page(title, Context::Support, Place::Cases);
    if notice.is_some() {
        page.notice = notice;
    }
    Ok(AgentCasePage { page, case })
}

fn agent_case(
    console: &Console,
    reader: &Reader,
    read: &CaseRead,
    agent: AgentId,
    open: &[Running<'_>],
    ask: AskForm,
) -> Option<AgentCase> {
    let case = read.case()?;
    let state = read.state();
    let org = state.org(case.org);
    let zone = &reader.zone;
    // R6: before the approval an agent is shown number, title and statuses, and nothing else.
    let full = read.sight == Sight::Full;
    let details = CaseDetails {
        opened_by: names::opener(reader.t(), state, case),
        team: names::team(state, case)
            .into_iter()
            .map(|id| names::agent(reader.t(), state, id))
            .collect(),
    };
    let own = open.iter().filter(|one| one.session.agent == agent);
    Some(AgentCase {
        number: case.number.as_str().into(),
        org: org.filter(|_| full).map(|org| org.name.as_str().into()),
        title: case.title.as_str().into(),
        access: access_state(case, org, zone, read.now),
        details: full.then_some(details),
        request: request(reader, read, agent).filter(|_| full),
        ask,
        link: format!(
            "{}/settings/account?edit=support#case-{}",
            console.app.settings().public_url,
            case.number
        ),
        sessions: own
            .map(|one| AgentSession {
                id: one.session.id.to_string(),
                subject: names::admin(reader.t(), state, one.session.subject),
                started: zone.moment(one.session.started_at),
                ends: zone.moment(one.ends_at()),
                left: zone.left(read.now, one.ends_at()),
                url: matches!(one.session.entrance, Entrance::Entered { .. }).then(|| {
                    let settings = console.app.settings();
                    format!("{}/", settings.session_origin(&one.session.label))
                }),
            })
            .collect(),
        may_close: case.is_open(),
        seen: seen::by_agent(read),
    })
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
