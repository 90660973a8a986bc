//! What people and programs may ask for.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    AdminId, AgentId, Awaiting, CaseId, CaseNumber, ClientId, CredentialId, Email, GrantId,
    HostName, IssuerId, Justification, Label, NewClient, NewClientKey, NewIssuer, OpenIdSubject,
    OpenedBy, OperatorPerson, OrgId, OrgSettings, PasskeyName, PersonName, Profile, Resource, Role,
    SealedSecret, SecretHash, SessionId, SessionLimits, Slug, Thumbprint, Timestamp, Title,
    TokenId, Upstream,
};

/// One request to change something. Ids of new things are made by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Create an org (operator).
    CreateOrg {
        org: OrgId,
        slug: Slug,
        name: PersonName,
    },
    /// Say where the org's product is (operator).
    SetUpstream { org: OrgId, upstream: Upstream },
    /// Say which host names are the org's own (operator).
    SetHosts { org: OrgId, hosts: Vec<HostName> },
    /// Create a customer user (operator, or the org's directory).
    CreateAdmin {
        admin: AdminId,
        org: OrgId,
        email: Email,
        name: PersonName,
        role: Role,
    },
    /// Give a customer user another role (operator, the org's directory, or a super admin of the org).
    SetRole { admin: AdminId, role: Role },
    /// Let a customer user act, or stop them (operator, the org's directory, or a super admin of the org).
    SetAdminActive { admin: AdminId, active: bool },
    /// Say anew who a customer user is (the org's directory).
    ChangeAdmin {
        admin: AdminId,
        email: Email,
        name: PersonName,
        profile: Profile,
    },
    /// Take a customer user away for good (the org's directory).
    RemoveAdmin { admin: AdminId },
    /// Create an agent (operator, or the vendor's directory).
    CreateAgent {
        agent: AgentId,
        email: Email,
        name: PersonName,
    },
    /// Let an agent act, or stop them (operator, or the vendor's directory).
    SetAgentActive { agent: AgentId, active: bool },
    /// Say anew who an agent is (the vendor's directory).
    ChangeAgent {
        agent: AgentId,
        email: Email,
        name: PersonName,
        profile: Profile,
    },
    /// Take an agent away for good (the vendor's directory).
    RemoveAgent { agent: AgentId },
    /// Make a credential for someone (operator, or that person), or for a directory (operator, or a super
    /// admin of the org).
    MintCredential {
        credential: CredentialId,
        owner: CredentialOwner,
        kind: CredentialKind,
        expires_at: Timestamp,
    },
    /// Revoke a credential for good (operator, its owner, or a super admin of the owner's org). Whether
    /// it is spent already, used up or revoked, is the store's to know.
    RevokeCredential {
        credential: CredentialId,
        owner: CredentialOwner,
        spent: bool,
    },
    /// Add a passkey to one's own account (customer user).
    RegisterPasskey {
        credential: CredentialId,
        name: PasskeyName,
        signed_in_at: Timestamp,
    },
    /// Take a passkey away (its owner, or a super admin of the org).
    RemovePasskey { credential: CredentialId },
    /// Sign in by the passkey one acts through. The first time a super admin does, the org is
    /// claimed (R3).
    SignIn,
    /// Take the word of an OpenID provider about who somebody is (operator, or a super admin).
    AddIssuer {
        org: OrgId,
        issuer: IssuerId,
        said: NewIssuer,
        sealed: Option<SealedSecret>,
    },
    /// Show who we are to it with another secret (operator, or a super admin).
    SetIssuerSecret {
        org: OrgId,
        issuer: IssuerId,
        sealed: Option<SealedSecret>,
    },
    /// Let the word of one that an operator added count (super admin, R3).
    AcceptIssuer { org: OrgId, issuer: IssuerId },
    /// Take its word no more (super admin, or an operator while it does not count).
    RemoveIssuer { org: OrgId, issuer: IssuerId },
    /// Sign in by an OpenID provider, to which somebody has shown who they are. The address is missing
    /// where the provider did not vouch for one.
    SignInByIssuer {
        org: OrgId,
        credential: CredentialId,
        subject: OpenIdSubject,
        email: Option<Email>,
    },
    /// Take back what an OpenID provider knows somebody by (that person, or a super admin).
    UnbindOpenId { credential: CredentialId },
    /// Let something that an operator made count (super admin, R3).
    Accept { what: Awaiting },
    /// Refuse it for good (super admin, R3).
    Refuse { what: Awaiting },
    /// Make a service client (operator, or a super admin of the org).
    CreateClient(NewClient),
    /// Give a service client another key (super admin of the org; an operator, before the org is claimed).
    AddClientKey {
        org: OrgId,
        client: ClientId,
        key: NewClientKey,
    },
    /// Take a key from a service client (operator, or a super admin of the org).
    RemoveClientKey {
        org: OrgId,
        client: ClientId,
        key: Thumbprint,
    },
    /// Remove a service client for good (operator, or a super admin of the org).
    RemoveClient { org: OrgId, client: ClientId },
    /// Change what the org has set (super admin).
    ChangeSettings { org: OrgId, settings: OrgSettings },
    /// Block all support access (super admin, R15).
    Block { org: OrgId },
    /// Lift the block (super admin, R15).
    Unblock { org: OrgId },
    /// Open a case (R4).
    OpenCase(NewCase),
    /// Close a case (R7).
    CloseCase { case: CaseId },
    /// Reopen a case (R7).
    ReopenCase { case: CaseId },
    /// Associate an agent with a case (operator).
    JoinTeam { case: CaseId, agent: AgentId },
    /// Take an agent off a case (operator, R5).
    LeaveTeam { case: CaseId, agent: AgentId },
    /// Ask for access (agent on the team, R8).
    RequestAccess {
        case: CaseId,
        justification: Justification,
        subject: Option<AdminId>,
    },
    /// Take an ungranted request back (its requester, R8).
    WithdrawRequest { case: CaseId },
    /// Tick (approver, R9).
    Grant { case: CaseId, grant: GrantId },
    /// Extend, by the click or to an explicit expiration (approver, R13).
    Extend { case: CaseId, to: Option<Timestamp> },
    /// Untick (approver, R12).
    Revoke { case: CaseId },
    /// End a grant because the database may have lost that it was taken away (operator with the command
    /// line, A7).
    EndAfterLoss { case: CaseId },
    /// Approve a self-assigned case (approver, R6).
    ApproveSelfAssignment { case: CaseId },
    /// Withdraw that approval (approver, R6).
    WithdrawSelfAssignment { case: CaseId },
    /// Start a session under a live grant (agent on the team, R16).
    StartSession {
        case: CaseId,
        session: SessionId,
        label: Label,
        token: SecretHash,
        code: SecretHash,
        limits: SessionLimits,
    },
    /// Open a session's one-time link while signed in (R16).
    OpenLink {
        case: CaseId,
        session: SessionId,
        code: SecretHash,
        handover: SecretHash,
        browser: SecretHash,
    },
    /// Arrive at the session's origin with the hand-over; the browser gets its cookie (R16).
    EnterSession {
        case: CaseId,
        session: SessionId,
        handover: SecretHash,
        browser: SecretHash,
        cookie: SecretHash,
    },
    /// End a session (its agent, or an approver, R16).
    EndSession { case: CaseId, session: SessionId },
    /// Exchange a running session for an access token past the gateway (its agent, RFC 8693).
    ExchangeToken(NewToken),
    /// End such a token (its agent).
    EndToken {
        case: CaseId,
        session: SessionId,
        id: TokenId,
    },
    /// End all of one's own sessions (agent, who signs out everywhere).
    EndOwnSessions,
    /// Sign in an agent who has shown to an OpenID provider of the vendor's who they are (the configuration).
    /// With a name, whoever is none yet is made one.
    SignInAgent {
        agent: AgentId,
        subject: SecretHash,
        email: Option<Email>,
        name: Option<PersonName>,
    },
    /// Take back what an OpenID provider of the vendor's knows an agent by (operator).
    UnbindAgent { agent: AgentId },
    /// Sign in an operator who has shown to an OpenID provider of the vendor's who they are (that operator).
    SignInOperator {
        person: OperatorPerson,
        expires_at: Timestamp,
    },
}

/// An access token past the gateway, about to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// The case.
    pub case: CaseId,
    /// The session it is for.
    pub session: SessionId,
    /// The id.
    pub id: TokenId,
    /// The hash of the whole token.
    pub hash: SecretHash,
    /// What it is for.
    pub resource: Resource,
    /// Good until then.
    pub expires_at: Timestamp,
}

/// A case about to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCase {
    /// The id.
    pub case: CaseId,
    /// The org it is for.
    pub org: OrgId,
    /// The number.
    pub number: CaseNumber,
    /// Whether the caller chose the number rather than the server.
    pub number_chosen: bool,
    /// The title.
    pub title: Title,
    /// Who opened it.
    pub opened_by: OpenedBy,
    /// The agents associated with it.
    pub team: BTreeSet<AgentId>,
}

/// Whom a credential lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum CredentialOwner {
    /// A customer user.
    Admin(AdminId),
    /// An agent.
    Agent(AgentId),
    /// An operator.
    Operator,
    /// A directory that provisions people: of an org its customer users, else the vendor's agents.
    Provisioning(Option<OrgId>),
}

/// What kind of credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// A bearer token for the API.
    ApiToken,
    /// A link that signs a browser in once.
    LoginLink,
    /// A bearer token for provisioning people (SCIM).
    ScimToken,
}

impl Command {
    /// Whether this can turn an allow into a refusal (DESIGN section 4). Such a command goes before
    /// others about the same case: nobody may keep a customer from taking access away.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        match self {
            Self::Revoke { .. }
            | Self::EndAfterLoss { .. }
            | Self::CloseCase { .. }
            | Self::LeaveTeam { .. }
            | Self::WithdrawSelfAssignment { .. }
            | Self::EndSession { .. }
            | Self::EndToken { .. }
            | Self::EndOwnSessions
            | Self::Block { .. }
            | Self::SetUpstream { .. } => true,
            Self::SetAdminActive { active, .. } | Self::SetAgentActive { active, .. } => !active,
            Self::RemoveAdmin { .. } | Self::RemoveAgent { .. } => true,
            Self::Refuse { what } => matches!(what, Awaiting::Admin(_)),
            _ => false,
        }
    }
}
