//! The page that was asked for before anybody was signed in, kept in the browser over the sign-in.
//!
//! A one-time link comes from elsewhere and cannot hold it. The cookie is no secret and proves nothing: whatever
//! it says, it leads to a page of this console that spends nothing, or nowhere.

use axum::{http::HeaderMap, response::Response};
use countersign_domain::Person;
use countersign_web::text::UserText;

use crate::{
    sign_in::with_cookie,
    visit::{Visit, can_be_gone_to, cookies},
};

/// The page's script adds which part of the page was asked for, so it can be written by scripts.
const COOKIE: &str = "__Host-countersign-asked";
const ATTRIBUTES: &str = "Path=/; Secure; SameSite=Lax";
/// As long as a sign-in link is good.
const KEPT_SECONDS: u32 = 3600;

/// Remembers the page that a window was about to show.
pub(crate) fn remember(response: Response, visit: &Visit) -> Response {
    match visit.here.as_deref().filter(|_| visit.in_a_window) {
        Some(here) => {
            let here = UserText::from(here).path_segment();
            let cookie = format!("{COOKIE}={here}; {ATTRIBUTES}; Max-Age={KEPT_SECONDS}");
            with_cookie(response, &cookie)
        }
        None => response,
    }
}

/// Has a browser that holds it forget it: it is shown, or the sign-in leads elsewhere.
pub(crate) fn forget(response: Response, headers: &HeaderMap) -> Response {
    if values(&cookies(headers)).next().is_none() {
        return response;
    }
    with_cookie(response, &format!("{COOKIE}=; {ATTRIBUTES}; Max-Age=0"))
}

fn values(cookies: &str) -> impl Iterator<Item = &str> {
    let pairs = cookies.split(';');
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// Where whoever has just signed in is led: to the page that this browser was asked for, where it is one of theirs.
pub(crate) fn kept(headers: &HeaderMap, person: Person) -> String {
    let cookies = cookies(headers);
    let mut values = values(&cookies);
    match (values.next(), values.next()) {
        (Some(value), None) => {
            let to = decoded(value).unwrap_or_default();
            let theirs = to == page_of(&to) && is_of(&to, person);
            if theirs { to } else { "/".to_owned() }
        }
        _ => "/".to_owned(),
    }
}

/// An address that was asked for, where it is one of ours other than the sign-in's own.
pub(crate) fn page_of(to: &str) -> &str {
    if can_be_gone_to(to) && path(to) != "/sign-in" {
        to
    } else {
        "/"
    }
}

/// Two kinds of people sign in by link, and another than the one who asked may do so.
fn is_of(to: &str, person: Person) -> bool {
    let path = path(to);
    let under = |root: &str| {
        path.strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match person {
        Person::Admin(_) => !under("/operator"),
        Person::Agent(_) => under("/cases"),
    }
}

fn path(to: &str) -> &str {
    to.split(['?', '#']).next().unwrap_or_default()
}

/// Percent-encoding taken away; none where it is broken.
pub(crate) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};
    use countersign_domain::{AdminId, AgentId};

    use super::*;

    fn kept_by(cookie: &str, person: Person) -> String {
        let value = HeaderValue::from_str(cookie).unwrap();
        kept(&HeaderMap::from_iter([(header::COOKIE, value)]), person)
    }

    fn admin() -> Person {
        let id: AdminId = format!("adm_{:032}", 1).parse().unwrap();
        Person::Admin(id)
    }

    fn agent() -> Person {
        let id: AgentId = format!("agt_{:032}", 1).parse().unwrap();
        Person::Agent(id)
    }

    #[test]
    fn a_page_of_this_console_is_come_back_to_and_nothing_else() {
        let leads = |address: &str, person| {
            let value = UserText::from(address).path_segment();
            kept_by(&format!("a=b; {COOKIE}={value}"), person)
        };
        let deep = "/settings/account?edit=support#case-00012345";
        assert_eq!(leads(deep, admin()), deep);
        assert_eq!(leads(deep, agent()), "/", "not an agent's page");
        assert_eq!(leads("/cases/A-1.b", agent()), "/cases/A-1.b");
        for bad in [
            "",
            "//evil.test/",
            "/\\evil.test/",
            "\\\\evil.test/",
            "https://evil.test/",
            "javascript:alert(1)",
            "/%2e%2e//evil.test",
            "/a\r\nSet-Cookie: x=y",
            "/a b",
            "/caf\u{e9}",
            "/sign-in",
            "/sign-in?out",
            "/sign-in/cso_secret",
            "/sessions/sess_1/open?code=1",
            "/operator",
            "/operator/orgs/acme",
        ] {
            assert_eq!(leads(bad, admin()), "/", "{bad:?}");
        }
        assert_eq!(leads(&format!("/{}", "a".repeat(3000)), admin()), "/");
    }

    #[test]
    fn a_cookie_that_is_broken_or_comes_twice_leads_nowhere() {
        for cookie in [
            "",
            "__Host-countersign-asked",
            "__Host-countersign-asked=%2Fa%",
            "__Host-countersign-asked=%2Fa%zz",
            "__Host-countersign-asked=%2Fa%ff",
            "__Host-countersign-asked=%2Fa; __Host-countersign-asked=%2Fb",
            "countersign-asked=%2Fa",
        ] {
            assert_eq!(kept_by(cookie, admin()), "/", "{cookie}");
        }
    }
}
