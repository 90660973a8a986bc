//! What an agent did on a case, as that agent reads it.

use askama::Template;
use countersign_web::{layout::Page, text::UserText};

use super::history::{Filter, HistoryRow, Rest};

/// The page (`/cases/{number}/looked`).
#[derive(Clone, Debug, Template)]
#[template(path = "agent_history.html")]
pub struct AgentHistoryPage {
    /// The page around it.
    pub page: Page,
    /// The case number; part of the form's path.
    pub number: UserText,
    /// The case's title.
    pub title: UserText,
    /// What is looked for.
    pub filter: Filter,
    /// What was found, newest first.
    pub rows: Vec<HistoryRow>,
    /// What was counted and whose page is among what is older.
    pub rest: Vec<Rest>,
    /// Where what is older stands.
    pub older: Option<String>,
    /// Whether this is not the newest part.
    pub continued: bool,
}

impl AgentHistoryPage {
    fn path(&self) -> String {
        format!("/cases/{}/looked", self.number.path_segment())
    }
}
