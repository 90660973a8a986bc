//! What just happened, said at the top of the page that follows an act.

use crate::messages::Text;

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeTone {
    /// It was done.
    Done,
    /// Nothing changed, and why.
    Info,
    /// It was not done.
    Refused,
}

/// A sentence at the top of a page, announced by screen readers (`role=status`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: NoticeTone,
    /// What happened.
    pub headline: Text,
    /// What it means, or what to do next.
    pub detail: Option<Text>,
}

impl Notice {
    /// Something was done.
    pub fn done(headline: Text) -> Self {
        Self {
            tone: NoticeTone::Done,
            headline,
            detail: None,
        }
    }

    /// Nothing changed.
    pub fn info(headline: Text) -> Self {
        Self {
            tone: NoticeTone::Info,
            headline,
            detail: None,
        }
    }

    /// Something was refused.
    pub fn refused(headline: Text) -> Self {
        Self {
            tone: NoticeTone::Refused,
            headline,
            detail: None,
        }
    }

    /// Whether something was not done: what the reader has to know before anything else, so they begin
    /// there, unless the address leads them to the very case.
    pub fn is_refused(&self) -> bool {
        self.tone == NoticeTone::Refused
    }

    /// The same notice with a second sentence.
    #[must_use]
    pub fn with_detail(mut self, detail: Text) -> Self {
        self.detail = Some(detail);
        self
    }

    /// The CSS class of its tone.
    pub fn class(&self) -> &'static str {
        match self.tone {
            NoticeTone::Done => "notice-done",
            NoticeTone::Info => "notice-info",
            NoticeTone::Refused => "notice-refused",
        }
    }
}
