//! The kinds of entries.

use countersign_domain::{
    AgentId, CalledFrom, CaseId, CaseNumber, Event, GrantId, OrgId, SecretHash, SessionId, Slug,
    Timestamp,
};

use crate::{InVain, SignIn};

/// One entry of an org's log, complete but for its index, which is its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The org whose log it is.
    pub org: OrgId,
    /// Its short name at the time.
    pub org_slug: Slug,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who acted.
    pub actor: Who,
    /// The case it is about.
    pub case: Option<(CaseId, CaseNumber)>,
    /// The grant it is about or under.
    pub grant: Option<GrantId>,
    /// The session it is about or under.
    pub session: Option<SessionId>,
    /// From where the call came that did it, if that is known. A request under a session says it itself.
    pub client: Option<CalledFrom>,
    /// What happened.
    pub what: What,
}

/// Who acted, readable without any other record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A customer user.
    Admin {
        /// Their id.
        id: String,
        /// Their address at the time.
        email: String,
        /// What they acted through, or signed in with: whoever reads the log can find who made it
        /// and who accepted it (R3).
        credential: Option<String>,
    },
    /// An agent; under a session, with the subject on whose behalf.
    Agent {
        /// Their id.
        id: AgentId,
        /// Their address at the time.
        email: String,
        /// The subject's address, for what is done under a session.
        subject: Option<String>,
    },
    /// A service client of the org.
    Client {
        /// Its id.
        id: String,
        /// What it is called.
        name: String,
    },
    /// An operator; with a token, its id.
    Operator {
        /// The token's id; none from the command line.
        token: Option<String>,
        /// Who they are, where an OpenID provider of the vendor's said so.
        person: Option<OperatorName>,
    },
    /// A directory that provisions people.
    Provisioning {
        /// The id of the credential it acts through.
        credential: String,
    },
    /// Somebody who has not shown who they are, or whom the org is not to know: of another org.
    Unknown,
}

/// Who an operator is, by the word of an OpenID provider of the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorName {
    /// Their address at the time.
    pub email: String,
    /// What the provider calls them.
    pub name: Option<String>,
    /// A hash of what it knows them by.
    pub subject: SecretHash,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A domain event of the org.
    Event(Event),
    /// A request that support made; durable before the product sees it (R18).
    Request(RequestLine),
    /// A request that support made and that went no further (R18).
    Refused {
        /// The request.
        request: RequestLine,
        /// The stable code of the refusal.
        code: String,
    },
    /// How a request went (R18).
    Outcome(Outcome),
    /// Somebody came to the door, or went.
    SignIn(SignIn),
    /// A command that a rule refused.
    Attempt(InVain),
}

/// The first line of a request as sent upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// The method.
    pub method: String,
    /// The request target: path and query.
    pub target: String,
    /// Whether what was asked for is looked at by itself, not as a part of a page: the browser said so, or
    /// no browser asked.
    pub page: bool,
    /// Whether it came after the end of access from a page left open, and not by following a link or
    /// sending a form: as far as the browser's own words are to be believed.
    pub left_open: bool,
    /// The route rule that declared it a read although its method could change something: methods and
    /// pattern. None for what reads by its method, and in entries from before it was kept.
    pub rule: Option<String>,
    /// From where it came. None in entries from before it was kept.
    pub client: Option<CalledFrom>,
}

impl RequestLine {
    /// A request with this method, for this target.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            page: false,
            rule: None,
            left_open: false,
            client: None,
        }
    }
}

/// How a request went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The index of the request's entry in the same log.
    pub request: u64,
    /// The upstream's status; none when it did not answer.
    pub status: Option<u16>,
    /// Bytes of the response body passed on.
    pub bytes: u64,
    /// How it ended.
    pub ending: OutcomeEnding,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeEnding {
    /// The whole response was passed on.
    Complete,
    /// Access ended while the response was under way.
    Cut,
    /// Access ended after the entry was durable and before anything was sent.
    NotSent,
    /// The client went away.
    ClientGone,
    /// The upstream could not be reached, timed out or broke off.
    UpstreamFailed,
}

impl OutcomeEnding {
    /// The stable name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Cut => "cut",
            Self::NotSent => "not_sent",
            Self::ClientGone => "client_gone",
            Self::UpstreamFailed => "upstream_failed",
        }
    }

    /// The ending with this stable name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Complete,
            Self::Cut,
            Self::NotSent,
            Self::ClientGone,
            Self::UpstreamFailed,
        ]
        .into_iter()
        .find(|ending| ending.as_str() == name)
    }
}
