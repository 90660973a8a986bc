//! Holds the repository to the habits written in ARCHITECTURE.md and CONTRIBUTING.md.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// The most lines a Rust file may have. The aim is 500, one idea each.
const LONGEST_FILE: usize = 600;

/// What every room's tests may use beyond what the room itself may import.
const DEV_EXTRA: [&str; 3] = ["store", "store-sqlite", "cluster"];

/// Rows that may stand in the table without a crate behind them.
const NOT_A_CRATE: &[&str] = &["e2e"];

#[derive(Debug, PartialEq)]
enum Imports {
    All,
    Only(BTreeSet<String>),
}

#[derive(Debug, Default, Clone)]
struct Room {
    imports: BTreeSet<String>,
    dev_imports: BTreeSet<String>,
}

/// Reads the rows of the table headed `| room | lives there | may import |`.
fn parse_table(text: &str) -> Result<BTreeMap<String, Imports>, String> {
    let mut rows = BTreeMap::new();
    let mut lines = text
        .lines()
        .skip_while(|line| cells(line) != ["room", "lives there", "may import"]);
    if lines.next().is_none() {
        return Err("no table headed `| room | lives there | may import |`".into());
    }
    for line in lines.skip(1).take_while(|line| line.starts_with('|')) {
        let cells = cells(line);
        let [room, _, imports] = cells.as_slice() else {
            return Err(format!("not three cells: {line}"));
        };
        let name = short_name(room.trim_matches('`'));
        let imports = match *imports {
            "all" => Imports::All,
            "–" | "none" => Imports::Only(BTreeSet::new()),
            list => Imports::Only(list.split(',').map(|name| name.trim().to_owned()).collect()),
        };
        if rows.insert(name.clone(), imports).is_some() {
            return Err(format!("two rows for {name}"));
        }
    }
    Ok(rows)
}

fn cells(line: &str) -> Vec<&str> {
    line.trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect()
}

/// `crates/domain`, `sim/` and `e2e/` are known in the table as `domain`, `sim` and `e2e`.
fn short_name(folder: &str) -> String {
    let folder = folder.trim_end_matches('/');
    folder.strip_prefix("crates/").unwrap_or(folder).to_owned()
}

/// Every way in which the rooms depart from the table, as sentences.
fn departures(table: &BTreeMap<String, Imports>, rooms: &BTreeMap<String, Room>) -> Vec<String> {
    let mut found = Vec::new();
    for name in table.keys() {
        if !rooms.contains_key(name) && !NOT_A_CRATE.contains(&name.as_str()) {
            found.push(format!("{name} is in the table and is no crate"));
        }
    }
    for (name, room) in rooms {
        let Some(allowed) = table.get(name) else {
            found.push(format!("{name} is not in the table"));
            continue;
        };
        let Imports::Only(allowed) = allowed else {
            continue;
        };
        for import in allowed {
            if !rooms.contains_key(import) {
                found.push(format!("{name} may import {import}, which is no crate"));
            }
        }
        for import in room.imports.difference(allowed) {
            found.push(format!("{name} imports {import}"));
        }
        for import in room.dev_imports.difference(allowed) {
            if !DEV_EXTRA.contains(&import.as_str()) && import != name {
                found.push(format!("the tests of {name} import {import}"));
            }
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the workspace has a root")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rooms() -> BTreeMap<String, Room> {
    let root = root();
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata runs");
    let folder_of = |manifest_folder: &Path| {
        let folder = manifest_folder
            .strip_prefix(&root)
            .expect("inside the workspace");
        short_name(folder.to_str().expect("a UTF-8 path"))
    };
    let mut rooms = BTreeMap::new();
    for package in &metadata.packages {
        let folder = package
            .manifest_path
            .parent()
            .expect("a manifest lies in a folder");
        let mut room = Room::default();
        for dependency in &package.dependencies {
            let Some(path) = &dependency.path else {
                continue;
            };
            let name = folder_of(path.as_std_path());
            match dependency.kind {
                DependencyKind::Development => room.dev_imports.insert(name),
                _ => room.imports.insert(name),
            };
        }
        rooms.insert(folder_of(folder.as_std_path()), room);
    }
    rooms
}

/// The files git tracks or would track, so that a slip is found before it is committed.
fn files() -> Vec<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git runs");
    assert!(
        listed.status.success(),
        "not a git checkout: {}",
        String::from_utf8_lossy(&listed.stderr)
    );
    let names: BTreeSet<String> = String::from_utf8(listed.stdout)
        .expect("paths are UTF-8")
        .split('\0')
        .filter(|name| !name.is_empty() && root().join(name).is_file())
        .map(str::to_owned)
        .collect();
    assert!(!names.is_empty(), "git lists no file");
    names.into_iter().collect()
}

/// What a text must not hold: where it was written, where packages were fetched from, and promises
/// to finish it later. The words are put together here so that this file does not hold them.
fn blemishes(name: &str, text: &str) -> Vec<String> {
    let paths = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["/tmp/ba", "sh_jobs"],
    ];
    let hosts = [
        ["registry.npmjs", ".org"],
        ["index.crates", ".io"],
        ["static.crates", ".io"],
        ["crates.io", "-index"],
        ["pypi", ".org"],
        ["pythonhosted", ".org"],
        ["deb.debian", ".org"],
        ["proxy.golang", ".org"],
    ];
    let promises = [["TO", "DO"], ["FIX", "ME"]];
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let mut report = |what: &str, word: &str| {
            found.push(format!("{name}:{}: {what} {word}", number + 1));
        };
        for word in paths.map(|parts| parts.concat()) {
            if starts_a_path(line, &word) {
                report("machine path", &word);
            }
        }
        // Cargo.lock has to name its registry; `cargo_lock_names_one_source` watches it.
        if name != "Cargo.lock" {
            for word in hosts.map(|parts| parts.concat()) {
                if line.contains(&word) {
                    report("registry host", &word);
                }
            }
        }
        for word in promises.map(|parts| parts.concat()) {
            if stands_alone(line, &word) {
                report("promise", &word);
            }
        }
    }
    found
}

/// A word that stands where an absolute path begins, and not within an address or a relative path.
fn starts_a_path(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-}".contains(before))
    })
}

fn stands_alone(line: &str, word: &str) -> bool {
    let outside = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(at, _)| {
        outside(line[..at].chars().next_back()) && outside(line[at + word.len()..].chars().next())
    })
}

fn assert_none(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn every_room_imports_only_what_the_table_allows() {
    let table = parse_table(&read("ARCHITECTURE.md")).expect("the table can be read");
    assert_none(&departures(&table, &rooms()));
}

#[test]
fn no_rust_file_is_too_long() {
    let too_long: Vec<String> = files()
        .iter()
        .filter(|name| name.ends_with(".rs"))
        .map(|name| (name, read(name).lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(name, lines)| format!("{name} has {lines} lines; the most is {LONGEST_FILE}"))
        .collect();
    assert_none(&too_long);
}

#[test]
fn no_file_names_the_machine_it_was_written_on_or_leaves_a_promise() {
    let mut found = Vec::new();
    for name in files() {
        let bytes = std::fs::read(root().join(&name)).expect("a listed file can be read");
        if let Ok(text) = std::str::from_utf8(&bytes) {
            found.extend(blemishes(&name, text));
        }
    }
    assert_none(&found);
}

#[test]
fn cargo_lock_names_one_source() {
    let lock = read("Cargo.lock");
    let sources: BTreeSet<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
        .collect();
    assert_eq!(sources.len(), 1, "{sources:#?}");
}

#[test]
fn npm_lock_names_no_address() {
    let lock = read("e2e/package-lock.json");
    assert!(!lock.contains("\"resolved\"") && !lock.contains("://"));
}

const TABLE: &str = "\
before

| room | lives there | may import |
|---|---|---|
| `crates/domain` | rules | – |
| `crates/store` | contract | domain |
| `crates/store-sqlite` | SQL | store, domain |
| `sim/` | simulation | all |
| `e2e/` | browser | none |

after | this | table
";

/// An endpoint takes its use cases as an extractor, which binds them to the call's client. As the router's state they
/// know of no call, and what they did would stand on the log without saying from where.
#[test]
fn endpoints_know_from_where_they_are_called() {
    // What goes around the endpoints does nothing itself.
    let around = ["crates/api/src/layers.rs", "crates/console/src/guard.rs"];
    let bare = |name: &String| {
        let text = read(name);
        [": State<Served>", ": State<Console>"]
            .iter()
            .any(|state| text.contains(state))
    };
    let found: Vec<String> = files()
        .into_iter()
        .filter(|name| {
            ["crates/api/src/", "crates/console/src/"]
                .iter()
                .any(|room| name.starts_with(room))
        })
        .filter(|name| !around.contains(&name.as_str()))
        .filter(bare)
        .map(|name| {
            format!(
                "{name} takes use cases as a state: write `served: Served` or `console: Console`"
            )
        })
        .collect();
    assert_none(&found);
}

fn room(imports: &[&str], dev_imports: &[&str]) -> Room {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Room {
        imports: set(imports),
        dev_imports: set(dev_imports),
    }
}

fn sound() -> BTreeMap<String, Room> {
    [
        ("domain", room(&[], &["store-sqlite"])),
        ("store", room(&["domain"], &[])),
        ("store-sqlite", room(&["store", "domain"], &[])),
        ("sim", room(&["store-sqlite"], &["domain"])),
    ]
    .map(|(name, room)| (name.to_owned(), room))
    .into()
}

fn departures_from(table: &str, rooms: &BTreeMap<String, Room>) -> Vec<String> {
    departures(&parse_table(table).expect("the table can be read"), rooms)
}

#[test]
fn a_sound_house_passes() {
    assert_none(&departures_from(TABLE, &sound()));
}

#[test]
fn a_wrong_table_is_detected() {
    let narrowed = TABLE.replace("| store, domain |", "| domain |");
    assert_eq!(
        departures_from(&narrowed, &sound()),
        ["store-sqlite imports store"]
    );

    let forgotten = TABLE.replace("| `crates/store` | contract | domain |\n", "");
    assert_eq!(
        departures_from(&forgotten, &sound()),
        ["store is not in the table"]
    );

    let invented = TABLE.replace("| `sim/`", "| `crates/policy` | Cedar | domain |\n| `sim/`");
    assert_eq!(
        departures_from(&invented, &sound()),
        ["policy is in the table and is no crate"]
    );

    let misspelt = TABLE.replace("| store, domain |", "| store, domian |");
    assert_eq!(
        departures_from(&misspelt, &sound()),
        [
            "store-sqlite may import domian, which is no crate",
            "store-sqlite imports domain"
        ]
    );
}

#[test]
fn a_wrong_import_is_detected() {
    let mut rooms = sound();
    rooms.insert("domain".into(), room(&["store"], &["sim"]));
    assert_eq!(
        departures_from(TABLE, &rooms),
        ["domain imports store", "the tests of domain import sim"]
    );
}

#[test]
fn a_table_that_cannot_be_read_is_detected() {
    assert!(parse_table("no table here").is_err());
    let doubled = TABLE.replace("| `sim/`", "| `crates/store` | again | – |\n| `sim/`");
    assert!(parse_table(&doubled).is_err());
    let cut = TABLE.replace("| rules | – |", "| rules |");
    assert!(parse_table(&cut).is_err());
}

#[test]
fn blemishes_are_detected() {
    let path = ["cd /wo", "rk/main"].concat();
    let host = ["see registry.npmjs", ".org"].concat();
    let promise = ["// TO", "DO: later"].concat();
    for text in [&path, &host, &promise] {
        assert_eq!(blemishes("README.md", text).len(), 1, "{text}");
    }
    let innocent = ["app.example/wo", "rk/1 and MASTO", "DON"].concat();
    assert_none(&blemishes("README.md", &innocent));
}
