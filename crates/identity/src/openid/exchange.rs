//! What a sign-in asks of a provider, whoever set it: the way there, the exchange of the code, and what is said of
//! somebody.

use countersign_app::{App, Failure, Ports, Secret, hash_secret};
use countersign_domain::Timestamp;
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{
    provider::{Known, Metadata, Providers, json},
    sign_in::{Came, OpenIdError},
    token::{BadToken, Expected, IdToken, Person, id_token},
};

/// Who we are to a provider.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client<'a> {
    /// The provider.
    pub(super) issuer: &'a str,
    /// What it knows us by.
    pub(super) id: &'a str,
    /// Where it sends people back to.
    pub(super) returns_to: &'a str,
}

/// What a sign-in begins with, and nobody can guess.
pub(super) struct Nonces {
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: String,
    pub(super) access_token: Option<String>,
}

#[derive(Deserialize)]
struct Told {
    sub: String,
    #[serde(flatten)]
    person: Person,
}

impl Nonces {
    pub(super) fn fresh(ports: &dyn Ports) -> Self {
        let fresh = || App::hash_for_address(hash_secret(Secret::fresh(ports, "r").expose()));
        Self {
            state: fresh(),
            nonce: fresh(),
            verifier: fresh(),
        }
    }
}

impl Client<'_> {
    /// Where somebody goes to sign in.
    pub(super) fn way(&self, metadata: &Metadata, nonces: &Nonces, scope: &str) -> Url {
        let mut to = metadata.authorization_endpoint.clone();
        to.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.id)
            .append_pair("redirect_uri", self.returns_to)
            .append_pair("scope", scope)
            .append_pair("state", &nonces.state)
            .append_pair("nonce", &nonces.nonce)
            .append_pair(
                "code_challenge",
                &App::hash_for_address(hash_secret(&nonces.verifier)),
            )
            .append_pair("code_challenge_method", "S256");
        to
    }

    /// The code that a browser came back with. RFC 9207: where the provider promises to name itself, or might be
    /// another one, it has to; where it does so unasked, it has to be the one that was asked.
    pub(super) fn code<'c>(
        &self,
        metadata: &Metadata,
        may_be_another: bool,
        came: &'c Came,
    ) -> Result<&'c str, OpenIdError> {
        let must = metadata.authorization_response_iss_parameter_supported || may_be_another;
        match &came.issuer {
            Some(named) if named == self.issuer => {}
            None if !must => {}
            _ => return Err(OpenIdError::MixedUp),
        }
        if let Some(error) = &came.error {
            return Err(OpenIdError::Declined(told(error)));
        }
        came.code.as_deref().ok_or(OpenIdError::NotAsked)
    }

    /// Exchanges the code (RFC 6749 section 4.1.3).
    pub(super) async fn redeem(
        &self,
        providers: &Providers,
        provider: &Known,
        code: &str,
        (verifier, secret): (&str, Option<&str>),
    ) -> Result<Tokens, OpenIdError> {
        #[derive(Deserialize)]
        struct Refused {
            error: String,
        }
        let mut said = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.returns_to),
            ("code_verifier", verifier),
        ];
        let methods = &provider.metadata.token_endpoint_auth_methods_supported;
        let basic = methods.iter().any(|method| method == "client_secret_basic");
        let mut authorization = None;
        match secret {
            Some(secret) if basic => authorization = Some(basic_authorization(self.id, secret)),
            Some(secret) => said.extend([("client_id", self.id), ("client_secret", secret)]),
            None => said.push(("client_id", self.id)),
        }
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(said)
            .finish();
        let endpoint = &provider.metadata.token_endpoint;
        let outbound = providers.outbound();
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
    pub(super) async fn verify(
        &self,
        providers: &Providers,
        provider: &Known,
        tokens: &Tokens,
        (nonce, now): (&str, Timestamp),
    ) -> Result<IdToken, OpenIdError> {
        let expected = Expected {
            issuer: self.issuer,
            client: self.id,
            nonce,
            access_token: tokens.access_token.as_deref(),
            now,
        };
        let judged = id_token(&tokens.id_token, &provider.keys, &expected);
        if judged.as_ref().err() != Some(&BadToken::UnknownKey) {
            return Ok(judged?);
        }
        let newer = providers.with_newer_keys(self.issuer, provider).await?;
        Ok(id_token(&tokens.id_token, &newer.keys, &expected)?)
    }
}

/// What the provider says about somebody: in the token, and what that lacks, when asked (Core section 5.3).
pub(super) async fn person(
    providers: &Providers,
    provider: &Known,
    (sub, said): (&str, Person),
    tokens: &Tokens,
    lacks: impl FnOnce(&Person) -> bool,
) -> Result<Person, OpenIdError> {
    let endpoint = provider.metadata.userinfo_endpoint.as_ref();
    let (true, Some(endpoint), Some(access)) = (lacks(&said), endpoint, &tokens.access_token)
    else {
        return Ok(said);
    };
    let told: Told = json(&providers.outbound().get(endpoint, Some(access)).await?)?;
    if told.sub != sub {
        return Err(BadToken::Audience.into());
    }
    if told.person.act {
        return Err(BadToken::Acts.into());
    }
    Ok(said.or(told.person))
}

/// What a sign-in remembers of itself, as it is kept.
pub(super) fn kept(asked: &impl serde::Serialize) -> Result<String, OpenIdError> {
    let kept = serde_json::to_string(asked);
    kept.map_err(|error| Failure::Unavailable(error.to_string()).into())
}

/// A code of theirs as it may stand in a log: codes are visible ASCII (RFC 6749 section 5.2).
fn told(code: &str) -> String {
    let visible = code.chars().filter(char::is_ascii_graphic);
    visible.take(100).collect()
}

/// RFC 6749 section 2.3.1: both are form-encoded first.
fn basic_authorization(client: &str, secret: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client), encoded(secret));
    format!("Basic {}", STANDARD.encode(pair))
}
