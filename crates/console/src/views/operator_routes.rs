//! Which requests to an org's product read, for operators (R17).

use askama::Template;
use countersign_web::{
    chip::{Chip, Tone},
    layout::Page,
    messages::{Lang, Text},
    text::UserText,
};

/// The page (`/operator/orgs/{slug}/routes`).
#[derive(Clone, Debug, Template)]
#[template(path = "operator_routes.html")]
pub struct RoutesPage {
    /// The page around it.
    pub page: Page,
    /// The org's short name; part of every form's path.
    pub slug: UserText,
    /// The org's name.
    pub name: UserText,
    /// Whether the customer has claimed it.
    pub claimed: bool,
    /// The form; none while nobody has said where the product is.
    pub form: Option<RoutesForm>,
    /// The question what would become of a request.
    pub wondered: WonderedForm,
}

impl RoutesPage {
    fn org_path(&self) -> String {
        format!("/operator/orgs/{}", self.slug.path_segment())
    }

    fn path(&self) -> String {
        format!("{}/routes", self.org_path())
    }
}

/// Mode and rules, as the form has them.
#[derive(Clone, Debug, Default)]
pub struct RoutesForm {
    /// Whether only declared requests read.
    pub declared: bool,
    /// The rules that are set, in order.
    pub rules: Vec<RuleRow>,
    /// Rules to add, empty ones as well.
    pub added: Vec<AddedRule>,
    /// Why the rules as a whole were refused.
    pub error: Option<Text>,
    /// What was set when the form was made, sent back as `seen`.
    pub seen: String,
}

impl RoutesForm {
    fn has_error(&self) -> bool {
        self.error.is_some() || self.added.iter().any(|rule| rule.error.is_some())
    }
}

/// A rule that is set.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// Its number, from 1.
    pub number: usize,
    /// Its methods.
    pub methods: UserText,
    /// Its pattern of paths.
    pub path: UserText,
    /// Whether it says that such requests read.
    pub reads: bool,
    /// Whether it is to be removed.
    pub remove: bool,
}

impl RuleRow {
    fn effect(&self, t: &Lang) -> Text {
        effect(self.reads, t)
    }
}

/// A rule to add, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct AddedRule {
    /// Its number among those to add, from 1.
    pub number: usize,
    /// The methods.
    pub methods: String,
    /// The pattern of paths.
    pub path: String,
    /// Whether it says that such requests change something.
    pub writes: bool,
    /// Why it was refused.
    pub error: Option<Text>,
}

/// A request that somebody wonders about.
#[derive(Clone, Debug, Default)]
pub struct WonderedForm {
    /// The method as typed.
    pub method: String,
    /// Path and query as typed.
    pub path: String,
    /// Why it cannot be a request.
    pub error: Option<Text>,
    /// What would become of it.
    pub answer: Option<Answer>,
}

/// What would become of a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether it would pass.
    pub passes: bool,
    /// What would become of it.
    pub fate: Text,
    /// What says so.
    pub because: Text,
    /// What else would be looked at.
    pub body: Option<Text>,
}

impl Answer {
    fn chip(&self, t: &Lang) -> Chip {
        if self.passes {
            Chip::new(Tone::Live, t.routes_passes_chip())
        } else {
            Chip::new(Tone::Alert, t.routes_refused_chip())
        }
    }
}

/// What a rule says, in a word.
pub(crate) fn effect(reads: bool, t: &Lang) -> Text {
    if reads {
        t.routes_read()
    } else {
        t.routes_write()
    }
}
