//! Who works on a case (R4, R5).

use axum::{extract::State, response::Response};
use countersign_domain::Email;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    case_view::CaseView,
    params::{AgentRef, CaseRef},
    problem::{Problem, Texts},
    replies::{Changing, ChangingByBody, changed},
    router::Served,
};

/// An agent to be put on a case's team.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TeamMember {
    /// The agent's address.
    #[schema(example = "sam@vendor.test")]
    agent: String,
}

/// Put an agent on a case's team
///
/// Putting the agent on it who opened the case makes it self-assigned. Idempotent; for operators.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/team", tag = "cases",
    params(("number" = String, Path, description = "The case number")),
    request_body = TeamMember,
    responses((status = 200, description = "The case", body = CaseView, headers(("countersign-effective" = Option<String>, description = "How this became effective everywhere, if it took something away"))), ChangingByBody),
)]
pub(crate) async fn join_team(
    State(served): State<Served>,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    JsonBody(member): JsonBody<TeamMember>,
) -> Result<Response, Problem> {
    let mut texts = Texts::default();
    let Some(agent) = texts.read("agent", &member.agent, Email::parse) else {
        return Err(texts.problem());
    };
    changed(&served.app.join_team(actor, &number, &agent).await?)
}

/// Take an agent off a case's team
///
/// The agent's sessions under the case end everywhere before the call answers. Idempotent; for
/// operators.
#[utoipa::path(
    delete, path = "/api/v1/cases/{number}/team/{email}", tag = "cases",
    params(
        ("number" = String, Path, description = "The case number"),
        ("email" = String, Path, description = "The agent's address"),
    ),
    responses((status = 200, description = "The case", body = CaseView, headers(("countersign-effective" = Option<String>, description = "How this became effective everywhere, if it took something away"))), Changing),
)]
pub(crate) async fn leave_team(
    State(served): State<Served>,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    AgentRef(agent): AgentRef,
) -> Result<Response, Problem> {
    changed(&served.app.leave_team(actor, &number, &agent).await?)
}
