//! What is wrong with a field, in English: for programs and the command line.

use countersign_domain::TextError;

/// The sentence about a field that is not as it must be, and what to do next.
pub(crate) fn sentence(field: &str, error: TextError) -> String {
    format!("The field \"{field}\" {error}: correct it and try again.")
}
