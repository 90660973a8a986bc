//! The body of a request on its way upstream.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use countersign_domain::SessionId;
use countersign_node::Node;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use tokio::time::{Sleep, sleep};

use crate::progress::Progress;

/// What a request carries: looked into and held whole, or flowing.
pub(crate) type Carried = Either<Full<Bytes>, Incoming>;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The body of a request on its way upstream. It flows for as long as the session runs, and without
/// trailers: a product could take them for headers that are never believed from a client.
#[derive(Debug)]
pub(crate) struct Outgoing {
    body: Carried,
    session: SessionId,
    node: Arc<Node>,
    progress: Progress,
    /// How long the client may send nothing before a product need not wait for it.
    patience: Duration,
    /// Runs while the client sends nothing.
    lacking: Option<Pin<Box<Sleep>>>,
}

/// Why nothing more of a request goes upstream, where its body does not say so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stopped {
    /// Access ended.
    Cut,
    /// The body is over before its announced length.
    Short,
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cut => "access ended while the request was under way",
            Self::Short => "the request ended before its announced length",
        })
    }
}

impl std::error::Error for Stopped {}

impl Outgoing {
    pub(crate) fn new(
        body: Carried,
        session: SessionId,
        node: Arc<Node>,
        patience: Duration,
    ) -> Self {
        let progress = Progress::default();
        if body.is_end_stream() {
            progress.sent();
        }
        Self {
            body,
            session,
            node,
            progress,
            patience,
            lacking: None,
        }
    }

    fn lacks(&mut self, cx: &mut Context<'_>) {
        let patience = self.patience;
        let lacking = self.lacking.get_or_insert_with(|| {
            self.progress.lacks();
            Box::pin(sleep(patience))
        });
        if lacking.as_mut().poll(cx).is_ready() {
            self.progress.stalls();
        }
    }

    pub(crate) fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// The same once more, if nothing of it is still to come from the client.
    fn again(&self) -> Option<Self> {
        let body = match &self.body {
            Either::Left(held) => held.clone(),
            Either::Right(flowing) if flowing.is_end_stream() => Full::default(),
            Either::Right(_) => return None,
        };
        let node = Arc::clone(&self.node);
        let again = Either::Left(body);
        Some(Self::new(again, self.session, node, self.patience))
    }
}

/// The same request once more, if that can be had.
pub(crate) fn again(request: &Request<Outgoing>) -> Option<Request<Outgoing>> {
    let mut again = Request::new(request.body().again()?);
    again.method_mut().clone_from(request.method());
    again.uri_mut().clone_from(request.uri());
    again.headers_mut().clone_from(request.headers());
    Some(again)
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Failed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failed>>> {
        if !self.node.may_flow(self.session) {
            return Poll::Ready(Some(Err(Stopped::Cut.into())));
        }
        let Poll::Ready(next) = Pin::new(&mut self.body).poll_frame(cx) else {
            self.lacks(cx);
            return Poll::Pending;
        };
        self.lacking = None;
        let next = match next {
            Some(Ok(frame)) => frame.into_data().ok().map(|data| Ok(Frame::data(data))),
            // An HTTP/2 client that resets its stream without an error ends its body so.
            None if self.body.size_hint().lower() > 0 => Some(Err(Stopped::Short.into())),
            other => other,
        };
        match &next {
            Some(Err(_)) => self.progress.broke_off(),
            Some(Ok(_)) if !self.body.is_end_stream() => self.progress.goes_on(),
            Some(Ok(_)) | None => self.progress.sent(),
        }
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
