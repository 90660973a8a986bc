//! The canonical encoding: JSON as RFC 8785 would have it (sorted keys, no white space, integers
//! only), with a version in front, and the RFC 6962 leaf hash over it.

use countersign_domain::{Event, GrantId, SessionId};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::{Entry, RequestLine, What, Who};

/// The version every encoded entry carries as `v`.
pub const FORMAT_VERSION: u32 = 1;

/// Hashes of one-time secrets are of use to nobody who reads a log.
const LEFT_OUT: [&str; 6] = ["code", "cookie", "browser", "entrance", "handover", "token"];

impl Entry {
    /// The bytes that stand on the log.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut body = Map::new();
        body.insert("v".into(), FORMAT_VERSION.into());
        body.insert("type".into(), self.what.name().into());
        body.insert("at".into(), self.at.as_millis().into());
        body.insert(
            "org".into(),
            json!({"id": self.org.to_string(), "slug": self.org_slug.as_str()}),
        );
        body.insert("actor".into(), self.actor.encode());
        if let Some((id, number)) = &self.case {
            body.insert(
                "case".into(),
                json!({"id": id.to_string(), "number": number.as_str()}),
            );
        }
        if let Some(grant) = self.grant {
            body.insert("grant".into(), grant.to_string().into());
        }
        if let Some(session) = self.session {
            body.insert("session".into(), session.to_string().into());
        }
        match &self.what {
            What::Event(event) => {
                body.insert("detail".into(), detail(event));
            }
            What::Request(request) => {
                body.insert("request".into(), request.encode());
            }
            What::Refused { request, code } => {
                body.insert("request".into(), request.encode());
                body.insert("detail".into(), json!({ "code": code }));
            }
            What::Outcome(outcome) => {
                body.insert(
                    "detail".into(),
                    json!({
                        "request": outcome.request,
                        "status": outcome.status,
                        "bytes": outcome.bytes,
                        "ending": outcome.ending.as_str(),
                    }),
                );
            }
        }
        Value::Object(body).to_string().into_bytes()
    }
}

impl Who {
    fn encode(&self) -> Value {
        match self {
            Self::Admin { id, email } => json!({"kind": "admin", "id": id, "email": email}),
            Self::Agent { id, email, subject } => match subject {
                None => json!({"kind": "agent", "id": id.to_string(), "email": email}),
                Some(subject) => json!({
                    "kind": "agent", "id": id.to_string(), "email": email, "subject": subject,
                }),
            },
            Self::Operator { token } => match token {
                None => json!({"kind": "operator", "via": "command_line"}),
                Some(token) => json!({"kind": "operator", "via": "token", "id": token}),
            },
        }
    }
}

impl RequestLine {
    fn encode(&self) -> Value {
        json!({"method": self.method, "path": self.target})
    }
}

fn detail(event: &Event) -> Value {
    let mut value = serde_json::to_value(event).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        fields.remove("type");
        if let Some(Value::Object(session)) = fields.get_mut("session") {
            session.retain(|key, _| !LEFT_OUT.contains(&key.as_str()));
        }
        fields.retain(|key, _| !LEFT_OUT.contains(&key.as_str()));
    }
    value
}

/// The grant and session an event is about, for the entry's own fields.
#[must_use]
pub(crate) fn about(event: &Event) -> (Option<GrantId>, Option<SessionId>) {
    match event {
        Event::Granted { grant, .. } => (Some(grant.id), None),
        Event::Extended { grant, .. }
        | Event::PeriodOpened { grant, .. }
        | Event::Revoked { grant, .. } => (Some(*grant), None),
        Event::SessionStarted { session, .. } => (Some(session.grant), Some(session.id)),
        Event::LinkOpened { session, .. }
        | Event::SessionEntered { session, .. }
        | Event::SessionEnded { session, .. } => (None, Some(*session)),
        _ => (None, None),
    }
}

impl What {
    /// The grant and session an entry of this kind is about, as far as it says so itself.
    #[must_use]
    pub fn about(&self) -> (Option<GrantId>, Option<SessionId>) {
        match self {
            Self::Event(event) => about(event),
            _ => (None, None),
        }
    }
}

/// The Merkle tree leaf hash of RFC 6962 section 2.1: SHA-256 over a zero byte and the entry.
#[must_use]
pub fn leaf_hash(encoded: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(encoded);
    hasher.finalize().into()
}
