//! Running what an HTTP/2 connection spawns, for no longer than the connection.

use std::future::Future;

use hyper::rt::Executor;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Runs a connection's own tasks until the connection is over: hyper would let them, and the socket
/// they hold, live on until they are done.
#[derive(Clone, Debug)]
pub(crate) struct Attached(CancellationToken);

impl Attached {
    /// An executor, and the guard that ends what it runs.
    pub(crate) fn new() -> (Self, DropGuard) {
        let over = CancellationToken::new();
        (Self(over.clone()), over.drop_guard())
    }
}

impl<F> Executor<F> for Attached
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, future: F) {
        let over = self.0.clone();
        tokio::spawn(async move {
            tokio::select! {
                biased;
                () = over.cancelled() => {}
                _ = future => {}
            }
        });
    }
}
