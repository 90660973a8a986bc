//! Reading entries back from the bytes that stand on the log.

use std::{borrow::Cow, net::IpAddr};

use countersign_domain::{AgentId, CaseId, GrantId, OrgId, SessionId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{Outcome, OutcomeEnding, Sort};

/// An entry as it stands on the log. What later versions say besides is passed over.
#[derive(Debug, Deserialize)]
pub struct Written<'a> {
    /// The kind: see [`KINDS`](crate::KINDS).
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'a, str>,
    /// When it was recorded.
    pub at: Timestamp,
    /// Whose log it is on.
    #[serde(borrow)]
    pub org: WrittenOrg<'a>,
    /// Who acted.
    #[serde(borrow)]
    pub actor: WrittenActor<'a>,
    /// The case it is about.
    #[serde(borrow)]
    pub case: Option<WrittenCase<'a>>,
    /// The grant it is about or under.
    pub grant: Option<GrantId>,
    /// The session it is about or under.
    pub session: Option<SessionId>,
    /// From where the call or request came, where it was kept.
    #[serde(borrow)]
    pub client: Option<WrittenClient<'a>>,
    /// The request that support made.
    #[serde(borrow)]
    pub request: Option<WrittenRequest<'a>>,
    /// What else there is to say, as JSON.
    #[serde(borrow)]
    pub detail: Option<&'a RawValue>,
}

/// The org of an entry.
#[derive(Debug, Deserialize)]
pub struct WrittenOrg<'a> {
    /// Its id.
    pub id: OrgId,
    /// Its short name at the time.
    #[serde(borrow)]
    pub slug: Cow<'a, str>,
}

/// The actor of an entry.
#[derive(Debug, Deserialize)]
pub struct WrittenActor<'a> {
    /// `admin`, `agent`, `client`, `operator`, or `unknown`.
    #[serde(borrow)]
    pub kind: Cow<'a, str>,
    /// Their id; an operator's token.
    #[serde(borrow)]
    pub id: Option<Cow<'a, str>>,
    /// Their address at the time.
    #[serde(borrow)]
    pub email: Option<Cow<'a, str>>,
    /// What a service client is called.
    #[serde(borrow)]
    pub name: Option<Cow<'a, str>>,
    /// The address of the person on whose behalf, for what is done under a session.
    #[serde(borrow)]
    pub subject: Option<Cow<'a, str>>,
    /// What a customer user acted through, or signed in with, where it was kept.
    #[serde(borrow)]
    pub credential: Option<Cow<'a, str>>,
    /// How an operator came.
    #[serde(borrow)]
    pub via: Option<Cow<'a, str>>,
}

/// From where what an entry says was done.
#[derive(Debug, Deserialize)]
pub struct WrittenClient<'a> {
    /// The address.
    pub address: IpAddr,
    /// What the program said of itself.
    #[serde(borrow)]
    pub user_agent: Option<Cow<'a, str>>,
}

/// The case of an entry.
#[derive(Debug, Deserialize)]
pub struct WrittenCase<'a> {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    #[serde(borrow)]
    pub number: Cow<'a, str>,
}

/// The request of an entry.
#[derive(Debug, Deserialize)]
pub struct WrittenRequest<'a> {
    /// The method.
    #[serde(borrow)]
    pub method: Cow<'a, str>,
    /// The target: path and query.
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    /// Whether it is known to be of a page of its own.
    #[serde(default)]
    pub page: bool,
    /// Whether a page left open is known to have asked after the end of access.
    #[serde(default)]
    pub left_open: bool,
    /// The rule that declared it a read although its method could change something, where it was
    /// kept.
    #[serde(borrow, default)]
    pub rule: Option<Cow<'a, str>>,
}

/// What the details of entries that support's requests make are made of.
#[derive(Deserialize)]
struct OutcomeDetail<'a> {
    request: u64,
    status: Option<u16>,
    bytes: u64,
    #[serde(borrow)]
    ending: Cow<'a, str>,
}

#[derive(Deserialize)]
struct RefusedDetail<'a> {
    #[serde(borrow)]
    code: Cow<'a, str>,
}

/// The agent that an event about a team names.
#[derive(Deserialize)]
struct NamedAgent {
    agent: AgentId,
}

impl<'a> Written<'a> {
    /// Reads an entry.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn read(encoded: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(encoded)
    }

    /// How a request went, if this entry says so.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        if self.kind != "outcome" {
            return None;
        }
        let detail: OutcomeDetail<'_> = self.detail_as()?;
        Some(Outcome {
            request: detail.request,
            status: detail.status,
            bytes: detail.bytes,
            ending: OutcomeEnding::parse(&detail.ending)?,
        })
    }

    /// Whether this is a request that passed and could change something by its method: nothing but a
    /// rule of the vendor's, which declares it harmless, lets one pass (R17).
    #[must_use]
    pub fn declared_harmless(&self) -> bool {
        self.sort() == Some(Sort::Declared)
    }

    /// The code under which the request was refused.
    #[must_use]
    pub fn refused_with(&self) -> Option<Cow<'a, str>> {
        if self.kind != "request.refused" {
            return None;
        }
        self.detail_as()
            .map(|detail: RefusedDetail<'a>| detail.code)
    }

    /// The agent who acted, if it was one.
    #[must_use]
    pub fn by_agent(&self) -> Option<AgentId> {
        let id = self
            .actor
            .id
            .as_deref()
            .filter(|_| self.actor.kind == "agent");
        id?.parse().ok()
    }

    /// The agent who acted, or whom an event about a case's team names.
    #[must_use]
    pub fn agent(&self) -> Option<AgentId> {
        if self.actor.kind == "agent" {
            return self.by_agent();
        }
        if self.request.is_some() {
            return None;
        }
        self.detail_as().map(|detail: NamedAgent| detail.agent)
    }

    /// What people look for words in: the target of a request; of anything else, the names, titles
    /// and reasons that people gave.
    #[must_use]
    pub fn texts(&self) -> Vec<Cow<'_, str>> {
        const FIELDS: [&str; 5] = ["email", "justification", "name", "slug", "title"];
        if let Some(request) = &self.request {
            return vec![Cow::Borrowed(&request.path)];
        }
        if self.kind == "outcome" {
            return vec![];
        }
        let Some(Value::Object(mut fields)) = self.detail_as() else {
            return vec![];
        };
        FIELDS
            .iter()
            .filter_map(|name| match fields.remove(*name) {
                Some(Value::String(text)) => Some(Cow::Owned(text)),
                _ => None,
            })
            .collect()
    }

    /// The detail, if it is of that form.
    #[must_use]
    pub fn detail_as<T: Deserialize<'a>>(&self) -> Option<T> {
        serde_json::from_str(self.detail?.get()).ok()
    }
}
