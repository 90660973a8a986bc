//! Text written by somebody else, made safe to show.
//!
//! A justification, a case title or a name can hold characters that change how the page around
//! it reads: right-to-left overrides that turn a sentence into its opposite, zero-width
//! characters and letters of other alphabets that make two names look alike, control characters
//! that hide a line. An approver decides by what the page says, so such characters are named by
//! their code points, and every piece is isolated in `<bdi>` so that its direction ends where it
//! ends. An address in such a text stays text: nothing ever becomes a link.

use std::fmt::{self, Write};

use askama::filters::HtmlSafe;

use crate::letters::{glance, judged};

/// Text written by a person or a system outside this program.
///
/// In a template `{{ value }}` gives an isolated, escaped HTML fragment. Use [`UserText::plain`]
/// where markup has no meaning: an attribute, a `<textarea>`, the document title.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UserText(String);

impl UserText {
    /// Takes the text as it was written.
    ///
    /// Line endings from a form (CR LF) become LF, so that they break a line and do not show.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self(if text.contains('\r') {
            text.replace("\r\n", "\n")
        } else {
            text
        })
    }

    /// The text with every character that is not what it seems replaced by its code point, without
    /// markup. Not escaped: the template's own escaping applies.
    pub fn plain(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        for (c, told) in judged(&self.0) {
            if told {
                // Writing to a String cannot fail.
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            } else {
                out.push(c);
            }
        }
        out
    }

    /// The text as it was written, percent-encoded as one segment of a URL's path (RFC 3986:
    /// everything but unreserved characters).
    pub fn path_segment(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
                out.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    }

    /// Whether a character of it is shown by its code point.
    pub fn is_disguised(&self) -> bool {
        judged(&self.0).iter().any(|(_, told)| *told)
    }

    /// Whether a reader at a glance could take this name for the other, or read the other's in it.
    /// One word of another's name is nothing of theirs alone.
    pub fn reads_like(&self, other: &Self) -> bool {
        let (this, that) = (glance(&self.0), glance(&other.0));
        let whole = other.0.split_whitespace().count() > 1;
        !that.is_empty() && (this == that || whole && this.contains(&that))
    }

    /// Whether there is nothing to show.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl<T: Into<String>> From<T> for UserText {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for UserText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<bdi>")?;
        let mut breaks = 0;
        for (c, told) in judged(&self.0) {
            breaks = match c {
                '\n' => breaks + 1,
                _ if c.is_whitespace() => breaks,
                _ => 0,
            };
            // One empty line parts paragraphs; a hundred push what stands below out of sight.
            if breaks > 2 && c.is_whitespace() {
                continue;
            }
            if told {
                write!(f, "<span class=\"unseen\">U+{:04X}</span>", u32::from(c))?;
            } else {
                write_escaped(f, c)?;
            }
        }
        f.write_str("</bdi>")
    }
}

impl HtmlSafe for UserText {}

/// Writes one character escaped for HTML text and for quoted attribute values.
pub(crate) fn write_escaped(f: &mut impl Write, c: char) -> fmt::Result {
    match c {
        '<' => f.write_str("&lt;"),
        '>' => f.write_str("&gt;"),
        '&' => f.write_str("&amp;"),
        '"' => f.write_str("&quot;"),
        '\'' => f.write_str("&#39;"),
        _ => f.write_char(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_isolated() {
        assert_eq!(
            UserText::new("<b>\"x\" & 'y'</b>").to_string(),
            "<bdi>&lt;b&gt;&quot;x&quot; &amp; &#39;y&#39;&lt;/b&gt;</bdi>"
        );
    }

    #[test]
    fn reordering_and_invisible_characters_are_shown() {
        let text = UserText::new("a\u{202e}b\u{200b}c\u{0}d\u{e0041}");
        assert_eq!(
            text.to_string(),
            "<bdi>a<span class=\"unseen\">U+202E</span>b<span class=\"unseen\">U+200B</span>c\
             <span class=\"unseen\">U+0000</span>d<span class=\"unseen\">U+E0041</span></bdi>"
        );
        assert_eq!(text.plain(), "a[U+202E]b[U+200B]c[U+0000]d[U+E0041]");
    }

    #[test]
    fn a_path_segment_stays_one_segment() {
        assert_eq!(
            UserText::new("a/b?c d\u{202e}").path_segment(),
            "a%2Fb%3Fc%20d%E2%80%AE"
        );
    }

    #[test]
    fn ordinary_scripts_and_line_breaks_stay() {
        for text in ["שלום", "می‌خواهم", "👩‍👩‍👧", "two\nlines"] {
            assert_eq!(UserText::new(text).plain(), text);
            assert!(!UserText::new(text).is_disguised());
        }
    }

    #[test]
    fn a_letter_that_passes_for_another_is_named() {
        let name = UserText::new("D\u{430}na");
        assert_eq!(
            name.to_string(),
            "<bdi>D<span class=\"unseen\">U+0430</span>na</bdi>"
        );
        assert_eq!(name.plain(), "D[U+0430]na");
        assert!(name.is_disguised());
    }

    #[test]
    fn a_name_is_taken_for_another_whole_and_not_by_a_first_name() {
        let dana = UserText::new("Dana Cruz");
        for name in [
            "Dana Cruz",
            "dana cruz",
            "D\u{430}na Cruz",
            "Dana Cruz (Acme)",
        ] {
            assert!(UserText::new(name).reads_like(&dana), "{name}");
        }
        for name in ["Dana Miller", "Cruz", "Sam Ito"] {
            assert!(!UserText::new(name).reads_like(&dana), "{name}");
        }
        let lee = UserText::new("Lee");
        assert!(UserText::new("LEE").reads_like(&lee));
        assert!(!UserText::new("Kathleen Ito").reads_like(&lee));
        assert!(!UserText::new("Sam").reads_like(&UserText::new("...")));
    }

    #[test]
    fn empty_lines_push_nothing_out_of_sight() {
        let text = format!("one{}two\nthree", "\n \t".repeat(500));
        assert_eq!(
            UserText::new(text).to_string(),
            "<bdi>one\n \t\n \ttwo\nthree</bdi>"
        );
    }
}
