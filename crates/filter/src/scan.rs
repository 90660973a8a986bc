//! The parts that a text is made of.

use serde_json::Number;

use crate::{Expected, Found, SyntaxError, Value};

/// How much of what was found is repeated.
const SHOWN: usize = 24;

/// A part of the text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Part {
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    /// A text or a number; the other literals are words.
    Literal(Value),
    /// Whatever names, URIs and words of the language are made of.
    Word(String),
    /// A character that means nothing.
    Stray,
    End,
}

/// A part, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) part: Part,
    pub(crate) at: usize,
    pub(crate) end: usize,
}

/// The part that comes next, behind blanks.
pub(crate) fn next(text: &[char], from: usize) -> Result<Placed, SyntaxError> {
    let rest = text.iter().skip(from);
    let at = from + rest.take_while(|c| matches!(**c, ' ' | '\t')).count();
    let (part, length) = part(text, at)?;
    let end = at + length;
    Ok(Placed { part, at, end })
}

/// The part that begins there, and its length.
fn part(text: &[char], at: usize) -> Result<(Part, usize), SyntaxError> {
    Ok(match text.get(at).copied() {
        None => (Part::End, 0),
        Some('(') => (Part::Open, 1),
        Some(')') => (Part::Close, 1),
        Some('[') => (Part::OpenBracket, 1),
        Some(']') => (Part::CloseBracket, 1),
        Some('"') => return quoted(text, at),
        Some(c) if !belongs_to_word(c) => (Part::Stray, 1),
        Some(_) => {
            let rest = text.iter().skip(at);
            let word: String = rest.take_while(|c| belongs_to_word(**c)).collect();
            let length = word.len();
            let number: Result<Number, _> = serde_json::from_str(&word);
            let part = match number {
                Ok(number) => Part::Literal(Value::Number(number)),
                Err(_) => Part::Word(word),
            };
            (part, length)
        }
    })
}

/// What URIs have (RFC 3986), but for what has a meaning of its own here. One byte each.
fn belongs_to_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c)
}

/// The JSON string that begins there.
fn quoted(text: &[char], from: usize) -> Result<(Part, usize), SyntaxError> {
    let mut at = from + 1;
    loop {
        match text.get(at).copied() {
            Some('"') => break,
            Some('\\') => at += escape(text, at)?,
            Some(c) if c >= ' ' => at += 1,
            _ => return Err(unexpected(text, at, Expected::RestOfText)),
        }
    }
    let length = at + 1 - from;
    let written: String = text.iter().skip(from).take(length).collect();
    // What is left to be wrong is half of a pair that makes one character.
    match serde_json::from_str(&written) {
        Ok(read) => Ok((Part::Literal(Value::Text(read)), length)),
        Err(_) => Err(unexpected(text, from, Expected::Escape)),
    }
}

/// The length of the escape that begins there.
fn escape(text: &[char], at: usize) -> Result<usize, SyntaxError> {
    let digits = text.iter().skip(at + 2).take(4);
    match text.get(at + 1) {
        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => Ok(2),
        Some('u') if digits.filter(|c| c.is_ascii_hexdigit()).count() == 4 => Ok(6),
        _ => Err(unexpected(text, at, Expected::Escape)),
    }
}

/// Something else should stand there.
pub(crate) fn unexpected(text: &[char], at: usize, expected: Expected) -> SyntaxError {
    let mut rest = text.iter().skip(at).take(SHOWN).peekable();
    let found = match rest.peek() {
        None => Found::End,
        Some(_) => Found::Text(rest.collect()),
    };
    SyntaxError::Unexpected {
        at,
        expected,
        found,
    }
}
