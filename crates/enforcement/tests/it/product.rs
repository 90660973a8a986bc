//! The vendor's product: it answers as it is told and tells what it saw.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, request::Parts};
use http_body::{Body, Frame};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ServerConfig;
use tokio::{
    net::TcpListener,
    sync::mpsc,
    task::JoinHandle,
    time::{Sleep, sleep},
};
use tokio_rustls::TlsAcceptor;

type Hook = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

#[derive(Default)]
struct Shared {
    seen: Mutex<Vec<Parts>>,
    accepted: AtomicUsize,
    open: AtomicUsize,
    poured: AtomicUsize,
    answers: Mutex<HashMap<String, Reply>>,
    on_hit: Mutex<Option<Hook>>,
}

/// What the product answers at a path.
#[derive(Clone)]
pub(crate) enum Reply {
    /// A status, headers and a body.
    Plain(u16, Vec<(&'static str, String)>, Bytes),
    /// Nothing, ever.
    Silence,
    /// A little every few milliseconds, without end.
    Ticks,
    /// As much as the reader takes, without end.
    Flood,
    /// What the test hands it, when the test hands it; it ends when the test lets go.
    Fed(Arc<Mutex<mpsc::UnboundedReceiver<Bytes>>>),
    /// A body and trailers.
    Trailers,
    /// What the test hands it, and when the test lets go, it breaks off.
    Breaks(Arc<Mutex<mpsc::UnboundedReceiver<Bytes>>>),
}

pub(crate) struct Product {
    shared: Arc<Shared>,
    scheme: &'static str,
    port: u16,
    task: JoinHandle<()>,
}

impl Drop for Product {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Open(Arc<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Product {
    pub(crate) async fn start() -> Self {
        Self::start_with(None).await
    }

    /// One that speaks over TLS, in the protocol that ALPN says.
    pub(crate) async fn secure(tls: Arc<ServerConfig>) -> Self {
        Self::start_with(Some(tls)).await
    }

    async fn start_with(tls: Option<Arc<ServerConfig>>) -> Self {
        let scheme = if tls.is_some() { "https" } else { "http" };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let task = tokio::spawn(accept(listener, shared.clone(), tls));
        Self {
            shared,
            scheme,
            port,
            task,
        }
    }

    pub(crate) fn origin(&self) -> String {
        format!("{}://127.0.0.1:{}", self.scheme, self.port)
    }

    pub(crate) fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Stops listening; connections end too.
    pub(crate) async fn stop(&self) {
        self.task.abort();
        crate::scene::eventually("the product to stop", async || {
            self.task.is_finished()
                && tokio::net::TcpStream::connect(("127.0.0.1", self.port))
                    .await
                    .is_err()
        })
        .await;
    }

    pub(crate) fn answers(&self, path: &str, reply: Reply) {
        let mut answers = self.shared.answers.lock().unwrap();
        answers.insert(path.to_owned(), reply);
    }

    pub(crate) fn plain(&self, path: &str, headers: &[(&'static str, &str)]) {
        let headers = headers.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
        let body = Bytes::from_static(b"hello");
        self.answers(path, Reply::Plain(200, headers, body));
    }

    /// A stream whose every piece the test sends itself.
    pub(crate) fn feeds(&self, path: &str) -> mpsc::UnboundedSender<Bytes> {
        let (feed, fed) = mpsc::unbounded_channel();
        self.answers(path, Reply::Fed(Arc::new(Mutex::new(fed))));
        feed
    }

    /// The same, but it breaks off when the test lets go.
    pub(crate) fn breaks(&self, path: &str) -> mpsc::UnboundedSender<Bytes> {
        let (feed, fed) = mpsc::unbounded_channel();
        self.answers(path, Reply::Breaks(Arc::new(Mutex::new(fed))));
        feed
    }

    /// Runs at the moment a request arrives, before it is answered.
    pub(crate) fn on_hit<F: Future<Output = ()> + Send + 'static>(
        &self,
        hook: impl Fn() -> F + Send + Sync + 'static,
    ) {
        *self.shared.on_hit.lock().unwrap() = Some(Arc::new(move || Box::pin(hook())));
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.seen.lock().unwrap().len()
    }

    /// Connections ever made.
    pub(crate) fn accepted(&self) -> usize {
        self.shared.accepted.load(Ordering::SeqCst)
    }

    /// Connections open now.
    pub(crate) fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// How many pieces of floods have been taken.
    pub(crate) fn poured(&self) -> usize {
        self.shared.poured.load(Ordering::SeqCst)
    }

    /// The last request.
    pub(crate) fn last(&self) -> (String, HeaderMap) {
        let seen = self.shared.seen.lock().unwrap();
        let last = seen.last().expect("a request");
        (
            format!("{} {}", last.method, last.uri),
            last.headers.clone(),
        )
    }

    /// The protocol of the last request.
    pub(crate) fn version(&self) -> http::Version {
        let seen = self.shared.seen.lock().unwrap();
        seen.last().expect("a request").version
    }

    /// A header of the last request.
    pub(crate) fn saw(&self, name: &str) -> Option<String> {
        let headers = self.last().1;
        let all: Vec<_> = headers.get_all(name).iter().collect();
        assert!(all.len() < 2, "{name} came more than once: {all:?}");
        all.first().map(|value| value.to_str().unwrap().to_owned())
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, tls: Option<Arc<ServerConfig>>) {
    let mut tasks = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        shared.accepted.fetch_add(1, Ordering::SeqCst);
        shared.open.fetch_add(1, Ordering::SeqCst);
        let open = Open(shared.clone());
        let (shared, tls) = (shared.clone(), tls.clone());
        tasks.spawn(async move {
            let _open = open;
            let service = service_fn(move |request| answer(request, shared.clone()));
            let Some(tls) = tls else {
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
                return;
            };
            let Ok(stream) = TlsAcceptor::from(tls).accept(stream).await else {
                return;
            };
            if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                let _ = http2::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            } else {
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            }
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    shared: Arc<Shared>,
) -> Result<Response<Stuff>, Infallible> {
    let hook = shared.on_hit.lock().unwrap().clone();
    if let Some(hook) = hook {
        hook().await;
    }
    let (parts, _) = request.into_parts();
    let path = parts.uri.path().to_owned();
    shared.seen.lock().unwrap().push(parts);
    let reply = shared.answers.lock().unwrap().get(&path).cloned();
    let reply = reply.unwrap_or(Reply::Plain(200, vec![], Bytes::from_static(b"hello")));
    Ok(match reply {
        Reply::Silence => std::future::pending().await,
        Reply::Ticks => Response::builder()
            .header("content-type", "text/event-stream")
            .body(Stuff::Ticks(Box::pin(sleep(Duration::ZERO))))
            .unwrap(),
        Reply::Flood => Response::new(Stuff::Flood(shared)),
        Reply::Fed(fed) => Response::builder()
            .header("content-type", "text/event-stream")
            .body(Stuff::Fed(fed))
            .unwrap(),
        Reply::Breaks(fed) => Response::builder()
            .header("content-type", "text/event-stream")
            .body(Stuff::Breaks(fed))
            .unwrap(),
        Reply::Trailers => Response::builder()
            .header("trailer", "x-sum, set-cookie")
            .body(Stuff::Trailers(2))
            .unwrap(),
        Reply::Plain(status, headers, body) => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            response.body(Stuff::Once(Some(body))).unwrap()
        }
    })
}

enum Stuff {
    Once(Option<Bytes>),
    Ticks(Pin<Box<Sleep>>),
    Flood(Arc<Shared>),
    Fed(Arc<Mutex<mpsc::UnboundedReceiver<Bytes>>>),
    Trailers(u8),
    Breaks(Arc<Mutex<mpsc::UnboundedReceiver<Bytes>>>),
}

impl Body for Stuff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match &mut *self {
            Self::Once(body) => Poll::Ready(body.take().map(|body| Ok(Frame::data(body)))),
            Self::Ticks(pause) => {
                std::task::ready!(pause.as_mut().poll(cx));
                *pause = Box::pin(sleep(Duration::from_millis(2)));
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"data: tick\n\n")))))
            }
            Self::Flood(shared) => {
                shared.poured.fetch_add(1, Ordering::SeqCst);
                let chunk = Bytes::from_static(&[b'x'; 64 * 1024]);
                Poll::Ready(Some(Ok(Frame::data(chunk))))
            }
            Self::Fed(fed) => fed
                .lock()
                .unwrap()
                .poll_recv(cx)
                .map(|piece| piece.map(|piece| Ok(Frame::data(piece)))),
            Self::Breaks(fed) => fed.lock().unwrap().poll_recv(cx).map(|piece| {
                let piece = piece.ok_or_else(|| io::ErrorKind::BrokenPipe.into());
                Some(piece.map(Frame::data))
            }),
            Self::Trailers(left) => {
                *left = left.saturating_sub(1);
                Poll::Ready(match *left {
                    1 => Some(Ok(Frame::data(Bytes::from_static(b"body")))),
                    _ => {
                        let mut trailers = HeaderMap::new();
                        trailers.insert("x-sum", "42".parse().unwrap());
                        trailers.insert("set-cookie", "a=b".parse().unwrap());
                        Some(Ok(Frame::trailers(trailers)))
                    }
                })
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Once(None))
    }

    fn size_hint(&self) -> http_body::SizeHint {
        match self {
            Self::Once(body) => {
                let length = body.as_ref().map_or(0, Bytes::len);
                http_body::SizeHint::with_exact(u64::try_from(length).unwrap())
            }
            _ => http_body::SizeHint::default(),
        }
    }
}
