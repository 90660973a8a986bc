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
