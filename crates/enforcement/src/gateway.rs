//! The path of a request: which session, whose, may it pass, is it on the log, then upstream.

use std::{
    future::Future,
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use countersign_app::{Ports, Signer};
use countersign_decision::{
    Allowed, Decision, Denial, LiveSession, RequestHead, classify, is_reserved,
};
use countersign_domain::{CalledFrom, Label};
use countersign_entries::RequestLine;
use countersign_node::Node;
use http::{HeaderValue, Request, Response, Version, header, request::Parts};
use http_body::Body;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use tokio_util::sync::CancellationToken;

use crate::{
    Entry, GatewayConfig,
    addresses::Addresses,
    banner::Bannered,
    called_from::called_from,
    credentials::{Caller, Presented},
    flow::Flow,
    forward::Going,
    heads::Heads,
    hop::Hop,
    identity::Identities,
    in_flight::InFlight,
    inspect::{LARGEST, inspected},
    jar::Jars,
    lanes::Local,
    ledger::Ledger,
    other_origins::{asked_by_page, from_elsewhere, is_a_page, is_service_worker},
    refusal::Refusal,
    request_headers::strips_what_matters,
    reserved,
    room::Room,
    slot::Slot,
};

/// What a client gets: an answer of ours, or the product's on its way.
pub(crate) type Answer = Response<Either<Full<Bytes>, Bannered<Flow>>>;

/// The gateway.
pub struct Gateway {
    pub(crate) config: GatewayConfig,
    pub(crate) addresses: Addresses,
    pub(crate) node: Arc<Node>,
    pub(crate) signer: Arc<Identities>,
    pub(crate) ports: Arc<dyn Ports>,
    pub(crate) entry: Arc<dyn Entry>,
    pub(crate) ledger: Ledger,
    pub(crate) jars: Jars,
    pub(crate) in_flight: Arc<InFlight>,
    /// Answers that wait for the end of a session.
    pub(crate) waits: Arc<InFlight>,
    pub(crate) room: Arc<Room>,
    /// The process takes no further requests.
    pub(crate) closing: CancellationToken,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// The client's side of a request.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) peer: IpAddr,
    pub(crate) slot: Arc<Slot>,
    /// What is of the thread that the connection is on.
    pub(crate) local: Arc<Local>,
    /// The name that TLS was asked for.
    pub(crate) server_name: Option<Arc<str>>,
    /// The session's address that the connection's first request was for.
    pub(crate) label: OnceLock<Label>,
    /// The way of the first request that went upstream; almost always that of all of them.
    pub(crate) hop: OnceLock<Arc<Hop>>,
    /// What the heads of an HTTP/1.1 connection look like.
    pub(crate) heads: Option<Heads>,
}

impl Client {
    /// How a request came that is to go upstream; `None` when that cannot stand in headers.
    pub(crate) fn hop(&self, addresses: &Addresses, label: &Label) -> Option<Arc<Hop>> {
        if let Some(hop) = self.hop.get().filter(|hop| hop.label == *label) {
            return Some(Arc::clone(hop));
        }
        let hop = Arc::new(Hop::new(self.peer, addresses, label)?);
        let first = self.hop.get_or_init(|| Arc::clone(&hop));
        Some(if first.label == *label {
            Arc::clone(first)
        } else {
            hop
        })
    }
}

impl Gateway {
    /// A gateway on a serving node.
    #[must_use]
    pub fn new(
        config: GatewayConfig,
        node: Arc<Node>,
        signer: Arc<dyn Signer>,
        ports: Arc<dyn Ports>,
        entry: Arc<dyn Entry>,
    ) -> Self {
        Self {
            addresses: Addresses::new(&config.public_url, &config.gateway_url),
            ledger: Ledger::new(Arc::clone(&node)),
            jars: Jars::default(),
            in_flight: InFlight::new(config.requests_per_session),
            waits: InFlight::new(config.waits_per_session),
            room: Room::new(config.inspected_bytes, LARGEST),
            closing: CancellationToken::new(),
            config,
            node,
            signer: Arc::new(Identities::new(signer)),
            ports,
            entry,
        }
    }

    /// Answers one request.
    pub(crate) fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
        client: Arc<Client>,
    ) -> impl Future<Output = Answer> {
        let busy = client.slot.busy();
        let head = client.heads.as_ref().map_or(Ok(()), Heads::next);
        let is_odd = head.is_err();
        let (mut asked, body) = request.into_parts();
        as_in_http1(&mut asked);
        async move {
            let _busy = busy;
            let mut answer = match self.judge(&asked, head, body, &client).await {
                Ok(answer) => answer,
                Err(refusal) => {
                    let known = self.known(&asked.headers);
                    refusal.answer(&asked, known.as_ref()).map(Either::Left)
                }
            };
            // Where the next request begins is told from a plain Content-Length only, so nothing
            // behind any other is read as one (RFC 9112 section 6.1).
            if is_odd || asked.headers.contains_key(header::TRANSFER_ENCODING) {
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(header::CONNECTION, close);
            }
            answer
        }
    }

    async fn judge(
        &self,
        asked: &Parts,
        head: Result<(), &'static str>,
        body: Incoming,
        client: &Client,
    ) -> Result<Answer, Refusal> {
        let head = head.map_err(Refusal::ambiguous);
        let label = self.label_on(client, asked)?;
        if is_reserved(asked.uri.path()) {
            head?;
            let shared = client.slot.is_shared();
            let from = self.called_from(asked, client);
            let answer = Box::pin(reserved::answer(self, &label, asked, shared, from)).await?;
            return Ok(answer.map(Either::Left));
        }
        let presented =
            Presented::of(&asked.headers).map_err(|_| Refusal::duplicate_credentials())?;
        // A lease that lapsed for want of processor time comes back in a moment; refusing at once
        // would break a page's style sheets. Nothing passes before it is back.
        if !self.node.is_ready() {
            let back = Box::pin(self.node.wait_serving()).await;
            back.map_err(|_| Refusal::cannot_be_sure())?;
        }
        let live = match self.session_at(&label).await {
            Ok(live) => live,
            Err(refusal) => {
                let too_late = self.too_late(&label, presented, asked, refusal, client);
                return Err(Box::pin(too_late).await);
            }
        };
        let caller = presented.opens(&live).ok_or_else(Refusal::not_entered)?;

        let from = self.called_from(asked, client);
        let mut line = line(asked, from.clone());
        let has_body = announces_body(asked) || !body.is_end_stream();
        // Held until the request is refused and on the log, or over: one session cannot take what
        // the others need.
        let place = match self.in_flight.place(live.session.id) {
            Ok(place) => place,
            Err(full) => {
                let refusal = Refusal::too_many_requests();
                if full.first {
                    let code = refusal.code.to_owned();
                    let desk = &client.local.desk;
                    self.ledger
                        .refused(live.session.id, line, code, desk, None)
                        .await;
                }
                return Err(refusal);
            }
        };
        let admitted = head.and_then(|()| self.admit(asked, has_body, &label, &live, caller));
        let admitted = match admitted {
            Ok((allowed, declared)) => {
                let patience = self.config.header_timeout;
                let body = if body.is_end_stream() {
                    Ok(Either::Right(body))
                } else {
                    let room = (&self.room, live.session.id);
                    Box::pin(inspected(&asked.headers, body, patience, room)).await
                };
                body.map(|body| (allowed, declared, body))
            }
            Err(refusal) => Err(refusal),
        };
        let (allowed, declared, body) = match admitted {
            Ok(admitted) => admitted,
            Err(refusal) => {
                // R18: what was refused is on the log too, once it is known whose request it was.
                let session = live.session.id;
                let code = refusal.code.to_owned();
                let desk = &client.local.desk;
                let line = if refusal.is_over() {
                    late_line(asked, from)
                } else {
                    line
                };
                self.ledger
                    .refused(session, line, code, desk, Some(&place))
                    .await;
                return Err(refusal);
            }
        };
        line.rule = declared;
        let hop = client
            .hop(&self.addresses, &label)
            .ok_or_else(Refusal::cannot_be_sure)?;
        let going = Going {
            allowed: &allowed,
            hop: &hop,
            asked,
            client,
        };
        let passed = going.forward(self, line, place, body).await?;
        Ok(passed.map(Either::Right))
    }

    fn called_from(&self, asked: &Parts, client: &Client) -> CalledFrom {
        called_from(client.peer, &asked.headers, &self.config.trusted_proxies)
    }

    /// The session that the request's authority names.
    pub(crate) fn label(&self, asked: &Parts) -> Result<Label, Refusal> {
        let authority = authority(asked).ok_or_else(Refusal::bad_authority)?;
        self.addresses
            .label_of(authority)
            .ok_or_else(Refusal::no_session)
    }

    /// The session that the request names, which has to be the connection's own.
    fn label_on(&self, client: &Client, asked: &Parts) -> Result<Label, Refusal> {
        let label = self.label(asked)?;
        // A browser may reuse a connection for every name its certificate holds; bytes of two
        // sessions on one HTTP/2 connection could not be told apart when one of them ends.
        let elsewhere =
            client.slot.is_shared() && *client.label.get_or_init(|| label.clone()) != label;
        let other_name = client
            .server_name
            .as_ref()
            .is_some_and(|name| self.addresses.label_of(name.as_bytes()).as_ref() != Some(&label));
        if elsewhere || other_name {
            return Err(Refusal::misdirected());
        }
        Ok(label)
    }

    /// The live session at an origin.
    pub(crate) async fn session_at(&self, label: &Label) -> Result<Arc<LiveSession>, Refusal> {
        if let Some(live) = self.node.running_at_label(label) {
            return Ok(live);
        }
        match Box::pin(self.node.session_of_label(label)).await {
            Ok(Some(live)) => Ok(live),
            Ok(None) if self.node.is_ready() => Err(Refusal::no_session()),
            // Not knowing it means nothing while the view may be behind (R19).
            Ok(None) | Err(_) => Err(Refusal::cannot_be_sure()),
        }
    }

    /// R18: a request that comes after its session was ended is on the log too, as refused.
    async fn too_late(
        &self,
        label: &Label,
        presented: Presented,
        asked: &Parts,
        refusal: Refusal,
        client: &Client,
    ) -> Refusal {
        let ended = self.node.ended_at_label(label);
        let Some(ended) = ended.filter(|ended| presented.opens(ended).is_some()) else {
            return refusal;
        };
        let over = Refusal::denied(Denial::SessionOver);
        // A flood of them is answered alike, and is on the log as far as there are places.
        if let Ok(place) = self.in_flight.place(ended.session.id) {
            let code = over.code.to_owned();
            self.ledger
                .refused(
                    ended.session.id,
                    late_line(asked, self.called_from(asked, client)),
                    code,
                    &client.local.desk,
                    Some(&place),
                )
                .await;
        }
        over
    }

    /// Everything that can be said before the log is written; with the rule that declared a request
    /// harmless that could change something.
    fn admit(
        &self,
        asked: &Parts,
        has_body: bool,
        label: &Label,
        live: &LiveSession,
        caller: Caller,
    ) -> Result<(Allowed, Option<String>), Refusal> {
        let headers: Vec<(&str, &[u8])> = asked
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let head = RequestHead {
            method: asked.method.as_str(),
            path: asked.uri.path(),
            query: asked.uri.query(),
            headers: &headers,
            has_body,
        };
        let classified = classify(&head, &self.node.rules(live.org));
        let decision = self
            .node
            .decide(label, classified.effect)
            .map_err(|_| Refusal::cannot_be_sure())?;
        let allowed = match decision {
            Decision::Allow(allowed) => allowed,
            Decision::Deny(Denial::NotARead(_)) => return Err(Refusal::not_a_read(&classified)),
            Decision::Deny(denial) => return Err(Refusal::denied(denial)),
        };
        if caller == Caller::Browser {
            let own_origin = self.addresses.origin(label);
            if from_elsewhere(&asked.method, &asked.headers, &own_origin) {
                return Err(Refusal::from_elsewhere());
            }
        }
        if is_service_worker(&asked.headers) {
            return Err(Refusal::service_worker());
        }
        if strips_what_matters(&asked.headers, &allowed) {
            return Err(Refusal::listed_in_connection());
        }
        let declared = classified.declared_harmless(head.method);
        Ok((allowed, declared.map(ToString::to_string)))
    }
}

/// Who is asked, as `Host` says; a request target with an authority must say the same.
fn authority(asked: &Parts) -> Option<&[u8]> {
    let mut hosts = asked.headers.get_all(header::HOST).iter();
    let target = asked
        .uri
        .authority()
        .map(|target| target.as_str().as_bytes());
    match (hosts.next(), hosts.next(), target) {
        (Some(host), None, None) => Some(host.as_bytes()),
        (Some(host), None, Some(target)) => target
            .eq_ignore_ascii_case(host.as_bytes())
            .then_some(target),
        _ => None,
    }
}

/// Brings what HTTP/2 says elsewhere to where HTTP/1.1 says it, so that everything behind reads one
/// form: the authority, and cookies, each of which may come in a header of its own (RFC 9113
/// sections 8.3.1 and 8.2.3).
fn as_in_http1(asked: &mut Parts) {
    if asked.version != Version::HTTP_2 {
        return;
    }
    if !asked.headers.contains_key(header::HOST)
        && let Some(authority) = asked.uri.authority()
        && let Ok(host) = HeaderValue::from_str(authority.as_str())
    {
        asked.headers.insert(header::HOST, host);
    }
    let crumbs: Vec<&[u8]> = asked
        .headers
        .get_all(header::COOKIE)
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    if crumbs.len() > 1
        && let Ok(joined) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..]))
    {
        asked.headers.insert(header::COOKIE, joined);
    }
}

fn line(asked: &Parts, from: CalledFrom) -> RequestLine {
    RequestLine {
        method: asked.method.as_str().to_owned(),
        target: target(asked),
        page: is_a_page(&asked.headers),
        rule: None,
        left_open: false,
        client: Some(from),
    }
}

/// The line of a request that comes after access has ended.
fn late_line(asked: &Parts, from: CalledFrom) -> RequestLine {
    RequestLine {
        left_open: asked_by_page(&asked.method, &asked.headers),
        ..line(asked, from)
    }
}

/// Path and query as received.
fn target(asked: &Parts) -> String {
    asked
        .uri
        .path_and_query()
        .map_or_else(|| asked.uri.to_string(), ToString::to_string)
}

fn announces_body(asked: &Parts) -> bool {
    asked.headers.contains_key(header::TRANSFER_ENCODING)
        || asked
            .headers
            .get(header::CONTENT_LENGTH)
            .is_some_and(|length| length.as_bytes() != b"0")
}
