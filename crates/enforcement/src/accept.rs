//! Page or problem: what the client can use (RFC 9110 section 12.5.1).

use http::{HeaderMap, header};

/// Quality in thousandths.
type Quality = u16;

/// Whether to answer with a page. A program's `fetch` accepts anything and gets a problem; a
/// navigation names HTML.
pub(crate) fn prefers_html(asked: &HeaderMap) -> bool {
    let accept = Accept::of(asked);
    let html = accept.quality("text", "html");
    let problem = accept
        .quality("application", "problem+json")
        .max(accept.quality("application", "json"));
    let navigates = asked
        .get("sec-fetch-mode")
        .is_some_and(|mode| mode == "navigate");
    html > problem || navigates && html > 0 && accept.names("text")
}

/// The media ranges of a request.
struct Accept(Vec<(String, String, Quality)>);

impl Accept {
    fn of(asked: &HeaderMap) -> Self {
        let ranges = asked
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(range);
        Self(ranges.collect())
    }

    /// Whether a kind is asked for by its name, and not only with everything else.
    fn names(&self, kind: &str) -> bool {
        self.0.iter().any(|(this, _, _)| this == kind)
    }

    /// The most specific range that matches decides. Without any, everything is accepted alike.
    fn quality(&self, kind: &str, subtype: &str) -> Quality {
        if self.0.is_empty() {
            return 1_000;
        }
        let of = |k: &str, s: &str| {
            let matching = self.0.iter().filter(|(kind, sub, _)| kind == k && sub == s);
            matching.map(|(_, _, quality)| *quality).max()
        };
        of(kind, subtype)
            .or_else(|| of(kind, "*"))
            .or_else(|| of("*", "*"))
            .unwrap_or(0)
    }
}

fn range(text: &str) -> Option<(String, String, Quality)> {
    let mut parts = text.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/')?;
    let weight = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let quality = weight.map_or(Some(1_000), quality)?;
    Some((
        kind.to_ascii_lowercase(),
        subtype.to_ascii_lowercase(),
        quality,
    ))
}

/// `0`, `1`, or up to three decimals of either.
fn quality(text: &str) -> Option<Quality> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let thousandths = format!("{decimals:0<3}").parse::<Quality>().ok()?;
    match whole {
        "0" if digits => Some(thousandths),
        "1" if digits && thousandths == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn html(accept: &[&'static str], mode: Option<&'static str>) -> bool {
        let mut headers = HeaderMap::new();
        for value in accept {
            headers.append(header::ACCEPT, HeaderValue::from_static(value));
        }
        if let Some(mode) = mode {
            headers.insert("sec-fetch-mode", HeaderValue::from_static(mode));
        }
        prefers_html(&headers)
    }

    #[test]
    fn browsers_get_pages_and_programs_problems() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html",
            "Text/HTML;q=0.5, application/json;q=0.4",
            "text/*",
            "application/json;q=0, */*",
            "application/json;q=0.1, application/problem+json;q=0.2, text/html;level=1;q=0.3",
        ] {
            let by_name = accept != "application/json;q=0, */*";
            assert_eq!(html(&[accept], None), by_name, "{accept}");
        }
        for accept in [
            "*/*",
            "",
            "application/json",
            "application/json, text/html",
            "application/json, text/plain, */*",
            "text/html;q=0.5, application/json",
            "text/html;q=0, */*;q=0.1",
            "image/avif,image/webp,*/*;q=0.8",
            "text/html;q=2",
            "text/html;q=0.12345",
        ] {
            assert!(!html(&[accept], None), "{accept}");
        }
        assert!(!html(&[], None));
        assert!(html(&["text/html", "application/json;q=0.9"], None));
        assert!(html(&["application/json, text/html"], Some("navigate")));
        assert!(!html(&["*/*"], Some("navigate")), "no browser says that");
        assert!(!html(&["text/html;q=0, */*"], Some("navigate")));
        assert!(!html(&["*/*"], Some("cors")));
    }
}
