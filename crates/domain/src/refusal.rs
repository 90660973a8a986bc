//! Every refusal is a named value with a stable code; the sentence for people is the web room's.

use crate::{Duration, RunningSession, Scope, TextError, Timestamp};

/// Why nothing happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An impersonation cannot act here (R3).
    ImpersonationCannotAct,
    /// The caller has been deactivated.
    CallerInactive,
    /// No such org, or not the caller's to see.
    OrgNotFound,
    /// No such case, or not the caller's to see.
    CaseNotFound,
    /// No such session, or not the caller's to see.
    SessionNotFound,
    /// No such person, or not the caller's to see.
    PersonNotFound,
    /// No such credential, or not the caller's to see.
    CredentialNotFound,
    /// For operators.
    OnlyOperators,
    /// For the directory that provisions these people.
    OnlyDirectories,
    /// For super admins of the org.
    OnlySuperAdmins,
    /// For approvers (R9).
    OnlyApprovers,
    /// The opener would approve, but the org lets only super admins.
    OnlySuperAdminsApproveHere,
    /// The opener is known by the vendor's word only, and the org does not take that (R4).
    OpenerNotAttested,
    /// For agents on the case's team (R5).
    OnlyTeamAgents,
    /// For the agent who asked (R8).
    OnlyRequester,
    /// For the session's agent or an approver (R16).
    OnlySessionParties,
    /// What support does in a tenant is not for operators to see (R4).
    OperatorsSeeNoSessions,
    /// The grant is for the agents who were on the team at the tick (R5).
    PinnedToEarlierTeam,
    /// Closing is for operators, approvers and the team (R4).
    NotYoursToClose,
    /// Reopening is for operators and approvers (R4).
    NotYoursToReopen,
    /// Opening a case for someone else, or for another org (R4).
    NotYoursToOpen,
    /// Teams are set by operators (R4).
    TeamIsForOperators,
    /// Case numbers are chosen by operators (R4).
    NumberIsForOperators,
    /// A credential can be made by an operator or its owner.
    NotYoursToMint,
    /// Operators configure; there is no page that they sign in to.
    OperatorsSignInNowhere,
    /// The org is claimed and has not accepted the credential the caller acts through (R3).
    CredentialNotAccepted,
    /// The org has refused the credential the caller acts through (R3).
    CredentialRefused,
    /// The org is claimed and has not accepted the caller (R3).
    AdminNotAccepted,
    /// The org is claimed and has not accepted the service client (R3).
    ClientNotAccepted,
    /// Service clients have their own endpoints, and no others.
    ClientsNotHere,
    /// The service client comes with scopes that are another API's.
    ScopesNotHere,
    /// The service client does not come for that.
    ScopeMissing {
        /// What it would need.
        scope: Scope,
    },
    /// Once the org is claimed, its super admins alone give its service clients keys (R3).
    ClientKeysAreTheCustomers,
    /// No such service client, or not the caller's to see.
    ClientNotFound,
    /// The org has as many service clients as any may have.
    TooManyClients,
    /// The service client has as many keys as any may have.
    TooManyClientKeys,
    /// A service client is nobody that an agent could act as, and the request names nobody (R8).
    NobodyToActAs,
    /// Nothing needs accepting before the org is claimed (R3).
    OrgNotClaimed,
    /// It was refused, which is for good (R3).
    AlreadyRefused,
    /// It counts already, so there is nothing to refuse (R3).
    AlreadyAccepted,
    /// No such role waits to be accepted (R3).
    RoleNotProposed,
    /// Nobody could act for the claimed org any more (R3).
    LastSuperAdmin,
    /// Nobody could sign in for the claimed org any more (R3).
    LastPasskey,
    /// This needs a sign-in of the last few minutes.
    SignInTooOld,
    /// The person has as many passkeys as anyone may have.
    TooManyPasskeys,
    /// The passkey is registered already.
    PasskeyTaken,
    /// No such OpenID provider, or not the caller's to see.
    IssuerNotFound,
    /// The org takes the word of this issuer already.
    IssuerTaken,
    /// The org has as many OpenID providers as any may have.
    TooManyIssuers,
    /// An OpenID provider without a domain, or with too many.
    IssuerDomains,
    /// An OpenID provider whose word counts is the customer's to remove (R3).
    IssuerIsTheCustomers,
    /// Nobody could sign in and act for the claimed org any more (R3).
    LastWayIn,
    /// The OpenID provider vouches for nobody who may come in.
    OpenIdUnknown,
    /// Somebody else at an OpenID provider has come in by this address before.
    OpenIdOtherwise,
    /// The vendor's OpenID provider vouches for nobody who is one of its staff here.
    NotStaff,
    /// To open an impersonation session, the agent has to show anew at the vendor's OpenID provider who they are.
    FreshSignInNeeded {
        /// Within how long before.
        within: Duration,
    },
    /// The deployment has no key to seal a client secret with.
    NothingToSealWith,
    /// The case is closed (R7).
    CaseClosed,
    /// Nobody has asked in this opening of the case (R9).
    NothingRequested,
    /// The request has been granted; it cannot be withdrawn any more (R8).
    RequestAlreadyGranted,
    /// The self-assigned case has not been approved (R6).
    SelfAssignmentNotApproved,
    /// The case is not self-assigned (R6).
    NotSelfAssigned,
    /// All support access is blocked (R15).
    SupportBlocked,
    /// Nobody could use the grant (R5).
    NoAgentOnTeam,
    /// There is no grant to extend, or it was revoked (R13).
    NothingToExtend,
    /// The org has switched extension off (R9).
    ExtensionOff,
    /// The case is no longer as it was shown to whoever decides (R8).
    ChangedSinceShown,
    /// There is no live grant (R16).
    AccessNotLive,
    /// The person to act as is not active any more (R8).
    SubjectInactive,
    /// The session's link was opened before.
    LinkUsed,
    /// The session's link is too old.
    LinkExpired,
    /// The session's link or hand-over does not fit.
    LinkWrong,
    /// The session has ended.
    SessionOver,
    /// The org has no upstream to look at.
    NoUpstream,
    /// As many sessions of the agent run as may at a time (R16).
    TooManySessions {
        /// How many may.
        most: u32,
        /// Those that run, oldest first.
        running: Vec<RunningSession>,
    },
    /// The vendor has not said that there are access tokens for this product.
    NoTokensHere,
    /// The product takes access tokens, for another resource.
    NotTheResource,
    /// As many access tokens of the session are good as may be at a time.
    TooManyTokens,
    /// What access tokens are for may not be the origin that the gateway goes to.
    ResourceIsOrigin,
    /// The case number is taken.
    NumberTaken,
    /// The short name is taken.
    SlugTaken,
    /// The host name is another org's.
    HostTaken,
    /// The host name is the deployment's own, or of its gateway.
    HostReserved,
    /// The same host name twice.
    HostTwice,
    /// More host names than an org may have.
    TooManyHosts,
    /// The address is taken.
    EmailTaken,
    /// The person to act as is no active admin of that org (R8).
    SubjectUnknown,
    /// The opener is no active person the case could be opened by (R4).
    OpenerUnknown,
    /// Someone to put on the team is no active agent.
    AgentUnknown,
    /// A default duration outside 15 minutes to 24 hours (R9).
    DurationOutOfRange,
    /// The explicit expiration is before the present one, or past (R13).
    ExpirationTooEarly,
    /// The explicit expiration is further ahead than allowed (R13).
    ExpirationTooLate {
        /// The latest expiration that would be taken.
        latest: Timestamp,
    },
    /// A text is not as it must be.
    Text {
        /// The field it was in.
        field: &'static str,
        /// What is wrong with it.
        error: TextError,
    },
}

/// What sort of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// Not the caller's to see: 404.
    NotFound,
    /// Not the caller's to do: 403.
    Forbidden,
    /// The state forbids it: 409.
    Conflict,
    /// Bad input: 422.
    Invalid,
}

impl Refusal {
    /// The stable code, in `snake_case`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ImpersonationCannotAct => "impersonation_cannot_act",
            Self::CallerInactive => "caller_inactive",
            Self::OrgNotFound => "org_not_found",
            Self::CaseNotFound => "case_not_found",
            Self::SessionNotFound => "session_not_found",
            Self::PersonNotFound => "person_not_found",
            Self::CredentialNotFound => "credential_not_found",
            Self::OnlyOperators => "only_operators",
            Self::OnlyDirectories => "only_directories",
            Self::OnlySuperAdmins => "only_super_admins",
            Self::OnlyApprovers => "only_approvers",
            Self::OnlySuperAdminsApproveHere => "only_super_admins_approve_here",
            Self::OpenerNotAttested => "opener_not_attested",
            Self::OnlyTeamAgents => "only_team_agents",
            Self::OnlyRequester => "only_requester",
            Self::OnlySessionParties => "only_session_parties",
            Self::OperatorsSeeNoSessions => "operators_see_no_sessions",
            Self::PinnedToEarlierTeam => "pinned_to_earlier_team",
            Self::NotYoursToClose => "not_yours_to_close",
            Self::NotYoursToReopen => "not_yours_to_reopen",
            Self::NotYoursToOpen => "not_yours_to_open",
            Self::TeamIsForOperators => "team_is_for_operators",
            Self::NumberIsForOperators => "number_is_for_operators",
            Self::NotYoursToMint => "not_yours_to_mint",
            Self::OperatorsSignInNowhere => "operators_sign_in_nowhere",
            Self::CredentialNotAccepted => "credential_not_accepted",
            Self::CredentialRefused => "credential_refused",
            Self::AdminNotAccepted => "admin_not_accepted",
            Self::ClientNotAccepted => "client_not_accepted",
            Self::ClientsNotHere => "clients_not_here",
            Self::ScopesNotHere => "scopes_not_here",
            Self::ScopeMissing { .. } => "scope_missing",
            Self::ClientKeysAreTheCustomers => "client_keys_are_the_customers",
            Self::ClientNotFound => "client_not_found",
            Self::TooManyClients => "too_many_clients",
            Self::TooManyClientKeys => "too_many_client_keys",
            Self::NobodyToActAs => "nobody_to_act_as",
            Self::OrgNotClaimed => "org_not_claimed",
            Self::AlreadyRefused => "already_refused",
            Self::AlreadyAccepted => "already_accepted",
            Self::RoleNotProposed => "role_not_proposed",
            Self::LastSuperAdmin => "last_super_admin",
            Self::LastPasskey => "last_passkey",
            Self::SignInTooOld => "sign_in_too_old",
            Self::TooManyPasskeys => "too_many_passkeys",
            Self::PasskeyTaken => "passkey_taken",
            Self::IssuerNotFound => "issuer_not_found",
            Self::IssuerTaken => "issuer_taken",
            Self::TooManyIssuers => "too_many_issuers",
            Self::IssuerDomains => "issuer_domains",
            Self::IssuerIsTheCustomers => "issuer_is_the_customers",
            Self::LastWayIn => "last_way_in",
            Self::OpenIdUnknown => "open_id_unknown",
            Self::OpenIdOtherwise => "open_id_otherwise",
            Self::NotStaff => "not_staff",
            Self::FreshSignInNeeded { .. } => "fresh_sign_in_needed",
            Self::NothingToSealWith => "nothing_to_seal_with",
            Self::CaseClosed => "case_closed",
            Self::NothingRequested => "nothing_requested",
            Self::RequestAlreadyGranted => "request_already_granted",
            Self::SelfAssignmentNotApproved => "self_assignment_not_approved",
            Self::NotSelfAssigned => "not_self_assigned",
            Self::SupportBlocked => "support_blocked",
            Self::NoAgentOnTeam => "no_agent_on_team",
            Self::NothingToExtend => "nothing_to_extend",
            Self::ExtensionOff => "extension_off",
            Self::ChangedSinceShown => "changed_since_shown",
            Self::AccessNotLive => "access_not_live",
            Self::SubjectInactive => "subject_inactive",
            Self::LinkUsed => "link_used",
            Self::LinkExpired => "link_expired",
            Self::LinkWrong => "link_wrong",
            Self::SessionOver => "session_over",
            Self::NoUpstream => "no_upstream",
            Self::TooManySessions { .. } => "too_many_sessions",
            Self::NoTokensHere => "no_tokens_here",
            Self::NotTheResource => "not_the_resource",
            Self::TooManyTokens => "too_many_tokens",
            Self::ResourceIsOrigin => "resource_is_origin",
            Self::NumberTaken => "number_taken",
            Self::SlugTaken => "slug_taken",
            Self::HostTaken => "host_taken",
            Self::HostReserved => "host_reserved",
            Self::HostTwice => "host_twice",
            Self::TooManyHosts => "too_many_hosts",
            Self::EmailTaken => "email_taken",
            Self::SubjectUnknown => "subject_unknown",
            Self::OpenerUnknown => "opener_unknown",
            Self::AgentUnknown => "agent_unknown",
            Self::DurationOutOfRange => "duration_out_of_range",
            Self::ExpirationTooEarly => "expiration_too_early",
            Self::ExpirationTooLate { .. } => "expiration_too_late",
            Self::Text { .. } => "invalid_text",
        }
    }

    /// What sort of refusal it is.
    #[must_use]
    pub fn kind(&self) -> RefusalKind {
        match self {
            Self::OrgNotFound
            | Self::CaseNotFound
            | Self::SessionNotFound
            | Self::PersonNotFound
            | Self::CredentialNotFound
            | Self::ClientNotFound
            | Self::IssuerNotFound => RefusalKind::NotFound,
            Self::ImpersonationCannotAct
            | Self::CallerInactive
            | Self::OnlyOperators
            | Self::OnlyDirectories
            | Self::OnlySuperAdmins
            | Self::OnlyApprovers
            | Self::OnlySuperAdminsApproveHere
            | Self::OpenerNotAttested
            | Self::OnlyTeamAgents
            | Self::OnlyRequester
            | Self::OnlySessionParties
            | Self::OperatorsSeeNoSessions
            | Self::PinnedToEarlierTeam
            | Self::NotYoursToClose
            | Self::NotYoursToReopen
            | Self::NotYoursToOpen
            | Self::TeamIsForOperators
            | Self::NumberIsForOperators
            | Self::NotYoursToMint
            | Self::OperatorsSignInNowhere
            | Self::CredentialNotAccepted
            | Self::CredentialRefused
            | Self::AdminNotAccepted
            | Self::SignInTooOld
            | Self::ClientNotAccepted
            | Self::ClientsNotHere
            | Self::ScopesNotHere
            | Self::ScopeMissing { .. }
            | Self::ClientKeysAreTheCustomers
            | Self::IssuerIsTheCustomers
            | Self::OpenIdUnknown
            | Self::OpenIdOtherwise
            | Self::NotStaff
            | Self::FreshSignInNeeded { .. }
            | Self::LinkWrong => RefusalKind::Forbidden,
            Self::CaseClosed
            | Self::NothingRequested
            | Self::RequestAlreadyGranted
            | Self::SelfAssignmentNotApproved
            | Self::NotSelfAssigned
            | Self::SupportBlocked
            | Self::NoAgentOnTeam
            | Self::NothingToExtend
            | Self::ExtensionOff
            | Self::ChangedSinceShown
            | Self::AccessNotLive
            | Self::SubjectInactive
            | Self::LinkUsed
            | Self::LinkExpired
            | Self::SessionOver
            | Self::NoUpstream
            | Self::TooManySessions { .. }
            | Self::NoTokensHere
            | Self::TooManyTokens
            | Self::NumberTaken
            | Self::SlugTaken
            | Self::HostTaken
            | Self::EmailTaken
            | Self::OrgNotClaimed
            | Self::AlreadyRefused
            | Self::AlreadyAccepted
            | Self::RoleNotProposed
            | Self::LastSuperAdmin
            | Self::LastPasskey
            | Self::TooManyPasskeys
            | Self::TooManyClients
            | Self::TooManyClientKeys
            | Self::NobodyToActAs
            | Self::PasskeyTaken
            | Self::IssuerTaken
            | Self::TooManyIssuers
            | Self::LastWayIn
            | Self::NothingToSealWith => RefusalKind::Conflict,
            Self::SubjectUnknown
            | Self::OpenerUnknown
            | Self::AgentUnknown
            | Self::DurationOutOfRange
            | Self::NotTheResource
            | Self::ResourceIsOrigin
            | Self::IssuerDomains
            | Self::HostReserved
            | Self::HostTwice
            | Self::TooManyHosts
            | Self::ExpirationTooEarly
            | Self::ExpirationTooLate { .. }
            | Self::Text { .. } => RefusalKind::Invalid,
        }
    }
}
