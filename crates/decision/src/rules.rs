//! Route rules as the gateway looks them up: compiled once, when the view folds the upstream.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use countersign_domain::{Methods, Mode, RouteEffect, RouteRule, Routes, Segment};

use crate::{RuleRef, path};

/// The mode and rules of an upstream, ready to be looked up in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    mode: Mode,
    rules: Vec<Arc<RouteRule>>,
    exact: Branch,
    /// The rules for writes as careless servers would read them; none when there are none.
    careless_writes: Option<Branch>,
}

impl Rules {
    /// Compiles.
    #[must_use]
    pub fn new(mode: Mode, routes: &Routes) -> Self {
        let rules: Vec<_> = routes.as_slice().iter().cloned().map(Arc::new).collect();
        let mut exact = Branch::default();
        let mut careless_writes = None;
        for (index, rule) in rules.iter().enumerate() {
            exact.add(&steps(rule), index, rule);
            if rule.effect() == RouteEffect::Write {
                careless_writes.get_or_insert_with(Branch::default).add(
                    &carelessly(rule),
                    index,
                    rule,
                );
            }
        }
        Self {
            mode,
            rules,
            exact,
            careless_writes,
        }
    }

    /// What a request is that no rule speaks of.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The most specific of the rules that match: from the left, a literal goes before a parameter
    /// and a parameter before the rest; at the same path, the method itself goes before GET for a
    /// HEAD, and that before whatever the method; a write goes before a read.
    pub(crate) fn matching(&self, method: &str, path: &[Cow<'_, str>]) -> Option<RuleRef> {
        let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        self.exact
            .find(method, &path)
            .and_then(|said| self.rule(said.index))
    }

    /// The rule for writes that a careless server could apply instead of what made it a read: the
    /// mode, or a rule that is less specific than the one for writes. Of rules for one careless
    /// path, the operator has told apart what is which.
    pub(crate) fn near_write(
        &self,
        method: &str,
        path: &[Cow<'_, str>],
        read_by: Option<&RuleRef>,
    ) -> Option<RuleRef> {
        let writes = self.careless_writes.as_ref()?;
        let folded = path::folded(path.iter().map(AsRef::as_ref));
        let path: Vec<&str> = folded.iter().map(String::as_str).collect();
        let near = self.rule(writes.find(method, &path)?.index)?;
        let kinds = |named: &RuleRef| -> Vec<u8> {
            carelessly(&named.rule).iter().map(Step::kind).collect()
        };
        let stands = read_by.is_some_and(|read| kinds(read) <= kinds(&near));
        (!stands).then_some(near)
    }

    fn rule(&self, index: usize) -> Option<RuleRef> {
        self.rules.get(index).map(|rule| RuleRef {
            number: index + 1,
            rule: Arc::clone(rule),
        })
    }
}

/// A segment that owns what it says, so that folded ones can be told like the others.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Literal(String),
    Parameter,
    Rest,
}

impl Step {
    /// The less, the more specific.
    fn kind(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::Parameter => 1,
            Self::Rest => 2,
        }
    }
}

fn steps(rule: &RouteRule) -> Vec<Step> {
    let owned = |segment| match segment {
        Segment::Literal(text) => Step::Literal(str::to_owned(text)),
        Segment::Parameter => Step::Parameter,
        Segment::Rest => Step::Rest,
    };
    rule.path().segments().map(owned).collect()
}

fn carelessly(rule: &RouteRule) -> Vec<Step> {
    let mut steps = steps(rule);
    for step in &mut steps {
        if let Step::Literal(text) = step {
            *text = path::fold(text);
        }
    }
    while matches!(steps.last(), Some(Step::Literal(text)) if text.is_empty()) {
        steps.pop();
    }
    steps
}

/// Rules by the segments of their paths. A look-up goes through each branch at most once, and
/// through few of them: where literals decide, only through as many as the path has segments.
#[derive(Clone, Debug, Default, PartialEq)]
struct Branch {
    literals: BTreeMap<String, Branch>,
    parameter: Option<Box<Branch>>,
    /// Rules whose pattern ends here.
    here: Said,
    /// Rules whose pattern ends here with `**`.
    rest: Said,
}

impl Branch {
    fn add(&mut self, steps: &[Step], index: usize, rule: &RouteRule) {
        let Some((first, rest)) = steps.split_first() else {
            return self.here.add(index, rule);
        };
        match first {
            Step::Rest => self.rest.add(index, rule),
            Step::Parameter => self
                .parameter
                .get_or_insert_default()
                .add(rest, index, rule),
            Step::Literal(text) => self
                .literals
                .entry(text.clone())
                .or_default()
                .add(rest, index, rule),
        }
    }

    fn find(&self, method: &str, path: &[&str]) -> Option<Entry> {
        let further = match path.split_first() {
            None => self.here.of(method),
            Some((first, rest)) => self
                .literals
                .get(*first)
                .and_then(|branch| branch.find(method, rest))
                .or_else(|| {
                    let parameter = self.parameter.as_ref().filter(|_| !first.is_empty())?;
                    parameter.find(method, rest)
                }),
        };
        further.or_else(|| self.rest.of(method))
    }
}

/// What rules of one pattern say, by method.
#[derive(Clone, Debug, Default, PartialEq)]
struct Said(BTreeMap<String, Entry>);

#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    index: usize,
    effect: RouteEffect,
}

impl Said {
    fn add(&mut self, index: usize, rule: &RouteRule) {
        let effect = rule.effect();
        for method in rule.methods().names() {
            let said = self
                .0
                .entry(method.to_owned())
                .or_insert(Entry { index, effect });
            if said.effect == RouteEffect::Read && effect == RouteEffect::Write {
                *said = Entry { index, effect };
            }
        }
    }

    fn of(&self, method: &str) -> Option<Entry> {
        let get_for_head = (method == "HEAD").then_some("GET");
        [Some(method), get_for_head, Some(Methods::ANY)]
            .into_iter()
            .flatten()
            .find_map(|method| self.0.get(method))
            .copied()
    }
}
