//! The file route rules come in. It is taken whole or not at all.

use std::{fmt, fs, path::Path};

use countersign_domain::{Methods, RouteEffect, RouteError, RoutePattern, RouteRule, Routes};
use serde::Deserialize;
use toml::Spanned;

/// More than the greatest number of rules of the greatest length need.
const LARGEST: u64 = 4 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    route: Vec<Spanned<Rule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    method: Option<String>,
    methods: Option<Vec<String>>,
    path: String,
    effect: RouteEffect,
}

/// Everything that is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub(crate) struct RouteFileError {
    path: String,
    wrong: Vec<String>,
}

impl fmt::Display for RouteFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is refused, and nothing has been changed:", self.path)?;
        self.wrong
            .iter()
            .try_for_each(|wrong| write!(f, "\n  {wrong}"))
    }
}

/// Reads the rules of a file.
pub(crate) fn read(path: &Path) -> Result<Routes, RouteFileError> {
    let refused = |wrong| RouteFileError {
        path: path.display().to_string(),
        wrong,
    };
    let text = text(path).map_err(|wrong| refused(vec![wrong]))?;
    routes(&text).map_err(refused)
}

fn text(path: &Path) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("it cannot be read: {error}");
    let size = fs::metadata(path).map_err(cannot)?.len();
    if size > LARGEST {
        return Err(format!("it is larger than {LARGEST} bytes"));
    }
    fs::read_to_string(path).map_err(cannot)
}

fn routes(text: &str) -> Result<Routes, Vec<String>> {
    let line_at = |offset: usize| text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1;
    let file: File = toml::from_str(text).map_err(|error| {
        let message = error.message().replace('\n', " ");
        vec![match error.span() {
            Some(span) => format!("line {}: {message}", line_at(span.start)),
            None => message,
        }]
    })?;
    if file.route.is_empty() {
        return Err(vec![
            "it has no [[route]]; to have no rules, leave --routes out".to_owned(),
        ]);
    }
    let mut good = vec![];
    let mut lines = vec![];
    let mut wrong = vec![];
    for (index, spanned) in file.route.into_iter().enumerate() {
        let line = line_at(spanned.span().start);
        lines.push(line);
        match rule(spanned.into_inner()) {
            Ok(rule) => good.push(rule),
            Err(what) => wrong.push(format!("line {line}, rule {}: {what}", index + 1)),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Routes::new(good).map_err(|error| {
        let of = |number: usize| lines.get(number - 1).copied().unwrap_or_default();
        vec![match error {
            RouteError::Contradiction { first, second } => {
                format!("line {}: {error} (line {})", of(second), of(first))
            }
            error => error.to_string(),
        }]
    })
}

fn rule(rule: Rule) -> Result<RouteRule, String> {
    let methods = match (rule.method, rule.methods) {
        (Some(one), None) => vec![one],
        (None, Some(several)) => several,
        (Some(_), Some(_)) => return Err("has method and methods; keep one of them".to_owned()),
        (None, None) => {
            return Err(
                "names no method; add method = \"GET\" or methods = [\"GET\", \"POST\"]".to_owned(),
            );
        }
    };
    let methods = Methods::parse(methods.iter().map(String::as_str)).map_err(|e| e.to_string())?;
    let path =
        RoutePattern::parse(&rule.path).map_err(|why| format!("path {:?} {why}", rule.path))?;
    RouteRule::new(methods, path, rule.effect).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_in_the_order_of_the_file() {
        let read = routes(
            r#"
# What the search page needs.
[[route]]
methods = ["POST", "GET"]
path = "/api/search"
effect = "read"

[[route]]
method = "*"
path = "/admin/**"
effect = "write"
"#,
        );
        let rules: Vec<String> = read
            .unwrap()
            .as_slice()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(rules, ["GET,POST /api/search", "* /admin/**"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_to_do() {
        let two = "[[route]]\nmethod = \"GET\"\npath = \"/a\"\neffect = \"read\"\n\n[[route]]\n";
        for (text, line, expected) in [
            ("", "it has no [[route]]", "leave --routes out"),
            ("[[routes]]\n", "line 1: ", "unknown field `routes`"),
            ("\n[[route]\n", "line 2: ", ""),
            (
                &format!("{two}method = \"GET\"\neffect = \"read\"\n"),
                "line 6: ",
                "missing field `path`",
            ),
            (
                &format!("{two}method = \"GET\"\npath = \"/b\"\neffect = \"reads\"\n"),
                "line 9: ",
                "expected `read` or `write`",
            ),
            (
                &format!("{two}method = \"GET\"\npath = \"/b\"\neffect = \"read\"\nnote = 1\n"),
                "line 10: ",
                "unknown field `note`",
            ),
            (
                &format!("{two}path = \"/b\"\neffect = \"read\"\n"),
                "line 6, rule 2: ",
                "add method",
            ),
            (
                &format!("{two}method = \"GET\"\nmethods = []\npath = \"/b\"\neffect = \"read\"\n"),
                "line 6, rule 2: ",
                "keep one",
            ),
            (
                &format!("{two}methods = []\npath = \"/b\"\neffect = \"read\"\n"),
                "line 6, rule 2: ",
                "name one",
            ),
            (
                &format!("{two}method = \"get\"\npath = \"/b\"\neffect = \"read\"\n"),
                "line 6, rule 2: ",
                "upper case",
            ),
            (
                &format!("{two}method = \"*\"\npath = \"/b\"\neffect = \"read\"\n"),
                "line 6, rule 2: ",
                "name the methods",
            ),
            (
                &format!("{two}method = \"GET\"\npath = \"b\"\neffect = \"read\"\n"),
                "line 6, rule 2: ",
                "begins with a slash",
            ),
            (
                &format!("{two}method = \"GET\"\npath = \"/a\"\neffect = \"write\"\n"),
                "line 6: rule 2 contradicts rule 1",
                "(line 1)",
            ),
        ] {
            let wrong = routes(text).unwrap_err();
            assert_eq!(wrong.len(), 1, "{text}");
            assert!(
                wrong[0].starts_with(line) && wrong[0].contains(expected),
                "{text}\n{wrong:?}"
            );
        }
        let both = routes(&format!(
            "{two}method = \"get\"\npath = \"b\"\neffect = \"read\"\n{two}path = \"/c\"\neffect = \"read\"\n"
        ));
        assert_eq!(
            both.unwrap_err().len(),
            2,
            "one line for each rule that is wrong"
        );
    }
}
