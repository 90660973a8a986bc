//! Products that lose patience with a client that takes nothing of an answer: the log says whose doing it
//! is that the answer broke off.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use countersign_domain::{Origin, Slug, Upstream};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    time::{sleep, timeout},
};

use crate::{
    scene::{OPERATOR, Scene, Session, eventually},
    tls::{Ca, Http2, PATIENCE, data, gets, rest},
    wire::{Client, get},
};

/// How long a client may take nothing, where the test waits for longer.
const STALL: Duration = Duration::from_millis(200);
/// Longer than any test takes.
const NEVER: Duration = Duration::from_mins(10);

/// What the product does from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Now {
    /// Says as much as is taken.
    Pours,
    /// Says that it pauses, and no more.
    Pauses,
    Finishes,
    BreaksOff,
}

const PAUSE: &[u8] = b"PAUSE";

/// A product that answers in pieces, as it is told while it does.
struct Product {
    origin: String,
    now: watch::Sender<Now>,
    /// How often something was taken.
    poured: Arc<AtomicUsize>,
}

impl Product {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (now, told) = watch::channel(Now::Pours);
        let poured = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&poured);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, told.clone(), Arc::clone(&count)));
            }
        });
        Self {
            origin,
            now,
            poured,
        }
    }

    fn does(&self, now: Now) {
        self.now.send_replace(now);
    }

    /// Waits until nothing more of what it says is taken.
    async fn is_stuck(&self) {
        let mut before = 0;
        eventually("every buffer to be full", async || {
            sleep(Duration::from_millis(100)).await;
            let poured = self.poured.load(Ordering::SeqCst);
            poured > 0 && std::mem::replace(&mut before, poured) == poured
        })
        .await;
    }
}

async fn answer(mut stream: TcpStream, mut told: watch::Receiver<Now>, poured: Arc<AtomicUsize>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head).await.unwrap();
    let piece = [b"10000\r\n", &[b'x'; 0x10000][..], b"\r\n"].concat();
    let mut written = 0;
    loop {
        let now = *told.borrow_and_update();
        match now {
            Now::BreaksOff => return,
            // What has begun is said to its end.
            Now::Pauses if written == 0 => {
                stream.write_all(b"5\r\nPAUSE\r\n").await.unwrap();
                told.changed().await.unwrap();
            }
            Now::Finishes if written == 0 => {
                return stream.write_all(b"0\r\n\r\n").await.unwrap();
            }
            _ => tokio::select! {
                more = stream.write(&piece[written..]) => {
                    written = (written + more.unwrap()) % piece.len();
                    poured.fetch_add(1, Ordering::SeqCst);
                }
                changed = told.changed() => changed.unwrap(),
            },
        }
    }
}

/// A client that reads an answer when the test has it read.
enum Reader {
    Http1(Client),
    Http2(Http2, Option<h2::RecvStream>),
}

impl Reader {
    async fn asks(&mut self, session: &Session) {
        match self {
            Self::Http1(client) => client.send(get(session, "/", &[])).await,
            Self::Http2(client, body) => {
                let answer = client.open(gets(session, "/")).await.unwrap();
                *body = Some(answer.into_body());
            }
        }
    }

    /// Reads until the product pauses.
    async fn catches_up(&mut self) {
        let mut end = Vec::new();
        let mut bytes = vec![0; 64 * 1024];
        while !end.windows(PAUSE.len()).any(|part| part == PAUSE) {
            end.drain(..end.len().saturating_sub(PAUSE.len()));
            match self {
                Self::Http1(client) => {
                    let read = timeout(PATIENCE, client.stream.read(&mut bytes)).await;
                    let read = read.expect("more").expect("no end");
                    assert_ne!(read, 0, "no end");
                    end.extend(&bytes[..read]);
                }
                Self::Http2(_, body) => {
                    let piece = data(body.as_mut().unwrap()).await;
                    end.extend(piece.expect("no end").expect("no end"));
                }
            }
        }
    }

    /// Reads to the end; whether the answer has broken off there.
    async fn is_cut(&mut self) -> bool {
        match self {
            Self::Http1(client) => client.rest().await.1,
            Self::Http2(_, body) => rest(body.as_mut().unwrap()).await.1,
        }
    }
}

struct Stage {
    scene: Scene,
    session: Session,
    product: Product,
    ca: Ca,
}

impl Stage {
    async fn new(tls: bool, client_stall: Duration) -> Self {
        let ca = Ca::new();
        let scene = Scene::with(|config| {
            config.tls = tls.then(|| ca.gateway());
            config.client_stall = client_stall;
        })
        .await;
        let product = Product::start().await;
        let acme = Slug::parse("acme").unwrap();
        let upstream = Upstream::new(Origin::parse(&product.origin).unwrap());
        let set = scene.app.set_upstream(OPERATOR, &acme, upstream);
        set.await.unwrap();
        let session = scene.session().await;
        Self {
            scene,
            session,
            product,
            ca,
        }
    }

    /// A client that has asked, and reads nothing; the product can say no more.
    async fn stalled(&self, tls: bool) -> Reader {
        let mut reader = if tls {
            Reader::Http2(self.ca.http2(&self.scene, &self.session).await, None)
        } else {
            Reader::Http1(self.scene.client().await)
        };
        reader.asks(&self.session).await;
        self.product.is_stuck().await;
        reader
    }

    async fn ended(&self) -> (Value, Value) {
        let outcome = self.scene.outcome().await;
        (outcome["ending"].clone(), outcome["status"].clone())
    }
}

fn clients() -> (Value, Value) {
    (json!("client_gone"), json!(200))
}

fn products() -> (Value, Value) {
    (json!("upstream_failed"), json!(200))
}

#[tokio::test]
async fn r18_a_product_that_gives_up_a_client_that_takes_nothing_has_not_failed() {
    for tls in [false, true] {
        let stage = Stage::new(tls, STALL).await;
        let mut reader = stage.stalled(tls).await;
        sleep(2 * STALL).await;
        stage.product.does(Now::BreaksOff);
        // The client must not be able to hide it by taking the rest.
        assert!(reader.is_cut().await, "it must not look complete");
        assert_eq!(stage.ended().await, clients(), "{tls}");
    }
}

#[tokio::test]
async fn r18_a_product_that_breaks_off_while_its_client_is_slow_has_failed() {
    for tls in [false, true] {
        let stage = Stage::new(tls, NEVER).await;
        let mut reader = stage.stalled(tls).await;
        stage.product.does(Now::BreaksOff);
        assert!(reader.is_cut().await);
        assert_eq!(stage.ended().await, products(), "{tls}");
    }
}

/// Once everything has been taken, and the product is waited for, it has not lost patience.
#[tokio::test]
async fn r18_a_product_that_breaks_off_long_after_its_client_stalled_has_failed() {
    for tls in [false, true] {
        let stage = Stage::new(tls, STALL).await;
        let mut reader = stage.stalled(tls).await;
        sleep(2 * STALL).await;
        stage.product.does(Now::Pauses);
        reader.catches_up().await;
        sleep(3 * STALL).await;
        stage.product.does(Now::BreaksOff);
        assert!(reader.is_cut().await);
        assert_eq!(stage.ended().await, products(), "{tls}");
    }
}

#[tokio::test]
async fn r18_what_a_client_held_up_is_not_held_against_its_next_request() {
    for tls in [false, true] {
        let stage = Stage::new(tls, STALL).await;
        let mut reader = stage.stalled(tls).await;
        sleep(2 * STALL).await;
        stage.product.does(Now::Pauses);
        reader.catches_up().await;
        stage.product.does(Now::Finishes);
        let complete = (json!("complete"), json!(200));
        assert_eq!(stage.ended().await, complete, "{tls}");

        stage.product.does(Now::Pauses);
        reader.asks(&stage.session).await;
        reader.catches_up().await;
        stage.product.does(Now::BreaksOff);
        assert!(reader.is_cut().await);
        assert_eq!(stage.ended().await, products(), "{tls}");
    }
}
