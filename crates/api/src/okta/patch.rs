//! What a PATCH of a case asks for.

use axum::extract::{FromRequest, Request};
use countersign_app::{CaseChange, ImpersonationChange};
use countersign_domain::{Actor, Purpose};
use serde::Deserialize;

use super::caller::{customer, may};
use crate::{
    body::OptionalJsonBody,
    json::malformed,
    problem::{FieldError, Problem, Texts},
    router::Served,
    time,
};

/// A change that a customer admin or a service client asks for, within their quota.
pub(super) struct Asked {
    pub(super) actor: Actor,
    pub(super) change: CaseChange,
}

/// The body. A null says nothing, as a field left out does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Patch {
    impersonation: Option<Impersonation>,
    self_assigned: Option<SelfAssigned>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Impersonation {
    status: Option<Status>,
    expiration: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    NotRequested,
    Requested,
    Enabled,
    Disabled,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SelfAssigned {
    status: Option<SelfAssignedStatus>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SelfAssignedStatus {
    NotRequired,
    Requested,
    Approved,
}

impl FromRequest<Served> for Asked {
    type Rejection = Problem;

    async fn from_request(request: Request, served: &Served) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let known = customer(&mut parts, served).await?;
        let request = Request::from_parts(parts.clone(), body);
        let read = OptionalJsonBody::<Patch>::from_request(request, served).await;
        let change = read.and_then(|OptionalJsonBody(patch)| asked(patch));
        // Only what it asks for says whether it takes away: that has a bucket of its own.
        let takes_away = change.as_ref().is_ok_and(CaseChange::takes_away);
        let actor = known.counted(&parts, served, takes_away).await?;
        let actor = may(actor, Purpose::ManageGrants)?;
        Ok(Self {
            actor,
            change: change?,
        })
    }
}

fn asked(patch: Option<Patch>) -> Result<CaseChange, Problem> {
    let patch = patch.ok_or_else(|| {
        malformed("This call needs a JSON body such as {\"impersonation\": {\"status\": \"ENABLED\"}}, and there is none.")
    })?;
    let approve_self_assignment = match patch.self_assigned.and_then(|of| of.status) {
        None => false,
        Some(SelfAssignedStatus::Approved) => true,
        Some(SelfAssignedStatus::NotRequired | SelfAssignedStatus::Requested) => {
            return Err(wrong("selfAssigned.status", "can be set to APPROVED only"));
        }
    };
    let impersonation = patch
        .impersonation
        .map(impersonation)
        .transpose()?
        .flatten();
    if !approve_self_assignment && impersonation.is_none() {
        let nothing = "says nothing to change: it takes impersonation.status, impersonation.expiration and selfAssigned.status";
        return Err(wrong(".", nothing));
    }
    Ok(CaseChange {
        approve_self_assignment,
        impersonation,
    })
}

fn impersonation(asked: Impersonation) -> Result<Option<ImpersonationChange>, Problem> {
    let until = match asked.expiration {
        None => None,
        Some(text) => {
            let mut texts = Texts::default();
            let read = texts.read("impersonation.expiration", &text, time::read);
            Some(read.ok_or_else(|| texts.problem())?)
        }
    };
    match (asked.status, until) {
        (None, None) => Ok(None),
        (None, Some(until)) => Ok(Some(ImpersonationChange::Extend { until })),
        (Some(Status::Enabled), until) => Ok(Some(ImpersonationChange::Grant { until })),
        (Some(Status::Disabled), None) => Ok(Some(ImpersonationChange::Revoke)),
        (Some(Status::Disabled), Some(_)) => Err(wrong(
            "impersonation.expiration",
            "cannot be set together with the status DISABLED: access that is taken away has none",
        )),
        (Some(Status::NotRequested | Status::Requested), _) => Err(wrong(
            "impersonation.status",
            "can be set to ENABLED or DISABLED only: asking is for the support agent",
        )),
    }
}

fn wrong(field: &str, message: &str) -> Problem {
    Problem::fields("invalid_field", vec![FieldError::new(field, message)])
}
