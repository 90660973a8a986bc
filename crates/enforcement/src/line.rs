//! A connection to an upstream.

use std::{
    error::Error as _,
    fmt,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

use h2::Reason;
use http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::{TrySendError, http1, http2},
};
use tokio::task::AbortHandle;

use crate::{outgoing::Outgoing, part::Part, slot::Slot};

/// How sending went.
pub(crate) type Answered = Result<Response<Incoming>, TrySendError<Request<Outgoing>>>;

/// Whether the product says that it has not begun with the request, which it may then be sent once more
/// (RFC 9113 section 8.7): a server does so when it winds a connection up, or has enough to do on it.
pub(crate) fn never_begun(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    cause.is_some_and(|cause: &h2::Error| {
        let refused = cause.is_reset() && cause.reason() == Some(Reason::REFUSED_STREAM);
        // h2 says of a stream that the connection went away only if that left the stream out.
        let left_out = cause.is_go_away() && cause.reason() == Some(Reason::NO_ERROR);
        cause.is_remote() && (refused || left_out)
    })
}

/// One connection.
#[derive(Debug)]
pub(crate) enum Line {
    /// HTTP/1.1.
    Own(Own),
    /// HTTP/2.
    Shared(Arc<Shared>),
}

/// An HTTP/1.1 connection. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Own {
    sender: http1::SendRequest<Outgoing>,
    pub(crate) slot: Arc<Slot>,
    work: Work,
}

/// An HTTP/2 connection of one session. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) sender: http2::SendRequest<Outgoing>,
    pub(crate) slot: Arc<Slot>,
    _task: Running,
}

/// What drives a connection until it is over.
pub(crate) type Driver = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Who does the work on a connection: reading, writing, watching whether it is over.
enum Work {
    /// The task that waits for what comes of it, as a part of what it does. An idle connection is
    /// looked at from time to time.
    Here(Part<Driver>),
    /// A task of its own.
    Apart(#[allow(dead_code, reason = "dropped, it ends the task")] Running),
    /// Nobody: it is closed.
    Done,
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Here(_) => "Here",
            Self::Apart(_) => "Apart",
            Self::Done => "Done",
        })
    }
}

/// The task that drives a connection.
#[derive(Debug)]
struct Running(AbortHandle);

impl Running {
    fn start(driver: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(driver).abort_handle())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Line {
    pub(crate) fn slot(&self) -> &Arc<Slot> {
        match self {
            Self::Own(line) => &line.slot,
            Self::Shared(line) => &line.slot,
        }
    }

    /// Polls for what comes over the connection.
    pub(crate) fn poll_for<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut wanted: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        match self {
            Self::Own(line) => line.work.poll_for(cx, wanted),
            Self::Shared(_) => wanted(cx),
        }
    }
}

impl Shared {
    pub(crate) fn new(
        sender: http2::SendRequest<Outgoing>,
        slot: Arc<Slot>,
        driver: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self {
            sender,
            slot,
            _task: Running::start(driver),
        }
    }
}

impl Own {
    pub(crate) fn new(
        sender: http1::SendRequest<Outgoing>,
        slot: Arc<Slot>,
        driver: Driver,
    ) -> Self {
        Self {
            sender,
            slot,
            work: Work::Here(Part::new(driver)),
        }
    }

    /// Sends a request and waits for the head of its response.
    pub(crate) fn send(
        &mut self,
        request: Request<Outgoing>,
    ) -> impl Future<Output = Answered> + use<'_> {
        let response = self.sender.try_send_request(request);
        let work = &mut self.work;
        async move {
            let mut response = pin!(response);
            poll_fn(|cx| work.poll_for(cx, |cx| response.as_mut().poll(cx))).await
        }
    }

    /// Whether it can take a request now. Everything that has happened on it meanwhile is seen to.
    pub(crate) fn is_ready(&mut self) -> bool {
        self.work.goes_on() && self.sender.is_ready() && self.slot.free()
    }

    /// Whether it is still open, and not idle for too long.
    pub(crate) fn is_open(&mut self) -> bool {
        self.work.goes_on()
    }

    /// Has a task of its own do the work from now on, whatever becomes of the response.
    pub(crate) fn set_apart(&mut self) {
        if let Work::Here(part) = std::mem::replace(&mut self.work, Work::Done) {
            self.work = Work::Apart(Running::start(part.into_inner()));
        }
    }
}

impl Work {
    fn poll_for<T>(
        &mut self,
        cx: &mut Context<'_>,
        mut wanted: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        if let Self::Here(part) = self {
            match part.poll_for(cx, &mut wanted) {
                Poll::Ready(Ok(wanted)) => return Poll::Ready(wanted),
                Poll::Ready(Err(())) => *self = Self::Done,
                Poll::Pending => return Poll::Pending,
            }
        }
        // Of a connection that is closed, this says so.
        wanted(cx)
    }

    /// One step without waiting; nobody is woken for what comes after it.
    fn goes_on(&mut self) -> bool {
        if let Self::Here(part) = self
            && part.turn().is_ready()
        {
            *self = Self::Done;
        }
        matches!(self, Self::Here(_))
    }
}
