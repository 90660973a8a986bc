//! A service client's key in software, for tests: it signs whatever it is told to, good or not.

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
        RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A key pair.
#[derive(Debug)]
pub struct SoftClient(Pair);

#[derive(Debug)]
enum Pair {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

#[allow(
    clippy::missing_panics_doc,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
impl SoftClient {
    /// On P-256.
    #[must_use]
    pub fn p256() -> Self {
        Self(Pair::P256(
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"),
        ))
    }

    /// On P-384.
    #[must_use]
    pub fn p384() -> Self {
        Self(Pair::P384(
            EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key"),
        ))
    }

    /// Ed25519.
    #[must_use]
    pub fn ed25519() -> Self {
        Self(Pair::Ed25519(Ed25519KeyPair::generate().expect("a key")))
    }

    /// RSA of 2048 bits.
    #[must_use]
    pub fn rsa() -> Self {
        Self(Pair::Rsa(Box::new(
            RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"),
        )))
    }

    /// The public key as a JWK.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let curve = |name: &str, point: &[u8]| {
            let (x, y) = point[1..].split_at(point.len() / 2);
            json!({"kty": "EC", "crv": name, "x": text(x), "y": text(y)})
        };
        match &self.0 {
            Pair::P256(pair) => curve("P-256", pair.public_key().as_ref()),
            Pair::P384(pair) => curve("P-384", pair.public_key().as_ref()),
            Pair::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref())})
            }
            Pair::Rsa(pair) => {
                let (n, e) = integers(pair.public_key().as_ref());
                json!({"kty": "RSA", "n": text(n), "e": text(e)})
            }
        }
    }

    /// The algorithm that goes with the key.
    #[must_use]
    pub fn alg(&self) -> &'static str {
        match &self.0 {
            Pair::P256(_) => "ES256",
            Pair::P384(_) => "ES384",
            Pair::Ed25519(_) => "EdDSA",
            Pair::Rsa(_) => "RS256",
        }
    }

    /// A JWT with these claims and a header that says no more than the algorithm.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({"alg": self.alg(), "typ": "JWT"}), claims)
    }

    /// A JWT with this very header; an RSA key signs by the algorithm that it names, if it can.
    #[must_use]
    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let random = SystemRandom::new();
        let signature = match &self.0 {
            Pair::P256(pair) | Pair::P384(pair) => {
                let signature = pair.sign(&random, signed.as_bytes()).expect("a signature");
                signature.as_ref().to_vec()
            }
            Pair::Ed25519(pair) => pair.sign(signed.as_bytes()).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let encoding = encoding(header["alg"].as_str().unwrap_or_default());
                pair.sign(encoding, &random, signed.as_bytes(), &mut signature)
                    .expect("a signature");
                signature
            }
        };
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A proof of this key (RFC 9449) with these claims.
    #[must_use]
    pub fn proof(&self, claims: &Value) -> String {
        let header = json!({"alg": self.alg(), "typ": "dpop+jwt", "jwk": self.jwk()});
        self.sign_as(&header, claims)
    }
}

fn encoding(alg: &str) -> &'static dyn RsaEncoding {
    match alg {
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        "PS256" => &RSA_PSS_SHA256,
        "PS384" => &RSA_PSS_SHA384,
        "PS512" => &RSA_PSS_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}

/// The two integers of an RSA public key of 2048 bits in DER (RFC 8017 appendix A.1.1).
#[allow(clippy::indexing_slicing)]
fn integers(der: &[u8]) -> (&[u8], &[u8]) {
    // SEQUENCE, INTEGER of 257 bytes with a zero in front, INTEGER.
    let modulus = &der[8..8 + 257];
    let rest = &der[8 + 257..];
    (&modulus[1..], &rest[2..])
}
