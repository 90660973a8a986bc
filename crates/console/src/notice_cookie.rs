//! Carrying what an act came to over the redirect to the next page.
//!
//! The cookie holds a code and validated values, never words, and a tag that only this sign-in's
//! form token makes: nobody else can have the console say something.

use axum::http::HeaderValue;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::{App, hash_secret};

use crate::{reader::Reader, said::Said};

const COOKIE: &str = "__Host-countersign-notice";

/// The `Set-Cookie` header that takes the notice away.
pub(crate) const CLEAR: &str =
    "__Host-countersign-notice=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";

/// What came with a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Flash {
    came: bool,
    said: Option<Said>,
}

impl Flash {
    /// Whether the browser holds the cookie, good or not.
    pub(crate) fn came(&self) -> bool {
        self.came
    }

    /// What it says, if it is ours.
    pub(crate) fn said(&self) -> Option<&Said> {
        self.said.as_ref()
    }
}

/// Reads the cookie of the sign-in with this form token.
pub(crate) fn read(cookies: &str, form_token: &str) -> Flash {
    let mut values = cookies
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value);
    let first = values.next();
    let only = first.filter(|_| values.next().is_none());
    let said = only
        .and_then(|value| value.split_once(':'))
        .filter(|(tag, text)| App::hash_from_address(tag) == Some(tagged(form_token, text)))
        .and_then(|(_, text)| Said::read(text));
    Flash {
        came: first.is_some(),
        said,
    }
}

fn tagged(form_token: &str, text: &str) -> countersign_domain::SecretHash {
    hash_secret(&format!("notice:{form_token}:{text}"))
}

/// On to another page, which will say what happened.
pub(crate) fn go(reader: &Reader, to: &str, said: &Said) -> Response {
    go_with(&reader.who.form_token, to, said)
}

/// The same for the sign-in with this form token.
pub(crate) fn go_with(form_token: &str, to: &str, said: &Said) -> Response {
    let text = said.write();
    let tag = App::hash_for_address(tagged(form_token, &text));
    let cookie =
        format!("{COOKIE}={tag}:{text}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=60");
    let mut response = see_other(to);
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// On to another page.
pub(crate) fn see_other(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}
