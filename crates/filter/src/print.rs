//! How a filter is written.

use std::fmt::{self, Display, Formatter, Write};

use crate::{Attribute, Comparison, Filter, Target, Value};

impl Display for Attribute {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(out, "{schema}:")?;
        }
        out.write_str(&self.names.join("."))
    }
}

impl Display for Value {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(out, "{}", serde_json::Value::from(text.as_str())),
            Self::Number(number) => write!(out, "{number}"),
            Self::Bool(truth) => write!(out, "{truth}"),
            Self::Null => out.write_str("null"),
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let operator = self.operator.as_str();
        write!(out, "{} {operator} {}", self.attribute, self.value)
    }
}

impl Display for Filter {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Present(attribute) => write!(out, "{attribute} pr"),
            Self::Compare(comparison) => write!(out, "{comparison}"),
            Self::Has(attribute, value) => write!(out, "{attribute}[{value}]"),
            Self::Not(filter) => write!(out, "not ({filter})"),
            Self::And(filters) => joined(out, filters, " and ", |filter| {
                matches!(filter, Self::And(_) | Self::Or(_))
            }),
            Self::Or(filters) => {
                joined(out, filters, " or ", |filter| matches!(filter, Self::Or(_)))
            }
        }
    }
}

fn joined(
    out: &mut Formatter<'_>,
    filters: &[Filter],
    by: &str,
    apart: impl Fn(&Filter) -> bool,
) -> fmt::Result {
    for (index, filter) in filters.iter().enumerate() {
        if index > 0 {
            out.write_str(by)?;
        }
        if apart(filter) {
            write!(out, "({filter})")?;
        } else {
            write!(out, "{filter}")?;
        }
    }
    Ok(())
}

impl Display for Target {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.attribute)?;
        if let Some(which) = &self.which {
            write!(out, "[{which}]")?;
        }
        if let Some(within) = &self.within {
            out.write_char('.')?;
            out.write_str(within)?;
        }
        Ok(())
    }
}
