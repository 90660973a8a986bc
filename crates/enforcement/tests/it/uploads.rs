//! Whose doing it is when a request with a body goes wrong: the log never says that the product failed
//! when its client did.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use countersign_enforcement::GatewayConfig;
use h2::Reason;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    time::{sleep, timeout},
};

use crate::{
    bodies::{CHUNKED, MUCH, search_at},
    product::{Product, Reply},
    scene::{Scene, Session, eventually},
    tls::{BOTH, Ca, Http2, PATIENCE, asks, comes, rest},
    wire::{Client, ask},
};

/// Short, where the test waits for it.
const LIMIT: Duration = Duration::from_millis(400);

/// What a product does once it has read the head of a request.
#[derive(Clone, Copy)]
enum Then {
    /// Says this, and takes whatever comes.
    Says(&'static str),
    TakesNothing,
    BreaksOff,
    /// Says this, and hangs up once it has waited for long enough.
    GivesUp(&'static str),
}

const SILENT: Then = Then::Says("");
/// An answer of which more is to come.
const BEGINS: Then = Then::Says("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nfirst");

/// What the test knows of its product, and tells it.
#[derive(Clone, Default)]
struct Asked {
    count: Arc<AtomicUsize>,
    long_enough: Arc<Notify>,
}

const GIVES_UP: Then = Then::GivesUp("");
const BEGINS_AND_GIVES_UP: Then =
    Then::GivesUp("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nfirst");

async fn product(then: Then) -> (String, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let asked = Asked::default();
    let told = asked.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, then, told.clone()));
        }
    });
    (origin, asked)
}

async fn serve(mut stream: TcpStream, then: Then, asked: Asked) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    asked.count.fetch_add(1, Ordering::SeqCst);
    match then {
        Then::BreaksOff => {}
        Then::TakesNothing => std::future::pending().await,
        Then::Says(answer) => {
            stream.write_all(answer.as_bytes()).await.unwrap();
            let mut bytes = [0; 1024];
            while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
        }
        Then::GivesUp(answer) => {
            stream.write_all(answer.as_bytes()).await.unwrap();
            asked.long_enough.notified().await;
        }
    }
}

struct Upload {
    scene: Scene,
    session: Session,
    ca: Ca,
    asked: Asked,
}

impl Upload {
    /// Over TLS or in the clear, to a product that does this; nobody waits for long.
    async fn hurried(then: Then, tls: bool) -> Self {
        Self::with(then, tls, |config| {
            config.response_timeout = LIMIT;
            config.upstream_silence = LIMIT;
        })
        .await
    }

    /// One in which everybody waits for longer than the tests take.
    async fn patient(then: Then, tls: bool) -> Self {
        Self::with(then, tls, |_| {}).await
    }

    async fn with(then: Then, tls: bool, adjust: impl FnOnce(&mut GatewayConfig)) -> Self {
        let ca = Ca::new();
        let scene = Scene::with(|config| {
            config.tls = tls.then(|| ca.gateway());
            adjust(config);
        })
        .await;
        let (origin, asked) = product(then).await;
        let session = search_at(&scene, &origin).await;
        Self {
            scene,
            session,
            ca,
            asked,
        }
    }

    async fn is_asked(&self) {
        eventually("the product to be asked", async || {
            self.asked.count.load(Ordering::SeqCst) == 1
        })
        .await;
    }

    /// A client that has begun to send, and that the product has begun to answer if it does.
    async fn begun(&self, then: Then) -> Client {
        let mut client = self.scene.client().await;
        let head = ask("POST", &self.session, "/search", &CHUNKED);
        client.send(head + "4\r\npart\r\n").await;
        self.is_asked().await;
        if answers(then) {
            client.until(b"first").await.expect("an answer");
        }
        client
    }

    /// The same over HTTP/2.
    async fn stream(
        &self,
        length: Option<&str>,
    ) -> (Http2, h2::client::ResponseFuture, h2::SendStream<Bytes>) {
        let client = self.ca.http2(&self.scene, &self.session).await;
        let mut request = asks("POST", &self.session, "/search");
        let headers = request.headers_mut();
        headers.insert("content-type", "text/plain".parse().unwrap());
        if let Some(length) = length {
            headers.insert("content-length", length.parse().unwrap());
        }
        let mut send = client.send.clone().ready().await.unwrap();
        let (answer, mut body) = send.send_request(request, false).unwrap();
        body.send_data(Bytes::from_static(b"part"), false).unwrap();
        self.is_asked().await;
        (client, answer, body)
    }

    async fn ended(&self) -> (Value, Value) {
        let outcome = self.scene.outcome().await;
        (outcome["ending"].clone(), outcome["status"].clone())
    }
}

fn answers(then: Then) -> bool {
    matches!(then, Then::Says(answer) | Then::GivesUp(answer) if !answer.is_empty())
}

/// What the log says of a client's doing.
fn clients(then: Then) -> (Value, Value) {
    let status = if answers(then) {
        json!(200)
    } else {
        json!(null)
    };
    (json!("client_gone"), status)
}

#[tokio::test]
async fn r18_a_body_that_is_malformed_is_its_clients_doing() {
    for then in [SILENT, BEGINS] {
        let upload = Upload::patient(then, false).await;
        let mut client = upload.begun(then).await;
        if answers(then) {
            client.send("zz\r\n").await;
            client.rest().await;
        } else {
            let reply = client.call("zz\r\n").await;
            assert_eq!(
                (reply.status, reply.code()),
                (408, "body_incomplete".into())
            );
        }
        assert_eq!(upload.ended().await, clients(then));
    }
}

#[tokio::test]
async fn r18_a_client_that_hangs_up_while_it_sends_is_gone() {
    for then in [SILENT, BEGINS] {
        let upload = Upload::patient(then, false).await;
        drop(upload.begun(then).await);
        assert_eq!(upload.ended().await, clients(then));
    }
}

#[tokio::test]
async fn r18_a_client_that_breaks_off_a_stream_is_gone() {
    for then in [SILENT, BEGINS] {
        for (reason, length) in [
            (Some(Reason::CANCEL), None),
            (Some(Reason::NO_ERROR), None),
            (Some(Reason::NO_ERROR), Some("50")),
            // It ends before its length.
            (None, Some("50")),
        ] {
            let upload = Upload::patient(then, true).await;
            let (_client, answer, mut body) = upload.stream(length).await;
            let mut answer = Some(answer);
            let mut answering = None;
            if answers(then) {
                let answer = answer.take().unwrap().await.unwrap();
                let mut answer = answer.into_body();
                comes(&mut answer, "first").await;
                answering = Some(answer);
            }
            match reason {
                Some(reason) => body.send_reset(reason),
                None => body.send_data(Bytes::from_static(b"x"), true).unwrap(),
            }
            assert_eq!(upload.ended().await, clients(then), "{reason:?} {length:?}");
            drop((answer, answering));
        }
    }
}

#[tokio::test]
async fn r18_a_client_that_does_not_send_the_rest_is_given_up_as_its_own_doing() {
    for then in [SILENT, BEGINS] {
        let upload = Upload::hurried(then, false).await;
        let mut client = upload.begun(then).await;
        if answers(then) {
            let (_, broken) = client.rest().await;
            assert!(broken, "it must not look complete");
        } else {
            let reply = client.call("").await;
            assert_eq!(
                (reply.status, reply.code()),
                (408, "body_incomplete".into())
            );
        }
        assert_eq!(upload.ended().await, clients(then));

        let upload = Upload::hurried(then, true).await;
        let (_client, answer, _body) = upload.stream(None).await;
        let answer = timeout(PATIENCE, answer).await.expect("an answer").unwrap();
        let expected = if answers(then) { 200 } else { 408 };
        assert_eq!(answer.status(), expected);
        let (_, broken) = rest(&mut answer.into_body()).await;
        assert_eq!(broken, answers(then));
        assert_eq!(upload.ended().await, clients(then));
    }
}

/// How an upload ends whose product gives up on a client that has sent nothing for a while.
async fn given_up(then: Then, tls: bool, client_stall: Duration) -> (Value, Value) {
    let upload = Upload::with(then, tls, |config| config.client_stall = client_stall).await;
    let gives_up = async || {
        sleep(LIMIT).await;
        upload.asked.long_enough.notify_one();
    };
    if tls {
        let (_client, answer, _body) = upload.stream(None).await;
        gives_up().await;
        let answer = timeout(PATIENCE, answer).await.expect("an answer").unwrap();
        let status = answer.status().as_u16();
        let (_, broken) = rest(&mut answer.into_body()).await;
        assert_eq!(broken, answers(then), "{status}");
    } else {
        let mut client = upload.begun(then).await;
        gives_up().await;
        if answers(then) {
            let (_, broken) = client.rest().await;
            assert!(broken, "it must not look complete");
        } else {
            let reply = client.call("").await;
            let long = client_stall > LIMIT;
            let expected = if long {
                (502, "upstream_failed")
            } else {
                (408, "body_incomplete")
            };
            assert_eq!((reply.status, reply.code().as_str()), expected);
        }
    }
    upload.ended().await
}

#[tokio::test]
async fn r18_a_product_that_gives_up_a_client_that_sends_nothing_has_not_failed() {
    for then in [GIVES_UP, BEGINS_AND_GIVES_UP] {
        for tls in [false, true] {
            let (ending, status) = given_up(then, tls, LIMIT / 4).await;
            assert_eq!((ending, status.clone()), clients(then), "{tls}");
            let ended = given_up(then, tls, 100 * LIMIT).await;
            assert_eq!(ended, (json!("upstream_failed"), status), "{tls}");
        }
    }
}

/// A product that speaks HTTP/2 is not blamed either.
#[tokio::test]
async fn r18_over_http2_to_the_product_it_is_the_clients_doing_as_well() {
    let ca = Ca::new();
    let scene = Scene::with(|config| config.upstream_tls = Some(ca.client(BOTH))).await;
    let product = Product::secure(ca.upstream(BOTH)).await;
    let session = search_at(&scene, &product.origin()).await;
    let head = ask("POST", &session, "/search", &CHUNKED);
    product.answers("/search", Reply::Silence);
    let mut client = scene.client().await;
    client.send(head.clone() + "4\r\npart\r\n").await;
    eventually("the product to be asked", async || product.requests() == 1).await;
    assert_eq!(product.version(), http::Version::HTTP_2);
    let reply = client.call("zz\r\n").await;
    assert_eq!(
        (reply.status, reply.code()),
        (408, "body_incomplete".into())
    );
    assert_eq!(scene.outcome().await["ending"], "client_gone");

    let feed = product.feeds("/search");
    feed.send(Bytes::from_static(b"first")).unwrap();
    let mut client = scene.client().await;
    client.send(head + "4\r\npart\r\n").await;
    client.until(b"first").await.expect("an answer");
    client.send("zz\r\n").await;
    client.rest().await;
    assert_eq!(scene.outcome().await["ending"], "client_gone");
}

#[tokio::test]
async fn r18_a_product_that_fails_a_client_that_sends_has_failed() {
    let products = (json!("upstream_failed"), json!(null));
    let upload = Upload::patient(Then::BreaksOff, false).await;
    let reply = upload.begun(Then::BreaksOff).await.call("").await;
    assert_eq!(
        (reply.status, reply.code()),
        (502, "upstream_failed".into())
    );
    assert_eq!(upload.ended().await, products);

    // All of it has come, and there is no answer.
    let upload = Upload::hurried(SILENT, false).await;
    let head = ask("POST", &upload.session, "/search", &CHUNKED);
    let mut client = upload.scene.client().await;
    let reply = client.call(head + "4\r\npart\r\n0\r\n\r\n").await;
    assert_eq!(
        (reply.status, reply.code()),
        (504, "upstream_timeout".into())
    );
    assert_eq!(upload.ended().await, products);

    // More would come, and is not taken.
    let upload = Upload::with(Then::TakesNothing, false, |config| {
        // Long enough for every buffer on the way to fill.
        config.response_timeout = 5 * LIMIT;
    })
    .await;
    let mut client = upload.scene.client().await;
    let length = format!("Content-Length: {MUCH}");
    let head = ask("POST", &upload.session, "/search", &[CHUNKED[0], &length]);
    let request = head + &"q".repeat(MUCH);
    let sending = tokio::spawn(async move {
        // It is hung up on before all of it has left.
        let _ = client.stream.write_all(request.as_bytes()).await;
    });
    assert_eq!(upload.ended().await, products);
    sending.abort();
}
