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
    /// What waits to be accepted.
    pub waiting: Vec<WaitingNews>,
    /// Cases that went lately, and why.
    pub gone: Vec<GoneNews>,
    /// What the page would say that it shows of which requests read.
    pub reads: String,
}

impl NewsPage {
    fn waiting_names(&self) -> String {
        let names: Vec<&str> = self.waiting.iter().map(|one| one.key.as_str()).collect();
        names.join(" ")
    }
}

/// Something that waits to be accepted.
#[derive(Clone, Debug)]
pub struct WaitingNews {
    /// Its name, without spaces.
    pub key: String,
    /// What it is and whose, in a sentence.
    pub said: Text,
}

/// A case that went.
#[derive(Clone, Debug)]
pub struct GoneNews {
    /// The id of its card.
    pub card: String,
    /// Why, in a sentence.
    pub said: Text,
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
