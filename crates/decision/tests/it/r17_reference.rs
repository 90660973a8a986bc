//! The compiled look-up against one that goes through all rules, over random rules and requests.

use countersign_decision::{Effect, Reason, Rules};
use countersign_domain::{Methods, Mode, RouteEffect, RoutePattern, RouteRule, Routes, Segment};
use proptest::prelude::*;

use crate::ask::ask;

/// How specific a rule is for a request; the least goes first. None when it does not match.
fn specificity(rule: &RouteRule, method: &str, path: &[&str]) -> Option<(Vec<u8>, u8)> {
    let names: Vec<&str> = rule.methods().names().collect();
    let by_method = if names.contains(&method) {
        0
    } else if method == "HEAD" && names.contains(&"GET") {
        1
    } else if names == ["*"] {
        2
    } else {
        return None;
    };
    let mut kinds = vec![];
    let mut path = path.iter();
    for segment in rule.path().segments() {
        match segment {
            Segment::Rest => {
                kinds.push(2);
                return Some((kinds, by_method));
            }
            Segment::Parameter => {
                path.next().filter(|text| !text.is_empty())?;
                kinds.push(1);
            }
            Segment::Literal(literal) => {
                path.next().filter(|text| **text == literal)?;
                kinds.push(0);
            }
        }
    }
    path.next().is_none().then_some((kinds, by_method))
}

fn reference(mode: Mode, rules: &[RouteRule], method: &str, target: &str) -> RouteEffect {
    let path: Vec<&str> = target[1..].split('/').collect();
    let best = rules
        .iter()
        .filter_map(|rule| Some((specificity(rule, method, &path)?, rule.effect())))
        .min_by_key(|(specificity, effect)| (specificity.clone(), *effect == RouteEffect::Read));
    match best {
        Some((_, effect)) => effect,
        None if mode == Mode::ByMethod && matches!(method, "GET" | "HEAD" | "OPTIONS") => {
            RouteEffect::Read
        }
        None => RouteEffect::Write,
    }
}

fn segment() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["a", "b", "A", "b.", "{x}", "{y}"])
}

fn pattern() -> impl Strategy<Value = String> {
    (
        prop::collection::vec(segment(), 0..4),
        prop::sample::select(vec!["", "/", "/**"]),
    )
        .prop_map(|(segments, end)| {
            let path: String = segments
                .iter()
                .map(|segment| format!("/{segment}"))
                .collect();
            match (path.as_str(), end) {
                ("", "") => "/".to_owned(),
                _ => path + end,
            }
        })
}

pub(crate) fn rule() -> impl Strategy<Value = RouteRule> {
    let methods = prop::sample::subsequence(vec!["GET", "HEAD", "OPTIONS", "POST"], 1..=3);
    (methods, any::<bool>(), pattern(), any::<bool>()).prop_map(|(methods, every, path, read)| {
        let path = RoutePattern::parse(&path).unwrap();
        let (methods, effect) = match (every, read) {
            (true, false) => (Methods::Any, RouteEffect::Write),
            (_, read) => {
                let effect = if read {
                    RouteEffect::Read
                } else {
                    RouteEffect::Write
                };
                (Methods::parse(methods).unwrap(), effect)
            }
        };
        RouteRule::new(methods, path, effect).unwrap()
    })
}

/// Rules without contradiction: one that contradicts an earlier one is left out.
pub(crate) fn routes() -> impl Strategy<Value = Routes> {
    prop::collection::vec(rule(), 0..12).prop_map(|candidates| {
        candidates
            .into_iter()
            .fold(Routes::default(), |routes, rule| {
                let mut more = routes.as_slice().to_vec();
                more.push(rule);
                Routes::new(more).unwrap_or(routes)
            })
    })
}

pub(crate) fn target() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(vec!["a", "b", "A", "B", "b.", "c"]);
    (prop::collection::vec(segment, 0..5), any::<bool>()).prop_map(|(segments, slash)| {
        let path: String = segments
            .iter()
            .map(|segment| format!("/{segment}"))
            .collect();
        if path.is_empty() || slash {
            path + "/"
        } else {
            path
        }
    })
}

pub(crate) fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(vec![Mode::ByMethod, Mode::Declared])
}

pub(crate) fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "HEAD", "OPTIONS", "POST", "DELETE", "get"])
}

/// The same path with every letter escaped.
fn percent_encoded(target: &str) -> String {
    target
        .bytes()
        .map(|byte| match byte {
            b'/' => "/".to_owned(),
            other => format!("%{other:02x}"),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A read here is a read there; only what is near a write is refused beyond the reference.
    #[test]
    fn r17_the_look_up_says_what_the_rules_say(
        mode in mode(), routes in routes(), method in method(), target in target(),
    ) {
        let rules = Rules::new(mode, &routes);
        let classified = ask(&format!("{method} {target}"), &[], &rules);
        let expected = reference(mode, routes.as_slice(), method, &target);
        match classified.effect {
            Effect::Ambiguous(_) => {
                prop_assert_eq!(expected, RouteEffect::Read);
                prop_assert!(matches!(classified.reason, Reason::Near(_)));
            }
            effect => prop_assert_eq!(effect, Effect::from(expected)),
        }
    }

    /// How a path is spelled makes no difference.
    #[test]
    fn r17_an_encoded_path_is_the_same_path(
        mode in mode(), routes in routes(), method in method(), target in target(),
    ) {
        let rules = Rules::new(mode, &routes);
        let plain = ask(&format!("{method} {target}"), &[], &rules);
        let encoded = ask(&format!("{method} {}", percent_encoded(&target)), &[], &rules);
        prop_assert_eq!(plain, encoded);
    }

    /// A server that overlooks letter case and a slash at the end meets no write that the rules know
    /// of, unless another rule speaks of that very spelling.
    #[test]
    fn r17_no_spelling_of_a_write_is_a_read_by_mode(
        routes in routes(), method in method(), target in target(),
    ) {
        let rules = Rules::new(Mode::ByMethod, &routes);
        let other = target.to_ascii_uppercase() + if target.ends_with('/') { "" } else { "/" };
        let path: Vec<&str> = target[1..].split('/').collect();
        let a_write = routes.as_slice().iter().any(|rule| {
            rule.effect() == RouteEffect::Write && specificity(rule, method, &path).is_some()
        });
        let there = ask(&format!("{method} {other}"), &[], &rules);
        if a_write && there.reason == Reason::Mode(Mode::ByMethod) {
            prop_assert_ne!(there.effect, Effect::Read);
        }
    }
}
