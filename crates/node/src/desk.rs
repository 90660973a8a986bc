//! Where answers are laid for the callers on one thread.

use std::{
    mem,
    sync::{Arc, Mutex},
};

use tokio::sync::{Notify, oneshot};

use crate::{
    node::locked,
    recorder::{Durable, RecordError},
};

/// Answers for the callers of one event loop. Those of a batch are laid here together and handed
/// out on that loop, which is woken once for all of them rather than once for each.
#[derive(Debug, Default)]
pub struct Desk {
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
    pub fn open() -> Arc<Self> {
        let desk = Arc::<Self>::default();
        let hands = Arc::clone(&desk);
        tokio::spawn(async move {
            loop {
                hands.more.notified().await;
                hands.hand_out();
            }
        });
        desk
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
}

impl Laid {
    fn hand_over(self) {
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
