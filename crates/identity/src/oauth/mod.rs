//! OAuth 2.0 for service clients: the client credentials grant (RFC 6749 section 4.4) by assertions (RFC 7523), and
//! access tokens, bound to a key (RFC 9449) where the client is to have such.
//!
//! An access token is random and means nothing by itself. Each time one comes, its client is looked at as
//! its org has it then: what was taken away is gone with the next call.

mod assertion;
mod authentication;
mod dpop;
mod exchange;
mod introspection;
mod jwk;
mod jws;

use std::fmt;

use countersign_app::{Secret, digest, hash_secret};
use countersign_domain::{
    Actor, Client, ClientId, Duration, OrgId, Scope, Scopes, SecretHash, Thumbprint, Timestamp,
};
use countersign_store::{ClientToken, Key, NewClientToken, Unavailable};

use crate::Identity;
pub use authentication::{AuthenticatedClient, ShownAssertion};
pub use dpop::Call;
pub use exchange::{ExchangeRefusal, ExchangeRequest, ShownAgent, carries_act};
pub use introspection::TokenRead;
pub use jwk::{KeyError, read_keys, read_keys_text};

/// The algorithms that assertions and proofs may be signed by.
pub const ALGORITHMS: [&str; 9] = jwk::Algorithm::NAMES;

/// How long an access token is good.
pub const TOKEN_LASTS: Duration = Duration::from_hours(1);

/// What the secret of an access token begins with.
const PREFIX: &str = "cat";

/// What was used once is remembered this much longer than it would be good: clocks of processes differ.
const REMEMBERED: Duration = Duration::from_mins(2);

/// A request for an access token.
#[derive(Clone, Copy)]
pub struct TokenRequest<'a> {
    /// What says which client it is by.
    pub shown: ShownAssertion<'a>,
    /// What the token is to be for: names with blanks between them.
    pub scope: &'a str,
    /// The proof that came with it.
    pub proof: Option<&'a str>,
    /// The call itself.
    pub call: Call<'a>,
}

impl fmt::Debug for TokenRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenRequest").finish_non_exhaustive()
    }
}

/// An access token just made.
#[derive(Debug)]
pub struct Issued {
    /// The token.
    pub token: Secret,
    /// What it is for.
    pub scopes: Scopes,
    /// Whether it is bound to the key of the proof.
    pub bound: bool,
}

/// Why there is no access token, by the names of RFC 6749 section 5.2 and RFC 9449 section 5.
#[derive(Debug)]
pub enum TokenRefusal {
    /// It is not known to be that client.
    InvalidClient(String),
    /// The client is known, and asks for what it does not have.
    InvalidScope(Actor, String),
    /// The client is known, and its proof is not good, or missing.
    InvalidProof(Actor, String),
    /// The store cannot be reached.
    Unavailable(String),
}

/// A service client that showed who it is, and what it would get. Nothing is used up or kept yet, so that
/// whoever counts calls can refuse one before it costs the store anything.
#[derive(Debug)]
pub struct ShownClient {
    by: AuthenticatedClient,
    scopes: Scopes,
    bound_to: Option<Thumbprint>,
    proof: Option<Once>,
}

impl ShownClient {
    /// Who it is.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.by.actor()
    }
}

/// What may be used once, and was not used up yet.
#[derive(Debug)]
pub struct Once {
    hash: SecretHash,
    until: Timestamp,
}

impl Once {
    fn new(what: &str, whose: &str, jti: &str, until: Timestamp) -> Self {
        let parts = [what.as_bytes(), whose.as_bytes(), jti.as_bytes()];
        Self {
            hash: SecretHash::from_bytes(digest(&parts)),
            until: until.plus(REMEMBERED),
        }
    }
}

/// The service client behind an access token. It is let in once its proof is used up, if there is one.
#[derive(Debug)]
pub struct ClientBearer {
    /// Who it is.
    pub actor: Actor,
    /// What the call came with.
    pub proof: Option<Once>,
}

const USED: &str = "its jti was used before: make a new one for each call";

fn bad_assertion(what: &str) -> TokenRefusal {
    TokenRefusal::InvalidClient(format!("The client assertion is not good: {what}."))
}

fn bad_proof(actor: Actor, what: &str) -> TokenRefusal {
    TokenRefusal::InvalidProof(actor, format!("The DPoP proof is not good: {what}."))
}

impl From<Unavailable> for TokenRefusal {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error.0)
    }
}

/// Why an access token lets nobody in.
#[derive(Debug)]
pub enum AccessRefusal {
    /// None of ours, or no longer good, or its client is gone.
    Unknown,
    /// It is bound to a key, and came without one.
    Bound,
    /// What is wrong with the proof that came with it.
    Proof(&'static str),
    /// The store cannot be reached.
    Unavailable(String),
}

impl From<Unavailable> for AccessRefusal {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error.0)
    }
}

/// A service client's access token, with its client.
struct GoodToken {
    kept: ClientToken,
    client: Client,
    org: OrgId,
    now: Timestamp,
}

/// How an access token was shown.
#[derive(Clone, Copy, Debug)]
pub enum ShownAs<'a> {
    /// As a bearer's.
    Bearer,
    /// With a proof for this call (`Authorization: DPoP`).
    Proven {
        /// The proof; none where the header is missing, or there are several.
        proof: Option<&'a str>,
        /// The call.
        call: Call<'a>,
    },
}

/// Whether a secret is an access token by its looks.
#[must_use]
pub fn is_access_token(text: &str) -> bool {
    text.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.starts_with('_'))
}

impl Identity {
    /// Whether a call for an access token is by the service client that it names, and may have what it asks for.
    ///
    /// # Errors
    /// Why not, in words for whoever runs the client.
    pub async fn client_shown(
        &self,
        request: TokenRequest<'_>,
    ) -> Result<ShownClient, TokenRefusal> {
        let by = self.client_of(request.shown).await?;
        let (client, actor, now) = (&by.client, by.actor(), by.now);
        let scopes = asked_for(request.scope, client.scopes)
            .map_err(|what| TokenRefusal::InvalidScope(actor, what))?;
        let proven = request
            .proof
            .map(|proof| dpop::check(proof, request.call, None, now))
            .transpose()
            .map_err(|what| bad_proof(actor, what))?;
        if client.dpop && proven.is_none() {
            let needed = "The access tokens of this client are bound to a key (RFC 9449): send a DPoP header with the call.";
            return Err(TokenRefusal::InvalidProof(actor, needed.to_owned()));
        }
        let proof = proven
            .as_ref()
            .map(|proven| Once::new("proof", proven.key.as_str(), &proven.jti, proven.until));
        Ok(ShownClient {
            scopes,
            bound_to: proven.map(|proven| proven.key).filter(|_| client.dpop),
            proof,
            by,
        })
    }

    /// Makes an access token for a service client that showed who it is, and uses up what it showed.
    ///
    /// # Errors
    /// Why not, in words for whoever runs the client.
    pub async fn client_token(&self, shown: ShownClient) -> Result<Issued, TokenRefusal> {
        let actor = shown.actor();
        self.use_assertion(&shown.by).await?;
        if let Some(proof) = &shown.proof
            && !self.first(proof).await?
        {
            return Err(bad_proof(actor, USED));
        }
        let bound = shown.bound_to.is_some();
        let token = Secret::fresh(self.app.ports().as_ref(), PREFIX);
        let new = NewClientToken {
            hash: token.hash(),
            client: shown.by.client.id,
            org: shown.by.org,
            scopes: shown.scopes,
            key: shown.by.key,
            bound_to: shown.bound_to,
            expires_at: shown.by.now.plus(TOKEN_LASTS),
        };
        self.app.store().keep_client_token(new).await?;
        Ok(Issued {
            token,
            scopes: shown.scopes,
            bound,
        })
    }

    /// The service client behind an access token, with what the token is for and the client may have now.
    ///
    /// # Errors
    /// Why it lets nobody in.
    pub async fn client_bearer(
        &self,
        token: &str,
        shown: ShownAs<'_>,
    ) -> Result<ClientBearer, AccessRefusal> {
        let good = self.good_token(token).await?;
        let GoodToken {
            kept,
            client,
            org,
            now,
        } = good.ok_or(AccessRefusal::Unknown)?;
        let proof = match (&kept.bound_to, shown) {
            (None, ShownAs::Bearer) => None,
            (Some(_), ShownAs::Bearer) => return Err(AccessRefusal::Bound),
            (None, ShownAs::Proven { .. }) => {
                return Err(AccessRefusal::Proof(
                    "the access token is bound to no key: send it as Bearer",
                ));
            }
            (Some(key), ShownAs::Proven { proof, call }) => {
                let proof =
                    proof.ok_or(AccessRefusal::Proof("there is not exactly one DPoP header"))?;
                let proven =
                    dpop::check(proof, call, Some(token), now).map_err(AccessRefusal::Proof)?;
                if proven.key != *key {
                    return Err(AccessRefusal::Proof(
                        "it is by another key than the access token is bound to",
                    ));
                }
                let once = Once::new("proof", key.as_str(), &proven.jti, proven.until);
                Some(once)
            }
        };
        let actor = Actor::Client {
            id: client.id,
            org,
            scopes: kept.scopes.both(client.scopes),
        };
        Ok(ClientBearer { actor, proof })
    }

    /// A service client's access token with its client as its org has it now, if both are good.
    async fn good_token(&self, token: &str) -> Result<Option<GoodToken>, Unavailable> {
        let kept = self.app.store().client_token(hash_secret(token)).await?;
        let Some(kept) = kept.filter(ClientToken::is_good) else {
            return Ok(None);
        };
        let client = self.client(kept.client).await?;
        let client = client.filter(|(client, ..)| client.keys.contains_key(&kept.key));
        Ok(client.map(|(client, org, now)| GoodToken {
            kept,
            client,
            org,
            now,
        }))
    }

    /// Uses up the proof that an access token came with.
    ///
    /// # Errors
    /// It was used before, or the store cannot be reached.
    pub async fn use_proof(&self, proof: Once) -> Result<(), AccessRefusal> {
        if self.first(&proof).await? {
            Ok(())
        } else {
            Err(AccessRefusal::Proof(USED))
        }
    }

    /// The service client as its org has it now, if it may come in by this address.
    async fn client(
        &self,
        id: ClientId,
    ) -> Result<Option<(Client, OrgId, Timestamp)>, Unavailable> {
        let Some(org) = self.app.store().org_of_client(id).await? else {
            return Ok(None);
        };
        let slice = self.app.store().load(&[Key::Org(org)]).await?;
        let client = slice
            .state
            .client(org, id)
            .filter(|client| client.is_good() && self.address().admits(Some(org)));
        Ok(client.map(|client| (client.clone(), org, slice.now)))
    }

    /// Whether what may be used once is used for the first time.
    async fn first(&self, once: &Once) -> Result<bool, Unavailable> {
        self.app.store().first_use(once.hash, once.until).await
    }
}

/// The scopes that are asked for, if the client has them all.
fn asked_for(names: &str, has: Scopes) -> Result<Scopes, String> {
    let asked: Vec<&str> = names.split(' ').filter(|name| !name.is_empty()).collect();
    let scopes: Scopes = asked.iter().filter_map(|name| Scope::parse(name)).collect();
    let lacks = |name: &&str| Scope::parse(name).is_none_or(|scope| !has.holds(scope));
    if asked.is_empty() {
        return Err(format!(
            "Say in scope what the token is for. This client has: {has}."
        ));
    }
    match asked.into_iter().find(lacks) {
        None => Ok(scopes),
        Some(name) => {
            let printable: String = name
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || ".:_-".contains(*c))
                .take(60)
                .collect();
            Err(format!(
                "This client does not have the scope {printable}. It has: {has}. A super admin of the org gives scopes by making another client."
            ))
        }
    }
}
