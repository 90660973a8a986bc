//! What service clients come in with: access tokens, and what may be used once. Only hashes are kept.

use async_trait::async_trait;
use countersign_domain::{ClientId, OrgId, Scopes, SecretHash, Thumbprint, Timestamp, has_passed};

use crate::Unavailable;

/// An access token of a service client, about to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClientToken {
    /// The hash of its secret.
    pub hash: SecretHash,
    /// Whose it is.
    pub client: ClientId,
    /// The client's org.
    pub org: OrgId,
    /// What it is for.
    pub scopes: Scopes,
    /// The key that was shown for it: it lives no longer than that key.
    pub key: Thumbprint,
    /// The key that is to be shown with it (RFC 9449); none for a bearer's.
    pub bound_to: Option<Thumbprint>,
    /// Good until then.
    pub expires_at: Timestamp,
}

/// An access token as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientToken {
    /// Whose it is.
    pub client: ClientId,
    /// The client's org.
    pub org: OrgId,
    /// What it is for.
    pub scopes: Scopes,
    /// The key that was shown for it.
    pub key: Thumbprint,
    /// The key that is to be shown with it.
    pub bound_to: Option<Thumbprint>,
    /// Good until then.
    pub expires_at: Timestamp,
    /// Store time at the read.
    pub now: Timestamp,
}

impl ClientToken {
    /// Whether its time has not run out. Whether its client may still come in is the org's to say.
    #[must_use]
    pub fn is_good(&self) -> bool {
        !has_passed(self.expires_at, self.now)
    }
}

/// Where they are kept.
#[async_trait]
pub trait Clients: Send + Sync + 'static {
    /// The org of a service client, also of one that was removed.
    async fn org_of_client(&self, id: ClientId) -> Result<Option<OrgId>, Unavailable>;

    /// Keeps an access token. Some that have run out are forgotten.
    async fn keep_client_token(&self, token: NewClientToken) -> Result<(), Unavailable>;

    /// The access token with this hash, whatever its state, until it is forgotten.
    async fn client_token(&self, hash: SecretHash) -> Result<Option<ClientToken>, Unavailable>;

    /// Ends the access token with this hash if it is this client's: from the answer on, no process finds it.
    async fn end_client_token(&self, hash: SecretHash, of: ClientId) -> Result<(), Unavailable>;

    /// Whether this is the first time that something is used which may be used once: of two that use it,
    /// in whatever processes, one hears yes. It is remembered at least until a moment after which it
    /// is refused for being old.
    async fn first_use(&self, once: SecretHash, until: Timestamp) -> Result<bool, Unavailable>;
}
