//! The look holds in either direction of writing.

use crate::reading::{crates, files};

/// What a declaration says by left and right, if it does.
fn by_hand(line: &str) -> Option<&str> {
    let declaration = line.trim();
    let (property, value) = declaration.split_once(':')?;
    let sided = |text: &str| {
        text.split(['-', ' ', ';'])
            .any(|word| word == "left" || word == "right")
    };
    let value_matters = [
        "text-align",
        "float",
        "clear",
        "justify-content",
        "background-position",
    ];
    let is_property = !property.contains(['.', '#', '[', '{', '&', '@']);
    (is_property && (sided(property) || value_matters.contains(&property) && sided(value)))
        .then_some(declaration)
}

#[test]
fn styles_know_start_and_end_and_neither_left_nor_right() {
    for wrong in [
        "margin-left: 1px;",
        "  right: 0;",
        "text-align: right;",
        "border-top-left-radius: 2px;",
    ] {
        assert!(by_hand(wrong).is_some(), "{wrong}");
    }
    for good in [
        ".ends-left {",
        "margin-inline-start: 1px;",
        "text-align: end;",
        ".left {",
    ] {
        assert_eq!(by_hand(good), None);
    }
    let styles = files(&crates().join("web/assets/css"), "css");
    assert!(styles.len() > 5);
    for (path, text) in styles {
        for line in text.lines() {
            assert_eq!(by_hand(line), None, "{}", path.display());
        }
    }
}
