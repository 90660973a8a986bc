//! What no form may come with, whoever sends it.
//!
//! The anti-forgery token is what proves that a form is ours; what browsers say about where a form
//! comes from is a second, independent proof, and the only one before somebody is signed in.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    Console,
    refuse::{Told, tell_anybody},
    visit::Visit,
};

/// The header with which the gateway tells the vendor's product on whose behalf a request is made.
const IMPERSONATION: &str = "countersign-identity";

/// Where a request comes from, by what the browser says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComesFrom {
    /// A page of this console.
    Here,
    /// The client does not say.
    Unsaid,
    /// Somewhere else.
    Elsewhere,
}

/// Refuses impersonations (R3) and forms that another site sends.
pub(crate) async fn guard(
    State(console): State<Console>,
    request: Request,
    next: Next,
) -> Response {
    let visit = || Visit::of(request.method(), request.uri(), request.headers());
    if request.headers().contains_key(IMPERSONATION) {
        return tell_anybody(&Told::impersonation(), &visit());
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && comes_from(request.headers(), &console) == ComesFrom::Elsewhere {
        return tell_anybody(&Told::foreign_form(), &visit());
    }
    next.run(request).await
}

/// Reads `Sec-Fetch-Site` (Fetch Metadata) and `Origin` (RFC 6454).
pub(crate) fn comes_from(headers: &HeaderMap, console: &Console) -> ComesFrom {
    let Ok(site) = only(headers, "sec-fetch-site") else {
        return ComesFrom::Elsewhere;
    };
    let Ok(origin) = only(headers, header::ORIGIN.as_str()) else {
        return ComesFrom::Elsewhere;
    };
    match (site, origin) {
        // A page that sends no referrer sends the origin `null` with its own forms.
        (Some("same-origin"), None | Some("null")) => ComesFrom::Here,
        (None, None) => ComesFrom::Unsaid,
        (None | Some("same-origin"), Some(origin)) if is_ours(origin, headers, console) => {
            ComesFrom::Here
        }
        _ => ComesFrom::Elsewhere,
    }
}

fn is_ours(origin: &str, headers: &HeaderMap, console: &Console) -> bool {
    let host = only(headers, header::HOST.as_str()).ok().flatten();
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let same_host = authority
        .zip(host)
        .is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host));
    same_host || origin.eq_ignore_ascii_case(&console.app.settings().public_url)
}

/// The one value of a header; an error when there are two or it is no text.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, StatusCode> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(StatusCode::BAD_REQUEST);
    }
    first
        .map(|value| value.to_str().map_err(|_| StatusCode::BAD_REQUEST))
        .transpose()
}
