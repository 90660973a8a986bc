//! A sign-in by an OpenID provider, from the first page to the browser's session.

use countersign_app::{App, Failure, OpenIdSignIn, Secret, hash_secret, openid_return};
use countersign_domain::{
    Duration, Email, Issuer, IssuerId, OpenIdSubject, Org, OrgId, Refusal, SecretHash, Slug,
};
use countersign_store::{NewBrowserSession, NewCeremony, Unavailable};
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use url::form_urlencoded;

use super::{
    fetch::NoAnswer,
    provider::{Known, Metadata, Providers, json},
    token::{BadToken, Expected, IdToken, Person, id_token},
};
use crate::{Identity, cookies::only};

/// How long somebody may take at their provider.
const GOOD_FOR: Duration = Duration::from_mins(10);
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

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    sub: String,
    #[serde(flatten)]
    person: Person,
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
        let fresh = || {
            App::hash_for_address(hash_secret(
                Secret::fresh(self.app.ports().as_ref(), "r").expose(),
            ))
        };
        let (state, nonce, verifier) = (fresh(), fresh(), fresh());
        let mut to = metadata.authorization_endpoint.clone();
        to.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", issuer.said.client.as_str())
            .append_pair("redirect_uri", &openid_return(&self.address.url, &org.slug))
            .append_pair("scope", "openid email")
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair(
                "code_challenge",
                &App::hash_for_address(hash_secret(&verifier)),
            )
            .append_pair("code_challenge_method", "S256");
        let asked = Asked {
            org: org.id,
            issuer: issuer.id,
            nonce,
            verifier,
        };
        let asked = serde_json::to_string(&asked)
            .map_err(|error| Failure::Unavailable(error.to_string()))?;
        let ceremony = NewCeremony {
            browser: place(secret.expose(), &state),
            state: asked,
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
        let may_be_another = known_org.issuers.len() > 1;
        names_itself(&issuer, &provider.metadata, may_be_another, came)?;
        if let Some(error) = &came.error {
            return Err(OpenIdError::Declined(told(error)));
        }
        let code = came.code.as_deref().ok_or(OpenIdError::NotAsked)?;
        let tokens = self.redeem(org, &issuer, &provider, code, &asked).await?;
        let said = self
            .verify(&issuer, provider.clone(), &tokens, &asked)
            .await?;
        let subject = OpenIdSubject {
            issuer: issuer.id,
            subject: subject(&issuer, &said.sub),
        };
        let told = self.person(&provider, said, &tokens).await?;
        let email = told
            .verified_email()
            .and_then(|email| Email::parse(email).ok());
        let who = self.app.openid_sign_in(org, subject, email.as_ref()).await;
        let who = who.map_err(|failure| match failure {
            Failure::Refused(Refusal::OpenIdUnknown) if email.is_none() => OpenIdError::NoAddress,
            failure => failure.into(),
        })?;
        let cookie = self.session(who, before).await?;
        Ok(OpenIdSignedIn { cookie, who })
    }

    /// Exchanges the code (RFC 6749 section 4.1.3).
    async fn redeem(
        &self,
        org: &Slug,
        issuer: &Issuer,
        provider: &Known,
        code: &str,
        asked: &Asked,
    ) -> Result<Tokens, OpenIdError> {
        #[derive(Deserialize)]
        struct Refused {
            error: String,
        }
        let client = issuer.said.client.as_str();
        let returns_to = openid_return(&self.address.url, org);
        let mut said = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &returns_to),
            ("code_verifier", &asked.verifier),
        ];
        let methods = &provider.metadata.token_endpoint_auth_methods_supported;
        let basic = methods.iter().any(|method| method == "client_secret_basic");
        let secret = self.app.client_secret(issuer)?;
        let mut authorization = None;
        match &secret {
            Some(secret) if basic => authorization = Some(basic_authorization(client, secret)),
            Some(secret) => said.extend([("client_id", client), ("client_secret", secret)]),
            None => said.push(("client_id", client)),
        }
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(said)
            .finish();
        let endpoint = &provider.metadata.token_endpoint;
        let outbound = self.providers()?.outbound();
        let answer = outbound.post(endpoint, authorization, form).await?;
        match answer.status {
            200 => Ok(json(&answer.body)?),
            status => {
                let refused: Result<Refused, _> = json(&answer.body);
                let said = refused.map_or_else(|_| status.to_string(), |refused| refused.error);
                Err(OpenIdError::NoToken(told(&said)))
            }
        }
    }

    /// With the provider's keys as they are known, or as they are now if it has others since.
    async fn verify(
        &self,
        issuer: &Issuer,
        mut provider: Known,
        tokens: &Tokens,
        asked: &Asked,
    ) -> Result<IdToken, OpenIdError> {
        let expected = Expected {
            issuer: issuer.said.url.as_str(),
            client: issuer.said.client.as_str(),
            nonce: &asked.nonce,
            access_token: tokens.access_token.as_deref(),
            now: self.app.store().now().await?,
        };
        let judged = id_token(&tokens.id_token, &provider.keys, &expected);
        if judged.as_ref().err() != Some(&BadToken::UnknownKey) {
            return Ok(judged?);
        }
        let providers = self.providers()?;
        provider = providers
            .with_newer_keys(expected.issuer, &provider)
            .await?;
        Ok(id_token(&tokens.id_token, &provider.keys, &expected)?)
    }

    /// What the provider says about them: in the token, or where the token tells no address, when asked (Core
    /// section 5.3).
    async fn person(
        &self,
        provider: &Known,
        said: IdToken,
        tokens: &Tokens,
    ) -> Result<Person, OpenIdError> {
        let endpoint = provider.metadata.userinfo_endpoint.as_ref();
        let (None, Some(endpoint), Some(access)) =
            (&said.person.email, endpoint, &tokens.access_token)
        else {
            return Ok(said.person);
        };
        let outbound = self.providers()?.outbound();
        let told: Told = json(&outbound.get(endpoint, Some(access)).await?)?;
        if told.sub != said.sub {
            return Err(BadToken::Audience.into());
        }
        if told.person.act {
            return Err(BadToken::Acts.into());
        }
        Ok(told.person)
    }

    async fn session(
        &self,
        who: OpenIdSignIn,
        before: Option<&str>,
    ) -> Result<Secret, OpenIdError> {
        let cookie = Secret::fresh(self.app.ports().as_ref(), "csb");
        let session = NewBrowserSession {
            cookie: cookie.hash(),
            limits: self.limits,
        };
        let store = self.app.store();
        if !store.begin_openid_session(who.credential, session).await? {
            // Removed at the same moment.
            return Err(Failure::from(Refusal::OpenIdUnknown).into());
        }
        if let Some(before) = before {
            self.sign_out(before).await?;
        }
        Ok(cookie)
    }
}

/// RFC 9207: where the provider promises to name itself, or might be another one of the org's, it has to;
/// where it does so unasked, it has to be the one that was asked.
fn names_itself(
    issuer: &Issuer,
    metadata: &Metadata,
    may_be_another: bool,
    came: &Came,
) -> Result<(), OpenIdError> {
    let must = metadata.authorization_response_iss_parameter_supported || may_be_another;
    match &came.issuer {
        Some(named) if named == issuer.said.url.as_str() => Ok(()),
        None if !must => Ok(()),
        _ => Err(OpenIdError::MixedUp),
    }
}

/// A code of theirs as it may stand in a log: codes are visible ASCII (RFC 6749 section 5.2).
fn told(code: &str) -> String {
    let visible = code.chars().filter(char::is_ascii_graphic);
    visible.take(100).collect()
}

/// Where a sign-in of a browser is found.
fn place(secret: &str, state: &str) -> SecretHash {
    hash_secret(&format!("openid-sign-in:{secret}:{state}"))
}

/// What is kept of who somebody is to a provider.
pub(super) fn subject(issuer: &Issuer, sub: &str) -> SecretHash {
    hash_secret(&format!("openid-subject:{}:{sub}", issuer.id))
}

/// RFC 6749 section 2.3.1: both are form-encoded first.
fn basic_authorization(client: &str, secret: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
