//! The upstream's cookies, per session.
//!
//! An agent who saw the product's own session cookie could replay it at the product's own address,
//! past the gateway. So `HttpOnly` cookies stay here; the others, which scripts need, go to the
//! browser for this origin only, and only those come back.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use cookie::Cookie;
use countersign_domain::{Duration, IdMap, SessionId, Timestamp, has_passed};

use crate::credentials::is_reserved_cookie;

/// How many cookies of either kind one session may have.
const COOKIES: usize = 50;
/// How many bytes of name and value one cookie may have.
const COOKIE_BYTES: usize = 8 * 1024;

/// The jars of the sessions this process has served.
#[derive(Debug, Default)]
pub(crate) struct Jars(Mutex<IdMap<SessionId, Jar>>);

#[derive(Debug, Default)]
struct Jar {
    kept: Vec<Kept>,
    /// Names of cookies that went to the browser.
    passed: BTreeSet<String>,
}

#[derive(Debug)]
struct Kept {
    name: String,
    value: String,
    path: String,
    until: Option<Timestamp>,
}

impl Jars {
    fn jars(&self) -> MutexGuard<'_, IdMap<SessionId, Jar>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a `Set-Cookie` from the upstream; answers the one the browser gets instead.
    pub(crate) fn take_in(
        &self,
        session: SessionId,
        set_cookie: &str,
        request_path: &str,
        now: Timestamp,
    ) -> Option<String> {
        let mut cookie = Cookie::parse(set_cookie).ok()?;
        let name = cookie.name().to_owned();
        if is_reserved_cookie(&name) || name.len() + cookie.value().len() > COOKIE_BYTES {
            return None;
        }
        let path = match cookie.path() {
            Some(path) if path.starts_with('/') => path.to_owned(),
            _ => default_path(request_path).to_owned(),
        };
        let until = expiry(&cookie, now);
        let gone = until.is_some_and(|until| has_passed(until, now));

        let mut jars = self.jars();
        let jar = jars.entry(session).or_default();
        // A new cookie of the same name and path replaces the old one, whichever kind that was.
        jar.kept
            .retain(|kept| kept.name != name || kept.path != path);
        if cookie.http_only() == Some(true) {
            if !gone && jar.kept.len() < COOKIES {
                jar.kept.push(Kept {
                    value: cookie.value().to_owned(),
                    path: path.clone(),
                    name: name.clone(),
                    until,
                });
            }
            // What the browser has under that name is no longer the product's word.
            return jar
                .passed
                .remove(&name)
                .then(|| format!("{name}=; Path={path}; Max-Age=0"));
        }
        if jar.passed.len() >= COOKIES && !jar.passed.contains(&name) {
            return None;
        }
        jar.passed.insert(name);
        cookie.unset_domain();
        Some(cookie.to_string())
    }

    /// The Cookie header for a request upstream: what is kept here, and of what the browser sent
    /// only what this session's upstream had set.
    pub(crate) fn for_upstream<'a>(
        &self,
        session: SessionId,
        sent: impl Iterator<Item = (&'a str, &'a str)>,
        path: &str,
        now: Timestamp,
    ) -> Option<String> {
        let mut jars = self.jars();
        let jar = jars.get_mut(&session)?;
        jar.kept
            .retain(|kept| kept.until.is_none_or(|until| !has_passed(until, now)));
        let mut matching: Vec<&Kept> = jar
            .kept
            .iter()
            .filter(|kept| path_matches(&kept.path, path))
            .collect();
        // RFC 6265 section 5.4: longer paths first.
        matching.sort_by_key(|kept| std::cmp::Reverse(kept.path.len()));
        let kept = matching
            .into_iter()
            .map(|kept| format!("{}={}", kept.name, kept.value));
        let passed = sent
            .filter(|(name, _)| jar.passed.contains(*name))
            .map(|(name, value)| format!("{name}={value}"));
        let pairs: Vec<String> = kept.chain(passed).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Forgets a session's cookies.
    pub(crate) fn forget(&self, session: SessionId) {
        self.jars().remove(&session);
    }

    /// Forgets every session that is not running.
    pub(crate) fn keep_only(&self, running: impl Fn(SessionId) -> bool) {
        self.jars().retain(|session, _| running(*session));
    }
}

/// `Max-Age` before `Expires` (RFC 6265 section 5.3).
fn expiry(cookie: &Cookie<'_>, now: Timestamp) -> Option<Timestamp> {
    if let Some(age) = cookie.max_age() {
        let millis = i64::try_from(age.whole_milliseconds()).unwrap_or(i64::MAX);
        return Some(now.plus(Duration::from_millis(millis)));
    }
    let at = cookie.expires_datetime()?;
    Some(Timestamp::from_millis(
        at.unix_timestamp().saturating_mul(1_000),
    ))
}

/// RFC 6265 section 5.1.4.
fn default_path(request_path: &str) -> &str {
    match request_path.rsplit_once('/') {
        Some((directory, _)) if !directory.is_empty() => directory,
        _ => "/",
    }
}

/// RFC 6265 section 5.1.4.
fn path_matches(cookie_path: &str, request_path: &str) -> bool {
    request_path
        .strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use countersign_domain::SessionId;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn session(n: u128) -> SessionId {
        SessionId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn sent<'a>(jars: &Jars, pairs: &[(&'a str, &'a str)], path: &str) -> Option<String> {
        jars.for_upstream(session(1), pairs.iter().copied(), path, NOW)
    }

    #[test]
    fn http_only_cookies_stay_here_and_go_back_by_path() {
        let jars = Jars::default();
        let set = |text: &str| jars.take_in(session(1), text, "/app/login", NOW);
        assert_eq!(set("sid=secret; HttpOnly; Path=/; Secure"), None);
        assert_eq!(set("deep=1; HttpOnly"), None);
        assert_eq!(sent(&jars, &[], "/").as_deref(), Some("sid=secret"));
        assert_eq!(
            sent(&jars, &[], "/app/x").as_deref(),
            Some("deep=1; sid=secret")
        );
        assert_eq!(sent(&jars, &[], "/apple").as_deref(), Some("sid=secret"));
        assert_eq!(set("sid=; HttpOnly; Path=/; Max-Age=0"), None);
        assert_eq!(sent(&jars, &[], "/"), None);
        let other = jars.for_upstream(session(2), [].into_iter(), "/app/x", NOW);
        assert_eq!(other, None);
    }

    #[test]
    fn only_cookies_the_upstream_set_come_back() {
        let jars = Jars::default();
        let passed = jars.take_in(
            session(1),
            "theme=dark; Domain=product.test; Path=/; Secure; SameSite=Lax",
            "/",
            NOW,
        );
        let passed = passed.unwrap();
        assert!(passed.starts_with("theme=dark;") && !passed.contains("Domain"));
        assert!(passed.contains("Secure") && passed.contains("SameSite=Lax"));
        let browser = [
            ("theme", "light"),
            ("sid", "forged"),
            ("__Host-countersign-session", "x"),
        ];
        assert_eq!(sent(&jars, &browser, "/").as_deref(), Some("theme=light"));
    }

    #[test]
    fn a_cookie_that_becomes_http_only_is_taken_from_the_browser() {
        let jars = Jars::default();
        let set = |text: &str| jars.take_in(session(1), text, "/", NOW);
        assert!(set("a=1; Path=/").is_some());
        assert_eq!(
            set("a=2; Path=/; HttpOnly").as_deref(),
            Some("a=; Path=/; Max-Age=0")
        );
        assert_eq!(sent(&jars, &[("a", "1")], "/").as_deref(), Some("a=2"));
    }

    #[test]
    fn our_own_names_floods_and_the_expired_are_not_taken_in() {
        let jars = Jars::default();
        let set = |text: &str| jars.take_in(session(1), text, "/", NOW);
        assert_eq!(set("__Host-countersign-session=x; Path=/; Secure"), None);
        assert_eq!(set("__host-Countersign-browser=x"), None);
        assert_eq!(set(&format!("big={}", "x".repeat(9_000))), None);
        assert_eq!(
            set("old=1; HttpOnly; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
            None
        );
        for n in 0..60 {
            assert_eq!(set(&format!("k{n}=1; HttpOnly")), None);
        }
        assert_eq!(sent(&jars, &[], "/").unwrap().split("; ").count(), COOKIES);
    }
}
