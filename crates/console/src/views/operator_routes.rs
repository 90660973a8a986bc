//! Which requests to an org's product read, for operators (R17).

use askama::Template;
use countersign_web::{
    chip::{Chip, Tone},
    layout::Page,
    messages::{Lang, Text},
    text::UserText,
};

use super::reads::ChangedRules;

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

    fn edit(&self, number: usize) -> String {
        format!("{}?edit={number}#rules", self.path())
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
    /// What saving them ends, which has to be confirmed.
    pub ends: Option<Ends>,
    /// What was set when the form was made, sent back as `seen`.
    pub seen: String,
}

impl RoutesForm {
    fn has_error(&self) -> bool {
        self.error.is_some() || self.added.iter().any(AddedRule::is_wrong)
    }
}

/// What saving ends.
#[derive(Clone, Debug)]
pub struct Ends {
    /// The numbers of the first few cases whose live access ends.
    pub cases: Vec<UserText>,
    /// How many there are.
    pub count: usize,
    /// What changes.
    pub change: ChangedRules,
    /// Sent back by whoever was shown all this and saves all the same.
    pub confirm: String,
}

impl Ends {
    fn said(&self, t: &Lang) -> Text {
        let shown = self.cases.len();
        let mut cases = self.cases.iter();
        let first = cases
            .next()
            .map_or_else(|| t.names_nobody(), |case| t.names_one(case));
        let all = cases.fold(first, |all, case| t.did_about_and(all, case));
        let all = match self.count.saturating_sub(shown) {
            0 => all,
            more => t.routes_ends_more(all, more),
        };
        t.routes_ends(all, self.count)
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
    /// The rule in one text, by which it is known again when its number has changed.
    pub text: String,
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
    /// Why the methods were refused.
    pub methods_error: Option<Text>,
    /// Why the path was refused.
    pub path_error: Option<Text>,
}

impl AddedRule {
    fn is_wrong(&self) -> bool {
        self.methods_error.is_some() || self.path_error.is_some()
    }
}

/// A request that somebody wonders about.
#[derive(Clone, Debug, Default)]
pub struct WonderedForm {
    /// The method as typed.
    pub method: String,
    /// Path and query as typed.
    pub path: String,
    /// The content type of its body as typed; empty where it has none.
    pub content_type: String,
    /// Other headers as typed.
    pub headers: String,
    /// Why the method cannot be one.
    pub method_error: Option<Text>,
    /// Why the path cannot be one.
    pub path_error: Option<Text>,
    /// Why the headers cannot be read.
    pub headers_error: Option<Text>,
    /// What would become of it.
    pub answer: Option<Answer>,
}

impl WonderedForm {
    pub(crate) fn is_wrong(&self) -> bool {
        self.method_error.is_some() || self.path_error.is_some() || self.headers_error.is_some()
    }
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
