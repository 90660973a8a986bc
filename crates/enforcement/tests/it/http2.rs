//! HTTP/2 towards clients: many responses on one connection, all of one session.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{Request, header};
use serde_json::json;
use tokio::{
    io::AsyncReadExt,
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::{
    product::Reply,
    scene::{BACKLOG, Scene, eventually},
    tls::{BOTH, Ca, H1, Http2, PATIENCE, asks, comes, data, gets, head_of, rest},
    wire::get,
};

async fn scene(ca: &Ca) -> Scene {
    Scene::with(|config| config.tls = Some(ca.gateway())).await
}

/// Reads until a few ticks have come.
async fn ticking(body: &mut h2::RecvStream) {
    for _ in 0..3 {
        data(body).await.expect("a tick").expect("a tick");
    }
}

/// Waits until every request has its outcome, and answers them.
async fn outcomes(scene: &Scene, expected: usize) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    eventually("every outcome", async || {
        found = scene.entries("outcome").await;
        found.len() == expected
    })
    .await;
    found
        .into_iter()
        .map(|entry| entry["detail"].clone())
        .collect()
}

#[tokio::test]
async fn many_streams_pass_intact_on_one_connection_and_all_are_on_the_log() {
    // With their outcomes, as many as the scene's recorder holds at a time.
    const MANY: usize = BACKLOG / 2;
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    let body = |n: usize| Bytes::from(vec![u8::try_from(n).unwrap(); 30_000 + n]);
    for n in 0..MANY {
        let reply = Reply::Plain(200, vec![], body(n));
        scene.product.answers(&format!("/{n}"), reply);
    }
    let calls = (0..MANY).map(|n| client.call(gets(&session, &format!("/{n}"))));
    for (n, reply) in join_all(calls).await.into_iter().enumerate() {
        let reply = reply.unwrap();
        assert_eq!((reply.status, reply.body.len()), (200, 30_000 + n));
        assert_eq!(reply.body, body(n));
        assert_eq!(reply.header("connection"), None);
    }
    let outcomes = outcomes(&scene, MANY).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome["ending"] == "complete")
    );
    let mut targets: Vec<String> = (scene.entries("request").await.iter())
        .map(|entry| entry["request"]["path"].as_str().unwrap().to_owned())
        .collect();
    targets.sort_by_key(|target| target[1..].parse::<usize>().unwrap());
    let expected: Vec<String> = (0..MANY).map(|n| format!("/{n}")).collect();
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn trailers_head_and_304_pass() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    scene.product.answers("/trailers", Reply::Trailers);
    let mut request = gets(&session, "/trailers");
    let trailers = "trailers".parse().unwrap();
    request.headers_mut().insert(header::TE, trailers);
    let reply = client.call(request).await.unwrap();
    assert_eq!(reply.text(), "body");
    assert_eq!(reply.trailers, "x-sum: 42\r\n", "no cookie of the product");

    scene.product.plain("/page", &[("etag", "\"1\"")]);
    let reply = client.call(asks("HEAD", &session, "/page")).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    assert_eq!(reply.header("etag"), Some("\"1\""));
    assert_eq!(scene.product.last().0, "HEAD /page");

    let unchanged = Reply::Plain(304, vec![("etag", "\"1\"".into())], Bytes::new());
    scene.product.answers("/same", unchanged);
    let reply = client.call(gets(&session, "/same")).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (304, 0));
    assert_eq!(reply.header("etag"), Some("\"1\""));
    let outcomes = outcomes(&scene, 3).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome["ending"] == "complete")
    );
}

/// A reader that takes everything and one that opens no window share a connection.
#[tokio::test]
async fn a1_streams_on_a_shared_connection_end_when_access_is_revoked() {
    const WINDOW: usize = 65_535;
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let stream = ca.connect(scene.address, session.name(), BOTH).await;
    let mut builder = h2::client::Builder::new();
    builder.initial_connection_window_size(4 * 1024 * 1024);
    let mut client = Http2::on(stream, &builder).await;
    scene.product.answers("/stream", Reply::Ticks);
    scene.product.answers("/flood", Reply::Flood);
    let feed = scene.product.feeds("/fed");
    let mut stalled = client
        .open(gets(&session, "/flood"))
        .await
        .unwrap()
        .into_body();
    let mut fed = client
        .open(gets(&session, "/fed"))
        .await
        .unwrap()
        .into_body();
    let mut ticks = client
        .open(gets(&session, "/stream"))
        .await
        .unwrap()
        .into_body();
    ticking(&mut ticks).await;
    feed.send(Bytes::from_static(b"before")).unwrap();
    comes(&mut fed, "before").await;
    eventually("the window to be full", async || {
        stalled.flow_control().used_capacity() == WINDOW
    })
    .await;

    scene.revoke().await;
    // The answer is here: what is said from now on reaches nobody.
    let _ = feed.send(Bytes::from_static(b"after"));
    let (got, broken) = rest(&mut fed).await;
    assert!(broken && got.is_empty(), "{got:?}");
    assert!(rest(&mut ticks).await.1, "it must not look complete");
    let (got, broken) = rest(&mut stalled).await;
    assert!(broken, "it must not look complete");
    assert!(got.len() <= WINDOW, "{} bytes came", got.len());
    let ended = timeout(PATIENCE, &mut client.driving).await.unwrap();
    let error = ended
        .unwrap()
        .expect_err("a cut connection does not end tidily");
    assert!(error.is_io(), "{error}");
    for outcome in outcomes(&scene, 3).await {
        assert_eq!(
            (&outcome["ending"], &outcome["status"]),
            (&json!("cut"), &json!(200))
        );
    }
    eventually("the product's connections to end", async || {
        scene.product.open() == 0
    })
    .await;
}

/// The window is wide and the socket is not read: everything waits below HTTP/2.
#[tokio::test]
async fn a1_a_socket_that_was_not_read_gets_nothing_more_after_the_answer() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let stream = socket
        .connect(scene.address)
        .await
        .unwrap()
        .into_std()
        .unwrap();
    let mut beside = TcpStream::from_std(stream.try_clone().unwrap()).unwrap();
    let stream = TcpStream::from_std(stream).unwrap();
    let stream = ca.over(stream, session.name(), BOTH).await;
    let mut builder = h2::client::Builder::new();
    builder
        .initial_window_size(1 << 30)
        .initial_connection_window_size(1 << 30);
    let client = Http2::on(stream, &builder).await;
    scene.product.answers("/flood", Reply::Flood);
    let mut flood = client
        .open(gets(&session, "/flood"))
        .await
        .unwrap()
        .into_body();
    data(&mut flood).await.expect("a piece").expect("a piece");
    client.driving.abort();
    // What a task holds is dropped only when nothing else does; the socket stays open beside it.
    let mut unread = vec![0; 64 * 1024];
    let mut before = usize::MAX;
    eventually("every buffer to be full", async || {
        sleep(Duration::from_millis(100)).await;
        let now = beside.peek(&mut unread).await.unwrap();
        std::mem::replace(&mut before, now) == now
    })
    .await;

    scene.revoke().await;
    let mut got = 0;
    let end = loop {
        match timeout(PATIENCE, beside.read(&mut unread)).await.unwrap() {
            Ok(0) => break Ok(()),
            Ok(n) => got += n,
            Err(error) => break Err(error),
        }
    };
    assert!(end.is_err(), "a cut response must not end tidily");
    assert!(got <= 64 * 1024, "{got} bytes came after the answer");
    assert_eq!(outcomes(&scene, 1).await[0]["ending"], "cut");
}

#[tokio::test]
async fn a3_a_connection_serves_the_session_it_was_made_for_only() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let (one, two) = (scene.session().await, scene.session().await);
    // By the name, and, where there is none, by the first request.
    for name in [one.name(), "127.0.0.1"] {
        let stream = ca.connect(scene.address, name, BOTH).await;
        let client = Http2::on(stream, &h2::client::Builder::new()).await;
        assert_eq!(client.call(gets(&one, "/")).await.unwrap().status, 200);
        let seen = scene.product.requests();
        let reply = client.call(gets(&two, "/")).await.unwrap();
        assert_eq!(
            (reply.status, reply.code()),
            (421, "misdirected_request".into())
        );
        assert_eq!(scene.product.requests(), seen);
        assert_eq!(client.call(gets(&one, "/")).await.unwrap().status, 200);
    }

    let stream = ca.connect(scene.address, one.name(), BOTH).await;
    let client = Http2::on(stream, &h2::client::Builder::new()).await;
    let seen = scene.product.requests();
    assert_eq!(client.call(gets(&two, "/")).await.unwrap().status, 421);

    let mut stream = ca.connect(scene.address, one.name(), H1).await;
    let head = head_of(&mut stream, &get(&two, "/", &[])).await;
    assert!(head.starts_with("HTTP/1.1 421"), "{head}");
    assert_eq!(scene.product.requests(), seen);
    let mut stream = ca.connect(scene.address, two.name(), H1).await;
    let head = head_of(&mut stream, &get(&two, "/", &[])).await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}

#[tokio::test]
async fn an_upstream_that_breaks_off_resets_one_stream_only() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    scene.product.answers("/stream", Reply::Ticks);
    let feed = scene.product.breaks("/breaks");
    let mut ticks = client
        .open(gets(&session, "/stream"))
        .await
        .unwrap()
        .into_body();
    let mut breaks = client
        .open(gets(&session, "/breaks"))
        .await
        .unwrap()
        .into_body();
    feed.send(Bytes::from_static(b"half")).unwrap();
    comes(&mut breaks, "half").await;
    drop(feed);
    let error = data(&mut breaks).await.unwrap().unwrap_err();
    assert!(error.is_reset() && error.is_remote(), "{error}");
    ticking(&mut ticks).await;
    assert_eq!(client.call(gets(&session, "/")).await.unwrap().status, 200);
    ticking(&mut ticks).await;
    let outcomes = outcomes(&scene, 2).await;
    assert_eq!(outcomes[0]["ending"], "upstream_failed");
    assert_eq!(outcomes[1]["ending"], "complete");
}

#[tokio::test]
async fn cookie_crumbs_are_one_cookie_header() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    let cookies = [("set-cookie", "a=0; Path=/"), ("set-cookie", "b=0; Path=/")];
    scene.product.plain("/login", &cookies);
    client.call(gets(&session, "/login")).await.unwrap();
    let mut request: Request<()> = gets(&session, "/");
    for crumb in ["a=1", "b=2"] {
        let crumb = crumb.parse().unwrap();
        request.headers_mut().append(header::COOKIE, crumb);
    }
    assert_eq!(client.call(request).await.unwrap().status, 200);
    assert_eq!(scene.product.saw("cookie").as_deref(), Some("a=1; b=2"));
    assert_eq!(scene.product.saw("host"), Some(scene.product.authority()));
}

#[tokio::test]
async fn a_secret_in_two_crumbs_is_ambiguous() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    let mut request: Request<()> = gets(&session, "/");
    request.headers_mut().remove("countersign-session");
    for crumb in [
        "__Host-countersign-session=a",
        "__Host-countersign-session=b",
    ] {
        let crumb = crumb.parse().unwrap();
        request.headers_mut().append(header::COOKIE, crumb);
    }
    let reply = client.call(request).await.unwrap();
    assert_eq!(
        (reply.status, reply.code()),
        (400, "ambiguous_request".into())
    );
    assert_eq!(reply.header("connection"), None, "it is not HTTP/2");
    assert_eq!(scene.product.requests(), 0);
}

/// Its buffers held the session's bytes, so it ends with the session; a new one is told why.
#[tokio::test]
async fn a1_an_idle_connection_ends_with_its_session() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let mut client = ca.http2(&scene, &session).await;
    assert_eq!(client.call(gets(&session, "/")).await.unwrap().status, 200);
    scene.revoke().await;
    let ended = timeout(PATIENCE, &mut client.driving).await.unwrap();
    assert!(ended.unwrap().is_err());
    let client = ca.http2(&scene, &session).await;
    let reply = client.call(gets(&session, "/")).await.unwrap();
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
}

#[tokio::test]
async fn a1_a_request_waiting_for_its_answer_is_cut_and_told_why() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    scene.product.answers("/slow", Reply::Silence);
    let client = ca.http2(&scene, &session).await;
    let waiting = client.start(gets(&session, "/slow")).await;
    eventually("the product to be asked", async || {
        scene.product.requests() == 1
    })
    .await;
    let (answer, ()) = tokio::join!(timeout(PATIENCE, waiting), scene.revoke());
    assert_eq!(answer.unwrap().unwrap().status(), 401);
    assert_eq!(outcomes(&scene, 1).await[0]["ending"], "cut");
    eventually("the product's connection to end", async || {
        scene.product.open() == 0
    })
    .await;
}

#[tokio::test]
async fn a_connection_without_requests_is_ended_tidily() {
    let ca = Ca::new();
    let scene = Scene::with(|config| {
        config.tls = Some(ca.gateway());
        config.client_idle = Duration::from_millis(200);
    })
    .await;
    let session = scene.session().await;
    let mut client = ca.http2(&scene, &session).await;
    let feed = scene.product.feeds("/fed");
    let mut fed = client
        .open(gets(&session, "/fed"))
        .await
        .unwrap()
        .into_body();
    // A stream that is quiet is no idle connection.
    sleep(Duration::from_millis(600)).await;
    feed.send(Bytes::from_static(b"late")).unwrap();
    comes(&mut fed, "late").await;
    drop(feed);
    assert_eq!(rest(&mut fed).await, (Vec::new(), false));
    let ended = timeout(PATIENCE, &mut client.driving).await.unwrap();
    // A client that is still writing when the connection has ended hears of that.
    let _ = ended.unwrap();
    assert_eq!(outcomes(&scene, 1).await[0]["ending"], "complete");
}

#[tokio::test]
async fn what_is_under_way_ends_before_the_process_does() {
    let ca = Ca::new();
    let scene = scene(&ca).await;
    let session = scene.session().await;
    let mut client = ca.http2(&scene, &session).await;
    let feed = scene.product.feeds("/fed");
    let mut fed = client
        .open(gets(&session, "/fed"))
        .await
        .unwrap()
        .into_body();
    feed.send(Bytes::from_static(b"before")).unwrap();
    comes(&mut fed, "before").await;
    scene.stop();
    feed.send(Bytes::from_static(b"after")).unwrap();
    comes(&mut fed, "after").await;
    drop(feed);
    assert_eq!(rest(&mut fed).await, (Vec::new(), false));
    let ended = timeout(PATIENCE, &mut client.driving).await.unwrap();
    // A client that is still writing when the connection has ended hears of that.
    let _ = ended.unwrap();
    eventually("the gateway to be over", async || scene.is_over()).await;
    assert_eq!(outcomes(&scene, 1).await[0]["ending"], "complete");
}
