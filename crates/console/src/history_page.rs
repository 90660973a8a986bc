//! What was done about support access in an org, for its admins: by case, agent and days, searchable.

use axum::{Extension, extract::Query, http::StatusCode, response::Response};
use countersign_app::{Failure, HistoryOf};
use countersign_domain::Refusal;
use countersign_web::{layout::Context, person::Person, text::UserText};

use crate::{
    Console,
    history_export::HistoryFiles,
    history_find::{Found, find},
    history_typed::{Asked, Typed, Wrong},
    reader::Reader,
    refuse::Halt,
    views::{
        history::{Filter, HistoryPage},
        nav::Place,
    },
};

const PATH: &str = "/history";

/// The page.
pub(crate) async fn show(
    console: Console,
    reader: Reader,
    files: Option<Extension<HistoryFiles>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let org = own.map_err(fail)?.org;
    let typed = Typed::of(&query);
    let of = HistoryOf::Org(org.slug.clone());
    let asked = typed.ask(&reader);
    let mut found = match &asked {
        Ok(asked) => found(&console, &reader, &of, asked).await?,
        Err(wrong) => Found::wrong(StatusCode::UNPROCESSABLE_ENTITY, wrong.clone()),
    };
    let wrong = found.wrong.take();
    // Nothing is looked up for whoever is refused.
    let (mut agents, mut whose) = (vec![], None);
    if let (Ok(asked), None) = (&asked, &wrong) {
        let all = console.app.agents_in_history(reader.actor(), &org.slug);
        agents = all.await.map_err(fail)?;
        if let Some(session) = asked.ask.session {
            let of = console.app.session_in_history(reader.actor(), session);
            let (agent, case) = of.await.map_err(fail)?;
            whose = Some((
                Person::new(agent.name, agent.email),
                UserText::from(case.as_str()),
            ));
        }
    }
    let refused = wrong.is_some();
    let filter = Filter {
        whose,
        ..typed.filter(&reader, PATH, &agents, console.app.node().now(), wrong)
    };
    let name = org.name.as_str();
    let view = HistoryPage {
        page: reader.page(
            reader.t().history(),
            Context::Org(name.into()),
            Place::History,
        ),
        org: name.into(),
        older: found.next.map(|after| typed.older(PATH, after)),
        files: files
            // A file has no end at one page.
            .filter(|_| !refused && !filter.of_page)
            .filter(|_| !found.rows.is_empty() || !found.rest.is_empty())
            .map(|_| (typed.file("csv"), typed.file("jsonl"))),
        continued: typed.continued(),
        filter,
        rows: found.rows,
        rest: found.rest,
    };
    Ok(reader.show(found.status, &view))
}

async fn found(
    console: &Console,
    reader: &Reader,
    of: &HistoryOf,
    asked: &Asked,
) -> Result<Found, Halt> {
    let t = reader.t();
    let none = |field, text| {
        let wrong = Wrong::new(field, text);
        Ok(Found::wrong(StatusCode::NOT_FOUND, wrong))
    };
    match find(console, reader, of, asked, PATH).await {
        Ok(found) => Ok(found),
        Err(Failure::Refused(Refusal::CaseNotFound)) => none("case", t.history_no_case()),
        Err(Failure::Refused(Refusal::SessionNotFound)) => none("session", t.history_no_session()),
        Err(failure) => Err(reader.fail(&failure)),
    }
}
