//! How far a request has got, and who keeps it.
//!
//! What is on the log as the product's failure has to be the product's: a client could otherwise
//! have it there by breaking off what it sends, or by sending it slowly.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    task::Poll,
    time::Duration,
};

use futures_util::{
    future::{Either, select},
    task::AtomicWaker,
};
use tokio::time::timeout;

/// How far a request has got on the way to its connection. A product may answer before it has all
/// of it, and the connection then still carries this session's bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    at: AtomicU8,
    waiting: AtomicWaker,
}

/// The connection has not asked for more than the client has sent.
const UNDER_WAY: u8 = 0;
/// The connection has asked for more, and the client has not sent it.
const LACKING: u8 = 1;
/// That has been so for longer than a product need wait.
const STALLED: u8 = 2;
/// All of it has been handed to its connection.
const SENT: u8 = 3;
/// The client broke it off.
const BROKEN_OFF: u8 = 4;

impl Progress {
    fn at(&self) -> u8 {
        self.0.at.load(Ordering::Acquire)
    }

    fn set(&self, at: u8) {
        self.0.at.store(at, Ordering::Release);
    }

    fn end(&self, at: u8) {
        self.set(at);
        self.0.waiting.wake();
    }

    pub(crate) fn goes_on(&self) {
        self.set(UNDER_WAY);
    }

    pub(crate) fn lacks(&self) {
        self.set(LACKING);
    }

    pub(crate) fn stalls(&self) {
        self.set(STALLED);
    }

    pub(crate) fn sent(&self) {
        self.end(SENT);
    }

    pub(crate) fn broke_off(&self) {
        self.end(BROKEN_OFF);
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.at() == SENT
    }

    /// Whether it is its client's doing when the product's connection ends.
    pub(crate) fn is_given_up_on(&self) -> bool {
        matches!(self.at(), STALLED | BROKEN_OFF)
    }

    /// What has not been sent is for the client to send.
    pub(crate) fn is_the_clients(&self) -> bool {
        matches!(self.at(), LACKING | STALLED | BROKEN_OFF)
    }

    /// Waits until nothing more of it will come.
    async fn ended(&self) {
        poll_fn(|cx| {
            // In this order: an end that comes from now on is heard.
            self.0.waiting.register(cx.waker());
            if self.at() >= SENT {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

/// What did not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missed {
    /// The rest of the request, from the client.
    Request,
    /// The answer, or that the product takes the request.
    Answer,
}

/// Waits for the answer to a request: for as long as its client may take to send it, and then for as
/// long as the product may take to answer it.
pub(crate) async fn in_time<A>(
    answer: impl Future<Output = A>,
    progress: &Progress,
    limit: Duration,
) -> Result<A, Missed> {
    let mut answer = pin!(answer);
    if !progress.is_sent() {
        // Few requests have a body, and what this takes would be in every request's future.
        let ended = Box::pin(timeout(limit, progress.ended()));
        let sending = select(answer.as_mut(), ended).await;
        if let Either::Left((answer, _)) = sending {
            return Ok(answer);
        }
        if progress.is_the_clients() {
            return Err(Missed::Request);
        }
        if !progress.is_sent() {
            return Err(Missed::Answer);
        }
    }
    let answered = timeout(limit, answer).await;
    answered.map_err(|_| Missed::Answer)
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::{Instant, sleep};

    use super::*;

    const LIMIT: Duration = Duration::from_mins(1);

    #[allow(clippy::disallowed_methods)] // Time stands still until nothing else can go on.
    /// What is missed, and when, while `client` does as it does and the product is silent.
    async fn missed(client: impl AsyncFnOnce(&Progress)) -> (Missed, Duration) {
        let (progress, began) = (Progress::default(), Instant::now());
        let sending = async {
            client(&progress).await;
            pending::<()>().await;
        };
        let waiting = in_time(pending::<()>(), &progress, LIMIT);
        match select(pin!(waiting), pin!(sending)).await {
            Either::Left((missed, _)) => (missed.unwrap_err(), began.elapsed()),
            Either::Right(_) => unreachable!("it is pending"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_has_its_time_to_send_and_the_product_its_own_to_answer() {
        assert_eq!(
            missed(async |request| request.sent()).await,
            (Missed::Answer, LIMIT)
        );
        let late = LIMIT - Duration::from_secs(1);
        let slow = missed(async |request| {
            request.lacks();
            sleep(late).await;
            request.sent();
        });
        assert_eq!(slow.await, (Missed::Answer, late + LIMIT));
        let stalled = missed(async |request| request.lacks());
        assert_eq!(stalled.await, (Missed::Request, LIMIT));
        let dripping = missed(async |request| {
            loop {
                request.goes_on();
                request.lacks();
                sleep(Duration::from_secs(1)).await;
            }
        });
        assert_eq!(dripping.await, (Missed::Request, LIMIT));
        let broken = missed(async |request| {
            sleep(late).await;
            request.broke_off();
        });
        assert_eq!(broken.await, (Missed::Request, late));
        // It has sent what it was asked for, and the product takes no more.
        let not_taken = missed(async |request| {
            request.lacks();
            request.goes_on();
        });
        assert_eq!(not_taken.await, (Missed::Answer, LIMIT));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_counts_however_far_the_request_has_got() {
        for at in [UNDER_WAY, LACKING, STALLED, SENT] {
            let progress = Progress::default();
            progress.set(at);
            let answer = async {
                sleep(LIMIT / 2).await;
                at
            };
            assert_eq!(in_time(answer, &progress, LIMIT).await, Ok(at));
        }
    }
}
