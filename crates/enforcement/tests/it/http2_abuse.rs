//! HTTP/2 that no browser would send: frames made by hand.

use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};
use tokio_rustls::client::TlsStream;

use crate::{
    frames::{
        CONTINUATION, DATA, END_STREAM, Fields, GO_AWAY, HEADERS, OK, RESET, SETTINGS, block,
        field, frame, head, read,
    },
    product::Reply,
    scene::{Scene, Session, eventually},
    tls::{BOTH, Ca, PATIENCE, gets},
};

/// How the gateway answered a stream.
#[derive(Debug, PartialEq, Eq)]
enum Saw {
    /// A response; what its header block begins with.
    Head(u8),
    Reset,
    GoAway,
    Closed,
}

/// An HTTP/2 connection that sends what it is told.
struct Raw(TlsStream<TcpStream>);

/// The fields of a GET that passes.
fn good(session: &Session) -> Fields {
    vec![
        field(":method", "GET"),
        field(":scheme", "https"),
        field(":authority", &session.host),
        field(":path", "/evil"),
        field("countersign-session", &session.token),
    ]
}

/// The same with another field, or another value of a field that is there.
fn with(session: &Session, name: &str, value: &str) -> Fields {
    let mut fields = good(session);
    match fields.iter_mut().find(|field| field.0 == name.as_bytes()) {
        Some(there) => there.1 = value.as_bytes().to_vec(),
        None => fields.push(field(name, value)),
    }
    fields
}

impl Raw {
    async fn connect(ca: &Ca, scene: &Scene, session: &Session) -> Self {
        let mut stream = ca.connect(scene.address, session.name(), BOTH).await;
        stream
            .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            .await
            .unwrap();
        stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
        Self(stream)
    }

    /// Sends what the gateway may refuse to take to its end, and waits for what it says.
    async fn ask(mut self, bytes: &[u8]) -> Saw {
        let _ = self.0.write_all(bytes).await;
        let _ = self.0.flush().await;
        timeout(PATIENCE, self.answer()).await.expect("an answer")
    }

    async fn answer(&mut self) -> Saw {
        loop {
            let Ok((kind, _, stream, payload)) = read(&mut self.0).await else {
                return Saw::Closed;
            };
            match (kind, stream) {
                (HEADERS, 1) => return Saw::Head(payload[0]),
                (RESET, 1) => return Saw::Reset,
                (GO_AWAY, _) => return Saw::GoAway,
                _ => {}
            }
        }
    }
}

struct Abuse {
    ca: Ca,
    scene: Scene,
    session: Session,
}

impl Abuse {
    async fn new() -> Self {
        let ca = Ca::new();
        let scene = Scene::with(|config| config.tls = Some(ca.gateway())).await;
        let session = scene.session().await;
        Self { ca, scene, session }
    }

    async fn ask(&self, bytes: &[u8]) -> Saw {
        let raw = Raw::connect(&self.ca, &self.scene, &self.session).await;
        raw.ask(bytes).await
    }

    async fn refuses(&self, fields: &Fields) {
        let saw = self.ask(&head(1, END_STREAM, fields)).await;
        let shown: Vec<_> = (fields.iter())
            .map(|(name, value)| (name.escape_ascii().to_string(), value.escape_ascii()))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        assert_ne!(saw, Saw::Head(OK), "{shown:?}");
        assert_eq!(self.scene.product.requests(), 0, "{shown:?}");
    }

    /// What is well formed passes, and nothing else has.
    async fn only_the_good_passes(&self) {
        let good = head(1, END_STREAM, &with(&self.session, ":path", "/good"));
        assert_eq!(self.ask(&good).await, Saw::Head(OK));
        assert_eq!(self.scene.product.last().0, "GET /good");
        assert_eq!(self.scene.product.requests(), 1);
        let entries = self.scene.entries("request").await;
        assert_eq!(entries.len(), 1, "{entries:?}");
    }
}

#[tokio::test]
async fn what_would_be_two_lines_in_http1_is_refused() {
    let abuse = Abuse::new().await;
    let session = &abuse.session;
    for (name, value) in [
        ("x-a", "b\r\nx-b: c"),
        ("x-a", "b\nx-b: c"),
        ("x-a", "b\rc"),
        ("x-a", "b\0c"),
        ("x-a", "b\r\n\r\nDELETE / HTTP/1.1\r\n"),
        ("x-a\r\nx-b", "c"),
        ("x-a: b", "c"),
        ("x a", "b"),
        ("X-A", "b"),
        ("", "b"),
        (":path", "/evil HTTP/1.1\r\nx-a: b"),
        (":path", "/evil x"),
        (":path", "/evil\0"),
        (":path", "/evil\r\n"),
        (":method", "GET /other HTTP/1.1\r\nx: "),
        (":method", "GET "),
        (":authority", "a\r\nx-a: b"),
    ] {
        abuse.refuses(&with(session, name, value)).await;
    }
    abuse.only_the_good_passes().await;
}

#[tokio::test]
async fn what_belongs_to_a_connection_is_refused() {
    let abuse = Abuse::new().await;
    for (name, value) in [
        ("transfer-encoding", "chunked"),
        ("transfer-encoding", "identity"),
        ("connection", "close"),
        ("connection", "x-foo"),
        ("keep-alive", "timeout=5"),
        ("proxy-connection", "keep-alive"),
        ("upgrade", "websocket"),
        ("te", "gzip"),
    ] {
        abuse.refuses(&with(&abuse.session, name, value)).await;
    }
    abuse.only_the_good_passes().await;
}

#[tokio::test]
async fn a_request_that_names_two_places_or_none_is_refused() {
    let abuse = Abuse::new().await;
    let session = &abuse.session;
    let other = abuse.scene.session().await;
    for (name, value) in [
        (":authority", format!("user@{}", session.host)),
        (":authority", format!("user:pass@{}", session.host)),
        (":authority", format!("{}@{}", other.host, session.host)),
        (":authority", format!("{}/x", session.host)),
        (":authority", format!("{}?x", session.host)),
        (":authority", format!("{},{}", session.host, other.host)),
        (":authority", String::new()),
        ("host", other.host.clone()),
        ("host", String::new()),
        ("host", "127.0.0.1".to_owned()),
        (":path", String::new()),
        (":path", "evil".to_owned()),
        (":path", "*".to_owned()),
        (":path", "http://127.0.0.1/evil".to_owned()),
        (":method", "CONNECT".to_owned()),
        (":status", "200".to_owned()),
        (":protocol", "websocket".to_owned()),
        (":unknown", "x".to_owned()),
    ] {
        abuse.refuses(&with(session, name, &value)).await;
    }
    for name in [":authority", ":path", ":method", ":scheme"] {
        let mut missing = good(session);
        missing.retain(|field| field.0 != name.as_bytes());
        abuse.refuses(&missing).await;
        let mut twice = good(session);
        let again = twice.iter().find(|field| field.0 == name.as_bytes());
        twice.insert(0, again.unwrap().clone());
        abuse.refuses(&twice).await;
        let mut late = good(session);
        let at = late.iter().position(|field| field.0 == name.as_bytes());
        let field = late.remove(at.unwrap());
        late.push(field);
        abuse.refuses(&late).await;
    }
    for (first, second) in [(&session.host, &other.host), (&session.host, &session.host)] {
        let mut fields = good(session);
        fields.extend([field("host", first), field("host", second)]);
        abuse.refuses(&fields).await;
    }
    abuse.only_the_good_passes().await;
}

#[tokio::test]
async fn a_get_with_a_body_or_a_lie_about_one_is_refused() {
    let abuse = Abuse::new().await;
    let session = &abuse.session;
    for length in [
        "5",
        "+0",
        "-1",
        "0x0",
        "0, 5",
        "00",
        " 0",
        "18446744073709551616",
    ] {
        abuse
            .refuses(&with(session, "content-length", length))
            .await;
    }
    let mut twice = with(session, "content-length", "0");
    twice.push(field("content-length", "5"));
    abuse.refuses(&twice).await;

    let data = |bytes: &[u8]| frame(DATA, END_STREAM, 1, bytes);
    for (fields, body) in [
        (good(session), &b"hello"[..]),
        (with(session, "content-length", "5"), b"hello"),
        (with(session, "content-length", "5"), b"hell"),
        (with(session, "content-length", "5"), b"hello!"),
        (with(session, "content-length", "0"), b"hello"),
    ] {
        let bytes = [head(1, 0, &fields), data(body)].concat();
        assert_ne!(abuse.ask(&bytes).await, Saw::Head(OK), "{body:?}");
    }
    // A body whose end has not been said yet, and one that is trailers alone.
    let open = head(1, 0, &good(session));
    assert_ne!(abuse.ask(&open).await, Saw::Head(OK));
    let trailers = head(1, END_STREAM, &vec![field("x-a", "b")]);
    assert_ne!(abuse.ask(&[open, trailers].concat()).await, Saw::Head(OK));
    assert_eq!(abuse.scene.product.requests(), 0);
    abuse.only_the_good_passes().await;
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_refused() {
    let abuse = Abuse::new().await;
    let session = &abuse.session;
    let mut fields = good(session);
    fields.extend((0..33).map(|n| field(&format!("x-{n}"), &"x".repeat(1024))));
    abuse.refuses(&fields).await;
    abuse
        .refuses(&with(session, "x-a", &"x".repeat(40 * 1024)))
        .await;
    // Many small ones count with what each costs.
    let mut fields = good(session);
    fields.extend((0..1_500).map(|n| field(&format!("x-{n}"), "")));
    abuse.refuses(&fields).await;
    // A head that never ends.
    let mut bytes = frame(HEADERS, END_STREAM, 1, &block(&good(session)));
    for _ in 0..1_000 {
        let more = block(&vec![field("x-a", &"x".repeat(8 * 1024))]);
        bytes.extend(frame(CONTINUATION, 0, 1, &more));
    }
    let saw = abuse.ask(&bytes).await;
    assert!(matches!(saw, Saw::GoAway | Saw::Closed), "{saw:?}");
    abuse.only_the_good_passes().await;
}

/// Opening streams and resetting them at once leaves no place taken and no entry without outcome.
#[tokio::test]
async fn rapid_reset_leaves_nothing_behind() {
    const PLACES: usize = 2;
    let ca = Ca::new();
    let scene = Scene::with(|config| {
        config.tls = Some(ca.gateway());
        config.requests_per_session = PLACES;
    })
    .await;
    let session = scene.session().await;
    scene.product.answers("/evil", Reply::Silence);
    let mut bytes = Vec::new();
    for n in 0..2_000 {
        let stream = 2 * n + 1;
        bytes.extend(head(stream, END_STREAM, &good(&session)));
        // CANCEL
        bytes.extend(frame(RESET, 0, stream, &8_u32.to_be_bytes()));
    }
    let mut raw = Raw::connect(&ca, &scene, &session).await;
    // The gateway may hang up before it has read all.
    let _ = raw.0.write_all(&bytes).await;
    drop(raw);

    // One at a time, each seen by the product before it is reset.
    let client = ca.http2(&scene, &session).await;
    for _ in 0..10 {
        places_are_free(&scene).await;
        let seen = scene.product.requests();
        let silent = [
            client.start(gets(&session, "/evil")).await,
            client.start(gets(&session, "/evil")).await,
        ];
        eventually("both to arrive", async || {
            scene.product.requests() == seen + PLACES
        })
        .await;
        let reply = client.call(gets(&session, "/")).await.unwrap();
        assert_eq!(
            (reply.status, reply.code()),
            (429, "too_many_requests".into())
        );
        drop(silent);
    }
    places_are_free(&scene).await;
    assert_eq!(client.call(gets(&session, "/")).await.unwrap().status, 200);
    scene.outcome().await;
    eventually("the product's connections to end", async || {
        scene.product.open() <= 1
    })
    .await;
}

/// Whatever was begun has its outcome, with which it gives its place back.
async fn places_are_free(scene: &Scene) {
    eventually("every outcome", async || {
        let outcomes = scene.entries("outcome").await;
        let gone = |entry: &serde_json::Value| entry["detail"]["ending"] == json!("client_gone");
        assert!(outcomes.iter().all(gone), "{outcomes:?}");
        outcomes.len() == scene.entries("request").await.len()
    })
    .await;
}
