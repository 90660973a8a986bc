//! What `script/bench` starts still runs: everything is set up, every contender is measured for a moment,
//! and what was answered is on the log. What it measures of a debug build means nothing.
#![allow(
    clippy::disallowed_methods,
    reason = "tests ask the machine for its environment"
)]

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// Every contender, by the word in front of its name.
const CONTENDERS: [&str; 7] = [
    "direct",
    "plain",
    "plain-log",
    "auth",
    "auth-log",
    "unrecorded",
    "countersign",
];

#[test]
fn the_benchmark_runs() {
    let bench = Path::new(env!("CARGO_BIN_EXE_countersign-bench"));
    let bin = bench.parent().unwrap();
    let countersign = bin.join("countersign");
    assert!(
        countersign.exists(),
        "{} is not built: run the tests of the workspace, or `cargo build -p countersign` first",
        countersign.display()
    );
    for tool in ["nginx", "wrk"] {
        assert!(
            found(tool),
            "{tool} is not installed: `script/test` installs what the tests need"
        );
    }
    let room = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench");
    let output = Command::new(bench)
        .arg("--bin")
        .arg(bin)
        .arg("--room")
        .arg(&room)
        .args(["--rounds", "1", "--seconds", "1", "--connections", "1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    for contender in CONTENDERS {
        assert!(
            said.contains(&format!("  {contender} ")),
            "{contender}: {said}"
        );
    }
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(table.contains("requests were recorded"), "{table}");
    assert!(!room.exists(), "nothing is left behind");
}

/// The numbers of a hundredth: how much of everything is live does not change what is found.
#[test]
fn the_sizes_are_measured() {
    let sizes = Path::new(env!("CARGO_BIN_EXE_countersign-sizes"));
    let room = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sizes");
    let output = Command::new(sizes)
        .arg("--bin")
        .arg(sizes.parent().unwrap())
        .arg("--room")
        .arg(&room)
        .args(["--cases", "10000", "--grants", "100,1000"])
        .args(["--decisions", "2000", "--rounds", "1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let table = String::from_utf8(output.stdout).unwrap();
    for row in [
        "| 0 | 0 |",
        "| 10000 | 0 |",
        "| 10000 | 100 |",
        "| 10000 | 1000 |",
    ] {
        assert!(table.contains(row), "{table}");
    }
    assert!(
        table.contains("\n| 1000 | ") && table.contains("A live grant"),
        "{table}"
    );
    assert!(!room.exists(), "nothing is left behind");
}

fn found(tool: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

/// What `script/bench fleet` starts still runs: other processes serve and acknowledge, and every table has its
/// rows.
#[test]
fn the_benchmark_of_a_fleet_runs() {
    let output = Command::new(env!("CARGO_BIN_EXE_fleet-bench"))
        .args(["--folder", "/tmp", "--processes", "3", "--revocations", "5"])
        .args([
            "--grants",
            "8",
            "--rounds",
            "1",
            "--millis",
            "50",
            "--batches",
            "1,16",
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let tables = String::from_utf8(output.stdout).unwrap();
    for row in [
        "3 processes serve",
        "| a revocation, until it is effective everywhere |",
        "5 revocations; ",
        "\n| 8 | ",
        "\n| 16 | ",
    ] {
        assert!(tables.contains(row), "{row}: {tables}");
    }
}
