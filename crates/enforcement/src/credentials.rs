//! How a request says which session it is under.

use countersign_app::hash_secret;
use countersign_decision::LiveSession;
use countersign_domain::SecretHash;
use http::{HeaderMap, header};

/// The header a program sends.
pub(crate) const SESSION_HEADER: &str = "countersign-session";
/// The cookie a browser has after entering.
pub(crate) const SESSION_COOKIE: &str = "__Host-countersign-session";
/// The cookie that ties the hand-over to one browser.
pub(crate) const BROWSER_COOKIE: &str = "__Host-countersign-browser";

/// Whether a cookie is the gateway's own; neither goes upstream nor comes from there.
pub(crate) fn is_reserved_cookie(name: &str) -> bool {
    name.trim()
        .to_ascii_lowercase()
        .starts_with("__host-countersign")
}

/// The name-value pairs of every Cookie header.
pub(crate) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
        // A pair that is no text hides itself, not the pairs beside it.
        .filter_map(|pair| std::str::from_utf8(pair).ok()?.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim()))
}

/// The same credential came more than once, so nobody can say which one is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duplicate;

/// What a request presents. The secrets themselves are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Presented {
    token: Option<SecretHash>,
    cookie: Option<SecretHash>,
}

/// How a caller proved itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// By the token.
    Program,
    /// By the cookie, which a browser also sends when another page makes it.
    Browser,
}

impl Presented {
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Duplicate> {
        let tokens = headers.get_all(SESSION_HEADER).iter();
        let token = at_most_one(tokens.map(|value| value.to_str().unwrap_or_default()))?;
        // Checked for its own sake: the hand-over must not be ambiguous either.
        browser_secret(headers)?;
        Ok(Self {
            token: token.map(hash_secret),
            cookie: cookie(headers, SESSION_COOKIE)?.map(hash_secret),
        })
    }

    /// Whether what is presented opens this session; all of it must.
    pub(crate) fn opens(&self, live: &LiveSession) -> Option<Caller> {
        let token = self.token.map(|token| token == live.session.token);
        let cookie = self.cookie.map(|cookie| live.cookie() == Some(cookie));
        match (token, cookie) {
            (None, Some(true)) | (Some(true), Some(true)) => Some(Caller::Browser),
            (Some(true), None) => Some(Caller::Program),
            (None, None) | (Some(false), _) | (_, Some(false)) => None,
        }
    }
}

/// The secret that ties the hand-over to this browser.
pub(crate) fn browser_secret(headers: &HeaderMap) -> Result<Option<&str>, Duplicate> {
    cookie(headers, BROWSER_COOKIE)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Duplicate> {
    at_most_one(
        cookies(headers)
            .filter(|(this, _)| *this == name)
            .map(|(_, value)| value),
    )
}

fn at_most_one<'a>(
    mut values: impl Iterator<Item = &'a str>,
) -> Result<Option<&'a str>, Duplicate> {
    let first = values.next();
    match values.next() {
        Some(_) => Err(Duplicate),
        None => Ok(first),
    }
}

/// A cookie of the gateway: for this origin only, never for scripts.
pub(crate) fn set_cookie(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// Takes a cookie from the browser.
pub(crate) fn expire_cookie(name: &str) -> String {
    format!("{name}=; Path=/; Max-Age=0; Secure")
}
