//! An org's own OpenID providers, and signing in by one (R3).

use countersign_domain::{
    Acceptance, Actor, Admin, AdminId, Command, CredentialId, Email, Issuer, IssuerId, MailDomain,
    NewIssuer, OpenIdSubject, Org, OrgId, Refusal, SealedSecret, Slug, State, WayIn, bound,
};
use countersign_store::{Key, Slice};

use crate::{
    App, Failure, app::caller, cases::uuid, digest, execute::Plan, orgs::org_by_slug,
    people::administered,
};

/// An OpenID provider of an org, for whoever may see it.
#[derive(Clone, Debug)]
pub struct IssuerRead {
    /// The org.
    pub org: Slug,
    /// Where it sends people back to.
    pub returns_to: Vec<String>,
    /// The provider.
    pub issuer: Issuer,
    /// Whether its word counts, as things are.
    pub acceptance: Acceptance,
    /// Whom it knows by something: they came in by it before. In the order of their addresses.
    pub bound: Vec<BoundRead>,
}

/// Somebody who came in by an OpenID provider before.
#[derive(Clone, Debug)]
pub struct BoundRead {
    /// What they come in with.
    pub credential: CredentialId,
    /// Who.
    pub admin: Admin,
}

/// By which org somebody would sign in.
#[derive(Clone, Debug)]
pub enum SignInBy {
    /// This one, which has at least one OpenID provider.
    Org(Box<Org>),
    /// More than one org speaks for the domain of their address: they have to say which.
    Several,
    /// None with an OpenID provider.
    None,
}

/// Somebody has signed in by an OpenID provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenIdSignIn {
    /// Who.
    pub admin: AdminId,
    /// What they come in with from now on.
    pub credential: CredentialId,
    /// Whether it claimed the org.
    pub claimed: bool,
}

impl App {
    /// The OpenID providers of an org, oldest first; for operators and the org's super admins.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn issuers(&self, actor: Actor, org: &Slug) -> Result<Vec<IssuerRead>, Failure> {
        let mut keys = keys(org);
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        let id = administered(&slice.state, org, actor)?;
        let org = slice.state.org(id).ok_or(Refusal::OrgNotFound)?;
        let all = org.issuers.iter();
        Ok(all
            .map(|issuer| self.issuer_read(&slice.state, org, issuer))
            .collect())
    }

    /// Takes the word of an OpenID provider from now on. By an operator, in a claimed org, it counts once a
    /// super admin accepts it.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn add_issuer(
        &self,
        actor: Actor,
        org: &Slug,
        said: NewIssuer,
        secret: Option<&str>,
    ) -> Result<IssuerRead, Failure> {
        let issuer = IssuerId::from_uuid(uuid(self));
        let sealed = self.seal(issuer, &said, secret)?;
        let plan = |slice: &Slice| {
            let org = administered(&slice.state, org, actor)?;
            let command = Command::AddIssuer {
                org,
                issuer,
                said: said.clone(),
                sealed: sealed.clone(),
            };
            Ok(command.into())
        };
        let added = |state: &State, _| self.issuer_found(state, org, issuer);
        self.make(actor, keys(org), plan, added).await
    }

    /// Shows to it who we are with another secret, or with none.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn set_issuer_secret(
        &self,
        actor: Actor,
        org: &Slug,
        issuer: IssuerId,
        secret: Option<&str>,
    ) -> Result<IssuerRead, Failure> {
        let mut known = self.issuers(actor, org).await?.into_iter();
        let known = known
            .find(|read| read.issuer.id == issuer)
            .ok_or(Refusal::IssuerNotFound)?;
        let sealed = self.seal(issuer, &known.issuer.said, secret)?;
        let plan = |slice: &Slice| {
            let org = administered(&slice.state, org, actor)?;
            let sealed = sealed.clone();
            Ok(Command::SetIssuerSecret {
                org,
                issuer,
                sealed,
            }
            .into())
        };
        let done = self.execute(actor, keys(org), plan).await?;
        self.issuer_found(&done.state, org, issuer)
    }

    /// Lets the word of one that an operator added count (R3). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn accept_issuer(
        &self,
        actor: Actor,
        org: &Slug,
        issuer: IssuerId,
    ) -> Result<IssuerRead, Failure> {
        let plan = |slice: &Slice| {
            let org = administered(&slice.state, org, actor)?;
            Ok(Command::AcceptIssuer { org, issuer }.into())
        };
        let done = self.execute(actor, keys(org), plan).await?;
        self.issuer_found(&done.state, org, issuer)
    }

    /// Takes its word no more; whoever came by it is signed out.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn remove_issuer(
        &self,
        actor: Actor,
        org: &Slug,
        issuer: IssuerId,
    ) -> Result<(), Failure> {
        let plan = |slice: &Slice| {
            let org = administered(&slice.state, org, actor)?;
            Ok(Command::RemoveIssuer { org, issuer }.into())
        };
        self.execute(actor, keys(org), plan).await.map(|_| ())
    }

    /// Takes back what an OpenID provider knows somebody by: they are signed out, and the next who comes by
    /// their address is taken for them again.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn unbind_openid(
        &self,
        actor: Actor,
        org: &Slug,
        credential: CredentialId,
    ) -> Result<(), Failure> {
        let mut keys = keys(org);
        keys.push(Key::Credential(credential));
        self.execute(actor, keys, |_| {
            Ok(Command::UnbindOpenId { credential }.into())
        })
        .await
        .map(|_| ())
    }

    /// By which org somebody with an address would sign in, or who names an org.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_in_by(&self, said: &str) -> Result<SignInBy, Failure> {
        let key = match (Email::parse(said), Slug::parse(said)) {
            (Ok(email), _) => MailDomain::of(&email).map(Key::MailDomain),
            (_, Ok(slug)) => Some(Key::Slug(slug)),
            _ => None,
        };
        let Some(key) = key else {
            return Ok(SignInBy::None);
        };
        let state = self.store.load(&[key]).await?.state;
        let mut orgs = state.orgs().filter(|org| !org.issuers.is_empty());
        Ok(match (orgs.next(), orgs.next()) {
            (Some(org), None) => SignInBy::Org(Box::new(org.clone())),
            (Some(_), Some(_)) => SignInBy::Several,
            (None, _) => SignInBy::None,
        })
    }

    /// An org with a provider of it, as they are now.
    ///
    /// # Errors
    /// `IssuerNotFound`, or the store does not answer.
    pub async fn org_with_issuer(
        &self,
        org: OrgId,
        issuer: IssuerId,
    ) -> Result<(Org, Issuer), Failure> {
        let state = self.store.load(&[Key::Org(org)]).await?.state;
        let org = state.org(org).ok_or(Refusal::IssuerNotFound)?;
        let issuer = org.issuer(issuer).ok_or(Refusal::IssuerNotFound)?;
        Ok((org.clone(), issuer.clone()))
    }

    /// The providers of an org, for whoever shows to be one of them.
    ///
    /// # Errors
    /// `OrgNotFound`, or the store does not answer.
    pub async fn issuers_of(&self, org: &Slug) -> Result<Vec<Issuer>, Failure> {
        let state = self.store.load(&[Key::Slug(org.clone())]).await?.state;
        let org = state
            .org(org_by_slug(&state, org)?)
            .ok_or(Refusal::OrgNotFound)?;
        Ok(org.issuers.clone())
    }

    /// What somebody comes in with whom a provider of the org knows so.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn openid_bound(
        &self,
        org: &Slug,
        subject: OpenIdSubject,
    ) -> Result<Option<CredentialId>, Failure> {
        let state = self.store.load(&keys(org)).await?.state;
        Ok(bound(&state, subject).map(|known| known.id))
    }

    /// The org and the provider that a credential came by; none where it came by none, or is no more.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn issuer_of(
        &self,
        credential: CredentialId,
    ) -> Result<Option<(Org, Issuer)>, Failure> {
        let state = self.store.load(&[Key::Credential(credential)]).await?.state;
        let known = state.credential(credential);
        let found = known.and_then(|known| {
            let org = state.org(known.org)?;
            Some((org.clone(), org.issuer(known.comes_by()?)?.clone()))
        });
        Ok(found)
    }

    /// The secret by which a provider knows us; none where it asks for none.
    ///
    /// # Errors
    /// `NothingToSealWith` when it cannot be read with this process's key.
    pub fn client_secret(&self, issuer: &Issuer) -> Result<Option<String>, Failure> {
        let Some(sealed) = &issuer.sealed else {
            return Ok(None);
        };
        let sealer = self.sealer.as_ref().ok_or(Refusal::NothingToSealWith)?;
        let opened = sealer.open(&about(issuer.id, &issuer.said), sealed);
        Ok(Some(opened.ok_or(Refusal::NothingToSealWith)?))
    }

    /// Lets somebody in who has shown to an OpenID provider of an org who they are.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn openid_sign_in(
        &self,
        org: &Slug,
        subject: OpenIdSubject,
        email: Option<&Email>,
    ) -> Result<OpenIdSignIn, Failure> {
        let state = self.store.load(&keys(org)).await?.state;
        let id = org_by_slug(&state, org)?;
        let (admin, credential) = match bound(&state, subject) {
            Some(known) => (known.owner.ok_or(Refusal::OpenIdUnknown)?, known.id),
            None => {
                let theirs = |admin: &&Admin| admin.org == id && Some(&admin.email) == email;
                let admin = state.admins().find(theirs);
                let admin = admin.ok_or(Refusal::OpenIdUnknown)?;
                (admin.id, CredentialId::from_uuid(uuid(self)))
            }
        };
        let actor = Actor::Admin {
            id: admin,
            via: Some(credential),
        };
        let plan = |_: &Slice| {
            let command = Command::SignInByIssuer {
                org: id,
                credential,
                subject,
                email: email.cloned(),
            };
            Ok(Plan::from(command))
        };
        let done = self.execute(actor, keys(org), plan).await?;
        let claim = done.state.org(id).and_then(|org| org.claim);
        Ok(OpenIdSignIn {
            admin,
            credential,
            claimed: !done.events.is_empty()
                && claim.is_some_and(|claim| claim.credential == credential),
        })
    }

    fn seal(
        &self,
        issuer: IssuerId,
        said: &NewIssuer,
        secret: Option<&str>,
    ) -> Result<Option<SealedSecret>, Failure> {
        let Some(secret) = secret else {
            return Ok(None);
        };
        let sealer = self.sealer.as_ref().ok_or(Refusal::NothingToSealWith)?;
        let sealed = sealer.seal(self.ports.random(), &about(issuer, said), secret);
        Ok(Some(sealed.ok_or(Refusal::NothingToSealWith)?))
    }
}

/// What a client secret is bound to: one moved to another provider in the database opens no more, so that nobody
/// has it sent to a server of theirs.
fn about(issuer: IssuerId, said: &NewIssuer) -> [u8; 32] {
    digest(&[
        b"openid client secret",
        issuer.to_string().as_bytes(),
        said.url.as_str().as_bytes(),
        said.client.as_str().as_bytes(),
    ])
}

fn keys(org: &Slug) -> Vec<Key> {
    vec![Key::Slug(org.clone()), Key::Keyholders(org.clone())]
}

/// Where the OpenID providers of an org send people back to who began at this address.
#[must_use]
pub fn openid_return(url: &str, org: &Slug) -> String {
    format!("{url}/sign-in/openid/{org}")
}

impl App {
    /// Where the OpenID providers of an org may send people back to: to be registered there. Whoever begins at an
    /// address of the org's own comes back to that one.
    #[must_use]
    pub fn openid_returns(&self, org: &Org) -> Vec<String> {
        let own = org.hosts.iter().map(|host| self.settings.url_at(host));
        std::iter::once(self.settings.public_url.clone())
            .chain(own)
            .map(|url| openid_return(&url, &org.slug))
            .collect()
    }

    fn issuer_found(
        &self,
        state: &State,
        slug: &Slug,
        issuer: IssuerId,
    ) -> Result<IssuerRead, Failure> {
        let org = state
            .org(org_by_slug(state, slug)?)
            .ok_or(Refusal::OrgNotFound)?;
        let issuer = org.issuer(issuer).ok_or(Refusal::IssuerNotFound)?;
        Ok(self.issuer_read(state, org, issuer))
    }

    fn issuer_read(&self, state: &State, org: &Org, issuer: &Issuer) -> IssuerRead {
        let theirs = state
            .credentials()
            .filter(|known| known.way == WayIn::OpenId && known.comes_by() == Some(issuer.id));
        let mut bound: Vec<BoundRead> = theirs
            .filter_map(|known| {
                let admin = state.admin(known.owner?)?.clone();
                let credential = known.id;
                Some(BoundRead { credential, admin })
            })
            .collect();
        bound.sort_by(|a, b| a.admin.email.cmp(&b.admin.email));
        IssuerRead {
            org: org.slug.clone(),
            returns_to: self.openid_returns(org),
            issuer: issuer.clone(),
            acceptance: issuer.standing.in_org(org.claim.is_some()),
            bound,
        }
    }
}
