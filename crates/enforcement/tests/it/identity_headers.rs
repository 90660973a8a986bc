//! Who asks is said by the gateway alone: whatever a client calls itself, in whatever spelling, the
//! product never reads it. Bytes in on one side, bytes out on the other.

use std::sync::{Arc, Mutex};

use countersign_domain::{HeaderName, Origin, Slug, Upstream};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{
    scene::{OPERATOR, Scene, Session},
    wire::get,
};

/// A product that keeps the heads of its requests as the bytes they came in.
struct RawProduct {
    origin: String,
    heads: Arc<Mutex<Vec<Vec<u8>>>>,
    task: JoinHandle<()>,
}

impl Drop for RawProduct {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl RawProduct {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(answer(stream, Arc::clone(&kept)));
            }
        });
        Self {
            origin,
            heads,
            task,
        }
    }

    /// The lines of the last head, as `(name, value)` with the name as it came.
    fn last(&self) -> Vec<(String, String)> {
        let heads = self.heads.lock().unwrap();
        let text = String::from_utf8(heads.last().unwrap().clone()).unwrap();
        let lines = text.trim_end().split("\r\n").skip(1);
        lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// All values of a header in each head so far.
    fn all(&self, name: &str) -> Vec<String> {
        let heads = self.heads.lock().unwrap();
        let of = |head: &Vec<u8>| {
            let text = String::from_utf8(head.clone()).unwrap();
            let lines = text.lines().filter_map(|line| line.split_once(": "));
            let named = lines.filter(|(this, _)| this.eq_ignore_ascii_case(name));
            named.map(|(_, value)| value.to_owned()).collect::<Vec<_>>()
        };
        heads.iter().flat_map(of).collect()
    }

    /// All values of a header, whatever the case of its name.
    fn saw(&self, name: &str) -> Vec<String> {
        let mut lines = self.last();
        lines.retain(|(this, _)| this.eq_ignore_ascii_case(name));
        lines.into_iter().map(|(_, value)| value).collect()
    }
}

async fn answer(mut stream: TcpStream, heads: Arc<Mutex<Vec<Vec<u8>>>>) {
    let mut head = Vec::new();
    while let Ok(byte) = stream.read_u8().await {
        head.push(byte);
        if head.ends_with(b"\r\n\r\n") {
            heads.lock().unwrap().push(std::mem::take(&mut head));
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                .await;
        }
    }
}

/// Acme's product is one that shows its bytes, and learns who asks from `user_header`.
async fn raw(scene: &Scene, user_header: &str) -> (RawProduct, Session) {
    let product = RawProduct::start().await;
    let upstream = Upstream {
        user_header: Some(HeaderName::parse(user_header).unwrap()),
        org_header: Some(HeaderName::parse("X-Org").unwrap()),
        ..Upstream::new(Origin::parse(&product.origin).unwrap())
    };
    scene
        .app
        .set_upstream(OPERATOR, &Slug::parse("acme").unwrap(), upstream)
        .await
        .unwrap();
    (product, scene.session().await)
}

/// A name as given, in lower case, in upper case and in a mix of both.
fn spellings(name: &str) -> [String; 4] {
    let mixed = name.chars().enumerate().map(|(at, letter)| {
        if at % 2 == 0 {
            letter.to_ascii_lowercase()
        } else {
            letter.to_ascii_uppercase()
        }
    });
    [
        name.to_owned(),
        name.to_lowercase(),
        name.to_uppercase(),
        mixed.collect(),
    ]
}

/// What proxies, clouds and frameworks hand an identity or an address on in.
const NAMES: [&str; 74] = [
    "Cf-Access-Authenticated-User-Email",
    "Cf-Access-Jwt-Assertion",
    "Cf-Connecting-Ip",
    "Client-Cert",
    "Client-Cert-Chain",
    "Client-Ip",
    "Countersign-Identity",
    "Countersign-Session-Of",
    "Fastly-Client-Ip",
    "Fly-Client-Ip",
    "Forwarded",
    "Impersonate-User",
    "Oidc-Claim-Email",
    "Proxy",
    "Proxy-Authorization",
    "Remote-Email",
    "Remote-Groups",
    "Remote-Name",
    "Remote-User",
    "Shib-Identity-Provider",
    "Ssl-Client-Cert",
    "Ssl-Client-S-Dn",
    "Ssl-Client-Verify",
    "Tailscale-User-Login",
    "Teleport-Jwt-Assertion",
    "True-Client-Ip",
    "Via",
    "X-Amzn-Oidc-Data",
    "X-Amzn-Oidc-Identity",
    "X-Apigateway-Api-Userinfo",
    "X-Appengine-User-Email",
    "X-Auth-Request-Email",
    "X-Auth-Request-User",
    "X-Auth-User",
    "X-Authenticated-User",
    "X-Authenticated-Userid",
    "X-Authentik-Username",
    "X-Client-Cert",
    "X-Client-Dn",
    "X-Client-Ip",
    "X-Client-Verify",
    "X-Cluster-Client-Ip",
    "X-Consumer-Username",
    "X-Credential-Identifier",
    "X-Email",
    "X-Endpoint-Api-Userinfo",
    "X-Envoy-External-Address",
    "X-Envoy-Original-Path",
    "X-Forwarded",
    "X-Forwarded-Access-Token",
    "X-Forwarded-Client-Cert",
    "X-Forwarded-Email",
    "X-Forwarded-Groups",
    "X-Forwarded-Preferred-Username",
    "X-Forwarded-User",
    "X-Goog-Authenticated-User-Email",
    "X-Goog-Iap-Jwt-Assertion",
    "X-Ms-Client-Principal",
    "X-Ms-Client-Principal-Name",
    "X-Ms-Token-Aad-Id-Token",
    "X-Original-Forwarded-For",
    "X-Original-Host",
    "X-Original-Url",
    "X-Pomerium-Jwt-Assertion",
    "X-Remote-Extra-Scopes",
    "X-Remote-Group",
    "X-Rewrite-Url",
    "X-Ssl-Client-Cn",
    "X-User",
    "X-User-Email",
    "X-User-Id",
    "X-Userinfo",
    "X-Vouch-User",
    "X-Webauth-User",
];

#[tokio::test]
async fn no_header_that_products_believe_comes_from_a_client() {
    let scene = Scene::new().await;
    let (product, session) = raw(&scene, "X-Acme-Who").await;
    let mut client = scene.client().await;
    let mut seen = Vec::new();
    for name in NAMES {
        let lines = spellings(name).map(|name| format!("{name}: evil@x.test"));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let reply = client.call(get(&session, "/", &lines)).await;
        assert_eq!(reply.status, 200, "{name}");
        let believed = product
            .last()
            .iter()
            .any(|(_, value)| value.contains("evil"));
        if believed {
            seen.push(name);
        }
    }
    assert_eq!(seen, [""; 0], "the product saw these");
    // The test itself sees what does pass.
    let lines = ["X-Mine: evil@x.test", "X-Author: evil@x.test"];
    client.call(get(&session, "/", &lines)).await;
    for name in ["X-Mine", "X-Author"] {
        assert_eq!(product.saw(name), ["evil@x.test"], "{name} is nobody's");
    }
}

#[tokio::test]
async fn the_configured_headers_say_only_what_the_gateway_says() {
    let scene = Scene::new().await;
    // One that begins like others, and one that only this org knows.
    for user_header in ["X-Remote-User", "X-Acme-Who"] {
        let (product, session) = raw(&scene, user_header).await;
        let mut client = scene.client().await;
        for (name, said) in [(user_header, "dana@acme.test"), ("X-Org", "acme")] {
            for spelling in spellings(name) {
                // Once, twice in one spelling, and beside another spelling.
                for lines in [
                    vec![format!("{spelling}: evil@x.test")],
                    vec![
                        format!("{spelling}: evil@x.test"),
                        format!("{spelling}: e2@x.test"),
                    ],
                    vec![
                        format!("{spelling}: evil@x.test"),
                        format!("{name}: {said}"),
                    ],
                    vec![format!("{spelling}:")],
                    vec![format!("{spelling}:\t evil@x.test \t")],
                ] {
                    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                    let reply = client.call(get(&session, "/", &lines)).await;
                    assert_eq!(reply.status, 200, "{lines:?}");
                    assert_eq!(product.saw(name), [said], "{lines:?}");
                }
            }
            // Spelled so that a product might read it as the same name: nothing is sent.
            let before = product.heads.lock().unwrap().len();
            let underscored = format!("{}: evil@x.test", name.replace('-', "_"));
            let mut other = scene.client().await;
            let reply = other.call(get(&session, "/", &[&underscored])).await;
            assert_eq!(
                (reply.status, reply.code()),
                (400, "ambiguous_request".into())
            );
            assert_eq!(product.heads.lock().unwrap().len(), before);
        }
    }
}

/// An auditor finds the entry of a request in the product's own log by this.
#[tokio::test]
async fn the_entry_of_a_request_is_named_by_the_gateway_alone() {
    let scene = Scene::new().await;
    let (product, session) = raw(&scene, "X-Remote-User").await;
    let mut client = scene.client().await;
    let name = "Countersign-Request";
    for spelling in spellings(name) {
        for lines in [
            vec![],
            vec![format!("{spelling}: 7")],
            vec![format!("{spelling}: 7"), format!("{name}: 8")],
        ] {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let reply = client.call(get(&session, "/", &lines)).await;
            assert_eq!(reply.status, 200, "{lines:?}");
            let log = scene.log().await;
            let index = log.iter().rposition(|entry| entry["type"] == "request");
            let index = index.unwrap().to_string();
            assert_eq!(product.saw(name), [index], "{lines:?}");
        }
    }
    let indices = product.all(name);
    let different: std::collections::BTreeSet<&String> = indices.iter().collect();
    assert_eq!((indices.len(), different.len()), (12, 12), "{indices:?}");
    for odd in [
        "Countersign_Request: 7",
        "Countersign.Request: 7",
        "Connection: countersign-request",
    ] {
        let mut other = scene.client().await;
        let reply = other.call(get(&session, "/", &[odd])).await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "ambiguous_request".into()),
            "{odd}"
        );
    }
    assert_eq!(product.all(name).len(), 12, "nothing was sent");
}

#[tokio::test]
async fn where_a_request_came_from_is_said_by_the_gateway_alone() {
    let scene = Scene::new().await;
    let (product, session) = raw(&scene, "X-Remote-User").await;
    let mut client = scene.client().await;
    let forwarded = format!("for=127.0.0.1;host=\"{}\";proto=http", session.host);
    let truth = [
        ("Forwarded", forwarded.as_str()),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Host", session.host.as_str()),
        ("X-Forwarded-Proto", "http"),
    ];
    for (name, _) in truth {
        let lines = spellings(name).map(|name| format!("{name}: 6.6.6.6"));
        let mut lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        lines.extend([
            "Forwarded: for=6.6.6.6;host=evil.test;proto=https",
            "forwarded: for=6.6.6.6",
            "X-Forwarded-Port: 443",
            "X-Forwarded-Prefix: /evil",
            "X-Forwarded-Server: evil.test",
            "X-Forwarded-Ssl: on",
            "X-Real-Ip: 6.6.6.6",
        ]);
        let reply = client.call(get(&session, "/", &lines)).await;
        assert_eq!(reply.status, 200, "{name}");
        for (name, said) in truth {
            assert_eq!(product.saw(name), [said], "{name}");
        }
        for (name, value) in product.last() {
            let known = truth
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(&name));
            let name = name.to_lowercase();
            assert!(known || !name.contains("forwarded"), "{name}: {value}");
            assert!(
                !value.contains("6.6.6.6") && !value.contains("evil"),
                "{name}: {value}"
            );
        }
    }
}
