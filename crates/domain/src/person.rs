//! People (R1, R2).

use serde::{Deserialize, Serialize};

use crate::{
    AdminId, AgentId, Email, ExternalId, OrgId, PersonName, Proposal, SecretHash, Standing,
};

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
    /// What a directory said of them.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    /// Whether a directory took them away for good: nobody lists them, and their address is free again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
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
    /// What a directory said of them.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
    /// Whether a directory took them away for good: nobody lists them, and their address is free again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
    /// A hash of what an OpenID provider of the vendor's knows them by, once they came in by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_by: Option<SecretHash>,
}

/// What a directory says of somebody beyond what is shown of them, kept to be given back as it was said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// How the directory names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    /// The name to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<PersonName>,
    /// The whole name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted_name: Option<PersonName>,
    /// The given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<PersonName>,
    /// The family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<PersonName>,
}

impl Profile {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The name to show of somebody of whom this is known; none when it has no name.
    #[must_use]
    pub fn shown_name(&self) -> Option<PersonName> {
        let whole = self.display_name.as_ref().or(self.formatted_name.as_ref());
        if let Some(name) = whole {
            return Some(name.clone());
        }
        match (&self.given_name, &self.family_name) {
            (Some(given), Some(family)) => {
                // Two long names may be longer than one may be.
                PersonName::parse(&format!("{given} {family}"))
                    .ok()
                    .or_else(|| Some(family.clone()))
            }
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        }
    }
}
