//! Asking a product once whether it answers, as an operator does on purpose.
//!
//! It is asked where the gateway would ask it, with the gateway's trust, in nobody's name: no header
//! names a person, nothing is followed anywhere else, and no byte of a body is read.

use std::{io, pin::pin, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use countersign_app::{BootClock, Checked, Distrust, ProductCheck, Seen};
use countersign_domain::Origin;
use http::{Method, Request, header};
use http_body_util::Empty;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioIo;
use rustls::{CertificateError, ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::{config::GatewayConfig, dial::Place, executor::Attached, pool::authority};

/// How long a check may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many checks run at a time.
const AT_A_TIME: usize = 4;

/// Checks products with the gateway's own trust.
pub struct UpstreamCheck {
    tls: Option<Arc<ClientConfig>>,
    clock: Arc<dyn BootClock>,
    patience: Duration,
    running: Semaphore,
}

impl std::fmt::Debug for UpstreamCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpstreamCheck").finish_non_exhaustive()
    }
}

impl UpstreamCheck {
    /// Checks as the gateway of this configuration connects. `clock` tells how long they take.
    #[must_use]
    pub fn new(config: &GatewayConfig, clock: Arc<dyn BootClock>) -> Self {
        Self {
            tls: config.upstream_tls.clone(),
            clock,
            patience: PATIENCE.min(config.connect_timeout),
            running: Semaphore::new(AT_A_TIME),
        }
    }

    async fn see(&self, origin: &Origin) -> Seen {
        let Some(place) = Place::of(origin) else {
            return Seen::NoSuchHost;
        };
        let dialing = TcpStream::connect((place.host, place.port));
        let stream = match timeout(self.patience, dialing).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return not_connected(&error),
            Err(_) => return Seen::TooLate { connected: false },
        };
        let answering = self.ask(origin, &place, stream);
        let answered = timeout(self.patience, answering).await;
        answered.unwrap_or(Seen::TooLate { connected: true })
    }

    async fn ask(&self, origin: &Origin, place: &Place<'_>, stream: TcpStream) -> Seen {
        if !place.tls {
            return answer(http1(origin, stream).await, false, false);
        }
        let (Some(tls), Ok(name)) = (
            self.tls.clone(),
            ServerName::try_from(place.host.to_owned()),
        ) else {
            return Seen::NoTls;
        };
        let stream = match TlsConnector::from(tls).connect(name, stream).await {
            Ok(stream) => stream,
            Err(error) => return no_tls(&error),
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            return answer(http2(origin, stream).await, true, true);
        }
        answer(http1(origin, stream).await, true, false)
    }
}

#[async_trait]
impl ProductCheck for UpstreamCheck {
    async fn check(&self, origin: &Origin) -> Checked {
        let began = self.clock.now();
        let seen = match self.running.try_acquire() {
            Ok(_one_of_few) => self.see(origin).await,
            Err(_) => Seen::Busy,
        };
        let took_ms = self.clock.now().saturating_sub(began);
        tracing::info!(%origin, ?seen, took_ms, "a product was checked");
        Checked { took_ms, seen }
    }
}

fn answer(status: Option<u16>, tls: bool, http2: bool) -> Seen {
    status.map_or(Seen::NoHttp, |status| Seen::Answered { status, tls, http2 })
}

async fn http1<T>(origin: &Origin, stream: T) -> Option<u16>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let shaken = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.ok()?;
    let request = request("/", Some(authority(origin)))?;
    let mut response = pin!(sender.send_request(request));
    tokio::select! {
        biased;
        response = &mut response => Some(response.ok()?.status().as_u16()),
        // The response may have come with the end of the connection.
        _ = connection => Some(response.await.ok()?.status().as_u16()),
    }
}

async fn http2<T>(origin: &Origin, stream: T) -> Option<u16>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (executor, _attached) = Attached::new();
    let shaken = http2::handshake(executor, TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.ok()?;
    let request = request(&format!("{origin}/"), None)?;
    let mut response = pin!(sender.send_request(request));
    tokio::select! {
        biased;
        response = &mut response => Some(response.ok()?.status().as_u16()),
        _ = connection => Some(response.await.ok()?.status().as_u16()),
    }
}

fn request(target: &str, host: Option<&str>) -> Option<Request<Empty<Bytes>>> {
    let mut request = Request::builder()
        .method(Method::HEAD)
        .uri(target)
        .header(header::USER_AGENT, "Countersign-Check");
    if let Some(host) = host {
        request = request.header(header::HOST, host);
    }
    request.body(Empty::new()).ok()
}

fn not_connected(error: &io::Error) -> Seen {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Seen::Refused,
        io::ErrorKind::TimedOut => Seen::TooLate { connected: false },
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable
        | io::ErrorKind::PermissionDenied => Seen::Unreachable,
        // Looking a name up fails with no kind of its own.
        _ => Seen::NoSuchHost,
    }
}

fn no_tls(error: &io::Error) -> Seen {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    let Some(rustls::Error::InvalidCertificate(why)) = inner else {
        return Seen::NoTls;
    };
    Seen::Untrusted(match why {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Distrust::OtherName
        }
        // A CA of the same name with another key is somebody else.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Distrust::UnknownIssuer,
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Distrust::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Distrust::NotYetValid
        }
        _ => Distrust::Otherwise,
    })
}
