//! Identity records: credentials, browser sessions, signing keys. Only hashes are kept.

use countersign_domain::{
    CredentialId, CredentialKind, CredentialOwner, Duration, Person, SecretHash, Standing,
    Timestamp, has_passed,
};

/// A credential about to be stored with the event that minted it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// The id.
    pub id: CredentialId,
    /// The hash of the secret.
    pub hash: SecretHash,
    /// Whom it lets in.
    pub owner: CredentialOwner,
    /// What kind.
    pub kind: CredentialKind,
    /// Good until then.
    pub expires_at: Timestamp,
}

/// A credential as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The id.
    pub id: CredentialId,
    /// Whom it lets in.
    pub owner: CredentialOwner,
    /// What kind.
    pub kind: CredentialKind,
    /// Who made it.
    pub minted_by: countersign_domain::Actor,
    /// When it was made.
    pub created_at: Timestamp,
    /// Good until then.
    pub expires_at: Timestamp,
    /// When it was used up or revoked.
    pub spent_at: Option<Timestamp>,
    /// Whether a browser is signed in by it.
    pub in_use: bool,
    /// Whether it counts in a claimed org, where it is a customer user's (R3).
    pub standing: Standing,
    /// Store time at the read.
    pub now: Timestamp,
}

impl Credential {
    /// Whether it lets its owner in at the time it was read.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.spent_at.is_none() && !has_passed(self.expires_at, self.now)
    }
}

/// A browser session about to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewBrowserSession {
    /// The hash of its cookie.
    pub cookie: SecretHash,
    /// How long it may last.
    pub limits: BrowserSessionLimits,
}

/// How long a browser session may last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrowserSessionLimits {
    /// Without a request.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
}

impl Default for BrowserSessionLimits {
    fn default() -> Self {
        Self {
            idle: Duration::from_mins(60),
            absolute: Duration::from_hours(12),
        }
    }
}

/// How somebody who signed in by an OpenID provider is known there: by hashes, so that the provider can end it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtProvider {
    /// The provider, where it is one of the vendor's.
    pub provider: Option<SecretHash>,
    /// What it knows them by, where it is one of the vendor's: a customer user's is their credential's.
    pub subject: Option<SecretHash>,
    /// Their session there.
    pub session: Option<SecretHash>,
    /// When they showed it who they are.
    pub shown_at: Option<Timestamp>,
}

/// Somebody who is signed in by an OpenID provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedInAt {
    /// A person.
    Person(Person),
    /// An operator, in a browser with this credential.
    Operator(CredentialId),
}

/// A browser session as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrowserSession {
    /// Who signed in.
    pub person: Person,
    /// By what; unknown for sessions that began before that was written down.
    pub credential: Option<CredentialId>,
    /// When.
    pub started_at: Timestamp,
    /// The absolute limit.
    pub ends_at: Timestamp,
    /// How they are known where they signed in.
    pub at: AtProvider,
}

/// The public half of a key that signs identity JWTs. The private half never leaves its process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// The key id.
    pub kid: String,
    /// The public key as a JWK, in JSON.
    pub jwk: String,
    /// No signature of it is live from then on.
    pub expires_at: Timestamp,
}

/// How a deployment is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// Where console and API are.
    pub public_url: String,
    /// The origin below which sessions live.
    pub gateway_url: String,
}
