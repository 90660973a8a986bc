//! Appending events.

use countersign_domain::{Actor, CaseName, Event, StreamId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{NewCredential, NewKept, NewPasskey, Unavailable};

/// The place of an event in the whole deployment's history: gapless, from 1.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Position(pub u64);

/// How many events a stream has. Of [`StreamId::Starts`] it is a number that is another one for as
/// long as a session runs that the agent has started since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

impl Version {
    /// A stream without events.
    pub const NONE: Self = Self(0);
}

/// Events to append, with everything they were decided on.
#[derive(Debug)]
pub struct Append<'a> {
    /// Who acted.
    pub actor: Actor,
    /// The moment they were decided at, by store time.
    pub at: Timestamp,
    /// Every stream read or written, with the version seen.
    pub read: &'a [(StreamId, Version)],
    /// What happened.
    pub events: &'a [Event],
    /// Credentials minted by these events.
    pub credentials: &'a [NewCredential],
    /// The answer to keep, for a call that may be repeated.
    pub kept: Option<&'a NewKept>,
    /// The passkey registered by these events.
    pub passkey: Option<&'a NewPasskey>,
}

/// What an append came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The position of the last event appended.
    pub position: Position,
    /// The time recorded.
    pub at: Timestamp,
}

/// Why an append did not happen, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A stream named has moved: load and decide again.
    #[error("a stream has moved since it was read")]
    Conflict,
    /// The call has been done before: an answer is kept under its slot. Judged before anything else.
    #[error("the call has been done: its answer is kept")]
    Kept,
    /// Something that must be unique is taken.
    #[error("{0:?} is taken")]
    Taken(Unique),
    /// A stream is written that was not named; a fault in the caller.
    #[error("the append writes stream {0} without naming it")]
    Unnamed(StreamId),
    /// Nothing was persisted.
    #[error(transparent)]
    NotPersisted(#[from] Unavailable),
    /// It may have been persisted, or may be yet: [settle](crate::Store::settle), load and look before deciding again.
    #[error("the store did not say whether the append was persisted: {0}")]
    Unknown(String),
}

/// What must be unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unique {
    /// An org's slug.
    Slug,
    /// A host name of an org's own.
    Host,
    /// A customer user's address within the org, or an agent's.
    Email,
    /// A case number.
    CaseNumber,
    /// The id by which authenticators name a passkey.
    Passkey,
}

/// One event as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the whole history.
    pub position: Position,
    /// When, by store time.
    pub at: Timestamp,
    /// Who acted.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
    /// What the case is called in which the event starts a session; none for other events.
    pub name: Option<CaseName>,
}
