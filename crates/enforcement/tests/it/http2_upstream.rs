//! Products that speak over TLS, and those of them that speak HTTP/2.

use std::time::Duration;

use bytes::Bytes;
use countersign_domain::{Origin, Slug, Upstream};
use futures_util::future::join_all;
use http::Version;
use serde_json::json;
use tokio::time::sleep;

use crate::{
    product::{Product, Reply},
    scene::{OPERATOR, Scene, eventually},
    tls::{BOTH, Ca, H1, comes, data, gets, rest},
    wire::{Client, get},
};

/// A scene whose product speaks these protocols over TLS.
async fn scene(ca: &Ca, protocols: &[&str]) -> (Scene, Product) {
    let scene = Scene::with(|config| {
        config.upstream_tls = Some(ca.client(BOTH));
        // Each thread has connections of its own; these tests count those of one.
        config.threads = 1;
    })
    .await;
    let product = Product::secure(ca.upstream(protocols)).await;
    moved(&scene, &product).await;
    (scene, product)
}

async fn moved(scene: &Scene, product: &Product) {
    let to = Upstream::new(Origin::parse(&product.origin()).unwrap());
    let org = Slug::parse("acme").unwrap();
    scene.app.set_upstream(OPERATOR, &org, to).await.unwrap();
}

async fn streaming(scene: &Scene, request: String, first: &[u8]) -> Client {
    let mut client = scene.client().await;
    client.send(request).await;
    client.until(first).await.expect("a stream");
    client
}

#[tokio::test]
async fn a3_http2_upstreams_have_one_connection_per_session() {
    let ca = Ca::new();
    let (scene, product) = scene(&ca, BOTH).await;
    let (one, two) = (scene.session().await, scene.session().await);
    let ones = product.feeds("/one");
    ones.send(Bytes::from_static(b"first")).unwrap();
    let mut client = streaming(&scene, get(&one, "/one", &[]), b"first").await;
    // Others pass beside the stream, on the same connection.
    let calls = (0..8).map(async |_| {
        let mut client = scene.client().await;
        let reply = client.call(get(&one, "/", &[])).await;
        (reply.status, reply.text())
    });
    for reply in join_all(calls).await {
        assert_eq!(reply, (200, "hello".to_owned()));
    }
    assert_eq!(product.accepted(), 1);
    assert_eq!(product.version(), Version::HTTP_2);
    assert_eq!(product.last().0, format!("GET {}/", product.origin()));
    for name in ["host", "connection", "transfer-encoding"] {
        assert_eq!(product.saw(name), None);
    }

    let twos = product.feeds("/two");
    twos.send(Bytes::from_static(b"first")).unwrap();
    let mut other = streaming(&scene, get(&two, "/two", &[]), b"first").await;
    assert_eq!(product.accepted(), 2);

    scene.app.end_session(scene.sam, one.id).await.unwrap();
    let _ = ones.send(Bytes::from_static(b"second"));
    let (rest, _) = client.rest().await;
    let rest = String::from_utf8(rest).unwrap();
    assert!(
        !rest.contains("second") && !rest.contains("0\r\n\r\n"),
        "{rest:?}"
    );
    eventually("the session's connection to end", async || {
        product.open() == 1
    })
    .await;
    twos.send(Bytes::from_static(b"second")).unwrap();
    other.until(b"second").await.expect("its stream goes on");
    assert_eq!(product.accepted(), 2);
    eventually("the outcome of the stream", async || {
        let outcomes = scene.entries("outcome").await;
        let cut = outcomes
            .iter()
            .filter(|entry| entry["detail"]["ending"] == "cut");
        cut.count() == 1
    })
    .await;
}

#[tokio::test]
async fn an_upstream_over_tls_that_speaks_http1_only_is_reused() {
    let ca = Ca::new();
    let (scene, product) = scene(&ca, H1).await;
    let (one, two) = (scene.session().await, scene.session().await);
    let mut client = scene.client().await;
    for session in [&one, &two, &one] {
        let reply = client.call(get(session, "/", &[])).await;
        assert_eq!((reply.status, reply.text()), (200, "hello".to_owned()));
        scene.outcome().await;
    }
    assert_eq!((product.accepted(), product.requests()), (1, 3));
    assert_eq!(product.version(), Version::HTTP_11);
    assert_eq!(product.saw("host"), Some(product.authority()));
}

#[tokio::test]
async fn an_upstream_that_nobody_trusts_is_sent_nothing() {
    let ca = Ca::new();
    let (scene, trusted) = scene(&ca, BOTH).await;
    let named_otherwise = ca.server(&["product.test"], BOTH);
    for tls in [
        Ca::new().upstream(BOTH),
        Ca::new().upstream(H1),
        named_otherwise,
    ] {
        let product = Product::secure(tls).await;
        moved(&scene, &product).await;
        let session = scene.session().await;
        let reply = scene.client().await.call(get(&session, "/", &[])).await;
        assert_eq!(
            (reply.status, reply.code()),
            (502, "upstream_untrusted".into())
        );
        assert_eq!((product.accepted(), product.requests()), (1, 0));
        let outcome = scene.outcome().await;
        assert_eq!(
            (&outcome["ending"], &outcome["status"]),
            (&json!("upstream_failed"), &json!(null))
        );
    }
    moved(&scene, &trusted).await;
    let session = scene.session().await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
}

/// HTTP/2 on both sides: what one stream does is nothing to the others.
#[tokio::test]
async fn one_stream_that_breaks_off_touches_no_other() {
    let ca = Ca::new();
    let scene = Scene::with(|config| {
        config.tls = Some(ca.gateway());
        config.upstream_tls = Some(ca.client(BOTH));
    })
    .await;
    let product = Product::secure(ca.upstream(BOTH)).await;
    moved(&scene, &product).await;
    let session = scene.session().await;
    let client = ca.http2(&scene, &session).await;
    let (goes_on, breaks) = (product.feeds("/fed"), product.breaks("/breaks"));
    product.answers("/trailers", Reply::Trailers);
    let mut fed = client
        .open(gets(&session, "/fed"))
        .await
        .unwrap()
        .into_body();
    let mut half = client
        .open(gets(&session, "/breaks"))
        .await
        .unwrap()
        .into_body();
    breaks.send(Bytes::from_static(b"half")).unwrap();
    comes(&mut half, "half").await;
    drop(breaks);
    let error = data(&mut half).await.unwrap().unwrap_err();
    assert!(error.is_reset() && error.is_remote(), "{error}");
    goes_on.send(Bytes::from_static(b"more")).unwrap();
    comes(&mut fed, "more").await;
    drop(goes_on);
    let end = rest(&mut fed).await;
    assert_eq!(end, (Vec::new(), false), "it ends as the product ended it");
    let mut request = gets(&session, "/trailers");
    let trailers = "trailers".parse().unwrap();
    request.headers_mut().insert("te", trailers);
    let reply = client.call(request).await.unwrap();
    assert_eq!(
        (reply.text().as_str(), reply.trailers.as_str()),
        ("body", "x-sum: 42\r\n")
    );
    assert_eq!(product.accepted(), 1);
    eventually("the outcomes", async || {
        let mut endings: Vec<String> = (scene.entries("outcome").await.iter())
            .map(|entry| entry["detail"]["ending"].as_str().unwrap().to_owned())
            .collect();
        endings.sort();
        endings == ["complete", "complete", "upstream_failed"]
    })
    .await;
}

/// A session that ends takes its HTTP/2 connection along, also when nothing is under way on it.
#[tokio::test]
async fn an_idle_http2_upstream_connection_ends_with_its_session() {
    let ca = Ca::new();
    let (scene, product) = scene(&ca, BOTH).await;
    let session = scene.session().await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
    scene.revoke().await;
    eventually("the connection to end", async || product.open() == 0).await;
}

/// Requests that come before the first connection is there may make more than one: one is kept, and
/// none outlives the session.
#[tokio::test]
async fn requests_at_once_on_a_new_session_leave_one_connection() {
    let ca = Ca::new();
    let (scene, product) = scene(&ca, BOTH).await;
    let session = scene.session().await;
    let feed = product.feeds("/fed");
    feed.send(Bytes::from_static(b"first")).unwrap();
    let calls = (0..8).map(async |_| {
        let mut client = scene.client().await;
        client.call(get(&session, "/", &[])).await.status
    });
    let (statuses, mut client) = tokio::join!(
        join_all(calls),
        streaming(&scene, get(&session, "/fed", &[]), b"first")
    );
    assert_eq!(statuses, [200; 8]);
    eventually("what is not kept to end", async || product.open() <= 2).await;
    let before = product.accepted();
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, product.accepted()), (200, before));
    scene.revoke().await;
    let _ = feed.send(Bytes::from_static(b"second"));
    let (rest, _) = client.rest().await;
    assert!(!String::from_utf8_lossy(&rest).contains("second"));
    eventually("every connection to end", async || product.open() == 0).await;
}

/// Readers that take nothing hold what one stream may send ahead, and not the whole connection.
#[tokio::test]
async fn readers_that_take_nothing_do_not_hold_up_the_others() {
    const SLOW: usize = 24;
    let ca = Ca::new();
    let scene = Scene::with(|config| {
        config.upstream_tls = Some(ca.client(BOTH));
        config.requests_per_session = SLOW + 1;
        config.threads = 1;
    })
    .await;
    let product = Product::secure(ca.upstream(BOTH)).await;
    moved(&scene, &product).await;
    let session = scene.session().await;
    product.answers("/flood", Reply::Flood);
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut client = Client::slow(scene.address).await;
        client.send(get(&session, "/flood", &[])).await;
        client.until(b"\r\n\r\n").await.expect("a head");
        slow.push(client);
    }
    let (mut before, mut still) = (0, 0);
    eventually("every buffer to be full", async || {
        sleep(Duration::from_millis(200)).await;
        let now = product.poured();
        still = if now == before { still + 1 } else { 0 };
        before = now;
        still == 5
    })
    .await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!((reply.status, reply.text()), (200, "hello".to_owned()));
    assert_eq!(product.accepted(), 1);
}
