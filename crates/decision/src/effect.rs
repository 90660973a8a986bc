//! What a request would do, and what says so (R17).

use std::{fmt, sync::Arc};

use countersign_domain::{Method, Mode, RouteEffect, RouteRule};

/// What a request would do to the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It reads.
    Read,
    /// It changes something.
    Write,
    /// Nobody can say.
    Unknown,
    /// A header or parameter asks for another method than the request line's.
    Overridden,
    /// The gateway and the product could read it differently.
    Ambiguous(&'static str),
}

impl Effect {
    /// The stable code of the refusal; reads have none and answer `read`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "not_a_read",
            Self::Unknown => "effect_unknown",
            Self::Overridden => "method_overridden",
            Self::Ambiguous(_) => "ambiguous_request",
        }
    }

    /// The HTTP status of the refusal at the gateway (DESIGN section 7); reads have none.
    #[must_use]
    pub fn status(self) -> Option<u16> {
        match self {
            Self::Read => None,
            Self::Write | Self::Unknown => Some(403),
            Self::Overridden | Self::Ambiguous(_) => Some(400),
        }
    }
}

impl From<RouteEffect> for Effect {
    fn from(effect: RouteEffect) -> Self {
        match effect {
            RouteEffect::Read => Self::Read,
            RouteEffect::Write => Self::Write,
        }
    }
}

/// An effect and what it was told by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Classified {
    /// What the request would do.
    pub effect: Effect,
    /// What says so.
    pub reason: Reason,
}

impl Classified {
    /// The rule by which a request passes that could change something by its method: what the vendor
    /// declared harmless, and the customer is told.
    #[must_use]
    pub fn declared_harmless(&self, method: &str) -> Option<&RouteRule> {
        match (&self.reason, self.effect) {
            (Reason::Rule(named), Effect::Read) if !Method::is_safe(method) => Some(&named.rule),
            _ => None,
        }
    }
}

/// What an effect was told by. Written out, it is a clause for people.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A route rule.
    Rule(RuleRef),
    /// The upstream's mode: no rule speaks of the request.
    Mode(Mode),
    /// The method, which is a read under no rule and no mode.
    Method,
    /// It asks to switch protocols.
    Upgrade,
    /// It asks for another method than the request line's.
    Override,
    /// What could be read differently.
    Ambiguity(&'static str),
    /// A rule for writes that the request misses only by what some servers overlook.
    Near(RuleRef),
    /// What of its body cannot be judged.
    Body(&'static str),
}

/// A route rule and its place in the list it came in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuleRef {
    /// Counted from one.
    pub number: usize,
    /// The rule.
    pub rule: Arc<RouteRule>,
}

impl fmt::Display for RuleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule {} ({})", self.number, self.rule)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(named) => write!(f, "{named} says that it is a {}", named.rule.effect().as_str()),
            Self::Mode(Mode::ByMethod) => f.write_str(
                "no rule matches, and by-method takes GET, HEAD and OPTIONS for reads and everything else for writes",
            ),
            Self::Mode(Mode::Declared) => f.write_str(
                "no rule matches, and where reads are declared everything else is a write",
            ),
            Self::Method => f.write_str("CONNECT and TRACE are reads under no rule"),
            Self::Upgrade => f.write_str("it asks to switch protocols"),
            Self::Override => {
                f.write_str("a header or parameter asks for another method than the request line's")
            }
            Self::Ambiguity(what) | Self::Body(what) => f.write_str(what),
            Self::Near(named) => write!(f, "{NEAR}: {named}"),
        }
    }
}

/// Why a request that nearly matches a rule for writes is ambiguous.
pub(crate) const NEAR: &str = "the path differs from that of a declared write only in what some servers overlook (letter case, a slash at the end, blanks or dots around a segment)";
