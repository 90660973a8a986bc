//! What [`widens`] calls no wider lets through nothing that was refused, as the classifier judges it.

use countersign_decision::{Effect, Rules};
use countersign_domain::{Mode, Origin, Routes, Upstream, widens};
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

/// Some of the rules, and a few more.
fn changed(routes: Routes) -> impl Strategy<Value = Routes> {
    let count = routes.as_slice().len();
    let kept = prop::collection::vec(prop::bool::weighted(0.8), count);
    let more = prop::collection::vec(rule(), 0..2);
    (kept, more).prop_map(move |(kept, more)| {
        let old = routes.as_slice().iter().zip(kept);
        let old = old.filter(|(_, kept)| *kept).map(|(rule, _)| rule.clone());
        old.chain(more).fold(Routes::default(), |routes, rule| {
            let mut all = routes.as_slice().to_vec();
            all.push(rule);
            Routes::new(all).unwrap_or(routes)
        })
    })
}

fn two_sets() -> impl Strategy<Value = (Routes, Routes)> {
    routes().prop_flat_map(|had| (Just(had.clone()), changed(had)))
}

fn passes(rules: &Rules, method: &str, target: &str) -> bool {
    ask(&format!("{method} {target}"), &[], rules).effect == Effect::Read
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
