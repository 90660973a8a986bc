//! Route rules as operators declare them (R17).

use countersign_domain::{
    Command, EndedWhy, Event, Methods, Mode, Org, RouteEffect, RouteError, RoutePattern, RouteRule,
    Routes, RulesChange, Segment, Upstream,
};
use serde_json::json;

use crate::world::{ACME, C1, OPERATOR, SAM, World, agent, start, upstream};

fn rule(methods: &str, path: &str, effect: RouteEffect) -> RouteRule {
    let methods = Methods::parse(methods.split(',')).unwrap();
    RouteRule::new(methods, RoutePattern::parse(path).unwrap(), effect).unwrap()
}

#[test]
fn r17_a_pattern_is_canonical_or_refused() {
    let long = format!("/{}", "x".repeat(499));
    let deep = "/a".repeat(32);
    for good in [
        "/",
        "/a",
        "/a/",
        "/a/b.c",
        "/a b",
        "/Ü/ö",
        "/a..b",
        "/{id}",
        "/a/{id}/b/{other.id}",
        "/**",
        "/a/**",
        "/a/{x}/**",
        "/~a/-/_:@!$&'()+,=",
        &long,
        &deep,
    ] {
        let pattern = RoutePattern::parse(good);
        assert_eq!(pattern.as_ref().map(RoutePattern::as_str), Ok(good));
    }
    let (longer, deeper) = (format!("{long}x"), "/a".repeat(33));
    for bad in [
        "",
        "a",
        "a/b",
        "//",
        "//a",
        "/a//b",
        "/a//",
        "/.",
        "/a/..",
        "/../a",
        "/a;b",
        "/a%2fb",
        "/a%20b",
        "/a\\b",
        "/a?b=c",
        "/a#b",
        "/a\nb",
        "/a\0",
        "/{}",
        "/{a",
        "/a}",
        "/{a b}",
        "/{id}.json",
        "/x{id}",
        "/{a}{b}",
        "/*",
        "/a*",
        "/**/a",
        "/a/***",
        "/a/**/",
        &longer,
        &deeper,
    ] {
        assert!(RoutePattern::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn r17_a_pattern_is_read_segment_by_segment() {
    let segments = |text: &str| -> Vec<String> {
        RoutePattern::parse(text)
            .unwrap()
            .segments()
            .map(|segment| match segment {
                Segment::Literal(text) => format!("={text}"),
                Segment::Parameter => "?".to_owned(),
                Segment::Rest => "*".to_owned(),
            })
            .collect()
    };
    assert_eq!(segments("/"), ["="]);
    assert_eq!(segments("/a/"), ["=a", "="]);
    assert_eq!(segments("/a/{id}/**"), ["=a", "?", "*"]);
    let shape = |text| RoutePattern::parse(text).unwrap().shape();
    assert_eq!(shape("/a/{id}"), shape("/a/{name}"));
    assert_ne!(shape("/a/{id}"), shape("/a/**"));
}

#[test]
fn r17_methods_are_named_in_upper_case_and_any_stands_alone() {
    let parse = |names: &[&str]| Methods::parse(names.iter().copied());
    assert_eq!(parse(&["*"]), Ok(Methods::Any));
    assert_eq!(
        parse(&["POST", "GET", "POST"]).unwrap().to_string(),
        "GET,POST"
    );
    assert!(parse(&["M-SEARCH", "VERSION-CONTROL"]).is_ok());
    assert_eq!(parse(&[]), Err(RouteError::NoMethod));
    assert_eq!(parse(&["*", "GET"]), Err(RouteError::AnyWithOthers));
    for bad in [
        "get", "", " GET", "GE T", "TRACE", "CONNECT", "GET,POST", "É",
    ] {
        assert!(
            matches!(parse(&["POST", bad]), Err(RouteError::Method(name, _)) if name == bad),
            "{bad:?}"
        );
    }
}

#[test]
fn r17_whatever_the_method_is_never_a_read() {
    let path = RoutePattern::parse("/a").unwrap();
    let any = |effect| RouteRule::new(Methods::Any, path.clone(), effect);
    assert_eq!(any(RouteEffect::Read), Err(RouteError::AnyIsNoRead));
    assert!(any(RouteEffect::Write).is_ok());
}

#[test]
fn r17_rules_that_contradict_each_other_are_refused() {
    let read = |methods, path| rule(methods, path, RouteEffect::Read);
    let write = |methods, path| rule(methods, path, RouteEffect::Write);
    let contradiction = |first, second| Err(RouteError::Contradiction { first, second });
    assert_eq!(
        Routes::new(vec![
            read("GET,POST", "/a/{id}"),
            read("GET", "/b"),
            write("POST,PUT", "/a/{other}"),
        ]),
        contradiction(1, 3)
    );
    for good in [
        vec![read("GET", "/a"), write("POST", "/a")],
        vec![read("GET", "/a"), write("*", "/a")],
        vec![read("GET", "/a"), write("HEAD", "/a")],
        vec![read("GET", "/a"), write("GET", "/{x}"), write("GET", "/**")],
        vec![read("GET", "/a"), write("GET", "/A")],
        vec![read("GET", "/a"), write("GET", "/a/")],
        vec![read("GET", "/a"), read("GET,POST", "/a")],
    ] {
        assert!(Routes::new(good.clone()).is_ok(), "{good:?}");
    }
    let many = |n: usize| {
        (0..n)
            .map(|i| rule("GET", &format!("/{i}"), RouteEffect::Read))
            .collect()
    };
    assert!(Routes::new(many(1_000)).is_ok());
    assert_eq!(Routes::new(many(1_001)), Err(RouteError::TooMany));
}

#[test]
fn r17_what_was_stored_before_there_were_rules_loads_and_reads_by_method() {
    let old = json!({
        "origin": "http://127.0.0.1:9000", "user_header": "x-remote-user", "org_header": null,
    });
    let loaded: Upstream = serde_json::from_value(old.clone()).unwrap();
    assert_eq!(loaded.mode, Mode::ByMethod);
    assert!(loaded.routes.is_empty());
    assert_eq!(
        serde_json::to_value(&loaded).unwrap(),
        old,
        "and stands as it stood"
    );

    let event = json!({"type": "upstream_set", "org": ACME, "upstream": old});
    assert!(matches!(
        serde_json::from_value(event).unwrap(),
        Event::UpstreamSet { upstream, .. } if upstream == loaded
    ));
    let org = json!({
        "id": ACME, "slug": "acme", "name": "Acme Inc", "block": null, "upstream": old,
        "settings": {
            "default_duration": 28_800_000, "extension": true,
            "approvers": "super_admins_and_opener", "pin_team": false, "self_openers_only": false,
        },
    });
    let org: Org = serde_json::from_value(org).unwrap();
    assert_eq!(org.upstream, Some(loaded));
}

#[test]
fn r17_rules_are_stored_as_given_and_judged_again_when_loaded() {
    let given = Upstream {
        mode: Mode::Declared,
        routes: Routes::new(vec![
            rule("POST,GET", "/search", RouteEffect::Read),
            rule("*", "/admin/**", RouteEffect::Write),
        ])
        .unwrap(),
        ..upstream("http://127.0.0.1:9000")
    };
    let stored = json!({
        "origin": "http://127.0.0.1:9000", "user_header": null, "org_header": null,
        "mode": "declared",
        "routes": [
            {"methods": ["GET", "POST"], "path": "/search", "effect": "read"},
            {"methods": ["*"], "path": "/admin/**", "effect": "write"},
        ],
    });
    assert_eq!(serde_json::to_value(&given).unwrap(), stored);
    assert_eq!(serde_json::from_value::<Upstream>(stored).unwrap(), given);
    for bad in [
        json!([{"methods": ["*"], "path": "/a", "effect": "read"}]),
        json!([{"methods": [], "path": "/a", "effect": "read"}]),
        json!([{"methods": ["GET"], "path": "a", "effect": "read"}]),
        json!([{"methods": ["GET"], "path": "/a", "effect": "maybe"}]),
        json!([{"methods": ["GET"], "path": "/a", "effect": "read", "x": 1}]),
        json!([
            {"methods": ["GET"], "path": "/{a}", "effect": "read"},
            {"methods": ["GET"], "path": "/{b}", "effect": "write"},
        ]),
    ] {
        assert!(
            serde_json::from_value::<Routes>(bad.clone()).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn r17_changed_rules_end_what_runs_and_equal_ones_change_nothing() {
    let set = |upstream| Command::SetUpstream {
        org: ACME,
        upstream,
    };
    let present = upstream("http://127.0.0.1:9000");
    for changed in [
        Upstream {
            mode: Mode::Declared,
            ..present.clone()
        },
        Upstream {
            routes: Routes::new(vec![rule("GET", "/logout", RouteEffect::Write)]).unwrap(),
            ..present.clone()
        },
    ] {
        let mut w = World::granted();
        w.ok(agent(SAM), start(C1, 1));
        w.changes_nothing([(OPERATOR, set(present.clone()))]);
        let events = w.would(OPERATOR, set(changed.clone())).unwrap();
        assert!(
            matches!(
                events.as_slice(),
                [
                    Event::SessionEnded { why: EndedWhy::UpstreamChanged, .. },
                    Event::UpstreamSet { upstream, .. },
                ] if *upstream == changed
            ),
            "{events:?}"
        );
        assert!(events.iter().any(Event::takes_away));
        w.ok(OPERATOR, set(changed.clone()));
        w.changes_nothing([(OPERATOR, set(changed))]);
    }
}

#[test]
fn r17_what_could_change_something_and_is_declared_a_read_is_counted_by_method_and_pattern() {
    let rules = vec![
        rule("GET,POST,PUT", "/search", RouteEffect::Read),
        rule("HEAD,OPTIONS", "/lists/{id}", RouteEffect::Read),
        rule("DELETE", "/drafts/{id}", RouteEffect::Read),
        rule("PATCH", "/users/**", RouteEffect::Write),
        rule("*", "/logout", RouteEffect::Write),
    ];
    let named: Vec<_> = rules
        .iter()
        .flat_map(RouteRule::declared_harmless)
        .collect();
    assert_eq!(named, ["POST", "PUT", "DELETE"]);
    assert_eq!(Routes::new(rules).unwrap().declared_harmless(), 3);
    assert_eq!(Routes::default().declared_harmless(), 0);
}

#[test]
fn r17_a_change_of_rules_is_what_is_new_and_what_is_no_more() {
    let set = |mode, rules| Upstream {
        mode,
        routes: Routes::new(rules).unwrap(),
        ..upstream("http://127.0.0.1:9000")
    };
    let search = rule("POST", "/search", RouteEffect::Read);
    let logout = rule("GET", "/logout", RouteEffect::Write);
    let lists = rule("GET", "/lists", RouteEffect::Read);
    let first = set(Mode::ByMethod, vec![logout.clone(), lists.clone()]);
    let second = set(Mode::Declared, vec![lists.clone(), search.clone()]);
    let change = RulesChange::between(Some(&first), &second);
    assert_eq!(
        change,
        RulesChange {
            mode: Mode::Declared,
            mode_before: Some(Mode::ByMethod),
            added: vec![search],
            removed: vec![logout.clone()],
            kept: 1,
            past: None,
            no_longer_past: None,
        }
    );
    // The same path and methods with another effect is another rule.
    let turned = set(
        Mode::ByMethod,
        vec![rule("GET", "/lists", RouteEffect::Write)],
    );
    let change = RulesChange::between(Some(&first), &turned);
    assert_eq!(
        (change.added.len(), change.removed),
        (1, vec![logout, lists])
    );
    let change = RulesChange::between(None, &first);
    assert_eq!(
        (change.mode_before, change.added.len(), change.kept),
        (None, 2, 0)
    );
}
