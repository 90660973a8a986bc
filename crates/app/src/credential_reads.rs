//! Reading which credentials there are (R3).

use countersign_domain::{
    Acceptance, Actor, Admin, Agent, CredentialId, CredentialOwner, Email, Org, Refusal, Slug,
    State, caller_may_act,
};
use countersign_store::{Credential, CredentialQuery, CredentialsOf, Key};

use crate::{
    AdminRead, App, Failure,
    app::caller,
    cases::agent_by_email,
    people::{administered, for_operators},
};

/// Whom a credential lets in, by name.
#[derive(Clone, Debug)]
pub enum Owner {
    /// A customer user.
    Admin(AdminRead),
    /// An agent.
    Agent(Agent),
    /// An operator.
    Operator,
    /// The directory of an org.
    OrgDirectory(Org),
    /// The vendor's own directory.
    VendorDirectory,
}

impl Owner {
    /// The owner as the state knows them.
    pub(crate) fn of(state: &State, owner: CredentialOwner) -> Option<Self> {
        Some(match owner {
            CredentialOwner::Operator => Self::Operator,
            CredentialOwner::Provisioning(None) => Self::VendorDirectory,
            CredentialOwner::Provisioning(Some(org)) => Self::OrgDirectory(state.org(org)?.clone()),
            CredentialOwner::Agent(id) => Self::Agent(state.agent(id)?.clone()),
            CredentialOwner::Admin(id) => {
                let admin = state.admin(id)?.clone();
                Self::Admin(AdminRead::of(state.org(admin.org)?, admin))
            }
        })
    }
}

/// A credential and its owner.
#[derive(Clone, Debug)]
pub struct CredentialRead {
    /// The credential.
    pub credential: Credential,
    /// Whom it lets in.
    pub owner: Owner,
}

impl CredentialRead {
    /// How it stands in its owner's org; none where it is no customer's (R3).
    #[must_use]
    pub fn acceptance(&self) -> Option<Acceptance> {
        match &self.owner {
            Owner::Admin(read) => Some(self.credential.standing.in_org(read.claimed)),
            Owner::OrgDirectory(org) => Some(self.credential.standing.in_org(org.claim.is_some())),
            Owner::Agent(_) | Owner::Operator | Owner::VendorDirectory => None,
        }
    }
}

/// Whose credentials are asked for.
#[derive(Clone, Debug)]
pub enum CredentialFilter {
    /// All that the caller sees.
    All,
    /// Those of an org's people.
    Org(Slug),
    /// Those of an agent.
    Agent(Email),
    /// Those of an org's directory.
    Directory(Slug),
}

/// A page of credentials.
#[derive(Clone, Debug)]
pub struct CredentialList {
    /// The credentials, newest first.
    pub credentials: Vec<CredentialRead>,
    /// Continue after this one; none at the end.
    pub next: Option<CredentialId>,
}

impl App {
    /// The credentials that the caller may see: operators all, super admins those of their org's
    /// people, everyone their own.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn credentials(
        &self,
        actor: Actor,
        filter: &CredentialFilter,
        after: Option<CredentialId>,
        limit: usize,
    ) -> Result<CredentialList, Failure> {
        let mut keys: Vec<_> = caller(actor).into_iter().collect();
        match filter {
            CredentialFilter::All => {}
            CredentialFilter::Org(slug) | CredentialFilter::Directory(slug) => {
                keys.push(Key::Slug(slug.clone()));
            }
            CredentialFilter::Agent(email) => keys.push(Key::AgentEmail(email.clone())),
        }
        let state = self.store.load(&keys).await?.state;
        caller_may_act(&state, &actor)?;
        let query = CredentialQuery {
            of: asked_for(&state, filter, actor)?,
            after,
            limit,
        };
        let page = self.store.credentials(query).await?;
        let next = page.credentials.last().filter(|_| page.more);
        let next = next.map(|credential| credential.id);
        let read = |credential: Credential| {
            let owner = Owner::of(&page.state, credential.owner)?;
            Some(CredentialRead { credential, owner })
        };
        Ok(CredentialList {
            credentials: page.credentials.into_iter().filter_map(read).collect(),
            next,
        })
    }
}

fn asked_for(
    state: &State,
    filter: &CredentialFilter,
    actor: Actor,
) -> Result<CredentialsOf, Refusal> {
    let own = match actor {
        Actor::Operator { .. } => None,
        Actor::Admin { id, .. } => Some(CredentialOwner::Admin(id)),
        Actor::Agent { id } => Some(CredentialOwner::Agent(id)),
        Actor::Client { .. } => return Err(Refusal::ClientsNotHere),
        Actor::Provisioning { .. } => return Err(Refusal::OnlyOperators),
        Actor::Impersonation { .. } => return Err(Refusal::ImpersonationCannotAct),
    };
    match filter {
        CredentialFilter::Org(slug) => administered(state, slug, actor).map(CredentialsOf::Org),
        CredentialFilter::Directory(slug) => administered(state, slug, actor)
            .map(|org| CredentialsOf::Owner(CredentialOwner::Provisioning(Some(org)))),
        CredentialFilter::Agent(email) => {
            let agent = agent_by_email(state, email).map(CredentialOwner::Agent);
            if own.is_none() || own != agent {
                for_operators(actor)?;
            }
            agent
                .map(CredentialsOf::Owner)
                .ok_or(Refusal::PersonNotFound)
        }
        CredentialFilter::All => Ok(match actor {
            Actor::Admin { id, .. } if state.admin(id).is_some_and(Admin::is_super) => state
                .admin(id)
                .map(|admin| CredentialsOf::Org(admin.org))
                .ok_or(Refusal::CallerInactive)?,
            _ => own.map_or(CredentialsOf::All, CredentialsOf::Owner),
        }),
    }
}
