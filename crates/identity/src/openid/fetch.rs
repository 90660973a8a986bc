//! Asking an OpenID provider something: one request on a connection of its own, within a few seconds,
//! following nothing, and reading no more than a bounded answer.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::reach::Reach;

/// How long an answer may take, from looking the host up to its last byte.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest answer that is read.
const LARGEST: usize = 512 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// It is somewhere that this server does not connect to.
    #[error("{0} is not where an OpenID provider may be")]
    NotThere(String),
    /// It cannot be connected to, or does not speak HTTP.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It took longer than it may.
    #[error("it did not answer within {} seconds", PATIENCE.as_secs())]
    TooLate,
    /// It answered with another status than it must; a redirect is one.
    #[error("it answered with the status {0}")]
    Status(u16),
    /// What it answered is too large, or is not what it must be.
    #[error("its answer does not read: {0}")]
    Unreadable(String),
}

/// What connects to OpenID providers.
#[derive(Clone)]
pub struct Outbound {
    tls: Arc<ClientConfig>,
    reach: Reach,
    patience: Duration,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Bytes,
}

impl Outbound {
    /// Over TLS as `tls` says, which offers HTTP/1.1, to where `reach` allows.
    #[must_use]
    pub fn new(tls: Arc<ClientConfig>, reach: Reach) -> Self {
        Self {
            tls,
            reach,
            patience: PATIENCE,
        }
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Whether a URL may be fetched at all.
    pub(super) fn allows(&self, url: &Url) -> bool {
        self.reach.allows(url)
    }

    /// A document; with a token, as its bearer.
    pub(super) async fn get(&self, url: &Url, bearer: Option<&str>) -> Result<Bytes, NoAnswer> {
        let authorization = bearer.map(|token| format!("Bearer {token}"));
        let answer = self
            .send(Method::GET, url, authorization, String::new())
            .await?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(NoAnswer::Status(status)),
        }
    }

    /// Posts a form; whatever the status, the answer says more.
    pub(super) async fn post(
        &self,
        url: &Url,
        authorization: Option<String>,
        form: String,
    ) -> Result<Answer, NoAnswer> {
        self.send(Method::POST, url, authorization, form).await
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        authorization: Option<String>,
        form: String,
    ) -> Result<Answer, NoAnswer> {
        let request = request(method, url, authorization, form)?;
        timeout(self.patience, self.exchange(url, request))
            .await
            .unwrap_or(Err(NoAnswer::TooLate))
    }

    async fn exchange(&self, url: &Url, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer> {
        let stream = TcpStream::connect(self.address(url).await?.as_slice())
            .await
            .map_err(unreachable)?;
        if url.scheme() == "http" {
            return speak(stream, request).await;
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(host.to_owned()).map_err(unreachable)?;
        let stream = TlsConnector::from(Arc::clone(&self.tls))
            .connect(name, stream)
            .await
            .map_err(unreachable)?;
        speak(stream, request).await
    }

    /// Where the URL is, as far as this server connects there.
    async fn address(&self, url: &Url) -> Result<Vec<SocketAddr>, NoAnswer> {
        let not_there = || NoAnswer::NotThere(url.host_str().unwrap_or_default().to_owned());
        if !self.reach.allows(url) {
            return Err(not_there());
        }
        let port = url.port_or_known_default().ok_or_else(not_there)?;
        let (host, found): (&str, Vec<SocketAddr>) = match url.host().ok_or_else(not_there)? {
            Host::Ipv4(address) => ("", vec![(address, port).into()]),
            Host::Ipv6(address) => ("", vec![(address, port).into()]),
            Host::Domain(name) => {
                let found = lookup_host((name, port)).await.map_err(unreachable)?;
                (name, found.collect())
            }
        };
        let host = if host.is_empty() {
            url.host_str().unwrap_or_default()
        } else {
            host
        };
        let allowed: Vec<SocketAddr> = found
            .into_iter()
            .filter(|at| self.reach.allows_address(host, at.ip()))
            .collect();
        if allowed.is_empty() {
            return Err(not_there());
        }
        Ok(allowed)
    }
}

fn request(
    method: Method,
    url: &Url,
    authorization: Option<String>,
    form: String,
) -> Result<Request<Full<Bytes>>, NoAnswer> {
    let target = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => return Err(NoAnswer::NotThere(url.to_string())),
    };
    let posts = method == Method::POST;
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header(header::HOST, host)
        .header(header::ACCEPT, "application/json")
        .header(header::USER_AGENT, "Countersign");
    if posts {
        request = request.header(header::CONTENT_TYPE, FORM);
    }
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    request
        .body(Full::new(Bytes::from(form)))
        .map_err(|error| NoAnswer::Unreachable(error.to_string()))
}

async fn speak<T>(stream: T, request: Request<Full<Bytes>>) -> Result<Answer, NoAnswer>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    let asking = async move {
        let response = sender.send_request(request).await.map_err(unreachable)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), LARGEST).collect().await;
        let body = body.map_err(|error| NoAnswer::Unreadable(error.to_string()))?;
        Ok(Answer {
            status,
            body: body.to_bytes(),
        })
    };
    let mut asking = std::pin::pin!(asking);
    tokio::select! {
        biased;
        answer = &mut asking => answer,
        // The answer may have come with the end of the connection.
        _ = connection => asking.await,
    }
}

#[allow(clippy::needless_pass_by_value)] // For `map_err`.
fn unreachable(error: impl ToString) -> NoAnswer {
    NoAnswer::Unreachable(error.to_string())
}
