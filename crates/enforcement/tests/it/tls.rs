//! Certificates, and clients that speak over TLS.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    scene::{Scene, Session},
    wire::Reply,
};

pub(crate) const BOTH: &[&str] = &["h2", "http/1.1"];
pub(crate) const H1: &[&str] = &["http/1.1"];
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// A CA.
pub(crate) struct Ca {
    issuer: Issuer<'static, KeyPair>,
    der: CertificateDer<'static>,
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

fn alpn(protocols: &[&str]) -> Vec<Vec<u8>> {
    protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect()
}

impl Ca {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "Test CA");
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let der = params.self_signed(&key).unwrap().der().clone();
        Self {
            issuer: Issuer::new(params, key),
            der,
        }
    }

    /// A server with these names, which speaks these protocols.
    pub(crate) fn server(&self, names: &[&str], protocols: &[&str]) -> Arc<ServerConfig> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(names).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = alpn(protocols);
        Arc::new(config)
    }

    /// What the gateway shows.
    pub(crate) fn gateway(&self) -> Arc<ServerConfig> {
        self.server(&["gw.localhost", "*.gw.localhost", "127.0.0.1"], BOTH)
    }

    /// What a product shows.
    pub(crate) fn upstream(&self, protocols: &[&str]) -> Arc<ServerConfig> {
        self.server(&["localhost", "127.0.0.1"], protocols)
    }

    /// A client that trusts this CA only.
    pub(crate) fn client(&self, protocols: &[&str]) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = alpn(protocols);
        Arc::new(config)
    }

    /// A connection to the gateway, made for `name`.
    pub(crate) async fn connect(
        &self,
        to: SocketAddr,
        name: &str,
        protocols: &[&str],
    ) -> TlsStream<TcpStream> {
        self.over(TcpStream::connect(to).await.unwrap(), name, protocols)
            .await
    }

    pub(crate) async fn over(
        &self,
        stream: TcpStream,
        name: &str,
        protocols: &[&str],
    ) -> TlsStream<TcpStream> {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let connector = TlsConnector::from(self.client(protocols));
        let stream = connector.connect(name, stream).await.unwrap();
        let spoken = stream.get_ref().1.alpn_protocol();
        assert_eq!(spoken, Some(protocols[0].as_bytes()));
        stream
    }

    /// An HTTP/2 connection made for the session's address.
    pub(crate) async fn http2(&self, scene: &Scene, session: &Session) -> Http2 {
        let stream = self.connect(scene.address, session.name(), BOTH).await;
        Http2::on(stream, &h2::client::Builder::new()).await
    }
}

impl Session {
    /// The host without its port.
    pub(crate) fn name(&self) -> &str {
        self.host.split(':').next().unwrap()
    }
}

/// Sends a request over TLS and reads the head of the answer.
pub(crate) async fn head_of(stream: &mut TlsStream<TcpStream>, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = timeout(PATIENCE, stream.read_u8()).await;
        head.push(byte.expect("an answer").expect("an answer"));
    }
    String::from_utf8(head).unwrap()
}

/// An HTTP/2 connection.
#[derive(Debug)]
pub(crate) struct Http2 {
    pub(crate) send: h2::client::SendRequest<Bytes>,
    pub(crate) driving: JoinHandle<Result<(), h2::Error>>,
}

impl Drop for Http2 {
    fn drop(&mut self) {
        self.driving.abort();
    }
}

impl Http2 {
    pub(crate) async fn on(stream: TlsStream<TcpStream>, builder: &h2::client::Builder) -> Self {
        let (send, connection) = builder.handshake(stream).await.unwrap();
        Self {
            send,
            driving: tokio::spawn(connection),
        }
    }

    /// Sends a request without a body.
    pub(crate) async fn start(&self, request: Request<()>) -> h2::client::ResponseFuture {
        let ready = timeout(PATIENCE, self.send.clone().ready()).await;
        let mut send = ready.expect("a place for a stream").unwrap();
        send.send_request(request, true).unwrap().0
    }

    /// Sends a request and waits for the head of its answer.
    pub(crate) async fn open(
        &self,
        request: Request<()>,
    ) -> Result<Response<h2::RecvStream>, h2::Error> {
        let answer = self.start(request).await;
        timeout(PATIENCE, answer).await.expect("an answer")
    }

    /// Sends a request and reads its whole answer.
    pub(crate) async fn call(&self, request: Request<()>) -> Result<Reply, h2::Error> {
        let (head, mut body) = self.open(request).await?.into_parts();
        let mut reply = Reply {
            status: head.status.as_u16(),
            headers: text(&head.headers),
            body: Vec::new(),
            trailers: String::new(),
        };
        while let Some(data) = data(&mut body).await {
            reply.body.extend(data?);
        }
        if let Some(trailers) = body.trailers().await? {
            for (name, value) in text(&trailers) {
                reply.trailers.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        Ok(reply)
    }
}

/// The next piece of a body, whose place is given back.
pub(crate) async fn data(body: &mut h2::RecvStream) -> Option<Result<Bytes, h2::Error>> {
    let next = timeout(PATIENCE, body.data()).await;
    let next = next.expect("the gateway to answer or hang up")?;
    if let Ok(data) = &next {
        // A stream that is over needs no place.
        let _ = body.flow_control().release_capacity(data.len());
    }
    Some(next)
}

/// What comes next is this, in however many pieces.
pub(crate) async fn comes(body: &mut h2::RecvStream, expected: &str) {
    let mut got = Vec::new();
    while got.len() < expected.len() {
        got.extend(data(body).await.expect("more").expect("more"));
    }
    assert_eq!(String::from_utf8(got).unwrap(), expected);
}

/// Reads to the end; answers what came, and whether it ended by an error.
pub(crate) async fn rest(body: &mut h2::RecvStream) -> (Vec<u8>, bool) {
    let mut all = Vec::new();
    loop {
        match data(body).await {
            Some(Ok(piece)) => all.extend(piece),
            Some(Err(_)) => return (all, true),
            None => return (all, false),
        }
    }
}

fn text(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

/// A request under a session, as a program sends it.
pub(crate) fn asks(method: &str, session: &Session, path: &str) -> Request<()> {
    Request::builder()
        .method(method)
        .uri(format!("https://{}{path}", session.host))
        .header("countersign-session", &session.token)
        .body(())
        .unwrap()
}

/// A GET under a session, as a program sends it.
pub(crate) fn gets(session: &Session, path: &str) -> Request<()> {
    asks("GET", session, path)
}
