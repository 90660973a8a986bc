//! The words themselves.

use std::collections::BTreeSet;

use countersign_domain::{Org, Refusal, Timestamp};

use super::{Words, text_error};
use crate::{messages::Lang, text::UserText};

macro_rules! said {
    ($t:ident, $title:ident, $why:ident, $next:ident) => {
        Words {
            title: $t.$title(),
            why: $t.$why(),
            next: $t.$next(),
        }
    };
}

/// What happened, why, and what to do next, in a reader's language.
#[must_use]
pub fn words(refusal: &Refusal, t: Lang) -> Words {
    match refusal {
        Refusal::ImpersonationCannotAct => said!(
            t,
            refusal_impersonation_cannot_act,
            refusal_impersonation_cannot_act_why,
            refusal_impersonation_cannot_act_next
        ),
        Refusal::CallerInactive => said!(
            t,
            refusal_caller_inactive,
            refusal_caller_inactive_why,
            refusal_caller_inactive_next
        ),
        Refusal::OrgNotFound => said!(
            t,
            refusal_org_not_found,
            refusal_org_not_found_why,
            refusal_org_not_found_next
        ),
        Refusal::CaseNotFound => said!(
            t,
            refusal_case_not_found,
            refusal_case_not_found_why,
            refusal_case_not_found_next
        ),
        Refusal::SessionNotFound => said!(
            t,
            refusal_session_not_found,
            refusal_session_not_found_why,
            refusal_session_not_found_next
        ),
        Refusal::PersonNotFound => said!(
            t,
            refusal_person_not_found,
            refusal_person_not_found_why,
            refusal_person_not_found_next
        ),
        Refusal::CredentialNotFound => said!(
            t,
            refusal_credential_not_found,
            refusal_credential_not_found_why,
            refusal_credential_not_found_next
        ),
        Refusal::OperatorsSeeNoSessions => said!(
            t,
            refusal_operators_see_no_sessions,
            refusal_operators_see_no_sessions_why,
            refusal_operators_see_no_sessions_next
        ),
        Refusal::OperatorsSignInNowhere => said!(
            t,
            refusal_operators_sign_in_nowhere,
            refusal_operators_sign_in_nowhere_why,
            refusal_operators_sign_in_nowhere_next
        ),
        Refusal::CredentialNotAccepted => said!(
            t,
            refusal_credential_not_accepted,
            refusal_credential_not_accepted_why,
            refusal_credential_not_accepted_next
        ),
        Refusal::CredentialRefused => said!(
            t,
            refusal_credential_refused,
            refusal_credential_refused_why,
            refusal_credential_refused_next
        ),
        Refusal::AdminNotAccepted => said!(
            t,
            refusal_admin_not_accepted,
            refusal_admin_not_accepted_why,
            refusal_admin_not_accepted_next
        ),
        Refusal::ClientNotAccepted => said!(
            t,
            refusal_client_not_accepted,
            refusal_client_not_accepted_why,
            refusal_client_not_accepted_next
        ),
        Refusal::ClientsNotHere => said!(
            t,
            refusal_clients_not_here,
            refusal_clients_not_here_why,
            refusal_clients_not_here_next
        ),
        Refusal::ScopesNotHere => said!(
            t,
            refusal_scopes_not_here,
            refusal_scopes_not_here_why,
            refusal_scopes_not_here_next
        ),
        Refusal::NoTokensHere => said!(
            t,
            refusal_no_tokens_here,
            refusal_no_tokens_here_why,
            refusal_no_tokens_here_next
        ),
        Refusal::NotTheResource => said!(
            t,
            refusal_not_the_resource,
            refusal_not_the_resource_why,
            refusal_not_the_resource_next
        ),
        Refusal::TooManyTokens => said!(
            t,
            refusal_too_many_tokens,
            refusal_too_many_tokens_why,
            refusal_too_many_tokens_next
        ),
        Refusal::ResourceIsOrigin => said!(
            t,
            refusal_resource_is_origin,
            refusal_resource_is_origin_why,
            refusal_resource_is_origin_next
        ),
        Refusal::ScopeMissing { scope } => Words {
            title: t.refusal_scope_missing(),
            why: t.refusal_scope_missing_why(scope.as_str()),
            next: t.refusal_scope_missing_next(scope.as_str()),
        },
        Refusal::ClientKeysAreTheCustomers => said!(
            t,
            refusal_client_keys_are_the_customers,
            refusal_client_keys_are_the_customers_why,
            refusal_client_keys_are_the_customers_next
        ),
        Refusal::ClientNotFound => said!(
            t,
            refusal_client_not_found,
            refusal_client_not_found_why,
            refusal_client_not_found_next
        ),
        Refusal::TooManyClients => said!(
            t,
            refusal_too_many_clients,
            refusal_too_many_clients_why,
            refusal_too_many_clients_next
        ),
        Refusal::TooManyClientKeys => said!(
            t,
            refusal_too_many_client_keys,
            refusal_too_many_client_keys_why,
            refusal_too_many_client_keys_next
        ),
        Refusal::NobodyToActAs => said!(
            t,
            refusal_nobody_to_act_as,
            refusal_nobody_to_act_as_why,
            refusal_nobody_to_act_as_next
        ),
        Refusal::OrgNotClaimed => said!(
            t,
            refusal_org_not_claimed,
            refusal_org_not_claimed_why,
            refusal_org_not_claimed_next
        ),
        Refusal::AlreadyRefused => said!(
            t,
            refusal_already_refused,
            refusal_already_refused_why,
            refusal_already_refused_next
        ),
        Refusal::AlreadyAccepted => said!(
            t,
            refusal_already_accepted,
            refusal_already_accepted_why,
            refusal_already_accepted_next
        ),
        Refusal::RoleNotProposed => said!(
            t,
            refusal_role_not_proposed,
            refusal_role_not_proposed_why,
            refusal_role_not_proposed_next
        ),
        Refusal::LastSuperAdmin => said!(
            t,
            refusal_last_super_admin,
            refusal_last_super_admin_why,
            refusal_last_super_admin_next
        ),
        Refusal::LastPasskey => said!(
            t,
            refusal_last_passkey,
            refusal_last_passkey_why,
            refusal_last_passkey_next
        ),
        Refusal::IssuerNotFound => said!(
            t,
            refusal_issuer_not_found,
            refusal_issuer_not_found_why,
            refusal_issuer_not_found_next
        ),
        Refusal::IssuerTaken => said!(
            t,
            refusal_issuer_taken,
            refusal_issuer_taken_why,
            refusal_issuer_taken_next
        ),
        Refusal::TooManyIssuers => said!(
            t,
            refusal_too_many_issuers,
            refusal_too_many_issuers_why,
            refusal_too_many_issuers_next
        ),
        Refusal::IssuerDomains => said!(
            t,
            refusal_issuer_domains,
            refusal_issuer_domains_why,
            refusal_issuer_domains_next
        ),
        Refusal::IssuerIsTheCustomers => said!(
            t,
            refusal_issuer_is_the_customers,
            refusal_issuer_is_the_customers_why,
            refusal_issuer_is_the_customers_next
        ),
        Refusal::LastWayIn => said!(
            t,
            refusal_last_way_in,
            refusal_last_way_in_why,
            refusal_last_way_in_next
        ),
        Refusal::OpenIdUnknown => said!(
            t,
            refusal_open_id_unknown,
            refusal_open_id_unknown_why,
            refusal_open_id_unknown_next
        ),
        Refusal::OpenIdOtherwise => said!(
            t,
            refusal_open_id_otherwise,
            refusal_open_id_otherwise_why,
            refusal_open_id_otherwise_next
        ),
        Refusal::NotStaff => said!(
            t,
            refusal_not_staff,
            refusal_not_staff_why,
            refusal_not_staff_next
        ),
        Refusal::FreshSignInNeeded { within } => Words {
            title: t.refusal_fresh_sign_in(),
            why: t.refusal_fresh_sign_in_why(within.as_millis() / 60_000),
            next: t.refusal_fresh_sign_in_next(),
        },
        Refusal::NothingToSealWith => said!(
            t,
            refusal_nothing_to_seal_with,
            refusal_nothing_to_seal_with_why,
            refusal_nothing_to_seal_with_next
        ),
        Refusal::SignInTooOld => said!(
            t,
            refusal_sign_in_too_old,
            refusal_sign_in_too_old_why,
            refusal_sign_in_too_old_next
        ),
        Refusal::TooManyPasskeys => said!(
            t,
            refusal_too_many_passkeys,
            refusal_too_many_passkeys_why,
            refusal_too_many_passkeys_next
        ),
        Refusal::PasskeyTaken => said!(
            t,
            refusal_passkey_taken,
            refusal_passkey_taken_why,
            refusal_passkey_taken_next
        ),
        Refusal::OnlyOperators => said!(
            t,
            refusal_only_operators,
            refusal_only_operators_why,
            refusal_only_operators_next
        ),
        Refusal::OnlyDirectories => said!(
            t,
            refusal_only_directories,
            refusal_only_directories_why,
            refusal_only_directories_next
        ),
        Refusal::OnlySuperAdmins => said!(
            t,
            refusal_only_super_admins,
            refusal_only_super_admins_why,
            refusal_only_super_admins_next
        ),
        Refusal::OnlyApprovers => said!(
            t,
            refusal_only_approvers,
            refusal_only_approvers_why,
            refusal_only_approvers_next
        ),
        Refusal::OnlySuperAdminsApproveHere => said!(
            t,
            refusal_only_super_admins_approve_here,
            refusal_only_super_admins_approve_here_why,
            refusal_only_super_admins_approve_here_next
        ),
        Refusal::OpenerNotAttested => said!(
            t,
            refusal_opener_not_attested,
            refusal_opener_not_attested_why,
            refusal_opener_not_attested_next
        ),
        Refusal::OnlyTeamAgents => said!(
            t,
            refusal_only_team_agents,
            refusal_only_team_agents_why,
            refusal_only_team_agents_next
        ),
        Refusal::OnlyRequester => said!(
            t,
            refusal_only_requester,
            refusal_only_requester_why,
            refusal_only_requester_next
        ),
        Refusal::OnlySessionParties => said!(
            t,
            refusal_only_session_parties,
            refusal_only_session_parties_why,
            refusal_only_session_parties_next
        ),
        Refusal::PinnedToEarlierTeam => said!(
            t,
            refusal_pinned_to_earlier_team,
            refusal_pinned_to_earlier_team_why,
            refusal_pinned_to_earlier_team_next
        ),
        Refusal::NotYoursToClose => said!(
            t,
            refusal_not_yours_to_close,
            refusal_not_yours_to_close_why,
            refusal_not_yours_to_close_next
        ),
        Refusal::NotYoursToReopen => said!(
            t,
            refusal_not_yours_to_reopen,
            refusal_not_yours_to_reopen_why,
            refusal_not_yours_to_reopen_next
        ),
        Refusal::NotYoursToOpen => said!(
            t,
            refusal_not_yours_to_open,
            refusal_not_yours_to_open_why,
            refusal_not_yours_to_open_next
        ),
        Refusal::TeamIsForOperators => said!(
            t,
            refusal_team_is_for_operators,
            refusal_team_is_for_operators_why,
            refusal_team_is_for_operators_next
        ),
        Refusal::NumberIsForOperators => said!(
            t,
            refusal_number_is_for_operators,
            refusal_number_is_for_operators_why,
            refusal_number_is_for_operators_next
        ),
        Refusal::NotYoursToMint => said!(
            t,
            refusal_not_yours_to_mint,
            refusal_not_yours_to_mint_why,
            refusal_not_yours_to_mint_next
        ),
        Refusal::CaseClosed => said!(
            t,
            refusal_case_closed,
            refusal_case_closed_why,
            refusal_case_closed_next
        ),
        Refusal::NothingRequested => said!(
            t,
            refusal_nothing_requested,
            refusal_nothing_requested_why,
            refusal_nothing_requested_next
        ),
        Refusal::RequestAlreadyGranted => said!(
            t,
            refusal_request_already_granted,
            refusal_request_already_granted_why,
            refusal_request_already_granted_next
        ),
        Refusal::SelfAssignmentNotApproved => said!(
            t,
            refusal_self_assignment_not_approved,
            refusal_self_assignment_not_approved_why,
            refusal_self_assignment_not_approved_next
        ),
        Refusal::NotSelfAssigned => said!(
            t,
            refusal_not_self_assigned,
            refusal_not_self_assigned_why,
            refusal_not_self_assigned_next
        ),
        Refusal::SupportBlocked => said!(
            t,
            refusal_support_blocked,
            refusal_support_blocked_why,
            refusal_support_blocked_next
        ),
        Refusal::NoAgentOnTeam => said!(
            t,
            refusal_no_agent_on_team,
            refusal_no_agent_on_team_why,
            refusal_no_agent_on_team_next
        ),
        Refusal::NothingToExtend => said!(
            t,
            refusal_nothing_to_extend,
            refusal_nothing_to_extend_why,
            refusal_nothing_to_extend_next
        ),
        Refusal::ExtensionOff => said!(
            t,
            refusal_extension_off,
            refusal_extension_off_why,
            refusal_extension_off_next
        ),
        Refusal::ChangedSinceShown => said!(
            t,
            refusal_changed_since_shown,
            refusal_changed_since_shown_why,
            refusal_changed_since_shown_next
        ),
        Refusal::AccessNotLive => said!(
            t,
            refusal_access_not_live,
            refusal_access_not_live_why,
            refusal_access_not_live_next
        ),
        Refusal::SubjectInactive => said!(
            t,
            refusal_subject_inactive,
            refusal_subject_inactive_why,
            refusal_subject_inactive_next
        ),
        Refusal::LinkUsed => said!(
            t,
            refusal_link_used,
            refusal_link_used_why,
            refusal_link_used_next
        ),
        Refusal::LinkExpired => said!(
            t,
            refusal_link_expired,
            refusal_link_expired_why,
            refusal_link_expired_next
        ),
        Refusal::LinkWrong => said!(
            t,
            refusal_link_wrong,
            refusal_link_wrong_why,
            refusal_link_wrong_next
        ),
        Refusal::SessionOver => said!(
            t,
            refusal_session_over,
            refusal_session_over_why,
            refusal_session_over_next
        ),
        Refusal::NoUpstream => said!(
            t,
            refusal_no_upstream,
            refusal_no_upstream_why,
            refusal_no_upstream_next
        ),
        Refusal::TooManySessions { most, running } => {
            let cases: BTreeSet<&str> = running.iter().map(|one| one.case.as_str()).collect();
            let cases: Vec<&str> = cases.into_iter().collect();
            Words {
                title: t.refusal_too_many_sessions(),
                why: t.refusal_too_many_sessions_why(*most),
                next: t.refusal_too_many_sessions_next(UserText::new(cases.join(", "))),
            }
        }
        Refusal::NumberTaken => said!(
            t,
            refusal_number_taken,
            refusal_number_taken_why,
            refusal_number_taken_next
        ),
        Refusal::SlugTaken => said!(
            t,
            refusal_slug_taken,
            refusal_slug_taken_why,
            refusal_slug_taken_next
        ),
        Refusal::HostTaken => said!(
            t,
            refusal_host_taken,
            refusal_host_taken_why,
            refusal_host_taken_next
        ),
        Refusal::HostReserved => said!(
            t,
            refusal_host_reserved,
            refusal_host_reserved_why,
            refusal_host_reserved_next
        ),
        Refusal::HostTwice => said!(
            t,
            refusal_host_twice,
            refusal_host_twice_why,
            refusal_host_twice_next
        ),
        Refusal::TooManyHosts => Words {
            title: t.refusal_too_many_hosts(),
            why: t.refusal_too_many_hosts_why(Org::MOST_HOSTS),
            next: t.refusal_too_many_hosts_next(),
        },
        Refusal::EmailTaken => said!(
            t,
            refusal_email_taken,
            refusal_email_taken_why,
            refusal_email_taken_next
        ),
        Refusal::SubjectUnknown => said!(
            t,
            refusal_subject_unknown,
            refusal_subject_unknown_why,
            refusal_subject_unknown_next
        ),
        Refusal::OpenerUnknown => said!(
            t,
            refusal_opener_unknown,
            refusal_opener_unknown_why,
            refusal_opener_unknown_next
        ),
        Refusal::AgentUnknown => said!(
            t,
            refusal_agent_unknown,
            refusal_agent_unknown_why,
            refusal_agent_unknown_next
        ),
        Refusal::DurationOutOfRange => said!(
            t,
            refusal_duration_out_of_range,
            refusal_duration_out_of_range_why,
            refusal_duration_out_of_range_next
        ),
        Refusal::ExpirationTooEarly => said!(
            t,
            refusal_expiration_too_early,
            refusal_expiration_too_early_why,
            refusal_expiration_too_early_next
        ),
        Refusal::ExpirationTooLate { latest } => Words {
            title: t.refusal_expiration_too_late(),
            why: t.refusal_expiration_too_late_why(),
            next: t.refusal_expiration_too_late_next(UserText::new(utc(*latest))),
        },
        Refusal::Text { field, error } => Words {
            title: t.refusal_text(),
            why: t.refusal_text_why(text_error(*error, t), *field),
            next: t.refusal_text_next(),
        },
    }
}

fn utc(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::MAX);
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
