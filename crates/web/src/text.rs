//! Text written by somebody else, made safe to show.
//!
//! A justification, a case title or a name can hold characters that change how the page around
//! it reads: right-to-left overrides that turn a sentence into its opposite, zero-width
//! characters that make two names look alike, control characters that hide a line. An approver
//! decides by what the page says, so such characters are shown for what they are, and
//! every piece is isolated in `<bdi>` so that its direction ends where it ends.

use std::fmt::{self, Write};

use askama::filters::HtmlSafe;

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

    /// The text with invisible and reordering characters replaced by their code points, without
    /// markup. Not escaped: the template's own escaping applies.
    pub fn plain(&self) -> String {
        let mut out = String::with_capacity(self.0.len());
        for c in self.0.chars() {
            if is_unseen(c) {
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
        for c in self.0.chars() {
            if is_unseen(c) {
                write!(f, "<span class=\"unseen\">U+{:04X}</span>", u32::from(c))?;
            } else {
                write_escaped(f, c)?;
            }
        }
        f.write_str("</bdi>")
    }
}

impl HtmlSafe for UserText {}

/// Whether a character is invisible or reorders its neighbours. Joiners (U+200C, U+200D) and
/// variation selectors are not meant: Persian, the scripts of India and emoji need them.
fn is_unseen(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Control characters, soft hyphen, the letter mark of Arabic.
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}'
        // Mongolian vowel separator, Hangul fillers: letters without ink.
        | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}'
        // Zero-width space, direction marks, separators, embeddings and overrides.
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        // Word joiner, invisible operators, isolates, deprecated format characters.
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        // Tag characters: a whole hidden alphabet.
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => false,
    }
}

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
        }
    }
}
