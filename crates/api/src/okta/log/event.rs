//! Okta's LogEvent. What is not known is null, and never made up.

use std::collections::BTreeMap;

use countersign_entries::WrittenClient;
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

/// From where it came, as far as the log keeps it: the address, and what the program said of itself.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    id: Option<()>,
    user_agent: Option<UserAgent>,
    zone: Option<()>,
    device: Option<()>,
    ip_address: Option<String>,
    geographical_context: Option<()>,
}

impl Client {
    /// From there.
    pub(super) fn of(written: &WrittenClient<'_>) -> Self {
        let user_agent = written.user_agent.as_deref();
        Self {
            user_agent: user_agent.map(|said| UserAgent {
                raw_user_agent: said.to_owned(),
                os: None,
                browser: None,
            }),
            ip_address: Some(written.address.to_string()),
            ..Self::default()
        }
    }
}

/// What a program said of itself. Nobody guesses what it means.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UserAgent {
    raw_user_agent: String,
    os: Option<()>,
    browser: Option<()>,
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
    ip_chain: Vec<Hop>,
}

impl Request {
    /// From there.
    pub(super) fn of(written: &WrittenClient<'_>) -> Self {
        let hop = Hop {
            ip: written.address.to_string(),
            geographical_context: None,
            version: if written.address.is_ipv4() {
                "V4"
            } else {
                "V6"
            },
            source: None,
        };
        Self {
            ip_chain: vec![hop],
        }
    }
}

/// An address that it came by.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Hop {
    ip: String,
    geographical_context: Option<()>,
    version: &'static str,
    source: Option<()>,
}
