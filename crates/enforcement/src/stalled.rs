//! Giving up an HTTP/2 stream whose client takes nothing.
//!
//! Over HTTP/1.1 a client that takes nothing holds up a write, and that ends its connection. Over
//! HTTP/2 it may leave the window of one stream shut: nothing is written, hyper waits, and the other
//! streams go on. So each stream has a deadline of its own. What waits for the client is told from
//! what waits for the product by who was asked last.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{Either, Full};
use hyper::rt::Executor;
use tokio::task_local;

use crate::{
    executor::Attached,
    patience::{Patience, Wait},
};

/// As much as is handed on at a time: a client has to take that much within the deadline.
const PIECE: usize = 16 * 1024;

task_local! {
    /// The stream whose task runs.
    static STREAM: Arc<Stream>;
}

/// How an answer is getting on.
#[derive(Debug, Default)]
struct Stream {
    /// How many pieces have been handed on, so that one is told from the next.
    handed: AtomicU64,
    /// The last one has not been taken, as far as is known.
    waits: AtomicBool,
    /// It was not taken for a while.
    stalled: AtomicBool,
    given_up: AtomicBool,
}

/// Runs the streams of a connection, each for as long as its client takes something.
#[derive(Clone, Debug)]
pub(crate) struct Streams {
    attached: Attached,
    patience: Patience,
}

impl Streams {
    /// `patience` is how long a client may take nothing of what it asked for.
    pub(crate) fn new(attached: Attached, patience: Patience) -> Self {
        Self { attached, patience }
    }
}

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, future: F) {
        let stream = Arc::new(Stream::default());
        let running = run(future, Arc::clone(&stream), self.patience);
        self.attached.execute(STREAM.scope(stream, running));
    }
}

/// Runs a stream to its end, or until its client has taken nothing for too long. Dropping what
/// answers it has h2 reset it.
async fn run(answering: impl Future, stream: Arc<Stream>, patience: Patience) {
    let mut answering = pin!(answering);
    let stalls = || stream.stalled.store(true, Ordering::Relaxed);
    let mut waiting: Option<(u64, Wait)> = None;
    poll_fn(|cx| {
        // Before what answers is asked: it may be told why there is no more.
        let over = match &mut waiting {
            Some((_, wait)) => wait.poll(cx, stalls),
            None => Poll::Pending,
        };
        if answering.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if !stream.waits.load(Ordering::Relaxed) {
            waiting = None;
            return Poll::Pending;
        }
        let handed = stream.handed.load(Ordering::Relaxed);
        match &waiting {
            Some((since, _)) if *since == handed => ready!(over),
            _ => {
                let (_, wait) = waiting.insert((handed, Wait::new(patience)));
                ready!(wait.poll(cx, stalls));
            }
        }
        stream.given_up.store(true, Ordering::Relaxed);
        Poll::Ready(())
    })
    .await;
}

/// Whether the client has held up the answer on the stream whose task this is called in.
pub(crate) fn has_stalled() -> bool {
    let stalled = STREAM.try_with(|stream| stream.stalled.load(Ordering::Relaxed));
    stalled.unwrap_or(false)
}

/// That the client has held it up so far has no consequence any more.
pub(crate) fn forgive() {
    let _ = STREAM.try_with(|stream| stream.stalled.store(false, Ordering::Relaxed));
}

/// What can be told that its reader has been given up.
pub(crate) trait GiveUp {
    /// Nobody will take the rest.
    fn give_up(&mut self);
}

impl GiveUp for Full<Bytes> {
    fn give_up(&mut self) {}
}

impl<L: GiveUp, R: GiveUp> GiveUp for Either<L, R> {
    fn give_up(&mut self) {
        match self {
            Self::Left(left) => left.give_up(),
            Self::Right(right) => right.give_up(),
        }
    }
}

/// The body of an answer on an HTTP/2 stream, in pieces. The last byte goes alone: hyper hands a
/// piece over as soon as one byte of it can go, and is done with the last one.
#[derive(Debug)]
pub(crate) struct InPieces<B: GiveUp> {
    body: B,
    rest: Bytes,
    stream: Option<Arc<Stream>>,
}

impl<B: GiveUp> InPieces<B> {
    /// The body of the answer on the stream whose task this is called in.
    pub(crate) fn new(body: B) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            stream: STREAM.try_with(Arc::clone).ok(),
        }
    }

    fn waits(&self, waits: bool) {
        if let Some(stream) = &self.stream {
            stream.waits.store(waits, Ordering::Relaxed);
            stream.handed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<B: Body<Data = Bytes> + GiveUp + Unpin> InPieces<B> {
    fn piece(&mut self) -> Bytes {
        self.waits(true);
        let more = self.body.size_hint().lower() > 0;
        let length = match self.rest.len() {
            length if length > PIECE => PIECE,
            length if length > 1 && !more => length - 1,
            length => length,
        };
        self.rest.split_to(length)
    }
}

impl<B: Body<Data = Bytes> + GiveUp + Unpin> Body for InPieces<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.piece()))));
        }
        self.waits(false);
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => frame,
            other => return Poll::Ready(other),
        };
        let frame = match frame.into_data() {
            Ok(data) if !data.is_empty() => {
                self.rest = data;
                Frame::data(self.piece())
            }
            Ok(empty) => Frame::data(empty),
            Err(frame) => frame,
        };
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower().saturating_add(rest));
        if let Some(upper) = body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}

impl<B: GiveUp> Drop for InPieces<B> {
    fn drop(&mut self) {
        let stream = self.stream.as_ref();
        let given_up = stream.is_some_and(|stream| stream.given_up.load(Ordering::Relaxed));
        if given_up || !self.rest.is_empty() {
            self.body.give_up();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http_body_util::BodyExt;
    use tokio::time::{Instant, advance, sleep};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);
    const TWO: Patience = Patience {
        shows: Duration::from_secs(5),
        ends: PATIENCE,
    };

    /// Hands on what it is given, and remembers whether it was given up.
    struct Fed(Vec<Bytes>, Arc<AtomicBool>);

    impl GiveUp for Fed {
        fn give_up(&mut self) {
            self.1.store(true, Ordering::Relaxed);
        }
    }

    impl Body for Fed {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            match self.0.pop() {
                Some(data) => Poll::Ready(Some(Ok(Frame::data(data)))),
                None => Poll::Pending,
            }
        }
    }

    async fn sizes(body: impl Body<Data = Bytes> + GiveUp + Unpin) -> Vec<usize> {
        let mut body = InPieces::new(body);
        let mut sizes = Vec::new();
        while let Some(Ok(frame)) = body.frame().await {
            sizes.push(frame.into_data().unwrap().len());
        }
        sizes
    }

    #[tokio::test]
    async fn the_last_byte_goes_alone_and_no_piece_is_large() {
        let of = |size: usize| Full::new(Bytes::from(vec![7; size]));
        for (size, expected) in [
            (0, &[][..]),
            (1, &[1]),
            (2, &[1, 1]),
            (PIECE, &[PIECE - 1, 1]),
            (PIECE + 1, &[PIECE, 1]),
            (2 * PIECE + 10, &[PIECE, PIECE, 9, 1]),
        ] {
            assert_eq!(sizes(of(size)).await, expected, "{size}");
            let body = InPieces::new(of(size));
            assert_eq!(body.size_hint().exact(), Some(size as u64));
        }
    }

    #[allow(clippy::disallowed_methods)] // Time stands still until nothing else can go on.
    /// Runs a stream whose reader takes `take` pieces and then nothing; answers when it ended.
    async fn ends(fed: Vec<Bytes>, take: usize) -> (Duration, bool) {
        let given_up = Arc::new(AtomicBool::new(false));
        let fed = Fed(fed, Arc::clone(&given_up));
        let stream = Arc::new(Stream::default());
        let answering = async move {
            let mut body = InPieces::new(fed);
            for _ in 0..take {
                body.frame().await.unwrap().unwrap();
                sleep(PATIENCE / 2).await;
            }
            std::future::pending::<()>().await;
        };
        let began = Instant::now();
        let running = run(answering, Arc::clone(&stream), TWO);
        let running = STREAM.scope(stream, running);
        let ended = tokio::time::timeout(PATIENCE * 100, running).await;
        assert!(ended.is_ok(), "it does not end");
        (began.elapsed(), given_up.load(Ordering::Relaxed))
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_of_which_nothing_is_taken_ends_and_one_of_which_something_is_goes_on() {
        let fed = || vec![Bytes::from(vec![7; 3 * PIECE])];
        assert_eq!(ends(fed(), 1).await, (PATIENCE, true));
        assert_eq!(ends(fed(), 3).await, (PATIENCE * 2, true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_waits_for_its_product_has_no_deadline() {
        let given_up = Arc::new(AtomicBool::new(false));
        let fed = Fed(vec![Bytes::from_static(b"x")], Arc::clone(&given_up));
        let stream = Arc::new(Stream::default());
        let answering = async move {
            let mut body = InPieces::new(fed);
            while body.frame().await.is_some() {}
        };
        let running = STREAM.scope(Arc::clone(&stream), run(answering, stream, TWO));
        let running = tokio::spawn(running);
        advance(PATIENCE * 50).await;
        assert!(!running.is_finished());
        running.abort();
    }
}
