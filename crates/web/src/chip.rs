//! The small label that says what state something is in.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::messages::Text;

/// What a state means for the reader. Colour repeats the label and never replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing is going on.
    Quiet,
    /// Somebody is waiting for a decision.
    Waiting,
    /// Access is open now.
    Live,
    /// Something is amiss or stopped.
    Alert,
}

/// A state in one to three words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    tone: Tone,
    label: Text,
}

impl Chip {
    /// A label, which is a message, so that no outside text can pass for a state.
    pub const fn new(tone: Tone, label: Text) -> Self {
        Self { tone, label }
    }
}

impl fmt::Display for Chip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tone = match self.tone {
            Tone::Quiet => "quiet",
            Tone::Waiting => "waiting",
            Tone::Live => "live",
            Tone::Alert => "alert",
        };
        write!(f, "<span class=\"chip chip-{tone}\">{}</span>", self.label)
    }
}

impl HtmlSafe for Chip {}
