//! The commands of the API guide do what it says, in its order.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use countersign_e2e::{Directory, Server, countersign};
use serde_json::{Deserializer, Value};

/// What stands between the outputs of two blocks.
const BETWEEN: &str = "\u{1e}";
/// What stands for anything.
const ANYTHING: &str = "…";

/// A block of commands, and what the guide says they print.
#[derive(Default)]
struct Step {
    commands: String,
    prints: Vec<(String, String)>,
}

fn steps(guide: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = vec![];
    let mut within: Option<(String, String)> = None;
    for line in guide.lines() {
        within = match (line.strip_prefix("```"), within.take()) {
            (None, Some((kind, text))) => Some((kind, text + line + "\n")),
            (None, None) => None,
            (Some(kind), None) => Some((kind.to_owned(), String::new())),
            (Some(""), Some((kind, text))) if kind == "sh" => {
                steps.push(Step {
                    commands: text,
                    prints: vec![],
                });
                None
            }
            (Some(""), Some(block)) => {
                let step = steps.last_mut().expect("commands come first");
                step.prints.push(block);
                None
            }
            (Some(kind), Some(_)) => panic!("{kind} begins within a block"),
        };
    }
    steps
}

fn script(steps: &[Step]) -> String {
    let commands: Vec<&str> = steps.iter().map(|step| step.commands.as_str()).collect();
    let quiet = "set -eu\ncurl() { command curl -sS \"$@\"; }\n";
    format!("{quiet}{}", commands.join(&format!("printf '{BETWEEN}'\n")))
}

fn is_like(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(text), _) if text == ANYTHING => true,
        (Value::Object(expected), Value::Object(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .all(|(key, value)| found.get(key).is_some_and(|other| is_like(value, other)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(one, other)| is_like(one, other))
        }
        (expected, found) => expected == found,
    }
}

/// Holds what was printed to what the guide says; answers with what it does not speak of.
fn compare<'a>(step: &Step, mut printed: &'a str) -> &'a str {
    for (kind, text) in &step.prints {
        printed = printed.trim_start();
        if kind == "text" {
            let rest = printed.strip_prefix(text.trim_end());
            printed = rest
                .unwrap_or_else(|| panic!("{}printed\n{printed}\nand not\n{text}", step.commands));
            continue;
        }
        for expected in Deserializer::from_str(text).into_iter::<Value>() {
            let expected = expected.expect("the guide shows JSON");
            let mut found = Deserializer::from_str(printed).into_iter::<Value>();
            let Some(Ok(value)) = found.next() else {
                panic!("{}printed\n{printed}\nand not\n{expected}", step.commands)
            };
            assert!(
                is_like(&expected, &value),
                "{}printed\n{value}\nand not\n{expected}",
                step.commands
            );
            let (_, rest) = printed.split_at(found.byte_offset());
            printed = rest;
        }
    }
    printed.trim()
}

#[tokio::test]
async fn the_guides_commands_do_what_it_says() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api.md");
    let steps = steps(&fs::read_to_string(guide).unwrap());
    assert!(steps.len() > 10, "only {} blocks of commands", steps.len());
    let directory = Directory::fresh();
    let database = directory.database();
    let minted = ["token", "create", "--operator", "--json", "--database"];
    let args: Vec<&str> = minted.into_iter().chain([database.as_str()]).collect();
    let operator = countersign(&args).done();
    let server = Server::start(&database).await;

    let (script, here) = (script(&steps), directory.path().to_owned());
    let api = format!("{}/api/v1", server.public_url);
    let operator = operator["token"].as_str().unwrap().to_owned();
    let run = tokio::task::spawn_blocking(move || {
        Command::new("bash")
            .args(["-c", &script])
            .current_dir(here)
            .env("api", api)
            .env("OPERATOR", operator)
            .stdin(Stdio::null())
            .output()
    });
    let output = run.await.unwrap().expect("bash runs");
    let printed = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let printed: Vec<&str> = printed.split(BETWEEN).collect();
    for (step, printed) in steps.iter().zip(&printed) {
        let rest = compare(step, printed);
        assert!(rest.is_empty(), "{}also printed\n{rest}", step.commands);
    }
    assert!(output.status.success(), "{said}");
    assert_eq!(printed.len(), steps.len(), "{said}");
    server.kill().await;
}
