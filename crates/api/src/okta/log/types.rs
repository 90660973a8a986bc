//! Which of Okta's event types an entry is of. Where Okta has none for what happens here, the type is one of ours, below
//! `support.`, or beside the type that comes nearest.

use countersign_app::{LogNames, Told};
use countersign_domain::{CredentialKind, Role, WayIn};
use countersign_entries::{KINDS, Written};

/// The kind of entry of a command that was refused.
pub(super) const ATTEMPT: &str = "attempt.refused";

/// An event type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) name: &'static str,
    /// What Okta called it before, if it did.
    pub(super) legacy: Option<&'static str>,
    pub(super) message: &'static str,
}

const fn okta(name: &'static str, legacy: &'static str, message: &'static str) -> Type {
    Type {
        name,
        legacy: Some(legacy),
        message,
    }
}

const fn of(name: &'static str, message: &'static str) -> Type {
    Type {
        name,
        legacy: None,
        message,
    }
}

/// What an entry of this kind can be; nothing for kinds that are no events to Okta's clients: how a request went, and the
/// steps by which a browser enters a session.
#[rustfmt::skip]
pub(super) fn types_of(kind: &str) -> &'static [Type] {
    match kind {
        "access.granted" => const { &[okta("user.session.impersonation.grant", "core.user.impersonation.grant.enabled", "Enable impersonation grant")] },
        "access.extended" | "access.period_opened" => const { &[okta("user.session.impersonation.extend", "core.user.impersonation.grant.extended", "Extend impersonation grant")] },
        "access.revoked" => const { &[okta("user.session.impersonation.revoke", "core.user.impersonation.grant.revoked", "Revoke impersonation grant")] },
        "session.started" => const { &[okta("user.session.impersonation.initiate", "core.user.impersonation.session.initiated", "Initiate impersonation session")] },
        "session.ended" => const { &[okta("user.session.impersonation.end", "core.user.impersonation.session.ended", "End impersonation session")] },
        "session.token_exchanged" => const { &[of("app.oauth2.token.exchange", "Exchange impersonation session for an access token past the gateway")] },
        "session.token_ended" => const { &[of("app.oauth2.token.revoke", "Revoke access token past the gateway")] },
        "request" => const { &[of("support.org.view", "Support viewed a page of the org")] },
        "request.refused" => const { &[okta("app.generic.unauth_app_access_attempt", "app.generic.unauth_app_access_attempt", "User attempted unauthorized access to app")] },
        "admin.created" => const { &[okta("user.lifecycle.create", "core.user.config.user_creation.success", "Create user")] },
        "admin.deactivated" => const { &[okta("user.lifecycle.deactivate", "core.user.config.user_deactivated", "Deactivate user")] },
        "admin.reactivated" => const { &[of("user.lifecycle.reactivate", "Reactivate user")] },
        "admin.accepted" => const { &[of("user.lifecycle.accept", "Accept user whom the vendor created")] },
        "admin.refused" => const { &[of("user.lifecycle.refuse", "Refuse user whom the vendor created")] },
        "admin.changed" => const { &[okta("user.account.update_profile", "core.user.config.profile_update.success", "Update user profile")] },
        "admin.removed" => const { &[of("user.lifecycle.delete.completed", "Delete user")] },
        "admin.vouched_for" => const { &[of("user.lifecycle.vouch", "Accept user whom the directory created")] },
        "admin.role_set" | "admin.role_accepted" => const { &[
            okta("user.account.privilege.grant", "core.user.admin_privilege.granted", "Grant user privilege"),
            okta("user.account.privilege.revoke", "core.user.admin_privilege.revoked", "Revoke user privilege"),
        ] },
        "admin.role_proposed" => const { &[of("user.account.privilege.propose", "Propose user privilege")] },
        "admin.role_refused" => const { &[of("user.account.privilege.refuse", "Refuse user privilege")] },
        "credential.minted" => const { &[
            okta("system.api_token.create", "api.token.create", "Create API token"),
            of("user.sign_in_link.create", "Create sign-in link"),
        ] },
        "credential.revoked" => const { &[
            okta("system.api_token.revoke", "api.token.revoke", "Revoke API token"),
            of("user.sign_in_link.revoke", "Revoke sign-in link, or the sign-in by it"),
        ] },
        "credential.accepted" => const { &[of("user.credential.accept", "Accept credential that the vendor made")] },
        "credential.refused" => const { &[of("user.credential.refuse", "Refuse credential that the vendor made")] },
        "passkey.registered" => const { &[of("user.mfa.factor.activate", "Enroll passkey")] },
        "passkey.removed" => const { &[of("user.mfa.factor.deactivate", "Remove passkey")] },
        "issuer.added" => const { &[of("system.idp.lifecycle.create", "Create identity provider")] },
        "issuer.secret_set" => const { &[of("system.idp.lifecycle.update", "Update identity provider")] },
        "issuer.accepted" => const { &[of("system.idp.accept", "Accept identity provider that the vendor created")] },
        "issuer.removed" => const { &[of("system.idp.lifecycle.delete", "Delete identity provider")] },
        "openid.bound" => const { &[of("user.account.idp.link", "Link user to identity provider")] },
        "openid.unbound" => const { &[of("user.account.idp.unlink", "Unlink user from identity provider")] },
        "client.created" => const { &[of("app.oauth2.client.lifecycle.create", "Create OAuth client")] },
        "client.removed" => const { &[of("app.oauth2.client.lifecycle.delete", "Delete OAuth client")] },
        "client.key_added" => const { &[of("app.oauth2.credentials.lifecycle.create", "Create OAuth client credential")] },
        "client.key_removed" => const { &[of("app.oauth2.credentials.lifecycle.delete", "Delete OAuth client credential")] },
        "client.accepted" => const { &[of("app.oauth2.client.accept", "Accept OAuth client that the vendor created")] },
        "client.refused" => const { &[of("app.oauth2.client.refuse", "Refuse OAuth client that the vendor created")] },
        "console.signed_in" => const { &[okta("user.session.start", "core.user_auth.login_success", "User login")] },
        "console.sign_in_failed" => const { &[okta("user.session.start", "core.user_auth.login_failed", "User login")] },
        "console.signed_out" => const { &[okta("user.session.end", "core.user_auth.logout_success", "User logout")] },
        "org.created" => const { &[okta("system.org.lifecycle.create", "core.org.config.org_creation.success", "Create org")] },
        "org.claimed" => const { &[of("support.org.claim", "Claim org for its own super admins")] },
        "org.settings_changed" => const { &[of("support.org.update", "Update support access settings")] },
        "org.hosts_set" => const { &[of("support.org.hosts.update", "Set the org's own host names")] },
        "org.blocked" => const { &[of("support.org.block", "Block support access")] },
        "org.unblocked" => const { &[of("support.org.unblock", "Lift block of support access")] },
        "org.upstream_set" => const { &[of("application.lifecycle.update", "Update application")] },
        "case.opened" => const { &[of("support.case.open", "Open support case")] },
        "case.closed" => const { &[of("support.case.close", "Close support case")] },
        "case.reopened" => const { &[of("support.case.reopen", "Reopen support case")] },
        "case.team_joined" => const { &[of("support.case.team.add", "Add agent to support case")] },
        "case.team_left" => const { &[of("support.case.team.remove", "Remove agent from support case")] },
        "self_assignment.requested" => const { &[of("support.case.self_assignment.request", "Self-assign support case")] },
        "self_assignment.approved" => const { &[of("support.case.self_assignment.approve", "Approve self-assigned support case")] },
        "self_assignment.withdrawn" => const { &[of("support.case.self_assignment.withdraw", "Withdraw approval of self-assigned support case")] },
        "access.requested" => const { &[of("support.access.request", "Request impersonation")] },
        "access.request_withdrawn" => const { &[of("support.access.withdraw", "Withdraw request for impersonation")] },
        "access.more_time_wanted" => const { &[of("support.access.request_more_time", "Request more time for impersonation")] },
        _ => &[],
    }
}

/// What was tried in vain is of the type of what it would have been.
fn types_of_attempt(attempted: &str) -> &'static [Type] {
    types_of(match attempted {
        // Steps on the way into a session, which are no events of their own.
        "session.link_opened" | "session.entered" => "session.started",
        other => other,
    })
}

/// Which an entry is of; none if it is no event. A request is one if it is for a page of its own: what comes with pages,
/// such as style sheets, is not.
pub(super) fn type_of(
    written: &Written<'_>,
    told: &Told,
    names: &LogNames,
) -> Option<&'static Type> {
    if written.kind == ATTEMPT {
        return types_of_attempt(told.attempted.as_deref()?).first();
    }
    let types = types_of(&written.kind);
    let second = match &*written.kind {
        "request" if !written.request.as_ref()?.page => return None,
        "admin.role_set" | "admin.role_accepted" => told.role == Some(Role::Admin),
        "credential.minted" => told.credential_kind == Some(CredentialKind::LoginLink),
        "credential.revoked" => {
            let way = told.credential.and_then(|id| names.ways.get(&id));
            way == Some(&WayIn::LoginLink)
        }
        _ => false,
    };
    types.get(usize::from(second))
}

/// The kinds of entries that can be of a type that `can` be.
pub(super) fn kinds_that(can: impl Fn(&Type) -> bool) -> Vec<&'static str> {
    let is_one = |kind: &&str| types_of(kind).iter().any(&can);
    let tried = KINDS
        .iter()
        .any(|kind| types_of_attempt(kind).iter().any(&can));
    KINDS
        .into_iter()
        .filter(|kind| is_one(kind) || tried && *kind == ATTEMPT)
        .collect()
}

/// Whether `event_type` is one that events here can be of.
pub(super) fn is_known(event_type: &str) -> bool {
    let mut all = KINDS.iter().flat_map(|kind| types_of(kind));
    all.any(|one| one.name == event_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_an_orgs_entries_is_an_event_but_for_those_that_are_known_not_to_be() {
        let none: Vec<&str> = KINDS
            .into_iter()
            .filter(|kind| types_of(kind).is_empty())
            .collect();
        assert_eq!(
            none,
            [
                // Agents are the vendor's, and on no org's log.
                "agent.changed",
                "agent.created",
                "agent.deactivated",
                "agent.reactivated",
                "agent.removed",
                // Is whatever was tried.
                "attempt.refused",
                "outcome",
                "session.entered",
                "session.link_opened",
            ]
        );
    }
}
