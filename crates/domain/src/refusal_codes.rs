//! Refusals by their codes: what a log keeps of one is its code.

use crate::{Refusal, Scope};

/// Every refusal that is not of what was written, with nothing in it that a code does not say.
const ALL: &[Refusal] = &[
    Refusal::ImpersonationCannotAct,
    Refusal::CallerInactive,
    Refusal::OrgNotFound,
    Refusal::CaseNotFound,
    Refusal::SessionNotFound,
    Refusal::PersonNotFound,
    Refusal::CredentialNotFound,
    Refusal::ClientNotFound,
    Refusal::ClientNotAccepted,
    Refusal::ClientsNotHere,
    Refusal::ClientKeysAreTheCustomers,
    Refusal::TooManyClients,
    Refusal::TooManyClientKeys,
    Refusal::NobodyToActAs,
    Refusal::OnlyOperators,
    Refusal::OnlySuperAdmins,
    Refusal::OnlyApprovers,
    Refusal::OnlySuperAdminsApproveHere,
    Refusal::OpenerNotAttested,
    Refusal::OnlyTeamAgents,
    Refusal::OnlyRequester,
    Refusal::OnlySessionParties,
    Refusal::OperatorsSeeNoSessions,
    Refusal::PinnedToEarlierTeam,
    Refusal::NotYoursToClose,
    Refusal::NotYoursToReopen,
    Refusal::NotYoursToOpen,
    Refusal::TeamIsForOperators,
    Refusal::NumberIsForOperators,
    Refusal::NotYoursToMint,
    Refusal::OperatorsSignInNowhere,
    Refusal::CredentialNotAccepted,
    Refusal::CredentialRefused,
    Refusal::AdminNotAccepted,
    Refusal::OrgNotClaimed,
    Refusal::AlreadyRefused,
    Refusal::AlreadyAccepted,
    Refusal::RoleNotProposed,
    Refusal::LastSuperAdmin,
    Refusal::LastPasskey,
    Refusal::SignInTooOld,
    Refusal::TooManyPasskeys,
    Refusal::PasskeyTaken,
    Refusal::CaseClosed,
    Refusal::NothingRequested,
    Refusal::RequestAlreadyGranted,
    Refusal::SelfAssignmentNotApproved,
    Refusal::NotSelfAssigned,
    Refusal::SupportBlocked,
    Refusal::NoAgentOnTeam,
    Refusal::NothingToExtend,
    Refusal::ExtensionOff,
    Refusal::ChangedSinceShown,
    Refusal::AccessNotLive,
    Refusal::SubjectInactive,
    Refusal::LinkUsed,
    Refusal::LinkExpired,
    Refusal::LinkWrong,
    Refusal::SessionOver,
    Refusal::NoUpstream,
    Refusal::NumberTaken,
    Refusal::SlugTaken,
    Refusal::HostTaken,
    Refusal::EmailTaken,
    Refusal::ScopeMissing {
        scope: Scope::OrgsManage,
    },
    Refusal::TooManySessions {
        most: 0,
        running: vec![],
    },
];

impl Refusal {
    /// A refusal with this code; none for a code of another version, or of what was written.
    #[must_use]
    pub fn with_code(code: &str) -> Option<Self> {
        ALL.iter().find(|refusal| refusal.code() == code).cloned()
    }
}
