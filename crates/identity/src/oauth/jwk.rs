//! Public keys as JWKs (RFC 7517), read once and held to what is good enough: RSA of 2048 to 4096 bits, the
//! curves P-256 and P-384, and Ed25519. The kind of a key says which algorithms it may be used with, never a
//! token's own word.

use std::fmt;

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
        RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
        RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_domain::{MOST_KEYS, NewClientKey, Thumbprint};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The largest set that is looked at, in bytes.
const LARGEST: usize = 64 * 1024;

/// Members that only private and secret keys have.
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key that is good enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    /// RSA: modulus and exponent, without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// On P-256: both coordinates.
    P256 { x: Vec<u8>, y: Vec<u8> },
    /// On P-384: both coordinates.
    P384 { x: Vec<u8>, y: Vec<u8> },
    /// Ed25519.
    Ed25519 { x: Vec<u8> },
}

/// Why a key or a set of keys is not taken, in words for whoever gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// Not a JWK set, nor a JWK.
    Form(String),
    /// A private or secret key: it is known to others now.
    Private,
    /// A shared secret, which could sign for us as well.
    Symmetric,
    /// A kind of key, or a size, that is not taken.
    Unsupported(String),
    /// For something else than signatures.
    Use,
    /// No key at all.
    Empty,
    /// More than there may be.
    TooMany,
    /// The same key twice.
    Twice,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(what) => write!(
                f,
                "must be a JWK set, {{\"keys\": [{{\"kty\": …}}]}}, or one JWK: {what}"
            ),
            Self::Private => f.write_str(
                "holds a private key. It was not kept, but whoever saw this call could use it: \
                 throw that key away, make another, and send its public half only",
            ),
            Self::Symmetric => f.write_str(
                "holds a symmetric key (kty \"oct\"). It was not kept, but it is no secret any more: make a key pair, \
                 and send its public half",
            ),
            Self::Unsupported(what) => write!(
                f,
                "holds a key that is not taken ({what}): RSA of 2048 to 4096 bits with an exponent of at most 3 bytes, \
                 EC on P-256 or P-384, and Ed25519 are"
            ),
            Self::Use => f.write_str("holds a key that is not for signatures (use or key_ops)"),
            Self::Empty => f.write_str("must hold at least one key"),
            Self::TooMany => write!(f, "must hold at most {MOST_KEYS} keys"),
            Self::Twice => f.write_str("holds the same key twice"),
        }
    }
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Map<String, Value>>,
}

/// The public keys of a JWK set, or of one JWK.
///
/// # Errors
/// Why it is not taken; none of it is then.
pub fn read_keys(given: &Value) -> Result<Vec<NewClientKey>, KeyError> {
    let keys = match given {
        Value::Object(members) if members.contains_key("keys") => {
            let set: Set = Deserialize::deserialize(given)
                .map_err(|error: serde_json::Error| KeyError::Form(error.to_string()))?;
            set.keys
        }
        Value::Object(members) => vec![members.clone()],
        _ => return Err(KeyError::Form("this is no JSON object".to_owned())),
    };
    // Before anything else is said about them: whoever sent one must hear it.
    if keys.iter().any(is_symmetric) {
        return Err(KeyError::Symmetric);
    }
    if keys.iter().any(is_private) {
        return Err(KeyError::Private);
    }
    match keys.len() {
        0 => return Err(KeyError::Empty),
        1..=MOST_KEYS => {}
        _ => return Err(KeyError::TooMany),
    }
    let mut read: Vec<NewClientKey> = vec![];
    for members in &keys {
        let key = PublicKey::read(members)?;
        let new = NewClientKey {
            thumbprint: key.thumbprint(),
            kid: kid(members)?,
            jwk: key.canonical(),
        };
        if read.iter().any(|one| one.thumbprint == new.thumbprint) {
            return Err(KeyError::Twice);
        }
        read.push(new);
    }
    Ok(read)
}

/// The same, of JSON as text.
///
/// # Errors
/// Why it is not taken.
pub fn read_keys_text(text: &str) -> Result<Vec<NewClientKey>, KeyError> {
    if text.len() > LARGEST {
        return Err(KeyError::Form(format!("it has more than {LARGEST} bytes")));
    }
    if text.contains("PRIVATE KEY") {
        return Err(KeyError::Private);
    }
    let given = serde_json::from_str(text).map_err(|error| KeyError::Form(error.to_string()))?;
    read_keys(&given)
}

fn is_symmetric(members: &Map<String, Value>) -> bool {
    members.get("kty").and_then(Value::as_str) == Some("oct")
}

fn is_private(members: &Map<String, Value>) -> bool {
    PRIVATE.iter().any(|member| members.contains_key(*member))
}

fn kid(members: &Map<String, Value>) -> Result<Option<String>, KeyError> {
    match members.get("kid") {
        None => Ok(None),
        Some(Value::String(kid)) if kid.len() <= 200 && !kid.chars().any(char::is_control) => {
            Ok(Some(kid.clone()))
        }
        Some(_) => Err(KeyError::Form(
            "a kid is a text of at most 200 bytes".to_owned(),
        )),
    }
}

impl PublicKey {
    /// Reads a JWK.
    ///
    /// # Errors
    /// Why it is not taken.
    pub(crate) fn read(members: &Map<String, Value>) -> Result<Self, KeyError> {
        if is_symmetric(members) {
            return Err(KeyError::Symmetric);
        }
        if is_private(members) {
            return Err(KeyError::Private);
        }
        signs(members)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let bytes = |name: &str| {
            text(name)
                .and_then(|value| URL_SAFE_NO_PAD.decode(value).ok())
                .ok_or_else(|| KeyError::Form(format!("\"{name}\" is not in base64url")))
        };
        let key = match (text("kty"), text("crv")) {
            (Some("RSA"), _) => Self::Rsa {
                n: trimmed(bytes("n")?),
                e: trimmed(bytes("e")?),
            },
            (Some("EC"), Some("P-256")) => Self::P256 {
                x: bytes("x")?,
                y: bytes("y")?,
            },
            (Some("EC"), Some("P-384")) => Self::P384 {
                x: bytes("x")?,
                y: bytes("y")?,
            },
            (Some("OKP"), Some("Ed25519")) => Self::Ed25519 { x: bytes("x")? },
            (Some("EC" | "OKP"), Some(curve)) => {
                return Err(KeyError::Unsupported(format!("the curve {curve:.40}")));
            }
            (Some(kind), _) => return Err(KeyError::Unsupported(format!("kty {kind:.40}"))),
            (None, _) => return Err(KeyError::Form("a key has no \"kty\"".to_owned())),
        };
        key.is_good()?;
        match text("alg").map(Algorithm::parse) {
            Some(Some(alg)) if key.fits(alg) => Ok(key),
            None => Ok(key),
            Some(_) => Err(KeyError::Unsupported(
                "an alg that does not go with the key".to_owned(),
            )),
        }
    }

    /// Whether it is large enough, and on its curve. An RSA key that is larger than anybody needs, or has a large
    /// exponent, makes a costly thing of each signature that somebody makes up.
    fn is_good(&self) -> Result<(), KeyError> {
        let parsed = |algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]| {
            ParsedPublicKey::new(algorithm, bytes)
                .map(|_| ())
                .map_err(|_| KeyError::Unsupported("no point on its curve".to_owned()))
        };
        match self {
            Self::Rsa { n, e } => {
                let bits = bits(n);
                if !(2048..=4096).contains(&bits) {
                    return Err(KeyError::Unsupported(format!("RSA of {bits} bits")));
                }
                let odd = e.last().is_some_and(|last| last % 2 == 1);
                if !odd || e.len() > 3 || e.as_slice() == [1] {
                    return Err(KeyError::Unsupported("an RSA exponent".to_owned()));
                }
                Ok(())
            }
            Self::P256 { x, y } if x.len() == 32 && y.len() == 32 => {
                parsed(&ECDSA_P256_SHA256_FIXED, &point(x, y))
            }
            Self::P384 { x, y } if x.len() == 48 && y.len() == 48 => {
                parsed(&ECDSA_P384_SHA384_FIXED, &point(x, y))
            }
            Self::Ed25519 { x } if x.len() == 32 => parsed(&ED25519, x),
            _ => Err(KeyError::Unsupported(
                "coordinates of another length than its curve has".to_owned(),
            )),
        }
    }

    /// Whether a signature by this algorithm can be this key's.
    pub(crate) fn fits(&self, algorithm: Algorithm) -> bool {
        use Algorithm::{EdDsa, Es256, Es384, Ps256, Ps384, Ps512, Rs256, Rs384, Rs512};
        matches!(
            (self, algorithm),
            (
                Self::Rsa { .. },
                Rs256 | Rs384 | Rs512 | Ps256 | Ps384 | Ps512
            ) | (Self::P256 { .. }, Es256)
                | (Self::P384 { .. }, Es384)
                | (Self::Ed25519 { .. }, EdDsa)
        )
    }

    /// Whether `signature` over `message` by this algorithm is this key's.
    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        if !self.fits(algorithm) {
            return false;
        }
        let by = |algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]| {
            UnparsedPublicKey::new(algorithm, bytes)
                .verify(message, signature)
                .is_ok()
        };
        match self {
            Self::Rsa { n, e } => algorithm.rsa().is_some_and(|parameters| {
                RsaPublicKeyComponents { n, e }
                    .verify(parameters, message, signature)
                    .is_ok()
            }),
            Self::P256 { x, y } => by(&ECDSA_P256_SHA256_FIXED, &point(x, y)),
            Self::P384 { x, y } => by(&ECDSA_P384_SHA384_FIXED, &point(x, y)),
            Self::Ed25519 { x } => by(&ED25519, x),
        }
    }

    /// The JWK with its required members only, in the order of their names (RFC 7638 section 3).
    pub(crate) fn canonical(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        // Members of a map stand in the order of their names.
        let jwk = match self {
            Self::Rsa { n, e } => json!({"e": text(e), "kty": "RSA", "n": text(n)}),
            Self::P256 { x, y } => {
                json!({"crv": "P-256", "kty": "EC", "x": text(x), "y": text(y)})
            }
            Self::P384 { x, y } => {
                json!({"crv": "P-384", "kty": "EC", "x": text(x), "y": text(y)})
            }
            Self::Ed25519 { x } => json!({"crv": "Ed25519", "kty": "OKP", "x": text(x)}),
        };
        jwk.to_string()
    }

    /// The SHA-256 thumbprint (RFC 7638).
    pub(crate) fn thumbprint(&self) -> Thumbprint {
        Thumbprint::new(hashed(self.canonical().as_bytes()))
    }
}

/// SHA-256 in base64url.
pub(crate) fn hashed(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

/// What a key says it is for must be to verify.
fn signs(members: &Map<String, Value>) -> Result<(), KeyError> {
    let used = members.get("use").is_none_or(|what| what == "sig");
    let verifies = members.get("key_ops").is_none_or(|operations| {
        let operations = operations.as_array();
        operations.is_some_and(|all| all.iter().any(|one| one == "verify"))
    });
    if used && verifies {
        Ok(())
    } else {
        Err(KeyError::Use)
    }
}

fn trimmed(bytes: Vec<u8>) -> Vec<u8> {
    bytes.into_iter().skip_while(|byte| *byte == 0).collect()
}

fn bits(bytes: &[u8]) -> usize {
    bytes.first().map_or(0, |first| {
        let leading = usize::try_from(first.leading_zeros()).unwrap_or_default();
        bytes.len() * 8 - leading
    })
}

/// Uncompressed (SEC 1 section 2.3.3).
fn point(x: &[u8], y: &[u8]) -> Vec<u8> {
    [&[4], x, y].concat()
}

/// The algorithms that are taken: asymmetric ones, and never `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    /// Their names (RFC 7518 section 3.1, RFC 8037 section 3.1), for metadata.
    pub(crate) const NAMES: [&str; 9] = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
    ];

    /// The algorithm of that name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            // RFC 9864 calls it by the curve.
            "EdDSA" | "Ed25519" => Self::EdDsa,
            _ => return None,
        })
    }

    fn rsa(self) -> Option<&'static RsaParameters> {
        Some(match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
            Self::Ps384 => &RSA_PSS_2048_8192_SHA384,
            Self::Ps512 => &RSA_PSS_2048_8192_SHA512,
            Self::Es256 | Self::Es384 | Self::EdDsa => return None,
        })
    }
}

#[cfg(test)]
mod tests;
