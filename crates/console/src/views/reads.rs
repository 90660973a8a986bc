//! Which requests the vendor declares to be reads, as its customer is told (R17).

use countersign_web::{
    messages::{Lang, Text},
    text::UserText,
};

/// What counts as looking, on Settings > Rules for Support.
#[derive(Clone, Debug, Default)]
pub struct VendorRules {
    /// What becomes of requests that no rule names.
    pub otherwise: Option<Text>,
    /// Method and pattern of what could change something and is declared harmless.
    pub harmless: Vec<UserText>,
    /// What is declared to read, and reads by its method.
    pub reads: Vec<UserText>,
    /// What is declared to write.
    pub writes: Vec<UserText>,
    /// That support can reach the product past the gateway, where it can.
    pub past: Option<Text>,
}

/// What an entry changed about which requests read.
#[derive(Clone, Debug)]
pub struct ChangedRules {
    /// What becomes of requests that no rule names, where that is new or all there is to say.
    pub otherwise: Option<Text>,
    /// What is new and what is no more, what weighs most first.
    pub lines: Vec<Text>,
    /// How many rules are as they were.
    pub kept: usize,
}

/// What access lets through, in a few words: read-only, but for so many kinds of requests that could
/// change something.
pub(crate) fn read_only(declared: usize, t: &Lang) -> Text {
    match declared {
        0 => t.reads_only(),
        declared => t.reads_only_but(declared),
    }
}

/// How many lines are shown at once; the others are opened on demand.
const LINES: usize = 8;

impl ChangedRules {
    pub(super) fn first(&self) -> &[Text] {
        self.lines.get(..LINES).unwrap_or(&self.lines)
    }

    pub(super) fn more(&self) -> &[Text] {
        self.lines.get(LINES..).unwrap_or_default()
    }

    pub(super) fn more_in_words(&self, t: &Lang) -> Text {
        t.change_more(self.more().len())
    }
}
