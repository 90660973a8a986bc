//! Looking for words in what was looked at and in what people wrote.

use std::borrow::Cow;

use countersign_domain::TextError;

use super::{
    Clause,
    terms::{self, Begins},
};

/// What somebody looks for: a path, or words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search(Looked);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Looked {
    /// Text that begins with this, letter by letter.
    Path(String),
    /// Text with all of these words.
    Words(Vec<Word>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    /// Nothing longer will do.
    whole: bool,
}

impl Search {
    const LONGEST: usize = 200;
    const MOST_WORDS: usize = 8;

    /// Reads what somebody typed. What begins with `/` is the beginning of a path. Anything else is
    /// words, each of which must begin a word of the text, in whatever order; a word in quotation
    /// marks must be one.
    ///
    /// # Errors
    /// What is wrong with it, in words for the person who typed it.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Blank);
        }
        if text.chars().count() > Self::LONGEST {
            return Err(TextError::TooLong { max: Self::LONGEST });
        }
        if text.chars().any(char::is_control) {
            return Err(TextError::Control);
        }
        if text.starts_with('/') {
            return Ok(Self(Looked::Path(text.to_owned())));
        }
        let mut found = vec![];
        for (part, whole) in text.split('"').zip([false, true].into_iter().cycle()) {
            found.extend(words(part).map(|text| Word { text, whole }));
        }
        match found.len() {
            0 => Err(TextError::Form {
                expected: "letters or digits to look for, or a path that begins with '/'",
            }),
            1..=Self::MOST_WORDS => Ok(Self(Looked::Words(found))),
            _ => Err(TextError::Form {
                expected: "at most 8 words",
            }),
        }
    }

    /// Whether one of `texts` begins with the path, or all of them together have the words.
    #[must_use]
    pub fn finds(&self, texts: &[Cow<'_, str>]) -> bool {
        match &self.0 {
            Looked::Path(path) => texts.iter().any(|text| text.starts_with(path.as_str())),
            Looked::Words(wanted) => {
                let there: Vec<String> = texts.iter().flat_map(|text| words(text)).collect();
                wanted.iter().all(|word| {
                    there.iter().any(|there| match word.whole {
                        true => *there == word.text,
                        false => there.starts_with(&word.text),
                    })
                })
            }
        }
    }

    /// What a row that this finds has among its terms.
    pub(super) fn clauses(&self) -> Vec<Clause> {
        match &self.0 {
            Looked::Words(words) => words.iter().map(Word::clause).collect(),
            Looked::Path(path) => path_words(path).iter().map(Word::clause).collect(),
        }
    }
}

impl Word {
    fn clause(&self) -> Clause {
        let mut any = vec![terms::LONG.to_owned()];
        let begins = if self.whole {
            any.push(terms::word(&self.text));
            None
        } else {
            Some(Begins {
                words: terms::word(&self.text),
                heads: terms::head(&self.text),
            })
        };
        Clause { any, begins }
    }
}

/// The words that every text with this beginning has. Where the beginning ends in the middle of a
/// word, or of an escape, only the word's beginning is known, or nothing.
fn path_words(path: &str) -> Vec<Word> {
    let sure = path.split('%').next().unwrap_or_default();
    let mut known: Vec<Word> = words(sure).map(|text| Word { text, whole: true }).collect();
    if sure.ends_with(char::is_alphanumeric) {
        let last = known.pop();
        if sure.len() == path.len() {
            known.extend(last.map(|word| Word {
                whole: false,
                ..word
            }));
        }
    }
    known
}

/// The words of a text: runs of letters and digits of what it reads as once percent-decoded, each
/// letter in lower case by itself.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let plain = if text.contains('%') {
        Cow::Owned(decoded(text))
    } else {
        Cow::Borrowed(text)
    };
    let lower: String = plain.chars().flat_map(char::to_lowercase).collect();
    let words: Vec<String> = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    words.into_iter()
}

/// Percent-decodes once; what is not an escape stays as it is, and what is no UTF-8 separates.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let byte = behind
            .get(..2)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = match byte {
            Some(byte) => {
                bytes.push(byte);
                behind.get(2..).unwrap_or_default()
            }
            None => {
                bytes.push(b'%');
                behind
            }
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        words(text).collect()
    }

    fn finds(typed: &str, text: &str) -> bool {
        Search::parse(typed)
            .expect("it can be looked for")
            .finds(&[Cow::Borrowed(text)])
    }

    #[test]
    fn words_are_runs_of_letters_and_digits_as_people_read_them() {
        assert_eq!(
            read("/customers/17/Invoices-2026?q=M%C3%9cller+%26%20Co&x=%"),
            [
                "customers",
                "17",
                "invoices",
                "2026",
                "q",
                "müller",
                "co",
                "x"
            ]
        );
        assert_eq!(read("/a%ffb%2"), ["a", "b", "2"], "no UTF-8 separates");
        assert_eq!(read("ΟΔΟΣ"), read("οδοσ"), "letter by letter");
        assert_eq!(read("/?&%20"), [""; 0]);
    }

    #[test]
    fn words_are_found_by_their_beginnings_in_any_order_and_quoted_ones_whole() {
        let target = "/customers/170/invoices?q=M%C3%BCller";
        for typed in ["invoi", "17 cust", "müll", "M%C3%9c", "INVOICES", "\"170\""] {
            assert!(finds(typed, target), "{typed}");
        }
        for typed in ["nvoices", "18", "\"17\"", "customers \"invoice\"", "x"] {
            assert!(!finds(typed, target), "{typed}");
        }
    }

    #[test]
    fn a_path_is_found_by_its_beginning_letter_by_letter() {
        let target = "/customers/170/invoices?q=M%C3%BCller";
        for typed in [
            "/",
            "/customers/17",
            "/customers/170/",
            "/customers/170/invoices?q=M%C3",
        ] {
            assert!(finds(typed, target), "{typed}");
        }
        for typed in [
            "/Customers",
            "/invoices",
            "/customers/17/",
            "/customers/170/invoices/",
        ] {
            assert!(!finds(typed, target), "{typed}");
        }
    }

    #[test]
    fn what_cannot_be_looked_for_is_refused() {
        assert_eq!(Search::parse("  "), Err(TextError::Blank));
        assert_eq!(Search::parse("a\u{0}b"), Err(TextError::Control));
        assert_eq!(
            Search::parse(&"x".repeat(201)),
            Err(TextError::TooLong { max: 200 })
        );
        for nothing in ["\"\"", "?!", "1 2 3 4 5 6 7 8 9"] {
            assert!(
                matches!(Search::parse(nothing), Err(TextError::Form { .. })),
                "{nothing}"
            );
        }
    }

    /// A row that is found has a term of every clause: what holds for an index to miss nothing.
    #[test]
    fn what_is_found_has_a_term_of_every_clause() {
        let targets = [
            "/customers/170/invoices?q=M%C3%BCller",
            "/a%2Fb/%e2%82",
            "/",
            "/ΟΔΟΣ/x",
            "/1/22/333/4444",
            "/Straße%20straSSE",
        ];
        let mut found = 0;
        for target in targets {
            let has = terms::of_texts(&[Cow::Borrowed(target)]);
            // Every beginning of the path, and every beginning of every word.
            let paths = target.char_indices().map(|(end, _)| &target[..end]);
            let typed = read(target).into_iter().flat_map(|word| {
                let ends: Vec<_> = word.char_indices().map(|(at, _)| at).skip(1).collect();
                let mut parts: Vec<_> = ends.iter().map(|end| word[..*end].to_owned()).collect();
                parts.extend([format!("\"{word}\""), word]);
                parts
            });
            for typed in paths
                .filter(|path| !path.is_empty())
                .map(ToOwned::to_owned)
                .chain(typed)
            {
                let search = Search::parse(&typed).expect("it can be looked for");
                assert!(
                    search.finds(&[Cow::Borrowed(target)]),
                    "{typed} in {target}"
                );
                for clause in search.clauses() {
                    let exact = clause.any.iter().any(|term| has.contains(term));
                    let begins = clause.begins.as_ref().is_none_or(|begins| {
                        let some = |with: &str| has.iter().any(|term| term.starts_with(with));
                        some(&begins.words) && some(&begins.heads)
                    });
                    assert!(
                        exact || clause.begins.is_some() && begins,
                        "{typed} in {target}"
                    );
                }
                found += 1;
            }
        }
        assert!(found > 100, "{found}");
    }

    /// However a path is padded, what stands behind the padding is found.
    #[test]
    fn a_text_of_many_words_or_long_ones_hides_nothing() {
        let many: String = (0..500).map(|n| format!("/pad{n}")).collect();
        let long = "x".repeat(5_000);
        for target in [format!("{many}/secret"), format!("/{long}/secret")] {
            let texts = [Cow::Owned(target)];
            let has = terms::of_texts(&texts);
            assert!(has.len() <= 200, "{}", has.len());
            for typed in ["secret", "\"secret\"", &long[..150]] {
                let search = Search::parse(typed).expect("it can be looked for");
                let possible = search.clauses().iter().all(|clause| {
                    let begins = |with: &str| has.iter().any(|term| term.starts_with(with));
                    clause.any.iter().any(|term| has.contains(term))
                        || clause.begins.as_ref().is_some_and(|to| begins(&to.words))
                });
                assert!(possible || !search.finds(&texts), "{typed}");
            }
        }
    }
}
