//! The canonical encoding: JSON as RFC 8785 would have it (sorted keys, no white space, integers
//! only), with a version in front, and the RFC 6962 leaf hash over it.

use std::net::IpAddr;

use countersign_domain::{
    AgentId, CalledFrom, CaseId, Event, GrantId, OrgId, SecretHash, SessionId, Timestamp, UserAgent,
};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{Entry, RequestLine, What, Who, attempt};

/// The version every encoded entry carries as `v`.
pub const FORMAT_VERSION: u32 = 1;

/// Hashes of one-time secrets, and secrets sealed, are of use to nobody who reads a log.
const LEFT_OUT: [&str; 7] = [
    "code", "cookie", "browser", "entrance", "handover", "sealed", "token",
];

impl Entry {
    /// The bytes that stand on the log.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        Frame::of(self).encode(self.at, &self.what)
    }
}

/// Entries of requests are about this long; longer ones grow.
const TYPICAL_BYTES: usize = 640;

/// What entries under one session have in common, encoded: everything but their moment and what
/// happened. Members stand in the order of their names here, and fields in every struct below; a test
/// holds them to it.
#[derive(Clone, Debug)]
pub struct Frame {
    text: Vec<u8>,
    /// Where the members that differ go into the text.
    at: usize,
    client: usize,
    detail: usize,
    request: usize,
}

impl Frame {
    /// The frame of an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let mut text = Vec::with_capacity(TYPICAL_BYTES);
        text.extend_from_slice(b"{\"actor\":");
        write(&mut text, &Actor::of(&entry.actor));
        let at = text.len();
        if let Some((id, number)) = &entry.case {
            text.extend_from_slice(b",\"case\":");
            let (id, number) = (*id, number.as_str());
            write(&mut text, &Case { id, number });
        }
        let client = text.len();
        if let Some(from) = &entry.client {
            text.extend_from_slice(b",\"client\":");
            write(&mut text, &Client::of(from));
        }
        let detail = text.len();
        if let Some(grant) = &entry.grant {
            text.extend_from_slice(b",\"grant\":");
            write(&mut text, grant);
        }
        text.extend_from_slice(b",\"org\":");
        let (id, slug) = (entry.org, entry.org_slug.as_str());
        write(&mut text, &Org { id, slug });
        let request = text.len();
        if let Some(session) = &entry.session {
            text.extend_from_slice(b",\"session\":");
            write(&mut text, session);
        }
        Self {
            text,
            at,
            client,
            detail,
            request,
        }
    }

    /// The bytes that stand on the log for an entry in this frame.
    #[must_use]
    pub fn encode(&self, at: Timestamp, what: &What) -> Vec<u8> {
        let mut out = Vec::with_capacity(TYPICAL_BYTES.max(self.text.len() * 2));
        self.before(&mut out);
        write(&mut out, &at.as_millis());
        self.behind(&mut out, what);
        out
    }

    /// The same without the moment: what stands before its decimal digits, and behind. For whoever has
    /// the moment filled in where it is known.
    #[must_use]
    pub fn around(&self, what: &What) -> (Vec<u8>, Vec<u8>) {
        let (mut before, mut behind) = (vec![], Vec::with_capacity(TYPICAL_BYTES));
        self.before(&mut before);
        self.behind(&mut behind, what);
        (before, behind)
    }

    fn before(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.text.get(..self.at).unwrap_or_default());
        out.extend_from_slice(b",\"at\":");
    }

    fn behind(&self, out: &mut Vec<u8>, what: &What) {
        let text = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();
        out.extend_from_slice(text(self.at, self.client));
        match what.client() {
            Some(from) => {
                out.extend_from_slice(b",\"client\":");
                write(out, &Client::of(from));
            }
            None => out.extend_from_slice(text(self.client, self.detail)),
        }
        let (request, detail) = parts(what);
        if let Some(detail) = detail {
            out.extend_from_slice(b",\"detail\":");
            write(out, &detail);
        }
        out.extend_from_slice(text(self.detail, self.request));
        if let Some(request) = request {
            out.extend_from_slice(b",\"request\":");
            write(out, &request);
        }
        out.extend_from_slice(text(self.request, self.text.len()));
        out.extend_from_slice(b",\"type\":");
        write(out, what.name());
        out.extend_from_slice(b",\"v\":");
        write(out, &FORMAT_VERSION);
        out.push(b'}');
    }
}

/// Writing to memory and keys that are text cannot fail.
fn write(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    let _ = serde_json::to_writer(out, value);
}

/// The members that say what happened.
fn parts(what: &What) -> (Option<Request<'_>>, Option<Detail<'_>>) {
    match what {
        What::Event(event) => (None, Some(Detail::Event(detail(event)))),
        What::Request(line) => (Some(Request::of(line)), None),
        What::Refused { request, code } => {
            (Some(Request::of(request)), Some(Detail::Refused { code }))
        }
        What::Outcome(outcome) => (
            None,
            Some(Detail::Outcome {
                bytes: outcome.bytes,
                ending: outcome.ending.as_str(),
                request: outcome.request,
                status: outcome.status,
            }),
        ),
        What::SignIn(one) => (None, Some(Detail::Alone(one.detail()))),
        What::Attempt(refused) => (None, Some(Detail::Alone(refused.detail()))),
    }
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
    Client {
        id: &'a str,
        kind: &'static str,
        name: &'a str,
    },
    Operator {
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        kind: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        subject_hash: Option<SecretHash>,
        via: &'static str,
    },
    Unknown {
        kind: &'static str,
    },
    Provisioning {
        credential: &'a str,
        kind: &'static str,
    },
}

#[derive(Serialize)]
#[serde(untagged)]
enum Id<'a> {
    Admin(&'a str),
    Agent(AgentId),
}

#[derive(Serialize)]
struct Client<'a> {
    address: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'a str>,
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
    // Left out, entries of before either was recorded keep their bytes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    left_open: bool,
    method: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    page: bool,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
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
    Alone(attempt::Detail<'a>),
}

impl<'a> Client<'a> {
    fn of(from: &'a CalledFrom) -> Self {
        Self {
            address: from.address,
            user_agent: from.user_agent.as_ref().map(UserAgent::as_str),
        }
    }
}

impl<'a> Request<'a> {
    fn of(line: &'a RequestLine) -> Self {
        Self {
            left_open: line.left_open,
            method: &line.method,
            page: line.page,
            path: &line.target,
            rule: line.rule.as_deref(),
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
            Who::Client { id, name } => Self::Client {
                id,
                kind: "client",
                name,
            },
            Who::Provisioning { credential } => Self::Provisioning {
                credential,
                kind: "provisioning",
            },
            Who::Operator { token, person } => {
                let person = person.as_ref();
                Self::Operator {
                    email: person.map(|person| person.email.as_str()),
                    id: token.as_deref(),
                    kind: "operator",
                    name: person.and_then(|person| person.name.as_deref()),
                    subject_hash: person.map(|person| person.subject),
                    via: match (person, token) {
                        (Some(_), _) => "openid",
                        (None, Some(_)) => "token",
                        (None, None) => "command_line",
                    },
                }
            }
            Who::Unknown => Self::Unknown { kind: "unknown" },
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
        | Event::TokenExchanged { session, .. }
        | Event::TokenEnded { session, .. }
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

    /// From where a request under a session came: each says it itself, because one session may be used from
    /// several places, and that is for whoever reads the log to see.
    fn client(&self) -> Option<&CalledFrom> {
        match self {
            Self::Request(request) | Self::Refused { request, .. } => request.client.as_ref(),
            Self::Event(_) | Self::Outcome(_) | Self::SignIn(_) | Self::Attempt(_) => None,
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
