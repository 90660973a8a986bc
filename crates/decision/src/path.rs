//! The path of a request, as every server would read it or not at all (R17).

use std::borrow::Cow;

/// The percent-decoded segments of a path between its slashes; the last is empty when it ends in
/// one.
///
/// # Errors
/// What servers could read differently.
pub(crate) fn segments(path: &str) -> Result<Vec<Cow<'_, str>>, &'static str> {
    let Some(rest) = path.strip_prefix('/') else {
        return Err("the path does not begin with a slash");
    };
    if path.contains("//") {
        return Err("the path contains an empty segment");
    }
    if path.contains([';', '\\']) || path.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err("the path contains a character that servers read differently");
    }
    rest.split('/').map(segment).collect()
}

fn segment(encoded: &str) -> Result<Cow<'_, str>, &'static str> {
    let plain = if encoded.contains('%') {
        Cow::Owned(unescaped(encoded)?)
    } else {
        Cow::Borrowed(encoded)
    };
    // With blanks as well: careless servers drop them, and then see a dot segment or none.
    if !plain.is_empty() && plain.chars().all(|c| c == '.' || c.is_whitespace()) {
        return Err("the path contains dot segments");
    }
    Ok(plain)
}

fn unescaped(encoded: &str) -> Result<String, &'static str> {
    if has_bad_escape(encoded) {
        return Err("the path contains an incomplete escape");
    }
    // Overlong forms of separators and dots are no UTF-8.
    let plain = String::from_utf8(decoded(encoded))
        .map_err(|_| "the path is not UTF-8 once it is decoded")?;
    // An escaped percent sign is an escape again for whoever decodes twice; a proxy that decodes
    // before it passes on makes of a question mark or hash sign the end of the path.
    if plain.contains(['/', '\\', ';', '%', '?', '#', '\0']) {
        return Err("the path contains an encoded separator");
    }
    if plain.contains(char::is_control) {
        return Err("the path contains an encoded control character");
    }
    Ok(plain)
}

fn has_bad_escape(path: &str) -> bool {
    path.split('%').skip(1).any(|rest| {
        let digits = rest.as_bytes().get(..2);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Percent-decodes once; what is not an escape stays as it is.
pub(crate) fn decoded(text: &str) -> Vec<u8> {
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

/// A path as the most careless servers read it: letter case, slashes at the end, and blanks and
/// dots around a segment make no difference to them.
pub(crate) fn folded<'a>(segments: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut folded: Vec<String> = segments.into_iter().map(fold).collect();
    while folded.last().is_some_and(String::is_empty) {
        folded.pop();
    }
    folded
}

/// A segment as the most careless servers read it. Both directions, because some letters have a
/// lower case only by way of the upper one.
pub(crate) fn fold(segment: &str) -> String {
    segment
        .trim_start()
        .trim_end_matches(|c: char| c == '.' || c.is_whitespace())
        .to_uppercase()
        .to_lowercase()
}
