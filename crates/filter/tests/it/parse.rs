//! What filters say, and what is wrong with those that say nothing.

use countersign_filter::{Attribute, DEEPEST, Filter, LONGEST, SyntaxError, Target, Term, Value};

/// How the filter is understood, with every parenthesis that it could have.
fn understood(text: &str) -> String {
    match text.parse() {
        Ok(filter) => spelt(&filter),
        Err(error) => panic!("{text}: {error}"),
    }
}

fn spelt(filter: &Filter) -> String {
    let joined = |filters: &[Filter], by: &str| {
        let all: Vec<String> = filters.iter().map(spelt).collect();
        format!("({})", all.join(by))
    };
    match filter {
        Filter::Present(_) | Filter::Compare(_) => filter.to_string(),
        Filter::Has(attribute, value) => format!("{attribute}[{}]", spelt(value)),
        Filter::Not(filter) => format!("!{}", spelt(filter)),
        Filter::And(filters) => joined(filters, " & "),
        Filter::Or(filters) => joined(filters, " | "),
    }
}

#[test]
fn examples_of_the_rfc_are_understood() {
    for (text, understood_as) in [
        (r#"userName eq "bjensen""#, r#"userName eq "bjensen""#),
        (
            r#"name.familyName co "O'Malley""#,
            r#"name.familyName co "O'Malley""#,
        ),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
        ),
        ("title pr", "title pr"),
        (
            r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
            r#"meta.lastModified ge "2011-05-13T04:42:34Z""#,
        ),
        (
            r#"title pr or userType eq "Intern""#,
            r#"(title pr | userType eq "Intern")"#,
        ),
        (
            r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
            r#"schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User""#,
        ),
        (
            r#"userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")"#,
            r#"(userType eq "Employee" & (emails co "example.com" | emails.value co "example.org"))"#,
        ),
        (
            r#"userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")"#,
            r#"(userType ne "Employee" & !(emails co "example.com" | emails.value co "example.org"))"#,
        ),
        (
            r#"userType eq "Employee" and emails[type eq "work" and value co "@example.com"]"#,
            r#"(userType eq "Employee" & emails[(type eq "work" & value co "@example.com")])"#,
        ),
        (
            r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]"#,
            r#"(emails[(type eq "work" & value co "@example.com")] | ims[(type eq "xmpp" & value co "@foo.com")])"#,
        ),
    ] {
        assert_eq!(understood(text), understood_as);
    }
}

#[test]
fn not_binds_closer_than_and_and_that_closer_than_or() {
    for (text, understood_as) in [
        ("a pr or b pr and c pr", "(a pr | (b pr & c pr))"),
        ("a pr and b pr or c pr", "((a pr & b pr) | c pr)"),
        ("(a pr or b pr) and c pr", "((a pr | b pr) & c pr)"),
        ("not (a pr) and b pr", "(!a pr & b pr)"),
        (
            "a pr or not (b pr) and c pr or d pr",
            "(a pr | (!b pr & c pr) | d pr)",
        ),
        ("a pr and b pr and c pr", "(a pr & b pr & c pr)"),
        ("((a pr))", "a pr"),
    ] {
        assert_eq!(understood(text), understood_as, "{text}");
    }
}

#[test]
fn case_and_blanks_do_not_matter_and_literals_are_those_of_json() {
    for (text, understood_as) in [
        (
            "A EQ 1 And NOT(b Pr)OR c  \t Lt -2.5e3",
            "((A eq 1 & !b pr) | c lt -2500.0)",
        ),
        (r#" a eq"x"and b pr "#, r#"(a eq "x" & b pr)"#),
        (
            "a eq true or a ne false or a eq null",
            "(a eq true | a ne false | a eq null)",
        ),
        (
            r#"a eq "\"\\\/\u00e9\ud83d\ude00\n""#,
            r#"a eq "\"\\/é😀\n""#,
        ),
        (r#"a eq "(b pr) and ]""#, r#"a eq "(b pr) and ]""#),
        ("members.$ref pr", "members.$ref pr"),
        ("a.b-c.d_e.F9 pr", "a.b-c.d_e.F9 pr"),
    ] {
        assert_eq!(understood(text), understood_as, "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, said) in [
        (
            "",
            r#"at character 1: expected an attribute, "not" or "(", and found the end"#,
        ),
        (
            "userName",
            "at character 9: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr), and found the end",
        ),
        (
            r#"userName equals "x""#,
            r#"at character 10: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr), and found "equals \"x\"""#,
        ),
        (
            "userName eq",
            "at character 12: expected a value: text in double quotes, a number, true, false or null, and found the end",
        ),
        (
            "userName eq bjensen",
            r#"at character 13: expected a value: text in double quotes, a number, true, false or null, and found "bjensen""#,
        ),
        (
            "userName eq 'bjensen'",
            r#"at character 13: expected a value: text in double quotes, a number, true, false or null, and found "'bjensen'""#,
        ),
        (
            "active eq TRUE",
            r#"at character 11: expected a value: text in double quotes, a number, true, false or null, and found "TRUE""#,
        ),
        (
            "a eq 1.",
            r#"at character 6: expected a value: text in double quotes, a number, true, false or null, and found "1.""#,
        ),
        (
            "a co 1",
            r#"at character 6: expected text in double quotes, as co, sw and ew need, and found "1""#,
        ),
        (
            "a gt true",
            r#"at character 6: expected text in double quotes or a number, as gt, ge, lt and le need, and found "true""#,
        ),
        (
            r#"é eq "x""#,
            r#"at character 1: expected an attribute, "not" or "(", and found "é eq \"x\"""#,
        ),
        (
            r#"a eq "é" und b pr"#,
            r#"at character 10: expected "and", "or" or the end, and found "und b pr""#,
        ),
        (
            r#"a eq "x"#,
            "at character 8: expected the double quote at the end of the text, and found the end",
        ),
        (
            "a eq \"x\ny\"",
            r#"at character 8: expected the double quote at the end of the text, and found "\ny\"""#,
        ),
        (
            r#"a eq "\x""#,
            r#"at character 7: expected an escape of JSON's behind the backslash, and found "\\x\"""#,
        ),
        (
            r#"a eq "\ud800""#,
            r#"at character 6: expected an escape of JSON's behind the backslash, and found "\"\\ud800\"""#,
        ),
        (
            "(a pr",
            r#"at character 6: expected "and", "or" or ")", and found the end"#,
        ),
        (
            "a pr)",
            r#"at character 5: expected "and", "or" or the end, and found ")""#,
        ),
        (
            "(a pr]",
            r#"at character 6: expected "and", "or" or ")", and found "]""#,
        ),
        (
            "a pr and",
            r#"at character 9: expected an attribute, "not" or "(", and found the end"#,
        ),
        (
            "a pr and and b pr",
            r#"at character 10: expected an attribute, "not" or "(", and found "and b pr""#,
        ),
        (
            "not a pr",
            r#"at character 5: expected "(" behind "not", and found "a pr""#,
        ),
        (
            "()",
            r#"at character 2: expected an attribute, "not" or "(", and found ")""#,
        ),
        (
            "a..b pr",
            r#"at character 3: expected a name, which begins with a letter, and found ".b pr""#,
        ),
        (
            "a.1b pr",
            r#"at character 3: expected a name, which begins with a letter, and found "1b pr""#,
        ),
        (
            "urn:x: pr",
            r#"at character 7: expected a name, which begins with a letter, and found " pr""#,
        ),
        (
            ":a pr",
            r#"at character 1: expected an attribute, "not" or "(", and found ":a pr""#,
        ),
        (
            r#"emails[type eq "work""#,
            r#"at character 22: expected "and", "or" or "]", and found the end"#,
        ),
        (
            "emails[a[b pr]]",
            r#"at character 9: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr), and found "[b pr]]""#,
        ),
        (
            r#"emails[type eq "work"].value pr"#,
            r#"at character 23: expected "and", "or" or the end, and found ".value pr""#,
        ),
    ] {
        let error: SyntaxError = text.parse::<Filter>().expect_err(text);
        assert_eq!(error.to_string(), said, "{text}");
    }
}

#[test]
fn there_is_an_end_to_length_and_depth() {
    let nested = |depth: usize| format!("{}a pr{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(understood(&nested(DEEPEST)), "a pr");
    let at = DEEPEST;
    assert_eq!(
        nested(DEEPEST + 1).parse::<Filter>(),
        Err(SyntaxError::TooDeep { at })
    );
    assert_eq!(
        nested(2_000).parse::<Filter>(),
        Err(SyntaxError::TooDeep { at })
    );

    let long = |length: usize| format!("a eq \"{}\"", "é".repeat(length - 7));
    assert!(long(LONGEST).parse::<Filter>().is_ok());
    let length = LONGEST + 1;
    assert_eq!(
        long(length).parse::<Filter>(),
        Err(SyntaxError::TooLong { length })
    );

    let chain = vec!["a pr"; 500].join(" or ");
    assert!(chain.parse::<Filter>().is_ok());
}

#[test]
fn a_patch_names_an_attribute_or_values_of_it() {
    for text in [
        "members",
        "name.familyName",
        r#"addresses[type eq "work"]"#,
        r#"members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName"#,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
    ] {
        let target: Target = text
            .parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(target.to_string(), text);
    }
    for (text, said) in [
        (
            "",
            "at character 1: expected an attribute, and found the end",
        ),
        ("a b", r#"at character 3: expected the end, and found "b""#),
        (
            "a[b pr].",
            r#"at character 9: expected a name, which begins with a letter, and found the end"#,
        ),
        (
            "a[b pr].c.d",
            r#"at character 9: expected a name, which begins with a letter, and found "c.d""#,
        ),
        (
            "a[b pr",
            r#"at character 7: expected "and", "or" or "]", and found the end"#,
        ),
    ] {
        let error = text.parse::<Target>().expect_err(text);
        assert_eq!(error.to_string(), said, "{text}");
    }
}

#[test]
fn parts_know_their_place_and_attributes_their_names() {
    let text = r#"x eq "é" and Actor.alternateId  eq 7"#;
    let filter: Filter = text.parse().expect("a filter");
    let terms = filter.terms();
    let [_, Term::Compare(second)] = terms.as_slice() else {
        panic!("{terms:?}");
    };
    assert_eq!((second.attribute.at, second.value_at), (13, 35));
    assert_eq!(second.value, Value::Number(7.into()));
    let is = |dotted: &str| second.attribute.is(dotted);
    assert!(is("actor.alternateid"));
    assert!(!is("actor") && !is("actor.alternateId.x") && !is("alternateId"));
    let attribute = |names: &[&str]| Attribute {
        schema: None,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        at: 0,
    };
    assert!(attribute(&["emails", "value"]).is("emails.value"));
}

#[test]
fn a_filter_holds_as_its_terms_do() {
    for (text, held) in [
        ("yes pr", true),
        ("no pr", false),
        ("not (no pr)", true),
        ("yes pr and no pr", false),
        ("no pr or yes pr", true),
        ("yes pr or broken pr", true),
        ("no pr and broken pr", false),
        ("no pr or yes pr and not (no pr or no pr)", true),
    ] {
        let filter: Filter = text.parse().expect("a filter");
        let answer = filter.holds(&mut |term| match term {
            Term::Present(attribute) if attribute.is("yes") => Ok(true),
            Term::Present(attribute) if attribute.is("no") => Ok(false),
            _ => Err(()),
        });
        assert_eq!(answer, Ok(held), "{text}");
    }
    let filter: Filter = "yes pr and broken pr".parse().expect("a filter");
    assert_eq!(
        filter.holds(&mut |term| match term {
            Term::Present(attribute) if attribute.is("yes") => Ok(true),
            _ => Err("broken"),
        }),
        Err("broken")
    );
}
