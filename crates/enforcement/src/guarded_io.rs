//! The last check before a byte leaves.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::{
    patience::{Patience, Wait},
    slot::{Gate, Slot},
};

/// A connection that can end so that the other side cannot take it for complete.
pub(crate) trait Reset {
    /// Makes closing discard what the kernel still holds and tell the other side of an error.
    fn reset(&self);
}

impl Reset for TcpStream {
    fn reset(&self) {
        // A socket that is gone already needs no reset.
        let _ = self.set_zero_linger();
    }
}

/// A connection whose every write is checked (A1, A2), below all buffers: a response that sits in
/// a buffer while its reader is slow is held too. It stands below TLS, whose buffers count as well.
/// A reader that takes nothing for a while is remembered to have, and loses the connection in the end.
#[derive(Debug)]
pub(crate) struct GuardedIo<T: Reset, G> {
    inner: T,
    slot: Arc<Slot>,
    gate: Arc<G>,
    patience: Patience,
    /// Runs while a write waits for the other side.
    waiting: Option<Wait>,
}

impl<T: Reset, G: Gate> GuardedIo<T, G> {
    /// `patience` is how long a write may wait for the other side to take anything.
    pub(crate) fn new(inner: T, slot: Arc<Slot>, gate: Arc<G>, patience: Patience) -> Self {
        Self {
            inner,
            slot,
            gate,
            patience,
            waiting: None,
        }
    }

    fn watched(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() && self.waiting.is_none() {
            return written;
        }
        let patience = self.patience;
        let waiting = self.waiting.get_or_insert_with(|| Wait::new(patience));
        // Also of a wait that is over by now it is remembered how long it was.
        let over = waiting.poll(cx, || self.slot.stalls());
        if written.is_ready() {
            self.waiting = None;
            self.slot.takes();
            return written;
        }
        ready!(over);
        self.slot.abort();
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<T: Reset, G> Drop for GuardedIo<T, G> {
    fn drop(&mut self) {
        if self.slot.is_aborted() {
            self.inner.reset();
        }
    }
}

impl<T: Reset + AsyncRead + Unpin, G> AsyncRead for GuardedIo<T, G> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<T: Reset + AsyncWrite + Unpin, G: Gate> AsyncWrite for GuardedIo<T, G> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.slot.check(self.gate.as_ref())?;
        let written = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.watched(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.slot.check(self.gate.as_ref())?;
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.watched(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    /// hyper flushes the connection only once its own buffer is empty.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.inner).poll_flush(cx))?;
        self.slot.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A tidy end would make a response without a length look complete.
        if self.slot.is_aborted() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        time::Duration,
    };

    use countersign_domain::SessionId;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
        time::sleep,
    };

    use super::*;

    /// What one session may, and every other never.
    struct Fake(AtomicBool);

    impl Gate for Fake {
        fn may_flow(&self, session: SessionId) -> bool {
            session == this() && self.0.load(Ordering::SeqCst)
        }
    }

    impl Reset for DuplexStream {
        fn reset(&self) {}
    }

    fn this() -> SessionId {
        SessionId::from_uuid(uuid::Uuid::from_u128(1))
    }

    const SHOWS: Duration = Duration::from_millis(10);
    const PATIENCE: Duration = Duration::from_millis(50);

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_takes_nothing_loses_the_connection() {
        let (mut io, mut client) = guarded();
        io.write_all(&[0; 1024]).await.unwrap();
        let (written, ()) = tokio::join!(io.write_all(&[0; 512]), async {
            sleep(PATIENCE / 2).await;
            client.read_exact(&mut [0; 1024]).await.unwrap();
        });
        written.unwrap();
        let error = io.write_all(&[0; 1024]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(io.slot.is_aborted());
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_takes_nothing_for_a_while_is_remembered_until_the_next_request() {
        let (mut io, mut client) = guarded();
        let mut held = async |pause: Duration| {
            io.write_all(&[0; 1024]).await.unwrap();
            let (written, ()) = tokio::join!(io.write_all(&[0; 1]), async {
                sleep(pause).await;
                client.read_exact(&mut [0; 1025]).await.unwrap();
            });
            written.unwrap();
            // That all goes on does not undo it.
            io.write_all(&[0; 1]).await.unwrap();
            client.read_exact(&mut [0; 1]).await.unwrap();
            let held = io.slot.has_stalled();
            io.slot.serve_next();
            (held, io.slot.has_stalled())
        };
        assert_eq!(held(SHOWS / 2).await, (false, false));
        assert_eq!(held(SHOWS * 2).await, (true, false));
        assert_eq!(held(SHOWS / 2).await, (false, false));

        // A reader that is still at it when the next request comes holds that up as well.
        io.write_all(&[0; 1024]).await.unwrap();
        let blocked = tokio::time::timeout(SHOWS * 2, io.write_all(&[0; 1]));
        assert!(blocked.await.is_err());
        io.slot.serve_next();
        assert!(io.slot.has_stalled());
    }

    fn guarded() -> (GuardedIo<DuplexStream, Fake>, DuplexStream) {
        let (inner, client) = duplex(1024);
        let gate = Arc::new(Fake(AtomicBool::new(true)));
        let patience = Patience {
            shows: SHOWS,
            ends: PATIENCE,
        };
        let io = GuardedIo::new(inner, Arc::default(), gate, patience);
        (io, client)
    }

    #[tokio::test]
    async fn a1_no_write_leaves_once_its_session_may_not_flow() {
        let (mut io, mut client) = guarded();
        io.slot.serve(this());
        io.write_all(b"before").await.unwrap();
        io.gate.0.store(false, Ordering::SeqCst);
        let error = io.write_all(b"after").await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
        let error = io.write_vectored(&[IoSlice::new(b"after")]).await;
        assert!(error.is_err());
        // Coming back would not help: what was held back is missing.
        io.gate.0.store(true, Ordering::SeqCst);
        assert!(io.write_all(b"after").await.is_err());
        assert!(io.shutdown().await.is_err(), "a cut end is not tidy");
        drop(io);
        let mut got = Vec::new();
        client.read_to_end(&mut got).await.unwrap();
        assert_eq!(got, b"before");
    }

    #[tokio::test]
    async fn an_answer_of_our_own_passes_only_when_nothing_of_a_session_is_left() {
        let (mut io, _client) = guarded();
        io.write_all(b"ours").await.unwrap();
        io.slot.serve(this());
        io.write_all(b"its").await.unwrap();
        assert!(!io.slot.free(), "not flushed yet");
        io.flush().await.unwrap();
        assert!(io.slot.free());
        io.gate.0.store(false, Ordering::SeqCst);
        io.write_all(b"ours").await.unwrap();
    }
}
