//! No page says anything that is not a message.

use crate::reading::in_every_crate;

/// Words that are the same in every language: the product's name and the name of a zone.
const NAMES: [&str; 2] = ["Countersign", "UTC"];
/// Attributes that are read out or shown.
const SPOKEN: [&str; 6] = [
    "aria-label",
    "aria-description",
    "title",
    "placeholder",
    "alt",
    "label",
];

/// What a template says to people in its own words, and what it puts with markup where markup has
/// no meaning.
fn own_words(template: &str) -> Vec<String> {
    let mut found = Vec::new();
    let text = without_code(template);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (outside, after) = rest.split_once('<').unwrap_or((rest, ""));
        if says_something(outside) {
            found.push(outside.trim().to_owned());
        }
        let Some(end) = end_of_tag(after) else { break };
        for (name, value) in attributes(&after[..end]) {
            if SPOKEN.contains(&name) && says_something(value) {
                found.push(format!("{name}=\"{value}\""));
            }
            if value.contains(MESSAGE) {
                found.push(format!("{name} without .plain()"));
            }
        }
        rest = &after[end + 1..];
    }
    found
}

/// Stands for a message that is written as HTML.
const MESSAGE: char = '\u{1}';

/// Comments and code go; a message stays as a mark.
fn without_code(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let close = match rest[at..].chars().nth(1) {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => {
                out.push('{');
                rest = &rest[at + 1..];
                continue;
            }
        };
        let end = at + rest[at..].find(close).expect("closed") + 2;
        let code = rest[at + 2..end - 2].trim_matches(['-', ' ']);
        let message = close == "}}" && code.starts_with("t.") && !code.ends_with(".plain()");
        if message && !["t.code()", "t.dir()"].contains(&code) {
            out.push(MESSAGE);
        }
        rest = &rest[end..];
    }
    out + rest
}

fn says_something(text: &str) -> bool {
    let text = NAMES
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name, ""));
    // A character reference is punctuation here.
    let mut letters = text.split('&').enumerate().flat_map(|(at, part)| {
        let part = if at == 0 {
            part
        } else {
            part.split_once(';').map_or(part, |(_, rest)| rest)
        };
        part.chars()
    });
    letters.any(char::is_alphabetic)
}

/// A tag ends at the first `>` outside quotes.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.find(|c| {
        quoted ^= c == '"';
        c == '>' && !quoted
    })
}

fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("=\"") {
        let name = before.rsplit([' ', '\n']).next().unwrap_or_default();
        let (value, next) = after.split_once('"').unwrap_or((after, ""));
        found.push((name, value));
        rest = next;
    }
    found
}

#[test]
fn no_template_says_anything_in_its_own_words() {
    let templates = in_every_crate("templates", "html");
    assert!(templates.len() > 10);
    for (path, text) in templates {
        let found = own_words(&text);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
}

#[test]
fn own_words_are_found_wherever_they_hide() {
    for (template, expected) in [
        ("<p>Hello</p>", "Hello"),
        ("{% if a %}yes{% else %}{{ no }}{% endif %}", "yes"),
        (
            "<a aria-label=\"Menu {{ n }}\" href=\"/x\">{{ t.menu() }}</a>",
            "aria-label=\"Menu \"",
        ),
        ("<b title=\"{{ t.menu() }}\"></b>", "title without .plain()"),
        ("<b title=\"a > b\" class=\"c\"></b>", "title=\"a > b\""),
        ("&gt; über", "&gt; über"),
    ] {
        assert_eq!(own_words(template), [expected], "{template}");
    }
    let good = "<html lang=\"{{ t.code() }}\"><title>{{ page.title.plain() }} · Countersign</title>\
        {# a comment #}<p class=\"x\">{{ t.asked(at) }} · 3 &middot; (…)</p>\
        <input type=\"text\" value=\"{{ v }}\" aria-label=\"{{ t.x().plain() }}\">";
    assert_eq!(own_words(good), Vec::<String>::new());
}

/// The string literals of a file that are sentences, or parts of one: a word in small letters after
/// another word.
fn sentences(source: &str) -> Vec<&str> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with("//")
            && !line.starts_with("#[")
            && !line.starts_with("#!")
            && !line.starts_with("reason =")
    });
    let literals = lines.flat_map(|line| line.split('"').skip(1).step_by(2));
    literals
        .filter(|literal| {
            let words: Vec<&str> = literal.split(' ').collect();
            words
                .windows(2)
                .any(|pair| is_word(pair[0]) && is_word(pair[1]))
        })
        .collect()
}

fn is_word(text: &str) -> bool {
    let text = text.trim_matches([',', '.', ':', '?', '(', ')']);
    text.len() > 1 && text.chars().all(char::is_alphabetic) && !text.chars().all(char::is_uppercase)
}

#[test]
fn no_code_of_a_page_says_anything_in_its_own_words() {
    assert_eq!(
        sentences("let x = \"a b\";\nnotice(\"Access granted.\");\n// \"not here\""),
        ["Access granted."]
    );
    let sources = in_every_crate("src", "rs");
    let pages = sources.iter().filter(|(path, _)| {
        let path = path.to_string_lossy();
        let of_pages = path.contains("/console/src/") || path.contains("/web/src/");
        // What these say in words of their own, they say to programs and to whoever configures one.
        let to_programs = [
            "/csp.rs",
            "/refusals.rs",
            "/field_error.rs",
            "/openid_logout.rs",
        ]
        .iter()
        .any(|file| path.ends_with(file));
        of_pages && !to_programs && !path.contains("/fixtures/") && !path.ends_with("tests.rs")
    });
    let mut looked_at = 0;
    for (path, text) in pages {
        looked_at += 1;
        let found = sentences(text);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
    assert!(looked_at > 20);
}
