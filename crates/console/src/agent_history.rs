//! What an agent did on a case, for that agent (R5).

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{Failure, HistoryAsk, HistoryOf};
use countersign_web::layout::Context;

use crate::{
    Console,
    history_page::{Found, Typed, find},
    posted::case_number,
    reader::Reader,
    refuse::Halt,
    views::{agent_history::AgentHistoryPage, history::HistoryRow, nav::Place},
};

/// The page. Another team's case has none; and of a case that gives no access yet there is nothing to
/// show.
pub(crate) async fn show(
    State(console): State<Console>,
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
    let found = match typed.ask(&reader) {
        Ok(ask) => {
            // Whose case and whose acts are not for the address to say.
            let ask = HistoryAsk {
                case: None,
                agent: None,
                ..ask
            };
            let of = HistoryOf::Case(number.clone());
            let found = find(&console, &reader, &of, &ask, typed.after()).await;
            found.map_err(fail)?
        }
        Err(wrong) => Found::wrong(StatusCode::UNPROCESSABLE_ENTITY, wrong),
    };
    let path = format!("/cases/{number}/looked");
    let view = AgentHistoryPage {
        page: reader.page(reader.t().looked(), Context::Support, Place::Cases),
        number: number.as_str().into(),
        title: read.case().map_or("", |case| case.title.as_str()).into(),
        older: found.next.map(|after| typed.older(&path, after)),
        continued: typed.after().is_some(),
        filter: typed.filter(reader.t()),
        wrong: found.wrong,
        // The page is about one case, and its report is for the customer.
        rows: found
            .rows
            .into_iter()
            .map(|row| HistoryRow { case: None, ..row })
            .collect(),
    };
    Ok(reader.show(found.status, &view))
}
