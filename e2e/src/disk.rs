//! A disk that can be full, and have room again, without touching anybody else's.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

use crate::Directory;

/// How the disk below a server is made full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmallDisk {
    /// A small file system in memory, in a mount namespace of the server's own: really full
    /// (`ENOSPC`). It takes a user namespace, which anybody may make on most machines, and hardly
    /// anybody, root included, in a container whose filter forbids it.
    Mounted,
    /// Files that must not grow (`RLIMIT_FSIZE`, with its signal ignored): a write fails (`EFBIG`)
    /// where that of a full disk would. It takes no privilege anywhere.
    Limited,
}

/// More than a test writes, and little enough to fill at once.
const SIZE: &str = "size=16m";
const FILLER: &str = "filler";

impl SmallDisk {
    /// Whether this machine lets us mount.
    #[must_use]
    pub fn can_mount() -> bool {
        let directory = Directory::fresh();
        let mounts = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
            .arg("mount -t tmpfs -o size=64k tmpfs \"$0\"")
            .arg(directory.path())
            .stdin(Stdio::null())
            .output();
        mounts.is_ok_and(|output| output.status.success())
    }

    /// What runs a server, given after it, with the databases in `directory` copied to this disk.
    pub(crate) fn runner(self, directory: &Path) -> Vec<String> {
        let (first, prepare): (&[&str], _) = match self {
            Self::Mounted => (
                &["unshare", "--user", "--map-root-user", "--mount"],
                format!("mount -t tmpfs -o {SIZE} tmpfs \"$0/disk\""),
            ),
            Self::Limited => (&[], "trap '' XFSZ".to_owned()),
        };
        let script = format!(
            "mkdir \"$0/disk\" && {prepare} && cp \"$0\"/test.db* \"$0/disk\" && exec \"$@\""
        );
        let directory = directory.display().to_string();
        first
            .iter()
            .map(|word| (*word).to_owned())
            .chain(["sh".to_owned(), "-c".to_owned(), script, directory])
            .collect()
    }

    /// Leaves no room for a single page more.
    pub(crate) fn fill(self, server: Pid, directory: &Path) {
        match self {
            Self::Mounted => {
                let path = seen_by(server, directory).join(FILLER);
                let mut filler = OpenOptions::new()
                    .create_new(true)
                    .append(true)
                    .open(path)
                    .expect("the server's disk is reached through its process");
                for block in [64 * 1024, 4 * 1024, 1] {
                    while filler.write_all(&vec![0; block]).is_ok() {}
                }
            }
            Self::Limited => {
                let log = fs::metadata(directory.join("disk/test.db-wal"));
                limit(server, Some(log.expect("a write-ahead log").len()));
            }
        }
    }

    /// Makes room again.
    pub(crate) fn make_room(self, server: Pid, directory: &Path) {
        match self {
            Self::Mounted => {
                let filler = seen_by(server, directory).join(FILLER);
                fs::remove_file(filler).expect("the filler is there");
            }
            Self::Limited => limit(server, getrlimit(Resource::Fsize).current),
        }
    }
}

/// The disk in the mount namespace of the server.
fn seen_by(server: Pid, directory: &Path) -> std::path::PathBuf {
    let inside = directory.strip_prefix("/").expect("an absolute path");
    let root = format!("/proc/{}/root", server.as_raw_nonzero());
    Path::new(&root).join(inside).join("disk")
}

/// Only the soft limit: raising it again takes no privilege.
fn limit(server: Pid, current: Option<u64>) {
    let maximum = getrlimit(Resource::Fsize).maximum;
    let limit = Rlimit { current, maximum };
    prlimit(Some(server), Resource::Fsize, limit).expect("the limit of a process of our own");
}
