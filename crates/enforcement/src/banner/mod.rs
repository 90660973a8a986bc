//! The banner over the product's pages.
//!
//! It goes into top-level documents only, and a page is whole without it: whatever stands in its
//! way, the page passes as the product sent it.

mod body;
mod place;
mod white;

use countersign_domain::SessionId;
use countersign_web::banner::Banner;
use http::{HeaderMap, Method, Response, StatusCode, header, request::Parts};

pub(crate) use body::Bannered;

use crate::{Gateway, known::case_url, language::lang_of};

/// What a document that carries the banner no longer is: its length, its digests, parts of it, and
/// the validators that name the product's bytes.
const NOT_OF_THIS_BODY: [&str; 9] = [
    "accept-ranges",
    "content-digest",
    "content-length",
    "content-md5",
    "content-range",
    "digest",
    "etag",
    "last-modified",
    "repr-digest",
];

/// What would make a product answer a document with less than the whole of it, or with a form of
/// it that the banner cannot go into. Nothing is lost: responses are not stored, so a browser has
/// nothing to validate or to resume.
const ASKS_FOR_LESS: [&str; 7] = [
    "accept-encoding",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
];

/// Whether a browser asks for what will be the page of a tab.
pub(crate) fn is_document(method: &Method, headers: &HeaderMap) -> bool {
    let mut dest = headers.get_all("sec-fetch-dest").iter();
    *method == Method::GET
        && dest.next().is_some_and(|dest| dest == "document")
        && dest.next().is_none()
}

/// Whether a header stays behind when a document is asked for.
pub(crate) fn asks_for_less(name: &str) -> bool {
    ASKS_FOR_LESS.contains(&name)
}

/// Puts the banner into a response if it is one for the banner.
pub(crate) fn dress<B: http_body::Body>(
    gateway: &Gateway,
    asked: &Parts,
    session: SessionId,
    mut response: Response<B>,
) -> Response<Bannered<B>> {
    let fits = response.status() == StatusCode::OK
        && is_document(&asked.method, &asked.headers)
        && fits(response.headers())
        && !response.body().is_end_stream();
    let Some(markup) = fits.then(|| markup(gateway, asked, session)).flatten() else {
        return response.map(Bannered::plain);
    };
    for name in NOT_OF_THIS_BODY {
        response.headers_mut().remove(name);
    }
    response.map(|body| Bannered::with(body, markup.into()))
}

/// Whether the body is HTML in the clear, in an encoding that extends ASCII, to be shown.
fn fits(headers: &HeaderMap) -> bool {
    let one = |name: header::HeaderName| {
        let mut all = headers.get_all(name).iter();
        let first = all.next().and_then(|value| value.to_str().ok());
        first.filter(|_| all.next().is_none())
    };
    let encoded = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let saved = headers
        .get_all(header::CONTENT_DISPOSITION)
        .iter()
        .any(|how| !is_inline(how.as_bytes()));
    !encoded && !saved && one(header::CONTENT_TYPE).is_some_and(is_html)
}

/// Anything but `inline` is saved (RFC 6266 section 4.2), and a file is the product's.
fn is_inline(disposition: &[u8]) -> bool {
    let end = disposition.iter().position(|byte| *byte == b';');
    disposition
        .get(..end.unwrap_or(disposition.len()))
        .unwrap_or_default()
        .trim_ascii()
        .eq_ignore_ascii_case(b"inline")
}

fn is_html(content_type: &str) -> bool {
    let mut parts = content_type.split(';');
    let html = parts
        .next()
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("text/html"));
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let charset = name.trim().eq_ignore_ascii_case("charset");
        charset.then(|| value.trim().trim_matches('"'))
    });
    // A label that browsers do not know is as none.
    let encoding = charset.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    html && encoding.is_none_or(encoding_rs::Encoding::is_ascii_compatible)
}

fn markup(gateway: &Gateway, asked: &Parts, session: SessionId) -> Option<String> {
    let live = gateway.node.session(session)?;
    let about = gateway.node.about(&live)?;
    let now = gateway.node.now();
    let until = gateway.node.clock_end(session).ok()?;
    // As the browser spells this origin; whose it is has been checked.
    let host = asked.headers.get(header::HOST)?.to_str().ok()?;
    let origin = format!("{}://{host}", gateway.addresses.scheme());
    let t = lang_of(&asked.headers);
    Banner {
        t,
        origin,
        org: about.org.to_string().into(),
        case_url: case_url(&gateway.addresses.public_url, &about.case_number),
        case_number: about.case_number.as_str().into(),
        case_title: about.case_title.as_str().into(),
        subject: about.subject.name.to_string().into(),
        subject_email: about.subject.email.to_string().into(),
        declared: about.declared,
        until: Banner::moment(until.as_millis(), t),
        left_ms: until.since(now).as_millis(),
    }
    .markup()
    .ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            map.append(*name, HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn only_a_browsers_new_page_is_a_document() {
        let document = headers(&[("sec-fetch-dest", "document")]);
        assert!(is_document(&Method::GET, &document));
        assert!(!is_document(&Method::HEAD, &document));
        for dest in ["iframe", "frame", "empty", "embed", "object", "Document"] {
            let other = headers(&[("sec-fetch-dest", dest)]);
            assert!(!is_document(&Method::GET, &other), "{dest}");
        }
        assert!(!is_document(&Method::GET, &headers(&[])));
        let twice = [("sec-fetch-dest", "document"), ("sec-fetch-dest", "iframe")];
        assert!(!is_document(&Method::GET, &headers(&twice)));
    }

    #[test]
    fn only_html_in_the_clear_that_is_shown_gets_it() {
        for value in [
            "text/html",
            "Text/HTML; charset=utf-8",
            "text/html;charset=\"ISO-8859-1\"",
            "text/html; charset=shift_jis",
            "text/html; charset=unknown-to-anyone",
        ] {
            assert!(fits(&headers(&[("content-type", value)])), "{value}");
        }
        for value in [
            "text/plain",
            "application/xhtml+xml",
            "text/html; charset=utf-16",
            "text/html; charset=UTF-16LE",
            "text/html; charset=iso-2022-jp",
            "text/html; charset=hz-gb-2312",
            "text/htmlx",
        ] {
            assert!(!fits(&headers(&[("content-type", value)])), "{value}");
        }
        let html = ("content-type", "text/html");
        assert!(!fits(&headers(&[])));
        assert!(!fits(&headers(&[html, html])));
        assert!(!fits(&headers(&[html, ("content-encoding", "gzip")])));
        assert!(fits(&headers(&[html, ("content-encoding", "identity")])));
        let saved = ("content-disposition", "attachment; filename=a.html");
        assert!(!fits(&headers(&[html, saved])));
        assert!(fits(&headers(&[
            html,
            ("content-disposition", "Inline; filename=a.html")
        ])));
    }
}
