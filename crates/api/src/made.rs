//! What creating calls answer with, and where it is found afterwards.

use std::fmt::Write;

use countersign_app::Made;
use serde_json::Value;

use crate::{
    case_view::CaseView,
    credential_view::MintedView,
    directory_view::{AdminView, AgentView, OrgView},
    providers::ProviderView,
    sessions::StartedSession,
};

/// The object made, on the wire.
pub(crate) fn body(made: &Made) -> Value {
    match made {
        Made::Org(org) => json(&OrgView::from(org)),
        Made::Admin(read) => json(&AdminView::from(read)),
        Made::Agent(agent) => json(&AgentView::from(agent)),
        Made::Case(read) => json(&CaseView::of(read)),
        Made::Credential(minted) => json(&MintedView::of(minted)),
        Made::Session(started) => json(&StartedSession::of(started)),
        Made::Issuer(read) => json(&ProviderView::from(read)),
    }
}

fn json(view: &impl serde::Serialize) -> Value {
    serde_json::to_value(view).unwrap_or_default()
}

/// Where it is from then on.
pub(crate) fn location(made: &Made) -> Option<String> {
    match made {
        Made::Org(org) => Some(format!("/api/v1/orgs/{}", org.slug)),
        Made::Admin(read) => Some(format!(
            "/api/v1/orgs/{}/admins/{}",
            read.org,
            segment(read.admin.email.as_str())
        )),
        Made::Agent(agent) => Some(format!("/api/v1/agents/{}", segment(agent.email.as_str()))),
        Made::Case(read) => read
            .case()
            .map(|case| format!("/api/v1/cases/{}", case.number)),
        Made::Session(started) => Some(format!("/api/v1/sessions/{}", started.id)),
        Made::Credential(_) => None,
        Made::Issuer(read) => Some(format!("/api/v1/orgs/{}/providers", read.org)),
    }
}

/// Percent-encodes what may not stand in a segment of a path (RFC 3986 section 3.3).
pub(crate) fn segment(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
