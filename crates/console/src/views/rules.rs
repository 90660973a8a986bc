//! Settings > Rules for Support: what an org has set about support access (R4, R5, R9).

use askama::Template;
use countersign_web::{
    layout::Page,
    messages::{Lang, Text},
    person::Person,
    text::UserText,
    time::Moment,
};

use super::reads::VendorRules;

/// The page, to read or, for super admins, to change.
#[derive(Clone, Debug, Template)]
#[template(path = "rules.html")]
pub struct RulesPage {
    /// The page around it.
    pub page: Page,
    /// The org's name.
    pub org: UserText,
    /// What is set.
    pub rules: Rules,
    /// Who set it.
    pub changed: Changed,
    /// The form, for whoever may change it.
    pub form: Option<RulesForm>,
    /// What the vendor declares.
    pub vendor: VendorRules,
}

/// What an org has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How long a tick gives access.
    pub duration: Text,
    /// Whether only super admins approve.
    pub super_admins_only: bool,
    /// Whether an opener approves only for cases they opened by their own call.
    pub self_openers_only: bool,
    /// Whether extending is offered.
    pub extension: bool,
    /// Whether a grant is for those on the team at the tick only.
    pub pinned: bool,
}

/// Who changed the rules last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Somebody, at some moment.
    By(Person, Moment),
    /// Nobody has: they are those that every org starts with.
    Never,
    /// It was not kept.
    Unknown,
}

/// What only the form needs.
#[derive(Clone, Debug)]
pub struct RulesForm {
    /// The durations to choose from.
    pub durations: Vec<DurationChoice>,
    /// How many grants give access now.
    pub live: usize,
    /// The state the form shows, sent back as `seen`.
    pub seen: String,
}

/// A duration to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DurationChoice {
    /// In milliseconds.
    pub ms: i64,
    /// In words.
    pub label: Text,
    /// Whether it is set now.
    pub chosen: bool,
}

impl RulesForm {
    fn what_changes(&self, t: &Lang) -> Text {
        match self.live {
            0 => t.rules_what_changes_none(),
            live => t.rules_what_changes(live),
        }
    }
}

impl RulesPage {
    fn lead(&self, t: &Lang) -> Text {
        match self.form {
            Some(_) => t.rules_lead(&self.org),
            None => t.rules_lead_read(&self.org),
        }
    }
}
