//! What has changed since a page was made, as a document of its own: the page's script reads it,
//! and so can a person.

use askama::Template;
use countersign_web::messages::{Lang, Text};

/// News of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "news.html")]
pub struct NewsPage {
    /// The reader's language.
    pub t: Lang,
    /// What is true now, as the page would show it.
    pub seen: String,
    /// Where every case on the page stands by now.
    pub cases: Vec<CaseNews>,
    /// What waits to be accepted, a name for each, between spaces.
    pub waiting: String,
}

/// Where a case stands by now.
#[derive(Clone, Debug)]
pub struct CaseNews {
    /// The id of its card.
    pub card: String,
    /// The state, as its card would send it back.
    pub seen: String,
    /// In a sentence.
    pub said: Text,
}
