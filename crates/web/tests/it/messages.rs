//! Every language says everything, and nothing is said to nobody.

use std::collections::{BTreeMap, BTreeSet};

use countersign_web::messages::TAGS;

use crate::reading::{LANGUAGES, Message, in_every_crate, messages, parsed};

/// What one language has otherwise than the other.
fn differences(
    first: &BTreeMap<String, Message>,
    other: &BTreeMap<String, Message>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (name, message) in first {
        match other.get(name) {
            None => found.push(format!("{name} is missing")),
            // A language may choose by a number that another does not need to look at.
            Some(theirs) if shown(message, theirs) != shown(theirs, message) => {
                found.push(format!(
                    "{name} shows {:?}, not {:?}",
                    theirs.shown, message.shown
                ));
            }
            Some(_) => {}
        }
    }
    let more = other.keys().filter(|name| !first.contains_key(*name));
    found.extend(more.map(|name| format!("{name} is in no other language")));
    found
}

/// A number that a plural is chosen by, in one language or the other, need not be written out in
/// each of its forms.
fn shown<'a>(message: &'a Message, other: &Message) -> BTreeSet<&'a String> {
    let chosen = |name: &String| message.chosen_by.contains(name) || other.chosen_by.contains(name);
    message.shown.iter().filter(|name| !chosen(name)).collect()
}

#[test]
fn every_language_has_every_message_with_the_same_variables() {
    let english = messages("en");
    for language in LANGUAGES {
        let found = differences(&english, &messages(language));
        assert!(found.is_empty(), "{language}: {}", found.join("\n"));
    }
}

#[test]
fn a_difference_is_found() {
    let of = |text: &str| parsed(text).unwrap();
    let english = of("a = { $who } asked\nb = B\n    .why = { $at }\n");
    assert_eq!(differences(&english, &english), Vec::<String>::new());
    assert_eq!(
        differences(&english, &of("a = Asked { $whom }\nb = B\nc = C\n")),
        [
            "a shows {\"whom\"}, not {\"who\"}",
            "b_why is missing",
            "c is in no other language"
        ]
    );
}

#[test]
fn every_message_is_said_somewhere() {
    let sources = in_every_crate("src", "rs");
    let templates = in_every_crate("templates", "html");
    let texts: Vec<&String> = sources.values().chain(templates.values()).collect();
    let unused: Vec<String> = messages("en")
        .into_keys()
        .filter(|name| !texts.iter().any(|text| says(text, name)))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:#?}");
}

/// A call of the message's method, or its name among those that a macro is given.
fn says(text: &str, name: &str) -> bool {
    let given = |name: &str| {
        text.match_indices(name).any(|(at, _)| {
            let before = text[..at].trim_end().chars().next_back();
            let after = text[at + name.len()..].trim_start().chars().next();
            matches!(before, Some('(' | ',')) && matches!(after, Some(')' | ',' | ';'))
        })
    };
    text.contains(&format!(".{name}("))
        || given(name) && (name.contains('_') || given(&format!("{name}_why")))
}

#[test]
fn messages_hold_no_markup_but_a_few_tags_that_are_closed() {
    for language in LANGUAGES {
        for (name, message) in messages(language) {
            for words in &message.words {
                let left = TAGS
                    .iter()
                    .fold(words.clone(), |words, tag| words.replace(tag, ""));
                assert!(!left.contains(['<', '&']), "{language} {name}: {words}");
                assert!(
                    !words.contains('\n'),
                    "{language} {name}: one line, {words}"
                );
            }
            let whole = message.words.concat();
            for tag in ["strong", "em", "code"] {
                let count = |tag: &str| whole.matches(tag).count();
                let (open, close) = (count(&format!("<{tag}>")), count(&format!("</{tag}>")));
                assert_eq!(open, close, "{language} {name}");
            }
        }
    }
}

#[test]
fn each_language_is_set_as_its_readers_set_it() {
    for (name, message) in messages("fr") {
        for words in &message.words {
            // A space that may break a line, or none, stands before none of these.
            for wrong in [" :", " ;", " ?", " !", "« ", " »", "'"] {
                assert!(!words.contains(wrong), "fr {name}: {wrong:?} in {words}");
            }
        }
    }
    for (name, message) in messages("de") {
        for words in &message.words {
            for wrong in ["\"", "'", "”", " ß", "  "] {
                assert!(!words.contains(wrong), "de {name}: {wrong:?} in {words}");
            }
            let (open, close) = (words.matches('„').count(), words.matches('“').count());
            assert!(
                message.words.len() > 1 || open == close,
                "de {name}: {words}"
            );
        }
    }
}
