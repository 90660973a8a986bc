//! A response on its way.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use countersign_entries::OutcomeEnding;
use countersign_node::Node;
use http::HeaderMap;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::{
    ledger::RecordedRequest,
    patience::{Patience, Wait},
    pool::Lent,
    progress::Progress,
    response_headers::is_dropped,
    slot::{Busy, Slot},
    stalled::{self, GiveUp},
};

/// Why a response broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BrokenOff {
    /// Access ended.
    Cut,
    /// The client broke off its request, fell silent before it had sent all of it, or held up the answer
    /// until the upstream had enough.
    Client,
    /// The upstream broke off, or fell silent.
    Upstream,
}

impl std::fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Cut => "access ended while the response was under way",
            Self::Client => "the client broke off its request or held up the response",
            Self::Upstream => "the upstream broke off",
        })
    }
}

impl std::error::Error for BrokenOff {}

/// The body of a response on its way from an upstream to a client, unbuffered.
#[derive(Debug)]
pub(crate) struct Flow {
    body: Incoming,
    node: Arc<Node>,
    /// The client's connection.
    client: Arc<Slot>,
    /// Taken when the response is over, one way or another.
    under_way: Option<Box<UnderWay>>,
    /// How long the upstream may be silent, and for how long until it does not matter any more what the
    /// client held up before.
    patience: Patience,
    /// Runs while the upstream is silent.
    silence: Option<Wait>,
}

#[derive(Debug)]
struct UnderWay {
    request: RecordedRequest,
    lent: Lent,
    _busy: Busy,
}

impl Flow {
    /// From here on, the client's connection carries the session's bytes.
    pub(crate) fn new(
        body: Incoming,
        node: Arc<Node>,
        client: Arc<Slot>,
        request: RecordedRequest,
        lent: Lent,
        patience: Patience,
    ) -> Self {
        client.serve(request.session());
        client.serve_next();
        let busy = client.busy();
        Self {
            body,
            node,
            client,
            under_way: Some(Box::new(UnderWay {
                request,
                lent,
                _busy: busy,
            })),
            patience,
            silence: None,
        }
    }

    fn break_off(&mut self, why: BrokenOff) -> BrokenOff {
        let Some(under_way) = self.under_way.take() else {
            return why;
        };
        let UnderWay { mut request, .. } = *under_way;
        let cut = !self.node.may_flow(request.session());
        let why = if cut { BrokenOff::Cut } else { why };
        match why {
            BrokenOff::Cut => request.end(OutcomeEnding::Cut),
            BrokenOff::Client => request.left(),
            BrokenOff::Upstream => request.end(OutcomeEnding::UpstreamFailed),
        }
        // HTTP/2 resets the one stream; the others of the session are not its business.
        if why == BrokenOff::Cut || !self.client.is_shared() {
            self.client.abort();
        }
        why
    }

    /// The upstream is done; the client is once everything has been flushed.
    fn complete(&mut self) {
        if let Some(under_way) = self.under_way.take() {
            let UnderWay { request, lent, .. } = *under_way;
            self.client.ended(request);
            lent.give_back();
        }
    }

    /// Whether all of the response has come, where no more of it comes. hyper ends a body without an error
    /// also when its connection is dropped, as ours are when a session ends, and when an HTTP/2 product
    /// takes the stream back with `NO_ERROR`.
    fn is_whole(&self) -> bool {
        let lent = self.under_way.as_ref().map(|under_way| &under_way.lent);
        let came = if lent.is_some_and(Lent::is_shared) {
            // An answer to HEAD has a length and ends at once.
            self.body.is_end_stream() || self.has_its_length()
        } else {
            self.body.size_hint().lower() == 0
        };
        came && !lent.is_some_and(Lent::was_cut)
    }

    /// As much has come as was announced; over HTTP/2 the end may come after it.
    fn has_its_length(&self) -> bool {
        self.body.size_hint().exact() == Some(0)
    }

    /// Why there is no more of the response when something ends it: the product is not to answer for a
    /// client.
    fn why(&self, is_the_clients: impl FnOnce(&Progress) -> bool) -> BrokenOff {
        match &self.under_way {
            Some(under_way) if is_the_clients(under_way.lent.progress()) => BrokenOff::Client,
            _ => BrokenOff::Upstream,
        }
    }

    /// Why the upstream's connection has ended: of an upstream that lost patience with the client, that is
    /// heard of once the client takes something again.
    fn why_ended(&self) -> BrokenOff {
        let stalled = if self.client.is_shared() {
            stalled::has_stalled()
        } else {
            self.client.has_stalled()
        };
        self.why(|request| stalled || request.is_given_up_on())
    }

    /// The next of the upstream's body; an error when it broke off or has been silent for too long.
    fn poll_upstream(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let Some(under_way) = &mut self.under_way else {
            return Poll::Ready(None);
        };
        let body = &mut self.body;
        let next = under_way
            .lent
            .poll_for(cx, |cx| Pin::new(&mut *body).poll_frame(cx));
        if let Poll::Ready(next) = next {
            self.silence = None;
            return Poll::Ready(next.map(|frame| frame.map_err(|_| self.why_ended())));
        }
        let patience = self.patience;
        let client = &self.client;
        // Whatever was held up has come by now, and the upstream is still there.
        let forgive = || {
            if client.is_shared() {
                stalled::forgive();
            } else {
                client.serve_next();
            }
        };
        let silence = self.silence.get_or_insert_with(|| Wait::new(patience));
        ready!(silence.poll(cx, forgive));
        Poll::Ready(Some(Err(self.why(Progress::is_the_clients))))
    }
}

impl Body for Flow {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let Some(under_way) = &self.under_way else {
            return Poll::Ready(None);
        };
        if !self.node.may_flow(under_way.request.session()) {
            return Poll::Ready(Some(Err(self.break_off(BrokenOff::Cut))));
        }
        match ready!(self.poll_upstream(cx)) {
            Some(Ok(frame)) => {
                if let (Some(data), Some(under_way)) = (frame.data_ref(), &mut self.under_way) {
                    under_way.request.passed(data.len());
                }
                // Nothing comes after trailers, and hyper does not ask.
                if frame.is_trailers() {
                    self.complete();
                }
                Poll::Ready(Some(Ok(without_dropped(frame))))
            }
            None if self.is_whole() => {
                self.complete();
                Poll::Ready(None)
            }
            Some(Err(why)) => Poll::Ready(Some(Err(self.break_off(why)))),
            None => {
                let why = self.why_ended();
                Poll::Ready(Some(Err(self.break_off(why))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.under_way.is_none() || self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl GiveUp for Flow {
    fn give_up(&mut self) {
        if let Some(under_way) = self.under_way.take() {
            let UnderWay { mut request, .. } = *under_way;
            request.end(OutcomeEnding::ClientGone);
        }
    }
}

impl Drop for Flow {
    /// hyper drops a body that says it is over, or has given all that was announced, without asking it
    /// again.
    fn drop(&mut self) {
        if (self.body.is_end_stream() || self.has_its_length()) && self.is_whole() {
            self.complete();
        }
    }
}

fn without_dropped(frame: Frame<Bytes>) -> Frame<Bytes> {
    match frame.into_trailers() {
        Err(frame) => frame,
        Ok(trailers) => {
            let mut kept = HeaderMap::with_capacity(trailers.len());
            for (name, value) in &trailers {
                if !is_dropped(name.as_str()) {
                    kept.append(name.clone(), value.clone());
                }
            }
            Frame::trailers(kept)
        }
    }
}
