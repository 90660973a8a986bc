//! The small label that says what state something is in.

use std::fmt;

use askama::filters::HtmlSafe;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chip {
    tone: Tone,
    label: &'static str,
}

impl Chip {
    /// A label, fixed at compile time so that no outside text can pass for a state.
    pub const fn new(tone: Tone, label: &'static str) -> Self {
        Self { tone, label }
    }

    /// The words on it.
    pub const fn label(&self) -> &'static str {
        self.label
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
