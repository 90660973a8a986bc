//! What a process needs to know when it starts.

use countersign_domain::{
    Admin, Agent, CaseId, CaseName, EndedSession, Grant, Org, OrgId, Session, Timestamp,
};

use crate::Position;

/// A part of what is live.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "each is handed over once and taken apart, and orgs are the fewest"
)]
pub enum LivePart {
    /// An org.
    Org(Org),
    /// A customer user.
    Admin(Admin),
    /// An agent.
    Agent(Agent),
    /// A grant that has not been revoked, whether or not its time is up.
    Grant {
        /// Its case.
        case: CaseId,
        /// The case's org.
        org: OrgId,
        /// The grant.
        grant: Grant,
    },
    /// A session that nobody and no rule has ended, or one that was ended not long ago.
    Session(Box<StoredSession>),
}

/// A session as it stands, or stood when it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// Its case.
    pub case: CaseId,
    /// What that is called.
    pub name: CaseName,
    /// Its org.
    pub org: OrgId,
    /// The session.
    pub session: Session,
    /// When the last request under it was recorded; its start if there was none.
    pub last_request: Timestamp,
    /// Its end, if somebody or some rule has ended it.
    pub ended: Option<EndedSession>,
}

/// The moment that a consistent read shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The newest event it has seen.
    pub position: Position,
    /// The newest time recorded.
    pub time: Timestamp,
}
