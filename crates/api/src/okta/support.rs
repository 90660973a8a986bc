//! The endpoints.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::Response,
};
use countersign_app::{CaseFilter, CaseRead, StatusFilter};
use countersign_domain::{Actor, ImpersonationStatus, Refusal};

use super::{
    CASES,
    caller::Admin,
    patch::Asked,
    views::{SupportCase, SupportCases, SupportSettings},
};
use crate::{caller::Here, params::CaseRef, problem::Problem, replies::done, router::Served};

/// How many cases are read at a time.
const AT_A_TIME: usize = 1_000;

/// Whether support can look, and until when.
pub(super) async fn settings(
    State(served): State<Served>,
    Admin(actor): Admin,
    Here(address): Here,
) -> Result<Json<SupportSettings>, Problem> {
    let live = open_cases(&served, actor, Some(ImpersonationStatus::Enabled)).await?;
    let home = served.app.home_of(actor, &address).await?;
    Ok(Json(SupportSettings::of(&live, &home)))
}

/// The open cases that the caller sees (R4, R14).
pub(super) async fn cases(
    State(served): State<Served>,
    Admin(actor): Admin,
) -> Result<Json<SupportCases>, Problem> {
    let open = open_cases(&served, actor, None).await?;
    let support_cases = open.iter().map(SupportCase::of).collect::<Result<_, _>>()?;
    Ok(Json(SupportCases { support_cases }))
}

/// Grants, extends, revokes, approves: all of what is asked, or nothing.
pub(super) async fn change_case(
    State(served): State<Served>,
    number: Result<CaseRef, Problem>,
    Asked { actor, change }: Asked,
) -> Result<Response, Problem> {
    let CaseRef(number) = number?;
    let changed = served.app.change_case(actor, &number, change).await?;
    let case = changed.case.ok_or(Refusal::CaseNotFound)?;
    Ok(done(&SupportCase::of(&case)?, changed.effective))
}

/// What there was before support access belonged to a case: its clients are sent to the cases.
pub(super) async fn moved(_: Admin) -> (StatusCode, [(HeaderName, &'static str); 1]) {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, CASES)])
}

/// Okta's lists have one page.
async fn open_cases(
    served: &Served,
    actor: Actor,
    impersonation: Option<ImpersonationStatus>,
) -> Result<Vec<CaseRead>, Problem> {
    let filter = CaseFilter {
        status: StatusFilter::Open,
        org: None,
        agent: None,
        impersonation,
    };
    let mut cases = vec![];
    let mut after = None;
    loop {
        let page = served
            .app
            .find_cases(actor, &filter, after, AT_A_TIME)
            .await?;
        cases.extend(page.cases);
        after = page.next;
        if after.is_none() {
            return Ok(cases);
        }
    }
}
