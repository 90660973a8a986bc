//! Who the caller is.

use axum::Json;
use countersign_domain::Actor;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Caller, directory_view::RoleView, people::Person, problem::Problem, replies::Reading,
    router::Served,
};

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// What sort of caller.
    kind: Kind,
    /// What an agent's programs are called in OAuth; null for others.
    #[schema(required)]
    client_id: Option<String>,
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

/// Who am I?
#[utoipa::path(
    get, path = "/api/v1/me", tag = "me",
    responses((status = 200, description = "The caller", body = Me), Reading),
)]
pub(crate) async fn me(served: Served, Caller(actor): Caller) -> Result<Json<Me>, Problem> {
    let client_id = match actor {
        Actor::Agent { id } => Some(id.to_string()),
        _ => None,
    };
    let (kind, person, org, role) = match served.app.me(actor).await? {
        countersign_app::Caller::Operator => (Kind::Operator, None, None, None),
        countersign_app::Caller::Agent(agent) => {
            (Kind::Agent, Some(Person::from(&agent)), None, None)
        }
        countersign_app::Caller::Admin(read) => (
            Kind::Admin,
            Some(Person::from(&read.admin)),
            Some(read.org.to_string()),
            Some(read.admin.role.into()),
        ),
    };
    let (email, name) = person.map(|person| (person.email, person.name)).unzip();
    Ok(Json(Me {
        kind,
        client_id,
        email,
        name,
        org,
        role,
    }))
}
