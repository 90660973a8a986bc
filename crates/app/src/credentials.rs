//! Minting credentials; every one is an entry on the org's log (R3).

use countersign_domain::{
    Actor, Command, CredentialId, CredentialKind, CredentialOwner, Duration, Email, Refusal, Slug,
    Timestamp,
};
use countersign_store::{Key, NewCredential, Slice};

use crate::{
    App, Failure, Secret,
    cases::{admin_by_email, agent_by_email, uuid},
    execute::Plan,
    orgs::org_by_slug,
};

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
}

/// A credential just made; the secret is shown once.
#[derive(Clone, Debug)]
pub struct Minted {
    /// The id.
    pub id: CredentialId,
    /// The secret.
    pub secret: Secret,
    /// Good until then.
    pub expires_at: Timestamp,
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
        self.mint(actor, owner, CredentialKind::ApiToken, span, "cst")
            .await
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
        let minted = self
            .mint(actor, owner, CredentialKind::LoginLink, span, "cso")
            .await?;
        let url = format!(
            "{}/sign-in/{}",
            self.settings.public_url,
            minted.secret.expose()
        );
        Ok((minted, url))
    }

    /// Revokes an API token or an unused sign-in link: it opens nothing from then on. Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn revoke_credential(&self, actor: Actor, id: CredentialId) -> Result<(), Failure> {
        let Actor::Operator { .. } = actor else {
            return Err(Refusal::OnlyOperators.into());
        };
        Ok(self.store.revoke_credential(id).await?)
    }

    async fn mint(
        &self,
        actor: Actor,
        owner: &OwnerRef,
        kind: CredentialKind,
        good_for: Duration,
        prefix: &str,
    ) -> Result<Minted, Failure> {
        let id = CredentialId::from_uuid(uuid(self));
        let secret = Secret::fresh(self.ports.as_ref(), prefix);
        let keys = match owner {
            OwnerRef::Admin { org, email } => vec![Key::AdminEmail(org.clone(), email.clone())],
            OwnerRef::Agent { email } => vec![Key::AgentEmail(email.clone())],
            OwnerRef::Operator => vec![],
        };
        let mut expires_at = Timestamp::from_millis(0);
        self.execute(actor, keys, |slice| {
            let owner = resolve(slice, owner)?;
            expires_at = slice.now.plus(good_for);
            Ok(Plan {
                command: Command::MintCredential {
                    credential: id,
                    owner,
                    kind,
                    expires_at,
                },
                creates: None,
                credential: Some(NewCredential {
                    id,
                    hash: secret.hash(),
                    owner,
                    kind,
                    expires_at,
                }),
            })
        })
        .await?;
        Ok(Minted {
            id,
            secret,
            expires_at,
        })
    }
}

fn resolve(slice: &Slice, owner: &OwnerRef) -> Result<CredentialOwner, Refusal> {
    match owner {
        OwnerRef::Operator => Ok(CredentialOwner::Operator),
        OwnerRef::Agent { email } => agent_by_email(&slice.state, email)
            .map(CredentialOwner::Agent)
            .ok_or(Refusal::PersonNotFound),
        OwnerRef::Admin { org, email } => org_by_slug(&slice.state, org)
            .ok()
            .and_then(|org| admin_by_email(&slice.state, org, email))
            .map(CredentialOwner::Admin)
            .ok_or(Refusal::PersonNotFound),
    }
}
