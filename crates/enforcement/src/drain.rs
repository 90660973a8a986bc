//! Asking a connection to take no further requests and to end what is under way.

use std::{future::Future, pin::Pin};

use http_body::Body;
use hyper::{
    body::Incoming,
    rt::{Read, Write},
    server::conn::{http1, http2},
    service::HttpService,
};

use crate::executor::Attached;

/// A connection that can be told to come to an end.
pub(crate) trait Drain: Future {
    /// No further requests; it ends when those under way have.
    fn drain(self: Pin<&mut Self>);
}

impl<T, S, B> Drain for http1::Connection<T, S>
where
    T: Read + Write + Unpin + 'static,
    S: HttpService<Incoming, ResBody = B>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn drain(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<T, S, B> Drain for http2::Connection<T, S, Attached>
where
    T: Read + Write + Unpin + 'static,
    S: HttpService<Incoming, ResBody = B>,
    S::Future: Send + 'static,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn drain(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}
