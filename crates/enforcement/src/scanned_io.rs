//! A connection whose bytes are looked at on their way to the HTTP/1.1 parser.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, ReadBuf};

use crate::{
    heads::{Heads, Scanner},
    writes_pass::writes_pass,
};

/// A connection that keeps what its requests' heads look like.
#[derive(Debug)]
pub(crate) struct ScannedIo<T> {
    inner: T,
    scanner: Scanner,
}

impl<T> ScannedIo<T> {
    /// The connection, and what its heads look like.
    pub(crate) fn new(inner: T) -> (Self, Heads) {
        let heads = Heads::default();
        let scanner = Scanner::new(heads.clone());
        (Self { inner, scanner }, heads)
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for ScannedIo<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let read = buf.filled().get(before..).unwrap_or_default();
        self.scanner.read(read);
        Poll::Ready(Ok(()))
    }
}

writes_pass!(ScannedIo);
