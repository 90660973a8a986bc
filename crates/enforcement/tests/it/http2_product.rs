//! Answers of a product over HTTP/2 that come late, in floods, or to nobody.

use std::time::Duration;

use crate::{
    attacks::{CANCEL, Failed, Stage, begins, outcome},
    bodies::{CHUNKED, search_at},
    frames::{
        CONTINUATION, DATA, END_STREAM, HEADERS, RESET, block, field, frame, head, reset, setting,
    },
    hostile::{Flood, Hostile, Says, data, fields, last},
    scene::{Scene, eventually},
    tls::{BOTH, Ca},
    wire::{ask, get},
};

/// Without a body, or with its end on a frame of its own.
#[tokio::test]
async fn an_answer_is_complete_once_all_that_was_announced_has_come() {
    let stage = Stage::new().await;
    let five = |status| fields(status, &[("content-length", "5"), ("x-a", "b")]);
    let without = |status| move |s| head(s, END_STREAM, &five(status));
    for (number, (method, status, says)) in [
        ("HEAD", 200, Says::Frames(Box::new(without("200")))),
        ("GET", 304, Says::Frames(Box::new(without("304")))),
        (
            "GET",
            200,
            Says::Frames(Box::new(move |s| {
                [head(s, 0, &five("200")), data(s, "hello")].concat()
            })),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        stage.product.next(says);
        let path = format!("/five-{number}");
        let mut client = stage.scene.client().await;
        let reply = client.call(ask(method, &stage.one, &path, &[])).await;
        assert_eq!((reply.status, reply.header("x-a")), (status, Some("b")));
        assert_eq!(
            outcome(&stage.scene, &path).await,
            "complete",
            "{method} {status}"
        );
    }
}

/// What a head says is mapped as over HTTP/1.1: cookies are kept here, addresses are the session's.
#[tokio::test]
async fn cookies_and_addresses_are_the_sessions() {
    let stage = Stage::new().await;
    let to = format!("{}/next", stage.product.origin());
    stage.product.next(Says::Frames(Box::new(move |s| {
        let fields = fields(
            "302",
            &[
                ("location", &to),
                ("set-cookie", "sid=secret; HttpOnly; Path=/"),
                ("set-cookie", "theme=dark; Domain=127.0.0.1"),
                ("access-control-allow-origin", "*"),
                ("countersign-identity", "x"),
            ],
        );
        head(s, END_STREAM, &fields)
    })));
    let mut client = stage.scene.client().await;
    let reply = client.call(get(&stage.one, "/moves", &[])).await;
    let next = format!("http://{}/next", stage.one.host);
    assert_eq!(
        (reply.status, reply.header("location")),
        (302, Some(next.as_str()))
    );
    let cookies = reply.all("set-cookie").join("; ");
    assert!(cookies.contains("theme=dark"), "{cookies}");
    assert!(
        !cookies.contains("secret") && !cookies.contains("127.0.0.1"),
        "{cookies}"
    );
    for name in ["access-control-allow-origin", "countersign-identity"] {
        assert_eq!(reply.header(name), None);
    }
}

/// A flood is stopped after little of it has been taken, and takes nobody else along.
#[tokio::test]
async fn floods_are_stopped_and_nothing_of_them_is_kept() {
    /// What the kernels on both sides hold, and what h2 reads before it has enough.
    const LITTLE: usize = 16 * 1024 * 1024;
    let big = block(&vec![field("x-a", &"x".repeat(8 * 1024))]);
    let floods: Vec<(&str, Flood)> = vec![
        (
            "CONTINUATION",
            Box::new(move |s| {
                (
                    frame(HEADERS, 0, s, &[0x88]),
                    frame(CONTINUATION, 0, s, &big),
                )
            }),
        ),
        (
            "CONTINUATION of nothing",
            Box::new(|s| {
                (
                    frame(HEADERS, 0, s, &[0x88]),
                    frame(CONTINUATION, 0, s, &[]),
                )
            }),
        ),
        (
            "RST_STREAM of streams to come",
            Box::new(|s| (Vec::new(), reset(s + 100, CANCEL))),
        ),
    ];
    let mut stage = Stage::new().await;
    for (number, (what, flood)) in floods.into_iter().enumerate() {
        let before = stage.product.written();
        let path = format!("/flood-{number}");
        let (got, ending, _, times) = stage.suffers(&path, Says::Forever(flood)).await;
        assert_eq!(
            (got, ending.as_str(), times),
            (Failed, "upstream_failed", 1),
            "{what}"
        );
        let taken = stage.product.written() - before;
        assert!(taken < LITTLE, "{what}: {taken} bytes were taken");
    }
}

/// A client that leaves has its stream taken back at the product, and no other.
#[tokio::test]
async fn what_nobody_waits_for_is_taken_back_at_the_product() {
    let mut stage = Stage::new().await;
    let leaving = begins(&stage.scene, &stage.product, &stage.one, "/leaving").await;
    let (line, stream) = (leaving.line, leaving.stream);
    assert_eq!(line, stage.other.line, "one connection for one session");
    drop(leaving);
    eventually("the stream to be taken back", async || {
        let resets = stage.product.heard(RESET);
        let cancel = CANCEL.to_be_bytes().to_vec();
        resets == [(line, RESET, stream, cancel)]
    })
    .await;
    assert_eq!(outcome(&stage.scene, "/leaving").await, "client_gone");
    stage.product.say(line, data(stage.other.stream, "more"));
    stage
        .other
        .client
        .until(b"more")
        .await
        .expect("the other goes on");

    // A1: what is under way of a session ends with it, here and at the product.
    let open = stage.product.open();
    stage
        .scene
        .app
        .end_session(stage.scene.sam, stage.one.id)
        .await
        .unwrap();
    stage.product.say(line, last(stage.other.stream, "secret"));
    let (rest, _) = stage.other.client.rest().await;
    let rest = String::from_utf8_lossy(&rest);
    assert!(
        !rest.contains("secret") && !rest.ends_with("0\r\n\r\n"),
        "{rest}"
    );
    eventually("the connection to end", async || {
        stage.product.open() == open - 1
    })
    .await;
    assert_eq!(outcome(&stage.scene, "/other").await, "cut");
    let more = last(stage.bystander.stream, "tick");
    stage.product.say(stage.bystander.line, more);
    stage
        .bystander
        .client
        .until(b"0\r\n\r\n")
        .await
        .expect("another session's answer");
    assert_eq!(outcome(&stage.scene, "/bystander").await, "complete");
}

/// A product that opens no window is sent nothing of a body, and has failed.
#[tokio::test]
async fn a_window_that_is_never_opened_is_the_products_doing() {
    let ca = Ca::new();
    let scene = Scene::with(|config| {
        config.upstream_tls = Some(ca.client(BOTH));
        config.threads = 1;
        config.response_timeout = Duration::from_millis(500);
    })
    .await;
    let product = Hostile::start(ca.upstream(BOTH)).await;
    product.begins_with(setting(4, 0));
    let session = search_at(&scene, &product.origin()).await;
    // By the answer to this one, what the connection begins with has come.
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
    product.next(Says::Frames(Box::new(|_| Vec::new())));
    let head = ask("POST", &session, "/search", &CHUNKED);
    let mut client = scene.client().await;
    let reply = client.call(head + "4\r\npart\r\n0\r\n\r\n").await;
    assert_eq!(
        (reply.status, reply.code()),
        (504, "upstream_timeout".into())
    );
    assert_eq!(scene.outcome().await["ending"], "upstream_failed");
    let said: Vec<_> = product
        .heard(DATA)
        .into_iter()
        .map(|heard| heard.3)
        .collect();
    assert!(said.concat().is_empty(), "{said:?}");
}
