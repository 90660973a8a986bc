//! TLS in front and behind: console, API and gateway show certificates that may be replaced, and a
//! product is reached over https only if it proves who it is.

use std::{fs, path::Path, sync::Arc, time::Duration};

use countersign_e2e::{Server, countersign};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::{TlsAcceptor, TlsConnector, client::TlsStream};

use crate::world::World;

type Ca = CertifiedIssuer<'static, KeyPair>;

fn ca() -> Ca {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its key as PEM.
fn certificate(ca: &Ca, names: &[&str]) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let params = CertificateParams::new(names).unwrap();
    let signed = params.signed_by(&key, ca).unwrap();
    (signed.pem(), key.serialize_pem())
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

/// A product over TLS that says hello; its address.
async fn product(ca: &Ca) -> String {
    let (cert, key) = certificate(ca, &["localhost"]);
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![der(&cert)], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.ok()?;
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.ok()?);
                }
                let answer =
                    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
                stream.write_all(answer).await.ok()?;
                stream.shutdown().await.ok()
            });
        }
    });
    format!("https://localhost:{port}")
}

/// Whoever trusts one CA.
struct Client(Arc<ClientConfig>);

impl Client {
    fn trusting(ca: &Ca, protocols: &[&str]) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(der(&ca.pem())).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        Self(Arc::new(config))
    }

    async fn connect(&self, to: &str, name: &str) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(to).await.unwrap();
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(Arc::clone(&self.0))
            .connect(name, stream)
            .await
            .unwrap()
    }

    /// The protocol chosen and the certificate shown.
    async fn shown(&self, to: &str, name: &str) -> (String, CertificateDer<'static>) {
        let stream = self.connect(to, name).await;
        let (_, connection) = stream.get_ref();
        let protocol = String::from_utf8(connection.alpn_protocol().unwrap().to_vec()).unwrap();
        let shown = connection.peer_certificates().unwrap()[0].clone();
        (protocol, shown.into_owned())
    }

    /// One exchange over HTTP/1.1: the head and the body.
    async fn call(&self, to: &str, name: &str, head: &str, body: &str) -> (String, String) {
        let mut stream = self.connect(to, name).await;
        let length = body.len();
        let request = format!(
            "{head}Connection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut all = Vec::new();
        let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut all));
        read.await.expect("an answer").unwrap();
        let all = String::from_utf8(all).unwrap();
        let (head, body) = all.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

fn write(directory: &Path, name: &str, (cert, key): &(String, String)) -> (String, String) {
    let path = |end: &str| directory.join(format!("{name}.{end}"));
    fs::write(path("crt"), cert).unwrap();
    fs::write(path("key"), key).unwrap();
    let text = |end| path(end).to_str().unwrap().to_owned();
    (text("crt"), text("key"))
}

#[tokio::test]
async fn console_gateway_and_product_speak_tls_and_certificates_are_replaced_while_running() {
    let world = World::new().await;
    let (front, back) = (ca(), ca());
    let origin = product(&back).await;
    let database = world.database();
    let set = ["upstream", "set", "--org", "acme", "--origin", &origin];
    let _ = countersign(&[&set[..], &["--json", "--database", &database]].concat()).done();

    let files = world.directory.path();
    let (cert, key) = write(files, "console", &certificate(&front, &["localhost"]));
    let gateway = certificate(&front, &["*.gw.localhost"]);
    let (gateway_cert, gateway_key) = write(files, "gateway", &gateway);
    let trusted = files.join("ca.pem");
    fs::write(&trusted, back.pem()).unwrap();
    let tls = [
        ("COUNTERSIGN_TLS_CERT", cert.as_str()),
        ("COUNTERSIGN_TLS_KEY", key.as_str()),
        ("COUNTERSIGN_GATEWAY_TLS_CERT", gateway_cert.as_str()),
        ("COUNTERSIGN_GATEWAY_TLS_KEY", gateway_key.as_str()),
    ];
    let ports = ["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
    let started = [&ports[..], &["--database", &database]].concat();
    let trusting = [&started[..], &["--upstream-ca", trusted.to_str().unwrap()]].concat();
    let server = Server::start_in(&tls, &trusting).await;
    let console = server.public_url.strip_prefix("https://").expect("https");

    let both = Client::trusting(&front, &["h2", "http/1.1"]);
    assert_eq!(both.shown(console, "localhost").await.0, "h2");
    let (protocol, first) = both.shown(&server.gateway, "abc.gw.localhost").await;
    assert_eq!((protocol.as_str(), &first), ("h2", &der(&gateway.0)));

    let client = Client::trusting(&front, &["http/1.1"]);
    let api = async |method: &str, path: &str, token: &str, body: Value| {
        let head = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        );
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (head, body) = client.call(console, "localhost", &head, &body).await;
        assert!(head.contains(" 20"), "{head} {body}");
        assert!(
            head.contains("strict-transport-security: max-age="),
            "{head}"
        );
        serde_json::from_str::<Value>(&body).unwrap()
    };
    let new = json!({
        "org": "acme", "number": "1", "subject": "Something is off",
        "opened_by": {"admin": "dana@acme.test"}, "team": ["sam@vendor.test"],
    });
    api("POST", "/cases", &world.operator, new).await;
    let why = json!({"justification": "looking into what the report describes"});
    api("POST", "/cases/1/access-request", &world.sam, why).await;
    api("PUT", "/cases/1/grant", &world.dana, Value::Null).await;
    let session = api("POST", "/cases/1/sessions", &world.sam, Value::Null).await;
    let url = session["url"].as_str().unwrap();
    let host = url.strip_prefix("https://").expect("https");
    let host = host.split([':', '/']).next().unwrap().to_owned();
    let token = session["token"].as_str().unwrap().to_owned();

    let read = async |to: &str| {
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\nCountersign-Session: {token}\r\n");
        // No body, so no type and no length of one.
        let mut stream = client.connect(to, &host).await;
        let request = format!("{head}Connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut all = String::new();
        stream.read_to_string(&mut all).await.unwrap();
        all
    };
    let answer = read(&server.gateway).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("hello"), "{answer}");

    // Renewed while it runs: the next handshakes show the new one.
    let renewed = certificate(&front, &["*.gw.localhost"]);
    write(files, "gateway", &renewed);
    let shows_new = async {
        while both.shown(&server.gateway, "abc.gw.localhost").await.1 != der(&renewed.0) {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(30), shows_new)
        .await
        .expect("the new certificate to be shown");
    server.kill().await;

    // A product that the system does not trust gets nothing.
    let server = Server::start_in(&tls, &started).await;
    let answer = read(&server.gateway).await;
    assert!(answer.starts_with("HTTP/1.1 502"), "{answer}");
    assert!(answer.contains("upstream_untrusted"), "{answer}");
    server.kill().await;
}

#[tokio::test]
async fn certificates_that_cannot_be_used_are_refused_at_the_start_in_words() {
    let world = World::new().await;
    let files = world.directory.path();
    let authority = ca();
    let (cert, key) = write(files, "one", &certificate(&authority, &["localhost"]));
    let (_, other_key) = write(files, "two", &certificate(&authority, &["localhost"]));
    let database = world.database();
    let ports = ["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
    for (flags, said) in [
        (
            vec!["--tls-cert", &cert],
            "--tls-cert is given without --tls-key",
        ),
        (
            vec!["--tls-key", &key],
            "--tls-key is given without --tls-cert",
        ),
        (
            vec!["--tls-cert", &cert, "--tls-key", &other_key],
            "do not belong together",
        ),
        (
            vec!["--tls-cert", &key, "--tls-key", &key],
            "has no certificate in it",
        ),
        (
            vec!["--upstream-ca", "/nowhere.pem"],
            "/nowhere.pem cannot be read",
        ),
    ] {
        let args = [&["serve"], &ports[..], &["--database", &database], &flags].concat();
        let finished = countersign(&args);
        assert_eq!(finished.code, Some(1), "{flags:?}: {finished:?}");
        assert!(finished.stderr.contains(said), "{flags:?}: {finished:?}");
    }
}
