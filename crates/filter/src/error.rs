//! Why a text is no filter, and where.

use std::fmt::{self, Display, Formatter};

use crate::{DEEPEST, LONGEST};

/// What is wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxError {
    /// Something else should stand there.
    #[error("at character {}: expected {expected}, and found {found}", at + 1)]
    Unexpected {
        /// How many characters stand before it.
        at: usize,
        /// What should.
        expected: Expected,
        /// What does.
        found: Found,
    },
    /// More characters than [`LONGEST`].
    #[error("it has {length} characters, and may have {LONGEST}")]
    TooLong {
        /// How many.
        length: usize,
    },
    /// More parentheses and brackets within each other than [`DEEPEST`].
    #[error("at character {}: parentheses and brackets may be {DEEPEST} deep", at + 1)]
    TooDeep {
        /// How many characters stand before the one too many.
        at: usize,
    },
}

impl SyntaxError {
    /// How many characters stand before what is wrong.
    #[must_use]
    pub fn at(&self) -> usize {
        match self {
            Self::Unexpected { at, .. } | Self::TooDeep { at } => *at,
            Self::TooLong { .. } => LONGEST,
        }
    }
}

/// What should stand somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Something that can be true or not.
    Condition,
    /// An attribute.
    Attribute,
    /// One more name of an attribute.
    Name,
    /// An operator, `pr` among them.
    Operator,
    /// A JSON literal.
    Value,
    /// A JSON string, for an operator that looks for a part of a text.
    Text,
    /// A JSON string or number, for an operator that needs an order.
    Ordered,
    /// The rest of a JSON string.
    RestOfText,
    /// What may stand behind a backslash, and makes a character.
    Escape,
    /// `(`, behind `not`.
    Opening,
    /// `)`
    Closing,
    /// `]`
    ClosingBracket,
    /// `and`, `or` or the end.
    More,
    /// The end.
    End,
}

impl Display for Expected {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Condition => "an attribute, \"not\" or \"(\"",
            Self::Attribute => "an attribute",
            Self::Name => "a name, which begins with a letter",
            Self::Operator => "an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr)",
            Self::Value => "a value: text in double quotes, a number, true, false or null",
            Self::Text => "text in double quotes, as co, sw and ew need",
            Self::Ordered => "text in double quotes or a number, as gt, ge, lt and le need",
            Self::RestOfText => "the double quote at the end of the text",
            Self::Escape => "an escape of JSON's behind the backslash",
            Self::Opening => "\"(\" behind \"not\"",
            Self::Closing => "\"and\", \"or\" or \")\"",
            Self::ClosingBracket => "\"and\", \"or\" or \"]\"",
            Self::More => "\"and\", \"or\" or the end",
            Self::End => "the end",
        })
    }
}

/// What stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing more.
    End,
    /// This, or its beginning.
    Text(String),
}

impl Display for Found {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => out.write_str("the end"),
            Self::Text(text) => write!(out, "{text:?}"),
        }
    }
}
