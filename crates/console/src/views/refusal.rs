//! The page for any refusal in the console.

use askama::Template;
use countersign_web::{layout::Page, messages::Text, text::UserText};

/// A refusal or an error.
#[derive(Clone, Debug, Template)]
#[template(path = "refusal.html")]
pub struct RefusalPage {
    /// The page around it.
    pub page: Page,
    /// In a few words: `The case is closed`.
    pub title: Text,
    /// What happened, and why.
    pub why: Text,
    /// What the person can do now.
    pub next: Text,
    /// Numbers of the cases where the person can do it.
    pub cases: Vec<UserText>,
    /// The stable code of the refusal.
    pub code: String,
    /// Where to go back to.
    pub back_href: String,
    /// The words of that link: `Back to Settings`.
    pub back_label: Text,
}
