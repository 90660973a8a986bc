//! What an OpenID provider says of itself: where its endpoints are, and its keys.
//!
//! Both are remembered for a while, and so is that it did not answer: whoever clicks on makes nobody ask it
//! more often. One request per provider is under way at a time; who needs the same waits for it.

use std::{collections::BTreeMap, fmt, sync::Arc};

use countersign_app::BootClock;
use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use super::fetch::{NoAnswer, Outbound};

/// How long what a provider says of itself is taken for true: milliseconds.
const FRESH: u64 = 60 * 60 * 1_000;
/// How long it is left alone after it did not answer.
const LEFT_ALONE: u64 = 10 * 1_000;
/// How often at most its keys are fetched again because a token names another.
const KEYS_AGAIN: u64 = 60 * 1_000;
/// How many providers are remembered at a time.
const REMEMBERED: usize = 1_000;

/// Where a provider's endpoints are (OpenID Connect Discovery 1.0 section 3, RFC 8414), as far as anybody here
/// goes there.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) jwks_uri: Url,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) end_session_endpoint: Option<Url>,
    /// RFC 9207: whether it names itself when it sends somebody back.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    #[serde(default = "basic")]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
}

fn basic() -> Vec<String> {
    vec!["client_secret_basic".to_owned()]
}

/// A provider as it was last heard of.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) metadata: Arc<Metadata>,
    pub(super) keys: Arc<Vec<Jwk>>,
    keys_at: u64,
    at: u64,
}

enum Heard {
    Nothing,
    Known(Known),
    Failed { why: NoAnswer, at: u64 },
}

/// The providers that were heard of lately.
#[derive(Clone)]
pub struct Providers {
    outbound: Outbound,
    clock: Arc<dyn BootClock>,
    heard: Arc<std::sync::Mutex<BTreeMap<String, Arc<Mutex<Heard>>>>>,
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Providers")
            .field("outbound", &self.outbound)
            .finish_non_exhaustive()
    }
}

impl Providers {
    /// Heard of through `outbound`; `clock` tells for how long what was heard is fresh.
    #[must_use]
    pub fn new(outbound: Outbound, clock: Arc<dyn BootClock>) -> Self {
        Self {
            outbound,
            clock,
            heard: Arc::default(),
        }
    }

    pub(super) fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// What a provider says of itself.
    pub(super) async fn known(&self, issuer: &str) -> Result<Known, NoAnswer> {
        let place = self.place(issuer);
        let mut heard = place.lock().await;
        let now = self.clock.now();
        match &*heard {
            Heard::Known(known) if now.saturating_sub(known.at) < FRESH => {
                return Ok(known.clone());
            }
            Heard::Failed { why, at } if now.saturating_sub(*at) < LEFT_ALONE => {
                return Err(why.clone());
            }
            _ => {}
        }
        match self.ask(issuer).await {
            Ok(known) => {
                *heard = Heard::Known(known.clone());
                Ok(known)
            }
            Err(why) => {
                tracing::warn!(issuer, %why, "an OpenID provider does not answer");
                let at = self.clock.now();
                *heard = Heard::Failed {
                    why: why.clone(),
                    at,
                };
                Err(why)
            }
        }
    }

    /// The same with its keys fetched again, because a token names one that was not among `before`. Not more
    /// often than once a minute: what names a key may be anybody's.
    pub(super) async fn with_newer_keys(
        &self,
        issuer: &str,
        before: &Known,
    ) -> Result<Known, NoAnswer> {
        let place = self.place(issuer);
        let mut heard = place.lock().await;
        let now = self.clock.now();
        match &*heard {
            // Somebody else has fetched them meanwhile.
            Heard::Known(known) if known.keys_at > before.keys_at => return Ok(known.clone()),
            Heard::Known(known) if now.saturating_sub(known.keys_at) < KEYS_AGAIN => {
                return Ok(known.clone());
            }
            _ => {}
        }
        let fetched = self.keys(&before.metadata.jwks_uri).await;
        // That they could not be fetched is no reason to ask more often.
        let keys = match &fetched {
            Ok(keys) => Arc::new(keys.clone()),
            Err(_) => Arc::clone(&before.keys),
        };
        let known = Known {
            keys,
            keys_at: now,
            ..before.clone()
        };
        *heard = Heard::Known(known.clone());
        fetched.map(|_| known)
    }

    fn place(&self, issuer: &str) -> Arc<Mutex<Heard>> {
        let mut heard = self
            .heard
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if heard.len() >= REMEMBERED && !heard.contains_key(issuer) {
            heard.clear();
        }
        let place = heard
            .entry(issuer.to_owned())
            .or_insert_with(|| Arc::new(Mutex::new(Heard::Nothing)));
        Arc::clone(place)
    }

    async fn ask(&self, issuer: &str) -> Result<Known, NoAnswer> {
        let document = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let document = Url::parse(&document).map_err(unreadable)?;
        let metadata: Metadata = json(&self.outbound.get(&document, None).await?)?;
        self.is_of(issuer, &metadata)?;
        let keys = self.keys(&metadata.jwks_uri).await?;
        let now = self.clock.now();
        Ok(Known {
            metadata: Arc::new(metadata),
            keys: Arc::new(keys),
            keys_at: now,
            at: now,
        })
    }

    /// Discovery section 4.3: a document of another issuer is none of this one's. No endpoint leads where this
    /// server, or a person's browser, is not to go.
    fn is_of(&self, issuer: &str, metadata: &Metadata) -> Result<(), NoAnswer> {
        if metadata.issuer != issuer {
            let said = format!("its configuration is of the issuer {:?}", metadata.issuer);
            return Err(NoAnswer::Unreadable(said));
        }
        let endpoints = [
            Some(&metadata.authorization_endpoint),
            Some(&metadata.token_endpoint),
            Some(&metadata.jwks_uri),
            metadata.userinfo_endpoint.as_ref(),
            metadata.end_session_endpoint.as_ref(),
        ];
        match endpoints
            .into_iter()
            .flatten()
            .find(|url| !self.outbound.allows(url))
        {
            Some(url) => Err(NoAnswer::NotThere(
                url.host_str().unwrap_or_default().to_owned(),
            )),
            None => Ok(()),
        }
    }

    /// Its keys, of those kinds that are known here.
    async fn keys(&self, from: &Url) -> Result<Vec<Jwk>, NoAnswer> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let set: Set = json(&self.outbound.get(from, None).await?)?;
        let read = set.keys.into_iter().map(serde_json::from_value);
        Ok(read.filter_map(Result::ok).collect())
    }
}

pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, NoAnswer> {
    serde_json::from_slice(body).map_err(unreadable)
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
fn unreadable(error: impl ToString) -> NoAnswer {
    NoAnswer::Unreadable(error.to_string())
}
