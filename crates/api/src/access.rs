//! Asking, granting, extending, revoking, and approving self-assigned cases (R6, R8–R13).

use axum::response::Response;
use countersign_domain::{Email, Justification};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    body::{JsonBody, OptionalJsonBody},
    caller::{Caller, CallerOrClient},
    case_view::CaseView,
    etag::Conditions,
    params::CaseRef,
    problem::{Problem, Texts},
    replies::{Changing, ChangingByBody, IfMatch, Stale},
    router::Served,
    texts::{CaseNumberText, EmailText, JustificationText},
    time,
};

/// What an agent asks for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessRequest {
    /// Why: 10 to 2,000 characters.
    #[schema(value_type = JustificationText)]
    justification: String,
    /// The address of the active admin of the org to act as; the opener of the case, else whoever
    /// ticks, when left out.
    #[schema(value_type = Option<EmailText>)]
    subject: Option<String>,
}

/// Until when access is extended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Extension {
    /// The new expiration, at most a day from now; a day from now when left out.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// Ask for access
///
/// Nothing is sent to the customer: pass the link on. For agents on the case's team.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/access-request", tag = "access",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    request_body = AccessRequest,
    responses((status = 200, description = "The case", body = CaseView), ChangingByBody, Stale),
)]
pub(crate) async fn request_access(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    conditions: Conditions,
    JsonBody(request): JsonBody<AccessRequest>,
) -> Result<Response, Problem> {
    let mut texts = Texts::default();
    let justification = texts.read_prose(
        "justification",
        &request.justification,
        &['\n', '\r', '\t'],
        Justification::parse,
    );
    let subject = request
        .subject
        .map(|subject| texts.read("subject", &subject, Email::parse));
    let (Some(justification), None | Some(Some(_))) = (justification, &subject) else {
        return Err(texts.problem());
    };
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.request_access(actor, &number, justification, subject.flatten())
                .await
        })
        .await
}

/// Withdraw an ungranted request
///
/// For the agent who asked.
#[utoipa::path(
    delete, path = "/api/v1/cases/{number}/access-request", tag = "access",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn withdraw_request(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.withdraw_request(actor, &number).await
        })
        .await
}

/// Grant impersonation
///
/// For the org's default time. Granting again while access is live changes nothing. For approvers.
#[utoipa::path(
    put, path = "/api/v1/cases/{number}/grant", tag = "access",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn grant(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.grant(actor, &number).await
        })
        .await
}

/// Revoke the grant
///
/// Effective everywhere before the call answers. Idempotent; for approvers.
#[utoipa::path(
    delete, path = "/api/v1/cases/{number}/grant", tag = "access",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn revoke(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.revoke(actor, &number).await
        })
        .await
}

/// Extend access by a day from now, or to an explicit expiration
///
/// Live or expired, as long as the grant was not revoked. For approvers.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/grant/extend", tag = "access",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    request_body = Option<Extension>,
    responses((status = 200, description = "The case", body = CaseView), ChangingByBody, Stale),
)]
pub(crate) async fn extend(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    CaseRef(number): CaseRef,
    conditions: Conditions,
    OptionalJsonBody(extension): OptionalJsonBody<Extension>,
) -> Result<Response, Problem> {
    let to = match extension.and_then(|extension| extension.expires_at) {
        Some(text) => {
            let mut texts = Texts::default();
            let Some(to) = texts.read("expires_at", &text, time::read) else {
                return Err(texts.problem());
            };
            Some(to)
        }
        None => None,
    };
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.extend(actor, &number, to).await
        })
        .await
}

/// Approve a self-assigned case
///
/// Idempotent; for approvers.
#[utoipa::path(
    post, path = "/api/v1/cases/{number}/self-assignment/approve", tag = "access",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn approve_self_assignment(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.approve_self_assignment(actor, &number).await
        })
        .await
}

/// Withdraw the approval of a self-assigned case
///
/// A live grant ends with it, everywhere before the call answers. Idempotent; for approvers.
#[utoipa::path(
    delete, path = "/api/v1/cases/{number}/self-assignment", tag = "access",
    params(("number" = CaseNumberText, Path, description = "The case number"), IfMatch),
    responses((status = 200, description = "The case", body = CaseView), Changing, Stale),
)]
pub(crate) async fn withdraw_self_assignment(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    CaseRef(number): CaseRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    conditions
        .on_case(&served, actor, number, |app, number| async move {
            app.withdraw_self_assignment(actor, &number).await
        })
        .await
}
