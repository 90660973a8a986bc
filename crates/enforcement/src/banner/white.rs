//! Text that is white space, however it is written.
//!
//! A reference to a character is that character (HTML standard, "character reference state"), so
//! `&#32;` is as little seen as a space, and begins no body.

/// White space outside of a body (HTML standard, "the rules for parsing tokens").
pub(super) fn is_white(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ')
}

/// The named references to white space. Neither is known without its semicolon.
const NAMED: [&str; 2] = ["Tab;", "NewLine;"];

/// So many leading zeros are written by nobody who means a space.
const LONGEST: usize = 32;

/// A reference that may turn out to be white space, as far as it has come.
#[derive(Debug)]
pub(super) struct Reference {
    /// Where its `&` stands.
    pub(super) at: usize,
    /// What follows that.
    text: String,
}

/// What another character says of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// Nothing yet.
    More,
    /// It was white space, and the character is part of it.
    White,
    /// It was white space, and the character stands behind it.
    WhiteBefore,
    /// It is something seen.
    Seen,
}

impl Reference {
    /// One that begins with the `&` at `at`.
    pub(super) fn new(at: usize) -> Self {
        Self {
            at,
            text: String::new(),
        }
    }

    /// Reads on.
    pub(super) fn read(&mut self, c: char) -> Read {
        self.text.push(c);
        if self.text.len() > LONGEST {
            return Read::Seen;
        }
        if NAMED.contains(&self.text.as_str()) {
            return Read::White;
        }
        if self.text == "#" || NAMED.iter().any(|name| name.starts_with(&self.text)) {
            return Read::More;
        }
        let Some((digits, radix)) = digits(&self.text) else {
            return Read::Seen;
        };
        if digits.chars().all(|digit| digit.is_digit(radix)) {
            return Read::More;
        }
        self.text.pop();
        match (self.is_over(), c) {
            (false, _) => Read::Seen,
            (true, ';') => Read::White,
            (true, _) => Read::WhiteBefore,
        }
    }

    /// Whether it is white space when nothing more of it comes: a number needs no semicolon.
    pub(super) fn is_over(&self) -> bool {
        let number = digits(&self.text).and_then(|(digits, radix)| {
            let number = u32::from_str_radix(digits, radix).ok()?;
            char::from_u32(number)
        });
        number.is_some_and(is_white)
    }
}

/// The digits of a numeric reference, and what they count in.
fn digits(text: &str) -> Option<(&str, u32)> {
    let number = text.strip_prefix('#')?;
    let hex = number.strip_prefix(['x', 'X']);
    Some(hex.map_or((number, 10), |digits| (digits, 16)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of `text` behind a `&`, and how much of it was read.
    fn read(text: &str) -> (Read, usize) {
        let mut reference = Reference::new(0);
        for (at, c) in text.chars().enumerate() {
            match reference.read(c) {
                Read::More => {}
                said => return (said, at + 1),
            }
        }
        (Read::More, text.len())
    }

    #[test]
    fn a_reference_to_white_space_is_white_space() {
        for text in [
            "#32;",
            "#x20;",
            "#X0a;",
            "#9;",
            "#10;",
            "#12;",
            "#xD;",
            "#0000032;",
            "Tab;",
            "NewLine;",
        ] {
            assert_eq!(read(text), (Read::White, text.len()), "{text}");
        }
        for text in ["#32 ", "#32<", "#x20g", "#10&"] {
            assert_eq!(read(text), (Read::WhiteBefore, text.len()), "{text}");
        }
        let long = format!("#{}32;", "0".repeat(LONGEST));
        for text in [
            "amp;",
            "nbsp;",
            "#160;",
            "#33;",
            "#0;",
            "#;",
            "#x;",
            "#xg",
            " ",
            "Tab ",
            "tab;",
            "T;",
            "#x110000;",
            "#99999999999;",
            "&",
            long.as_str(),
        ] {
            assert_eq!(read(text).0, Read::Seen, "{text}");
        }
        assert_eq!(read("#3").0, Read::More);
        assert_eq!(read("New").0, Read::More);
    }

    #[test]
    fn a_number_may_end_with_the_text_and_a_name_may_not() {
        let over = |text: &str| {
            let mut reference = Reference::new(0);
            for c in text.chars() {
                assert_eq!(reference.read(c), Read::More, "{text}");
            }
            reference.is_over()
        };
        assert!(over("#32") && over("#x20"));
        assert!(!over("#") && !over("#3") && !over("Tab") && !over(""));
    }
}
