//! The values the rules are made of: ids, moments, and text from outside.

use countersign_domain::{
    CaseId, CaseNumber, Duration, Email, HeaderName, Label, OrgId, Origin, PersonName, Slug,
    StreamId, TextError, Timestamp, Title,
};

use crate::world::{ACME, C1, DANA, SAM};

#[test]
fn ids_are_prefixed_outside_and_of_one_kind() {
    let text = "case_0000000000000000000000000000001e";
    assert_eq!(C1.to_string(), text);
    assert_eq!(text.parse::<CaseId>(), Ok(C1));
    for bad in [
        "",
        "case_",
        "0000000000000000000000000000001e",
        "org_0000000000000000000000000000001e",
        "case_0000000000000000000000000000001",
        "case_0000000000000000000000000000001g",
        "case_00000000-0000-0000-0000-00000000001e",
        " case_0000000000000000000000000000001e",
    ] {
        let error = bad.parse::<CaseId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "not an identifier of the form case_…",
            "{bad:?}"
        );
    }
    assert!(text.parse::<OrgId>().is_err());
    for stream in [
        StreamId::Org(ACME),
        StreamId::Admin(DANA),
        StreamId::Agent(SAM),
        StreamId::Case(C1),
        StreamId::Operators,
    ] {
        assert_eq!(stream.to_string().parse::<StreamId>(), Ok(stream));
    }
    assert!(
        "sess_0000000000000000000000000000001e"
            .parse::<StreamId>()
            .is_err()
    );
}

#[test]
fn moments_saturate_at_the_end_of_time() {
    let end = Timestamp::from_millis(i64::MAX);
    let beginning = Timestamp::from_millis(i64::MIN);
    assert_eq!(end.plus(Duration::from_hours(24)), end);
    assert_eq!(end.since(beginning), Duration::from_millis(i64::MAX));
    assert_eq!(beginning.since(end), Duration::from_millis(i64::MIN));
    assert_eq!(
        Duration::from_hours(i64::MAX),
        Duration::from_millis(i64::MAX)
    );
    assert_eq!(Duration::from_hours(8).as_millis(), 28_800_000);
}

#[test]
fn texts_are_good_or_refused_with_what_is_wrong() {
    type Parse = fn(&str) -> Result<String, TextError>;
    macro_rules! parse {
        ($t:ty) => {
            (|text| <$t>::parse(text).map(|good| good.as_str().to_owned())) as Parse
        };
    }
    let long = |n: usize| "x".repeat(n);
    let (label63, label64, label65) = (long(63), long(64), long(65));
    let (title200, title201) = (long(200), long(201));
    let good: &[(&str, Parse, &str, &str)] = &[
        ("number", parse!(CaseNumber), " 00012345 ", "00012345"),
        ("number", parse!(CaseNumber), "CS-1_2.3", "CS-1_2.3"),
        ("title", parse!(Title), " Über allem ", "Über allem"),
        ("title", parse!(Title), &title200, &title200),
        ("name", parse!(PersonName), "Dana O'Neil", "Dana O'Neil"),
        ("slug", parse!(Slug), "acme-2", "acme-2"),
        ("label", parse!(Label), &label63, &label63),
        ("email", parse!(Email), "Dana@ACME.test", "dana@acme.test"),
        ("email", parse!(Email), "d+x@localhost", "d+x@localhost"),
        (
            "origin",
            parse!(Origin),
            "http://127.0.0.1:9000",
            "http://127.0.0.1:9000",
        ),
        ("origin", parse!(Origin), "HTTP://Host/", "http://host"),
        (
            "origin",
            parse!(Origin),
            "http://[::1]:80",
            "http://[::1]:80",
        ),
        ("origin", parse!(Origin), "http://[::1]", "http://[::1]"),
        (
            "origin",
            parse!(Origin),
            "HTTPS://App.Example.com:8443/",
            "https://app.example.com:8443",
        ),
        ("origin", parse!(Origin), "https://[::1]", "https://[::1]"),
        (
            "header",
            parse!(HeaderName),
            "X-Remote-User",
            "x-remote-user",
        ),
    ];
    for (what, parse, text, expected) in good {
        assert_eq!(parse(text).as_deref(), Ok(*expected), "{what} {text:?}");
    }
    let bad: &[(&str, Parse, &[&str])] = &[
        (
            "number",
            parse!(CaseNumber),
            &["", " ", "-1", "a b", "a/b", "é", &label65, "a\nb"],
        ),
        (
            "title",
            parse!(Title),
            &["", "\t", "a\nb", "a\u{0}b", &title201],
        ),
        ("name", parse!(PersonName), &["", "a\rb", &title200]),
        (
            "slug",
            parse!(Slug),
            &["", "Acme", "-a", "a-", "a_b", "a.b", &label64],
        ),
        ("label", parse!(Label), &["", "A", "a.b", &label64]),
        (
            "email",
            parse!(Email),
            &[
                "",
                "dana",
                "@x",
                "a@",
                "a@@b",
                "a b@c",
                "a@b..c",
                "a@-b",
                "<a@b>",
                "é@b.test",
                "a@b. test",
                "a@b.\ntest",
                "a@b\t.test",
            ],
        ),
        (
            "origin",
            parse!(Origin),
            &[
                "",
                "127.0.0.1",
                "https://",
                "https://host/path",
                "httpss://host",
                "ftp://host",
                "http://",
                "http://host/path",
                "http://user@host",
                "http://host:0",
                "http://host:65536",
                "http://host:",
                "http://ho st",
                "http://[::1",
                "http://host?x",
                "http://host#x",
            ],
        ),
        (
            "header",
            parse!(HeaderName),
            &[
                "",
                "x_user",
                "x user",
                "Host",
                "Cookie",
                "Connection",
                "Transfer-Encoding",
                "Countersign-Identity",
                "Proxy-Authorization",
                "x:y",
            ],
        ),
    ];
    for (what, parse, texts) in bad {
        for text in *texts {
            assert!(parse(text).is_err(), "{what} {text:?}");
        }
    }
}
