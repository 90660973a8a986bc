//! Asking a product on purpose whether it answers: what is seen, and what it is asked.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use countersign_app::{BootClock, Checked, Distrust, ProductCheck, Seen};
use countersign_domain::Origin;
use countersign_enforcement::{GatewayConfig, UpstreamCheck};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::{
    product::{Product, Reply},
    tls::{BOTH, Ca, H1},
};

struct Stopped;

impl BootClock for Stopped {
    fn now(&self) -> u64 {
        1
    }
}

fn check_with(ca: Option<&Ca>) -> UpstreamCheck {
    let mut config = GatewayConfig::new("http://localhost:8080", "http://gw.localhost:8081");
    config.upstream_tls = ca.map(|ca| ca.client(BOTH));
    config.connect_timeout = Duration::from_millis(500);
    UpstreamCheck::new(&config, Arc::new(Stopped))
}

async fn seen(ca: Option<&Ca>, origin: &str) -> Seen {
    let Checked { seen, .. } = check_with(ca).check(&Origin::parse(origin).unwrap()).await;
    seen
}

/// Answers each connection with these bytes, and closes.
async fn speaks(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(bytes).await;
        }
    });
    address.to_string()
}

#[tokio::test]
async fn a_product_is_asked_once_in_nobodys_name_and_nothing_is_followed() {
    let product = Product::start().await;
    let elsewhere = Product::start().await;
    let location = vec![("location", format!("{}/login", elsewhere.origin()))];
    product.answers(
        "/",
        Reply::Plain(302, location, Bytes::from_static(b"secret")),
    );
    let answered = seen(None, &product.origin()).await;
    let expected = Seen::Answered {
        status: 302,
        tls: false,
        http2: false,
    };
    assert_eq!(answered, expected);
    assert_eq!(product.requests(), 1);
    let (target, headers) = product.last();
    assert_eq!(target, "HEAD /");
    let names: Vec<_> = headers.keys().map(http::HeaderName::as_str).collect();
    assert_eq!(names, ["user-agent", "host"]);
    assert_eq!(elsewhere.requests(), 0);
}

#[tokio::test]
async fn what_a_certificate_proves_is_judged_as_the_gateway_judges_it() {
    let (ca, other) = (Ca::new(), Ca::new());
    for (protocols, http2) in [(H1, false), (BOTH, true)] {
        let product = Product::secure(ca.upstream(protocols)).await;
        let expected = Seen::Answered {
            status: 200,
            tls: true,
            http2,
        };
        assert_eq!(seen(Some(&ca), &product.origin()).await, expected);
        let unknown = Seen::Untrusted(Distrust::UnknownIssuer);
        assert_eq!(seen(Some(&other), &product.origin()).await, unknown);
        assert_eq!(seen(None, &product.origin()).await, Seen::NoTls);
    }
    let named = Product::secure(ca.server(&["elsewhere.test"], H1)).await;
    let other_name = Seen::Untrusted(Distrust::OtherName);
    assert_eq!(seen(Some(&ca), &named.origin()).await, other_name);
    assert_eq!(named.requests(), 0);
}

#[tokio::test]
async fn what_does_not_answer_is_told_apart() {
    let ca = Ca::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = listener.local_addr().unwrap();
    let silent = seen(None, &format!("http://{free}")).await;
    assert_eq!(silent, Seen::TooLate { connected: true });
    drop(listener);
    assert_eq!(seen(None, &format!("http://{free}")).await, Seen::Refused);
    let nowhere = seen(None, "http://no-such-host.invalid").await;
    assert_eq!(nowhere, Seen::NoSuchHost);
    let ssh = speaks(b"SSH-2.0-OpenSSH_9.9\r\n").await;
    assert_eq!(seen(None, &format!("http://{ssh}")).await, Seen::NoHttp);
    assert_eq!(
        seen(Some(&ca), &format!("https://{ssh}")).await,
        Seen::NoTls
    );
}

#[tokio::test]
async fn a_few_run_at_a_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let origin = Origin::parse(&origin).unwrap();
    let check = check_with(None);
    let all = futures_util::future::join_all((0..6).map(|_| check.check(&origin))).await;
    let busy = all.iter().filter(|one| one.seen == Seen::Busy).count();
    assert_eq!(busy, 2);
}
