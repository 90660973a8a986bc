//! Is a request a read? (R17) By method, with everything that two parties could read differently
//! refused before the method is looked at.

/// What a request would do to the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It reads.
    Read,
    /// It changes something.
    Write,
    /// Nobody can say.
    Unknown,
    /// A header or parameter asks for another method than the request line's.
    Overridden,
    /// The gateway and the product could read it differently.
    Ambiguous(&'static str),
}

impl Effect {
    /// The stable code of the refusal; reads have none and answer `read`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "not_a_read",
            Self::Unknown => "effect_unknown",
            Self::Overridden => "method_overridden",
            Self::Ambiguous(_) => "ambiguous_request",
        }
    }
}

/// What classification looks at, as received.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    /// The method, case-sensitive.
    pub method: &'a str,
    /// The path, still encoded.
    pub path: &'a str,
    /// The query, still encoded, without the question mark.
    pub query: Option<&'a str>,
    /// Header names (lower-case) and values, in order.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// Whether a body is announced.
    pub has_body: bool,
}

const OVERRIDES: [&str; 5] = [
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-method",
    "x-original-method",
];

/// Headers that mean one thing only when they come once.
const SINGLE: [&str; 9] = [
    "authorization",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "origin",
    "range",
    "referer",
    "transfer-encoding",
];

/// Classifies a request by method (DESIGN section 5, mode `by-method`).
#[must_use]
pub fn classify(head: &RequestHead<'_>) -> Effect {
    if let Some(reason) = ambiguity(head) {
        return Effect::Ambiguous(reason);
    }
    if is_overridden(head) {
        return Effect::Overridden;
    }
    let has = |name: &str| head.headers.iter().any(|(n, _)| *n == name);
    if has("upgrade") {
        return Effect::Unknown;
    }
    match head.method {
        "GET" | "HEAD" | "OPTIONS" if head.has_body => {
            Effect::Ambiguous("a request that reads carries a body")
        }
        "GET" | "HEAD" | "OPTIONS" => Effect::Read,
        "CONNECT" | "TRACE" => Effect::Unknown,
        _ => Effect::Write,
    }
}

fn is_overridden(head: &RequestHead<'_>) -> bool {
    head.headers
        .iter()
        .any(|(name, _)| OVERRIDES.contains(name))
        || head.query.is_some_and(|query| {
            query.split(['&', ';']).any(|pair| {
                let name = pair.split('=').next().unwrap_or_default();
                parameter_name(name).eq_ignore_ascii_case(b"_method")
            })
        })
}

/// A parameter's name as the most lenient servers read it: white space in front dropped, cut at a
/// NUL or an index, dots and blanks as underscores.
fn parameter_name(encoded: &str) -> Vec<u8> {
    decoded(&encoded.replace('+', " "))
        .into_iter()
        .skip_while(u8::is_ascii_whitespace)
        .take_while(|byte| !matches!(byte, 0 | b'['))
        .map(|byte| {
            if matches!(byte, b'.' | b' ') {
                b'_'
            } else {
                byte
            }
        })
        .collect()
}

fn ambiguity(head: &RequestHead<'_>) -> Option<&'static str> {
    let plain = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !head.headers.iter().all(|(name, _)| plain(name)) {
        return Some("a header name contains a character that some servers read as a hyphen");
    }
    for single in SINGLE {
        if head
            .headers
            .iter()
            .filter(|(name, _)| *name == single)
            .count()
            > 1
        {
            return Some("a header that must come once comes more than once");
        }
    }
    path_ambiguity(head.path)
}

fn path_ambiguity(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') {
        return Some("the path does not begin with a slash");
    }
    if path.contains("//") {
        return Some("the path contains an empty segment");
    }
    if path.contains([';', '\\']) || path.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Some("the path contains a character that servers read differently");
    }
    let plain = decoded(path);
    if plain.len() != path.len() {
        let encoded_separator = ["%2f", "%5c", "%3b", "%00", "%25"].iter().any(|code| {
            path.as_bytes()
                .windows(3)
                .any(|window| window.eq_ignore_ascii_case(code.as_bytes()))
        });
        if encoded_separator {
            return Some("the path contains an encoded separator");
        }
    }
    if has_bad_escape(path) {
        return Some("the path contains an incomplete escape");
    }
    let dots = plain
        .split(|byte| *byte == b'/')
        .any(|segment| segment == b"." || segment == b"..");
    dots.then_some("the path contains dot segments")
}

fn has_bad_escape(path: &str) -> bool {
    path.split('%').skip(1).any(|rest| {
        let digits = rest.as_bytes().get(..2);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Percent-decodes once; what is not an escape stays as it is.
fn decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escape = (*byte == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escape {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(method: &str, target: &str, headers: &[(&str, &str)]) -> Effect {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        let headers: Vec<(&str, &[u8])> = headers.iter().map(|(n, v)| (*n, v.as_bytes())).collect();
        let has_body = headers.iter().any(|(name, _)| *name == "content-length");
        classify(&RequestHead {
            method,
            path,
            query,
            headers: &headers,
            has_body,
        })
    }

    #[test]
    fn r17_only_get_head_and_options_are_reads() {
        for (method, expected) in [
            ("GET", Effect::Read),
            ("HEAD", Effect::Read),
            ("OPTIONS", Effect::Read),
            ("POST", Effect::Write),
            ("PUT", Effect::Write),
            ("PATCH", Effect::Write),
            ("DELETE", Effect::Write),
            ("QUERY", Effect::Write),
            ("get", Effect::Write),
            ("TRACE", Effect::Unknown),
            ("CONNECT", Effect::Unknown),
        ] {
            assert_eq!(effect(method, "/a?b=c", &[]), expected, "{method}");
        }
        assert_eq!(
            effect("GET", "/ws", &[("upgrade", "websocket")]),
            Effect::Unknown
        );
    }

    #[test]
    fn r17_method_overrides_are_refused_in_header_and_query() {
        for header in OVERRIDES {
            assert_eq!(effect("GET", "/", &[(header, "GET")]), Effect::Overridden);
        }
        for query in [
            "_method=delete",
            "a=b&_method=PUT",
            "_METHOD=x",
            "%5fmethod=x",
            "_%6Dethod=x",
            "a;_method=x",
            ".method=x",
            "+_method=x",
            "_method[]=x",
            "_method%00a=x",
            "_method",
        ] {
            assert_eq!(
                effect("GET", &format!("/?{query}"), &[]),
                Effect::Overridden,
                "{query}"
            );
        }
        assert_eq!(effect("GET", "/?method=x&x_method=y", &[]), Effect::Read);
    }

    #[test]
    fn r17_what_two_parties_could_read_differently_is_refused() {
        for path in [
            "/a/../b",
            "/a/%2e%2e/b",
            "/a/.%2E/b",
            "/a/./b",
            "//a",
            "/a//b",
            "/a;b=c",
            "/a%3bb",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a%00",
            "/a%252e",
            "/a%zz",
            "/a%2",
            "a",
            "/ä",
        ] {
            assert!(
                matches!(effect("GET", path, &[]), Effect::Ambiguous(_)),
                "{path}"
            );
        }
        for (name, value) in [
            ("x_user", "a"),
            ("x.user", "a"),
            ("x+user", "a"),
            ("content-length", "3"),
        ] {
            assert!(
                matches!(effect("GET", "/", &[(name, value)]), Effect::Ambiguous(_)),
                "{name}"
            );
        }
        assert!(matches!(
            effect("GET", "/", &[("cookie", "a=b"), ("cookie", "c=d")]),
            Effect::Ambiguous(_)
        ));
        for path in ["/", "/a/b.c/", "/a%20b", "/%C3%A4", "/a..b", "/~a/-/_"] {
            assert_eq!(effect("GET", path, &[]), Effect::Read, "{path}");
        }
    }
}
