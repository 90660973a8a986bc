//! Hearing of events that others append, on a connection that does nothing else.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countersign_store::Position;
use tokio::{sync::watch, task::AbortHandle, time::sleep};

use crate::{
    connection::{Connector, Purpose},
    fault::Fault,
};

/// What appends notify, with their newest position.
pub(crate) const CHANNEL: &str = "countersign_events";

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(250);

/// The newest position heard of, from this handle or from others. It listens from the first time
/// that somebody waits: whoever runs one command does not.
#[derive(Debug)]
pub(crate) struct Listener {
    connector: Connector,
    heard: Arc<watch::Sender<Position>>,
    listens: Arc<AtomicBool>,
    task: OnceLock<AbortHandle>,
}

impl Listener {
    pub(crate) fn new(connector: Connector) -> Self {
        Self {
            connector,
            heard: Arc::new(watch::Sender::default()),
            listens: Arc::default(),
            task: OnceLock::new(),
        }
    }

    /// Tells those who wait in this process.
    pub(crate) fn tell(&self, position: Position) {
        tell(&self.heard, position);
    }

    /// What is heard from now on.
    pub(crate) fn follow(&self) -> watch::Receiver<Position> {
        self.task.get_or_init(|| {
            let connector = self.connector.clone();
            let (heard, listens) = (Arc::clone(&self.heard), Arc::clone(&self.listens));
            tokio::spawn(keep_listening(connector, heard, listens)).abort_handle()
        });
        self.heard.subscribe()
    }

    /// Whether others are heard; if not, they have to be asked.
    pub(crate) fn listens(&self) -> bool {
        self.listens.load(Ordering::Acquire)
    }

    /// Stops.
    pub(crate) fn close(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whoever waits looks, whatever was heard last: another deployment in the same database, in a schema of
/// its own, notifies positions of its own.
fn tell(heard: &watch::Sender<Position>, position: Position) {
    heard.send_replace(position);
}

async fn keep_listening(
    connector: Connector,
    heard: Arc<watch::Sender<Position>>,
    listens: Arc<AtomicBool>,
) {
    loop {
        let ended = listen(&connector, &heard, &listens).await;
        listens.store(false, Ordering::Release);
        match ended {
            Ok(()) => tracing::warn!("the connection that listens has ended; connecting again"),
            Err(error) => tracing::warn!(%error, "cannot listen to the database; trying again"),
        }
        sleep(PAUSE).await;
    }
}

async fn listen(
    connector: &Connector,
    heard: &watch::Sender<Position>,
    listens: &AtomicBool,
) -> Result<(), Fault> {
    let (connection, mut notifications) = connector.listening(Purpose::Listening).await?;
    connection.batch(&format!("LISTEN {CHANNEL}")).await?;
    listens.store(true, Ordering::Release);
    // Whoever waits looks once more: what was notified before is not heard.
    heard.send_modify(|_| {});
    while let Some(notification) = notifications.recv().await {
        if let Ok(position) = notification.payload().parse() {
            tell(heard, Position(position));
        }
    }
    Ok(())
}
