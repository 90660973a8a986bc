//! Impersonation sessions (R16).

use serde::{Deserialize, Serialize};

use crate::{
    AdminId, AgentId, CaseNumber, Duration, GrantId, Label, SecretHash, SessionId, Timestamp,
    TokenId, expiry::has_passed,
};

/// How long a session may last, and how many an agent may have (R16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
    /// How many sessions of one agent run at a time, whatever the case.
    pub per_agent: u32,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle: Duration::from_mins(30),
            absolute: Duration::from_hours(8),
            per_agent: 10,
        }
    }
}

/// A session that runs, for an agent who is to end one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningSession {
    /// The session.
    pub id: SessionId,
    /// The case it is under.
    pub case: CaseNumber,
    /// When it started.
    pub started_at: Timestamp,
}

/// A session that has not been ended by anyone; time may still have ended it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The id.
    pub id: SessionId,
    /// Who acts.
    pub agent: AgentId,
    /// On whose behalf.
    pub subject: AdminId,
    /// The grant it is under.
    pub grant: GrantId,
    /// The period of that grant it belongs to.
    pub period: u32,
    /// When it started.
    pub started_at: Timestamp,
    /// Its own absolute limit.
    pub absolute_until: Timestamp,
    /// How long it may go without a request.
    pub idle: Duration,
    /// The first label of its origin.
    pub label: Label,
    /// The hash of the token a program sends.
    pub token: SecretHash,
    /// How far the browser has come.
    pub entrance: Entrance,
    /// Access tokens that its agent exchanged, for past the gateway (RFC 8693). Left out while there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<ExchangedToken>,
}

/// An access token for past the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangedToken {
    /// Its `jti`.
    pub id: TokenId,
    /// The hash of the whole token.
    pub hash: SecretHash,
    /// Good until then, if the session runs for so long.
    pub expires_at: Timestamp,
}

/// The steps by which one browser enters a session: a link, a hand-over, a cookie. Each secret is
/// good once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Entrance {
    /// The one-time link has been made and not been opened.
    Linked {
        /// The hash of the link's code.
        code: SecretHash,
        /// Good until then.
        until: Timestamp,
    },
    /// The agent, signed in, opened the link; the hand-over to the session's origin is under way.
    HandedOver {
        /// The hash of the hand-over code.
        handover: SecretHash,
        /// The hash of what the browser holds at the session's origin.
        browser: SecretHash,
        /// Good until then.
        until: Timestamp,
    },
    /// The browser holds the session's cookie.
    Entered {
        /// The hash of the cookie.
        cookie: SecretHash,
    },
}

impl Session {
    /// How long the one-time link is good.
    pub const LINK: Duration = Duration::from_mins(10);
    /// How long the hand-over between two of our own origins may take.
    pub const HANDOVER: Duration = Duration::from_secs(60);

    /// How many tokens may be good at a time.
    pub const MOST_TOKENS: usize = 10;
    /// How long a token is good at most: a product that does not ask back takes one for so long after access ended.
    pub const TOKEN: Duration = Duration::from_secs(60);

    /// The token that was issued with this hash, if it is good at `now` for as long as the session runs.
    #[must_use]
    pub fn token(&self, id: TokenId, hash: SecretHash, now: Timestamp) -> Option<&ExchangedToken> {
        self.tokens.iter().find(|token| {
            token.id == id && token.hash == hash && !has_passed(token.expires_at, now)
        })
    }

    /// Keeps a token that was issued at `at`; those that have run out are forgotten.
    pub fn keep_token(&mut self, at: Timestamp, token: ExchangedToken) {
        self.tokens.retain(|one| !has_passed(one.expires_at, at));
        self.tokens.push(token);
    }

    /// Forgets a token that was ended.
    pub fn drop_token(&mut self, id: TokenId) {
        self.tokens.retain(|one| one.id != id);
    }

    /// Whether the session's own absolute limit has been reached.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        has_passed(self.absolute_until, now)
    }

    /// Whether the session has gone without a request for too long.
    #[must_use]
    pub fn is_idle(&self, last_request: Timestamp, now: Timestamp) -> bool {
        has_passed(last_request.plus(self.idle), now)
    }

    /// The end by the clock, given its period's present end (R16).
    #[must_use]
    pub fn ends_at(&self, period_end: Timestamp) -> Timestamp {
        self.absolute_until.min(period_end)
    }
}

/// What is kept of a session that someone or some rule ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedSession {
    /// Who acted.
    pub agent: AgentId,
    /// When it ended.
    pub at: Timestamp,
    /// Why.
    pub why: EndedWhy,
}

/// Why a session ended, other than by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedWhy {
    /// The agent ended it.
    ByAgent,
    /// An approver ended it ("End now").
    ByApprover,
    /// Its grant was revoked (R12).
    GrantRevoked,
    /// Its grant was replaced or its period ran out before a new one (R13).
    PeriodOver,
    /// The case was closed (R7).
    CaseClosed,
    /// The agent left the team (R5).
    AgentLeftTeam,
    /// The agent was deactivated (R5).
    AgentDeactivated,
    /// The agent signed out at the vendor's OpenID provider, or is none any more by its word.
    AgentSignedOut,
    /// The subject was deactivated (R8).
    SubjectDeactivated,
    /// A super admin blocked all support access (R15).
    Blocked,
    /// The org's product is somewhere else now.
    UpstreamChanged,
    /// Its grant was revoked because more requests pass now than the customer agreed to (R17).
    RulesWidened,
}
