//! What operators type.

use countersign_domain::TextError;
use countersign_web::{
    messages::{Lang, Text},
    refusals::text_error,
};

/// A text as a value, or what is wrong with it: `form` where it is not of the form it must have.
pub(crate) fn read<T>(
    text: &str,
    parse: fn(&str) -> Result<T, TextError>,
    form: Text,
    t: Lang,
) -> Result<T, Text> {
    parse(text).map_err(|error| match error {
        TextError::Form { .. } | TextError::Blank => form,
        error => t.text_is_wrong(text_error(error, t)),
    })
}

/// Where a list goes on.
pub(crate) fn after(query: &[(String, String)]) -> Option<&str> {
    let mut fields = query.iter();
    let after = fields.find(|(name, _)| name == "after");
    after.map(|(_, value)| value.as_str())
}
