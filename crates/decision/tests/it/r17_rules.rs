//! With rules: the most specific one says, and where none does, the mode.

use countersign_decision::{Effect, Reason, Rules};
use countersign_domain::Mode;

use crate::ask::{ask, rules};

/// What was said, and by which rule.
fn said(line: &str, rules: &Rules) -> (Effect, Option<usize>) {
    let classified = ask(line, &[], rules);
    let by = match classified.reason {
        Reason::Rule(named) => Some(named.number),
        _ => None,
    };
    (classified.effect, by)
}

#[track_caller]
fn holds(rules: &Rules, cases: &[(&str, Effect, Option<usize>)]) {
    for (line, effect, by) in cases {
        assert_eq!(said(line, rules), (*effect, *by), "{line}");
    }
}

#[test]
fn r17_where_reads_are_declared_everything_else_is_a_write() {
    let rules = rules(
        Mode::Declared,
        &[
            "read GET /invoices",
            "read POST /search",
            "read OPTIONS /cors",
        ],
    );
    holds(
        &rules,
        &[
            ("GET /invoices", Effect::Read, Some(1)),
            ("HEAD /invoices", Effect::Read, Some(1)),
            ("GET /invoices?page=2", Effect::Read, Some(1)),
            ("OPTIONS /invoices", Effect::Write, None),
            ("POST /invoices", Effect::Write, None),
            ("GET /invoices/", Effect::Write, None),
            ("GET /Invoices", Effect::Write, None),
            ("GET /invoices/1", Effect::Write, None),
            ("GET /", Effect::Write, None),
            ("HEAD /", Effect::Write, None),
            ("OPTIONS /", Effect::Write, None),
            ("POST /search", Effect::Read, Some(2)),
            ("GET /search", Effect::Write, None),
            ("HEAD /search", Effect::Write, None),
            ("post /search", Effect::Write, None),
            ("OPTIONS /cors", Effect::Read, Some(3)),
        ],
    );
    let none = Rules::new(Mode::Declared, &countersign_domain::Routes::default());
    assert_eq!(
        ask("GET /", &[], &none).reason,
        Reason::Mode(Mode::Declared)
    );
}

#[test]
fn r17_by_method_a_rule_narrows_and_widens() {
    let rules = rules(
        Mode::ByMethod,
        &[
            "write GET /logout",
            "read POST /search",
            "write * /admin/**",
        ],
    );
    holds(
        &rules,
        &[
            ("GET /logout", Effect::Write, Some(1)),
            ("HEAD /logout", Effect::Write, Some(1)),
            ("GET /log%6Fut", Effect::Write, Some(1)),
            ("GET /logout?now", Effect::Write, Some(1)),
            ("OPTIONS /logout", Effect::Read, None),
            ("GET /logout/all", Effect::Read, None),
            ("POST /search", Effect::Read, Some(2)),
            ("POST /other", Effect::Write, None),
            ("GET /admin", Effect::Write, Some(3)),
            ("GET /admin/", Effect::Write, Some(3)),
            ("OPTIONS /admin/a/b", Effect::Write, Some(3)),
            ("GET /administrators", Effect::Read, None),
        ],
    );
}

#[test]
fn r17_the_most_specific_rule_says() {
    let rules = rules(
        Mode::Declared,
        &[
            "read GET /**",
            "write GET /a/**",
            "read GET /a/{x}",
            "write GET /a/b",
            "read GET /a/{x}/c/**",
            "write GET /a/b/{y}",
            "write * /m",
            "read GET,POST /m",
            "read HEAD /a/b",
        ],
    );
    holds(
        &rules,
        &[
            ("GET /", Effect::Read, Some(1)),
            ("GET /x/y/z", Effect::Read, Some(1)),
            ("GET /a", Effect::Write, Some(2)),
            ("GET /a/", Effect::Write, Some(2)),
            ("GET /a/x", Effect::Read, Some(3)),
            ("GET /a/b", Effect::Write, Some(4)),
            ("HEAD /a/b", Effect::Read, Some(9)),
            ("HEAD /a/x", Effect::Read, Some(3)),
            ("GET /a/x/c", Effect::Read, Some(5)),
            ("GET /a/x/c/d", Effect::Read, Some(5)),
            ("GET /a/x/d", Effect::Write, Some(2)),
            // From the left: the literal b goes before the parameter, whatever follows.
            ("GET /a/b/c", Effect::Write, Some(6)),
            // Only where nothing below b matches is the parameter looked at.
            ("GET /a/b/c/d", Effect::Read, Some(5)),
            ("GET /m", Effect::Read, Some(8)),
            ("HEAD /m", Effect::Read, Some(8)),
            ("POST /m", Effect::Read, Some(8)),
            ("DELETE /m", Effect::Write, Some(7)),
        ],
    );
}

#[test]
fn r17_paths_are_compared_decoded_and_letter_case_counts() {
    let rules = rules(
        Mode::Declared,
        &[
            "read GET /Über uns/{x}",
            "read GET /a.b",
            "read GET /",
            "read GET /d/",
        ],
    );
    holds(
        &rules,
        &[
            ("GET /%C3%9cber%20uns/%41", Effect::Read, Some(1)),
            ("GET /%C3%BCber%20uns/a", Effect::Write, None),
            ("GET /%C3%9cber%20uns/", Effect::Write, None),
            ("GET /a%2Eb", Effect::Read, Some(2)),
            ("GET /A.b", Effect::Write, None),
            ("GET /", Effect::Read, Some(3)),
            ("GET /d/", Effect::Read, Some(4)),
            ("GET /d", Effect::Write, None),
        ],
    );
}

#[test]
fn r17_what_nearly_is_a_declared_write_is_no_read() {
    for mode in [Mode::ByMethod, Mode::Declared] {
        let rules = rules(
            mode,
            &[
                "read GET /**",
                "write GET /logout",
                "write * /users/{id}/Delete",
                "write GET /Straße/",
                "read GET /both",
                "write GET /BOTH",
            ],
        );
        for line in [
            "GET /logout/",
            "GET /Logout",
            "HEAD /LOGOUT",
            "GET /logout.",
            "GET /logout%20",
            "GET /%20logout",
            "GET /logout./",
            "GET /users/7/delete",
            "GET /users/7/DELETE/",
            "GET /Stra%C3%9Fe",
            "GET /STRASSE",
            "GET /Both",
        ] {
            let classified = ask(line, &[], &rules);
            assert!(
                matches!(classified.effect, Effect::Ambiguous(_))
                    && matches!(classified.reason, Reason::Near(_)),
                "{line}: {classified:?}"
            );
        }
        holds(
            &rules,
            &[
                ("GET /logouts", Effect::Read, Some(1)),
                ("GET /logout/x", Effect::Read, Some(1)),
                ("GET /users/7/delet", Effect::Read, Some(1)),
                // Told apart on purpose.
                ("GET /both", Effect::Read, Some(5)),
                ("GET /BOTH", Effect::Write, Some(6)),
            ],
        );
    }
}

#[test]
fn r17_no_rule_makes_a_read_of_what_nobody_can_judge() {
    let rules = rules(
        Mode::ByMethod,
        &["read GET,HEAD,OPTIONS,POST,PUT,DELETE /**"],
    );
    let length = ("content-length", "2");
    let json = ("content-type", "application/json");
    for (line, headers, expected) in [
        ("CONNECT /a", vec![], Effect::Unknown),
        ("TRACE /a", vec![], Effect::Unknown),
        ("GET /a", vec![("upgrade", "websocket")], Effect::Unknown),
        ("GET /a?_method=DELETE", vec![], Effect::Overridden),
        ("POST /a?_method=DELETE", vec![], Effect::Overridden),
        (
            "POST /a",
            vec![("x-http-method-override", "PUT")],
            Effect::Overridden,
        ),
        ("POST /a", vec![length], Effect::Unknown),
        (
            "POST /a",
            vec![length, ("content-type", "multipart/form-data; boundary=x")],
            Effect::Unknown,
        ),
        (
            "POST /a",
            vec![length, json, ("content-encoding", "gzip")],
            Effect::Unknown,
        ),
        ("PURGE /a", vec![], Effect::Write),
    ] {
        assert_eq!(
            ask(line, &headers, &rules).effect,
            expected,
            "{line} {headers:?}"
        );
    }
    for (line, headers) in [
        ("GET /a", vec![length]),
        ("HEAD /a", vec![length, json]),
        ("OPTIONS /a", vec![length]),
        ("POST /a/../b", vec![]),
        ("POST /a%2fb", vec![]),
        ("POST /a", vec![length, json, json]),
        ("POST /a", vec![length, ("content-type", "json")]),
        (
            "POST /a",
            vec![
                json,
                ("content-encoding", "gzip"),
                ("content-encoding", "identity"),
            ],
        ),
    ] {
        let effect = ask(line, &headers, &rules).effect;
        assert!(
            matches!(effect, Effect::Ambiguous(_)),
            "{line} {headers:?}: {effect:?}"
        );
    }
    for (line, headers) in [
        ("POST /a", vec![]),
        ("DELETE /a", vec![]),
        ("POST /a", vec![length, json]),
        (
            "POST /a",
            vec![length, json, ("content-encoding", "identity")],
        ),
        (
            "PUT /a",
            vec![length, ("content-type", "text/xml; charset=UTF-8")],
        ),
    ] {
        assert_eq!(
            ask(line, &headers, &rules).effect,
            Effect::Read,
            "{line} {headers:?}"
        );
    }
}

#[test]
fn r17_what_says_so_is_told_in_words() {
    let rules = rules(
        Mode::Declared,
        &["read POST,GET /api/search", "write * /admin/**"],
    );
    for (line, words) in [
        (
            "POST /api/search",
            "rule 1 (GET,POST /api/search) says that it is a read",
        ),
        (
            "GET /admin/x",
            "rule 2 (* /admin/**) says that it is a write",
        ),
        (
            "GET /x",
            "no rule matches, and where reads are declared everything else is a write",
        ),
        ("GET /a//b", "the path contains an empty segment"),
    ] {
        assert_eq!(ask(line, &[], &rules).reason.to_string(), words);
    }
}
