//! Closing and reopening a case (R4, R7).

use axum::{extract::Path, response::Response};

use crate::{
    Console,
    notice_cookie::go,
    posted::{Posted, case_number},
    refuse::Halt,
    said::Said,
    took::Took,
};

/// Closes a case: for its agents and its approvers.
pub(crate) async fn close(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    let case = case_number(&reader, &number)?;
    let changed = console
        .app
        .close_case(reader.actor(), &case)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let took = Took::just_now(&console.app, changed.effective);
    Ok(go(&reader, "/cases", &Said::CaseClosed { case, took }))
}

/// Reopens a case: for its approvers, never for agents.
pub(crate) async fn reopen(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.admin()?;
    let case = case_number(&reader, &number)?;
    console
        .app
        .reopen_case(reader.actor(), &case)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, "/cases", &Said::CaseReopened { case }))
}
