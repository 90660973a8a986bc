//! The body of a request on its way upstream.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use countersign_domain::SessionId;
use countersign_node::Node;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{Either, Full};
use hyper::body::Incoming;

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
    whole: Whole,
}

/// Whether all of a request has been handed to its connection: a product may answer before, and
/// the connection then still carries this session's bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Whole(Arc<AtomicBool>);

impl Whole {
    pub(crate) fn is_sent(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    fn sent(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Access ended while the request was under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("access ended while the request was under way")
    }
}

impl std::error::Error for Cut {}

impl Outgoing {
    pub(crate) fn new(body: Carried, session: SessionId, node: Arc<Node>) -> Self {
        let whole = Whole::default();
        if body.is_end_stream() {
            whole.sent();
        }
        Self {
            body,
            session,
            node,
            whole,
        }
    }

    pub(crate) fn whole(&self) -> Whole {
        self.whole.clone()
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Failed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failed>>> {
        if !self.node.may_flow(self.session) {
            return Poll::Ready(Some(Err(Cut.into())));
        }
        let next = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame.into_data().ok().map(|data| Ok(Frame::data(data))),
            other => other,
        };
        if next.is_none() || self.body.is_end_stream() {
            self.whole.sent();
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
