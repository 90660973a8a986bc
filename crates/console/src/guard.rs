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

use countersign_app::Address;

use crate::{
    Console,
    notice_cookie::see_other,
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
    let visit = Visit::of(
        request.method(),
        request.uri(),
        request.headers(),
        request.extensions(),
    );
    let address = visit.address(&console);
    if request.headers().contains_key(IMPERSONATION) {
        return tell_anybody(&Told::impersonation(), &visit);
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && comes_from(request.headers(), &address) == ComesFrom::Elsewhere {
        return tell_anybody(&Told::foreign_form(), &visit);
    }
    if address.org.is_some() && is_of_operators(request.uri().path()) {
        return match visit.here.as_deref().filter(|_| reads) {
            Some(here) => see_other(&format!("{}{here}", address.deployment)),
            None => tell_anybody(&Told::no_page(), &visit),
        };
    }
    next.run(request).await
}

/// Operators have no pages at an org's own address.
fn is_of_operators(path: &str) -> bool {
    path == "/operator" || path.starts_with("/operator/")
}

/// Reads `Sec-Fetch-Site` (Fetch Metadata) and `Origin` (RFC 6454).
pub(crate) fn comes_from(headers: &HeaderMap, address: &Address) -> ComesFrom {
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
        (None | Some("same-origin"), Some(origin)) if is_ours(origin, headers, address) => {
            ComesFrom::Here
        }
        _ => ComesFrom::Elsewhere,
    }
}

/// At an org's own address its pages only; at the deployment's also those of whatever host the request names:
/// a proxy may have another name for us.
fn is_ours(origin: &str, headers: &HeaderMap, address: &Address) -> bool {
    if origin.eq_ignore_ascii_case(&address.url) {
        return true;
    }
    let host = only(headers, header::HOST.as_str()).ok().flatten();
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let same_host = authority
        .zip(host)
        .is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host));
    same_host && address.org.is_none()
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
