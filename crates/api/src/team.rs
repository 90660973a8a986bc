//! Who works on a case (R4, R5).

use axum::response::Response;
use countersign_domain::Email;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    case_view::CaseView,
    etag::Conditions,
    params::{CaseRef, PersonRef},
    problem::{Problem, Texts},
    replies::{Changing, ChangingByBody, IfMatch, Stale},
    router::Served,
    texts::{CaseNumberText, EmailText},
};

/// An agent to be put on a case's team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamMember {
    /// The agent's address.
    #[schema(value_type = EmailText)]
    agent: String,
}

/// Put an agent on a case's team
///
/// Putting the agent on it who opened the case makes it self-assigned. Idempotent; for operators.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/team", tag = "cases",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    request_body = TeamMember,
    responses((status = 200, description = "The case", body = CaseView), ChangingByBody, Stale),
)]
pub(crate) async fn join_team(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    conditions: Conditions,
    JsonBody(member): JsonBody<TeamMember>,
) -> Result<Response, Problem> {
    let mut texts = Texts::default();
    let Some(agent) = texts.read("agent", &member.agent, Email::parse) else {
        return Err(texts.problem());
    };
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.join_team(actor, &number, &agent).await
        })
        .await
}

/// Take an agent off a case's team
///
/// The agent's sessions under the case end everywhere before the call answers. Idempotent; for
/// operators.
#[utoipa::path(
    delete, path = "/api/v1/cases/{number}/team/{email}", tag = "cases",
    params(
        ("number" = CaseNumberText, Path, description = "The case number"),
        ("email" = EmailText, Path, description = "The agent's address"),
        IfMatch,
    ),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn leave_team(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    PersonRef(agent): PersonRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.leave_team(actor, &number, &agent).await
        })
        .await
}
