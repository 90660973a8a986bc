//! What a filter says. Each part that can be wrong for whoever applies it knows its place: the characters before it.

use serde_json::Number;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// `pr`: the attribute has a value.
    Present(Attribute),
    /// An attribute compared with a value.
    Compare(Comparison),
    /// `emails[…]`: one of the attribute's values is as the filter says, whose attributes are that value's own.
    Has(Attribute, Box<Filter>),
    /// `not (…)`.
    Not(Box<Filter>),
    /// All of two or more.
    And(Vec<Filter>),
    /// One of two or more.
    Or(Vec<Filter>),
}

/// An attribute compared with a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What is compared.
    pub attribute: Attribute,
    /// How.
    pub operator: Operator,
    /// With what.
    pub value: Value,
    /// Where the value stands.
    pub value_at: usize,
}

/// An attribute, by its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The URI of the schema that it is of, where it was said.
    pub schema: Option<String>,
    /// Its name and those of the attributes within it, as they were written. Never empty.
    pub names: Vec<String>,
    /// Where it stands.
    pub at: usize,
}

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `co`
    Contains,
    /// `sw`
    StartsWith,
    /// `ew`
    EndsWith,
    /// `gt`
    Greater,
    /// `ge`
    GreaterOrEqual,
    /// `lt`
    Less,
    /// `le`
    LessOrEqual,
}

/// What an attribute is compared with: a JSON literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text; dates are texts too.
    Text(String),
    /// A number.
    Number(Number),
    /// A truth value.
    Bool(bool),
    /// None.
    Null,
}

/// A part of a filter that says something about the attributes itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Term<'a> {
    /// The attribute has a value.
    Present(&'a Attribute),
    /// The attribute compares so.
    Compare(&'a Comparison),
    /// One of the attribute's values is so.
    Has(&'a Attribute, &'a Filter),
}

/// What a PATCH is about: an attribute, or those of its values that a filter chooses, or an attribute of those.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The attribute.
    pub attribute: Attribute,
    /// Which of its values.
    pub which: Option<Filter>,
    /// What of those.
    pub within: Option<String>,
}

impl Attribute {
    /// Whether it is the one of this name, whose parts are divided by dots. Case does not matter.
    #[must_use]
    pub fn is(&self, dotted: &str) -> bool {
        let mut names = dotted.split('.');
        self.names.iter().all(|own| {
            names
                .next()
                .is_some_and(|name| own.eq_ignore_ascii_case(name))
        }) && names.next().is_none()
    }
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 9] = [
        Self::Equal,
        Self::NotEqual,
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::Less,
        Self::LessOrEqual,
    ];

    /// How it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::Greater => "gt",
            Self::GreaterOrEqual => "ge",
            Self::Less => "lt",
            Self::LessOrEqual => "le",
        }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|operator| operator.as_str().eq_ignore_ascii_case(word))
    }

    /// Whether it looks for a part of a text.
    #[must_use]
    pub fn is_about_text(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }

    /// Whether it needs an order.
    #[must_use]
    pub fn is_about_order(self) -> bool {
        matches!(
            self,
            Self::Greater | Self::GreaterOrEqual | Self::Less | Self::LessOrEqual
        )
    }
}

impl Filter {
    /// Whether the filter holds, if `term` says which of its terms do. Terms that cannot change the answer are not asked
    /// about.
    ///
    /// # Errors
    /// The first that `term` meets.
    pub fn holds<E>(&self, term: &mut impl FnMut(Term<'_>) -> Result<bool, E>) -> Result<bool, E> {
        match self {
            Self::Present(attribute) => term(Term::Present(attribute)),
            Self::Compare(comparison) => term(Term::Compare(comparison)),
            Self::Has(attribute, value) => term(Term::Has(attribute, value)),
            Self::Not(filter) => filter.holds(term).map(|held| !held),
            Self::And(filters) => {
                for filter in filters {
                    if !filter.holds(term)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(filters) => {
                for filter in filters {
                    if filter.holds(term)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    /// Every term, in the order in which they were written.
    #[must_use]
    pub fn terms(&self) -> Vec<Term<'_>> {
        let mut terms = vec![];
        let mut rest = vec![self];
        while let Some(filter) = rest.pop() {
            match filter {
                Self::Present(attribute) => terms.push(Term::Present(attribute)),
                Self::Compare(comparison) => terms.push(Term::Compare(comparison)),
                Self::Has(attribute, value) => terms.push(Term::Has(attribute, value)),
                Self::Not(filter) => rest.push(filter),
                Self::And(filters) | Self::Or(filters) => rest.extend(filters.iter().rev()),
            }
        }
        terms
    }
}
