//! Telling who is calling.

use std::sync::Arc;

use crate::{NoPasskeys, RelyingParty, StaffProvider, openid::Providers};
use countersign_app::{Address, App, Secret, hash_secret, org_of};
use countersign_domain::{
    Actor, CalledFrom, CredentialId, CredentialKind, CredentialOwner, OperatorVia, Person, State,
    Timestamp, WayIn, has_passed,
};
use countersign_store::{
    AtProvider, BrowserSessionLimits, Credential, Key, NewBrowserSession, Unavailable,
};

/// Why nobody could be told.
#[derive(Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// The token or cookie is none of ours, or is no longer good.
    Unknown,
    /// The store cannot be reached.
    Unavailable(String),
    /// The store was lost while somebody was being signed in: they may be.
    OutcomeUnknown(String),
}

impl From<Unavailable> for IdentityError {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error.0)
    }
}

/// Why a sign-in link does not sign anyone in.
#[derive(Debug, PartialEq, Eq)]
pub enum LinkError {
    /// It is none of ours, or none that signs anybody in by the address it was opened at.
    Unknown,
    /// It was used before.
    Used,
    /// It is too old.
    Expired,
    /// Its owner has been deactivated.
    Inactive,
    /// The store cannot be reached.
    Unavailable(String),
    /// The store was lost while it was being used: it may be used up.
    OutcomeUnknown(String),
}

impl From<Unavailable> for LinkError {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error.0)
    }
}

impl LinkError {
    /// The stable code, for whoever's link it is.
    fn code(&self) -> &'static str {
        match self {
            Self::Used => "link_used",
            Self::Expired => "link_expired",
            Self::Inactive => "caller_inactive",
            Self::Unknown | Self::Unavailable(_) | Self::OutcomeUnknown(_) => "link_unknown",
        }
    }
}

/// A link, and whether it signs its owner in.
struct KnownLink {
    person: Person,
    credential: CredentialId,
    owner: Result<LinkOwner, LinkError>,
}

/// Whom a good link would sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkOwner {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Good until then.
    pub expires_at: Timestamp,
}

/// A sign-in by link.
#[derive(Debug)]
pub struct LinkSignIn {
    /// The browser's new cookie.
    pub cookie: Secret,
    /// Whose it is.
    pub person: Person,
}

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub person: Person,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they signed in with; unknown for sign-ins from before that was written down.
    pub via: Option<CredentialId>,
    /// When they signed in.
    pub signed_in_at: Timestamp,
    /// How they are known at the OpenID provider that they came by.
    pub at: AtProvider,
    /// The token that forms of this browser session carry: no other site can know it.
    pub form_token: String,
}

impl SignedIn {
    /// As an actor.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self.person {
            Person::Admin(id) => Actor::Admin { id, via: self.via },
            Person::Agent(id) => Actor::Agent { id },
        }
    }
}

/// Whoever bears an API token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// As an actor.
    pub actor: Actor,
    /// Which token it is.
    pub credential: CredentialId,
}

/// Whether a secret is an API token by its looks.
#[must_use]
pub fn is_api_token(text: &str) -> bool {
    text.starts_with("cst_")
}

/// Tells who is calling.
#[derive(Clone, Debug)]
pub struct Identity {
    pub(crate) app: App,
    pub(crate) limits: BrowserSessionLimits,
    pub(crate) relying_party: Result<RelyingParty, NoPasskeys>,
    pub(crate) providers: Option<Providers>,
    pub(crate) staff: Arc<[StaffProvider]>,
    /// By which address people come.
    pub(crate) address: Address,
}

impl Identity {
    /// With the default limits of browser sessions: an hour idle, twelve hours in all.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self {
            relying_party: RelyingParty::of(&app.settings().public_url),
            address: app.address(),
            app,
            limits: BrowserSessionLimits::default(),
            providers: None,
            staff: Arc::default(),
        }
    }

    /// The same for a call from there.
    #[must_use]
    pub fn called_from(&self, client: Option<CalledFrom>) -> Self {
        Self {
            app: self.app.called_from(client),
            ..self.clone()
        }
    }

    /// The same for somebody who comes by this address. At an org's own, only that org's people are anybody,
    /// and passkeys are the deployment's as far as that address can use them.
    #[must_use]
    pub fn at(&self, address: &Address) -> Self {
        let own = self.relying_party.as_ref().map_err(|why| *why);
        Self {
            app: self.app.clone(),
            limits: self.limits,
            relying_party: own.and_then(|party| match address.org {
                None => Ok(party.clone()),
                Some(_) => party.used_at(&address.url),
            }),
            providers: self.providers.clone(),
            staff: Arc::clone(&self.staff),
            address: address.clone(),
        }
    }

    /// By which address people come.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The use cases.
    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// The caller behind a bearer token.
    ///
    /// # Errors
    /// `Unknown` for anything but a good API token.
    pub async fn bearer(&self, token: &str) -> Result<Bearer, IdentityError> {
        let credential = self
            .app
            .store()
            .credential(hash_secret(token))
            .await?
            .filter(|credential| {
                credential.kind == CredentialKind::ApiToken && credential.is_good()
            })
            .ok_or(IdentityError::Unknown)?;
        let actor = match credential.owner {
            CredentialOwner::Admin(id) => Actor::Admin {
                id,
                via: Some(credential.id),
            },
            CredentialOwner::Agent(id) => Actor::Agent { id },
            CredentialOwner::Operator => Actor::Operator {
                via: OperatorVia::Token { id: credential.id },
            },
            CredentialOwner::Provisioning(_) => return Err(IdentityError::Unknown),
        };
        // At another org's address it is one of nobody's, and nothing is said of it.
        let admitted = self.app.admits(&self.address, actor).await;
        if !admitted.map_err(|failure| IdentityError::Unavailable(failure.to_string()))? {
            return Err(IdentityError::Unknown);
        }
        Ok(Bearer {
            actor,
            credential: credential.id,
        })
    }

    /// The directory behind a SCIM token, which opens nothing else.
    ///
    /// # Errors
    /// `Unknown` for anything but a good SCIM token.
    pub async fn directory(&self, token: &str) -> Result<Bearer, IdentityError> {
        let found = self.app.store().credential(hash_secret(token)).await?;
        let good = found.filter(|one| one.kind == CredentialKind::ScimToken && one.is_good());
        let Some(Credential {
            id,
            owner: CredentialOwner::Provisioning(org),
            ..
        }) = good
        else {
            return Err(IdentityError::Unknown);
        };
        let actor = Actor::Provisioning { org, via: id };
        // As for any token, at another org's address.
        let admitted = self.app.admits(&self.address, actor).await;
        if !admitted.map_err(|failure| IdentityError::Unavailable(failure.to_string()))? {
            return Err(IdentityError::Unknown);
        }
        Ok(Bearer {
            actor,
            credential: id,
        })
    }

    /// The person behind a browser's cookie.
    ///
    /// # Errors
    /// `Unknown` when the session is over or its person may not act any more.
    pub async fn browser(&self, cookie: &str) -> Result<SignedIn, IdentityError> {
        let session = self
            .app
            .store()
            .browser_session(hash_secret(cookie), self.limits)
            .await?
            .ok_or(IdentityError::Unknown)?;
        let state = self.app.store().load(&[key(session.person)]).await?.state;
        let (name, email) = active(&state, session.person).ok_or(IdentityError::Unknown)?;
        if !self.address.admits(org_of(&state, session.person)) {
            return Err(IdentityError::Unknown);
        }
        Ok(SignedIn {
            person: session.person,
            name,
            email,
            via: session.credential,
            signed_in_at: session.started_at,
            at: session.at,
            form_token: App::hash_for_address(hash_secret(&format!("form:{cookie}"))),
        })
    }

    /// Whom a link would sign in; does not use it up, so that previews and prefetching cannot.
    ///
    /// # Errors
    /// Why it would sign nobody in.
    pub async fn look_at_link(&self, secret: &str) -> Result<LinkOwner, LinkError> {
        self.known_link(secret).await?.owner
    }

    /// A link of somebody who may come by this address, and whether it signs them in.
    async fn known_link(&self, secret: &str) -> Result<KnownLink, LinkError> {
        let (credential, person) = self.link(secret).await?;
        let state = self.app.store().load(&[key(person)]).await?.state;
        // Whoever comes by an org's own address learns nothing about the links of another.
        if !self.address.admits(org_of(&state, person)) {
            return Err(LinkError::Unknown);
        }
        let owner = if credential.spent_at.is_some() {
            Err(LinkError::Used)
        } else if has_passed(credential.expires_at, credential.now) {
            Err(LinkError::Expired)
        } else {
            let owner = active(&state, person).map(|(name, email)| LinkOwner {
                name,
                email,
                expires_at: credential.expires_at,
            });
            owner.ok_or(LinkError::Inactive)
        };
        Ok(KnownLink {
            person,
            credential: credential.id,
            owner,
        })
    }

    /// Uses a link up and signs the browser in with a fresh cookie; the session it had before, if
    /// any, ends.
    ///
    /// # Errors
    /// Why it signs nobody in.
    pub async fn sign_in(
        &self,
        secret: &str,
        before: Option<&str>,
    ) -> Result<LinkSignIn, LinkError> {
        let KnownLink {
            person,
            credential,
            owner,
        } = self.known_link(secret).await?;
        let came = (person, credential, WayIn::LoginLink);
        if let Err(error) = owner {
            self.turned_away(came, error.code()).await;
            return Err(error);
        }
        let cookie = Secret::fresh(self.app.ports().as_ref(), "csb");
        let won = self
            .app
            .store()
            .use_login_link(
                hash_secret(secret),
                NewBrowserSession {
                    cookie: cookie.hash(),
                    limits: self.limits,
                },
            )
            .await
            .map_err(|error| LinkError::OutcomeUnknown(error.0))?;
        if !won {
            self.turned_away(came, LinkError::Used.code()).await;
            return Err(LinkError::Used);
        }
        let written = self.came_in(came, &cookie, before).await;
        written.map_err(|failure| LinkError::OutcomeUnknown(failure.to_string()))?;
        Ok(LinkSignIn { cookie, person })
    }

    /// The link, whatever its state, and whose it is.
    async fn link(&self, secret: &str) -> Result<(Credential, Person), LinkError> {
        let credential = self
            .app
            .store()
            .credential(hash_secret(secret))
            .await?
            .filter(|credential| credential.kind == CredentialKind::LoginLink)
            .ok_or(LinkError::Unknown)?;
        let person = match credential.owner {
            CredentialOwner::Admin(id) => Person::Admin(id),
            CredentialOwner::Agent(id) => Person::Agent(id),
            CredentialOwner::Operator | CredentialOwner::Provisioning(_) => {
                return Err(LinkError::Unknown);
            }
        };
        Ok((credential, person))
    }
}

pub(crate) fn key(person: Person) -> Key {
    match person {
        Person::Admin(id) => Key::Admin(id),
        Person::Agent(id) => Key::Agent(id),
    }
}

pub(crate) fn active(state: &State, person: Person) -> Option<(String, String)> {
    match person {
        Person::Admin(id) => state
            .admin(id)
            .filter(|admin| admin.active)
            .map(|admin| (admin.name.to_string(), admin.email.to_string())),
        Person::Agent(id) => state
            .agent(id)
            .filter(|agent| agent.active)
            .map(|agent| (agent.name.to_string(), agent.email.to_string())),
    }
}
