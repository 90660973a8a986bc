//! The browser session's cookie. `__Host-` binds it to this one origin, over TLS or on loopback.

/// The name of the cookie.
pub const SESSION_COOKIE: &str = "__Host-countersign";

/// The value of the session's cookie in a `Cookie` header. None when there is none, or when there
/// are two: one of them was planted.
#[must_use]
pub fn cookie_value(header: &str) -> Option<&str> {
    only(header, SESSION_COOKIE)
}

pub(crate) fn only<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    let mut values = header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// The `Set-Cookie` header that gives a browser its session. `Lax`, so that a link from outside
/// still finds the person signed in; forms are guarded by their own token.
#[must_use]
pub fn set_cookie(secret: &str) -> String {
    format!("{SESSION_COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// The `Set-Cookie` header that takes it away.
#[must_use]
pub fn clear_cookie() -> String {
    format!("{SESSION_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// The name of the cookie that binds a sign-in by passkey to the browser that began it.
pub const CEREMONY_COOKIE: &str = "__Host-countersign-passkey";

/// The value of that cookie; none when there are two.
#[must_use]
pub fn ceremony_cookie(header: &str) -> Option<&str> {
    only(header, CEREMONY_COOKIE)
}

/// The `Set-Cookie` header that gives a browser its ceremony, for as long as that is good. `Strict`:
/// only our own page answers a challenge of ours.
#[must_use]
pub fn set_ceremony_cookie(secret: &str) -> String {
    format!("{CEREMONY_COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=300")
}

/// The `Set-Cookie` header that takes it away.
#[must_use]
pub fn clear_ceremony_cookie() -> String {
    format!("{CEREMONY_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_second_cookie_is_no_cookie() {
        assert_eq!(cookie_value("a=b; __Host-countersign=x; c=d"), Some("x"));
        assert_eq!(
            cookie_value("__Host-countersign=x;__Host-countersign=y"),
            None
        );
        assert_eq!(cookie_value("__host-countersign=x"), None);
        assert_eq!(cookie_value("x__Host-countersign=x"), None);
        assert_eq!(cookie_value(""), None);
        assert_eq!(ceremony_cookie("__Host-countersign-passkey=x"), Some("x"));
        assert_eq!(
            ceremony_cookie("__Host-countersign-passkey=x; __Host-countersign-passkey=x"),
            None
        );
    }
}
