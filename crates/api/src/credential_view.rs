//! Credentials on the wire.

use countersign_app::{CredentialRead, Minted, Owner};
use countersign_domain::{Actor, CredentialKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{claims::StateView, people::Person, time};

/// What kind of credential.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = CredentialKind)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KindView {
    /// A bearer token for the API.
    ApiToken,
    /// A link that signs a browser in once.
    LoginLink,
    /// A bearer token by which a directory provisions people (SCIM).
    ScimToken,
}

impl From<CredentialKind> for KindView {
    fn from(kind: CredentialKind) -> Self {
        match kind {
            CredentialKind::ApiToken => Self::ApiToken,
            CredentialKind::LoginLink => Self::LoginLink,
            CredentialKind::ScimToken => Self::ScimToken,
        }
    }
}

/// Whom a credential lets in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CredentialOwner)]
struct OwnerView {
    /// What sort of caller.
    kind: OwnerKind,
    /// The short name of the org of a customer admin or a customer's directory; null for others.
    #[schema(required)]
    org: Option<String>,
    /// Their address; null for operators and directories.
    #[schema(required)]
    email: Option<String>,
    /// Their name; null for operators and directories.
    #[schema(required)]
    name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CredentialOwnerKind)]
#[serde(rename_all = "snake_case")]
enum OwnerKind {
    Admin,
    Agent,
    Operator,
    Directory,
}

impl From<&Owner> for OwnerView {
    fn from(owner: &Owner) -> Self {
        let (kind, org, person) = match owner {
            Owner::Admin(read) => (
                OwnerKind::Admin,
                Some(read.org.to_string()),
                Some(Person::from(&read.admin)),
            ),
            Owner::Agent(agent) => (OwnerKind::Agent, None, Some(Person::from(agent))),
            Owner::Operator => (OwnerKind::Operator, None, None),
            Owner::OrgDirectory(org) => (OwnerKind::Directory, Some(org.slug.to_string()), None),
            Owner::VendorDirectory => (OwnerKind::Directory, None, None),
        };
        let (email, name) = person.map(|person| (person.email, person.name)).unzip();
        Self {
            kind,
            org,
            email,
            name,
        }
    }
}

/// A credential. Its secret was shown once and is not kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Credential)]
pub(crate) struct CredentialView {
    /// The id.
    #[schema(example = "cred_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e")]
    id: String,
    /// What kind.
    kind: KindView,
    /// Whom it lets in.
    owner: OwnerView,
    /// Who made it.
    minted_by: Minter,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// Good until then.
    #[schema(format = DateTime)]
    expires_at: String,
    /// When it was used up or revoked; null before.
    #[schema(required, format = DateTime)]
    spent_at: Option<String>,
    /// Whether it lets its owner in now.
    good: bool,
    /// Whether it counts as the org's own; null where it is no customer's.
    #[schema(required)]
    acceptance: Option<StateView>,
}

/// Who made a credential.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Minter {
    /// The person it lets in.
    Owner,
    /// A super admin of the org, for its directory.
    SuperAdmin,
    /// An operator.
    Operator,
}

impl From<&CredentialRead> for CredentialView {
    fn from(read: &CredentialRead) -> Self {
        let credential = &read.credential;
        Self {
            id: credential.id.to_string(),
            kind: credential.kind.into(),
            owner: OwnerView::from(&read.owner),
            minted_by: match credential.minted_by {
                Actor::Operator { .. } => Minter::Operator,
                Actor::Admin { .. } if credential.kind == CredentialKind::ScimToken => {
                    Minter::SuperAdmin
                }
                Actor::Admin { .. }
                | Actor::Agent { .. }
                | Actor::Client { .. }
                | Actor::Provisioning { .. }
                | Actor::Impersonation { .. } => Minter::Owner,
            },
            created_at: time::write(credential.created_at),
            expires_at: time::write(credential.expires_at),
            spent_at: credential.spent_at.map(time::write),
            good: credential.is_good(),
            acceptance: read.acceptance().map(StateView::from),
        }
    }
}

/// A credential just made. Its secret is shown once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MintedCredential)]
pub(crate) struct MintedView {
    /// The id.
    #[schema(example = "cred_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e")]
    id: String,
    /// What kind.
    kind: KindView,
    /// Whom it lets in.
    owner: OwnerView,
    /// Good until then.
    #[schema(format = DateTime)]
    expires_at: String,
    /// The token; null for a sign-in link.
    #[schema(required)]
    token: Option<String>,
    /// The address that signs a browser in; null for a token.
    #[schema(required)]
    url: Option<String>,
    /// Whether it counts as the org's own. One that is waiting lets its owner look and take away, and grants
    /// and changes nothing until a super admin of the org accepts it. Null where it is no customer's.
    #[schema(required)]
    acceptance: Option<StateView>,
}

impl MintedView {
    pub(crate) fn of(minted: &Minted) -> Self {
        let token = match minted.kind {
            CredentialKind::ApiToken | CredentialKind::ScimToken => {
                Some(minted.secret.expose().to_owned())
            }
            CredentialKind::LoginLink => None,
        };
        Self {
            id: minted.id.to_string(),
            kind: minted.kind.into(),
            owner: OwnerView::from(&minted.owner),
            expires_at: time::write(minted.expires_at),
            token,
            url: minted.url.clone(),
            acceptance: minted.acceptance.map(StateView::from),
        }
    }
}
