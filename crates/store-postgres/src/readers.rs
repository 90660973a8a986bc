//! Connections that read, each at most one consistent view at a time.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    connection::{Connection, Connector, Purpose},
    fault::Fault,
    volley::{Answers, Volley},
};

/// How long a read waits for a connection.
const WAIT: Duration = Duration::from_secs(10);

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A few connections.
#[derive(Debug)]
pub(crate) struct Readers {
    connector: Connector,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn new(connector: Connector, most: usize) -> Self {
        Self {
            connector,
            places: Arc::new(Semaphore::new(most)),
            idle: Arc::default(),
        }
    }

    /// One consistent view of the database.
    pub(crate) async fn view(&self) -> Result<View, Fault> {
        let mut begins = Volley::default();
        begins.push(BEGIN, vec![]);
        let (view, _) = self.begun(&begins).await?;
        Ok(view)
    }

    /// One consistent view of the database, and what was asked of it as it began. Whoever asks so finds every
    /// row by an index, whatever is in the parameters, and nothing is planned anew in this view.
    pub(crate) async fn ask(&self, asks: Volley) -> Result<(View, Answers), Fault> {
        let mut volley = Volley::default();
        volley.push(BEGIN, vec![]);
        volley.push("SET LOCAL plan_cache_mode = force_generic_plan", vec![]);
        volley.extend(asks);
        let (view, found) = self.begun(&volley).await?;
        Ok((view, found.after(1)))
    }

    async fn begun(&self, volley: &Volley) -> Result<(View, Answers), Fault> {
        let place = timeout(WAIT, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| Fault::Late(WAIT.as_secs()))?
            .map_err(|_| Fault::Caller("the store is closed".to_owned()))?;
        let mut place = place;
        // A connection that ended while nobody used it is no reason to fail.
        while let Some(connection) = self.pop() {
            if connection.is_closed() {
                continue;
            }
            let view = self.of(connection, place);
            match view.begin(volley).await {
                Ok(found) => return Ok((view, found?)),
                Err(_) => place = view.give_up(),
            }
        }
        let connection = self.connector.connect(Purpose::Reading).await?;
        let view = self.of(connection, place);
        let found = view.begin(volley).await??;
        Ok((view, found))
    }

    fn pop(&self) -> Option<Connection> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    fn of(&self, connection: Connection, place: OwnedSemaphorePermit) -> View {
        View {
            held: Some((connection, place)),
            idle: Arc::clone(&self.idle),
        }
    }

    /// Closes every connection that is idle, and keeps others from being opened.
    pub(crate) fn close(&self) {
        self.places.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// A consistent view. It ends when this is dropped, whatever is being read: the connection is used
/// again once that has come to its end.
#[derive(Debug)]
pub(crate) struct View {
    held: Option<(Connection, OwnedSemaphorePermit)>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl View {
    /// Ends it, and with it the locks that were taken in it, before anything else is done.
    pub(crate) async fn end(mut self) {
        if let Some((connection, place)) = self.held.take() {
            give_back(connection, &place, &self.idle).await;
        }
    }

    /// Closes the connection, and leaves its place to another.
    #[allow(clippy::expect_used, reason = "as below")]
    fn give_up(mut self) -> OwnedSemaphorePermit {
        self.held.take().expect("a view has a connection").1
    }
}

impl Deref for View {
    type Target = Connection;

    #[allow(
        clippy::expect_used,
        reason = "only dropping it takes the connection out"
    )]
    fn deref(&self) -> &Connection {
        &self.held.as_ref().expect("a view has a connection").0
    }
}

impl Drop for View {
    fn drop(&mut self) {
        let Some((connection, place)) = self.held.take() else {
            return;
        };
        // A runtime that is going away closes the connection by itself.
        if let Ok(runtime) = Handle::try_current() {
            let idle = Arc::clone(&self.idle);
            runtime.spawn(async move { give_back(connection, &place, &idle).await });
        }
    }
}

async fn give_back(
    connection: Connection,
    place: &OwnedSemaphorePermit,
    idle: &Mutex<Vec<Connection>>,
) {
    if connection.end_view().await.is_ok() && !place.semaphore().is_closed() {
        idle.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }
}
