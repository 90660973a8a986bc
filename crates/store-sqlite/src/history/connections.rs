//! A few reading connections of their own, so that whoever looks back far takes none from those who
//! sign in or approve.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use countersign_store::Unavailable;
use rusqlite::{Connection, OpenFlags};
use tokio::{sync::Semaphore, task::spawn_blocking, time::timeout};

use crate::{
    fault::Fault,
    open::{BUSY_TIMEOUT, READ_TIMEOUT},
};

/// How many pages are read at a time; others wait for their turn.
const MOST: u32 = 4;
/// Prepared statements kept.
const STATEMENTS: usize = 32;

#[derive(Debug)]
pub(crate) struct Connections {
    path: PathBuf,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Connections {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            places: Arc::new(Semaphore::new(MOST as usize)),
            idle: Arc::default(),
        }
    }

    /// Runs `work` on one consistent view of the file. It runs to its end whatever becomes of the
    /// caller.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Unavailable> {
        let place = timeout(READ_TIMEOUT, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| Unavailable("too many are looking back at once".to_owned()))?
            .map_err(|_| Unavailable("the store is closed".to_owned()))?;
        let (path, idle) = (self.path.clone(), Arc::clone(&self.idle));
        let done = spawn_blocking(move || {
            let _place = place;
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match kept {
                Some(connection) => connection,
                None => open(&path)?,
            };
            let value = {
                // Dropping it ends the view; nothing was written.
                let _view = connection.unchecked_transaction()?;
                work(&connection)?
            };
            let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.push(connection);
            Ok::<T, Fault>(value)
        });
        Ok(done
            .await
            .map_err(|error| Unavailable(error.to_string()))??)
    }

    /// Closes every connection, after what is under way.
    pub(crate) async fn close(&self) {
        // Closed for others only after those who are in have come out.
        let _all = self.places.acquire_many(MOST).await;
        self.places.close();
        let idle = Arc::clone(&self.idle);
        let closed = spawn_blocking(move || {
            idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        });
        // A runtime that is going away closes them by itself.
        let _ = closed.await;
    }
}

fn open(path: &Path) -> Result<Connection, Fault> {
    // One thread at a time has it, so SQLite need not lock it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}
