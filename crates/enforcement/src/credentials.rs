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
/// The cookie that holds the language of the gateway's own pages.
pub(crate) const LANGUAGE_COOKIE: &str = "__Host-countersign-language";

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

/// The secret of the session's cookie.
pub(crate) fn session_secret(headers: &HeaderMap) -> Result<Option<&str>, Duplicate> {
    cookie(headers, SESSION_COOKIE)
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

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn sent(cookie_headers: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in cookie_headers {
            headers.append(header::COOKIE, HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn a_pair_that_is_no_text_hides_itself_and_no_other() {
        // Latin-1, a lone continuation byte, an overlong slash, half a surrogate pair.
        for odd in [
            b"name=caf\xe9".as_slice(),
            b"\x80=1",
            b"a=\xc0\xaf",
            b"a=\xed\xa0\x80",
        ] {
            let before = [odd, b"; a=1; b=2"].concat();
            let between = [b"a=1; ", odd, b";b=2"].concat();
            let after = [b"a=1; b=2; ", odd].concat();
            for value in [before, between, after] {
                let headers = sent(&[&value]);
                let found: Vec<_> = cookies(&headers).collect();
                assert_eq!(found, [("a", "1"), ("b", "2")], "{value:?}");
            }
            // Beside it in another header line as well.
            let headers = sent(&[b"a=1", odd, b"b=2"]);
            let found: Vec<_> = cookies(&headers).collect();
            assert_eq!(found, [("a", "1"), ("b", "2")], "{odd:?}");
        }
        // Text beyond ASCII is text.
        let headers = sent(&["town=Köln; a=1".as_bytes()]);
        let found: Vec<_> = cookies(&headers).collect();
        assert_eq!(found, [("town", "Köln"), ("a", "1")]);
    }

    #[test]
    fn a_secret_is_found_beside_what_is_no_text() {
        let secret = b"caf\xe9=1; __Host-countersign-session=csc_1; b=\xff";
        let alone = Presented::of(&sent(&[b"__Host-countersign-session=csc_1"])).unwrap();
        assert_eq!(alone.cookie, Some(hash_secret("csc_1")));
        assert_eq!(Presented::of(&sent(&[secret])), Ok(alone));
        let browser = sent(&[b"caf\xe9=1; __Host-countersign-browser=b"]);
        assert_eq!(browser_secret(&browser), Ok(Some("b")));
        // A value that is no text is no secret, and its pair hides no second one.
        let twice = b"__Host-countersign-session=\xff; __Host-countersign-session=csc_1";
        assert_eq!(Presented::of(&sent(&[twice])), Ok(alone));
        let twice = b"__Host-countersign-session=csc_1; x=\xff; __Host-countersign-session=csc_1";
        assert_eq!(Presented::of(&sent(&[twice])), Err(Duplicate));
    }

    #[test]
    fn a_token_that_is_no_text_opens_nothing() {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes(b"csi_\xff").unwrap();
        headers.insert(SESSION_HEADER, value);
        let presented = Presented::of(&headers).unwrap();
        assert_eq!(
            presented.token,
            Some(hash_secret("")),
            "presented, and wrong"
        );
    }
}
