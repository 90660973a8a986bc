//! Signed tokens that others send (RFC 7515, compact), and the moments in them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_domain::{Duration, Timestamp};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::jwk::{Algorithm, PublicKey};

/// The longest that is looked at, in bytes.
const LONGEST: usize = 16 * 1024;

/// How far the clock of whoever signs may be ahead of ours.
pub(crate) const LEEWAY: Duration = Duration::from_secs(60);

/// A token whose signature has not been looked at yet.
pub(crate) struct Unverified<'a> {
    pub(crate) header: Header,
    signed: &'a str,
    claims: &'a str,
    signature: Vec<u8>,
}

/// The members that are looked at. Whoever makes one twice, or asks for an extension, is refused.
#[derive(Debug, Deserialize)]
pub(crate) struct Header {
    pub(crate) alg: String,
    pub(crate) typ: Option<String>,
    pub(crate) kid: Option<String>,
    pub(crate) jwk: Option<Map<String, Value>>,
    crit: Option<Value>,
}

impl<'a> Unverified<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// What is wrong with its form.
    pub(crate) fn read(token: &'a str) -> Result<Self, &'static str> {
        if token.len() > LONGEST {
            return Err("it is too long");
        }
        let form = "it is not a signed JWT of three parts";
        let (signed, signature) = token.rsplit_once('.').ok_or(form)?;
        let (header, claims) = signed.split_once('.').ok_or(form)?;
        if claims.contains('.') {
            return Err(form);
        }
        let header: Header = json(header).ok_or("its header cannot be read")?;
        if header.crit.is_some() {
            return Err("its header asks for extensions (crit), of which none is known here");
        }
        Ok(Self {
            header,
            signed,
            claims,
            signature: URL_SAFE_NO_PAD.decode(signature).map_err(|_| form)?,
        })
    }

    /// The algorithm it says, if that is one that is taken.
    pub(crate) fn algorithm(&self) -> Result<Algorithm, &'static str> {
        Algorithm::parse(&self.header.alg).ok_or(
            "its alg is not taken: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and EdDSA are",
        )
    }

    /// Whether this key signed it, by an algorithm of its own kind.
    pub(crate) fn is_by(&self, key: &PublicKey, algorithm: Algorithm) -> bool {
        key.verifies(algorithm, self.signed.as_bytes(), &self.signature)
    }

    /// What it claims.
    pub(crate) fn claims<T: DeserializeOwned>(&self) -> Option<T> {
        json(self.claims)
    }
}

fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Seconds since 1970, perhaps with a fraction (RFC 7519 section 2); one that is out of all reason is none.
pub(crate) fn moment<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let Some(number) = Option::<f64>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let year_9999 = 253_402_300_799.0;
    if !(0.0..=year_9999).contains(&number) {
        return Err(serde::de::Error::custom("no moment"));
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "it is within what a moment can be"
    )]
    let millis = (number * 1_000.0) as i64;
    Ok(Some(Timestamp::from_millis(millis)))
}
