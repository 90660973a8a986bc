//! Telling whether a connection is used.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    middleware,
    middleware::Next,
};
use http_body::{Frame, SizeHint};
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

/// A body that is being sent: an answer that streams is under way until its end.
struct Answering {
    body: Body,
    _answered: Answered,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

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
                next.run(request).await.map(|body| {
                    Body::new(Answering {
                        body,
                        _answered: answered,
                    })
                })
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

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use futures_util::stream;
    use tower::ServiceExt;

    use super::*;

    const IDLE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_under_way_until_its_body_has_ended() {
        let endless =
            || async { Body::from_stream(stream::pending::<Result<Bytes, axum::Error>>()) };
        let requests = Requests::default();
        let routes = requests.counted(Router::new().route("/", get(endless)));
        let request = Request::builder().body(Body::empty()).unwrap();
        let answer = routes.oneshot(request).await.unwrap();
        let idle = tokio::spawn(async move { requests.none_for(IDLE).await });
        sleep(IDLE * 10).await;
        assert!(!idle.is_finished(), "it streams");
        drop(answer);
        sleep(IDLE * 3).await;
        assert!(idle.is_finished(), "it has ended");
    }
}
