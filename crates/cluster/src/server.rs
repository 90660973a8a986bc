//! A database server of the tests' own: made once for a target directory, started by whichever test
//! comes first, and stopped some seconds after the last.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        net::UnixStream,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Whoever uses the server holds a shared lock on this file of its directory.
const USED: &str = "used";

/// The one of the tests of a target directory.
#[derive(Debug)]
pub struct Cluster {
    directory: PathBuf,
    /// Held as long as this process may use the server.
    _used: File,
}

impl Cluster {
    /// Starts the server, if it is not running. Tests name their target directory by
    /// `env!("CARGO_TARGET_TMPDIR")`.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn shared(target: &str) -> Self {
        let name = format!("countersign-pg-{}-{:x}", uid(), short(target));
        let directory = base().join(name);
        if !directory.exists() {
            fs::create_dir_all(&directory).expect("a directory for the server");
            owned(&directory);
        }
        let starting = lock(&directory.join("starting"));
        starting.lock().expect("the lock for starting");
        let used = lock(&directory.join(USED));
        used.lock_shared().expect("the lock for using");
        if !answers(&directory) {
            // One whose making was interrupted is made anew.
            if !directory.join("made").exists() {
                let _ = fs::remove_dir_all(directory.join("data"));
                make(&directory.join("data"));
                lock(&directory.join("made"));
            }
            start(&directory, "");
            stop_when_unused(&directory);
        }
        Self {
            directory,
            _used: used,
        }
    }

    /// The address of a database.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        address(&self.directory, database)
    }

    /// Where its socket is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The name of a database that nobody else has, as long as the file is open. Making and dropping
    /// one each time would take most of the time of a test.
    pub(crate) fn a_database(&self) -> (String, File) {
        (0..)
            .map(|number| {
                let name = format!("test_{number}");
                let file = lock(&self.directory.join(&name));
                (name, file)
            })
            .find(|(_, file)| file.try_lock().is_ok())
            .expect("there is always another number")
    }
}

/// A server that one test has for itself, to do harm to.
#[derive(Debug)]
pub struct Own {
    directory: PathBuf,
    options: String,
}

impl Own {
    /// A new one, with options on its command line.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn new(name: &str, options: &str) -> Self {
        Self::in_folder(base(), name, options)
    }

    /// A new one in a folder that the server's user can get to, such as one on the disk whose syncs are to
    /// be measured.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn in_folder(folder: &Path, name: &str, options: &str) -> Self {
        let directory = private_directory(folder, name);
        make(&directory.join("data"));
        start(&directory, options);
        Self {
            directory,
            options: options.to_owned(),
        }
    }

    /// A standby of another.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn following(primary: &Self, name: &str) -> Self {
        let directory = private_directory(base(), name);
        let host = primary.directory.display();
        let copied = as_server("pg_basebackup")
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .args(["--pgdata"])
            .arg(directory.join("data"))
            .arg("--dbname")
            .arg(format!(
                "host={host} user=countersign application_name=standby"
            ))
            .status();
        let copied = copied.expect("script/test installs PostgreSQL");
        assert!(copied.success(), "pg_basebackup: {copied}");
        start(&directory, "");
        Self {
            directory,
            options: String::new(),
        }
    }

    /// Makes a standby the one that is written to.
    ///
    /// # Panics
    /// When it is not promoted.
    pub fn promote(&self) {
        let promoted = as_server("pg_ctl")
            .args(["--wait", "--timeout=60", "--pgdata"])
            .arg(self.directory.join("data"))
            .arg("promote")
            .status();
        assert!(promoted.expect("pg_ctl").success(), "it is promoted");
    }

    /// The address of a database.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        address(&self.directory, database)
    }

    /// Where its socket is.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The address of whichever of two can be written to.
    #[must_use]
    pub fn or(&self, other: &Self, database: &str) -> String {
        let host = |own: &Self| escaped(&own.directory);
        format!(
            "postgres://countersign@{},{}/{database}",
            host(self),
            host(other)
        )
    }

    /// As a crash would.
    ///
    /// # Panics
    /// When it does not stop.
    pub fn stop(&self) {
        stop(&self.directory);
    }

    /// Starts it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(&self) {
        start(&self.directory, &self.options);
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if self.directory.join("data/postmaster.pid").exists() {
            stop(&self.directory);
        }
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Where the server's user can get to, with a path short enough for a socket, and in memory if there
/// is such a place: the server syncs as it must, which takes long on a busy disk.
#[must_use]
pub fn base() -> &'static Path {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        memory
    } else {
        Path::new("/tmp")
    }
}

fn private_directory(folder: &Path, name: &str) -> PathBuf {
    let name = format!("countersign-pg-{}-{name}-{}", uid(), std::process::id());
    let directory = folder.join(name);
    fs::create_dir_all(&directory).expect("a directory for the server");
    owned(&directory);
    directory
}

fn address(directory: &Path, database: &str) -> String {
    format!("postgres://countersign@{}/{database}", escaped(directory))
}

fn escaped(directory: &Path) -> String {
    directory
        .to_str()
        .expect("a path of ASCII")
        .replace('/', "%2F")
}

/// A program as the server's user: a server refuses to be run by root.
pub fn as_user(program: impl AsRef<OsStr>) -> Command {
    if uid() == 0 {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn as_server(program: &str) -> Command {
    let mut command = as_user(binary(program));
    command
        .current_dir("/tmp")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Debian keeps a server's programs away from the path, by their version.
fn binary(program: &str) -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin").join(program))
        .filter(|path| path.exists())
        .max();
    installed.unwrap_or_else(|| PathBuf::from(program))
}

fn uid() -> u32 {
    fs::metadata("/proc/self").expect("a process").uid()
}

/// Gives a directory to the server's user, and lets others through it.
///
/// # Panics
/// When that is not possible.
pub fn owned(directory: &Path) {
    given(directory);
    let mode = fs::Permissions::from_mode(0o711);
    fs::set_permissions(directory, mode).expect("a directory that others pass through");
}

/// Gives a file to the server's user alone.
///
/// # Panics
/// When that is not possible.
pub fn private(file: &Path) {
    given(file);
    let mode = fs::Permissions::from_mode(0o600);
    fs::set_permissions(file, mode).expect("a file of the server's own");
}

fn given(path: &Path) {
    if uid() == 0 {
        let output = Command::new("id").args(["-u", "postgres"]).output();
        let output = output.expect("the id of the user postgres");
        let id = String::from_utf8_lossy(&output.stdout).trim().parse();
        let id = id.expect("script/test installs PostgreSQL, and its user");
        chown(path, Some(id), None).expect("a path of the server's own");
    }
}

fn make(data: &Path) {
    let made = as_server("initdb")
        .args(["--username=countersign", "--auth=trust", "--encoding=UTF8"])
        .args(["--locale=C", "--no-sync", "--pgdata"])
        .arg(data)
        .status();
    let made = made.expect("script/test installs PostgreSQL");
    assert!(made.success(), "initdb: {made}");
}

fn answers(directory: &Path) -> bool {
    UnixStream::connect(directory.join(".s.PGSQL.5432")).is_ok()
}

/// On a socket only: no port is taken.
fn start(directory: &Path, more: &str) {
    let options = format!(
        "-c listen_addresses= -c unix_socket_directories={} -c max_connections=400 \
         -c shared_buffers=32MB -c log_min_messages=warning {more}",
        directory.display()
    );
    let started = as_server("pg_ctl")
        .args(["--wait", "--timeout=60", "--pgdata"])
        .arg(directory.join("data"))
        .arg("--log")
        .arg(directory.join("data/log"))
        .args(["--options", &options, "start"])
        .status();
    let log = fs::read_to_string(directory.join("data/log")).unwrap_or_default();
    assert!(started.expect("pg_ctl").success(), "{log}");
}

fn stop(directory: &Path) {
    let stopped = as_server("pg_ctl")
        .args(["--wait", "--mode=immediate", "--pgdata"])
        .arg(directory.join("data"))
        .arg("stop")
        .status();
    assert!(stopped.expect("pg_ctl").success(), "the server stops");
}

/// A process that outlives the tests: it stops the server once nobody has used it for a while, and
/// gives back its memory.
fn stop_when_unused(directory: &Path) {
    let script = "while sleep 5; do flock --exclusive --nonblock \"$1/used\" true && break; done
                  flock --exclusive \"$1/starting\" flock --exclusive --nonblock \"$1/used\" sh -c \
                  '\"$2\" -m fast -D \"$1/data\" stop && rm -r \"$1/data\" \"$1/made\"' sh \"$1\" \"$2\"";
    let mut command = as_server("pg_ctl");
    let program = command.get_program().to_owned();
    let before: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let pg_ctl = binary("pg_ctl");
    // Forked off, so that it is nobody's child to wait for.
    command = Command::new("setsid");
    command.arg("--fork");
    if uid() == 0 {
        command.arg(program).args(&before[..before.len() - 1]);
    }
    command
        .args(["sh", "-c", script, "sh"])
        .arg(directory)
        .arg(pg_ctl)
        .current_dir("/tmp")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let forked = command.status();
    assert!(forked.expect("setsid").success(), "the server is stopped");
}

fn lock(path: &Path) -> File {
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .expect("a file to lock");
    let mode = fs::Permissions::from_mode(0o666);
    // The one who made it has seen to it.
    let _ = fs::set_permissions(path, mode);
    file
}

/// A name that differs from directory to directory.
fn short(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
