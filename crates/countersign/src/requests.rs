//! Telling whether a connection is used.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Request, middleware, middleware::Next};
use tokio::time::sleep;

/// The requests of one connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    begun: AtomicU64,
    answered: AtomicU64,
}

/// Counts a request as answered, whatever becomes of it.
struct Answered(Arc<Counts>);

impl Drop for Answered {
    fn drop(&mut self) {
        self.0.answered.fetch_add(1, Ordering::Relaxed);
    }
}

impl Requests {
    /// The routes, with every request counted.
    pub(crate) fn counted(&self, routes: Router) -> Router {
        let counts = Arc::clone(&self.0);
        routes.layer(middleware::from_fn(move |request: Request, next: Next| {
            counts.begun.fetch_add(1, Ordering::Relaxed);
            let answered = Answered(Arc::clone(&counts));
            async move {
                let response = next.run(request).await;
                drop(answered);
                response
            }
        }))
    }

    /// Returns when none has been under way for `idle`, and at most twice that.
    pub(crate) async fn none_for(&self, idle: Duration) {
        let mut seen = 0;
        loop {
            sleep(idle).await;
            let begun = self.0.begun.load(Ordering::Relaxed);
            if begun == seen && begun == self.0.answered.load(Ordering::Relaxed) {
                return;
            }
            seen = begun;
        }
    }
}
