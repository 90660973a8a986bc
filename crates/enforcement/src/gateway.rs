//! The path of a request: which session, whose, may it pass, is it on the log, then upstream.

use std::{net::IpAddr, sync::Arc};

use bytes::Bytes;
use countersign_app::{Ports, Signer};
use countersign_decision::{Decision, Denial, LiveSession, RequestHead, classify};
use countersign_domain::Label;
use countersign_entries::RequestLine;
use countersign_node::Node;
use http::{Request, Response, header, request::Parts};
use http_body_util::{Either, Full};
use hyper::body::Incoming;

use crate::{
    Entry, GatewayConfig,
    addresses::Addresses,
    credentials::{Caller, Presented},
    flow::Flow,
    forward::Going,
    identity::Identities,
    jar::Jars,
    ledger::Ledger,
    other_origins::{from_elsewhere, is_service_worker},
    pool::Pool,
    refusal::Refusal,
    request_headers::strips_what_matters,
    reserved,
    slot::Slot,
};

/// What a client gets: an answer of ours, or the product's on its way.
pub(crate) type Answer = Response<Either<Full<Bytes>, Flow>>;

/// The gateway.
pub struct Gateway {
    pub(crate) config: GatewayConfig,
    pub(crate) addresses: Addresses,
    pub(crate) node: Arc<Node>,
    pub(crate) signer: Arc<Identities>,
    pub(crate) ports: Arc<dyn Ports>,
    pub(crate) entry: Arc<dyn Entry>,
    pub(crate) ledger: Ledger,
    pub(crate) pool: Arc<Pool>,
    pub(crate) jars: Jars,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gateway")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

/// The client's side of a request.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) peer: IpAddr,
    pub(crate) slot: Arc<Slot>,
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
            pool: Pool::new(Arc::clone(&node), &config),
            jars: Jars::default(),
            config,
            node,
            signer: Arc::new(Identities::new(signer)),
            ports,
            entry,
        }
    }

    /// Answers one request.
    pub(crate) async fn handle(&self, request: Request<Incoming>, client: &Client) -> Answer {
        let (asked, body) = request.into_parts();
        match self.judge(&asked, body, client).await {
            Ok(answer) => answer,
            Err(refusal) => {
                let path = asked.uri.path();
                let answer = refusal.answer(asked.method.as_str(), path, &asked.headers);
                answer.map(Either::Left)
            }
        }
    }

    async fn judge(
        &self,
        asked: &Parts,
        body: Incoming,
        client: &Client,
    ) -> Result<Answer, Refusal> {
        let label = self.label(asked)?;
        if reserved::is_reserved(asked.uri.path()) {
            let answer = reserved::answer(self, &label, asked).await?;
            return Ok(answer.map(Either::Left));
        }
        let presented =
            Presented::of(&asked.headers).map_err(|_| Refusal::duplicate_credentials())?;
        let live = match self.session_at(&label).await {
            Ok(live) => live,
            Err(refusal) => return Err(self.too_late(&label, presented, asked, refusal).await),
        };
        let caller = presented.opens(&live).ok_or_else(Refusal::not_entered)?;

        let line = line(asked);
        let passed = match self.admit(asked, &label, &live, caller) {
            Ok(allowed) => {
                let going = Going {
                    allowed: &allowed,
                    label: &label,
                    line,
                    asked,
                    peer: client.peer,
                    client: &client.slot,
                };
                going.forward(self, body).await
            }
            Err(refusal) => {
                // R18: what was refused is on the log too, once it is known whose request it was.
                let session = live.session.id;
                let code = refusal.code.to_owned();
                self.ledger.refused(session, line, code).await;
                Err(refusal)
            }
        };
        Ok(passed?.map(Either::Right))
    }

    /// The session the Host names. An absolute target must name the same.
    fn label(&self, asked: &Parts) -> Result<Label, Refusal> {
        let mut hosts = asked.headers.get_all(header::HOST).iter();
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return Err(Refusal::bad_authority());
        };
        let target = asked.uri.authority();
        let same = |target: &http::uri::Authority| {
            target
                .as_str()
                .as_bytes()
                .eq_ignore_ascii_case(host.as_bytes())
        };
        if target.is_some_and(|target| !same(target)) {
            return Err(Refusal::bad_authority());
        }
        self.addresses
            .label_of(host.as_bytes())
            .ok_or_else(Refusal::no_session)
    }

    /// The live session at an origin.
    pub(crate) async fn session_at(&self, label: &Label) -> Result<LiveSession, Refusal> {
        match self.node.session_of_label(label).await {
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
    ) -> Refusal {
        let ended = self.node.ended_at_label(label);
        let Some(ended) = ended.filter(|ended| presented.opens(ended).is_some()) else {
            return refusal;
        };
        let over = Refusal::denied(Denial::SessionOver);
        let code = over.code.to_owned();
        self.ledger
            .refused(ended.session.id, line(asked), code)
            .await;
        over
    }

    /// Everything that can be said before the log is written.
    fn admit(
        &self,
        asked: &Parts,
        label: &Label,
        live: &LiveSession,
        caller: Caller,
    ) -> Result<Box<countersign_decision::Allowed>, Refusal> {
        let headers: Vec<(&str, &[u8])> = asked
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let effect = classify(&RequestHead {
            method: asked.method.as_str(),
            path: asked.uri.path(),
            query: asked.uri.query(),
            headers: &headers,
            has_body: announces_body(asked),
        });
        let decision = self
            .node
            .decide(live.session.id, effect)
            .map_err(|_| Refusal::cannot_be_sure())?;
        let allowed = match decision {
            Decision::Allow(allowed) => allowed,
            Decision::Deny(denial) => return Err(Refusal::denied(denial)),
        };
        let own_origin = self.addresses.origin(label);
        if caller == Caller::Browser && from_elsewhere(&asked.method, &asked.headers, &own_origin) {
            return Err(Refusal::from_elsewhere());
        }
        if is_service_worker(&asked.headers) {
            return Err(Refusal::service_worker());
        }
        if strips_what_matters(&asked.headers, &allowed) {
            return Err(Refusal::listed_in_connection());
        }
        Ok(allowed)
    }
}

fn line(asked: &Parts) -> RequestLine {
    RequestLine {
        method: asked.method.as_str().to_owned(),
        target: target(asked),
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
