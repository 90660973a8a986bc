//! Finding and running the command line.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

/// A directory that goes away with the test.
#[derive(Debug)]
pub struct Directory(PathBuf);

impl Directory {
    /// A fresh one.
    #[must_use]
    pub fn fresh() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "countersign-e2e-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a directory for the test");
        Self(path)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The address of the test's database.
    #[must_use]
    pub fn database(&self) -> String {
        format!("sqlite:{}", self.0.join("test.db").display())
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The binary: `COUNTERSIGN_BIN`, or the one beside the test's own executable.
#[must_use]
pub(crate) fn binary() -> PathBuf {
    if let Some(path) = env::var_os("COUNTERSIGN_BIN") {
        return path.into();
    }
    let own = env::current_exe().expect("the test's own path");
    let profile = own
        .parent()
        .and_then(Path::parent)
        .expect("a target directory");
    let path = profile.join("countersign");
    assert!(
        path.exists(),
        "{} is not built; run `cargo build -p countersign` first",
        path.display()
    );
    path
}

/// A command that has run.
#[derive(Debug)]
pub struct Finished {
    /// The exit code.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl Finished {
    /// Standard output as the one JSON object it should be.
    ///
    /// # Panics
    /// When it is not.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in {:?} ({})", self.stdout, self.stderr))
    }

    /// The JSON of a command that must have succeeded.
    ///
    /// # Panics
    /// When it has not.
    #[must_use]
    pub fn done(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.json()
    }
}

/// Runs `countersign ARGS`.
///
/// # Panics
/// When the binary cannot be run.
#[must_use]
pub fn countersign(args: &[&str]) -> Finished {
    countersign_in(&[], args)
}

/// The same in an environment that holds nothing but this.
///
/// # Panics
/// When the binary cannot be run.
#[must_use]
pub fn countersign_in(environment: &[(&str, &str)], args: &[&str]) -> Finished {
    let output = Command::new(binary())
        .args(args)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs");
    Finished {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
