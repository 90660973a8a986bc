//! Answers kept for calls that are repeated with the same key. They are sealed under a key that the
//! store does not have.

use countersign_domain::Timestamp;

/// An answer about to be kept, in the same transaction as the events that it tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKept {
    /// What the call is known by: a hash over its caller, its endpoint and its key.
    pub slot: [u8; 32],
    /// A hash over the request.
    pub fingerprint: [u8; 32],
    /// The answer, sealed.
    pub sealed: Vec<u8>,
    /// Kept until then.
    pub expires_at: Timestamp,
}

/// An answer as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The hash over the request that was answered.
    pub fingerprint: [u8; 32],
    /// The answer, sealed.
    pub sealed: Vec<u8>,
}
