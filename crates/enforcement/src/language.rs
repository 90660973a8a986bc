//! In which language the gateway speaks to a browser.
//!
//! A reader's own choice is kept by the console, on another origin. It comes along when the session
//! is entered, and stays on the session's origin in a cookie of the gateway's own.

use countersign_web::messages::Lang;
use http::{HeaderMap, header};

use crate::credentials::{LANGUAGE_COOKIE, cookies, set_cookie};

/// The choice that came along, or else what the browser asks for.
pub(crate) fn lang_of(asked: &HeaderMap) -> Lang {
    let mut chosen = cookies(asked).filter(|(name, _)| *name == LANGUAGE_COOKIE);
    let only = chosen.next().filter(|_| chosen.next().is_none());
    only.and_then(|(_, code)| Lang::of_code(code))
        .unwrap_or_else(|| Lang::negotiated(&accepted(asked)))
}

/// The cookie for the choice that came along when the session was entered.
pub(crate) fn choice(code: Option<&str>) -> Option<String> {
    let lang = code.and_then(Lang::of_code)?;
    Some(set_cookie(LANGUAGE_COOKIE, lang.code()))
}

fn accepted(asked: &HeaderMap) -> String {
    asked
        .get_all(header::ACCEPT_LANGUAGE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",")
}
