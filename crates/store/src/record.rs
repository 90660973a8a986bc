//! Entries of requests, and the fence that guards them (R18, DESIGN section 4).

use countersign_domain::{OrgId, SessionId, Timestamp};
use countersign_entries::{Outcome, RequestLine};

/// An entry about to be recorded. Who acts, for whom and on which case is read from the session's
/// own record, not taken from the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Draft {
    /// A request that is to go upstream if the fence lets it.
    Request {
        /// The session.
        session: SessionId,
        /// The request.
        request: RequestLine,
    },
    /// A request that was refused already.
    Refused {
        /// The session.
        session: SessionId,
        /// The request.
        request: RequestLine,
        /// The stable code of the refusal.
        code: String,
    },
    /// How an earlier request went. Recorded whatever has become of session and grant, and of the
    /// lease that request went under; the batch itself needs a lease that holds.
    Outcome {
        /// The session.
        session: SessionId,
        /// How it went.
        outcome: Outcome,
    },
}

impl Draft {
    /// The session it is under.
    #[must_use]
    pub fn session(&self) -> SessionId {
        match self {
            Self::Request { session, .. }
            | Self::Refused { session, .. }
            | Self::Outcome { session, .. } => *session,
        }
    }
}

/// What became of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is durable at this index of the org's log.
    Recorded {
        /// The org.
        org: OrgId,
        /// The index.
        index: u64,
        /// The time recorded.
        at: Timestamp,
    },
    /// The request must not go upstream.
    Fenced(Fence),
}

/// Why the fence holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fence {
    /// The process's lease has ended: nothing of the batch was recorded.
    LeaseLost,
    /// No such session; nothing was recorded for it.
    UnknownSession,
    /// The session was ended, or its grant's period or its own limit is over; recorded as refused.
    Over,
    /// The session went without a request for too long; recorded as refused.
    Idle,
}

impl Fence {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LeaseLost => "not_serving",
            Self::UnknownSession => "session_unknown",
            Self::Over => "session_over",
            Self::Idle => "session_idle",
        }
    }
}
