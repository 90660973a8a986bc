//! The last check before a byte leaves.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use countersign_node::Node;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::slot::Slot;

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
/// a buffer while its reader is slow is held too.
#[derive(Debug)]
pub(crate) struct GuardedIo<T: Reset> {
    inner: T,
    slot: Arc<Slot>,
    node: Arc<Node>,
}

impl<T: Reset> GuardedIo<T> {
    pub(crate) fn new(inner: T, slot: Arc<Slot>, node: Arc<Node>) -> Self {
        Self { inner, slot, node }
    }
}

impl<T: Reset> Drop for GuardedIo<T> {
    fn drop(&mut self) {
        if self.slot.is_aborted() {
            self.inner.reset();
        }
    }
}

impl<T: Reset + AsyncRead + Unpin> AsyncRead for GuardedIo<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<T: Reset + AsyncWrite + Unpin> AsyncWrite for GuardedIo<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.slot.check(&self.node)?;
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.slot.check(&self.node)?;
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
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
