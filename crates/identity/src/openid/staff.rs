//! The vendor's staff sign in by the vendor's own OpenID providers, which the deployment's configuration sets.
//!
//! What comes of it is an agent or an operator, and never a customer user: nobody here asks which admins there
//! are (R3).

use std::{collections::BTreeSet, fmt};

use countersign_app::{Failure, KnownOperator, Secret, hash_secret};
use countersign_domain::{
    AgentId, Duration, Email, IssuerUrl, MailDomain, OpenIdClient, PersonName, Refusal, SecretHash,
    Slug, StaffRoles, StaffRules, Timestamp, shown_lately,
};
use countersign_store::{AtProvider, CeremonyKind, NewBrowserSession, NewCeremony};
use serde::{Deserialize, Serialize};

use super::{
    exchange::{Client, Nonces, kept, person},
    fetch::NoAnswer,
    sign_in::{Came, GOOD_FOR, OpenIdError},
    token::{IdToken, LEEWAY, Person},
};
use crate::{Identity, operators};

/// A provider of the vendor's.
#[derive(Clone)]
pub struct StaffProvider {
    /// What its addresses here are called by.
    pub id: Slug,
    /// What people call it.
    pub name: String,
    /// The provider.
    pub issuer: IssuerUrl,
    /// What it knows us by.
    pub client: OpenIdClient,
    /// And by which secret, if by one.
    pub secret: Option<String>,
    /// What is asked for beside `openid email profile`.
    pub scopes: Vec<String>,
    /// The claim that says what somebody is.
    pub claim: String,
    /// What of it makes an agent or an operator, and how they have to show who they are.
    pub rules: StaffRules,
    /// The domains whose addresses it may vouch for.
    pub domains: BTreeSet<MailDomain>,
    /// Whether somebody whom it calls an agent is made one, who is none yet.
    pub creates_agents: bool,
}

impl fmt::Debug for StaffProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffProvider")
            .field("id", &self.id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// What somebody wants who sets out to a provider of the vendor's.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffAsk {
    /// To be an operator, where they may be both.
    pub as_operator: bool,
    /// To show anew who they are.
    pub anew: bool,
}

/// A way to a provider of the vendor's, to show anew who one is.
#[derive(Clone, Debug)]
pub struct WayAnew {
    /// The provider.
    pub issuer: IssuerUrl,
    /// Where to go; the reason when it does not answer.
    pub to: Result<String, NoAnswer>,
}

/// One of the staff, signed in.
#[derive(Debug)]
pub struct StaffSignedIn {
    /// What they are.
    pub who: Staff,
    /// The cookie of their browser.
    pub cookie: Secret,
}

/// What one of the staff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Staff {
    /// An agent.
    Agent(AgentId),
    /// An operator.
    Operator,
}

/// What is remembered of a sign-in under way.
#[derive(Serialize, Deserialize)]
struct Asked {
    provider: Slug,
    nonce: String,
    verifier: String,
    as_operator: bool,
    within: Option<Duration>,
}

impl StaffProvider {
    /// Where it sends people back to, at this address of ours.
    #[must_use]
    pub fn returns_to(&self, url: &str) -> String {
        format!("{url}/sign-in/staff/{}", self.id)
    }

    /// What is kept of which provider it is.
    pub(super) fn hash(&self) -> SecretHash {
        hash_secret(&format!("staff-provider:{}", self.issuer))
    }

    /// What is kept of who somebody is to it.
    pub(super) fn subject(&self, sub: &str) -> SecretHash {
        hash_secret(&format!("staff-subject:{}:{sub}", self.issuer))
    }

    /// What is kept of their session there.
    pub(super) fn session(&self, sid: &str) -> SecretHash {
        hash_secret(&format!("staff-session:{}:{sid}", self.issuer))
    }

    fn client<'a>(&'a self, returns_to: &'a str) -> Client<'a> {
        Client {
            issuer: self.issuer.as_str(),
            id: self.client.as_str(),
            returns_to,
        }
    }

    /// The address that it vouches for, in a domain that it may vouch for.
    fn email(&self, person: &Person) -> Option<Email> {
        let email = Email::parse(person.verified_email()?).ok()?;
        let domain = MailDomain::of(&email)?;
        self.domains.contains(&domain).then_some(email)
    }

    /// How somebody is called who is made an agent: by their address, where it does not say.
    fn name(person: &Person, email: Option<&Email>) -> Option<PersonName> {
        let said = person.name.as_deref();
        said.and_then(|name| PersonName::parse(name).ok())
            .or_else(|| PersonName::parse(email?.as_str()).ok())
    }
}

impl Identity {
    /// The same, with the vendor's own providers.
    #[must_use]
    pub fn with_staff(self, staff: Vec<StaffProvider>) -> Self {
        Self {
            staff: staff.into(),
            ..self
        }
    }

    /// The vendor's own providers; none where nobody of its staff is anybody.
    #[must_use]
    pub fn staff_providers(&self) -> &[StaffProvider] {
        if self.address.admits(None) {
            &self.staff
        } else {
            &[]
        }
    }

    pub(super) fn staff_provider(&self, id: &Slug) -> Result<&StaffProvider, OpenIdError> {
        let mut all = self.staff_providers().iter();
        let found = all.find(|provider| provider.id == *id);
        found.ok_or_else(|| Failure::from(Refusal::IssuerNotFound).into())
    }

    /// Begins a sign-in by a provider of the vendor's: where it is, and the secret that binds what comes back to
    /// this browser.
    ///
    /// # Errors
    /// There is none by that name, or it does not answer.
    pub async fn begin_staff(
        &self,
        id: &Slug,
        ask: StaffAsk,
    ) -> Result<(String, Secret), OpenIdError> {
        let secret = Secret::fresh(self.app.ports().as_ref(), "csi");
        let provider = self.staff_provider(id)?;
        let to = self.way_to_staff(provider, ask, &secret).await?;
        Ok((to, secret))
    }

    /// Begins a sign-in anew by whichever provider of the vendor's somebody then chooses.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn staff_ways_anew(&self) -> Result<(Vec<WayAnew>, Secret), OpenIdError> {
        let secret = Secret::fresh(self.app.ports().as_ref(), "csi");
        let ask = StaffAsk {
            as_operator: false,
            anew: true,
        };
        let mut ways = vec![];
        for provider in self.staff_providers() {
            let to = match self.way_to_staff(provider, ask, &secret).await {
                Ok(to) => Ok(to),
                Err(OpenIdError::NoAnswer(why)) => Err(why),
                Err(error) => return Err(error),
            };
            let issuer = provider.issuer.clone();
            ways.push(WayAnew { issuer, to });
        }
        Ok((ways, secret))
    }

    async fn way_to_staff(
        &self,
        provider: &StaffProvider,
        ask: StaffAsk,
        secret: &Secret,
    ) -> Result<String, OpenIdError> {
        let known = self.providers()?.known(provider.issuer.as_str()).await?;
        let nonces = Nonces::fresh(self.app.ports().as_ref());
        let returns_to = provider.returns_to(&self.address.url);
        let scopes = provider.scopes.iter().map(String::as_str);
        let scope: Vec<&str> = ["openid", "email", "profile"]
            .into_iter()
            .chain(scopes)
            .collect();
        let client = provider.client(&returns_to);
        let mut to = client.way(&known.metadata, &nonces, &scope.join(" "));
        let within = self.app.settings().fresh_sign_in.filter(|_| ask.anew);
        if let Some(within) = within {
            let seconds = within.as_millis() / 1_000;
            to.query_pairs_mut()
                .append_pair("max_age", &seconds.to_string());
        }
        if !provider.rules.acr.is_empty() {
            to.query_pairs_mut()
                .append_pair("acr_values", &provider.rules.acr.join(" "));
        }
        let asked = Asked {
            provider: provider.id.clone(),
            nonce: nonces.nonce,
            verifier: nonces.verifier,
            as_operator: ask.as_operator,
            within,
        };
        let ceremony = NewCeremony {
            browser: place(secret.expose(), &nonces.state),
            kind: CeremonyKind::Staff,
            state: kept(&asked)?,
            good_for: GOOD_FOR,
        };
        self.app.store().begin_ceremony(ceremony).await?;
        Ok(to.into())
    }

    /// Ends it with what the browser came back with: a fresh session, whatever the browser had before ends.
    ///
    /// # Errors
    /// Why it signs nobody in.
    pub async fn finish_staff(
        &self,
        id: &Slug,
        secret: &str,
        came: &Came,
        before: Option<&str>,
    ) -> Result<StaffSignedIn, OpenIdError> {
        let finished = self.finish_staff_sign_in(id, secret, came, before).await;
        if let Err(error) = &finished {
            tracing::info!(provider = %id, %error, "a sign-in of the staff came to nothing");
        }
        finished
    }

    async fn finish_staff_sign_in(
        &self,
        id: &Slug,
        secret: &str,
        came: &Came,
        before: Option<&str>,
    ) -> Result<StaffSignedIn, OpenIdError> {
        let (providers, provider) = (self.providers()?, self.staff_provider(id)?);
        let state = came.state.as_deref().ok_or(OpenIdError::NotAsked)?;
        // Whatever it comes to, it is over then: nothing that a browser brings can be tried twice.
        let asked = self.app.store().take_ceremony(place(secret, state)).await?;
        let asked: Asked = asked
            .and_then(|asked| serde_json::from_str(&asked).ok())
            .ok_or(OpenIdError::NotAsked)?;
        if asked.provider != *id {
            return Err(OpenIdError::MixedUp);
        }
        let known = providers.known(provider.issuer.as_str()).await?;
        let returns_to = provider.returns_to(&self.address.url);
        let client = provider.client(&returns_to);
        let may_be_another = self.staff.len() > 1;
        let code = client.code(&known.metadata, may_be_another, came)?;
        let shown = (asked.verifier.as_str(), provider.secret.as_deref());
        let tokens = client.redeem(providers, &known, code, shown).await?;
        let now = self.app.store().now().await?;
        let of = (asked.nonce.as_str(), now);
        let mut said = client.verify(providers, &known, &tokens, of).await?;
        let lacks = |said: &Person| said.email.is_none() || said.values(&provider.claim).is_none();
        let told = (said.sub.as_str(), std::mem::take(&mut said.person));
        let person = person(providers, &known, told, &tokens, lacks).await?;
        let values = person.values(&provider.claim).unwrap_or_default();
        let roles = provider.rules.roles(values);
        let at = at(provider, &said, now);
        self.take_away(at, roles).await?;
        let who = Self::wanted(roles, asked.as_operator)?;
        is_enough(provider, &said, (asked.within, at.shown_at), now)?;
        let signed_in = self.let_staff_in(provider, &person, (who, at)).await?;
        if let Some(before) = before
            && matches!(signed_in.0, Staff::Agent(_))
        {
            self.sign_out(before).await?;
        }
        Ok(StaffSignedIn {
            who: signed_in.0,
            cookie: signed_in.1,
        })
    }

    /// As what they come in: an operator, where they want to be one or are nothing else.
    fn wanted(roles: StaffRoles, as_operator: bool) -> Result<bool, OpenIdError> {
        match (roles.agent, roles.operator) {
            (_, true) if as_operator => Ok(true),
            (true, _) if !as_operator => Ok(false),
            (false, true) => Ok(true),
            _ => Err(Failure::from(Refusal::NotStaff).into()),
        }
    }

    async fn let_staff_in(
        &self,
        provider: &StaffProvider,
        person: &Person,
        (operator, at): (bool, AtProvider),
    ) -> Result<(Staff, Secret), OpenIdError> {
        let subject = at.subject.ok_or(OpenIdError::NotAsked)?;
        let email = provider.email(person);
        let name = StaffProvider::name(person, email.as_ref());
        let store = self.app.store();
        if operator {
            let known = KnownOperator {
                issuer: provider.issuer.clone(),
                email: email.ok_or(OpenIdError::NoAddress)?,
                name: person.name.as_deref().and(name),
                subject,
            };
            let secret = self.app.staff_operator(&known, operators::LASTS).await?;
            store.begin_operator_browser(secret.hash(), at).await?;
            return Ok((Staff::Operator, secret));
        }
        let made = name.filter(|_| provider.creates_agents);
        let agent = self
            .app
            .staff_agent(subject, email.as_ref(), made.as_ref())
            .await;
        let agent = agent.map_err(|failure| match failure {
            Failure::Refused(Refusal::NotStaff) if email.is_none() => OpenIdError::NoAddress,
            failure => failure.into(),
        })?;
        let cookie = Secret::fresh(self.app.ports().as_ref(), "csb");
        let session = NewBrowserSession {
            cookie: cookie.hash(),
            limits: self.limits,
        };
        if !store.begin_agent_session(agent, session, at).await? {
            // Deactivated or unlinked at the same moment.
            return Err(Failure::from(Refusal::CallerInactive).into());
        }
        Ok((Staff::Agent(agent), cookie))
    }
}

/// What is kept of how somebody is known to a provider. Nobody has shown anything later than now.
fn at(provider: &StaffProvider, said: &IdToken, now: Timestamp) -> AtProvider {
    let shown_at = said.auth_time.map(|at| {
        let at = Timestamp::from_millis(at.saturating_mul(1_000));
        at.min(now)
    });
    AtProvider {
        provider: Some(provider.hash()),
        subject: Some(provider.subject(&said.sub)),
        session: said.sid.as_deref().map(|sid| provider.session(sid)),
        shown_at,
    }
}

/// Whether they showed who they are in the way that is demanded, and as lately as was asked: clocks may differ.
fn is_enough(
    provider: &StaffProvider,
    said: &IdToken,
    (within, shown_at): (Option<Duration>, Option<Timestamp>),
    now: Timestamp,
) -> Result<(), OpenIdError> {
    let leeway = LEEWAY * 1_000;
    let within = within.map(|within| Duration::from_millis(within.as_millis() + leeway));
    let lately = shown_lately(within, shown_at, now).is_ok();
    if lately && provider.rules.is_enough(said.acr.as_deref(), &said.amr) {
        Ok(())
    } else {
        Err(OpenIdError::NotEnough)
    }
}

/// Where a sign-in of a browser is found.
fn place(secret: &str, state: &str) -> SecretHash {
    hash_secret(&format!("staff-sign-in:{secret}:{state}"))
}
