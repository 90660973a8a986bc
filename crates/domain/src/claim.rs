//! Whose word counts in an org that one of its super admins has claimed (R3).
//!
//! Before the claim, whatever an operator makes acts for the customer, or nobody could begin. From
//! the claim on, only what the customer made or accepted does.

use serde::{Deserialize, Serialize};

use crate::{
    AdminId, ClientId, CredentialId, CredentialKind, IssuerId, OpenIdSubject, OrgId, Role,
    Timestamp,
};

/// The first sign-in of a super admin by passkey or by an OpenID provider of the org: from then on the org is the customer's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who claimed it.
    pub by: AdminId,
    /// The passkey, or what the provider knows them by.
    pub credential: CredentialId,
    /// When.
    pub at: Timestamp,
}

/// Whether something counts as the customer's own once the org is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Standing {
    /// An operator made it, or it came by something that an operator made.
    #[default]
    Unaccepted,
    /// It was made through something that counted.
    Own,
    /// A super admin of the org accepted it, or claimed the org with it.
    Accepted {
        /// Who.
        by: AdminId,
        /// When.
        at: Timestamp,
    },
    /// A super admin of the org refused it, for good.
    Refused {
        /// Who.
        by: AdminId,
        /// When.
        at: Timestamp,
    },
}

impl Standing {
    /// Whether it counts as the customer's own.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Own | Self::Accepted { .. })
    }

    /// Whether it waits for a super admin, once the org is claimed.
    #[must_use]
    pub fn awaits(&self) -> bool {
        *self == Self::Unaccepted
    }

    /// How it stands in an org that is claimed, or not yet.
    #[must_use]
    pub fn in_org(self, claimed: bool) -> Acceptance {
        match self {
            Self::Refused { .. } => Acceptance::Refused,
            _ if !claimed => Acceptance::NotRequired,
            Self::Unaccepted => Acceptance::Waiting,
            Self::Own => Acceptance::Own,
            Self::Accepted { .. } => Acceptance::Accepted,
        }
    }

    /// What is made through something that counts is the customer's own.
    pub(crate) fn born(own: bool) -> Self {
        if own { Self::Own } else { Self::Unaccepted }
    }
}

/// Whether something waits to be accepted by the customer whose org it is in, as things are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acceptance {
    /// The org is not claimed yet, so everything counts.
    NotRequired,
    /// It grants and changes nothing until a super admin of the org accepts it.
    Waiting,
    /// It was made through something that counted.
    Own,
    /// A super admin accepted it, or claimed the org with it.
    Accepted,
    /// A super admin refused it, for good.
    Refused,
}

/// A role that an operator would give, while it waits to be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The role.
    pub role: Role,
    /// When it was proposed.
    pub at: Timestamp,
}

/// How a credential lets somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayIn {
    /// A bearer token for the API.
    ApiToken,
    /// A link that signs a browser in once.
    LoginLink,
    /// A passkey (WebAuthn).
    Passkey,
    /// What an OpenID provider of the org knows somebody by.
    OpenId,
    /// A bearer token by which the org's directory provisions its people.
    ScimToken,
}

impl From<CredentialKind> for WayIn {
    fn from(kind: CredentialKind) -> Self {
        match kind {
            CredentialKind::ApiToken => Self::ApiToken,
            CredentialKind::LoginLink => Self::LoginLink,
            CredentialKind::ScimToken => Self::ScimToken,
        }
    }
}

/// A credential of a customer user or of an org's directory, as far as the rules look at it: not
/// whether it still opens anything, but for whom it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdminCredential {
    /// The id.
    pub id: CredentialId,
    /// Whom it lets in; none where that is the org's directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AdminId>,
    /// Their org.
    pub org: OrgId,
    /// How.
    pub way: WayIn,
    /// Whether it counts. What came by an OpenID provider counts as the provider does.
    pub standing: Standing,
    /// What it is to an OpenID provider, where it came by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<OpenIdSubject>,
}

impl AdminCredential {
    /// The OpenID provider that somebody comes in by with it.
    #[must_use]
    pub fn comes_by(&self) -> Option<IssuerId> {
        self.subject.map(|subject| subject.issuer)
    }

    /// Whether somebody whom an OpenID provider vouches for may still come in with it.
    #[must_use]
    pub fn opens_by_issuer(&self) -> bool {
        self.way == WayIn::OpenId && !matches!(self.standing, Standing::Refused { .. })
    }
}

/// Something that waits for a super admin of the org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Awaiting {
    /// A credential.
    Credential(CredentialId),
    /// A customer user.
    Admin(AdminId),
    /// A role that an operator would give to a customer user.
    Role(AdminId, Role),
    /// A service client.
    Client(OrgId, ClientId),
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn r03_nothing_waits_before_the_claim() {
        let (by, at) = (AdminId::from_uuid(Uuid::nil()), Timestamp::from_millis(0));
        for (standing, unclaimed, claimed) in [
            (
                Standing::Unaccepted,
                Acceptance::NotRequired,
                Acceptance::Waiting,
            ),
            (Standing::Own, Acceptance::NotRequired, Acceptance::Own),
            (
                Standing::Accepted { by, at },
                Acceptance::NotRequired,
                Acceptance::Accepted,
            ),
            (
                Standing::Refused { by, at },
                Acceptance::Refused,
                Acceptance::Refused,
            ),
        ] {
            assert_eq!(standing.in_org(false), unclaimed, "{standing:?}");
            assert_eq!(standing.in_org(true), claimed, "{standing:?}");
        }
    }
}
