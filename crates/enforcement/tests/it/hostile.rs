//! A product over HTTP/2 that says what it is told, frame by frame, and tells what it heard.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, WriteHalf, split},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::frames::{
    ACK, DATA, END_STREAM, Fields, HEADERS, PING, SETTINGS, field, frame, head, read,
};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Frames, given the stream of the request.
pub(crate) type Frames = Box<dyn FnOnce(u32) -> Vec<u8> + Send>;

/// The same, and what comes after them over and over.
pub(crate) type Flood = Box<dyn FnOnce(u32) -> (Vec<u8>, Vec<u8>) + Send>;

/// What the product does once it has the head of a request.
pub(crate) enum Says {
    /// These frames.
    Frames(Frames),
    /// The same, and then it closes the connection.
    AndCloses(Frames),
    /// The first, and then the second for as long as it is taken.
    Forever(Flood),
}

/// A frame that came: on which connection, its kind, its stream, its payload.
type Heard = (usize, u8, u32, Vec<u8>);

enum Write {
    Once(Vec<u8>),
    Forever(Vec<u8>),
    Close,
}

#[derive(Default)]
struct Shared {
    /// What each connection begins with.
    settings: Mutex<Vec<u8>>,
    says: Mutex<VecDeque<Says>>,
    heard: Mutex<Vec<Heard>>,
    lines: Mutex<Vec<mpsc::UnboundedSender<Write>>>,
    open: AtomicUsize,
    written: AtomicUsize,
}

pub(crate) struct Hostile {
    shared: Arc<Shared>,
    port: u16,
    task: JoinHandle<()>,
}

impl Drop for Hostile {
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

impl Hostile {
    pub(crate) async fn start(tls: Arc<ServerConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            settings: Mutex::new(frame(SETTINGS, 0, 0, &[])),
            ..Shared::default()
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared), tls));
        Self { shared, port, task }
    }

    pub(crate) fn origin(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Connections made from now on begin with this.
    pub(crate) fn begins_with(&self, settings: Vec<u8>) {
        *self.shared.settings.lock().unwrap() = settings;
    }

    /// What it does with the next request for which nothing else has been said.
    pub(crate) fn next(&self, says: Says) {
        self.shared.says.lock().unwrap().push_back(says);
    }

    /// Says this on a connection, unasked.
    pub(crate) fn say(&self, line: usize, frames: Vec<u8>) {
        let lines = self.shared.lines.lock().unwrap();
        // A connection that is over hears nothing.
        let _ = lines[line].send(Write::Once(frames));
    }

    /// The frames of a kind that came.
    pub(crate) fn heard(&self, kind: u8) -> Vec<Heard> {
        let heard = self.shared.heard.lock().unwrap();
        let of_kind = heard.iter().filter(|heard| heard.1 == kind);
        of_kind.cloned().collect()
    }

    /// Where the last request came: its connection and its stream.
    pub(crate) fn last(&self) -> (usize, u32) {
        let heads = self.heard(HEADERS);
        let (line, _, stream, _) = heads.last().expect("a request");
        (*line, *stream)
    }

    pub(crate) fn requests(&self) -> usize {
        self.heard(HEADERS).len()
    }

    /// Connections open now.
    pub(crate) fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// How many bytes have been taken from it.
    pub(crate) fn written(&self) -> usize {
        self.shared.written.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, tls: Arc<ServerConfig>) {
    let mut tasks = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let (shared, tls) = (Arc::clone(&shared), TlsAcceptor::from(Arc::clone(&tls)));
        tasks.spawn(async move {
            if let Ok(stream) = tls.accept(stream).await {
                serve(stream, shared).await;
            }
        });
    }
}

/// Hears one connection to its end.
async fn serve(stream: TlsStream<TcpStream>, shared: Arc<Shared>) {
    let (mut reads, writes) = split(stream);
    let (line, to_write) = mpsc::unbounded_channel();
    let settings = shared.settings.lock().unwrap().clone();
    line.send(Write::Once(settings)).unwrap();
    let number = {
        let mut lines = shared.lines.lock().unwrap();
        lines.push(line.clone());
        lines.len() - 1
    };
    shared.open.fetch_add(1, Ordering::SeqCst);
    let open = Open(Arc::clone(&shared));
    let mut writing = JoinSet::new();
    writing.spawn(write(writes, to_write, Arc::clone(&shared)));
    let mut preface = [0; PREFACE.len()];
    if reads.read_exact(&mut preface).await.is_err() {
        return;
    }
    while let Ok((kind, flags, stream, payload)) = read(&mut reads).await {
        if kind == PING && flags & ACK == 0 {
            let _ = line.send(Write::Once(frame(PING, ACK, 0, &payload)));
        }
        let mut heard = shared.heard.lock().unwrap();
        heard.push((number, kind, stream, payload));
        drop(heard);
        if kind != HEADERS {
            continue;
        }
        let says = shared.says.lock().unwrap().pop_front();
        for write in match says {
            None => vec![Write::Once(hello(stream))],
            Some(Says::Frames(frames)) => vec![Write::Once(frames(stream))],
            Some(Says::AndCloses(frames)) => vec![Write::Once(frames(stream)), Write::Close],
            Some(Says::Forever(frames)) => {
                let (first, then) = frames(stream);
                vec![Write::Once(first), Write::Forever(then)]
            }
        } {
            let _ = line.send(write);
        }
    }
    drop(open);
}

async fn write(
    mut to: WriteHalf<TlsStream<TcpStream>>,
    mut what: mpsc::UnboundedReceiver<Write>,
    shared: Arc<Shared>,
) {
    let mut again: Option<Vec<u8>> = None;
    loop {
        // What is said once comes in between.
        let next = match &again {
            Some(bytes) => Some(
                what.try_recv()
                    .unwrap_or_else(|_| Write::Once(bytes.clone())),
            ),
            None => what.recv().await,
        };
        let bytes = match next {
            Some(Write::Once(bytes)) => bytes,
            Some(Write::Forever(bytes)) => {
                again = Some(bytes);
                continue;
            }
            Some(Write::Close) => {
                let _ = to.shutdown().await;
                return;
            }
            None => return,
        };
        // The gateway may refuse to take it to its end.
        if to.write_all(&bytes).await.is_err() || to.flush().await.is_err() {
            return;
        }
        shared.written.fetch_add(bytes.len(), Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
}

/// The fields of an answer with this status.
pub(crate) fn fields(status: &str, more: &[(&str, &str)]) -> Fields {
    let mut fields = vec![field(":status", status)];
    fields.extend(more.iter().map(|(name, value)| field(name, value)));
    fields
}

/// The whole of what a good product answers.
pub(crate) fn hello(stream: u32) -> Vec<u8> {
    let fields = fields("200", &[("content-length", "5")]);
    [head(stream, 0, &fields), last(stream, "hello")].concat()
}

/// A piece of a body.
pub(crate) fn data(stream: u32, text: &str) -> Vec<u8> {
    frame(DATA, 0, stream, text.as_bytes())
}

/// The last piece of a body.
pub(crate) fn last(stream: u32, text: &str) -> Vec<u8> {
    frame(DATA, END_STREAM, stream, text.as_bytes())
}
