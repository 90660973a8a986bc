//! Every refusal is a named value with a stable code (DESIGN section 1, section 7).

use std::collections::BTreeSet;

use countersign_domain::{Duration, Refusal, RefusalKind, Scope, TextError};

use crate::world::T0;

#[test]
fn every_refusal_has_its_own_stable_code_and_its_kind() {
    use RefusalKind::{Conflict, Forbidden, Invalid, NotFound};
    let rows = [
        (
            Refusal::ImpersonationCannotAct,
            "impersonation_cannot_act",
            Forbidden,
        ),
        (Refusal::CallerInactive, "caller_inactive", Forbidden),
        (Refusal::OrgNotFound, "org_not_found", NotFound),
        (Refusal::CaseNotFound, "case_not_found", NotFound),
        (Refusal::SessionNotFound, "session_not_found", NotFound),
        (Refusal::PersonNotFound, "person_not_found", NotFound),
        (
            Refusal::CredentialNotFound,
            "credential_not_found",
            NotFound,
        ),
        (Refusal::ClientNotFound, "client_not_found", NotFound),
        (Refusal::ClientNotAccepted, "client_not_accepted", Forbidden),
        (Refusal::ClientsNotHere, "clients_not_here", Forbidden),
        (
            Refusal::ScopeMissing {
                scope: Scope::OrgsRead,
            },
            "scope_missing",
            Forbidden,
        ),
        (
            Refusal::ClientKeysAreTheCustomers,
            "client_keys_are_the_customers",
            Forbidden,
        ),
        (Refusal::TooManyClients, "too_many_clients", Conflict),
        (Refusal::TooManyClientKeys, "too_many_client_keys", Conflict),
        (Refusal::NobodyToActAs, "nobody_to_act_as", Conflict),
        (Refusal::OnlyOperators, "only_operators", Forbidden),
        (Refusal::OnlyDirectories, "only_directories", Forbidden),
        (Refusal::OnlySuperAdmins, "only_super_admins", Forbidden),
        (Refusal::OnlyApprovers, "only_approvers", Forbidden),
        (
            Refusal::OnlySuperAdminsApproveHere,
            "only_super_admins_approve_here",
            Forbidden,
        ),
        (Refusal::OpenerNotAttested, "opener_not_attested", Forbidden),
        (Refusal::OnlyTeamAgents, "only_team_agents", Forbidden),
        (Refusal::OnlyRequester, "only_requester", Forbidden),
        (
            Refusal::OnlySessionParties,
            "only_session_parties",
            Forbidden,
        ),
        (
            Refusal::OperatorsSeeNoSessions,
            "operators_see_no_sessions",
            Forbidden,
        ),
        (
            Refusal::PinnedToEarlierTeam,
            "pinned_to_earlier_team",
            Forbidden,
        ),
        (Refusal::NotYoursToClose, "not_yours_to_close", Forbidden),
        (Refusal::NotYoursToReopen, "not_yours_to_reopen", Forbidden),
        (Refusal::NotYoursToOpen, "not_yours_to_open", Forbidden),
        (
            Refusal::TeamIsForOperators,
            "team_is_for_operators",
            Forbidden,
        ),
        (
            Refusal::NumberIsForOperators,
            "number_is_for_operators",
            Forbidden,
        ),
        (Refusal::NotYoursToMint, "not_yours_to_mint", Forbidden),
        (
            Refusal::OperatorsSignInNowhere,
            "operators_sign_in_nowhere",
            Forbidden,
        ),
        (
            Refusal::CredentialNotAccepted,
            "credential_not_accepted",
            Forbidden,
        ),
        (Refusal::CredentialRefused, "credential_refused", Forbidden),
        (Refusal::AdminNotAccepted, "admin_not_accepted", Forbidden),
        (Refusal::OrgNotClaimed, "org_not_claimed", Conflict),
        (Refusal::AlreadyRefused, "already_refused", Conflict),
        (Refusal::AlreadyAccepted, "already_accepted", Conflict),
        (Refusal::RoleNotProposed, "role_not_proposed", Conflict),
        (Refusal::LastSuperAdmin, "last_super_admin", Conflict),
        (Refusal::LastPasskey, "last_passkey", Conflict),
        (Refusal::SignInTooOld, "sign_in_too_old", Forbidden),
        (Refusal::TooManyPasskeys, "too_many_passkeys", Conflict),
        (Refusal::PasskeyTaken, "passkey_taken", Conflict),
        (Refusal::IssuerNotFound, "issuer_not_found", NotFound),
        (Refusal::IssuerTaken, "issuer_taken", Conflict),
        (Refusal::TooManyIssuers, "too_many_issuers", Conflict),
        (Refusal::IssuerDomains, "issuer_domains", Invalid),
        (
            Refusal::IssuerIsTheCustomers,
            "issuer_is_the_customers",
            Forbidden,
        ),
        (Refusal::LastWayIn, "last_way_in", Conflict),
        (Refusal::OpenIdUnknown, "open_id_unknown", Forbidden),
        (Refusal::OpenIdOtherwise, "open_id_otherwise", Forbidden),
        (Refusal::NotStaff, "not_staff", Forbidden),
        (
            Refusal::FreshSignInNeeded {
                within: Duration::from_mins(15),
            },
            "fresh_sign_in_needed",
            Forbidden,
        ),
        (Refusal::NothingToSealWith, "nothing_to_seal_with", Conflict),
        (Refusal::CaseClosed, "case_closed", Conflict),
        (Refusal::NothingRequested, "nothing_requested", Conflict),
        (
            Refusal::RequestAlreadyGranted,
            "request_already_granted",
            Conflict,
        ),
        (
            Refusal::SelfAssignmentNotApproved,
            "self_assignment_not_approved",
            Conflict,
        ),
        (Refusal::NotSelfAssigned, "not_self_assigned", Conflict),
        (Refusal::SupportBlocked, "support_blocked", Conflict),
        (Refusal::NoAgentOnTeam, "no_agent_on_team", Conflict),
        (Refusal::NothingToExtend, "nothing_to_extend", Conflict),
        (Refusal::ExtensionOff, "extension_off", Conflict),
        (Refusal::ChangedSinceShown, "changed_since_shown", Conflict),
        (Refusal::AccessNotLive, "access_not_live", Conflict),
        (Refusal::SubjectInactive, "subject_inactive", Conflict),
        (Refusal::LinkUsed, "link_used", Conflict),
        (Refusal::LinkExpired, "link_expired", Conflict),
        (Refusal::LinkWrong, "link_wrong", Forbidden),
        (Refusal::SessionOver, "session_over", Conflict),
        (Refusal::NoUpstream, "no_upstream", Conflict),
        (
            Refusal::TooManySessions {
                most: 10,
                running: vec![],
            },
            "too_many_sessions",
            Conflict,
        ),
        (Refusal::NumberTaken, "number_taken", Conflict),
        (Refusal::SlugTaken, "slug_taken", Conflict),
        (Refusal::HostTaken, "host_taken", Conflict),
        (Refusal::HostReserved, "host_reserved", Invalid),
        (Refusal::HostTwice, "host_twice", Invalid),
        (Refusal::TooManyHosts, "too_many_hosts", Invalid),
        (Refusal::EmailTaken, "email_taken", Conflict),
        (Refusal::SubjectUnknown, "subject_unknown", Invalid),
        (Refusal::OpenerUnknown, "opener_unknown", Invalid),
        (Refusal::AgentUnknown, "agent_unknown", Invalid),
        (
            Refusal::DurationOutOfRange,
            "duration_out_of_range",
            Invalid,
        ),
        (Refusal::ExpirationTooEarly, "expiration_too_early", Invalid),
        (
            Refusal::ExpirationTooLate { latest: T0 },
            "expiration_too_late",
            Invalid,
        ),
        (
            Refusal::Text {
                field: "justification",
                error: TextError::Blank,
            },
            "invalid_text",
            Invalid,
        ),
    ];
    let mut codes = BTreeSet::new();
    for (refusal, code, kind) in rows {
        assert_eq!((refusal.code(), refusal.kind()), (code, kind));
        assert!(codes.insert(code), "{code} twice");
        let found = Refusal::with_code(code).map(|found| found.code());
        assert_eq!(found, (kind != Invalid).then_some(code));
    }
}
