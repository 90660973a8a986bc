//! The way in, the files that pages link to, and addresses that lead nowhere.

use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use countersign_domain::Person;
use countersign_web::assets;

use crate::{
    Console, admin_pages, agent_pages,
    notice_cookie::see_other,
    reader::Reader,
    refuse::{Halt, Told, tell_anybody},
    visit::{Visit, joined},
};

/// Where each kind of person begins.
pub(crate) async fn home(reader: Reader) -> Response {
    see_other(match reader.who.person {
        Person::Admin(_) => "/settings/account",
        Person::Agent(_) => "/cases",
    })
}

/// The cases, as the reader's kind of person sees them.
pub(crate) async fn cases(
    console: Console,
    reader: Reader,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let closed = query
        .iter()
        .any(|(name, value)| name == "status" && value == "closed");
    match reader.who.person {
        Person::Admin(_) => admin_pages::cases(&console, &reader).await,
        Person::Agent(_) => agent_pages::cases(&console, &reader, closed).await,
    }
}

/// A stylesheet, script or icon.
pub(crate) async fn asset(
    console: Console,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    match assets::asset(uri.path()) {
        Some(asset) => {
            let always = [
                (header::CONTENT_TYPE, asset.content_type),
                (header::CACHE_CONTROL, assets::CACHE_CONTROL),
                (header::VARY, "Accept-Encoding"),
            ];
            if takes_gzip(&headers) {
                let encoded = [(header::CONTENT_ENCODING, "gzip")];
                (always, encoded, asset.gzip.as_slice()).into_response()
            } else {
                (always, asset.body.as_ref()).into_response()
            }
        }
        None => not_found(console, visit, headers).await,
    }
}

/// Whether the client names gzip among what it decodes, and does not weigh it with nothing (RFC 9110
/// section 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = joined(headers, &header::ACCEPT_ENCODING, ",");
    accepted.split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let refused = weight.trim().strip_prefix("q=");
        let refused = refused.is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// An address that leads nowhere.
pub(crate) async fn not_found(console: Console, visit: Visit, headers: HeaderMap) -> Response {
    tell_whoever(&console, &visit, &headers, &Told::no_page()).await
}

/// An address that does something else.
pub(crate) async fn wrong_method(console: Console, visit: Visit, headers: HeaderMap) -> Response {
    let mut response = tell_whoever(&console, &visit, &headers, &Told::wrong_method()).await;
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

async fn tell_whoever(
    console: &Console,
    visit: &Visit,
    headers: &HeaderMap,
    told: &Told,
) -> Response {
    match Reader::of_visit(visit, headers, console).await {
        Ok(Some(reader)) => reader.tell(told).into_response(),
        Ok(None) | Err(_) => tell_anybody(told, visit),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn compressed_files_go_to_whoever_decodes_them() {
        for (accepted, takes) in [
            ("gzip, deflate, br, zstd", true),
            ("br;q=1.0, GZIP;q=0.8", true),
            ("gzip ; q=0.001", true),
            ("gzip;q=0", false),
            ("gzip;q=0.000, identity", false),
            ("br", false),
            ("xgzip", false),
            ("", false),
        ] {
            let value = HeaderValue::from_static(accepted);
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value)]);
            assert_eq!(takes_gzip(&headers), takes, "{accepted}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
