//! Loading what a decision looks at.

use countersign_domain::{
    AdminId, AgentId, CaseId, CaseNumber, CredentialId, Email, HostName, MailDomain, OrgId,
    SecretHash, SessionId, Slug, State, StreamId, Timestamp,
};

use crate::{Credential, Position, Version};

/// How many orgs [`Key::MailDomain`] loads at most: to tell that there is more than one.
pub const ORGS_OF_A_DOMAIN: usize = 2;

/// What to load. A key that names nothing loads nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// An org.
    Org(OrgId),
    /// An org by its short name.
    Slug(Slug),
    /// The org with this host name of its own.
    Host(HostName),
    /// A customer user, with the org.
    Admin(AdminId),
    /// A customer user by org and address, with the org.
    AdminEmail(Slug, Email),
    /// An agent.
    Agent(AgentId),
    /// An agent by address.
    AgentEmail(Email),
    /// The agent whom an OpenID provider of the vendor's knows so.
    AgentKnownBy(SecretHash),
    /// Who signed in as an operator with this credential.
    Operator(CredentialId),
    /// A case, with its org and everyone it mentions.
    Case(CaseId),
    /// A case by number, with its org and everyone it mentions.
    CaseNumber(CaseNumber),
    /// Cases by number, with their orgs and everyone they mention.
    CaseNumbers(Vec<CaseNumber>),
    /// The case a session belongs to, with its org and everyone it mentions.
    Session(SessionId),
    /// Every case of an org in which a grant or a session could still end.
    ReachableCases(Slug),
    /// Every case of an org with a session that nobody ended.
    CasesWithSessions(Slug),
    /// Every case with a session on behalf of this customer user.
    SubjectSessions(Slug, Email),
    /// Every case with a session of this agent.
    AgentSessions(Email),
    /// A credential, with its owner.
    Credential(CredentialId),
    /// What tells how many sessions of an agent run: every case with one that nobody ended, the last
    /// request under each, and the version of [`StreamId::Starts`].
    RunningSessions(AgentId),
    /// Every customer user of an org, and every passkey of theirs and whatever its OpenID providers know them by:
    /// whoever can act for it (R3).
    Keyholders(Slug),
    /// Every org whose OpenID providers speak for a domain, up to [`ORGS_OF_A_DOMAIN`].
    MailDomain(MailDomain),
}

/// A consistent part of the state.
#[derive(Clone, Debug)]
pub struct Slice {
    /// The part.
    pub state: State,
    /// The credentials named.
    pub credentials: Vec<Credential>,
    /// The version of every stream in it, of the [`StreamId::Starts`] asked for, and of
    /// [`StreamId::Operators`], which no key names.
    pub versions: Vec<(StreamId, Version)>,
    /// Store time at the read.
    pub now: Timestamp,
    /// The newest position at the read.
    pub head: Position,
    /// The newest position that took something away, at the read. An answer made from this slice
    /// must not be given before that position is effective everywhere.
    pub barrier: Position,
}
