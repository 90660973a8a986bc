//! What an agent did on a case, for that agent (R5).

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use countersign_app::{Failure, HistoryAsk, HistoryOf};
use countersign_domain::Refusal;
use countersign_web::layout::Context;

use crate::{
    Console,
    history_find::{Found, find},
    history_typed::{Asked, Typed, Wrong},
    posted::case_number,
    reader::Reader,
    refuse::Halt,
    views::{agent_history::AgentHistoryPage, history::HistoryRow, nav::Place},
};

/// The page. Another team's case has none; and of a case that gives no access yet there is nothing to
/// show.
pub(crate) async fn show(
    console: Console,
    Path(number): Path<String>,
    reader: Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    reader.agent()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let number = case_number(&reader, &number)?;
    let read = console.app.case(reader.actor(), &number).await;
    let read = read.map_err(fail)?;
    let typed = Typed::of(&query);
    let path = format!("/cases/{number}/looked");
    let mut found = match typed.ask(&reader) {
        Ok(asked) => {
            // Whose case and whose acts are not for the address to say.
            let ask = HistoryAsk {
                case: None,
                agent: None,
                ..asked.ask
            };
            let asked = Asked { ask, ..asked };
            let of = HistoryOf::Case(number.clone());
            match find(&console, &reader, &of, &asked, &path).await {
                Err(Failure::Refused(Refusal::SessionNotFound)) => {
                    let wrong = Wrong::new("session", reader.t().history_no_session());
                    Found::wrong(StatusCode::NOT_FOUND, wrong)
                }
                found => found.map_err(fail)?,
            }
        }
        Err(wrong) => Found::wrong(StatusCode::UNPROCESSABLE_ENTITY, wrong),
    };
    let view = AgentHistoryPage {
        page: reader.page(reader.t().looked(), Context::Support, Place::Cases),
        number: number.as_str().into(),
        title: read.case().map_or("", |case| case.title.as_str()).into(),
        older: found.next.map(|after| typed.older(&path, after)),
        continued: typed.continued(),
        filter: typed.filter(
            &reader,
            &path,
            &[],
            console.app.node().now(),
            found.wrong.take(),
        ),
        // The page is about one case, and its report is for the customer.
        rows: found
            .rows
            .into_iter()
            .map(|row| HistoryRow {
                case: None,
                // Where a customer's people sit is not for the vendor's.
                from: None,
                ..row
            })
            .collect(),
        rest: found.rest,
    };
    Ok(reader.show(found.status, &view))
}
