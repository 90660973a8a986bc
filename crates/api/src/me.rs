//! Who the caller is.

use axum::{Json, extract::State};
use countersign_domain::{Actor, Refusal, Role, caller_may_act};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{caller::Caller, people::Person, problem::Problem, replies::Reading, router::Served};

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// What sort of caller.
    kind: Kind,
    /// Their address; null for operators.
    #[schema(required)]
    email: Option<String>,
    /// Their name; null for operators.
    #[schema(required)]
    name: Option<String>,
    /// The short name of a customer admin's org; null for others.
    #[schema(required)]
    org: Option<String>,
    /// A customer admin's role now; null for others.
    #[schema(required)]
    role: Option<RoleView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallerKind)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Admin,
    Agent,
    Operator,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
#[serde(rename_all = "snake_case")]
enum RoleView {
    SuperAdmin,
    Admin,
}

/// Who am I?
#[utoipa::path(
    get, path = "/api/v1/me", tag = "me",
    responses((status = 200, description = "The caller", body = Me), Reading),
)]
pub(crate) async fn me(
    State(served): State<Served>,
    Caller(actor): Caller,
) -> Result<Json<Me>, Problem> {
    let nobody = Me {
        kind: Kind::Operator,
        email: None,
        name: None,
        org: None,
        role: None,
    };
    Ok(Json(match actor {
        Actor::Operator { .. } => nobody,
        Actor::Admin { .. } => {
            let read = served.app.own_org(actor).await?;
            let Person { email, name } = Person::from(&read.caller);
            Me {
                kind: Kind::Admin,
                email: Some(email),
                name: Some(name),
                org: Some(read.org.slug.to_string()),
                role: Some(match read.caller.role {
                    Role::SuperAdmin => RoleView::SuperAdmin,
                    Role::Admin => RoleView::Admin,
                }),
            }
        }
        Actor::Agent { id } => {
            let agents = served.app.store().directory(None).await;
            let state = agents
                .map_err(|error| Problem::unavailable(&error.0))?
                .state;
            caller_may_act(&state, &actor)?;
            let agent = state.agent(id).ok_or(Refusal::CallerInactive)?;
            let Person { email, name } = Person::from(agent);
            Me {
                kind: Kind::Agent,
                email: Some(email),
                name: Some(name),
                ..nobody
            }
        }
        Actor::Impersonation { .. } => return Err(Refusal::ImpersonationCannotAct.into()),
    }))
}
