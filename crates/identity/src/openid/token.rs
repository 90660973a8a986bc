//! What an OpenID provider signs: whether it is for us, about this sign-in, and of now.
//!
//! The library verifies signature, issuer and audience. Times are judged here, by store time, and so is
//! what OpenID Connect says beyond JWT.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_domain::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation, decode, decode_header,
    jwk::{Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a signature may be. None that is made with a secret both sides know, and `none` is no name of one.
const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::ES256,
    Algorithm::EdDSA,
];
/// By how much the clocks may differ: seconds.
pub const LEEWAY: i64 = 60;
/// How old an ID token may be: it comes right from the token endpoint. Seconds.
const OLDEST: i64 = 600;

/// How old a logout token may be: it is sent at once. Seconds.
pub(super) const OLDEST_LOGOUT: i64 = 120;
/// What a logout token says has happened.
const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is not a signed token.
    #[error("it does not read")]
    Unreadable,
    /// It is signed in a way that is not taken.
    #[error("it is signed by an algorithm that is not taken")]
    Algorithm,
    /// None of the provider's keys is the one it names.
    #[error("none of the provider's keys is the one it names")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("its signature does not verify")]
    Signature,
    /// It is another issuer's.
    #[error("it is another issuer's")]
    Issuer,
    /// It is for somebody else.
    #[error("it is for another client")]
    Audience,
    /// It is of another sign-in.
    #[error("it is of another sign-in")]
    Nonce,
    /// Its time is over.
    #[error("its time is over, or it was made too long ago")]
    Expired,
    /// Its time has not come.
    #[error("it is of a later time")]
    Early,
    /// It is not of the access token it came with.
    #[error("it is not of the access token it came with")]
    AccessToken,
    /// Whoever it is of acts for somebody else (R3).
    #[error("it says that somebody else acts")]
    Acts,
    /// It tells of something else.
    #[error("it tells of something else")]
    Otherwise,
}

/// What an ID token says, as far as anybody here looks at it.
#[derive(Clone, Debug, Deserialize)]
pub struct IdToken {
    /// Who.
    pub sub: String,
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    at_hash: Option<String>,
    /// Their session at the provider.
    pub(super) sid: Option<String>,
    /// When they showed it who they are: seconds.
    pub(super) auth_time: Option<i64>,
    /// In which context.
    pub(super) acr: Option<String>,
    /// By which methods.
    #[serde(default)]
    pub(super) amr: Vec<String>,
    #[serde(flatten)]
    pub(super) person: Person,
}

/// What a token or the userinfo endpoint says about somebody.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Person {
    pub(super) email: Option<String>,
    email_verified: Option<Value>,
    #[serde(default, deserialize_with = "there")]
    pub(super) act: bool,
    pub(super) name: Option<String>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

impl Person {
    /// What a claim says: texts, one or several.
    pub(super) fn values(&self, claim: &str) -> Option<Vec<&str>> {
        match self.more.get(claim)? {
            Value::String(text) => Some(vec![text]),
            Value::Array(all) => Some(all.iter().filter_map(Value::as_str).collect()),
            _ => None,
        }
    }

    /// This, and of `other` what it lacks.
    pub(super) fn or(self, other: Self) -> Self {
        let (email, email_verified) = match self.email {
            Some(email) => (Some(email), self.email_verified),
            None => (other.email, other.email_verified),
        };
        let mut more = other.more;
        more.extend(self.more);
        Self {
            email,
            email_verified,
            act: self.act || other.act,
            name: self.name.or(other.name),
            more,
        }
    }

    /// The address that the provider vouches for.
    pub(super) fn verified_email(&self) -> Option<&str> {
        // Some providers write it as text.
        let verified = match &self.email_verified {
            Some(Value::Bool(verified)) => *verified,
            Some(Value::String(text)) => text == "true",
            _ => false,
        };
        self.email.as_deref().filter(|_| verified)
    }
}

/// Whatever stands there, it stands there.
fn there<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Value::deserialize(from).map(|_| true)
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    Several(Vec<String>),
    /// Which one the library has judged.
    One(serde::de::IgnoredAny),
}

/// What an ID token is held against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// What the issuer knows us by.
    pub client: &'a str,
    /// What the sign-in began with.
    pub nonce: &'a str,
    /// The access token it came with.
    pub access_token: Option<&'a str>,
    /// Store time.
    pub now: Timestamp,
}

/// Judges an ID token (OpenID Connect Core 1.0 section 3.1.3.7).
///
/// # Errors
/// Why it is not taken; [`BadToken::UnknownKey`] where newer keys may change that.
pub fn id_token(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<IdToken, BadToken> {
    let (said, algorithm) =
        signed::<IdToken>(token, "JWT", keys, expected.issuer, expected.client)?;
    if said.person.act {
        return Err(BadToken::Acts);
    }
    // The library takes a list that ours is in.
    if said.iss != expected.issuer {
        return Err(BadToken::Issuer);
    }
    let several = matches!(&said.aud, Audience::Several(all) if all.len() != 1);
    let by_us = said.azp.as_deref().map(|azp| azp == expected.client);
    if by_us == Some(false) || (several && by_us.is_none()) {
        return Err(BadToken::Audience);
    }
    if said.nonce.as_deref() != Some(expected.nonce) {
        return Err(BadToken::Nonce);
    }
    timely(said.iat, said.exp, said.nbf, OLDEST, expected.now)?;
    if said.sub.is_empty() || said.sub.len() > 255 {
        return Err(BadToken::Unreadable);
    }
    match (&said.at_hash, expected.access_token) {
        (Some(hash), Some(access)) if *hash != half_hash(algorithm, access) => {
            Err(BadToken::AccessToken)
        }
        _ => Ok(said),
    }
}

/// What a logout token says, as far as anybody here looks at it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct LogoutToken {
    /// Who.
    pub(super) sub: Option<String>,
    /// Which session of theirs there.
    pub(super) sid: Option<String>,
    pub(super) jti: String,
    iss: String,
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
    events: BTreeMap<String, Value>,
    #[serde(default, deserialize_with = "there")]
    nonce: bool,
}

/// Judges a logout token (OpenID Connect Back-Channel Logout 1.0 section 2.6). It names somebody, or a session of
/// theirs at the provider.
pub(super) fn logout_token(
    token: &str,
    keys: &[Jwk],
    issuer: &str,
    client: &str,
    now: Timestamp,
) -> Result<LogoutToken, BadToken> {
    let (said, _) = signed::<LogoutToken>(token, "logout+jwt", keys, issuer, client)?;
    if said.iss != issuer {
        return Err(BadToken::Issuer);
    }
    let empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    if empty(&said.sub) && empty(&said.sid) {
        return Err(BadToken::Unreadable);
    }
    // With a nonce it would be an ID token.
    if said.nonce || !said.events.get(LOGOUT).is_some_and(Value::is_object) {
        return Err(BadToken::Otherwise);
    }
    timely(said.iat, said.exp, said.nbf, OLDEST_LOGOUT, now)?;
    Ok(said)
}

/// The claims of a token that is signed by one of these keys, by this issuer and for this client.
fn signed<T: serde::de::DeserializeOwned>(
    token: &str,
    kind: &str,
    keys: &[Jwk],
    issuer: &str,
    client: &str,
) -> Result<(T, Algorithm), BadToken> {
    let header = header(token, kind)?;
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[client]);
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    // By store time, below.
    validation.validate_exp = false;
    let key = key_of(&header, keys)?;
    let decoded = decode::<T>(token, &key, &validation).map_err(|error| bad(&error))?;
    Ok((decoded.claims, header.alg))
}

fn header(token: &str, kind: &str) -> Result<Header, BadToken> {
    // A name that the library does not know, such as `none`, does not read either.
    let header = decode_header(token).map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::Json(_) => BadToken::Algorithm,
        _ => BadToken::Unreadable,
    })?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(BadToken::Algorithm);
    }
    let other_kind = header.typ.as_deref().is_some_and(|said| {
        ![kind, "JWT"]
            .iter()
            .any(|kind| said.eq_ignore_ascii_case(kind))
    });
    if header.crit.is_some() || other_kind {
        return Err(BadToken::Unreadable);
    }
    Ok(header)
}

/// The key that a header names, or the only one that it can mean.
fn key_of(header: &Header, keys: &[Jwk]) -> Result<DecodingKey, BadToken> {
    let fits = |key: &&Jwk| {
        let named = header.kid.is_none() || key.common.key_id == header.kid;
        let signs = matches!(
            key.common.public_key_use,
            None | Some(PublicKeyUse::Signature)
        );
        let algorithm = key.common.key_algorithm;
        named && signs && algorithm.is_none_or(|algorithm| is(algorithm, header.alg))
    };
    let mut fitting = keys.iter().filter(fits).filter_map(|key| {
        let key = DecodingKey::from_jwk(key).ok()?;
        (key.family() == header.alg.family()).then_some(key)
    });
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Ok(key),
        _ => Err(BadToken::UnknownKey),
    }
}

fn is(key: KeyAlgorithm, algorithm: Algorithm) -> bool {
    matches!(
        (key, algorithm),
        (KeyAlgorithm::RS256, Algorithm::RS256)
            | (KeyAlgorithm::PS256, Algorithm::PS256)
            | (KeyAlgorithm::ES256, Algorithm::ES256)
            | (KeyAlgorithm::EdDSA, Algorithm::EdDSA)
    )
}

fn bad(error: &jsonwebtoken::errors::Error) -> BadToken {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidSignature => BadToken::Signature,
        ErrorKind::InvalidIssuer => BadToken::Issuer,
        ErrorKind::InvalidAudience => BadToken::Audience,
        ErrorKind::InvalidAlgorithm => BadToken::Algorithm,
        _ => BadToken::Unreadable,
    }
}

fn timely(
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
    oldest: i64,
    now: Timestamp,
) -> Result<(), BadToken> {
    let now = now.as_millis().div_euclid(1_000);
    if exp.saturating_add(LEEWAY) <= now || iat.saturating_add(oldest) <= now {
        return Err(BadToken::Expired);
    }
    let latest = now.saturating_add(LEEWAY);
    if iat > latest || nbf.is_some_and(|nbf| nbf > latest) {
        return Err(BadToken::Early);
    }
    Ok(())
}

/// The left half of the hash of an access token (section 3.1.3.6). With `EdDSA` the hash is the one of Ed25519.
fn half_hash(algorithm: Algorithm, access_token: &str) -> String {
    let hash = match algorithm {
        Algorithm::EdDSA => digest(&SHA512, access_token.as_bytes()),
        _ => digest(&SHA256, access_token.as_bytes()),
    };
    let whole = hash.as_ref();
    URL_SAFE_NO_PAD.encode(whole.get(..whole.len() / 2).unwrap_or_default())
}
