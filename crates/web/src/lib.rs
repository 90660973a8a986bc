//! The look of the product: the base page, the stylesheet and script, and the small
//! components that every page is built from.
//!
//! Nothing here knows a use case. Values arrive ready to show; text that somebody else wrote
//! arrives as [`text::UserText`], which is the only way it can reach a page.

pub mod assets;
pub mod attempts;
pub mod banner;
pub mod chip;
pub mod csp;
mod field_error;
pub mod lang;
pub mod layout;
mod letters;
pub mod messages;
pub mod notice;
pub mod person;
pub mod refusal_page;
pub mod refusals;
mod script_words;
pub mod session_page;
pub mod text;
pub mod time;
