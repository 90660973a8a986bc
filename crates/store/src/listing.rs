//! What people list.

use countersign_domain::{AdminId, AgentId, CaseId, CaseNumber, OrgId, State, Timestamp};

use crate::Position;

/// Whose view of the cases (R4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Every case (operators).
    All,
    /// Every case of an org (super admins).
    Org(OrgId),
    /// The cases an admin opened.
    OpenedBy(AdminId),
    /// The cases whose team an agent is on.
    Team(AgentId),
}

/// Which cases by status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusFilter {
    /// All.
    Any,
    /// Open ones.
    Open,
    /// Closed ones.
    Closed,
    /// Open ones in which a grant or a session could still end.
    Reachable,
}

/// A listing of cases, ascending by number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseQuery {
    /// Whose view.
    pub viewer: Viewer,
    /// Which.
    pub status: StatusFilter,
    /// Only numbers after this one.
    pub after: Option<CaseNumber>,
    /// At most this many.
    pub limit: usize,
}

/// A page of cases.
#[derive(Clone, Debug)]
pub struct CasePage {
    /// The cases and everyone they mention.
    pub state: State,
    /// The cases of this page, in order.
    pub cases: Vec<CaseId>,
    /// Whether there are more.
    pub more: bool,
    /// Store time at the read.
    pub now: Timestamp,
    /// The newest position that took something away, at the read.
    pub barrier: Position,
}

/// An entry as it stands on the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place in the org's log, from 0.
    pub index: u64,
    /// The RFC 6962 leaf hash of `encoded`.
    pub leaf_hash: [u8; 32],
    /// The canonical encoding.
    pub encoded: Vec<u8>,
}
