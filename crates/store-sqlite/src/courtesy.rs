//! Letting in who waits to write, in another process or through another handle.
//!
//! SQLite has no queue: whoever waits for its write lock asks again after a while, and one who writes
//! batch after batch has the lock whenever that is. So a writer that finds it taken says that it waits,
//! by a shared lock on a file beside the database, and whoever records looks there before each batch
//! and leaves a gap. The kernel lets go of the lock of a process that dies.

use std::{
    fs::File,
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use rustix::fs::{FlockOperation, flock};
use tokio::time::{sleep, timeout};

/// How long whoever records leaves the lock to those who wait. SQLite asks again after a tenth of
/// a second at the latest.
const LONGEST: Duration = Duration::from_millis(150);
/// How often it looks whether they have got it.
const PAUSE: Duration = Duration::from_millis(1);

/// The file beside the database.
#[derive(Debug)]
pub(crate) struct Courtesy {
    path: PathBuf,
    /// Kept open for looking.
    look: OnceLock<Option<File>>,
}

/// Somebody waits until this is dropped.
#[derive(Debug)]
pub(crate) struct Waits(#[allow(dead_code, reason = "open, it holds the lock")] File);

impl Courtesy {
    pub(crate) fn beside(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push("-waiting");
        Self {
            path: name.into(),
            look: OnceLock::new(),
        }
    }

    /// Says that somebody waits.
    pub(crate) fn wait(&self) -> io::Result<Waits> {
        let file = open(&self.path)?;
        flock(&file, FlockOperation::LockShared)?;
        Ok(Waits(file))
    }

    /// Returns when those who wait have got the lock, or have had the time to.
    pub(crate) async fn let_in(&self) {
        let gone = async {
            while self.somebody_waits() {
                sleep(PAUSE).await;
            }
        };
        // Whoever waits longer than that asks again meanwhile.
        let _ = timeout(LONGEST, gone).await;
    }

    /// A file that cannot be looked at holds nobody up.
    fn somebody_waits(&self) -> bool {
        let Some(file) = self.look.get_or_init(|| open(&self.path).ok()) else {
            return false;
        };
        let free = flock(file, FlockOperation::NonBlockingLockExclusive).is_ok();
        if free {
            // Letting go of a lock that is held cannot fail.
            let _ = flock(file, FlockOperation::Unlock);
        }
        !free
    }
}

fn open(path: &Path) -> io::Result<File> {
    File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}
