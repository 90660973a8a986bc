//! Sealing what is kept for a caller under a key that only the caller's own secrets make.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{Context, SHA256},
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_domain::SealedSecret;

const INFO: &[u8] = b"countersign kept answer v1";

/// A key that is nowhere stored.
pub(crate) struct Seal(LessSafeKey);

impl Seal {
    /// Derived (HKDF, RFC 5869) from a secret of at least 128 random bits; `salt` need not be secret.
    pub(crate) fn derived(secret: &str, salt: &str) -> Option<Self> {
        let extracted = Salt::new(HKDF_SHA256, salt.as_bytes()).extract(secret.as_bytes());
        let expanded = extracted.expand(&[INFO], &AES_256_GCM).ok()?;
        Some(Self(LessSafeKey::new(UnboundKey::from(expanded))))
    }

    /// Seals `plain`, bound to what it is `about`. The nonce goes in front and is used once.
    pub(crate) fn seal(
        &self,
        random: [u8; 32],
        about: &[u8],
        mut plain: Vec<u8>,
    ) -> Option<Vec<u8>> {
        let (nonce, _) = random.split_first_chunk::<NONCE_LEN>()?;
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(about),
                &mut plain,
            )
            .ok()?;
        let mut sealed = nonce.to_vec();
        sealed.append(&mut plain);
        Some(sealed)
    }

    /// What was sealed with this key about the same thing.
    pub(crate) fn open(&self, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut rest = rest.to_vec();
        let plain = self
            .0
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(about),
                &mut rest,
            )
            .ok()?;
        Some(plain.to_vec())
    }
}

/// Seals what has to be read again by whoever serves, under a key of the deployment that is not in the database:
/// the secrets that we show to others.
pub struct Sealer(Seal);

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

impl Sealer {
    /// The fewest characters that a key may have: 128 random bits in hexadecimal.
    pub const SHORTEST_KEY: usize = 32;

    /// With the deployment's key; none when that is too short to be one.
    #[must_use]
    pub fn new(key: &str) -> Option<Self> {
        let key = key.trim();
        if key.len() < Self::SHORTEST_KEY {
            return None;
        }
        Seal::derived(key, "countersign secrets v1").map(Self)
    }

    /// Seals a text, bound to what it is `about`.
    pub(crate) fn seal(&self, random: [u8; 32], about: &[u8], plain: &str) -> Option<SealedSecret> {
        let sealed = self.0.seal(random, about, plain.as_bytes().to_vec())?;
        SealedSecret::parse(&URL_SAFE_NO_PAD.encode(sealed)).ok()
    }

    /// The text that was sealed with this key about the same thing.
    pub(crate) fn open(&self, about: &[u8], sealed: &SealedSecret) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed.as_str()).ok()?;
        String::from_utf8(self.0.open(about, &sealed)?).ok()
    }
}

/// SHA-256 over the parts, each with its length in front: no two lists of parts read the same.
#[must_use]
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] = br#"{"token":"cst_x"}"#;

    #[test]
    fn only_the_same_secrets_open_what_they_sealed() {
        let seal = Seal::derived("cst_secret", "key-1").unwrap();
        let sealed = seal.seal([7; 32], b"about", ANSWER.to_vec()).unwrap();
        assert!(!sealed.windows(5).any(|window| window == b"token"));
        assert_eq!(seal.open(b"about", &sealed).as_deref(), Some(ANSWER));
        let again = Seal::derived("cst_secret", "key-1").unwrap();
        assert_eq!(again.open(b"about", &sealed).as_deref(), Some(ANSWER));
        for (secret, salt, about) in [
            ("cst_other", "key-1", b"about"),
            ("cst_secret", "key-2", b"about"),
            ("cst_secret", "key-1", b"other"),
        ] {
            let other = Seal::derived(secret, salt).unwrap();
            assert_eq!(other.open(about, &sealed), None, "{secret} {salt}");
        }
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert_eq!(seal.open(b"about", &bent), None, "byte {at}");
        }
        assert_eq!(seal.open(b"about", &sealed[..11]), None);
    }

    #[test]
    fn a_secret_is_read_with_the_key_and_about_the_thing_it_was_sealed_for() {
        let sealer = Sealer::new(&"k".repeat(32)).unwrap();
        let sealed = sealer.seal([1; 32], b"acme", "s3cret").unwrap();
        assert!(!sealed.as_str().contains("s3cret"));
        assert_eq!(sealer.open(b"acme", &sealed).as_deref(), Some("s3cret"));
        assert_eq!(sealer.open(b"evil", &sealed), None);
        let other = Sealer::new(&"l".repeat(32)).unwrap();
        assert_eq!(other.open(b"acme", &sealed), None);
        assert!(Sealer::new(&format!(" {} ", "k".repeat(31))).is_none());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        assert_ne!(digest(&[b"ab"]), digest(&[b"ab", b""]));
        assert_eq!(digest(&[b"ab", b"c"]), digest(&[b"ab", b"c"]));
    }
}
