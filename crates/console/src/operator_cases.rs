//! Every case as an operator sees it: where it stands, and nothing that can be done about it (R1, R4).

use axum::{extract::Query, http::StatusCode, response::Response};
use countersign_app::{CaseRead, StatusFilter};
use countersign_domain::CaseNumber;

use crate::{
    Console,
    access_state::access_state,
    names,
    operator::Operator,
    operator_forms::after,
    refuse::Halt,
    views::{
        nav::OperatorPlace,
        operator::{CaseRow, CasesPage},
    },
};

/// So many are on a page.
const AT_A_TIME: usize = 100;

/// The page: the open cases, or those that are closed.
pub(crate) async fn show(
    console: Console,
    operator: Operator,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let closed = query
        .iter()
        .any(|(name, value)| name == "status" && value == "closed");
    let (status, path) = if closed {
        (StatusFilter::Closed, "/operator/cases?status=closed&after=")
    } else {
        (StatusFilter::Open, "/operator/cases?after=")
    };
    let after = after(&query).and_then(|text| CaseNumber::parse(text).ok());
    let continued = after.is_some();
    let listed = console
        .app
        .cases(operator.actor(), status, after, AT_A_TIME)
        .await;
    let listed = listed.map_err(|failure| operator.fail(&failure))?;
    let view = CasesPage {
        page: operator.page(operator.t().cases(), OperatorPlace::Cases),
        closed,
        cases: listed
            .cases
            .iter()
            .filter_map(|read| row(&operator, read))
            .collect(),
        next: listed.next.map(|number| format!("{path}{number}")),
        continued,
    };
    Ok(operator.show(StatusCode::OK, &view))
}

fn row(operator: &Operator, read: &CaseRead) -> Option<CaseRow> {
    let case = read.case()?;
    let (state, t) = (read.state(), operator.t());
    let org = state.org(case.org);
    Some(CaseRow {
        number: case.number.as_str().into(),
        title: case.title.as_str().into(),
        org: org.map(|org| org.name.as_str().into()),
        team: case
            .team
            .keys()
            .map(|id| names::agent(t, state, *id))
            .collect(),
        access: access_state(case, org, &operator.zone, read.now),
    })
}
