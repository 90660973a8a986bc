//! The words for each refusal: what happened, why, and what to do next, for the support engineer,
//! customer admin or operator who gets it. The stable code is the domain's.

use std::collections::BTreeSet;

use countersign_domain::{Org, Refusal, TextError, Timestamp};

use crate::{
    field_error,
    messages::{Lang, Text},
    text::UserText,
};

/// A refusal in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened, in a few words: the title of a page.
    pub title: Text,
    /// What happened and why.
    pub why: Text,
    /// What to do next.
    pub next: Text,
}

/// What happened, in a few words and in English: the title of a problem for programs.
#[must_use]
pub fn title(refusal: &Refusal) -> String {
    words(refusal, Lang::En).title.plain()
}

/// What happened, why, and what to do next, in one English sentence: for programs and the command
/// line.
#[must_use]
pub fn sentence(refusal: &Refusal) -> String {
    // What form a field takes is said to programs only; a page has its own words beside the field.
    if let Refusal::Text { field, error } = refusal {
        return field_error::sentence(field, *error);
    }
    let Words { why, next, .. } = words(refusal, Lang::En);
    let (why, next) = (why.plain(), next.plain());
    let mut letters = next.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .collect();
    format!("{}: {first}{}", why.trim_end_matches('.'), letters.as_str())
}

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

/// What is wrong with a text, as the clause that follows its name: `must not be blank`.
pub fn text_error(error: TextError, t: Lang) -> Text {
    match error {
        TextError::Blank => t.text_error_blank(),
        TextError::TooShort { min } => t.text_error_too_short(min),
        TextError::TooLong { max } => t.text_error_too_long(max),
        TextError::Control => t.text_error_control(),
        TextError::Form { .. } => t.text_error_form(),
    }
}

fn utc(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::MAX);
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use countersign_domain::{CaseNumber, RunningSession, TextError};

    use super::*;

    #[test]
    fn what_varies_is_said() {
        let latest = Timestamp::from_millis(1_764_000_000_000);
        assert_eq!(
            sentence(&Refusal::ExpirationTooLate { latest }),
            "Access can be extended to at most one day from now: choose an expiration no later than 2025-11-24T16:00:00Z."
        );
        let short = Refusal::Text {
            field: "justification",
            error: TextError::TooShort { min: 10 },
        };
        assert_eq!(
            sentence(&short),
            "The field \"justification\" must have at least 10 characters: correct it and try again."
        );
    }

    #[test]
    fn which_session_to_end_is_said_by_its_case() {
        let running = |cases: &[&str]| Refusal::TooManySessions {
            most: 3,
            running: cases
                .iter()
                .map(|case| RunningSession {
                    id: format!("sess_{:032x}", 7).parse().expect("an id"),
                    case: CaseNumber::parse(case).expect("a case number"),
                    started_at: Timestamp::from_millis(0),
                })
                .collect(),
        };
        assert_eq!(
            sentence(&running(&["12", "11", "12", "10"])),
            "As many of your sessions are running as may run at a time (3): end one of them first, on one of these cases: 10, 11, 12."
        );
    }

    #[test]
    fn a_sentence_says_what_to_do_next() {
        for refusal in [
            Refusal::CaseNotFound,
            Refusal::OnlyApprovers,
            Refusal::AccessNotLive,
            Refusal::SupportBlocked,
            Refusal::SubjectUnknown,
        ] {
            let sentence = sentence(&refusal);
            assert!(
                sentence.ends_with('.') && sentence.contains(": "),
                "{sentence}"
            );
            assert!(!title(&refusal).ends_with('.'));
        }
    }
}
