//! What happened. Events are the truth; everything else is folded from them.

mod belongs;

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    AdminId, AgentId, ApproverId, CaseId, CaseNumber, ClientId, ClientKey, ClientName,
    CredentialId, CredentialKind, CredentialOwner, Email, EndedWhy, Grant, GrantId, HostName,
    IdError, IssuerId, Justification, NewIssuer, OpenIdSubject, OpenedBy, Opener, OperatorPerson,
    OrgId, OrgSettings, PasskeyName, Period, PersonName, Profile, Resource, RevokedWhy, Role,
    Scopes, SealedSecret, SecretHash, Session, SessionId, Slug, Thumbprint, Timestamp, Title,
    TokenId, Upstream,
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Event {
    OrgCreated {
        org: OrgId,
        slug: Slug,
        name: PersonName,
    },
    /// `widened` says that this may let through what was refused before, which ends every grant of the
    /// org: those that its command did not see as well. Events from before it was judged end none.
    UpstreamSet {
        org: OrgId,
        upstream: Upstream,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        widened: bool,
    },
    /// The org's own host names from then on; none when there are none any more.
    HostsSet {
        org: OrgId,
        hosts: Vec<HostName>,
    },
    /// `by` is missing in events from before it was kept.
    SettingsChanged {
        org: OrgId,
        settings: OrgSettings,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AdminId>,
    },
    Blocked {
        org: OrgId,
        by: AdminId,
    },
    Unblocked {
        org: OrgId,
        by: AdminId,
    },
    AdminCreated {
        admin: AdminId,
        org: OrgId,
        email: Email,
        name: PersonName,
        role: Role,
    },
    RoleSet {
        admin: AdminId,
        org: OrgId,
        role: Role,
    },
    AdminActiveSet {
        admin: AdminId,
        org: OrgId,
        active: bool,
    },
    /// Who somebody is, as their org's directory says.
    AdminChanged {
        admin: AdminId,
        org: OrgId,
        email: Email,
        name: PersonName,
        #[serde(default, skip_serializing_if = "Profile::is_empty")]
        profile: Profile,
    },
    /// Their org's directory took them away for good, after they were deactivated.
    AdminRemoved {
        admin: AdminId,
        org: OrgId,
    },
    /// In a claimed org, its own directory made them, or let them act again: they count (R3).
    AdminVouchedFor {
        admin: AdminId,
        org: OrgId,
    },
    AgentCreated {
        agent: AgentId,
        email: Email,
        name: PersonName,
    },
    AgentActiveSet {
        agent: AgentId,
        active: bool,
    },
    /// As for a customer user.
    AgentChanged {
        agent: AgentId,
        email: Email,
        name: PersonName,
        #[serde(default, skip_serializing_if = "Profile::is_empty")]
        profile: Profile,
    },
    AgentRemoved {
        agent: AgentId,
    },
    /// What an OpenID provider of the vendor's knows an agent by; none when that was taken back.
    AgentKnownBy {
        agent: AgentId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<SecretHash>,
    },
    /// An operator signed in as one of the vendor's staff.
    OperatorSignedIn {
        #[serde(flatten)]
        person: OperatorPerson,
    },
    /// A super admin signed in by passkey, or by an OpenID provider of the org, for the first time (R3).
    OrgClaimed {
        org: OrgId,
        by: AdminId,
        credential: CredentialId,
    },
    AdminAccepted {
        admin: AdminId,
        org: OrgId,
        by: AdminId,
    },
    AdminRefused {
        admin: AdminId,
        org: OrgId,
        by: AdminId,
    },
    /// An operator would give a role in a claimed org: nothing changes until it is accepted.
    RoleProposed {
        admin: AdminId,
        org: OrgId,
        role: Role,
    },
    RoleAccepted {
        admin: AdminId,
        org: OrgId,
        role: Role,
        by: AdminId,
    },
    RoleRefused {
        admin: AdminId,
        org: OrgId,
        role: Role,
        by: AdminId,
    },
    /// `org` is set when the owner is a customer user or an org's directory; `own` when it was made through something
    /// that counts in a claimed org (R3). Left out while it is not, as it always was.
    CredentialMinted {
        credential: CredentialId,
        owner: CredentialOwner,
        org: Option<OrgId>,
        credential_kind: CredentialKind,
        expires_at: Timestamp,
        #[serde(default, skip_serializing_if = "is_false")]
        own: bool,
    },
    /// `admin` is whom it lets in; none where that is the org's directory.
    CredentialAccepted {
        credential: CredentialId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        admin: Option<AdminId>,
        org: OrgId,
        by: AdminId,
    },
    CredentialRefused {
        credential: CredentialId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        admin: Option<AdminId>,
        org: OrgId,
        by: AdminId,
    },
    /// `own` as for a credential that was minted.
    PasskeyRegistered {
        credential: CredentialId,
        admin: AdminId,
        org: OrgId,
        name: PasskeyName,
        #[serde(default, skip_serializing_if = "is_false")]
        own: bool,
    },
    PasskeyRemoved {
        credential: CredentialId,
        admin: AdminId,
        org: OrgId,
    },
    /// `own` as for a credential that was minted.
    IssuerAdded {
        org: OrgId,
        issuer: IssuerId,
        #[serde(flatten)]
        said: NewIssuer,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sealed: Option<SealedSecret>,
        #[serde(default, skip_serializing_if = "is_false")]
        own: bool,
    },
    IssuerSecretSet {
        org: OrgId,
        issuer: IssuerId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sealed: Option<SealedSecret>,
    },
    IssuerAccepted {
        org: OrgId,
        issuer: IssuerId,
        by: AdminId,
    },
    IssuerRemoved {
        org: OrgId,
        issuer: IssuerId,
    },
    /// Somebody came in by an OpenID provider for the first time.
    OpenIdBound {
        credential: CredentialId,
        admin: AdminId,
        org: OrgId,
        #[serde(flatten)]
        subject: OpenIdSubject,
    },
    OpenIdUnbound {
        credential: CredentialId,
        admin: AdminId,
        org: OrgId,
    },
    /// `org` is set when the owner is a customer user or an org's directory.
    CredentialRevoked {
        credential: CredentialId,
        owner: CredentialOwner,
        org: Option<OrgId>,
    },
    /// `by` is the admin who made it, none when an operator did; `own` as for a credential that was minted.
    ClientCreated {
        client: ClientId,
        org: OrgId,
        name: ClientName,
        scopes: Scopes,
        dpop: bool,
        keys: Vec<ClientKey>,
        by: Option<AdminId>,
        #[serde(default, skip_serializing_if = "is_false")]
        own: bool,
    },
    ClientKeyAdded {
        client: ClientId,
        org: OrgId,
        key: ClientKey,
    },
    ClientKeyRemoved {
        client: ClientId,
        org: OrgId,
        key: Thumbprint,
    },
    ClientRemoved {
        client: ClientId,
        org: OrgId,
    },
    ClientAccepted {
        client: ClientId,
        org: OrgId,
        by: AdminId,
    },
    ClientRefused {
        client: ClientId,
        org: OrgId,
        by: AdminId,
    },
    CaseOpened {
        case: CaseId,
        org: OrgId,
        number: CaseNumber,
        title: Title,
        opened_by: Opener,
        team: BTreeSet<AgentId>,
    },
    CaseClosed {
        case: CaseId,
        org: OrgId,
    },
    CaseReopened {
        case: CaseId,
        org: OrgId,
    },
    TeamJoined {
        case: CaseId,
        org: OrgId,
        agent: AgentId,
    },
    TeamLeft {
        case: CaseId,
        org: OrgId,
        agent: AgentId,
    },
    SelfAssignmentRequested {
        case: CaseId,
        org: OrgId,
        agent: AgentId,
    },
    SelfAssignmentApproved {
        case: CaseId,
        org: OrgId,
        by: ApproverId,
    },
    SelfAssignmentWithdrawn {
        case: CaseId,
        org: OrgId,
        by: ApproverId,
    },
    AccessRequested {
        case: CaseId,
        org: OrgId,
        by: AgentId,
        justification: Justification,
        subject: Option<AdminId>,
    },
    RequestWithdrawn {
        case: CaseId,
        org: OrgId,
        by: AgentId,
    },
    MoreTimeWanted {
        case: CaseId,
        org: OrgId,
        by: AgentId,
        justification: Justification,
    },
    Granted {
        case: CaseId,
        org: OrgId,
        grant: Grant,
    },
    /// The live period of the grant got a later end.
    Extended {
        case: CaseId,
        org: OrgId,
        grant: GrantId,
        by: ApproverId,
        period: Period,
    },
    /// The grant had run out; a new period of it began.
    PeriodOpened {
        case: CaseId,
        org: OrgId,
        grant: GrantId,
        by: ApproverId,
        period: Period,
    },
    /// `by` did what ended the grant; none when nobody of the customer did, and in events from
    /// before it was kept.
    Revoked {
        case: CaseId,
        org: OrgId,
        grant: GrantId,
        why: RevokedWhy,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<ApproverId>,
    },
    SessionStarted {
        case: CaseId,
        org: OrgId,
        session: Session,
    },
    LinkOpened {
        case: CaseId,
        org: OrgId,
        session: SessionId,
        handover: SecretHash,
        browser: SecretHash,
        until: Timestamp,
    },
    SessionEntered {
        case: CaseId,
        org: OrgId,
        session: SessionId,
        cookie: SecretHash,
    },
    SessionEnded {
        case: CaseId,
        org: OrgId,
        session: SessionId,
        why: EndedWhy,
    },
    /// The agent exchanged the session for an access token past the gateway (RFC 8693); `token` is the hash of it.
    TokenExchanged {
        case: CaseId,
        org: OrgId,
        session: SessionId,
        id: TokenId,
        token: SecretHash,
        resource: Resource,
        expires_at: Timestamp,
    },
    TokenEnded {
        case: CaseId,
        org: OrgId,
        session: SessionId,
        id: TokenId,
    },
}

#[allow(clippy::trivially_copy_pass_by_ref)] // What serde hands over.
fn is_false(flag: &bool) -> bool {
    !flag
}

/// The stream an event belongs to; an append names every stream it read, with its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    /// The org and what it has set.
    Org(OrgId),
    /// A customer user.
    Admin(AdminId),
    /// An agent.
    Agent(AgentId),
    /// A case, its requests, grants and sessions.
    Case(CaseId),
    /// Operators, who have no record of their own.
    Operators,
    /// The sessions an agent has started, in whatever case. No event is written to it; it moves with
    /// each start, so that two at once are not both judged by the same number of sessions (R16).
    Starts(AgentId),
}

const STARTS: &str = "starts-";

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Org(id) => id.fmt(f),
            Self::Admin(id) => id.fmt(f),
            Self::Agent(id) => id.fmt(f),
            Self::Case(id) => id.fmt(f),
            Self::Operators => f.write_str("operators"),
            Self::Starts(id) => write!(f, "{STARTS}{id}"),
        }
    }
}

impl FromStr for StreamId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if let Some(agent) = text.strip_prefix(STARTS) {
            return agent.parse().map(Self::Starts);
        }
        match text.split_once('_').map_or(text, |(prefix, _)| prefix) {
            OrgId::PREFIX => text.parse().map(Self::Org),
            AdminId::PREFIX => text.parse().map(Self::Admin),
            AgentId::PREFIX => text.parse().map(Self::Agent),
            CaseId::PREFIX => text.parse().map(Self::Case),
            "operators" => Ok(Self::Operators),
            _ => Err(IdError { expected: "stream" }),
        }
    }
}

/// A person of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Person {
    /// A customer user.
    Admin(AdminId),
    /// An agent.
    Agent(AgentId),
}

impl From<OpenedBy> for Person {
    fn from(opened_by: OpenedBy) -> Self {
        match opened_by {
            OpenedBy::Admin(id) => Self::Admin(id),
            OpenedBy::Agent(id) => Self::Agent(id),
        }
    }
}
