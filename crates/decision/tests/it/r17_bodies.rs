//! Bodies of requests that a rule makes reads.

use countersign_decision::{Effect, body_effect, needs_body};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn need(content_type: &str) -> Result<bool, Effect> {
    needs_body(Some(content_type.as_bytes()))
}

fn body(content_type: &str, body: impl AsRef<[u8]>) -> Result<(), Effect> {
    body_effect(Some(content_type.as_bytes()), body.as_ref())
}

#[test]
fn r17_the_type_says_whether_a_body_is_looked_into() {
    for looked_into in [
        FORM,
        "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
        JSON,
        "application/json; charset=\"utf-8\"",
        "text/json",
        "application/vnd.api+json",
        "application/json;odata=verbose",
    ] {
        assert_eq!(need(looked_into), Ok(true), "{looked_into}");
    }
    for flows in [
        "text/plain",
        "application/xml",
        "application/octet-stream",
        "application/x-ndjson",
    ] {
        assert_eq!(need(flows), Ok(false), "{flows}");
        assert_eq!(body(flows, b"\xff"), Ok(()));
    }
    assert_eq!(needs_body(None), Err(Effect::Unknown));
    for unknown in [
        "multipart/form-data; boundary=x",
        "multipart/mixed",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded; charset=ibm037",
    ] {
        assert_eq!(need(unknown), Err(Effect::Unknown), "{unknown}");
        assert_eq!(body(unknown, "{}"), Err(Effect::Unknown));
    }
    for unclear in [
        "",
        "json",
        "/",
        "text/",
        "text/plain, application/json",
        "text/plain/x",
        "application/json x",
        "application/json; charset",
        "application/json; charset=utf-8, text/plain",
        "application/json;",
        "application/json; a=\"b",
        "application/json; a b=c",
    ] {
        assert!(
            matches!(need(unclear), Err(Effect::Ambiguous(_))),
            "{unclear:?}"
        );
    }
    assert!(matches!(
        needs_body(Some(b"text/\xff")),
        Err(Effect::Ambiguous(_))
    ));
}

#[test]
fn r17_a_form_that_asks_for_another_method_is_overridden() {
    for form in [
        "_method=delete",
        "a=b&_METHOD=x",
        "%5fmethod=x",
        "a;_method",
        ".method[]=x",
        "+_method=x",
        "_method%00=x",
    ] {
        assert_eq!(body(FORM, form), Err(Effect::Overridden), "{form}");
    }
    for form in ["", "q=_method", "method=x", "a=b&a=c", "x_method=1"] {
        assert_eq!(body(FORM, form), Ok(()), "{form}");
    }
    assert!(matches!(body(FORM, b"a=\xff"), Err(Effect::Ambiguous(_))));
}

#[test]
fn r17_json_is_judged_key_by_key() {
    for json in [
        r#"{"_method":"delete"}"#,
        r#"{"a":1,"_METHOD":null}"#,
        r#"{"_\u006dethod":1}"#,
        r#"{" _method":1}"#,
    ] {
        assert_eq!(body(JSON, json), Err(Effect::Overridden), "{json}");
    }
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    for json in [
        r#"{"q":"_method","n":-1.5e3,"a":[null,true,{"_method":1}]}"#,
        r#"[{"a":1},{"a":2}]"#,
        "\"text\"",
        "18446744073709551616",
        " 7 ",
        &deep,
    ] {
        assert_eq!(body(JSON, json), Ok(()), "{json}");
    }
    let deeper = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for json in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":{"b":[{"c":1,"\u0063":2}]}}"#,
        r#"{"_method":1,"_method":2}"#,
        "",
        "{",
        "{}{}",
        "{'a':1}",
        r#"{"a":1,}"#,
        "// x\n{}",
        "\u{feff}{}",
        r#"{"a":"\ud800"}"#,
        "NaN",
        &deeper,
    ] {
        assert!(
            matches!(body(JSON, json), Err(Effect::Ambiguous(_))),
            "{json}"
        );
    }
    assert!(matches!(body(JSON, b"\"\xff\""), Err(Effect::Ambiguous(_))));
}
