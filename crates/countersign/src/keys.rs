//! The key that signs identity JWTs: made at start, kept in memory only, so that nobody with the
//! database can sign.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_app::{AccessClaims, IdentityClaims, Signer};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use serde_json::json;

/// An Ed25519 key of this process.
pub(crate) struct ProcessKey {
    kid: String,
    jwk: String,
    key: EncodingKey,
}

impl ProcessKey {
    /// A fresh key.
    pub(crate) fn generate() -> Result<Self, aws_lc_rs::error::Unspecified> {
        let pair = Ed25519KeyPair::generate()?;
        let x = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        // RFC 7638 section 3: the required members in lexical order, hashed.
        let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let kid = URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            members.as_bytes(),
        ));
        let jwk = json!({
            "kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid, "alg": "EdDSA", "use": "sig",
        })
        .to_string();
        let der = pair.to_pkcs8v1()?;
        Ok(Self {
            kid,
            jwk,
            key: EncodingKey::from_ed_der(der.as_ref()),
        })
    }

    fn signed(&self, typ: &str, claims: &impl Serialize) -> Option<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.kid.clone());
        encode(&header, claims, &self.key).ok()
    }
}

impl Signer for ProcessKey {
    fn sign(&self, claims: &IdentityClaims<'_>) -> Option<String> {
        self.signed("JWT", claims)
    }

    fn sign_access(&self, claims: &AccessClaims<'_>) -> Option<String> {
        // RFC 9068 section 2.1: so that nobody takes it for the identity that the gateway sends, nor that for it.
        self.signed("at+jwt", claims)
    }

    fn public_key(&self) -> (String, String) {
        (self.kid.clone(), self.jwk.clone())
    }
}

#[cfg(test)]
mod tests {
    use countersign_app::Act;
    use jsonwebtoken::{DecodingKey, Validation, decode, jwk::Jwk};

    use super::*;

    #[test]
    fn what_is_signed_verifies_with_the_published_key() {
        let key = ProcessKey::generate().unwrap();
        let claims = IdentityClaims {
            iss: "http://localhost:8080",
            aud: "http://127.0.0.1:9000",
            sub: "dana@acme.test",
            act: Act {
                sub: "sam@vendor.test",
            },
            org: "acme",
            case: "1001",
            sid: "sess",
            scope: "read",
            iat: 1,
            exp: i64::from(u32::MAX),
            jti: "j",
        };
        let token = key.sign(&claims).unwrap();
        let (kid, jwk) = key.public_key();
        assert_eq!(jsonwebtoken::decode_header(&token).unwrap().kid, Some(kid));
        let jwk: Jwk = serde_json::from_str(&jwk).unwrap();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&["http://127.0.0.1:9000"]);
        let decoded =
            decode::<serde_json::Value>(&token, &DecodingKey::from_jwk(&jwk).unwrap(), &validation)
                .unwrap();
        assert_eq!(decoded.claims["act"]["sub"], "sam@vendor.test");
        assert_eq!(decoded.claims["sub"], "dana@acme.test");
    }
}
