//! What use cases need from outside: ids, random secrets and a signer. Time comes with the store.

use countersign_domain::{SecretHash, Timestamp};
use serde::Serialize;

/// Ids and randomness.
pub trait Ports: Send + Sync + 'static {
    /// A fresh UUIDv7.
    fn uuid(&self) -> [u8; 16];

    /// 32 bytes from the system's random number generator.
    fn random(&self) -> [u8; 32];
}

/// Signs the identity JWT that goes upstream, and access tokens past the gateway.
pub trait Signer: Send + Sync + 'static {
    /// The JWT over `claims`, in compact form; `None` when signing fails.
    fn sign(&self, claims: &IdentityClaims<'_>) -> Option<String>;

    /// The same for a token past the gateway, whose header says that it is one (`at+jwt`).
    fn sign_access(&self, claims: &AccessClaims<'_>) -> Option<String>;

    /// The key id and the public key as a JWK in JSON.
    fn public_key(&self) -> (String, String);
}

/// What the identity JWT says: who acts (`act`), on whose behalf (`sub`), in which org and case.
#[derive(Clone, Debug, Serialize)]
pub struct IdentityClaims<'a> {
    /// The issuer: the public URL.
    pub iss: &'a str,
    /// The upstream's origin.
    pub aud: &'a str,
    /// The subject's e-mail address.
    pub sub: &'a str,
    /// Who acts (RFC 8693 section 4.1).
    pub act: Act<'a>,
    /// The org's short name.
    pub org: &'a str,
    /// The case number.
    pub case: &'a str,
    /// The impersonation session.
    pub sid: &'a str,
    /// Always `read`: nothing else passes.
    pub scope: &'static str,
    /// Issued at, in seconds.
    pub iat: i64,
    /// Expires, in seconds: at most 60 s later, never past the lease or the session.
    pub exp: i64,
    /// Unique per token; requests of a session within the same second may share one.
    pub jti: &'a str,
}

/// What an access token past the gateway says (RFC 9068): the same, for the resource that it is for, and which client
/// asked for it under which grant.
#[derive(Clone, Debug, Serialize)]
pub struct AccessClaims<'a> {
    /// The issuer: the address of the authorization server.
    pub iss: &'a str,
    /// The resource.
    pub aud: &'a str,
    /// The subject's e-mail address.
    pub sub: &'a str,
    /// Who acts (RFC 8693 section 4.1).
    pub act: Act<'a>,
    /// The agent's id, as the client that asked.
    pub client_id: &'a str,
    /// The org's short name.
    pub org: &'a str,
    /// The case number.
    pub case: &'a str,
    /// The grant.
    pub grant: &'a str,
    /// The impersonation session.
    pub sid: &'a str,
    /// Always `read`.
    pub scope: &'static str,
    /// Issued at, in seconds.
    pub iat: i64,
    /// Expires, in seconds: at most 60 s later, never past what ends the session by the clock.
    pub exp: i64,
    /// Unique per token.
    pub jti: &'a str,
    /// The key that is to be shown with it (RFC 9449 section 6.1); none for a bearer's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation<'a>>,
}

/// The key that a token is bound to.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Confirmation<'a> {
    /// Its SHA-256 thumbprint (RFC 7638).
    pub jkt: &'a str,
}

/// Who acts.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Act<'a> {
    /// The agent's e-mail address.
    pub sub: &'a str,
}

/// A fresh secret: the text that goes out once, and the hash that is kept.
#[derive(Clone)]
pub struct Secret {
    text: String,
    hash: SecretHash,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// 256 random bits behind a prefix that tells scanners and people what it is.
    #[must_use]
    pub fn fresh(ports: &dyn Ports, prefix: &str) -> Self {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let text = format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(ports.random()));
        let hash = hash_secret(&text);
        Self { text, hash }
    }

    /// The text, shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The hash that is kept.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        self.hash
    }
}

/// The hash under which a secret is kept and compared.
#[must_use]
pub fn hash_secret(text: &str) -> SecretHash {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    SecretHash::from_bytes(bytes)
}

/// A whole second at or before a moment, as JWTs count.
#[must_use]
pub fn jwt_seconds(at: Timestamp) -> i64 {
    at.as_millis().div_euclid(1_000)
}
