//! Turns every message into a method of `Lang`, so that a page which names a message that does not
//! exist, or forgets one of its variables, does not compile.

#![allow(
    clippy::disallowed_methods,
    reason = "a build script is told where it works by its environment"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The language that a message's documentation quotes.
const FIRST: &str = "en";
const LANGUAGES: [&str; 3] = [FIRST, "de", "fr"];

/// The variables of a message; true for one that a plural is chosen by.
type Variables = BTreeMap<String, bool>;

fn main() {
    let folder =
        PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo says")).join("messages");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut messages: BTreeMap<(String, Option<String>), (Variables, String)> = BTreeMap::new();
    let mut sources = String::new();
    for language in LANGUAGES {
        let mut seen = BTreeSet::new();
        let mut list = String::new();
        for file in files(&folder.join(language)) {
            let text = fs::read_to_string(&file).expect("a file of messages is readable");
            writeln!(list, "include_str!({file:?}),").expect("a String takes everything");
            let resource =
                fluent_syntax::parser::parse(text.as_str()).unwrap_or_else(|(_, errors)| {
                    let line = |at: usize| text[..at].lines().count();
                    let said: Vec<_> = errors
                        .iter()
                        .map(|e| format!("line {}: {e}", line(e.pos.start)))
                        .collect();
                    panic!("{}: {}", file.display(), said.join("; "))
                });
            for entry in resource.body {
                let Entry::Message(message) = entry else {
                    continue;
                };
                let id = message.id.name.to_owned();
                assert!(
                    seen.insert(id.clone()),
                    "{}: {id} comes twice",
                    file.display()
                );
                let patterns = message.value.iter().map(|pattern| (None, pattern));
                let attributes = message.attributes.iter();
                let attributes = attributes.map(|a| (Some(a.id.name.to_owned()), &a.value));
                for (attribute, pattern) in patterns.chain(attributes) {
                    let (variables, quoted) = messages.entry((id.clone(), attribute)).or_default();
                    let mut said = String::new();
                    walk(pattern, variables, &mut said);
                    if language == FIRST {
                        *quoted = said;
                    }
                }
            }
        }
        writeln!(sources, "&[{list}],").expect("a String takes everything");
    }
    let methods: String = messages
        .iter()
        .map(|(name, (variables, said))| method(name, variables, said))
        .collect();
    let code = format!(
        "/// The messages of each language, in the order of `Lang::ALL`.\n\
         static SOURCES: [&[&str]; {}] = [{sources}];\n\nimpl Lang {{\n{methods}}}\n",
        LANGUAGES.len()
    );
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo says")).join("messages.rs");
    fs::write(out, code).expect("the folder for generated code is writable");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a folder of messages is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ftl"))
        .collect();
    files.sort();
    files
}

/// Notes the variables of a pattern and quotes it.
fn walk(pattern: &Pattern<&str>, variables: &mut Variables, said: &mut String) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => said.push_str(value),
            PatternElement::Placeable {
                expression: Expression::Inline(inline),
            } => {
                walk_inline(inline, false, variables, said);
            }
            PatternElement::Placeable {
                expression: Expression::Select { selector, variants },
            } => {
                walk_inline(selector, true, variables, &mut String::new());
                for (at, variant) in variants.iter().enumerate() {
                    said.push_str(if at == 0 { "{" } else { " | " });
                    walk(&variant.value, variables, said);
                }
                said.push('}');
            }
        }
    }
}

fn walk_inline(
    inline: &InlineExpression<&str>,
    selects: bool,
    variables: &mut Variables,
    said: &mut String,
) {
    match inline {
        InlineExpression::VariableReference { id } => {
            *variables.entry(id.name.to_owned()).or_default() |= selects;
            said.push_str(&format!("{{${}}}", id.name));
        }
        InlineExpression::TermReference { id, .. } => said.push_str(&format!("{{-{}}}", id.name)),
        InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
            said.push_str(value);
        }
        InlineExpression::Placeable { expression } => match expression.as_ref() {
            Expression::Inline(inline) => walk_inline(inline, selects, variables, said),
            Expression::Select { .. } => panic!("a choice inside a choice: write two messages"),
        },
        InlineExpression::FunctionReference { id, .. } => panic!("{} is no function here", id.name),
        InlineExpression::MessageReference { id, .. } => {
            panic!(
                "a message that names another ({}): use a term, whose name begins with a hyphen",
                id.name
            )
        }
    }
}

fn method((id, attribute): &(String, Option<String>), variables: &Variables, said: &str) -> String {
    let whole = match attribute {
        None => id.clone(),
        Some(attribute) => format!("{id}-{attribute}"),
    };
    let name = whole.replace('-', "_").to_lowercase();
    // In alphabetical order, so that no rewording changes what a call means.
    let mut parameters = String::new();
    let mut arguments = String::new();
    for (variable, counts) in variables {
        let parameter = variable.replace('-', "_").to_lowercase();
        let kind = if *counts { "Count" } else { "Arg" };
        let _ = write!(parameters, ", {parameter}: impl {kind}");
        let _ = write!(arguments, "({variable:?}, {parameter}.into_value()), ");
    }
    let said = said.replace("```", "");
    format!(
        "    #[doc = {:?}]\n    pub fn {name}(self{parameters}) -> Text {{\n        \
         Text::new(self, {id:?}, {attribute:?}, vec![{arguments}])\n    }}\n",
        format!("```text\n{said}\n```"),
    )
}
