//! A sign-in by an OpenID provider, from the first page to the browser's session.

use countersign_app::{Failure, OpenIdSignIn, Secret, hash_secret, openid_return};
use countersign_domain::{
    Duration, Email, Issuer, IssuerId, OpenIdSubject, Org, OrgId, Person as Signed, Refusal,
    SecretHash, Slug, WayIn,
};
use countersign_store::{AtProvider, CeremonyKind, NewBrowserSession, NewCeremony, Unavailable};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

use super::{
    exchange::{Client, Nonces, kept, person},
    fetch::NoAnswer,
    provider::{Metadata, Providers},
    token::{BadToken, Person},
};
use crate::{Identity, cookies::only};

/// How long somebody may take at their provider.
pub(super) const GOOD_FOR: Duration = Duration::from_mins(10);
const GOOD_FOR_SECONDS: u32 = 600;

/// The name of the cookie that binds a sign-in to the browser that began it.
pub const OPENID_COOKIE: &str = "__Host-countersign-openid";

/// The value of that cookie; none when there are two.
#[must_use]
pub fn openid_cookie(header: &str) -> Option<&str> {
    only(header, OPENID_COOKIE)
}

/// The `Set-Cookie` header that gives a browser its sign-in. `Lax`: it comes back from the provider.
#[must_use]
pub fn set_openid_cookie(secret: &str) -> String {
    format!(
        "{OPENID_COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={GOOD_FOR_SECONDS}"
    )
}

/// The `Set-Cookie` header that takes it away.
#[must_use]
pub fn clear_openid_cookie() -> String {
    format!("{OPENID_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum OpenIdError {
    /// The deployment connects to no providers.
    #[error("this deployment connects to no OpenID providers")]
    Nowhere,
    /// Nothing was begun in this browser, or too long ago, or it is over.
    #[error("no sign-in stands for this browser")]
    NotAsked,
    /// Another provider answers than was asked, or it does not say which (RFC 9207).
    #[error("another provider answers than was asked")]
    MixedUp,
    /// The provider sent somebody back without signing them in.
    #[error("the provider refused: {0}")]
    Declined(String),
    /// The provider does not take the code, or us.
    #[error("the provider's token endpoint refused: {0}")]
    NoToken(String),
    /// The provider does not answer as it must.
    #[error("the provider does not answer: {0}")]
    NoAnswer(#[from] NoAnswer),
    /// What it signed is not taken.
    #[error("the provider's token is not taken: {0}")]
    BadToken(#[from] BadToken),
    /// It does not say that they showed who they are in the way that is demanded, or as lately.
    #[error("the provider does not say that they showed who they are as is demanded")]
    NotEnough,
    /// It does not vouch for an address, and knows nobody yet who comes by it.
    #[error("the provider vouches for no address")]
    NoAddress,
    /// A use case refused or failed.
    #[error(transparent)]
    Use(#[from] Failure),
}

impl From<Unavailable> for OpenIdError {
    fn from(error: Unavailable) -> Self {
        Self::Use(error.into())
    }
}

/// A way to a provider.
#[derive(Clone, Debug)]
pub struct Way {
    /// The provider.
    pub issuer: Issuer,
    /// Where to go; none when it does not answer.
    pub to: Result<String, NoAnswer>,
}

/// What a browser comes back with.
#[derive(Clone, Debug, Default)]
pub struct Came {
    /// Which of the sign-ins begun in it.
    pub state: Option<String>,
    /// What the provider gave it.
    pub code: Option<String>,
    /// Why it gave nothing.
    pub error: Option<String>,
    /// Who the provider says it is (RFC 9207).
    pub issuer: Option<String>,
}

/// Somebody signed in by an OpenID provider.
#[derive(Debug)]
pub struct OpenIdSignedIn {
    /// The browser session's cookie.
    pub cookie: Secret,
    /// Who, and whether this claimed the org.
    pub who: OpenIdSignIn,
}

/// What is remembered of a sign-in under way.
#[derive(Serialize, Deserialize)]
struct Asked {
    org: OrgId,
    issuer: IssuerId,
    nonce: String,
    verifier: String,
}

impl Identity {
    /// The same, able to connect to OpenID providers.
    #[must_use]
    pub fn with_openid(self, providers: Providers) -> Self {
        Self {
            providers: Some(providers),
            ..self
        }
    }

    pub(super) fn providers(&self) -> Result<&Providers, OpenIdError> {
        self.providers.as_ref().ok_or(OpenIdError::Nowhere)
    }

    /// Begins a sign-in by whichever provider of the org somebody then chooses: where each is, and the secret
    /// that binds what comes back to this browser.
    ///
    /// # Errors
    /// When the deployment connects to none, or the store does not answer.
    pub async fn begin_openid(&self, org: &Org) -> Result<(Vec<Way>, Secret), OpenIdError> {
        let providers = self.providers()?;
        if !self.address.admits(Some(org.id)) {
            return Err(Failure::from(Refusal::OrgNotFound).into());
        }
        let secret = Secret::fresh(self.app.ports().as_ref(), "csi");
        let mut ways = vec![];
        // One that is slow keeps nobody from another longer than it may take.
        let all = org.issuers.iter();
        let heard = join_all(all.map(|one| providers.known(one.said.url.as_str()))).await;
        for (issuer, known) in org.issuers.iter().zip(heard) {
            let to = match known {
                Ok(known) => Ok(self.ask(org, issuer, &known.metadata, &secret).await?),
                Err(why) => Err(why),
            };
            ways.push(Way {
                issuer: issuer.clone(),
                to,
            });
        }
        Ok((ways, secret))
    }

    async fn ask(
        &self,
        org: &Org,
        issuer: &Issuer,
        metadata: &Metadata,
        secret: &Secret,
    ) -> Result<String, OpenIdError> {
        let nonces = Nonces::fresh(self.app.ports().as_ref());
        let returns_to = openid_return(&self.address.url, &org.slug);
        let to = client(issuer, &returns_to).way(metadata, &nonces, "openid email");
        let asked = Asked {
            org: org.id,
            issuer: issuer.id,
            nonce: nonces.nonce,
            verifier: nonces.verifier,
        };
        let ceremony = NewCeremony {
            browser: place(secret.expose(), &nonces.state),
            kind: CeremonyKind::OpenId,
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
    pub async fn finish_openid(
        &self,
        org: &Slug,
        secret: &str,
        came: &Came,
        before: Option<&str>,
    ) -> Result<OpenIdSignedIn, OpenIdError> {
        let finished = self.finish(org, secret, came, before).await;
        if let Err(error) = &finished {
            tracing::info!(%org, %error, "a sign-in by an OpenID provider came to nothing");
        }
        finished
    }

    async fn finish(
        &self,
        org: &Slug,
        secret: &str,
        came: &Came,
        before: Option<&str>,
    ) -> Result<OpenIdSignedIn, OpenIdError> {
        let providers = self.providers()?;
        let state = came.state.as_deref().ok_or(OpenIdError::NotAsked)?;
        // Whatever it comes to, it is over then: nothing that a browser brings can be tried twice.
        let asked = self.app.store().take_ceremony(place(secret, state)).await?;
        let asked: Asked = asked
            .and_then(|asked| serde_json::from_str(&asked).ok())
            .ok_or(OpenIdError::NotAsked)?;
        let (known_org, issuer) = self.app.org_with_issuer(asked.org, asked.issuer).await?;
        if known_org.slug != *org || !self.address.admits(Some(known_org.id)) {
            return Err(OpenIdError::MixedUp);
        }
        let provider = providers.known(issuer.said.url.as_str()).await?;
        let returns_to = openid_return(&self.address.url, org);
        let client = client(&issuer, &returns_to);
        let may_be_another = known_org.issuers.len() > 1;
        let code = client.code(&provider.metadata, may_be_another, came)?;
        let secret = self.app.client_secret(&issuer)?;
        let shown = (asked.verifier.as_str(), secret.as_deref());
        let tokens = client.redeem(providers, &provider, code, shown).await?;
        let of = (asked.nonce.as_str(), self.app.store().now().await?);
        let said = client.verify(providers, &provider, &tokens, of).await?;
        let subject = OpenIdSubject {
            issuer: issuer.id,
            subject: subject(&issuer, &said.sub),
        };
        let at = AtProvider {
            session: said.sid.as_deref().map(|sid| session(&issuer, sid)),
            ..AtProvider::default()
        };
        let lacks = |said: &Person| said.email.is_none();
        let said = (said.sub.as_str(), said.person);
        let told = person(providers, &provider, said, &tokens, lacks).await?;
        let email = told
            .verified_email()
            .and_then(|email| Email::parse(email).ok());
        let who = self.app.openid_sign_in(org, subject, email.as_ref()).await;
        let who = who.map_err(|failure| match failure {
            Failure::Refused(Refusal::OpenIdUnknown) if email.is_none() => OpenIdError::NoAddress,
            failure => failure.into(),
        })?;
        let cookie = self.session(who, at, before).await?;
        Ok(OpenIdSignedIn { cookie, who })
    }

    async fn session(
        &self,
        who: OpenIdSignIn,
        at: AtProvider,
        before: Option<&str>,
    ) -> Result<Secret, OpenIdError> {
        let cookie = Secret::fresh(self.app.ports().as_ref(), "csb");
        let session = NewBrowserSession {
            cookie: cookie.hash(),
            limits: self.limits,
        };
        let store = self.app.store();
        if !store
            .begin_openid_session(who.credential, session, at)
            .await?
        {
            // Removed at the same moment.
            return Err(Failure::from(Refusal::OpenIdUnknown).into());
        }
        let came = (Signed::Admin(who.admin), who.credential, WayIn::OpenId);
        self.came_in(came, &cookie, before).await?;
        Ok(cookie)
    }
}

/// Who we are to a provider of an org.
fn client<'a>(issuer: &'a Issuer, returns_to: &'a str) -> Client<'a> {
    Client {
        issuer: issuer.said.url.as_str(),
        id: issuer.said.client.as_str(),
        returns_to,
    }
}

/// Where a sign-in of a browser is found.
fn place(secret: &str, state: &str) -> SecretHash {
    hash_secret(&format!("openid-sign-in:{secret}:{state}"))
}

/// What is kept of who somebody is to a provider.
pub(super) fn subject(issuer: &Issuer, sub: &str) -> SecretHash {
    hash_secret(&format!("openid-subject:{}:{sub}", issuer.id))
}

/// What is kept of somebody's session at a provider.
pub(super) fn session(issuer: &Issuer, sid: &str) -> SecretHash {
    hash_secret(&format!("openid-session:{}:{sid}", issuer.id))
}
