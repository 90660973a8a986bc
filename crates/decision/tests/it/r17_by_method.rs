//! Without rules: by method, with everything that two parties could read differently refused.

use countersign_decision::Effect;

use crate::ask::effect;

#[test]
fn r17_only_get_head_and_options_are_reads() {
    for (method, expected) in [
        ("GET", Effect::Read),
        ("HEAD", Effect::Read),
        ("OPTIONS", Effect::Read),
        ("POST", Effect::Write),
        ("PUT", Effect::Write),
        ("PATCH", Effect::Write),
        ("DELETE", Effect::Write),
        ("QUERY", Effect::Write),
        ("get", Effect::Write),
        ("TRACE", Effect::Unknown),
        ("CONNECT", Effect::Unknown),
    ] {
        assert_eq!(
            effect(&format!("{method} /a?b=c"), &[]),
            expected,
            "{method}"
        );
    }
    assert_eq!(
        effect("GET /ws", &[("upgrade", "websocket")]),
        Effect::Unknown
    );
}

#[test]
fn r17_method_overrides_are_refused_in_header_and_query() {
    for header in [
        "x-http-method-override",
        "x-http-method",
        "x-http-verb-override",
        "x-method-override",
        "x-method",
        "x-original-method",
    ] {
        assert_eq!(effect("GET /", &[(header, "GET")]), Effect::Overridden);
    }
    for query in [
        "_method=delete",
        "a=b&_method=PUT",
        "_METHOD=x",
        "%5fmethod=x",
        "_%6Dethod=x",
        "a;_method=x",
        ".method=x",
        "+_method=x",
        "_method[]=x",
        "_method%00a=x",
        "_method",
    ] {
        assert_eq!(
            effect(&format!("GET /?{query}"), &[]),
            Effect::Overridden,
            "{query}"
        );
    }
    assert_eq!(effect("GET /?method=x&x_method=y", &[]), Effect::Read);
}

#[test]
fn r17_what_two_parties_could_read_differently_is_refused() {
    for path in [
        "/a/../b",
        "/a/%2e%2e/b",
        "/a/.%2E/b",
        "/a/./b",
        "//a",
        "/a//b",
        "/a;b=c",
        "/a%3bb",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a%3fb",
        "/a%23b",
        "/%20/a",
        "/..%20/a",
        "/a/%20..",
        "/.../a",
        "/%E3%80%80/a",
        "/a\\b",
        "/a%00",
        "/a%252e",
        "/a%zz",
        "/a%2",
        "/a%0ab",
        "/a%7f",
        "/a%ff",
        "/%c0%ae%c0%ae/a",
        "/a%c0%afb",
        "a",
        "/ä",
    ] {
        assert!(
            matches!(effect(&format!("GET {path}"), &[]), Effect::Ambiguous(_)),
            "{path}"
        );
    }
    for (name, value) in [
        ("x_user", "a"),
        ("x.user", "a"),
        ("x+user", "a"),
        ("content-length", "3"),
    ] {
        assert!(
            matches!(effect("GET /", &[(name, value)]), Effect::Ambiguous(_)),
            "{name}"
        );
    }
    assert!(matches!(
        effect("GET /", &[("cookie", "a=b"), ("cookie", "c=d")]),
        Effect::Ambiguous(_)
    ));
    for path in ["/", "/a/b.c/", "/a%20b", "/%C3%A4", "/a..b", "/~a/-/_"] {
        assert_eq!(effect(&format!("GET {path}"), &[]), Effect::Read, "{path}");
    }
}
