//! Hearing of events that others append, of what they acknowledge and record, on a connection that does
//! nothing else.

use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use countersign_store::{
    Acknowledgements, Position,
    alike::{Complaint, Tips},
};
use tokio::{sync::watch, task::AbortHandle, time::sleep};

use crate::{
    connection::{Connector, Purpose},
    fault::Fault,
    herald,
};

/// What appends notify, with their newest position.
pub(crate) const EVENTS: &str = "countersign_events";
/// What acknowledgements notify.
const LEASES: &str = "countersign_leases";
/// What is told of entries, with where logs end.
pub(crate) const ENTRIES: &str = "countersign_entries";

/// How long to wait before connecting again.
const PAUSE: Duration = Duration::from_millis(250);

/// The newest position heard of, from this handle or from others. It listens from the first time
/// that somebody waits: whoever runs one command does not.
#[derive(Debug)]
pub(crate) struct Listener {
    connector: Connector,
    heard: Arc<Heard>,
    task: OnceLock<AbortHandle>,
}

#[derive(Debug)]
struct Heard {
    tips: Arc<Tips>,
    events: watch::Sender<Position>,
    leases: watch::Sender<()>,
    /// Whether others are heard at all.
    listens: AtomicBool,
}

impl Listener {
    pub(crate) fn new(connector: Connector, tips: Arc<Tips>) -> Self {
        Self {
            connector,
            heard: Arc::new(Heard {
                tips,
                events: watch::Sender::default(),
                leases: watch::Sender::default(),
                listens: AtomicBool::default(),
            }),
            task: OnceLock::new(),
        }
    }

    /// Tells those who wait in this process.
    pub(crate) fn tell(&self, position: Position) {
        self.heard.event(position);
    }

    /// What is heard from now on.
    pub(crate) fn follow(&self) -> watch::Receiver<Position> {
        self.task.get_or_init(|| {
            let connector = self.connector.clone();
            let heard = Arc::clone(&self.heard);
            tokio::spawn(keep_listening(connector, heard)).abort_handle()
        });
        self.heard.events.subscribe()
    }

    /// Whether this handle follows others at all: whoever runs one command does not.
    pub(crate) fn follows(&self) -> bool {
        self.task.get().is_some()
    }

    /// Whether others are heard; if not, they have to be asked.
    pub(crate) fn listens(&self) -> bool {
        self.heard.listens.load(Ordering::Acquire)
    }

    /// Word of acknowledgements from now on, if others are heard.
    pub(crate) fn acknowledgements(&self) -> Acknowledgements {
        if self.listens() {
            Acknowledgements::heard(self.heard.leases.subscribe())
        } else {
            Acknowledgements::default()
        }
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

impl Heard {
    /// Whoever waits looks, whatever was heard last: another deployment in the same database, in a schema of
    /// its own, notifies positions of its own.
    fn event(&self, position: Position) {
        self.events.send_replace(position);
    }

    /// Whoever waits looks once more.
    fn anything(&self) {
        self.events.send_modify(|_| {});
        self.acknowledged();
    }

    fn acknowledged(&self) {
        self.leases.send_modify(|()| {});
    }
}

async fn keep_listening(connector: Connector, heard: Arc<Heard>) {
    let mut complaint = Complaint::default();
    loop {
        let ended = listen(&connector, &heard).await;
        heard.listens.store(false, Ordering::Release);
        // Those who wait to be told have to look for themselves from now on.
        heard.anything();
        match ended {
            Ok(()) => {
                complaint.works();
                tracing::warn!("the connection that listens has ended; connecting again");
            }
            Err(error) => {
                if let Some(times) = complaint.wrong(&error) {
                    tracing::warn!(%error, times, "cannot listen to the database; trying again");
                }
            }
        }
        sleep(PAUSE).await;
    }
}

async fn listen(connector: &Connector, heard: &Heard) -> Result<(), Fault> {
    let (connection, mut notifications) = connector.listening(Purpose::Listening).await?;
    connection
        .batch(&format!(
            "LISTEN {EVENTS}; LISTEN {LEASES}; LISTEN {ENTRIES}"
        ))
        .await?;
    heard.listens.store(true, Ordering::Release);
    // What was notified before is not heard.
    heard.anything();
    while let Some(notification) = notifications.recv().await {
        let said = notification.payload();
        match notification.channel() {
            LEASES => heard.acknowledged(),
            ENTRIES => heard.tips.moved(&herald::heard(said)),
            _ => {
                if let Ok(position) = said.parse() {
                    heard.event(Position(position));
                }
            }
        }
    }
    Ok(())
}
