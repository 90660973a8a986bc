//! An authenticator in software, for tests: it answers as a browser with a passkey does, and, when told
//! to, as one that somebody has tampered with.

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const ATTESTED: u8 = 0x40;

/// What is done otherwise than a good browser would.
#[derive(Clone, Debug, Default)]
pub struct Twist {
    /// The user is there and has not been verified.
    pub unverified: bool,
    /// The name the key is used for, instead of the one asked for.
    pub rp_id: Option<String>,
    /// The page is in a frame of another site's.
    pub framed: bool,
    /// The challenge that is answered, instead of the one asked.
    pub challenge: Option<String>,
    /// Whose passkey it is said to be.
    pub user: Option<Vec<u8>>,
    /// The device says that it keeps no discoverable credential.
    pub not_kept: bool,
    /// The counter, instead of the next one.
    pub counter: Option<u32>,
}

/// A device with passkeys.
#[derive(Debug, Default)]
pub struct SoftAuthenticator {
    keys: Vec<Key>,
    /// What it does otherwise from now on.
    pub twist: Twist,
}

#[derive(Debug)]
struct Key {
    id: Vec<u8>,
    user: Vec<u8>,
    pair: EcdsaKeyPair,
    counter: u32,
}

#[allow(
    clippy::missing_panics_doc,
    clippy::expect_used,
    clippy::indexing_slicing
)]
impl SoftAuthenticator {
    /// A device without passkeys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a passkey as `navigator.credentials.create` at `origin`; the answer as JSON.
    pub fn create(&mut self, origin: &str, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let selection = &options["authenticatorSelection"];
        assert_eq!(selection["residentKey"], "required");
        assert_eq!(selection["userVerification"], "required");
        let pair =
            EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key can be made");
        self.answer_with(pair, origin, &options)
    }

    /// Answers with the newest passkey as if it had just been made: what no honest device does.
    pub fn create_again(&mut self, origin: &str, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let pair = self.keys.pop().expect("a key").pair;
        self.answer_with(pair, origin, &options)
    }

    fn answer_with(&mut self, pair: EcdsaKeyPair, origin: &str, options: &Value) -> String {
        let point = pair.public_key().as_ref();
        let id = digest(&SHA256, point).as_ref()[..16].to_vec();
        let key = Key {
            user: decode(&options["user"]["id"]),
            counter: 0,
            id,
            pair,
        };
        let mut data = self.authenticator_data(text(&options["rp"]["id"]), ATTESTED, 0);
        data.extend([0; 16]);
        data.extend((key.id.len() as u16).to_be_bytes());
        data.extend(&key.id);
        data.extend(cose(key.pair.public_key().as_ref()));
        let client_data = self.client_data("webauthn.create", origin, options);
        let answer = json!({
            "id": encode(&key.id),
            "rawId": encode(&key.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": encode(client_data.as_bytes()),
                "attestationObject": encode(&attestation(&data)),
            },
            "clientExtensionResults": {"credProps": {"rk": !self.twist.not_kept}},
        });
        self.keys.push(key);
        answer.to_string()
    }

    /// Uses the newest passkey as `navigator.credentials.get` at `origin`; the answer as JSON.
    pub fn get(&mut self, origin: &str, options: &str) -> String {
        let last = self.keys.len() - 1;
        self.get_with(last, origin, options)
    }

    /// Uses passkey number `which`.
    pub fn get_with(&mut self, which: usize, origin: &str, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        assert_eq!(options["userVerification"], "required");
        let counter = self.twist.counter.unwrap_or(self.keys[which].counter + 1);
        self.keys[which].counter = counter;
        let data = self.authenticator_data(text(&options["rpId"]), 0, counter);
        let client_data = self.client_data("webauthn.get", origin, &options);
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, client_data.as_bytes()).as_ref());
        let key = &self.keys[which];
        // A device has its own randomness; no answer is compared byte for byte.
        #[allow(clippy::disallowed_methods)]
        let random = SystemRandom::new();
        let signature = key.pair.sign(&random, &signed).expect("a signature");
        let user = self.twist.user.as_ref().unwrap_or(&key.user);
        json!({
            "id": encode(&key.id),
            "rawId": encode(&key.id),
            "type": "public-key",
            "response": {
                "clientDataJSON": encode(client_data.as_bytes()),
                "authenticatorData": encode(&data),
                "signature": encode(signature.as_ref()),
                "userHandle": encode(user),
            },
            "clientExtensionResults": {},
        })
        .to_string()
    }

    fn authenticator_data(&self, rp_id: &str, flags: u8, counter: u32) -> Vec<u8> {
        let rp_id = self.twist.rp_id.as_deref().unwrap_or(rp_id);
        let verified = if self.twist.unverified { 0 } else { VERIFIED };
        let mut data = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, origin: &str, options: &Value) -> String {
        let asked = text(&options["challenge"]);
        let mut data = json!({
            "type": kind,
            "challenge": self.twist.challenge.as_deref().unwrap_or(asked),
            "origin": origin,
            "crossOrigin": self.twist.framed,
        });
        if self.twist.framed {
            data["topOrigin"] = "https://evil.test".into();
        }
        data.to_string()
    }
}

/// An ES256 public key in COSE (RFC 9053), from an uncompressed point.
fn cose(point: &[u8]) -> Vec<u8> {
    let (x, y) = point[1..].split_at(32);
    let mut out = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    out.extend(x);
    out.extend([0x22, 0x58, 0x20]);
    out.extend(y);
    out
}

/// `{"fmt": "none", "attStmt": {}, "authData": …}` in CBOR.
fn attestation(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0xa3];
    out.extend(b"\x63fmt\x64none\x67attStmt\xa0\x68authData");
    out.push(0x58);
    out.push(u8::try_from(data.len()).expect("short"));
    out.extend(data);
    out
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text(value)).expect("base64url")
}
