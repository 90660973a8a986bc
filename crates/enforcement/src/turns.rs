//! Reading without keeping others waiting.

use std::{
    future::Future,
    io,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    task::yield_now,
};

use crate::writes_pass::writes_pass;

/// How much is read before the others of the thread have their turn.
const TURN: usize = 64 * 1024;

/// A connection that is read in turns with whatever else its thread does: the other side can say
/// without end what is neither a request nor an answer. It stands above TLS, which would read on.
#[derive(Debug)]
pub(crate) struct InTurns<T> {
    inner: T,
    /// How much was read in this turn.
    read: usize,
}

impl<T> InTurns<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self { inner, read: 0 }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for InTurns<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read >= TURN {
            self.read = 0;
            // The others include those for whom something has come that nobody has looked at yet: a
            // waker alone would be called before that.
            ready!(pin!(yield_now()).poll(cx));
        }
        let before = buf.filled().len();
        let done = Pin::new(&mut self.inner).poll_read(cx, buf);
        self.read = match done {
            Poll::Ready(_) => self.read + buf.filled().len().saturating_sub(before),
            Poll::Pending => 0,
        };
        done
    }
}

writes_pass!(InTurns);

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn reading_without_end_lets_others_have_their_turn() {
        let (inner, mut product) = duplex(4 * TURN);
        let mut io = InTurns::new(inner);
        product.write_all(&vec![0; 3 * TURN]).await.unwrap();
        let mut bytes = vec![0; TURN];
        io.read_exact(&mut bytes).await.unwrap();
        tokio::select! {
            biased;
            _ = io.read(&mut bytes) => panic!("the others come first"),
            () = std::future::ready(()) => {}
        }
        // It goes on after them, unasked.
        for _ in 0..2 {
            io.read_exact(&mut bytes).await.unwrap();
        }
    }
}
