//! Whose word counts in an org: the claim, passkeys, and what waits to be accepted (R3).

use countersign_domain::{
    Actor, Admin, AdminId, Awaiting, Client, Command, CredentialId, CredentialOwner, Email, Issuer,
    Org, PasskeyName, Person, Proposal, Refusal, Role, Slug, Standing, State, Timestamp,
    caller_may_act, counts, decide,
};
use countersign_node::Effective;
use countersign_store::{Credential, Key, NewPasskey, Passkey, Slice};

use crate::{
    App, Failure,
    app::caller,
    cases::{admin_by_email, uuid},
    execute::recorded,
    orgs::org_by_slug,
};

/// How many credentials that wait are shown at once; when these are decided, the rest appear.
const MOST: usize = 200;

/// Something that waits for a super admin, by name.
#[derive(Clone, Debug)]
pub enum AwaitingRef {
    /// A credential.
    Credential(CredentialId),
    /// A customer user of an org.
    Admin(Slug, Email),
    /// A role that an operator would give to one.
    Role(Slug, Email, Role),
}

/// What was decided about something that waited.
#[derive(Clone, Debug)]
pub struct Decided {
    /// How it stands now; of a role, how the person stands.
    pub standing: Standing,
    /// Whoever decided, now or before.
    pub by: Option<Admin>,
    /// The person it is or belongs to.
    pub person: Option<Admin>,
    /// How it became effective everywhere, if access ended with it.
    pub effective: Option<Effective>,
}

/// A passkey as a browser has just made it.
#[derive(Clone, Debug)]
pub struct MadePasskey {
    /// The id by which authenticators name it.
    pub handle: Vec<u8>,
    /// The public key, as whoever verifies signatures writes it.
    pub key: String,
    /// What its owner calls it.
    pub name: PasskeyName,
}

/// Whose word counts in the caller's org, as the caller may know it.
#[derive(Clone, Debug)]
pub struct ClaimRead {
    /// The org, with its claim.
    pub org: Org,
    /// The caller.
    pub caller: Admin,
    /// Why what the caller does gives nothing; none when it counts.
    pub unaccepted: Option<Refusal>,
    /// The caller's own passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
    /// Every passkey in the org, oldest first; for super admins.
    pub all_passkeys: Vec<Passkey>,
    /// Whoever claimed the org, for everybody in it.
    pub claimant: Option<Admin>,
    /// The customer users of the org, for super admins.
    pub people: Vec<Admin>,
    /// What waits to be accepted, people first; for super admins of a claimed org.
    pub waiting: Vec<Waiting>,
    /// Store time of the read.
    pub now: Timestamp,
}

/// Something that waits for a super admin.
#[derive(Clone, Debug)]
pub enum Waiting {
    /// A customer user whom an operator made, or let act again.
    Admin(Admin),
    /// A role that an operator would give.
    Role(Admin, Proposal),
    /// A token or link that still opens something, or that somebody is signed in by.
    Credential(Credential),
    /// A passkey.
    Passkey(Passkey),
    /// An OpenID provider of the org.
    Issuer(Issuer),
    /// A service client of the org.
    Client(Client),
}

impl ClaimRead {
    /// Whoever claimed the org.
    #[must_use]
    pub fn claimed_by(&self) -> Option<&Admin> {
        self.claimant.as_ref()
    }

    /// A customer user of the org, as far as the caller may know.
    #[must_use]
    pub fn person(&self, id: AdminId) -> Option<&Admin> {
        if id == self.caller.id {
            return Some(&self.caller);
        }
        self.people.iter().find(|admin| admin.id == id)
    }
}

impl App {
    /// Whose word counts in the caller's org, for customer users.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn claim_read(&self, actor: Actor) -> Result<ClaimRead, Failure> {
        let (slice, caller) = self.customer(actor).await?;
        let org = slice
            .state
            .org(caller.org)
            .ok_or(Refusal::OrgNotFound)?
            .clone();
        let passkeys = self.store.passkeys_of(Person::Admin(caller.id)).await?;
        let unaccepted = counts(&slice.state, &actor).err();
        let (people, all_passkeys, waiting) = if caller.is_super() {
            let directory = self.store.directory(Some(org.id)).await?.state;
            let all = self.store.passkeys_in(org.id).await?;
            let waiting = self.waiting(&org, &directory, &all).await?;
            (directory.admins().cloned().collect(), all, waiting)
        } else {
            (vec![], vec![], vec![])
        };
        let claimant = match org.claim {
            Some(claim) => {
                let slice = self.store.load(&[Key::Admin(claim.by)]).await?;
                slice.state.admin(claim.by).cloned()
            }
            None => None,
        };
        Ok(ClaimRead {
            org,
            claimant,
            caller,
            unaccepted,
            passkeys,
            all_passkeys,
            people,
            waiting,
            now: slice.now,
        })
    }

    async fn waiting(
        &self,
        org: &Org,
        people: &State,
        passkeys: &[Passkey],
    ) -> Result<Vec<Waiting>, Failure> {
        if org.claim.is_none() {
            return Ok(vec![]);
        }
        let admins = || people.admins().filter(|admin| admin.org == org.id);
        let mut waiting: Vec<Waiting> = admins()
            .filter(|admin| admin.active && admin.standing.awaits())
            .cloned()
            .map(Waiting::Admin)
            .collect();
        waiting.extend(admins().filter(|admin| admin.active).filter_map(|admin| {
            let proposal = admin.proposed?;
            Some(Waiting::Role(admin.clone(), proposal))
        }));
        let issuers = org.issuers.iter().filter(|one| one.standing.awaits());
        waiting.extend(issuers.cloned().map(Waiting::Issuer));
        let clients = org.clients.values();
        let clients = clients.filter(|one| one.is_good() && one.standing.awaits());
        waiting.extend(clients.cloned().map(Waiting::Client));
        let active = |id| people.admin_is_active_in(id, org.id);
        waiting.extend(
            passkeys
                .iter()
                .filter(|key| key.standing.awaits())
                .filter(|key| matches!(key.person, Person::Admin(id) if active(id)))
                .cloned()
                .map(Waiting::Passkey),
        );
        let credentials = self.store.waiting_credentials(org.id, MOST).await?;
        waiting.extend(
            credentials
                .into_iter()
                .filter(|one| match one.owner {
                    CredentialOwner::Admin(id) => active(id),
                    owner => owner == CredentialOwner::Provisioning(Some(org.id)),
                })
                .map(Waiting::Credential),
        );
        Ok(waiting)
    }

    /// Lets something that an operator made count. Idempotent; for super admins of a claimed org.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn accept(&self, actor: Actor, what: &AwaitingRef) -> Result<Decided, Failure> {
        self.on_waiting(actor, what, |what| Command::Accept { what })
            .await
    }

    /// Refuses it for good: a credential opens nothing any more and whoever came by it is signed
    /// out, a person is deactivated. Idempotent; for super admins of a claimed org.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn refuse(&self, actor: Actor, what: &AwaitingRef) -> Result<Decided, Failure> {
        self.on_waiting(actor, what, |what| Command::Refuse { what })
            .await
    }

    async fn on_waiting(
        &self,
        actor: Actor,
        what: &AwaitingRef,
        command: impl Fn(Awaiting) -> Command + Send + Sync,
    ) -> Result<Decided, Failure> {
        let done = self
            .execute(actor, keys(what), |slice| {
                Ok(command(named(&slice.state, what)?).into())
            })
            .await?;
        let (standing, owner) = match named(&done.state, what)? {
            Awaiting::Credential(id) => {
                let known = done
                    .state
                    .credential(id)
                    .ok_or(Refusal::CredentialNotFound)?;
                (known.standing, known.owner)
            }
            // Those have a use case of their own.
            Awaiting::Client(..) => return Err(Refusal::ClientNotFound.into()),
            Awaiting::Admin(id) | Awaiting::Role(id, _) => {
                let known = done.state.admin(id).ok_or(Refusal::PersonNotFound)?;
                (known.standing, Some(id))
            }
        };
        // Whoever decided earlier may not be in the slice of this command.
        let by = match standing {
            Standing::Accepted { by, .. } | Standing::Refused { by, .. } => {
                let slice = self.store.load(&[Key::Admin(by)]).await.map_err(recorded)?;
                slice.state.admin(by).cloned()
            }
            Standing::Own | Standing::Unaccepted => None,
        };
        Ok(Decided {
            standing,
            by,
            person: owner.and_then(|owner| done.state.admin(owner)).cloned(),
            effective: done.effective,
        })
    }

    /// Whether the caller could add a passkey now: asked before a device makes one.
    ///
    /// # Errors
    /// Why not, or the store does not answer.
    pub async fn may_register_passkey(
        &self,
        actor: Actor,
        signed_in_at: Timestamp,
    ) -> Result<(), Failure> {
        let (slice, admin) = self.customer(actor).await?;
        let mut keys = keyholders(&slice.state, &admin)?;
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        let command = Command::RegisterPasskey {
            credential: CredentialId::from_uuid(uuid(self)),
            name: PasskeyName::parse("passkey").map_err(|error| Refusal::Text {
                field: "name",
                error,
            })?,
            signed_in_at,
        };
        decide(&slice.state, &command, &actor, slice.now)?;
        Ok(())
    }

    /// Adds a passkey to the caller's account; `signed_in_at` is when they signed in.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn register_passkey(
        &self,
        actor: Actor,
        made: MadePasskey,
        signed_in_at: Timestamp,
    ) -> Result<CredentialId, Failure> {
        let id = CredentialId::from_uuid(uuid(self));
        let (slice, caller) = self.customer(actor).await?;
        let new = NewPasskey {
            id,
            handle: made.handle,
            person: Person::Admin(caller.id),
            name: made.name,
            key: made.key,
        };
        let keys = keyholders(&slice.state, &caller)?;
        let command = || Command::RegisterPasskey {
            credential: id,
            name: new.name.clone(),
            signed_in_at,
        };
        self.execute_with(actor, keys, &new, |_| Ok(command().into()))
            .await?;
        Ok(id)
    }

    /// Takes a passkey away, and signs out whoever came by it.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn remove_passkey(
        &self,
        actor: Actor,
        credential: CredentialId,
    ) -> Result<(), Failure> {
        let (slice, caller) = self.customer(actor).await?;
        let mut keys = keyholders(&slice.state, &caller)?;
        keys.push(Key::Credential(credential));
        self.execute(actor, keys, |_| {
            Ok(Command::RemovePasskey { credential }.into())
        })
        .await
        .map(|_| ())
    }

    /// What a sign-in by passkey brings about: the first by a super admin claims the org. Whether it
    /// did.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn passkey_sign_in(&self, actor: Actor) -> Result<bool, Failure> {
        let done = self
            .execute(actor, vec![], |_| Ok(Command::SignIn.into()))
            .await?;
        Ok(!done.events.is_empty())
    }

    /// The caller as a customer user, with the slice they were read from.
    async fn customer(&self, actor: Actor) -> Result<(Slice, Admin), Failure> {
        let slice = self.store.load(&caller(actor)).await?;
        caller_may_act(&slice.state, &actor)?;
        let Actor::Admin { id, .. } = actor else {
            return Err(Refusal::OrgNotFound.into());
        };
        let admin = slice.state.admin(id).ok_or(Refusal::OrgNotFound)?.clone();
        Ok((slice, admin))
    }
}

/// What is decided about, and, for a person, the sessions on their behalf: refusing ends them.
fn keys(what: &AwaitingRef) -> Vec<Key> {
    match what {
        AwaitingRef::Credential(id) => vec![Key::Credential(*id)],
        AwaitingRef::Admin(org, email) | AwaitingRef::Role(org, email, _) => vec![
            Key::AdminEmail(org.clone(), email.clone()),
            Key::SubjectSessions(org.clone(), email.clone()),
        ],
    }
}

fn named(state: &State, what: &AwaitingRef) -> Result<Awaiting, Refusal> {
    let admin = |org, email| {
        let org = org_by_slug(state, org).map_err(|_| Refusal::PersonNotFound)?;
        admin_by_email(state, org, email).ok_or(Refusal::PersonNotFound)
    };
    Ok(match what {
        AwaitingRef::Credential(id) => Awaiting::Credential(*id),
        AwaitingRef::Admin(org, email) => Awaiting::Admin(admin(org, email)?),
        AwaitingRef::Role(org, email, role) => Awaiting::Role(admin(org, email)?, *role),
    })
}

/// Whoever can act for the org: of those one must remain.
fn keyholders(state: &State, admin: &Admin) -> Result<Vec<Key>, Refusal> {
    let org = state.org(admin.org).ok_or(Refusal::OrgNotFound)?;
    Ok(vec![Key::Keyholders(org.slug.clone())])
}
