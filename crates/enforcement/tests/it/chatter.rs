//! A product that says without end what is no answer: another session's requests on the same thread go
//! on meanwhile.

use std::time::Duration;

use countersign_domain::{Origin, Slug, Upstream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    attacks::{Stage, hint},
    frames::{PING, SETTINGS, frame},
    hostile::{Flood, Says},
    scene::{OPERATOR, Scene, Session},
    stopping::heard_nothing,
    wire::get,
};

/// How many requests the other session makes while it goes on.
const OTHERS: usize = 10;
/// How long it may go on: many times what they take.
const LONG: Duration = Duration::from_secs(9);

async fn others_go_on(scene: &Scene, flooded: &Session, other: &Session, what: &str) {
    let mut client = scene.client().await;
    client.send(get(flooded, "/flood", &[])).await;
    let mut calm = scene.client().await;
    for number in 0..OTHERS {
        let reply = calm.call(get(other, "/", &[])).await;
        assert_eq!(reply.status, 200, "{what}: {number}");
        assert!(heard_nothing(&client), "{what}: {number} came too late");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chatter_over_http2_keeps_no_other_session_waiting() {
    let floods: Vec<(&str, Flood)> = vec![
        ("hints", Box::new(|s| (Vec::new(), hint(s).repeat(100)))),
        (
            "SETTINGS",
            Box::new(|_| (Vec::new(), frame(SETTINGS, 0, 0, &[]).repeat(100))),
        ),
        (
            "PING",
            Box::new(|_| (Vec::new(), frame(PING, 0, 0, &[0; 8]).repeat(100))),
        ),
    ];
    for (what, flood) in floods {
        let stage = Stage::patient(LONG).await;
        stage.product.next(Says::Forever(flood));
        others_go_on(&stage.scene, &stage.one, &stage.two, what).await;
    }
}

async fn serve(mut stream: TcpStream) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else {
                return;
            };
            head.push(byte);
        }
        if head.starts_with(b"GET /flood") {
            let hints = b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(100);
            while stream.write_all(&hints).await.is_ok() {}
            return;
        }
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        stream.write_all(answer).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chatter_over_http1_keeps_no_other_session_waiting() {
    let scene = Scene::with(|config| {
        config.threads = 1;
        config.response_timeout = LONG;
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    let acme = Slug::parse("acme").unwrap();
    let upstream = Upstream::new(Origin::parse(&origin).unwrap());
    let set = scene.app.set_upstream(OPERATOR, &acme, upstream);
    set.await.unwrap();
    let (flooded, other) = (scene.session().await, scene.session().await);
    others_go_on(&scene, &flooded, &other, "hints").await;
}
