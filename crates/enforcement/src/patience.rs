//! How long somebody is waited for: first for as long as others wait without a word, then until they are
//! given up.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::{Sleep, sleep};

/// How long somebody is waited for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// After so long it shows.
    pub(crate) shows: Duration,
    /// After so long it is over.
    pub(crate) ends: Duration,
}

/// Somebody being waited for.
#[derive(Debug)]
pub(crate) struct Wait {
    stage: Pin<Box<Sleep>>,
    /// Until the end, while it does not show yet.
    rest: Option<Duration>,
}

impl Wait {
    /// Begins to wait.
    pub(crate) fn new(patience: Patience) -> Self {
        let shows = patience.shows.min(patience.ends);
        Self {
            stage: Box::pin(sleep(shows)),
            rest: Some(patience.ends.saturating_sub(shows)),
        }
    }

    /// Waits until the end; `shows` is called once on the way.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, shows: impl FnOnce()) -> Poll<()> {
        ready!(self.stage.as_mut().poll(cx));
        let Some(rest) = self.rest.take() else {
            return Poll::Ready(());
        };
        shows();
        self.stage = Box::pin(sleep(rest));
        self.stage.as_mut().poll(cx)
    }
}
