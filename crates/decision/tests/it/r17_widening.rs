//! What [`widens`] calls no wider lets through nothing that was refused, as the classifier judges it.

use countersign_decision::{Effect, Rules};
use countersign_domain::{
    Methods, Mode, Origin, RouteEffect, RoutePattern, RouteRule, Routes, Upstream, widens,
};
use proptest::prelude::*;

use crate::{
    ask::ask,
    r17_reference::{method, mode, routes, rule, target},
};

fn upstream(mode: Mode, routes: Routes) -> Upstream {
    Upstream {
        mode,
        routes,
        ..Upstream::new(Origin::parse("http://127.0.0.1:9000").unwrap())
    }
}

/// Those that contradict none before them.
fn without_contradiction(rules: impl IntoIterator<Item = RouteRule>) -> Routes {
    rules.into_iter().fold(Routes::default(), |routes, rule| {
        let mut all = routes.as_slice().to_vec();
        all.push(rule);
        Routes::new(all).unwrap_or(routes)
    })
}

/// What becomes of a rule.
#[derive(Clone, Debug)]
enum Change {
    Stays,
    Goes,
    /// At its pattern, something else is said, or of other methods.
    Says(RouteRule),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => Just(Change::Stays),
        2 => Just(Change::Goes),
        2 => rule().prop_map(Change::Says),
    ]
}

/// Some of the rules, some that say something else, and a few more.
fn changed(routes: Routes) -> impl Strategy<Value = Routes> {
    let changes = prop::collection::vec(change(), routes.as_slice().len());
    let more = prop::collection::vec(rule(), 0..2);
    (changes, more).prop_map(move |(changes, more)| {
        let old = routes.as_slice().iter().zip(changes);
        let old = old.filter_map(|(rule, change)| match change {
            Change::Stays => Some(rule.clone()),
            Change::Goes => None,
            Change::Says(other) => {
                let methods = other.methods().clone();
                RouteRule::new(methods, rule.path().clone(), other.effect()).ok()
            }
        });
        without_contradiction(old.chain(more))
    })
}

fn two_sets() -> impl Strategy<Value = (Routes, Routes)> {
    routes().prop_flat_map(|had| (Just(had.clone()), changed(had)))
}

/// What would have a product take a request for one with another method: in a header, or in the query.
const OVERRIDES: [(&[(&str, &str)], &str); 6] = [
    (&[("x-http-method-override", "GET")], ""),
    (&[("x-http-method-override", "DELETE")], ""),
    (&[("x-method-override", "HEAD")], ""),
    (&[("x-http-method", "PUT")], ""),
    (&[], "?_method=DELETE"),
    (&[], "?page=2&_method=get"),
];

fn passes(rules: &Rules, method: &str, target: &str) -> bool {
    ask(&format!("{method} {target}"), &[], rules).effect == Effect::Read
}

/// Whether one passes that says two methods.
fn passes_overridden(rules: &Rules, method: &str, target: &str) -> bool {
    OVERRIDES.iter().any(|(headers, query)| {
        ask(&format!("{method} {target}{query}"), headers, rules).effect == Effect::Read
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn r17_whatever_passes_that_was_refused_was_called_wider(
        (mode_before, mode_now) in (mode(), mode()),
        (had, has) in two_sets(),
        requests in prop::collection::vec((method(), target()), 24),
    ) {
        let before = upstream(mode_before, had);
        let now = upstream(mode_now, has);
        if !widens(Some(&before), &now) {
            let compiled = |set: &Upstream| Rules::new(set.mode, &set.routes);
            let (before, now) = (compiled(&before), compiled(&now));
            for (method, target) in requests {
                prop_assert!(
                    passes(&before, method, &target) || !passes(&now, method, &target),
                    "{method} {target}"
                );
                // Whoever asks with another method than the one that is judged gets through by no rule.
                prop_assert!(!passes_overridden(&now, method, &target), "{method} {target}");
            }
        }
    }

    /// A customer who was told of no product was told that access is read-only.
    #[test]
    fn r17_a_first_upstream_that_is_not_wider_lets_only_safe_methods_through(
        mode in mode(), routes in routes(), method in method(), target in target(),
    ) {
        let now = upstream(mode, routes);
        let rules = Rules::new(now.mode, &now.routes);
        if !widens(None, &now) && passes(&rules, method, &target) {
            prop_assert!(matches!(method, "GET" | "HEAD" | "OPTIONS"));
        }
    }
}

/// Everything that can be said of one pattern: a read, a write or nothing of each method, and of all of them.
fn all_that_can_be_said(path: &str) -> Vec<Routes> {
    let said = [None, Some(RouteEffect::Read), Some(RouteEffect::Write)];
    let three = || {
        let two = said
            .into_iter()
            .flat_map(|get| said.map(|head| (get, head)));
        two.flat_map(|(get, head)| said.map(|post| [("GET", get), ("HEAD", head), ("POST", post)]))
    };
    let mut all = vec![];
    for every in [None, Some(RouteEffect::Write)] {
        for named in three() {
            let rules = named
                .into_iter()
                .map(|(name, effect)| (Methods::parse([name]).unwrap(), effect))
                .chain([(Methods::Any, every)])
                .filter_map(|(methods, effect)| {
                    let path = RoutePattern::parse(path).unwrap();
                    Some(RouteRule::new(methods, path, effect?).unwrap())
                });
            all.push(Routes::new(rules.collect()).unwrap());
        }
    }
    all
}

/// HEAD is judged by what is said of it, then of GET, then of every method; here no combination is left to chance.
#[test]
fn r17_nothing_that_can_be_said_of_one_pattern_lets_more_through_unnoticed() {
    const METHODS: [&str; 5] = ["GET", "HEAD", "OPTIONS", "POST", "DELETE"];
    let sets: Vec<_> = [Mode::ByMethod, Mode::Declared]
        .into_iter()
        .flat_map(|mode| {
            all_that_can_be_said("/a")
                .into_iter()
                .map(move |said| upstream(mode, said))
        })
        .map(|set| {
            let rules = Rules::new(set.mode, &set.routes);
            let passing = METHODS.map(|method| passes(&rules, method, "/a"));
            (set, passing)
        })
        .collect();
    let mut not_wider = 0;
    for (before, passed) in &sets {
        for (now, pass) in &sets {
            if widens(Some(before), now) {
                continue;
            }
            not_wider += 1;
            for ((method, passed), passes) in METHODS.iter().zip(passed).zip(pass) {
                assert!(*passed || !passes, "{method}: {before:?}, then {now:?}");
            }
        }
    }
    assert_eq!(sets.len(), 108);
    assert!(not_wider > sets.len(), "more than what stays as it is");
}
