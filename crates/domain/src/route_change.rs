//! What is different about which requests read, from one upstream to the next (R17).

use std::collections::HashSet;

use crate::{Mode, Resource, RouteRule, Upstream};

/// How the mode and the rules have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesChange {
    /// What a request is now that no rule speaks of.
    pub mode: Mode,
    /// What it was before, where that is another; before anything was set, by method.
    pub mode_before: Option<Mode>,
    /// Rules that are new, in the order they were given.
    pub added: Vec<RouteRule>,
    /// Rules that are no more.
    pub removed: Vec<RouteRule>,
    /// How many rules are as they were.
    pub kept: usize,
    /// What access tokens past the gateway are for, where that is new.
    pub past: Option<Resource>,
    /// What they are for no more.
    pub no_longer_past: Option<Resource>,
}

impl RulesChange {
    /// From what was set before, if anything was, to what is set now.
    #[must_use]
    pub fn between(before: Option<&Upstream>, now: &Upstream) -> Self {
        let rules = |upstream: &Upstream| upstream.routes.as_slice().to_vec();
        let (had, has) = (before.map(rules).unwrap_or_default(), rules(now));
        let known: HashSet<&RouteRule> = had.iter().collect();
        let named: HashSet<&RouteRule> = has.iter().collect();
        let without = |all: &[RouteRule], others: &HashSet<&RouteRule>| -> Vec<RouteRule> {
            let mut all = all.to_vec();
            all.retain(|rule| !others.contains(rule));
            all
        };
        let resource = |upstream: &Upstream| upstream.resource.clone();
        let (was, is) = (before.and_then(resource), resource(now));
        let same = was == is;
        let added = without(&has, &known);
        Self {
            mode: now.mode,
            mode_before: Some(before.map_or(Mode::default(), |before| before.mode))
                .filter(|mode| *mode != now.mode),
            kept: has.len().saturating_sub(added.len()),
            removed: without(&had, &named),
            added,
            past: is.filter(|_| !same),
            no_longer_past: was.filter(|_| !same),
        }
    }
}
