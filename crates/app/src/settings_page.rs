//! What the settings page shows besides cases.

use countersign_domain::{
    Actor, Admin, CredentialOwner, Org, Refusal, State, Timestamp, caller_may_act,
};
use countersign_store::Credential;

use crate::{App, Failure, app::caller};

/// How many credentials the page shows.
const CREDENTIALS: usize = 50;

/// The caller's own org.
#[derive(Clone, Debug)]
pub struct OrgRead {
    /// The org.
    pub org: Org,
    /// The caller.
    pub caller: Admin,
    /// Credentials made for people of the org, newest first; for super admins.
    pub credentials: Vec<MintedCredential>,
    /// Store time of the read.
    pub now: Timestamp,
}

/// The caller's own org, and nothing else of it.
#[derive(Clone, Debug)]
pub struct OwnOrg {
    /// The org.
    pub org: Org,
    /// The caller.
    pub caller: Admin,
    /// Store time of the read.
    pub now: Timestamp,
}

/// A credential made for someone of the org (R3).
#[derive(Clone, Debug)]
pub struct MintedCredential {
    /// The credential.
    pub credential: Credential,
    /// Its owner.
    pub owner: Option<Admin>,
}

impl App {
    /// The caller's own org without its credentials, for customer users.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn own_org_alone(&self, actor: Actor) -> Result<OwnOrg, Failure> {
        let Actor::Admin { id, .. } = actor else {
            return Err(Refusal::OrgNotFound.into());
        };
        let slice = self.store.load(&caller(actor)).await?;
        caller_may_act(&slice.state, &actor)?;
        let caller = slice.state.admin(id).ok_or(Refusal::OrgNotFound)?.clone();
        let org = slice
            .state
            .org(caller.org)
            .ok_or(Refusal::OrgNotFound)?
            .clone();
        self.settled(&slice).await?;
        let now = slice.now;
        Ok(OwnOrg { org, caller, now })
    }

    /// The caller's own org, for customer users.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn own_org(&self, actor: Actor) -> Result<OrgRead, Failure> {
        let OwnOrg { org, caller, now } = self.own_org_alone(actor).await?;
        let credentials = if caller.is_super() {
            let people = self.store.directory(Some(org.id)).await?.state;
            let credentials = self.store.credentials_of(org.id, CREDENTIALS).await?;
            credentials
                .into_iter()
                .map(|credential| MintedCredential {
                    owner: owner(&people, &credential),
                    credential,
                })
                .collect()
        } else {
            vec![]
        };
        Ok(OrgRead {
            org,
            caller,
            credentials,
            now,
        })
    }
}

fn owner(people: &State, credential: &Credential) -> Option<Admin> {
    match credential.owner {
        CredentialOwner::Admin(id) => people.admin(id).cloned(),
        CredentialOwner::Agent(_)
        | CredentialOwner::Operator
        | CredentialOwner::Provisioning(_) => None,
    }
}
