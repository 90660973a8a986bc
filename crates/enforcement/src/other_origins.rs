//! Requests that another page made the browser send (DESIGN section 5).

use http::{HeaderMap, Method, header};

use crate::credentials::SESSION_HEADER;

/// Whether a request that a browser sent with its cookie was made by another origin, other than by
/// following a link: the cookie proves the browser, not whose page asked.
pub(crate) fn from_elsewhere(method: &Method, headers: &HeaderMap, own_origin: &str) -> bool {
    let value = |name: &str| headers.get(name).map(http::HeaderValue::as_bytes);
    let navigation = *method == Method::GET
        && value("sec-fetch-mode") == Some(b"navigate")
        && value("sec-fetch-dest") == Some(b"document");
    let elsewhere = match value("sec-fetch-site") {
        Some(b"same-origin" | b"none") => false,
        Some(_) => !navigation,
        None => false,
    };
    // A browser too old for Sec-Fetch-Site still says who asks when it is a script.
    let origin = value(header::ORIGIN.as_str());
    elsewhere || origin.is_some_and(|origin| origin != own_origin.as_bytes())
}

/// Whether a page in a browser asks: its script, a stream of events, a part of it. Links that are
/// followed and forms that are sent are navigations, and are whoever's who sits there. It is what the
/// caller says of itself; a program, and a browser that says nothing of it, says no such thing.
pub(crate) fn asked_by_page(method: &Method, headers: &HeaderMap) -> bool {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let by_page = headers
        .get("sec-fetch-mode")
        .is_some_and(|mode| matches!(mode.as_bytes(), b"cors" | b"no-cors" | b"same-origin"));
    reads && by_page && !headers.contains_key(SESSION_HEADER)
}

/// Whether what is asked for is looked at by itself and not as a part of a page: where the browser says
/// so, and whatever a program asks for, which has no pages that it could be on instead.
pub(crate) fn is_a_page(headers: &HeaderMap) -> bool {
    let by_browser = headers
        .keys()
        .any(|name| name.as_str().starts_with("sec-fetch-"));
    if !by_browser || headers.contains_key(SESSION_HEADER) {
        return true;
    }
    headers
        .get("sec-fetch-dest")
        .is_some_and(|dest| dest == "document")
}

/// Whether the browser asks for a service worker's script: one would go on answering after the
/// session is over.
pub(crate) fn is_service_worker(headers: &HeaderMap) -> bool {
    headers.contains_key("service-worker")
        || headers
            .get("sec-fetch-dest")
            .is_some_and(|dest| dest == "serviceworker")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elsewhere(method: &Method, headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, http::HeaderValue::from_static(value));
        }
        from_elsewhere(method, &map, "http://abc.gw.localhost:8081")
    }

    #[test]
    fn a_page_asks_and_does_not_navigate() {
        let asks = |method: &Method, headers: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, http::HeaderValue::from_static(value));
            }
            asked_by_page(method, &map)
        };
        let stream = ("accept", "text/event-stream");
        for by_page in [
            &[("sec-fetch-mode", "cors")][..],
            &[("sec-fetch-mode", "no-cors")],
            &[("sec-fetch-mode", "same-origin"), stream],
        ] {
            assert!(asks(&Method::GET, by_page), "{by_page:?}");
            assert!(!asks(&Method::POST, by_page), "{by_page:?}");
        }
        for by_somebody in [
            &[][..],
            &[stream],
            &[("sec-fetch-mode", "cors"), ("countersign-session", "x")],
            &[("sec-fetch-mode", "navigate"), stream],
            &[("sec-fetch-mode", "websocket")],
            &[("accept", "text/html, text/event-stream")],
        ] {
            assert!(!asks(&Method::GET, by_somebody), "{by_somebody:?}");
        }
    }

    #[test]
    fn only_a_followed_link_may_come_from_another_origin() {
        let link = [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
            ("sec-fetch-dest", "document"),
        ];
        assert!(!elsewhere(&Method::GET, &link));
        assert!(elsewhere(&Method::HEAD, &link));
        for site in ["cross-site", "same-site", "anything"] {
            assert!(elsewhere(&Method::GET, &[("sec-fetch-site", site)]));
            let frame = [
                ("sec-fetch-site", site),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ];
            assert!(elsewhere(&Method::GET, &frame));
        }
        for site in ["same-origin", "none"] {
            assert!(!elsewhere(&Method::GET, &[("sec-fetch-site", site)]));
        }
        assert!(!elsewhere(&Method::GET, &[]));
        assert!(elsewhere(&Method::GET, &[("origin", "http://evil.test")]));
        assert!(elsewhere(&Method::GET, &[("origin", "null")]));
        assert!(!elsewhere(
            &Method::GET,
            &[("origin", "http://abc.gw.localhost:8081")]
        ));
    }
}
