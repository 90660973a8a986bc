//! Loading what a decision looks at.

use countersign_domain::{
    AdminId, AgentId, CaseId, CaseNumber, CredentialId, Email, OrgId, SessionId, Slug, State,
    StreamId, Timestamp,
};

use crate::{Position, Version};

/// What to load. A key that names nothing loads nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// An org.
    Org(OrgId),
    /// An org by its short name.
    Slug(Slug),
    /// A customer user, with the org.
    Admin(AdminId),
    /// A customer user by org and address, with the org.
    AdminEmail(Slug, Email),
    /// An agent.
    Agent(AgentId),
    /// An agent by address.
    AgentEmail(Email),
    /// A case, with its org and everyone it mentions.
    Case(CaseId),
    /// A case by number, with its org and everyone it mentions.
    CaseNumber(CaseNumber),
    /// The case a session belongs to, with its org and everyone it mentions.
    Session(SessionId),
    /// Every case of an org in which a grant or a session could still end.
    ReachableCases(Slug),
    /// Every case with a session on behalf of this customer user.
    SubjectSessions(Slug, Email),
    /// Every case with a session of this agent.
    AgentSessions(Email),
    /// A credential of a customer user, with its owner and the org.
    Credential(CredentialId),
    /// Every customer user of an org and every passkey of theirs: whoever can act for it (R3).
    Keyholders(Slug),
}

/// A consistent part of the state.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The part.
    pub state: State,
    /// The version of every stream in it, and of [`StreamId::Operators`], which no key names.
    pub versions: Vec<(StreamId, Version)>,
    /// Store time at the read.
    pub now: Timestamp,
    /// The newest position at the read.
    pub head: Position,
    /// The newest position that took something away, at the read. An answer made from this slice
    /// must not be given before that position is effective everywhere.
    pub barrier: Position,
}
