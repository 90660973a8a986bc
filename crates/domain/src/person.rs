//! People (R1, R2).

use serde::{Deserialize, Serialize};

use crate::{AdminId, AgentId, Email, OrgId, PersonName, Proposal, Standing};

/// What a customer user may do in the own org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Approves for every case of the org.
    SuperAdmin,
    /// Approves for the cases they opened themselves.
    Admin,
}

/// A customer user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// The id.
    pub id: AdminId,
    /// The one org they belong to.
    pub org: OrgId,
    /// The address they sign in with.
    pub email: Email,
    /// The name shown.
    pub name: PersonName,
    /// The role as it is now (R2).
    pub role: Role,
    /// Whether they may act at all.
    pub active: bool,
    /// Whether the customer has accepted them; looked at once the org is claimed (R3).
    #[serde(default, skip_serializing_if = "Standing::awaits")]
    pub standing: Standing,
    /// A role that an operator gave since the claim, until it is accepted (R3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Proposal>,
}

impl Admin {
    /// An active `super_admin`.
    #[must_use]
    pub fn is_super(&self) -> bool {
        self.active && self.role == Role::SuperAdmin
    }
}

/// Vendor support personnel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The id.
    pub id: AgentId,
    /// The address they sign in with.
    pub email: Email,
    /// The name shown.
    pub name: PersonName,
    /// Whether they may act at all.
    pub active: bool,
}
