//! What people list.

use countersign_domain::{
    AdminId, AgentId, CaseId, CaseNumber, CredentialId, CredentialOwner, OrgId, SessionId, State,
    Timestamp,
};

use crate::{Credential, Position};

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

/// Whose sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionsOf {
    /// Those on an org's cases.
    Org(OrgId),
    /// Those on the cases an admin opened.
    OpenedBy(AdminId),
    /// An agent's own.
    Agent(AgentId),
}

/// A listing of sessions that nobody and no rule has ended, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionQuery {
    /// Whose.
    pub of: SessionsOf,
    /// Only sessions after this one.
    pub after: Option<SessionId>,
    /// At most this many.
    pub limit: usize,
}

/// A page of sessions. The clock may have ended some of them.
#[derive(Clone, Debug)]
pub struct SessionPage {
    /// Their cases and everyone those mention.
    pub state: State,
    /// The sessions of this page, in order.
    pub sessions: Vec<ListedSession>,
    /// Whether there are more.
    pub more: bool,
    /// Store time at the read.
    pub now: Timestamp,
    /// The newest position that took something away, at the read.
    pub barrier: Position,
}

/// A session of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedSession {
    /// The session.
    pub session: SessionId,
    /// Its case.
    pub case: CaseId,
    /// When the last request under it was recorded; its start if there was none.
    pub last_request: Timestamp,
}

/// Whose credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialsOf {
    /// Everyone's.
    All,
    /// Those of the customer users of an org.
    Org(OrgId),
    /// Those of one owner.
    Owner(CredentialOwner),
}

/// A listing of credentials, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CredentialQuery {
    /// Whose.
    pub of: CredentialsOf,
    /// Only credentials after this one in the list, that is older ones.
    pub after: Option<CredentialId>,
    /// At most this many.
    pub limit: usize,
}

/// A page of credentials.
#[derive(Clone, Debug)]
pub struct CredentialPage {
    /// The credentials, newest first.
    pub credentials: Vec<Credential>,
    /// Their owners, as far as they are people, with their orgs.
    pub state: State,
    /// Whether there are more.
    pub more: bool,
}

/// What a directory lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryOf {
    /// Orgs, by short name.
    Orgs,
    /// The customer users of an org, by address.
    Admins(OrgId),
    /// Agents, by address.
    Agents,
}

/// A listing of orgs or people, ascending by short name or address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryQuery {
    /// Of what.
    pub of: DirectoryOf,
    /// Only what comes after this short name or address.
    pub after: Option<String>,
    /// At most this many.
    pub limit: usize,
}

/// A page of a directory.
#[derive(Clone, Debug)]
pub struct DirectoryPage {
    /// The orgs or people of this page; people with their orgs.
    pub state: State,
    /// Whether there are more.
    pub more: bool,
}
