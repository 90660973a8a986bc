//! Where the callers on one thread bring what is to be recorded, and get their answers.

use std::{
    mem,
    sync::{Arc, Mutex},
};

use tokio::sync::{Notify, oneshot};

use crate::{
    Node,
    node::locked,
    recorder::{Durable, Job, RecordError, Waiting},
};

/// A desk for the callers of one event loop. What they bring in one turn of the loop goes to the
/// recorder together, and the answers of a batch come back together: neither thread is woken for
/// each on its own.
#[derive(Debug)]
pub struct Desk {
    /// None in a process that records nothing.
    recorder: Option<Arc<Waiting>>,
    brought: Mutex<Vec<Job>>,
    laid: Mutex<Vec<Laid>>,
    more: Notify,
}

/// An answer and whose it is.
#[derive(Debug)]
pub(crate) enum Laid {
    Request(
        oneshot::Sender<Result<Durable, RecordError>>,
        Result<Durable, RecordError>,
    ),
    Refused(
        oneshot::Sender<Result<(), RecordError>>,
        Result<(), RecordError>,
    ),
}

impl Desk {
    /// A desk of the event loop that this is called on, for as long as that runs.
    #[must_use]
    pub fn open(node: &Node) -> Arc<Self> {
        let desk = Arc::new(Self {
            recorder: node.waiting.clone(),
            brought: Mutex::default(),
            laid: Mutex::default(),
            more: Notify::new(),
        });
        let clerk = Arc::clone(&desk);
        tokio::spawn(async move {
            loop {
                clerk.more.notified().await;
                clerk.hand_out();
                clerk.pass_on();
            }
        });
        desk
    }

    /// Brings something to be recorded.
    pub(crate) fn bring(&self, job: Job) {
        if let Some(recorder) = &self.recorder {
            recorder.comes();
        }
        locked(&self.brought).push(job);
        self.more.notify_one();
    }

    pub(crate) fn lay(&self, answer: Laid) {
        locked(&self.laid).push(answer);
    }

    /// What was laid can be handed out.
    pub(crate) fn call(&self) {
        self.more.notify_one();
    }

    fn hand_out(&self) {
        let laid = mem::take(&mut *locked(&self.laid));
        for answer in laid {
            answer.hand_over();
        }
    }

    fn pass_on(&self) {
        let brought = mem::take(&mut *locked(&self.brought));
        // Dropped, a job answers by saying nothing.
        if let Some(recorder) = &self.recorder
            && !brought.is_empty()
        {
            recorder.enqueue(brought);
        }
    }
}

impl Laid {
    pub(crate) fn hand_over(self) {
        match self {
            // For a client that has gone away, dropping the request records that it was not sent.
            Self::Request(caller, answer) => drop(caller.send(answer)),
            Self::Refused(caller, answer) => {
                if let Err(Err(error)) = caller.send(answer) {
                    tracing::warn!(%error, "a refused request could not be logged");
                }
            }
        }
    }
}
