//! The sentence for each refusal: what happened, why, and what to do next, for the support
//! engineer, customer admin or operator who gets it. The stable code is the domain's.

use countersign_domain::{Refusal, Timestamp};

/// What happened, in a few words: the title of a problem or a page.
#[must_use]
pub fn title(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ImpersonationCannotAct => "An impersonation cannot do this",
        Refusal::CallerInactive => "Your account is deactivated",
        Refusal::OrgNotFound => "No such org",
        Refusal::CaseNotFound => "No such case",
        Refusal::SessionNotFound => "No such session",
        Refusal::PersonNotFound => "No such person",
        Refusal::OnlyOperators => "For operators only",
        Refusal::OnlySuperAdmins => "For super admins only",
        Refusal::OnlyApprovers => "For approvers of the case only",
        Refusal::OnlySuperAdminsApproveHere => "Only super admins approve here",
        Refusal::OpenerNotAttested => "The opener of this case cannot approve",
        Refusal::OnlyTeamAgents => "For agents on the case only",
        Refusal::OnlyRequester => "For the agent who asked only",
        Refusal::OnlySessionParties => "Not yours to end",
        Refusal::PinnedToEarlierTeam => "Access is for the earlier team",
        Refusal::NotYoursToClose => "Not yours to close",
        Refusal::NotYoursToReopen => "Not yours to reopen",
        Refusal::NotYoursToOpen => "Not yours to open",
        Refusal::TeamIsForOperators => "Teams are set by operators",
        Refusal::NumberIsForOperators => "Case numbers are chosen by operators",
        Refusal::NotYoursToMint => "Not yours to make",
        Refusal::CredentialNotFound => "No such credential",
        Refusal::CredentialNotAccepted => "Your sign-in has not been accepted",
        Refusal::CredentialRefused => "Your sign-in has been refused",
        Refusal::AdminNotAccepted => "Your account has not been accepted",
        Refusal::OrgNotClaimed => "Nothing needs to be accepted yet",
        Refusal::AlreadyRefused => "It has been refused for good",
        Refusal::AlreadyAccepted => "It has been accepted",
        Refusal::RoleNotProposed => "No such role waits",
        Refusal::LastSuperAdmin => "Nobody else could act for your org",
        Refusal::LastPasskey => "Nobody could sign in for your org",
        Refusal::SignInTooOld => "Your sign-in is too long ago",
        Refusal::TooManyPasskeys => "Too many passkeys",
        Refusal::PasskeyTaken => "This passkey is registered already",
        Refusal::CaseClosed => "The case is closed",
        Refusal::NothingRequested => "Nobody has asked for access",
        Refusal::RequestAlreadyGranted => "The request has been granted",
        Refusal::SelfAssignmentNotApproved => "The self-assigned case is not approved",
        Refusal::NotSelfAssigned => "The case is not self-assigned",
        Refusal::SupportBlocked => "All support access is blocked",
        Refusal::NoAgentOnTeam => "No agent is on the case",
        Refusal::NothingToExtend => "There is no grant to extend",
        Refusal::ExtensionOff => "Extension is switched off",
        Refusal::ChangedSinceShown => "The case has changed meanwhile",
        Refusal::AccessNotLive => "Access is not granted now",
        Refusal::SubjectInactive => "The person to act as is deactivated",
        Refusal::LinkUsed => "The link was used before",
        Refusal::LinkExpired => "The link is too old",
        Refusal::LinkWrong => "The link does not fit",
        Refusal::SessionOver => "The session has ended",
        Refusal::NoUpstream => "The org's product is not connected",
        Refusal::NumberTaken => "The case number is taken",
        Refusal::SlugTaken => "The short name is taken",
        Refusal::EmailTaken => "The e-mail address is taken",
        Refusal::SubjectUnknown => "The person to act as is unknown",
        Refusal::OpenerUnknown => "The opener is unknown",
        Refusal::AgentUnknown => "The agent is unknown",
        Refusal::DurationOutOfRange => "The default duration is out of range",
        Refusal::ExpirationTooEarly => "The expiration is too early",
        Refusal::ExpirationTooLate { .. } => "The expiration is too far ahead",
        Refusal::Text { .. } => "A field is not as it must be",
    }
}

/// What happened, why, and what to do next.
#[must_use]
pub fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::ExpirationTooLate { latest } => format!(
            "Access can be extended to at most one day from now: choose an expiration no later than {}.",
            utc(*latest)
        ),
        Refusal::Text { field, error } => {
            format!("The field \"{field}\" {error}: correct it and try again.")
        }
        other => fixed(other).to_owned(),
    }
}

fn fixed(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::ImpersonationCannotAct => {
            "You are looking at this as someone else, and an impersonation can approve, change or start nothing: end the impersonation session and sign in as yourself."
        }
        Refusal::CallerInactive => {
            "Your account has been deactivated, so it can do nothing here: ask whoever administers accounts to reactivate it."
        }
        Refusal::OrgNotFound => {
            "There is no such org, or it is not yours to see: check its short name, or sign in with an account that belongs to it."
        }
        Refusal::CaseNotFound => {
            "There is no such case, or it is not yours to see: check the number, and if you are an agent, ask to be put on the case's team."
        }
        Refusal::SessionNotFound => {
            "There is no such session, or it is not yours to see: check the id, or look at the case it belongs to."
        }
        Refusal::PersonNotFound => {
            "There is no such person, or they are not yours to see: check the e-mail address."
        }
        Refusal::OnlyOperators => {
            "Only an operator of this deployment may do this: ask the vendor's platform team."
        }
        Refusal::OnlySuperAdmins => {
            "Only a super admin of the org may do this: ask one of your org's super admins."
        }
        Refusal::OnlyApprovers => {
            "Only an approver may do this, that is a super admin of the org or the admin who opened the case: ask one of them."
        }
        Refusal::OnlySuperAdminsApproveHere => {
            "You opened this case, but your org lets only super admins approve support access: ask one of your org's super admins."
        }
        Refusal::OpenerNotAttested => {
            "That you opened this case is known from the vendor's records only, and your org wants more than that from approvers: ask one of your org's super admins."
        }
        Refusal::OnlyTeamAgents => {
            "Only a support agent on the case's team may do this: sign in as one, or ask an agent on the team."
        }
        Refusal::OnlyRequester => {
            "Only the agent who asked for access may withdraw the request: ask them, or ask for access yourself, which replaces their request."
        }
        Refusal::OnlySessionParties => {
            "Only the agent whose session it is, or an approver of the case, may end it: ask one of them."
        }
        Refusal::PinnedToEarlierTeam => {
            "The customer granted access to the agents who were on the case at that time, and you joined later: ask the customer to untick and tick again, or let an earlier agent look."
        }
        Refusal::NotYoursToClose => {
            "Only an operator, an approver or an agent on the team may close this case: ask one of them."
        }
        Refusal::NotYoursToReopen => {
            "Only an operator or an approver may reopen this case; agents cannot: ask the customer, or open the case again in the case tracker."
        }
        Refusal::NotYoursToOpen => {
            "You can open a case in your own name only: leave out who opened it, or let the case tracker open it."
        }
        Refusal::TeamIsForOperators => {
            "Who works on a case is set by the vendor's case tracker: leave the team out, or have it changed there."
        }
        Refusal::NumberIsForOperators => {
            "The case tracker chooses case numbers: leave the number out, and the case is given one."
        }
        Refusal::NotYoursToMint => {
            "A sign-in link or token can be made by its owner or by an operator only: ask one of them."
        }
        Refusal::CredentialNotFound => {
            "There is no such credential, or it is not yours to see: check its id, or look at the list on the settings page."
        }
        Refusal::CredentialNotAccepted => {
            "Your org is claimed, and you signed in with something your vendor made that nobody of your org has accepted, so nothing was granted or changed: have a super admin accept it on the settings page, or sign in with your passkey."
        }
        Refusal::CredentialRefused => {
            "A super admin of your org has refused what you signed in with, so it does nothing any more: sign in with your passkey, or ask for another link."
        }
        Refusal::AdminNotAccepted => {
            "Your org is claimed, and your vendor made or reactivated your account without a super admin of your org having accepted it, so nothing was granted or changed: ask one of your super admins to accept you on the settings page."
        }
        Refusal::OrgNotClaimed => {
            "No super admin has claimed the org, so what the vendor makes counts without being accepted: a super admin claims it by signing in with a passkey."
        }
        Refusal::AlreadyRefused => {
            "A super admin of the org has refused it, and that is for good: make a new one, or, for a person, have a super admin of the org reactivate them."
        }
        Refusal::AlreadyAccepted => {
            "It counts as the org's own already, so there is nothing to refuse: remove or deactivate it instead."
        }
        Refusal::RoleNotProposed => {
            "No such role waits for this person, or it was taken back meanwhile: look at the settings page again."
        }
        Refusal::LastSuperAdmin => {
            "Without this person no super admin with an accepted passkey would be left, and nobody could act for the org any more: accept or promote another super admin who has a passkey first."
        }
        Refusal::LastPasskey => {
            "This is the last passkey by which a super admin can sign in and act for your org: add another passkey first, or accept another super admin's."
        }
        Refusal::SignInTooOld => {
            "A passkey can be added in the first 15 minutes after signing in only, so that nobody adds one at a desk you left: sign in again, then add it."
        }
        Refusal::TooManyPasskeys => {
            "One person can have 20 passkeys, and you have that many: remove one that you no longer use first."
        }
        Refusal::PasskeyTaken => {
            "This very passkey is registered already, so nothing was added: use it, or make another one on a different device."
        }
        Refusal::CaseClosed => {
            "The case is closed, and a closed case gives no access: reopen it first, which needs an approver or an operator."
        }
        Refusal::NothingRequested => {
            "No agent has asked for access since the case was opened, so there is nothing to grant or withdraw: the agent asks first."
        }
        Refusal::RequestAlreadyGranted => {
            "The customer has already granted this request, so it cannot be withdrawn: end your sessions, or ask the customer to untick."
        }
        Refusal::SelfAssignmentNotApproved => {
            "An agent opened this case for themselves, so it gives no access until the customer approves the case itself: an approver approves the self-assigned case first."
        }
        Refusal::NotSelfAssigned => {
            "This case was not opened by an agent for themselves, so there is no self-assignment to approve: nothing needs to be done."
        }
        Refusal::SupportBlocked => {
            "A super admin has blocked all support access to the org: it stays blocked until one of its super admins lifts the block."
        }
        Refusal::NoAgentOnTeam => {
            "No active agent is on the case, so nobody could use the access: grant it when the vendor has put an agent on the case."
        }
        Refusal::NothingToExtend => {
            "Access was never granted or has been revoked, so there is nothing to extend: tick \"Grant impersonation\" to grant it afresh."
        }
        Refusal::ExtensionOff => {
            "Your org has switched off extending access: when it has expired, tick again to grant it afresh, or have a super admin change the setting."
        }
        Refusal::ChangedSinceShown => {
            "The case has changed since you looked, so nothing was done: look at it again and decide then."
        }
        Refusal::AccessNotLive => {
            "The customer has not granted access to this case, or it has expired or been revoked: ask for access and pass the link on to the customer."
        }
        Refusal::SubjectInactive => {
            "The person to act as has been deactivated since the request: ask for access again and name another active admin of the org."
        }
        Refusal::LinkUsed => {
            "This link opens a session once and has been opened before: start a new session from the case."
        }
        Refusal::LinkExpired => {
            "This link is good for a few minutes only and is too old now: start a new session from the case."
        }
        Refusal::LinkWrong => {
            "This link does not belong to the session or to this browser: open it in the browser where you are signed in, or start a new session from the case."
        }
        Refusal::SessionOver => {
            "This session has ended, by someone, by a rule or by its time limit: if access is still granted, start a new session from the case."
        }
        Refusal::NoUpstream => {
            "No address of the vendor's product is known for this org, so there is nothing to look at: ask an operator to set the org's upstream."
        }
        Refusal::NumberTaken => {
            "Another case in this deployment has that number: choose a different one."
        }
        Refusal::SlugTaken => "Another org has that short name: choose a different one.",
        Refusal::EmailTaken => {
            "Someone already has that e-mail address here: use a different one, or the account that exists."
        }
        Refusal::SubjectUnknown => {
            "The person to act as is no active admin of the case's org: check the e-mail address, or leave it out to act as the one who opened the case."
        }
        Refusal::OpenerUnknown => {
            "Whoever is said to have opened the case is no active admin of that org and no active agent: check the e-mail address."
        }
        Refusal::AgentUnknown => {
            "There is no active agent with that e-mail address: check it, or have an operator create or reactivate the agent."
        }
        Refusal::DurationOutOfRange => {
            "A tick can grant access for between 15 minutes and 24 hours: choose a default duration in that range."
        }
        Refusal::ExpirationTooEarly => {
            "An extension never shortens access, and that expiration is past or before the present one: choose a later one, or untick to end access now."
        }
        Refusal::ExpirationTooLate { .. } => {
            "Access can be extended to at most one day from now: choose an earlier expiration."
        }
        Refusal::Text { .. } => "A field is not as it must be: correct it and try again.",
    }
}

fn utc(at: Timestamp) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::MAX);
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use countersign_domain::TextError;

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
