//! The canonical encoding: JSON as RFC 8785 would have it (sorted keys, no white space, integers
//! only), with a version in front, and the RFC 6962 leaf hash over it.

use countersign_domain::{AgentId, CaseId, Event, GrantId, OrgId, SessionId};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Entry, What, Who};

/// The version every encoded entry carries as `v`.
pub const FORMAT_VERSION: u32 = 1;

/// Hashes of one-time secrets are of use to nobody who reads a log.
const LEFT_OUT: [&str; 6] = ["code", "cookie", "browser", "entrance", "handover", "token"];

impl Entry {
    /// The bytes that stand on the log.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(TYPICAL_BYTES);
        // Writing to memory and keys that are text cannot fail.
        let _ = serde_json::to_writer(&mut out, &Encoded::of(self));
        out
    }
}

/// Entries of requests are about this long; longer ones grow.
const TYPICAL_BYTES: usize = 640;

/// An entry as it is encoded. Every struct here has its fields in the order of their names, which
/// is the order they are written in; a test holds them to it.
#[derive(Serialize)]
struct Encoded<'a> {
    actor: Actor<'a>,
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<Case<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Detail<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant: Option<GrantId>,
    org: Org<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<Request<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionId>,
    r#type: &'static str,
    v: u32,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Actor<'a> {
    Person {
        #[serde(skip_serializing_if = "Option::is_none")]
        credential: Option<&'a str>,
        email: &'a str,
        id: Id<'a>,
        kind: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<&'a str>,
    },
    Operator {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        kind: &'static str,
        via: &'static str,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Id<'a> {
    Admin(&'a str),
    Agent(AgentId),
}

#[derive(Serialize)]
struct Case<'a> {
    id: CaseId,
    number: &'a str,
}

#[derive(Serialize)]
struct Org<'a> {
    id: OrgId,
    slug: &'a str,
}

#[derive(Serialize)]
struct Request<'a> {
    method: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Detail<'a> {
    Event(Value),
    Refused {
        code: &'a str,
    },
    Outcome {
        bytes: u64,
        ending: &'static str,
        request: u64,
        status: Option<u16>,
    },
}

impl<'a> Encoded<'a> {
    fn of(entry: &'a Entry) -> Self {
        let (request, detail) = match &entry.what {
            What::Event(event) => (None, Some(Detail::Event(detail(event)))),
            What::Request(request) => (Some(request), None),
            What::Refused { request, code } => (Some(request), Some(Detail::Refused { code })),
            What::Outcome(outcome) => (
                None,
                Some(Detail::Outcome {
                    bytes: outcome.bytes,
                    ending: outcome.ending.as_str(),
                    request: outcome.request,
                    status: outcome.status,
                }),
            ),
        };
        Self {
            actor: Actor::of(&entry.actor),
            at: entry.at.as_millis(),
            case: entry.case.as_ref().map(|(id, number)| Case {
                id: *id,
                number: number.as_str(),
            }),
            detail,
            grant: entry.grant,
            org: Org {
                id: entry.org,
                slug: entry.org_slug.as_str(),
            },
            request: request.map(|line| Request {
                method: &line.method,
                path: &line.target,
            }),
            session: entry.session,
            r#type: entry.what.name(),
            v: FORMAT_VERSION,
        }
    }
}

impl<'a> Actor<'a> {
    fn of(who: &'a Who) -> Self {
        match who {
            Who::Admin {
                id,
                email,
                credential,
            } => Self::Person {
                credential: credential.as_deref(),
                email,
                id: Id::Admin(id),
                kind: "admin",
                subject: None,
            },
            Who::Agent { id, email, subject } => Self::Person {
                credential: None,
                email,
                id: Id::Agent(*id),
                kind: "agent",
                subject: subject.as_deref(),
            },
            Who::Operator { token } => Self::Operator {
                id: token.as_deref(),
                kind: "operator",
                via: if token.is_some() {
                    "token"
                } else {
                    "command_line"
                },
            },
        }
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
