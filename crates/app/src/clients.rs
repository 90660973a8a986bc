//! Service clients: programs of an org that come by keys of their own. Each change is an entry on the org's log.

use countersign_domain::{
    Acceptance, Actor, Admin, Awaiting, Client, ClientId, ClientName, Command, NewClient,
    NewClientKey, OrgId, Refusal, Scopes, Slug, State, Thumbprint,
};
use countersign_store::{Key, Slice};

use crate::{
    App, Failure, app::caller, cases::uuid, execute::Plan, orgs::org_by_slug, people::administered,
};

/// A service client about to be made. Its keys were read at the border.
#[derive(Clone, Debug)]
pub struct MakeClient {
    /// What it is to be called.
    pub name: ClientName,
    /// What it may ask for.
    pub scopes: Scopes,
    /// Whether its access tokens are bound to a key.
    pub dpop: bool,
    /// Its keys.
    pub keys: Vec<NewClientKey>,
}

/// A service client and what is said beside it.
#[derive(Clone, Debug)]
pub struct ClientRead {
    /// The client.
    pub client: Client,
    /// The short name of its org.
    pub org: Slug,
    /// How it stands in its org (R3).
    pub acceptance: Acceptance,
    /// The admin who made it; none when an operator did.
    pub made_by: Option<Admin>,
}

/// What is to be done with a service client.
#[derive(Clone, Debug)]
pub enum ClientChange {
    /// Give it another key.
    AddKey(NewClientKey),
    /// Take a key from it: the access tokens that it was shown for end with it.
    RemoveKey(Thumbprint),
    /// Remove it for good: its access tokens end at once.
    Remove,
    /// Let it count (R3).
    Accept,
    /// Refuse it for good (R3).
    Refuse,
}

impl App {
    /// The service clients of an org, oldest first, for operators and the org's super admins.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn clients(&self, actor: Actor, org: &Slug) -> Result<Vec<ClientRead>, Failure> {
        let mut keys = caller(actor);
        keys.push(Key::Slug(org.clone()));
        let slice = self.store.load(&keys).await?;
        let id = administered(&slice.state, org, actor)?;
        let makers = self.makers(&slice.state, id).await?;
        let org = slice.state.org(id).ok_or(Refusal::OrgNotFound)?;
        let present = org.clients.values().filter(|client| client.is_good());
        Ok(present
            .filter_map(|client| read(&slice.state, &makers, id, client.id))
            .collect())
    }

    /// Makes a service client.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn make_client(
        &self,
        actor: Actor,
        org: &Slug,
        new: MakeClient,
    ) -> Result<ClientRead, Failure> {
        let client = ClientId::from_uuid(uuid(self));
        let plan = |slice: &Slice| {
            let org = administered(&slice.state, org, actor)?;
            let MakeClient {
                name,
                scopes,
                dpop,
                keys,
            } = new.clone();
            Ok(Plan::from(Command::CreateClient(NewClient {
                id: client,
                org,
                name,
                scopes,
                dpop,
                keys,
            })))
        };
        let done = self
            .execute(actor, vec![Key::Slug(org.clone())], plan)
            .await?;
        self.client_in(&done.state, org, client).await
    }

    /// Changes a service client. Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn change_client(
        &self,
        actor: Actor,
        org: &Slug,
        client: ClientId,
        change: &ClientChange,
    ) -> Result<ClientRead, Failure> {
        let plan = |slice: &Slice| {
            let org = administered(&slice.state, org, actor)?;
            Ok(Plan::from(match change {
                ClientChange::AddKey(key) => Command::AddClientKey {
                    org,
                    client,
                    key: key.clone(),
                },
                ClientChange::RemoveKey(key) => Command::RemoveClientKey {
                    org,
                    client,
                    key: key.clone(),
                },
                ClientChange::Remove => Command::RemoveClient { org, client },
                ClientChange::Accept => Command::Accept {
                    what: Awaiting::Client(org, client),
                },
                ClientChange::Refuse => Command::Refuse {
                    what: Awaiting::Client(org, client),
                },
            }))
        };
        let done = self
            .execute(actor, vec![Key::Slug(org.clone())], plan)
            .await?;
        self.client_in(&done.state, org, client).await
    }

    async fn client_in(
        &self,
        state: &State,
        org: &Slug,
        client: ClientId,
    ) -> Result<ClientRead, Failure> {
        let org = org_by_slug(state, org)?;
        let makers = self.makers(state, org).await?;
        let read = read(state, &makers, org, client);
        Ok(read.ok_or(Refusal::ClientNotFound)?)
    }

    /// The admins who made the service clients of an org.
    async fn makers(&self, state: &State, org: OrgId) -> Result<State, Failure> {
        let clients = state.org(org).map(|org| &org.clients);
        let makers = clients
            .into_iter()
            .flat_map(|clients| clients.values())
            .filter_map(|client| client.made_by.map(Key::Admin));
        Ok(self.store.load(&makers.collect::<Vec<_>>()).await?.state)
    }
}

fn read(state: &State, makers: &State, org: OrgId, client: ClientId) -> Option<ClientRead> {
    let client = state.client(org, client)?.clone();
    let org = state.org(org)?;
    Some(ClientRead {
        acceptance: client.standing.in_org(org.claim.is_some()),
        org: org.slug.clone(),
        made_by: client.made_by.and_then(|id| makers.admin(id)).cloned(),
        client,
    })
}
