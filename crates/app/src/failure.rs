//! Why a use case did not do what was asked.

use countersign_domain::Refusal;
use countersign_store::Unavailable;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A rule says no; nothing has changed.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// Others kept changing the same thing; nothing has changed.
    #[error("too many changes to the same thing at once; nothing has changed")]
    Busy,
    /// A call with this key has been done before; nothing has changed by this one.
    #[error("a call with this key has been done before; its answer is kept")]
    Kept,
    /// The store cannot be reached; nothing has changed.
    #[error("{0}")]
    Unavailable(String),
    /// The store was lost while it was being changed: it may have changed, or not, and may yet.
    #[error("it is not known whether the change was made: {why}")]
    OutcomeUnknown {
        /// Whether access was to be taken away, which then may go on.
        takes_away: bool,
        /// What the store said.
        why: String,
    },
    /// The change is committed, but whether every process has heard of it is not known.
    #[error("the change is recorded, but it is not known to be effective everywhere yet: {0}")]
    EffectUnknown(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Unavailable> for Failure {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error.0)
    }
}
