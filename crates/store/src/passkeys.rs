//! Passkeys, and the ceremonies that add and use them. Public keys only: there is no secret here.

use async_trait::async_trait;
use countersign_domain::{
    CredentialId, Duration, OrgId, PasskeyName, Person, SecretHash, Standing, Timestamp,
};

use crate::{NewBrowserSession, Unavailable};

/// A passkey about to be stored with the event that registered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// The id it has here.
    pub id: CredentialId,
    /// The id by which authenticators name it (WebAuthn's credential id), unique in the deployment.
    pub handle: Vec<u8>,
    /// Whom it signs in.
    pub person: Person,
    /// What its owner calls it.
    pub name: PasskeyName,
    /// The public key and the counter, as whoever verifies signatures writes them.
    pub key: String,
}

/// A passkey that has neither been removed nor refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passkey {
    /// The id it has here.
    pub id: CredentialId,
    /// The id by which authenticators name it.
    pub handle: Vec<u8>,
    /// Whom it signs in.
    pub person: Person,
    /// What its owner calls it.
    pub name: PasskeyName,
    /// The public key and the counter.
    pub key: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When somebody last signed in with it.
    pub last_used_at: Option<Timestamp>,
    /// Whether it counts in a claimed org (R3).
    pub standing: Standing,
}

/// How many ceremonies of a kind are remembered at most. Those that end first make room, and all of a kind are good
/// for as long: somebody's is pushed out only by so many more before they have answered.
pub const MOST_CEREMONIES: usize = 10_000;

/// What a ceremony is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CeremonyKind {
    /// To register a passkey, or to sign in by one.
    Passkey,
    /// To sign in by an OpenID provider of an org.
    OpenId,
    /// To sign in by an OpenID provider of the vendor's.
    Staff,
    /// None that is answered: that a logout token was used.
    Logout,
}

impl CeremonyKind {
    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::OpenId => "openid",
            Self::Staff => "staff",
            Self::Logout => "logout",
        }
    }
}

/// What the server remembers between asking an authenticator and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCeremony {
    /// The hash of what only the browser that asked can show. A later ceremony of the same browser
    /// takes its place.
    pub browser: SecretHash,
    /// What it is for: many of one kind push out none of another.
    pub kind: CeremonyKind,
    /// The challenge and what else the answer is held against.
    pub state: String,
    /// How long it is good.
    pub good_for: Duration,
}

/// Where passkeys and their ceremonies are kept.
#[async_trait]
pub trait Passkeys: Send + Sync + 'static {
    /// The passkey that authenticators name so.
    async fn passkey(&self, handle: &[u8]) -> Result<Option<Passkey>, Unavailable>;

    /// Somebody's passkeys, oldest first.
    async fn passkeys_of(&self, person: Person) -> Result<Vec<Passkey>, Unavailable>;

    /// The passkeys of an org's customer users, oldest first.
    async fn passkeys_in(&self, org: OrgId) -> Result<Vec<Passkey>, Unavailable>;

    /// Starts a browser session for the owner and writes the key down as it is after this use,
    /// atomically. `false` when the passkey is gone, or its key is no longer `was`: of two uses
    /// that saw the same counter, one wins.
    async fn use_passkey(
        &self,
        id: CredentialId,
        was: &str,
        becomes: &str,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable>;

    /// Remembers a ceremony. So that strangers cannot fill the store, the oldest give way when there
    /// are very many.
    async fn begin_ceremony(&self, ceremony: NewCeremony) -> Result<(), Unavailable>;

    /// What was remembered for this browser, once, and only while it is good by store time.
    async fn take_ceremony(&self, browser: SecretHash) -> Result<Option<String>, Unavailable>;
}
