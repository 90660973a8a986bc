//! An entry of the log on the wire, read from the very bytes that were hashed.

use std::{fmt::Write, net::IpAddr};

use countersign_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::time;

/// The fields of an event that hold a moment, as milliseconds in the encoding.
const MOMENTS: [&str; 6] = [
    "absolute_until",
    "added_at",
    "expires_at",
    "from",
    "started_at",
    "until",
];

/// An entry of an org's log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub(crate) struct EntryView {
    /// Its place in the log, from 0.
    index: u64,
    /// When it was recorded.
    #[schema(format = DateTime)]
    at: String,
    /// What it is about: `area.what_happened`, `request`, `request.refused` or `outcome`.
    #[serde(rename = "type")]
    #[schema(example = "access.granted")]
    kind: String,
    /// Who acted.
    actor: ActorView,
    /// The org's short name at the time.
    org: String,
    /// The number of the case it is about.
    #[schema(required)]
    case: Option<String>,
    /// The grant it is about or under.
    #[schema(required)]
    grant: Option<String>,
    /// The session it is about or under.
    #[schema(required)]
    session: Option<String>,
    /// From where the call or the request came that did it; null where it is not known: from the command line, by
    /// a rule, and in entries from before it was kept.
    #[schema(required)]
    client: Option<ClientView>,
    /// The request that support made.
    #[schema(required)]
    request: Option<RequestView>,
    /// What else there is to say, depending on `type`.
    #[schema(required, value_type = Option<Object>)]
    detail: Option<Value>,
    /// The RFC 6962 leaf hash: SHA-256 over a zero byte and `encoded`, in hexadecimal; null where `encoded` is.
    #[schema(required)]
    leaf_hash: Option<String>,
    /// The bytes that stand on the log, as text; null where they say from where something was done that the caller is
    /// not to read: an agent, of what a customer's people did.
    #[schema(required)]
    encoded: Option<String>,
}

/// Who acted.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryActor)]
struct ActorView {
    /// `admin`, `agent`, `client` (a service client) or `operator`; `unknown` for somebody who has not shown who they are, or is
    /// of another org.
    kind: String,
    /// Their id; an operator's token.
    #[serde(default)]
    #[schema(required)]
    id: Option<String>,
    /// Their address at the time.
    #[serde(default)]
    #[schema(required)]
    email: Option<String>,
    /// What a service client was called at the time; left out for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    name: Option<String>,
    /// The address of the person on whose behalf, for what is done under a session.
    #[serde(default)]
    #[schema(required)]
    subject: Option<String>,
    /// What a customer user acted through, or signed in with; null where it is not known.
    #[serde(default)]
    #[schema(required)]
    credential: Option<String>,
    /// How an operator came: `command_line` or `token`.
    #[serde(default)]
    #[schema(required)]
    via: Option<String>,
}

/// From where something was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryClient)]
struct ClientView {
    /// The address: of whoever connected, or as a trusted proxy says.
    #[schema(value_type = String, example = "203.0.113.9")]
    address: IpAddr,
    /// What the program said of itself, at most 200 characters.
    #[serde(default)]
    #[schema(required)]
    user_agent: Option<String>,
}

/// The first line of a request.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EntryRequest)]
struct RequestView {
    /// The method.
    method: String,
    /// The request target as sent upstream: path and query.
    path: String,
    /// The route rule, methods and pattern, by which the vendor declared it harmless although its
    /// method could change something; left out where its method reads, and where it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "POST /search")]
    rule: Option<String>,
}

/// The encoding, as far as it is read here.
#[derive(Deserialize)]
struct Encoded {
    #[serde(rename = "type")]
    kind: String,
    at: Timestamp,
    org: EncodedOrg,
    actor: ActorView,
    case: Option<EncodedCase>,
    grant: Option<String>,
    session: Option<String>,
    client: Option<ClientView>,
    request: Option<RequestView>,
    detail: Option<Value>,
}

#[derive(Deserialize)]
struct EncodedOrg {
    slug: String,
}

#[derive(Deserialize)]
struct EncodedCase {
    number: String,
}

impl EntryView {
    /// Reads an entry.
    ///
    /// # Errors
    /// What cannot be read of it; entries are written by ourselves.
    pub(crate) fn of(index: u64, leaf_hash: &[u8], encoded: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(encoded).map_err(|error| error.to_string())?;
        let mut entry: Encoded = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if let Some(detail) = &mut entry.detail {
            write_moments(detail);
        }
        Ok(Self {
            index,
            at: time::write(entry.at),
            kind: entry.kind,
            actor: entry.actor,
            org: entry.org.slug,
            case: entry.case.map(|case| case.number),
            grant: entry.grant,
            session: entry.session,
            client: entry.client,
            request: entry.request,
            detail: entry.detail,
            leaf_hash: Some(hex(leaf_hash)),
            encoded: Some(text.to_owned()),
        })
    }

    /// Without the place, and without what is made of it: from the hash, an address could be found by trying all.
    pub(crate) fn without_place(self) -> Self {
        Self {
            client: None,
            leaf_hash: None,
            encoded: None,
            ..self
        }
    }
}

/// Times on the wire are RFC 3339, also inside what the encoding keeps as milliseconds.
fn write_moments(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_i64().filter(|_| MOMENTS.contains(&name.as_str())) {
                    Some(millis) => *field = time::write(Timestamp::from_millis(millis)).into(),
                    None => write_moments(field),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_moments),
        _ => {}
    }
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
