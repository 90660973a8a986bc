//! The least that a decision can be: the token's hash, a look-up, the rules and the clock, written by hand
//! for nothing else. Nobody could revoke anything here, and nothing says who asks.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use countersign_app::hash_secret;
use countersign_store::Clock;

use crate::facts::Facts;

/// What is known of a session: everything that the rules ask, in one place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) blocked: bool,
    pub(crate) revoked: bool,
    pub(crate) agent_active: bool,
    pub(crate) subject_active: bool,
    pub(crate) absolute_until: i64,
    pub(crate) expires_at: i64,
}

#[derive(Debug)]
pub(crate) struct Floor(HashMap<[u8; 32], Known, BuildHasherDefault<FirstBytes>>);

/// A digest is random already.
#[derive(Debug, Default)]
struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Floor {
    pub(crate) fn new(facts: &Facts) -> Self {
        let until = facts.until.as_millis();
        let known = Known {
            blocked: false,
            revoked: false,
            agent_active: true,
            subject_active: true,
            absolute_until: until,
            expires_at: until,
        };
        let digest = |token: &String| *hash_secret(token).as_bytes();
        let all = facts.callers.iter();
        Self(all.map(|caller| (digest(&caller.token), known)).collect())
    }

    pub(crate) fn allows(&self, token: &str, clock: &dyn Clock) -> bool {
        let digest = *hash_secret(token).as_bytes();
        self.0.get(&digest).is_some_and(|known| {
            let now = clock.now().as_millis();
            !known.blocked
                && !known.revoked
                && known.agent_active
                && known.subject_active
                && now < known.absolute_until
                && now < known.expires_at
        })
    }
}
