//! Patterns of paths in route rules (R17).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    TextError,
    text::{measured, text},
};

/// The greatest number of segments. Patterns become a tree that is walked by recursion.
const SEGMENTS: usize = 32;
/// The greatest number of characters.
const LENGTH: usize = 500;

text!(
    /// A pattern of paths: segments are literal, `{name}` for any one, and at the end `**` for any
    /// number of them, none included. Literals are written as they read after percent-decoding,
    /// and letter case counts.
    RoutePattern,
    pattern
);

/// A part of a pattern between two slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment<'a> {
    /// This text. It is empty after a slash at the end.
    Literal(&'a str),
    /// Any text but none.
    Parameter,
    /// Whatever follows.
    Rest,
}

impl RoutePattern {
    /// Whether it covers every path below one, whatever is there.
    #[must_use]
    pub fn covers_all_below(&self) -> bool {
        self.segments().any(|segment| segment == Segment::Rest)
    }

    /// The segments, from the left.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        let path = self.as_str().strip_prefix('/').unwrap_or_default();
        path.split('/').map(|segment| match segment {
            "**" => Segment::Rest,
            other if other.starts_with('{') => Segment::Parameter,
            other => Segment::Literal(other),
        })
    }

    /// The pattern without the names of its parameters: the same for patterns of the same paths.
    #[must_use]
    pub fn shape(&self) -> String {
        self.segments()
            .map(|segment| match segment {
                Segment::Literal(text) => format!("/{text}"),
                Segment::Parameter => "/{}".to_owned(),
                Segment::Rest => "/**".to_owned(),
            })
            .collect()
    }
}

fn pattern(text: &str) -> Result<String, TextError> {
    let form = |expected| Err(TextError::Form { expected });
    let trimmed = measured(text, 1, LENGTH)?;
    let Some(path) = trimmed.strip_prefix('/') else {
        return form("a path that begins with a slash, such as /orders/{id}");
    };
    if path.contains(char::is_control) {
        return Err(TextError::Control);
    }
    if path.contains(['%', ';', '\\', '?', '#']) {
        return form(
            "a path without % ; \\ ? and #: letters stand as they are, not percent-encoded, and the query is no part of it",
        );
    }
    let segments = path.split('/').count();
    if segments > SEGMENTS {
        return form("a path of at most 32 segments");
    }
    for (index, segment) in path.split('/').enumerate() {
        let last = index + 1 == segments;
        if segment.is_empty() && !last {
            return form("a path without empty segments");
        }
        if matches!(segment, "." | "..") {
            return form("a path without the segments . and ..");
        }
        if segment.contains(['{', '}']) && !is_parameter(segment) {
            return form("a path in which a parameter is a whole segment, such as /orders/{id}");
        }
        if segment.contains('*') && !(segment == "**" && last) {
            return form("a path with * only as ** in its last segment, such as /orders/**");
        }
    }
    Ok(trimmed.to_owned())
}

fn is_parameter(segment: &str) -> bool {
    segment
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| {
            !name.is_empty()
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        })
}
