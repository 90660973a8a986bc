//! What happened. Events are the truth; everything else is folded from them.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    AdminId, AgentId, ApproverId, CaseId, CaseNumber, ClientId, ClientKey, ClientName,
    CredentialId, CredentialKind, CredentialOwner, Email, EndedWhy, Grant, GrantId, HostName,
    IdError, Justification, OpenedBy, Opener, OrgId, OrgSettings, PasskeyName, Period, PersonName,
    Resource, RevokedWhy, Role, Scopes, SecretHash, Session, SessionId, Slug, Thumbprint,
    Timestamp, Title, TokenId, Upstream,
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
    AgentCreated {
        agent: AgentId,
        email: Email,
        name: PersonName,
    },
    AgentActiveSet {
        agent: AgentId,
        active: bool,
    },
    /// A super admin signed in by passkey for the first time (R3).
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
    /// `org` is set when the owner is a customer user; `own` when it was made through something
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
    CredentialAccepted {
        credential: CredentialId,
        admin: AdminId,
        org: OrgId,
        by: AdminId,
    },
    CredentialRefused {
        credential: CredentialId,
        admin: AdminId,
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
    /// `org` is set when the owner is a customer user.
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

impl Event {
    /// The stream this event belongs to.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        match self {
            Self::OrgCreated { org, .. }
            | Self::UpstreamSet { org, .. }
            | Self::HostsSet { org, .. }
            | Self::SettingsChanged { org, .. }
            | Self::Blocked { org, .. }
            | Self::Unblocked { org, .. }
            | Self::OrgClaimed { org, .. }
            | Self::ClientCreated { org, .. }
            | Self::ClientKeyAdded { org, .. }
            | Self::ClientKeyRemoved { org, .. }
            | Self::ClientRemoved { org, .. }
            | Self::ClientAccepted { org, .. }
            | Self::ClientRefused { org, .. } => StreamId::Org(*org),
            Self::AdminCreated { admin, .. }
            | Self::RoleSet { admin, .. }
            | Self::AdminActiveSet { admin, .. }
            | Self::AdminAccepted { admin, .. }
            | Self::AdminRefused { admin, .. }
            | Self::RoleProposed { admin, .. }
            | Self::RoleAccepted { admin, .. }
            | Self::RoleRefused { admin, .. }
            | Self::CredentialAccepted { admin, .. }
            | Self::CredentialRefused { admin, .. }
            | Self::PasskeyRegistered { admin, .. }
            | Self::PasskeyRemoved { admin, .. } => StreamId::Admin(*admin),
            Self::AgentCreated { agent, .. } | Self::AgentActiveSet { agent, .. } => {
                StreamId::Agent(*agent)
            }
            Self::CredentialMinted { owner, .. } | Self::CredentialRevoked { owner, .. } => {
                match owner {
                    CredentialOwner::Admin(id) => StreamId::Admin(*id),
                    CredentialOwner::Agent(id) => StreamId::Agent(*id),
                    CredentialOwner::Operator => StreamId::Operators,
                }
            }
            Self::CaseOpened { case, .. }
            | Self::CaseClosed { case, .. }
            | Self::CaseReopened { case, .. }
            | Self::TeamJoined { case, .. }
            | Self::TeamLeft { case, .. }
            | Self::SelfAssignmentRequested { case, .. }
            | Self::SelfAssignmentApproved { case, .. }
            | Self::SelfAssignmentWithdrawn { case, .. }
            | Self::AccessRequested { case, .. }
            | Self::RequestWithdrawn { case, .. }
            | Self::MoreTimeWanted { case, .. }
            | Self::Granted { case, .. }
            | Self::Extended { case, .. }
            | Self::PeriodOpened { case, .. }
            | Self::Revoked { case, .. }
            | Self::SessionStarted { case, .. }
            | Self::LinkOpened { case, .. }
            | Self::SessionEntered { case, .. }
            | Self::TokenExchanged { case, .. }
            | Self::TokenEnded { case, .. }
            | Self::SessionEnded { case, .. } => StreamId::Case(*case),
        }
    }

    /// The org on whose log the event stands; none for what belongs to the vendor alone.
    #[must_use]
    pub fn org(&self) -> Option<OrgId> {
        match self {
            Self::OrgCreated { org, .. }
            | Self::UpstreamSet { org, .. }
            | Self::HostsSet { org, .. }
            | Self::SettingsChanged { org, .. }
            | Self::Blocked { org, .. }
            | Self::Unblocked { org, .. }
            | Self::AdminCreated { org, .. }
            | Self::RoleSet { org, .. }
            | Self::AdminActiveSet { org, .. }
            | Self::OrgClaimed { org, .. }
            | Self::ClientCreated { org, .. }
            | Self::ClientKeyAdded { org, .. }
            | Self::ClientKeyRemoved { org, .. }
            | Self::ClientRemoved { org, .. }
            | Self::ClientAccepted { org, .. }
            | Self::ClientRefused { org, .. }
            | Self::AdminAccepted { org, .. }
            | Self::AdminRefused { org, .. }
            | Self::RoleProposed { org, .. }
            | Self::RoleAccepted { org, .. }
            | Self::RoleRefused { org, .. }
            | Self::CredentialAccepted { org, .. }
            | Self::CredentialRefused { org, .. }
            | Self::PasskeyRegistered { org, .. }
            | Self::PasskeyRemoved { org, .. }
            | Self::CaseOpened { org, .. }
            | Self::CaseClosed { org, .. }
            | Self::CaseReopened { org, .. }
            | Self::TeamJoined { org, .. }
            | Self::TeamLeft { org, .. }
            | Self::SelfAssignmentRequested { org, .. }
            | Self::SelfAssignmentApproved { org, .. }
            | Self::SelfAssignmentWithdrawn { org, .. }
            | Self::AccessRequested { org, .. }
            | Self::RequestWithdrawn { org, .. }
            | Self::MoreTimeWanted { org, .. }
            | Self::Granted { org, .. }
            | Self::Extended { org, .. }
            | Self::PeriodOpened { org, .. }
            | Self::Revoked { org, .. }
            | Self::SessionStarted { org, .. }
            | Self::LinkOpened { org, .. }
            | Self::SessionEntered { org, .. }
            | Self::TokenExchanged { org, .. }
            | Self::TokenEnded { org, .. }
            | Self::SessionEnded { org, .. } => Some(*org),
            Self::CredentialMinted { org, .. } | Self::CredentialRevoked { org, .. } => *org,
            Self::AgentCreated { .. } | Self::AgentActiveSet { .. } => None,
        }
    }

    /// The credential of a customer user whose record this changes.
    #[must_use]
    pub fn admin_credential(&self) -> Option<CredentialId> {
        match self {
            Self::CredentialMinted {
                credential,
                owner: CredentialOwner::Admin(_),
                ..
            }
            | Self::OrgClaimed { credential, .. }
            | Self::CredentialAccepted { credential, .. }
            | Self::CredentialRefused { credential, .. }
            | Self::PasskeyRegistered { credential, .. }
            | Self::PasskeyRemoved { credential, .. } => Some(*credential),
            _ => None,
        }
    }

    /// Whether this can turn an allow into a refusal, so that the answer to its command must wait
    /// until it is effective everywhere (R12, DESIGN section 4). A revoked credential is none of these:
    /// whether one is good is asked of the store at each use, so no process knows it from before.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        match self {
            Self::Revoked { .. }
            | Self::CaseClosed { .. }
            | Self::TeamLeft { .. }
            | Self::SelfAssignmentRequested { .. }
            | Self::SelfAssignmentWithdrawn { .. }
            | Self::Blocked { .. }
            | Self::SessionEnded { .. }
            | Self::TokenEnded { .. }
            | Self::UpstreamSet { .. } => true,
            Self::AdminActiveSet { active, .. } | Self::AgentActiveSet { active, .. } => !active,
            _ => false,
        }
    }
}
