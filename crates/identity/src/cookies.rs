//! The browser session's cookie. `__Host-` binds it to this one origin, over TLS or on loopback.

/// The name of the cookie.
pub const SESSION_COOKIE: &str = "__Host-countersign";

/// The value of the session's cookie in a `Cookie` header. None when there is none, or when there
/// are two: one of them was planted.
#[must_use]
pub fn cookie_value(header: &str) -> Option<&str> {
    let mut values = header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == SESSION_COOKIE)
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
    }
}
