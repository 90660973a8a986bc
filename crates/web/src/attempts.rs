//! What was tried in vain, in words: commands by the kind of the entry that they would have made, and answers by
//! their stable code.

use countersign_domain::Refusal;

use crate::{
    messages::{Lang, Text},
    refusals::words,
};

/// What somebody tried; none for a kind that nothing is tried by here.
#[must_use]
pub fn tried(kind: &str, t: Lang) -> Option<Text> {
    Some(match kind {
        "access.extended" => t.tried_extended(),
        "access.granted" => t.tried_granted(),
        "access.request_withdrawn" => t.tried_request_withdrawn(),
        "access.requested" => t.tried_requested(),
        "access.revoked" => t.tried_revoked(),
        "admin.accepted" => t.tried_admin_accepted(),
        "admin.changed" => t.tried_admin_changed(),
        "admin.removed" => t.tried_admin_removed(),
        "admin.created" => t.tried_admin_created(),
        "admin.deactivated" => t.tried_admin_deactivated(),
        "admin.reactivated" => t.tried_admin_reactivated(),
        "admin.refused" => t.tried_admin_refused(),
        "admin.role_accepted" => t.tried_role_accepted(),
        "admin.role_refused" => t.tried_role_refused(),
        "admin.role_set" => t.tried_admin_role(),
        "case.closed" => t.tried_case_closed(),
        "case.opened" => t.tried_case_opened(),
        "case.reopened" => t.tried_case_reopened(),
        "case.team_joined" => t.tried_team_joined(),
        "case.team_left" => t.tried_team_left(),
        "client.accepted" => t.tried_client_accepted(),
        "client.created" => t.tried_client_created(),
        "client.key_added" => t.tried_client_key_added(),
        "client.key_removed" => t.tried_client_key_removed(),
        "client.refused" => t.tried_client_refused(),
        "client.removed" => t.tried_client_removed(),
        "credential.accepted" => t.tried_credential_accepted(),
        "credential.minted" => t.tried_credential_minted(),
        "credential.refused" => t.tried_credential_refused(),
        "credential.revoked" => t.tried_credential_revoked(),
        "issuer.accepted" => t.tried_issuer_accepted(),
        "issuer.added" => t.tried_issuer_added(),
        "issuer.removed" => t.tried_issuer_removed(),
        "issuer.secret_set" => t.tried_issuer_secret(),
        "openid.unbound" => t.tried_openid_unbound(),
        "org.blocked" => t.tried_blocked(),
        "org.hosts_set" => t.tried_hosts_set(),
        "org.settings_changed" => t.tried_settings_changed(),
        "org.unblocked" => t.tried_unblocked(),
        "org.upstream_set" => t.tried_upstream_set(),
        "passkey.registered" => t.tried_passkey_registered(),
        "passkey.removed" => t.tried_passkey_removed(),
        "self_assignment.approved" => t.tried_self_approved(),
        "self_assignment.withdrawn" => t.tried_self_withdrawn(),
        "session.ended" => t.tried_session_ended(),
        "session.token_ended" => t.tried_token_ended(),
        "session.token_exchanged" => t.tried_token_exchanged(),
        "session.link_opened" => t.tried_link_opened(),
        "session.started" => t.tried_session_started(),
        _ => return None,
    })
}

/// What somebody was told who tried, by the stable code of the answer; none for a code that is known no more.
#[must_use]
pub fn answer(code: &str, t: Lang) -> Option<Text> {
    let refusal = Refusal::with_code(code)?;
    Some(words(&refusal, t).title)
}
