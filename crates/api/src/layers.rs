//! What goes around every endpoint: the size of bodies, the headers of answers, counting.

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{body, limits::Meter, okta, router::Served, scim};

/// Nobody keeps an answer, and nobody guesses what it is: what it says about access is true now.
const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
];

pub(crate) async fn around(
    State(served): State<Served>,
    mut request: Request,
    next: Next,
) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let meter = Meter::default();
    request.extensions_mut().insert(meter.clone());
    let limit = body::limit(&route);
    let mut response = if announces_more(limit, request.headers()) {
        body::too_large(limit).into_response()
    } else {
        next.run(body::arrived(&served, request).await).await
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    meter.write(response.headers_mut());
    if scim::serves(&route) {
        response = scim::finished(response);
    }
    if okta::serves(&route) {
        response = okta::finished(response, &meter, &served);
    }
    served
        .answers
        .count(method.as_str(), &route, response.status().as_u16());
    response
}

/// Refused before a byte is read; one that does not announce its size is cut off while reading.
fn announces_more(limit: usize, headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .is_some_and(|length| length > limit as u64)
}
