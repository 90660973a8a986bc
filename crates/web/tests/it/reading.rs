//! Reading the house's files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

pub(crate) const LANGUAGES: [&str; 3] = ["en", "de", "fr"];

pub(crate) fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file under a folder with this extension, by its path.
pub(crate) fn files(folder: &Path, extension: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|this| this == extension) {
            let text = fs::read_to_string(&path).unwrap();
            found.insert(path, text);
        }
    }
    found
}

/// The same in one folder of every crate.
pub(crate) fn in_every_crate(folder: &str, extension: &str) -> BTreeMap<PathBuf, String> {
    let crates = fs::read_dir(crates()).unwrap();
    let folders = crates.map(|entry| entry.unwrap().path().join(folder));
    folders
        .flat_map(|folder| files(&folder, extension))
        .collect()
}

/// A message, or one of its attributes: what it shows and what it chooses plurals by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) shown: BTreeSet<String>,
    pub(crate) chosen_by: BTreeSet<String>,
    /// Each piece of text as it stands in the file.
    pub(crate) words: Vec<String>,
}

/// The messages of a language by the name of their method.
pub(crate) fn messages(language: &str) -> BTreeMap<String, Message> {
    let folder = crates().join("web/messages").join(language);
    let mut all = BTreeMap::new();
    for (path, text) in files(&folder, "ftl") {
        all.extend(parsed(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display())));
    }
    assert!(all.len() > 100, "{language}: {} messages", all.len());
    all
}

pub(crate) fn parsed(text: &str) -> Result<BTreeMap<String, Message>, String> {
    let resource =
        fluent_syntax::parser::parse(text).map_err(|(_, errors)| format!("{errors:?}"))?;
    let mut all = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let id = message.id.name;
        if let Some(pattern) = message.value {
            all.insert(id.replace('-', "_"), read(&pattern));
        }
        for attribute in message.attributes {
            let name = format!("{id}-{}", attribute.id.name).replace('-', "_");
            all.insert(name, read(&attribute.value));
        }
    }
    Ok(all)
}

fn read(pattern: &Pattern<&str>) -> Message {
    let mut message = Message::default();
    walk(pattern, &mut message);
    message
}

fn walk(pattern: &Pattern<&str>, message: &mut Message) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => message.words.push((*value).to_owned()),
            PatternElement::Placeable { expression } => match expression {
                Expression::Inline(InlineExpression::VariableReference { id }) => {
                    message.shown.insert(id.name.to_owned());
                }
                Expression::Inline(_) => {}
                Expression::Select { selector, variants } => {
                    let InlineExpression::VariableReference { id } = selector else {
                        panic!("only a variable chooses: {selector:?}");
                    };
                    message.chosen_by.insert(id.name.to_owned());
                    for variant in variants {
                        walk(&variant.value, message);
                    }
                }
            },
        }
    }
}
