//! The vendor's staff sign in by the vendor's own OpenID providers: the way there, and back; and once more, to open
//! an impersonation session.
//!
//! The deployment's configuration says which providers there are, so that whoever follows the button is led there
//! at once. Forms lead to none of them, nor does what a form is answered with: that has a link.

use axum::{
    extract::{Path, Query},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use countersign_domain::{Person, Refusal, Slug};
use countersign_identity::{
    OpenIdError, Staff, StaffAsk, clear_openid_cookie, cookie_value, openid_cookie, set_cookie,
    set_openid_cookie, set_operator_cookie,
};
use countersign_web::{refusals, text::UserText};

use crate::{
    Console, asked_for,
    notice_cookie::see_other,
    openid_sign_in::{came, told},
    operator_sign_in::{HOME, page_of_operators},
    reader::Reader,
    refuse::{Told, html, tell_anybody},
    sign_in::{fetched_ahead, private, with_cookie},
    views::sign_in::{OpenIdWay, OperatorSignedInPage, SignInAnewPage},
    visit::{Visit, cookies},
};

/// Where whoever shows anew who they are goes on: what they were about to open. It may hold the code of a link, which
/// is good once and in this browser only; nothing of it is kept here.
const REOPEN: &str = "__Host-countersign-reopen";
/// As long as somebody may take at their provider.
const REOPEN_SECONDS: u32 = 600;
/// Where an operator goes on.
const OPERATORS_PAGE: &str = "__Host-countersign-operators-page";

/// A browser sets out to a provider, or comes back from it.
pub(crate) async fn go(
    console: Console,
    visit: Visit,
    headers: HeaderMap,
    Path(provider): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    if fetched_ahead(&headers) {
        return private(tell_anybody(&Told::prefetched(), &visit));
    }
    let Ok(provider) = Slug::parse(&provider) else {
        return tell_anybody(&Told::no_page(), &visit);
    };
    let known = visit.identity(&console);
    let mut known = known.staff_providers().iter();
    if !known.any(|one| one.id == provider) {
        return tell_anybody(&Told::no_page(), &visit);
    }
    let leaves = query.iter().all(|(name, _)| name == "as" || name == "to");
    let response = if leaves {
        there(&console, &visit, &provider, &query).await
    } else {
        back(&console, &visit, &headers, &provider, &query).await
    };
    private(response)
}

async fn there(
    console: &Console,
    visit: &Visit,
    provider: &Slug,
    query: &[(String, String)],
) -> Response {
    let one = |name: &str| query.iter().find(|(key, _)| key == name);
    let ask = StaffAsk {
        as_operator: one("as").is_some_and(|(_, what)| what == "operator"),
        anew: false,
    };
    match visit.identity(console).begin_staff(provider, ask).await {
        Ok((to, secret)) => {
            let response = with_cookie(see_other(&to), &set_openid_cookie(secret.expose()));
            // Whoever begins anew goes on to nothing that was begun before.
            let response = with_cookie(response, &cookie(REOPEN, "", 0));
            let to = one("to").and_then(|(_, to)| page_of_operators(to));
            let seconds = to.map_or(0, |_| REOPEN_SECONDS);
            with_cookie(
                response,
                &cookie(OPERATORS_PAGE, to.unwrap_or_default(), seconds),
            )
        }
        Err(error) => tell_anybody(&told(&error), visit),
    }
}

async fn back(
    console: &Console,
    visit: &Visit,
    headers: &HeaderMap,
    provider: &Slug,
    query: &[(String, String)],
) -> Response {
    let cookies = cookies(headers);
    let secret = openid_cookie(&cookies).unwrap_or_default();
    let finished = match came(query) {
        Some(came) => {
            let before = cookie_value(&cookies);
            visit
                .identity(console)
                .finish_staff(provider, secret, &came, before)
                .await
        }
        None => Err(OpenIdError::MixedUp),
    };
    let response = match finished {
        Ok(signed_in) => match signed_in.who {
            Staff::Agent(agent) => {
                let to = kept(&cookies, REOPEN).filter(|to| may_be_reopened(to));
                let to = to.unwrap_or_else(|| asked_for::kept(headers, Person::Agent(agent)));
                let cookie = set_cookie(signed_in.cookie.expose());
                asked_for::forget(with_cookie(see_other(&to), &cookie), headers)
            }
            Staff::Operator => {
                let to = kept(&cookies, OPERATORS_PAGE);
                let to = to.as_deref().and_then(page_of_operators).unwrap_or(HOME);
                let cookie = set_operator_cookie(signed_in.cookie.expose());
                with_cookie(go_on(visit, to), &cookie)
            }
        },
        Err(error) => tell_anybody(&told(&error), visit),
    };
    let response = with_cookie(response, &cookie(REOPEN, "", 0));
    let response = with_cookie(response, &cookie(OPERATORS_PAGE, "", 0));
    with_cookie(response, &clear_openid_cookie())
}

/// A browser that comes from elsewhere sends an operator's cookie nowhere (`SameSite=Strict`), also not when it is led on.
/// It goes on from a page of ours.
fn go_on(visit: &Visit, to: &str) -> Response {
    let view = OperatorSignedInPage {
        page: visit
            .page(visit.lang.staff_operator_title())
            .at(Some(to.to_owned())),
        to: to.to_owned(),
    };
    let mut response = html(StatusCode::OK, visit.lang, &view);
    if let Ok(refresh) = HeaderValue::try_from(format!("0; url={to}")) {
        response.headers_mut().insert(header::REFRESH, refresh);
    }
    response
}

/// The page for an agent who has to show anew who they are, with the ways there. They come back to `then`.
pub(crate) async fn anew(
    console: &Console,
    visit: &Visit,
    reader: &Reader,
    refusal: &Refusal,
    then: &str,
) -> Response {
    let identity = visit.identity(console);
    let (ways, secret) = match identity.staff_ways_anew().await {
        Ok(ways) => ways,
        Err(error) => return tell_anybody(&told(&error), visit),
    };
    let t = reader.t();
    let words = refusals::words(refusal, t);
    let view = SignInAnewPage {
        page: reader.page_about(words.title),
        why: words.why,
        ways: ways
            .into_iter()
            .map(|way| OpenIdWay {
                host: way.issuer.origin().into(),
                to: way.to.ok(),
            })
            .collect(),
        code: refusal.code().to_owned(),
    };
    let response = html(StatusCode::FORBIDDEN, t, &view);
    let response = with_cookie(response, &set_openid_cookie(secret.expose()));
    with_cookie(response, &cookie(REOPEN, then, REOPEN_SECONDS))
}

fn cookie(name: &str, to: &str, seconds: u32) -> String {
    let to = UserText::from(to).path_segment();
    format!("{name}={to}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}")
}

/// What the cookie of this name holds; nothing where there are two.
fn kept(cookies: &str, name: &str) -> Option<String> {
    let pairs = cookies.split(';');
    let mut values = pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name);
    let (_, value) = values.next()?;
    asked_for::decoded(value).filter(|_| values.next().is_none())
}

/// A session's link, or a case of the agent's. Whoever plants the cookie leads an agent to a page of their own.
fn may_be_reopened(to: &str) -> bool {
    let plain = to
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let path = to.split(['?', '#']).next().unwrap_or_default();
    let link = path.starts_with("/sessions/") && path.ends_with("/open");
    let dots = path.contains("/.") || path.contains("//") || path.contains('%');
    plain && !dots && (link || path.starts_with("/cases/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_goes_on_to_what_they_were_about_to_open_and_nowhere_else() {
        for to in ["/sessions/sess_1/open?code=c&browser=b", "/cases/A-1"] {
            let header = cookie(REOPEN, to, 600);
            let sent = header.split(';').next().unwrap();
            assert_eq!(kept(sent, REOPEN).as_deref(), Some(to));
            assert!(may_be_reopened(to), "{to}");
            assert_eq!(kept(&format!("{sent}; {sent}"), REOPEN), None);
        }
        for to in [
            "",
            "/",
            "//evil.test/cases/",
            "https://evil.test/cases/1",
            "/cases/../sign-in/secret",
            "/cases/%2e%2e/sign-in/secret",
            "/cases//evil",
            "/sessions/sess_1/end",
            "/sign-in/secret",
            "/cases/1\r\nx",
        ] {
            assert!(!may_be_reopened(to), "{to}");
        }
    }
}
