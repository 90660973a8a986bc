//! Statements put together from parts, with their parameters.

use std::fmt::{Display, Write};

use tokio_postgres::types::ToSql;

pub(crate) struct Sql {
    text: String,
    bound: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl Sql {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            bound: vec![],
        }
    }

    /// Adds a part that is the program's own.
    pub(crate) fn push(&mut self, text: impl Display) -> &mut Self {
        // Writing to memory cannot fail.
        let _ = write!(self.text, "{text}");
        self
    }

    /// Adds a parameter.
    pub(crate) fn push_bind(&mut self, value: impl ToSql + Sync + Send + 'static) -> &mut Self {
        self.bound.push(Box::new(value));
        let place = self.bound.len();
        self.push(format_args!("${place}"))
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn bound(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.bound
            .iter()
            .map(|value| {
                let value: &(dyn ToSql + Sync) = &**value;
                value
            })
            .collect()
    }
}
