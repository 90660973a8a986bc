//! Whatever the text, and whatever the filter.

use countersign_filter::{Attribute, Comparison, Filter, Operator, Target, Value};
use proptest::{
    collection::vec,
    option,
    prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof},
    prop_assert, prop_assert_eq, proptest,
    sample::select,
    test_runner::TestCaseError,
};
use serde_json::Number;

/// Everything that the language is made of, in any order.
fn soup() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "(", ")", "[", "]", " ", "\"", "\\", "and", "or", "not", "pr", "eq", "co", "gt", "a",
        "urn:x:b", ".c", "é", "1", "-", "1e9", "1e999", "true", "null", "\"x\"", "\\u12", "\u{0}",
        "😀",
    ];
    vec(select(PARTS), 0..40).prop_map(|parts| parts.concat())
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let name = "[a-zA-Z][a-zA-Z0-9_-]{0,6}|\\$ref";
    // What begins a condition has to be no word of the language.
    let names = vec(name.prop_map(|name| format!("{name}x")), 1..4);
    let schema = option::of("urn:[a-z0-9:.]{0,8}[a-z]");
    (schema, names).prop_map(|(schema, names)| Attribute {
        schema,
        names,
        at: 0,
    })
}

fn comparison() -> impl Strategy<Value = Filter> {
    let text = any::<String>().prop_map(Value::Text);
    let number = prop_oneof![
        any::<i64>().prop_map(|number| Value::Number(number.into())),
        any::<u64>().prop_map(|number| Value::Number(number.into())),
        any::<i32>().prop_filter_map("a number", |eighths| {
            Number::from_f64(f64::from(eighths) / 8.0).map(Value::Number)
        }),
    ];
    let other = prop_oneof![any::<bool>().prop_map(Value::Bool), Just(Value::Null)];
    let value = prop_oneof![text, number, other];
    (attribute(), select(Operator::ALL.to_vec()), value).prop_filter_map(
        "a comparison that makes sense",
        |(attribute, operator, value)| {
            let fits = match value {
                Value::Text(_) => true,
                Value::Number(_) => !operator.is_about_text(),
                Value::Bool(_) | Value::Null => {
                    !operator.is_about_text() && !operator.is_about_order()
                }
            };
            fits.then_some(Filter::Compare(Comparison {
                attribute,
                operator,
                value,
                value_at: 0,
            }))
        },
    )
}

/// What stands in brackets if not `outermost`.
fn filter(outermost: bool) -> BoxedStrategy<Filter> {
    let leaf = prop_oneof![comparison(), attribute().prop_map(Filter::Present)].boxed();
    let leaf = match outermost {
        false => leaf,
        true => {
            let values = (attribute(), filter(false));
            let has = values.prop_map(|(attribute, value)| Filter::Has(attribute, Box::new(value)));
            prop_oneof![3 => leaf, 1 => has].boxed()
        }
    };
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Filter::Not(Box::new(inner))),
            vec(inner.clone(), 2..4).prop_map(Filter::And),
            vec(inner, 2..4).prop_map(Filter::Or),
        ]
    })
    .boxed()
}

/// The same without places.
fn nowhere(filter: Filter) -> Filter {
    let off = |attribute: Attribute| Attribute { at: 0, ..attribute };
    let all = |filters: Vec<Filter>| filters.into_iter().map(nowhere).collect();
    match filter {
        Filter::Present(attribute) => Filter::Present(off(attribute)),
        Filter::Compare(comparison) => Filter::Compare(Comparison {
            attribute: off(comparison.attribute),
            value_at: 0,
            ..comparison
        }),
        Filter::Has(attribute, value) => Filter::Has(off(attribute), Box::new(nowhere(*value))),
        Filter::Not(filter) => Filter::Not(Box::new(nowhere(*filter))),
        Filter::And(filters) => Filter::And(all(filters)),
        Filter::Or(filters) => Filter::Or(all(filters)),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_as_what_it_was(filter in filter(true)) {
        let written = filter.to_string();
        let read: Filter = written.parse().map_err(|error| {
            TestCaseError::fail(format!("{written}: {error}"))
        })?;
        prop_assert_eq!(nowhere(read), filter);
    }

    #[test]
    fn any_text_is_a_filter_or_is_wrong_somewhere_in_it(text in prop_oneof![soup(), any::<String>()]) {
        let length = text.chars().count();
        match text.parse::<Filter>() {
            Ok(filter) => {
                let again: Filter = filter.to_string().parse().expect("what was read can be read again");
                prop_assert_eq!(nowhere(again), nowhere(filter));
            }
            Err(error) => prop_assert!(error.at() <= length, "{}", error),
        }
        if let Err(error) = text.parse::<Target>() {
            prop_assert!(error.at() <= length, "{}", error);
        }
    }
}
