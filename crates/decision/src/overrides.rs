//! Requests that ask for another method than their first line does (R17).

use crate::path::decoded;

/// Headers that do.
pub(crate) const HEADERS: [&str; 6] = [
    "x-http-method-override",
    "x-http-method",
    "x-http-verb-override",
    "x-method-override",
    "x-method",
    "x-original-method",
];

/// Whether a query or form has the parameter that does.
pub(crate) fn in_parameters(encoded: &str) -> bool {
    encoded.split(['&', ';']).any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        is_override(&decoded(&name.replace('+', " ")))
    })
}

/// Whether the most lenient servers read this name as `_method`: white space in front dropped, cut
/// at a NUL or an index, dots and blanks as underscores.
pub(crate) fn is_override(name: &[u8]) -> bool {
    name.iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take_while(|byte| !matches!(byte, 0 | b'['))
        .map(|byte| match byte {
            b'.' | b' ' => b'_',
            other => other.to_ascii_lowercase(),
        })
        .eq(*b"_method")
}

#[cfg(test)]
mod tests {
    use countersign_domain::HeaderName;

    use super::*;
    use crate::classify::SINGLE;

    /// What an operator has a product told people by is put on after a request was judged, so it must not be
    /// anything that judging looks at.
    #[test]
    fn r17_no_header_that_says_who_somebody_is_says_what_a_request_is() {
        for name in HEADERS.iter().chain(&SINGLE) {
            assert!(HeaderName::parse(name).is_err(), "{name}");
        }
        for name in [
            "X-Original-URL",
            "X-Rewrite-URL",
            "X-Forwarded-For",
            "Forwarded",
            "If-Match",
            "Content-Language",
        ] {
            assert!(HeaderName::parse(name).is_err(), "{name}");
        }
        for name in [
            "X-Remote-User",
            "X-Forwarded-User",
            "X-Forwarded-Email",
            "Remote-User",
            "X-Org",
            "X-Tenant-Id",
        ] {
            assert!(HeaderName::parse(name).is_ok(), "{name}");
        }
    }
}
