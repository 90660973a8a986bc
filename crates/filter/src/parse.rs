//! From the text to what it says. `not` binds closer than `and`, and that closer than `or`.

use std::str::FromStr;

use crate::{
    Attribute, Comparison, Expected, Filter, Operator, SyntaxError, Target, Value,
    scan::{self, Part, Placed, unexpected},
};

/// The most characters a filter may have.
pub const LONGEST: usize = 4_096;

/// The most parentheses and brackets that may stand within each other.
pub const DEEPEST: usize = 16;

impl FromStr for Filter {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        let mut reader = Reader::of(text)?;
        let filter = reader.any()?;
        reader.end(Expected::More)?;
        Ok(filter)
    }
}

impl FromStr for Target {
    type Err = SyntaxError;

    fn from_str(text: &str) -> Result<Self, SyntaxError> {
        let mut reader = Reader::of(text)?;
        let next = reader.next()?;
        let attribute = reader.attribute(next, Expected::Attribute)?;
        let bracket = reader.take(&Part::OpenBracket)?;
        let (which, within) = match bracket {
            None => (None, None),
            Some(bracket) => (Some(reader.values(bracket.at)?), reader.within()?),
        };
        reader.end(Expected::End)?;
        Ok(Self {
            attribute,
            which,
            within,
        })
    }
}

struct Reader {
    text: Vec<char>,
    /// How much is read.
    at: usize,
    /// How many parentheses and brackets are open.
    depth: usize,
    /// The values of an attribute have no such attributes themselves.
    in_brackets: bool,
}

impl Reader {
    fn of(text: &str) -> Result<Self, SyntaxError> {
        let text: Vec<char> = text.chars().collect();
        let length = text.len();
        if length > LONGEST {
            return Err(SyntaxError::TooLong { length });
        }
        Ok(Self {
            text,
            at: 0,
            depth: 0,
            in_brackets: false,
        })
    }

    fn peek(&self) -> Result<Placed, SyntaxError> {
        scan::next(&self.text, self.at)
    }

    fn next(&mut self) -> Result<Placed, SyntaxError> {
        let next = self.peek()?;
        self.at = next.end;
        Ok(next)
    }

    fn take(&mut self, part: &Part) -> Result<Option<Placed>, SyntaxError> {
        let next = self.peek()?;
        if next.part != *part {
            return Ok(None);
        }
        self.at = next.end;
        Ok(Some(next))
    }

    fn take_word(&mut self, word: &str) -> Result<bool, SyntaxError> {
        let next = self.peek()?;
        let there = is_word(&next.part, word);
        if there {
            self.at = next.end;
        }
        Ok(there)
    }

    fn unexpected(&self, at: usize, expected: Expected) -> SyntaxError {
        unexpected(&self.text, at, expected)
    }

    fn end(&self, expected: Expected) -> Result<(), SyntaxError> {
        let next = self.peek()?;
        match next.part {
            Part::End => Ok(()),
            _ => Err(self.unexpected(next.at, expected)),
        }
    }

    fn close(&mut self, part: &Part, expected: Expected) -> Result<(), SyntaxError> {
        match self.take(part)? {
            Some(_) => Ok(()),
            None => Err(self.unexpected(self.peek()?.at, expected)),
        }
    }

    fn any(&mut self) -> Result<Filter, SyntaxError> {
        let first = self.all()?;
        let mut filters = vec![];
        while self.take_word("or")? {
            filters.push(self.all()?);
        }
        Ok(together(first, filters, Filter::Or))
    }

    fn all(&mut self) -> Result<Filter, SyntaxError> {
        let first = self.one()?;
        let mut filters = vec![];
        while self.take_word("and")? {
            filters.push(self.one()?);
        }
        Ok(together(first, filters, Filter::And))
    }

    fn one(&mut self) -> Result<Filter, SyntaxError> {
        let next = self.next()?;
        if next.part == Part::Open {
            return self.parenthesized(next.at);
        }
        if is_word(&next.part, "not") {
            let Some(open) = self.take(&Part::Open)? else {
                return Err(self.unexpected(self.peek()?.at, Expected::Opening));
            };
            let filter = self.parenthesized(open.at)?;
            return Ok(Filter::Not(Box::new(filter)));
        }
        let attribute = self.attribute(next, Expected::Condition)?;
        let next = self.next()?;
        match &next.part {
            Part::OpenBracket if !self.in_brackets => {
                let values = self.values(next.at)?;
                Ok(Filter::Has(attribute, Box::new(values)))
            }
            part if is_word(part, "pr") => Ok(Filter::Present(attribute)),
            Part::Word(word) => match Operator::named(word) {
                Some(operator) => self.comparison(attribute, operator),
                None => Err(self.unexpected(next.at, Expected::Operator)),
            },
            _ => Err(self.unexpected(next.at, Expected::Operator)),
        }
    }

    fn parenthesized(&mut self, at: usize) -> Result<Filter, SyntaxError> {
        self.deeper(at)?;
        let filter = self.any()?;
        self.close(&Part::Close, Expected::Closing)?;
        self.depth -= 1;
        Ok(filter)
    }

    /// What stands in brackets.
    fn values(&mut self, at: usize) -> Result<Filter, SyntaxError> {
        self.deeper(at)?;
        self.in_brackets = true;
        let filter = self.any()?;
        self.close(&Part::CloseBracket, Expected::ClosingBracket)?;
        self.in_brackets = false;
        self.depth -= 1;
        Ok(filter)
    }

    fn deeper(&mut self, at: usize) -> Result<(), SyntaxError> {
        if self.depth == DEEPEST {
            return Err(SyntaxError::TooDeep { at });
        }
        self.depth += 1;
        Ok(())
    }

    fn comparison(
        &mut self,
        attribute: Attribute,
        operator: Operator,
    ) -> Result<Filter, SyntaxError> {
        let next = self.next()?;
        let value = match next.part {
            Part::Literal(value) => Some(value),
            Part::Word(word) => match word.as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                "null" => Some(Value::Null),
                _ => None,
            },
            _ => None,
        };
        let expected = match operator {
            _ if operator.is_about_text() => Expected::Text,
            _ if operator.is_about_order() => Expected::Ordered,
            _ => Expected::Value,
        };
        match value {
            Some(value) if fits(expected, &value) => Ok(Filter::Compare(Comparison {
                attribute,
                operator,
                value,
                value_at: next.at,
            })),
            _ => Err(self.unexpected(next.at, expected)),
        }
    }

    fn attribute(&self, placed: Placed, expected: Expected) -> Result<Attribute, SyntaxError> {
        let at = placed.at;
        let word = match placed.part {
            Part::Word(word) if !RESERVED.iter().any(|own| word.eq_ignore_ascii_case(own)) => word,
            _ => return Err(self.unexpected(at, expected)),
        };
        let (schema, path) = match word.rsplit_once(':') {
            None => (None, word.as_str()),
            Some((schema, path)) => (Some(schema), path),
        };
        if schema.is_some_and(|uri| !uri.starts_with(|c: char| c.is_ascii_alphabetic())) {
            return Err(self.unexpected(at, expected));
        }
        let mut name_at = at + (word.len() - path.len());
        for name in path.split('.') {
            if !is_name(name) {
                return Err(self.unexpected(name_at, Expected::Name));
            }
            name_at += name.len() + 1;
        }
        Ok(Attribute {
            schema: schema.map(str::to_owned),
            names: path.split('.').map(str::to_owned).collect(),
            at,
        })
    }

    /// The attribute of the values in brackets, if one is named.
    fn within(&mut self) -> Result<Option<String>, SyntaxError> {
        let next = self.peek()?;
        let Part::Word(word) = &next.part else {
            return Ok(None);
        };
        let Some(name) = word.strip_prefix('.') else {
            return Ok(None);
        };
        if !is_name(name) {
            return Err(self.unexpected(next.at + 1, Expected::Name));
        }
        self.at = next.end;
        Ok(Some(name.to_owned()))
    }
}

/// What cannot be the name of an attribute where a condition begins.
const RESERVED: [&str; 3] = ["and", "or", "not"];

fn is_word(part: &Part, word: &str) -> bool {
    matches!(part, Part::Word(found) if found.eq_ignore_ascii_case(word))
}

/// RFC 7643 section 2.1, with the names that begin with a dollar sign, which it uses itself.
fn is_name(name: &str) -> bool {
    let inner = name.strip_prefix('$').unwrap_or(name);
    inner.starts_with(|c: char| c.is_ascii_alphabetic())
        && inner
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

fn fits(expected: Expected, value: &Value) -> bool {
    match expected {
        Expected::Text => matches!(value, Value::Text(_)),
        Expected::Ordered => matches!(value, Value::Text(_) | Value::Number(_)),
        _ => true,
    }
}

fn together(first: Filter, rest: Vec<Filter>, by: fn(Vec<Filter>) -> Filter) -> Filter {
    if rest.is_empty() {
        return first;
    }
    by([vec![first], rest].concat())
}
