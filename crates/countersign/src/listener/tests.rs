//! Slow, many and late clients, over real sockets.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    routing::{get, post},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Notify, oneshot},
    task::JoinHandle,
};

use super::*;

/// A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// A limit under test that is to be reached.
const SHORT: Duration = Duration::from_millis(100);
/// One that is not.
const LONG: Duration = Duration::from_secs(600);
const PATIENT: Limits = Limits {
    head: LONG,
    request: LONG,
    connections: 100,
};

struct Served {
    address: SocketAddr,
    /// Requests that reached a route.
    reached: Arc<AtomicUsize>,
    /// Lets `/held` go on.
    held: Arc<Notify>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
}

impl Served {
    async fn start(limits: Limits, drain: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let reached = Arc::new(AtomicUsize::new(0));
        let held = Arc::new(Notify::new());
        let (count, wait) = (Arc::clone(&reached), Arc::clone(&held));
        let routes = Router::new()
            .route("/", get(async || "hello"))
            .route("/body", post(async |body: Bytes| body))
            .route(
                "/held",
                get(async move || {
                    wait.notified().await;
                    "let go"
                }),
            )
            .layer(axum::middleware::from_fn(
                move |request: axum::extract::Request, next: axum::middleware::Next| {
                    count.fetch_add(1, Ordering::SeqCst);
                    next.run(request)
                },
            ));
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            let _ = stopped.await;
        };
        let serving = tokio::spawn(serve_within(limits, listener, None, routes, stopped, drain));
        Self {
            address,
            reached,
            held,
            stop: Some(stop),
            serving,
        }
    }

    async fn client(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    async fn reached(&self, count: usize) {
        let all = async {
            while self.reached.load(Ordering::SeqCst) < count {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, all).await.expect("the request to arrive");
    }

    fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until nobody new gets in.
    async fn is_closed(&self) {
        let closed = async {
            while TcpStream::connect(self.address).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, closed)
            .await
            .expect("new connections to be refused");
    }

    async fn is_over(&mut self) {
        let over = timeout(PATIENCE, &mut self.serving).await;
        over.expect("serving to end").unwrap();
    }
}

struct Client(TcpStream);

impl Client {
    async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    async fn ask(&mut self, path: &str) {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"))
            .await;
    }

    /// Reads until `end` has come; the rest stays for later.
    async fn until(&mut self, end: &str) -> String {
        let mut all = Vec::new();
        let read = async {
            while !all.ends_with(end.as_bytes()) {
                all.push(self.0.read_u8().await.unwrap());
            }
        };
        timeout(PATIENCE, read).await.expect("an answer");
        String::from_utf8(all).unwrap()
    }

    /// Everything until the server hangs up.
    async fn rest(&mut self) -> String {
        let mut all = Vec::new();
        let read = timeout(PATIENCE, self.0.read_to_end(&mut all)).await;
        // An end by reset is one too: what the client had sent was not read.
        let _ = read.expect("the server to hang up");
        String::from_utf8(all).unwrap()
    }

    /// Nothing has come yet.
    fn heard_nothing(&self) -> bool {
        let nothing = self.0.try_read(&mut [0; 16]);
        nothing.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_head_is_hung_up_on() {
    let limits = Limits {
        head: SHORT,
        ..PATIENT
    };
    let served = Served::start(limits, LONG).await;
    let mut clients = Vec::new();
    for begun in [
        "",
        "G",
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: ",
    ] {
        let mut client = served.client().await;
        client.send(begun).await;
        clients.push((begun, client));
    }
    for (begun, client) in &mut clients {
        let said = client.rest().await;
        assert!(!said.contains("hello"), "{begun:?}: {said:?}");
    }
    assert_eq!(served.reached.load(Ordering::SeqCst), 0);
    // One that finishes is served, and hung up on when it asks nothing more.
    let mut client = served.client().await;
    client.ask("/").await;
    assert!(client.rest().await.ends_with("hello"));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_told_so() {
    let limits = Limits {
        request: SHORT,
        ..PATIENT
    };
    let served = Served::start(limits, LONG).await;
    let mut client = served.client().await;
    client
        .send("POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        .await;
    let head = client.until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
    // One that the server itself is slow to answer, too.
    let mut client = served.client().await;
    client.ask("/held").await;
    let head = client.until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 408 "), "{head}");
}

#[tokio::test]
async fn one_connection_too_many_waits_and_is_served() {
    let limits = Limits {
        connections: 2,
        ..PATIENT
    };
    let served = Served::start(limits, LONG).await;
    let (mut one, mut two) = (served.client().await, served.client().await);
    for client in [&mut one, &mut two] {
        client.ask("/").await;
        client.until("hello").await;
    }
    let mut third = served.client().await;
    third.ask("/").await;
    for _ in 0..20 {
        one.ask("/").await;
        one.until("hello").await;
        assert!(third.heard_nothing());
    }
    assert_eq!(served.reached.load(Ordering::SeqCst), 22);
    drop(two);
    let said = third.until("hello").await;
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
}

#[tokio::test]
async fn stopping_lets_a_request_finish_and_nobody_else_in() {
    let mut served = Served::start(PATIENT, LONG).await;
    let (mut held, mut kept, mut new) = (
        served.client().await,
        served.client().await,
        served.client().await,
    );
    held.ask("/held").await;
    kept.ask("/").await;
    kept.until("hello").await;
    served.reached(2).await;
    served.stop();
    // What has nothing under way is over at once.
    assert_eq!(kept.rest().await, "");
    assert_eq!(new.rest().await, "");
    served.is_closed().await;
    assert!(!served.serving.is_finished());
    assert!(held.heard_nothing());
    served.held.notify_one();
    let said = held.rest().await;
    assert!(said.starts_with("HTTP/1.1 200 "), "{said}");
    assert!(said.ends_with("let go"), "{said}");
    served.is_over().await;
}

#[tokio::test]
async fn stopping_waits_no_longer_than_it_should() {
    let mut served = Served::start(PATIENT, SHORT).await;
    let mut held = served.client().await;
    held.ask("/held").await;
    let mut begun = served.client().await;
    begun.send("GET / HTTP/1.1\r\n").await;
    served.reached(1).await;
    served.stop();
    served.is_over().await;
}
