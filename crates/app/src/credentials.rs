//! Minting and revoking credentials; both are entries on the org's log (R3).

use std::sync::atomic::{AtomicI64, Ordering};

use countersign_domain::{
    Acceptance, Actor, Command, CredentialId, CredentialKind, CredentialOwner, Duration, Email,
    Refusal, Slug, State, Timestamp, caller_may_act,
};
use countersign_store::{Key, NewCredential, Slice};

use crate::{
    App, Failure, Secret,
    cases::{admin_by_email, agent_by_email, uuid},
    credential_reads::{CredentialRead, Owner},
    execute::Plan,
    orgs::org_by_slug,
    people::administered,
};

/// How long a directory's token is good: whoever runs a directory renews it by hand, once a year.
const SCIM_TOKEN: Duration = Duration::from_hours(365 * 24);

/// Whom a credential is for, by name.
#[derive(Clone, Debug)]
pub enum OwnerRef {
    /// A customer user.
    Admin {
        /// The org.
        org: Slug,
        /// The address.
        email: Email,
    },
    /// An agent.
    Agent {
        /// The address.
        email: Email,
    },
    /// An operator.
    Operator,
    /// The directory of an org.
    OrgDirectory(Slug),
    /// The vendor's own directory.
    VendorDirectory,
    /// Whoever calls.
    Caller,
}

/// A credential just made; the secret is shown once.
#[derive(Clone, Debug)]
pub struct Minted {
    /// The id.
    pub id: CredentialId,
    /// What kind.
    pub kind: CredentialKind,
    /// Whom it lets in.
    pub owner: Owner,
    /// The secret.
    pub secret: Secret,
    /// The address that a sign-in link is opened at.
    pub url: Option<String>,
    /// Good until then.
    pub expires_at: Timestamp,
    /// How it stands in its owner's org; none where it is no customer's (R3).
    pub acceptance: Option<Acceptance>,
}

impl Minted {
    /// Whether it waits until a super admin of its owner's org accepts it (R3).
    #[must_use]
    pub fn awaits(&self) -> bool {
        self.acceptance == Some(Acceptance::Waiting)
    }
}

impl App {
    /// Makes an API token. `good_for` overrides the deployment's setting.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn mint_token(
        &self,
        actor: Actor,
        owner: &OwnerRef,
        good_for: Option<Duration>,
    ) -> Result<Minted, Failure> {
        let span = good_for.unwrap_or(self.settings.token);
        let secret = Secret::fresh(self.ports.as_ref(), "cst");
        let kind = CredentialKind::ApiToken;
        self.mint(actor, owner, kind, span, secret, None).await
    }

    /// Makes a token by which a directory provisions people (SCIM). `good_for` overrides the default of a year.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn mint_scim_token(
        &self,
        actor: Actor,
        owner: &OwnerRef,
        good_for: Option<Duration>,
    ) -> Result<Minted, Failure> {
        let span = good_for.unwrap_or(SCIM_TOKEN);
        let secret = Secret::fresh(self.ports.as_ref(), "csd");
        let kind = CredentialKind::ScimToken;
        self.mint(actor, owner, kind, span, secret, None).await
    }

    /// Makes a one-time sign-in link; answers the credential and the address.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn mint_login_link(
        &self,
        actor: Actor,
        owner: &OwnerRef,
        good_for: Option<Duration>,
    ) -> Result<(Minted, String), Failure> {
        let span = good_for.unwrap_or(self.settings.login_link);
        let secret = Secret::fresh(self.ports.as_ref(), "cso");
        let home = self.home_of_owner(actor, owner).await?;
        let url = format!("{home}/sign-in/{}", secret.expose());
        let kind = CredentialKind::LoginLink;
        let minted = self
            .mint(actor, owner, kind, span, secret, Some(url.clone()))
            .await?;
        Ok((minted, url))
    }

    /// Revokes an API token or an unused sign-in link: it opens nothing from then on. Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn revoke_credential(
        &self,
        actor: Actor,
        id: CredentialId,
    ) -> Result<CredentialRead, Failure> {
        let mut found = None;
        let done = self
            .execute(actor, vec![Key::Credential(id)], |slice| {
                found = slice
                    .credentials
                    .iter()
                    .find(|found| found.id == id)
                    .copied();
                let credential = found.ok_or(Refusal::CredentialNotFound)?;
                Ok(Command::RevokeCredential {
                    credential: id,
                    owner: credential.owner,
                    spent: credential.spent_at.is_some(),
                }
                .into())
            })
            .await?;
        let mut credential = found.ok_or(Refusal::CredentialNotFound)?;
        credential.spent_at.get_or_insert(done.now);
        let owner = Owner::of(&done.state, credential.owner);
        Ok(CredentialRead {
            credential,
            owner: owner.ok_or(Refusal::CredentialNotFound)?,
        })
    }

    async fn mint(
        &self,
        actor: Actor,
        owner: &OwnerRef,
        kind: CredentialKind,
        good_for: Duration,
        secret: Secret,
        url: Option<String>,
    ) -> Result<Minted, Failure> {
        let id = CredentialId::from_uuid(uuid(self));
        let keys = match owner {
            OwnerRef::Admin { org, email } => vec![Key::AdminEmail(org.clone(), email.clone())],
            OwnerRef::Agent { email } => vec![Key::AgentEmail(email.clone())],
            OwnerRef::OrgDirectory(org) => vec![Key::Slug(org.clone())],
            OwnerRef::Operator | OwnerRef::VendorDirectory | OwnerRef::Caller => vec![],
        };
        // As last decided: a lost answer is found done at a later moment.
        let ends = AtomicI64::new(0);
        let plan = |slice: &Slice| {
            may_mint_for(&slice.state, owner, actor)?;
            let owner = resolve(&slice.state, owner, actor)?;
            let expires_at = slice.now.plus(good_for);
            ends.store(expires_at.as_millis(), Ordering::Relaxed);
            let command = Command::MintCredential {
                credential: id,
                owner,
                kind,
                expires_at,
            };
            Ok(Plan {
                makes: Some(Key::Credential(id)),
                credential: Some(NewCredential {
                    id,
                    hash: secret.hash(),
                    owner,
                    kind,
                    expires_at,
                }),
                ..command.into()
            })
        };
        let minted = |state: &State, _| {
            let owner = resolve(state, owner, actor)?;
            let owner = Owner::of(state, owner).ok_or(Refusal::PersonNotFound)?;
            let acceptance = match (&owner, state.credential(id)) {
                (Owner::Admin(read), Some(known)) => Some(known.standing.in_org(read.claimed)),
                (Owner::OrgDirectory(org), Some(known)) => {
                    Some(known.standing.in_org(org.claim.is_some()))
                }
                _ => None,
            };
            Ok(Minted {
                id,
                kind,
                owner,
                acceptance,
                secret: secret.clone(),
                url: url.clone(),
                expires_at: Timestamp::from_millis(ends.load(Ordering::Relaxed)),
            })
        };
        self.make(actor, keys, plan, minted).await
    }
}

/// Whoever may not mint for others is told so before they learn who exists.
fn may_mint_for(state: &State, owner: &OwnerRef, actor: Actor) -> Result<(), Refusal> {
    caller_may_act(state, &actor)?;
    let own = match (actor, owner) {
        (Actor::Operator { .. }, _) | (_, OwnerRef::Caller) => true,
        (Actor::Admin { id, .. }, OwnerRef::Admin { org, email }) => {
            state.admin(id).is_some_and(|own| {
                let same_org = state.org(own.org).is_some_and(|known| known.slug == *org);
                same_org && own.email == *email
            })
        }
        (Actor::Admin { .. }, OwnerRef::OrgDirectory(org)) => {
            return administered(state, org, actor).map(|_| ());
        }
        (Actor::Agent { id }, OwnerRef::Agent { email }) => {
            state.agent(id).is_some_and(|own| own.email == *email)
        }
        _ => false,
    };
    if own {
        Ok(())
    } else {
        Err(Refusal::NotYoursToMint)
    }
}

fn resolve(state: &State, owner: &OwnerRef, actor: Actor) -> Result<CredentialOwner, Refusal> {
    match (owner, actor) {
        (OwnerRef::Operator, _) | (OwnerRef::Caller, Actor::Operator { .. }) => {
            Ok(CredentialOwner::Operator)
        }
        (OwnerRef::VendorDirectory, _) => Ok(CredentialOwner::Provisioning(None)),
        (OwnerRef::OrgDirectory(org), _) => {
            org_by_slug(state, org).map(|org| CredentialOwner::Provisioning(Some(org)))
        }
        (OwnerRef::Caller, Actor::Admin { id, .. }) => Ok(CredentialOwner::Admin(id)),
        (OwnerRef::Caller, Actor::Agent { id }) => Ok(CredentialOwner::Agent(id)),
        (OwnerRef::Caller, Actor::Client { .. }) => Err(Refusal::ClientsNotHere),
        (OwnerRef::Caller, Actor::Provisioning { .. }) => Err(Refusal::NotYoursToMint),
        (OwnerRef::Caller, Actor::Impersonation { .. }) => Err(Refusal::ImpersonationCannotAct),
        (OwnerRef::Agent { email }, _) => agent_by_email(state, email)
            .map(CredentialOwner::Agent)
            .ok_or(Refusal::PersonNotFound),
        (OwnerRef::Admin { org, email }, _) => org_by_slug(state, org)
            .ok()
            .and_then(|org| admin_by_email(state, org, email))
            .map(CredentialOwner::Admin)
            .ok_or(Refusal::PersonNotFound),
    }
}
