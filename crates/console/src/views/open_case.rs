//! The form with which a customer admin opens a case.

use askama::Template;
use countersign_web::{layout::Page, messages::Text};

/// The form (`/cases/new`).
#[derive(Clone, Debug, Template)]
#[template(path = "open_case.html")]
pub struct OpenCasePage {
    /// The page around it.
    pub page: Page,
    /// The form, with what was typed before when it comes back.
    pub form: OpenCaseForm,
}

/// What was typed, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct OpenCaseForm {
    /// The case's title.
    pub title: String,
    /// Why the title was refused.
    pub title_error: Option<Text>,
}
