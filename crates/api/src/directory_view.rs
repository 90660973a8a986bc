//! Orgs and people on the wire.

use countersign_app::AdminRead;
use countersign_domain::{Agent, Org, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{claims::StateView, time};

/// A customer tenant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Org)]
pub(crate) struct OrgView {
    /// The short name.
    #[schema(example = "acme")]
    pub(crate) slug: String,
    /// The name shown.
    #[schema(example = "Acme Inc")]
    name: String,
    /// Whether an operator has said where its product is.
    connected: bool,
    /// Since when all support access is blocked; null while it is not.
    #[schema(required, format = DateTime)]
    blocked_at: Option<String>,
}

impl From<&Org> for OrgView {
    fn from(org: &Org) -> Self {
        Self {
            slug: org.slug.to_string(),
            name: org.name.to_string(),
            connected: org.upstream.is_some(),
            blocked_at: org.block.map(|block| time::write(block.at)),
        }
    }
}

/// What a customer user may do in the own org.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Role)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleView {
    SuperAdmin,
    Admin,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::SuperAdmin => Self::SuperAdmin,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<RoleView> for Role {
    fn from(role: RoleView) -> Self {
        match role {
            RoleView::SuperAdmin => Self::SuperAdmin,
            RoleView::Admin => Self::Admin,
        }
    }
}

/// A customer user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Admin)]
pub(crate) struct AdminView {
    /// The org's short name.
    #[schema(example = "acme")]
    org: String,
    /// Their address.
    #[schema(example = "dana@acme.test")]
    pub(crate) email: String,
    /// Their name.
    #[schema(example = "Dana Reed")]
    name: String,
    /// Their role now.
    role: RoleView,
    /// Whether they may act at all.
    active: bool,
    /// Whether they count as the org's own.
    acceptance: StateView,
    /// A role that an operator would give them in a claimed org, until it is accepted; null otherwise.
    #[schema(required)]
    proposed_role: Option<RoleView>,
}

impl From<&AdminRead> for AdminView {
    fn from(read: &AdminRead) -> Self {
        let AdminRead { org, admin, .. } = read;
        Self {
            org: org.to_string(),
            email: admin.email.to_string(),
            name: admin.name.to_string(),
            role: admin.role.into(),
            active: admin.active,
            acceptance: read.acceptance().into(),
            proposed_role: admin.proposed.map(|proposal| proposal.role.into()),
        }
    }
}

/// Vendor support personnel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agent)]
pub(crate) struct AgentView {
    /// Their address.
    #[schema(example = "sam@vendor.test")]
    pub(crate) email: String,
    /// Their name.
    #[schema(example = "Sam Hill")]
    name: String,
    /// Whether they may act at all.
    active: bool,
}

impl From<&Agent> for AgentView {
    fn from(agent: &Agent) -> Self {
        Self {
            email: agent.email.to_string(),
            name: agent.name.to_string(),
            active: agent.active,
        }
    }
}
