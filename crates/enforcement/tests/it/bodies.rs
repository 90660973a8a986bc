//! Bodies of declared reads: nothing of them is a way round what is said of heads (R17, A1).

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use countersign_domain::{
    Methods, Mode, Origin, RouteEffect, RoutePattern, RouteRule, Routes, Slug, Upstream,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    scene::{OPERATOR, Scene, Session, eventually},
    wire::{ask, get},
};

/// A product that answers at the end of a head, without waiting for the body, and keeps every byte.
struct Hasty {
    origin: String,
    got: Arc<Mutex<Vec<u8>>>,
}

impl Hasty {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&kept)));
            }
        });
        Self { origin, got }
    }

    fn text(&self) -> String {
        String::from_utf8(self.got.lock().unwrap().clone()).unwrap()
    }
}

async fn answer(mut stream: TcpStream, got: Arc<Mutex<Vec<u8>>>) {
    let mut head = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        got.lock().unwrap().push(byte);
        head.push(byte);
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
            if stream.write_all(answer).await.is_err() {
                return;
            }
        }
    }
}

/// A session before that product.
async fn searching() -> (Scene, Hasty, Session) {
    let scene = Scene::new().await;
    let product = Hasty::start().await;
    let session = search_at(&scene, &product.origin).await;
    (scene, product, session)
}

/// A session before a product where `POST /search` is a read.
pub(crate) async fn search_at(scene: &Scene, origin: &str) -> Session {
    let methods = Methods::parse(["POST"]).unwrap();
    let path = RoutePattern::parse("/search").unwrap();
    let rule = RouteRule::new(methods, path, RouteEffect::Read).unwrap();
    let upstream = Upstream {
        mode: Mode::ByMethod,
        routes: Routes::new(vec![rule]).unwrap(),
        ..Upstream::new(Origin::parse(origin).unwrap())
    };
    let org = Slug::parse("acme").unwrap();
    scene
        .app
        .set_upstream(OPERATOR, &org, upstream)
        .await
        .unwrap();
    scene.ticks_again().await;
    scene.session().await
}

/// More than the buffers on the way hold.
pub(crate) const MUCH: usize = 64 * 1024 * 1024;

/// A client that sends all it has before it reads anything, and a product that answers before it
/// has read all of it: neither waits for the other.
#[tokio::test]
async fn a_request_goes_on_its_way_however_slowly_its_response_is_read() {
    let scene = Scene::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let product = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (mut read, mut write) = stream.into_split();
        let mut buffer = vec![0; 64 * 1024];
        // What comes before a request answers none, and would end the connection.
        let mut got = read.read(&mut buffer).await.unwrap();
        let answering = tokio::spawn(async move {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {MUCH}\r\n\r\n");
            write.write_all(head.as_bytes()).await.unwrap();
            let _ = write.write_all(&vec![b'a'; MUCH]).await;
        });
        while got < MUCH {
            got += match read.read(&mut buffer).await {
                Ok(0) | Err(_) => panic!("it broke off after {got} bytes"),
                Ok(count) => count,
            };
        }
        answering.abort();
    });
    let session = search_at(&scene, &origin).await;
    let mut client = scene.client().await;
    let length = format!("Content-Length: {MUCH}");
    let head = ask("POST", &session, "/search", &[CHUNKED[0], &length]);
    client.stream.write_all(head.as_bytes()).await.unwrap();
    let body = vec![b'q'; MUCH];
    tokio::time::timeout(PATIENCE, client.stream.write_all(&body))
        .await
        .expect("all of it is taken")
        .unwrap();
    product.await.unwrap();
}

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const CHUNKED: [&str; 2] = ["Content-Type: text/plain", "Transfer-Encoding: chunked"];

#[tokio::test]
async fn a1_a_product_that_answers_early_reads_nothing_more_of_the_request() {
    let (scene, product, session) = searching().await;
    let mut client = scene.client().await;
    let head = ask("POST", &session, "/search", &CHUNKED);
    let reply = client.call(head + "5\r\nfirst\r\n").await;
    assert_eq!(reply.status, 200);
    scene.revoke().await;
    let _ = client.stream.write_all(b"4\r\nlate\r\n0\r\n\r\n").await;
    // Another request shows that whatever was to arrive has.
    scene.app.grant(scene.dana, &scene.number).await.unwrap();
    let next = scene.session().await;
    let reply = scene.client().await.call(get(&next, "/next", &[])).await;
    assert_eq!(reply.status, 200);
    eventually("the next request", async || {
        product.text().contains("GET /next")
    })
    .await;
    assert!(!product.text().contains("late"), "{}", product.text());
}

#[tokio::test]
async fn a4_trailers_of_a_request_go_nowhere() {
    let (scene, product, session) = searching().await;
    let lines = [
        &CHUNKED[..],
        &["Trailer: countersign-identity, x-http-method-override"],
    ];
    let head = ask("POST", &session, "/search", &lines.concat());
    let body = "5\r\nfirst\r\n0\r\ncountersign-identity: forged\r\n\
                x-http-method-override: DELETE\r\ncookie: a=b\r\n\r\n";
    let reply = scene.client().await.call(head + body).await;
    assert_eq!(reply.status, 200);
    eventually("the body to arrive", async || {
        product.text().ends_with("0\r\n\r\n")
    })
    .await;
    let text = product.text().to_lowercase();
    for forged in ["forged", "override", "trailer", "a=b"] {
        assert!(!text.contains(forged), "{forged} in {text}");
    }
}

#[tokio::test]
async fn nothing_behind_a_body_in_chunks_is_read_as_another_request() {
    let (scene, product, session) = searching().await;
    let mut client = scene.client().await;
    let head = ask("POST", &session, "/search", &CHUNKED);
    let smuggled = get(&session, "/smuggled", &[]);
    let reply = client
        .call(format!("{head}5\r\nfirst\r\n0\r\n\r\n{smuggled}"))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("connection"), Some("close"));
    client.rest().await;
    assert!(!product.text().contains("smuggled"), "{}", product.text());
}

#[tokio::test]
async fn r17_what_a_body_asks_for_is_refused_logged_and_never_sent() {
    let (scene, product, session) = searching().await;
    let form = "Content-Type: application/x-www-form-urlencoded";
    let json = "Content-Type: application/json";
    let large = format!("q={}", "x".repeat(1024 * 1024));
    for (content_type, body, code) in [
        (form, "q=a&_method=delete", "method_overridden"),
        (form, "q=a&%5Fmethod=delete", "method_overridden"),
        (form, large.as_str(), "ambiguous_request"),
        (json, r#"{"_method":"delete"}"#, "method_overridden"),
        (json, r#"{"q":1,"q":2}"#, "ambiguous_request"),
        (json, r#"{"q":"#, "ambiguous_request"),
        (
            "Content-Type: multipart/form-data; boundary=x",
            "--x--",
            "effect_unknown",
        ),
        ("X-Nothing: 1", "q=a", "effect_unknown"),
    ] {
        let length = format!("Content-Length: {}", body.len());
        let head = ask("POST", &session, "/search", &[content_type, &length]);
        let reply = scene.client().await.call(head + body).await;
        let said = &body[..body.len().min(40)];
        assert_eq!(reply.code(), code, "{content_type} {said}");
        let refused = scene.entries("request.refused").await;
        assert_eq!(refused.last().unwrap()["detail"]["code"], code, "{said}");
    }
    assert_eq!(product.text(), "");
    let body = "q=a&method=b";
    let length = format!("Content-Length: {}", body.len());
    let head = ask("POST", &session, "/search", &[form, &length]);
    assert_eq!(scene.client().await.call(head + body).await.status, 200);
    // The product has answered at the end of the head.
    eventually("the body to arrive", async || {
        product.text().ends_with(body)
    })
    .await;
}
