//! Is a request a read? (R17) What two parties could read differently is refused before anything
//! else is looked at; then the most specific route rule says, and where none does, the mode.

use countersign_domain::{Method, Mode};

use crate::{Classified, Effect, Reason, Rules, body::needs_body, effect::NEAR, overrides, path};

/// What classification looks at, as received.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// The method, case-sensitive.
    pub method: &'a str,
    /// The path, still encoded.
    pub path: &'a str,
    /// The query, still encoded, without the question mark.
    pub query: Option<&'a str>,
    /// Header names (lower-case) and values, in order.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// Whether a body is announced.
    pub has_body: bool,
}

impl<'a> RequestHead<'a> {
    /// The value of a header that comes once.
    fn header(&self, name: &str) -> Option<&'a [u8]> {
        let mut named = self.headers.iter().filter(|(this, _)| *this == name);
        named.next().map(|(_, value)| *value)
    }
}

/// Headers that mean one thing only when they come once.
pub(crate) const SINGLE: [&str; 10] = [
    "authorization",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "origin",
    "range",
    "referer",
    "transfer-encoding",
];

/// Classifies a request by its head and the rules of the upstream it is for. A body that is
/// announced and that [`needs_body`] asks for has to be judged as well.
#[must_use]
pub fn classify(head: &RequestHead<'_>, rules: &Rules) -> Classified {
    let classified = |effect, reason| Classified { effect, reason };
    let path = match ambiguity(head) {
        Ok(path) => path,
        Err(what) => return classified(Effect::Ambiguous(what), Reason::Ambiguity(what)),
    };
    if is_overridden(head) {
        return classified(Effect::Overridden, Reason::Override);
    }
    if head.header("upgrade").is_some() {
        return classified(Effect::Unknown, Reason::Upgrade);
    }
    if matches!(head.method, "CONNECT" | "TRACE") {
        return classified(Effect::Unknown, Reason::Method);
    }
    let rule = rules.matching(head.method, &path);
    let effect = match &rule {
        Some(named) => named.rule.effect().into(),
        None => by_mode(head.method, rules.mode()),
    };
    if effect == Effect::Read {
        if let Some(near) = rules.near_write(head.method, &path, rule.as_ref()) {
            return classified(Effect::Ambiguous(NEAR), Reason::Near(near));
        }
        if let Err((effect, what)) = announced_body(head) {
            return classified(effect, Reason::Body(what));
        }
    }
    let reason = rule.map_or(Reason::Mode(rules.mode()), Reason::Rule);
    classified(effect, reason)
}

fn by_mode(method: &str, mode: Mode) -> Effect {
    match (mode, method) {
        (Mode::ByMethod, method) if Method::is_safe(method) => Effect::Read,
        (Mode::ByMethod | Mode::Declared, _) => Effect::Write,
    }
}

/// What of a read's body can be judged before it is there.
fn announced_body(head: &RequestHead<'_>) -> Result<(), (Effect, &'static str)> {
    if !head.has_body {
        return Ok(());
    }
    if head
        .header("content-encoding")
        .is_some_and(|coding| !coding.eq_ignore_ascii_case(b"identity"))
    {
        let what = "its body is compressed, so that nobody can look into it";
        return Err((Effect::Unknown, what));
    }
    needs_body(head.header("content-type"))
        .map(|_| ())
        .map_err(|effect| match effect {
            Effect::Ambiguous(what) => (effect, what),
            _ => (effect, "its body is of a type that cannot be looked into"),
        })
}

fn is_overridden(head: &RequestHead<'_>) -> bool {
    head.headers
        .iter()
        .any(|(name, _)| overrides::HEADERS.contains(name))
        || head.query.is_some_and(overrides::in_parameters)
}

/// The segments of the path, if nothing of the head can be read differently.
fn ambiguity<'a>(head: &RequestHead<'a>) -> Result<Vec<std::borrow::Cow<'a, str>>, &'static str> {
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !head.headers.iter().all(|(name, _)| plain(name)) {
        return Err("a header name contains a character that some servers read as a hyphen");
    }
    for single in SINGLE {
        if head
            .headers
            .iter()
            .filter(|(name, _)| *name == single)
            .count()
            > 1
        {
            return Err("a header that must come once comes more than once");
        }
    }
    let path = path::segments(head.path)?;
    if head.has_body && Method::is_safe(head.method) {
        return Err("a request that reads carries a body");
    }
    Ok(path)
}
