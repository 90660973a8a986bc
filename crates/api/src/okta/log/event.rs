//! Okta's LogEvent. What is not known is null, and never made up.

use std::collections::BTreeMap;

use serde::Serialize;

/// Something that happened.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogEvent {
    pub(super) uuid: String,
    pub(super) published: String,
    pub(super) event_type: &'static str,
    pub(super) legacy_event_type: Option<&'static str>,
    pub(super) display_message: &'static str,
    pub(super) version: &'static str,
    pub(super) severity: &'static str,
    pub(super) actor: Party,
    pub(super) client: Client,
    pub(super) outcome: Outcome,
    pub(super) target: Vec<Party>,
    pub(super) transaction: Transaction,
    pub(super) debug_context: DebugContext,
    pub(super) authentication_context: AuthenticationContext,
    pub(super) security_context: SecurityContext,
    pub(super) request: Request,
}

/// Who acted, or whom or what it was about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Party {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) alternate_id: Option<String>,
    pub(super) display_name: Option<String>,
    pub(super) detail_entry: Option<()>,
}

/// Where it came from. The log does not keep it.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    id: Option<()>,
    user_agent: Option<()>,
    zone: Option<()>,
    device: Option<()>,
    ip_address: Option<()>,
    geographical_context: Option<()>,
}

#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) result: &'static str,
    pub(super) reason: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Transaction {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) detail: BTreeMap<&'static str, String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DebugContext {
    pub(super) debug_data: BTreeMap<&'static str, String>,
}

/// How the actor is known.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthenticationContext {
    authentication_provider: Option<()>,
    credential_provider: Option<()>,
    credential_type: Option<()>,
    issuer: Option<()>,
    interface: Option<()>,
    authentication_step: u8,
    /// What they came by: what all that they did so has in common.
    external_session_id: Option<String>,
}

impl AuthenticationContext {
    /// Of somebody who came by this.
    pub(super) fn by(external_session_id: Option<String>) -> Self {
        Self {
            external_session_id,
            ..Self::default()
        }
    }
}

/// What is known of the address that it came from.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecurityContext {
    as_number: Option<()>,
    as_org: Option<()>,
    isp: Option<()>,
    domain: Option<()>,
    is_proxy: Option<()>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Request {
    ip_chain: [(); 0],
}
