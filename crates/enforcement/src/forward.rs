//! Sending a request upstream, once its entry is durable, and bringing back what the product says.

use std::sync::Arc;

use countersign_decision::Allowed;
use countersign_entries::{OutcomeEnding, RequestLine};
use http::{Request, Response, StatusCode, request::Parts};
use hyper::body::Incoming;

use crate::{
    Gateway,
    banner::{Bannered, dress, is_document},
    dial::NoLine,
    flow::Flow,
    gateway::Client,
    hop::Hop,
    identity::identity_token,
    in_flight::Place,
    ledger::RecordedRequest,
    line::never_begun,
    mapping::Mapping,
    outgoing::{Carried, Outgoing, again},
    patience::Patience,
    pool::Lent,
    progress::{Missed, Progress, in_time},
    refusal::Refusal,
    request_headers::{Asked, upstream_headers},
    response_headers::Answered,
};

/// A request that may go upstream as far as is known now.
#[derive(Debug)]
pub(crate) struct Going<'a> {
    pub(crate) allowed: &'a Allowed,
    pub(crate) hop: &'a Hop,
    pub(crate) asked: &'a Parts,
    pub(crate) client: &'a Client,
}

/// How many connections a request is tried on, where those before took nothing of it.
const ATTEMPTS: usize = 3;

impl Going<'_> {
    /// Records, sends, and answers with the head of the response; the rest flows.
    pub(crate) async fn forward(
        self,
        gateway: &Gateway,
        line: RequestLine,
        place: Place,
        body: Carried,
    ) -> Result<Response<Bannered<Flow>>, Refusal> {
        let session = self.allowed.live.session.id;
        let origin = self.allowed.upstream.origin.as_str();
        let mapping = Mapping::new(origin, &self.hop.origin);
        // A5: nothing of the request is sent before this.
        let mut recorded = gateway
            .ledger
            .begin(session, line, place, &self.client.local.desk)
            .await
            .map_err(Refusal::not_recorded)?;
        let request = self
            .request(gateway, &mapping, recorded.index(), body)
            .await?;
        let (response, lent) = self.send(gateway, &mut recorded, request).await?;
        self.answer(gateway, &mapping, response, recorded, lent)
    }

    /// Sends the request on a connection that takes it.
    async fn send(
        &self,
        gateway: &Gateway,
        recorded: &mut RecordedRequest,
        mut request: Request<Outgoing>,
    ) -> Result<(Response<Incoming>, Lent), Refusal> {
        let session = self.allowed.live.session.id;
        let (org, to) = (self.allowed.live.org, &self.allowed.upstream);
        let (pool, limit) = (&self.client.local.pool, gateway.config.response_timeout);
        let mut lent = pool.lend(org, to, session).await;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut line = lent.map_err(|error| failed_to_connect(recorded, &error))?;
            // A1, A2: the last check before the head; each write is checked again.
            if !gateway.node.may_flow(session) {
                line.give_back();
                return Err(gone(gateway, session));
            }
            line.serve(session);
            recorded.sent();
            let progress = request.body().progress();
            let spare = if line.is_shared() {
                again(&request)
            } else {
                None
            };
            let mut error = match in_time(line.send(request), &progress, limit).await {
                Ok(Ok(response)) => {
                    line.answered();
                    return Ok((response, line));
                }
                Ok(Err(error)) => error,
                Err(Missed::Request) => return Err(not_whole(gateway, recorded)),
                Err(Missed::Answer) => {
                    recorded.end(OutcomeEnding::UpstreamFailed);
                    return Err(Refusal::upstream_slow());
                }
            };
            // R18: one entry, one request. The connection took nothing, or the product did not begin.
            let unsent = error.take_message();
            let unsent = unsent.or_else(|| spare.filter(|_| never_begun(error.error())));
            match unsent {
                Some(unsent) if attempts < ATTEMPTS => request = unsent,
                _ => return Err(broke_off(gateway, recorded, &progress)),
            }
            lent = Box::pin(pool.instead_of(line, session)).await;
        }
    }

    async fn request(
        &self,
        gateway: &Gateway,
        mapping: &Mapping<'_>,
        entry: u64,
        body: Carried,
    ) -> Result<Request<Outgoing>, Refusal> {
        let token = identity_token(
            &gateway.node,
            gateway.signer.as_ref(),
            gateway.ports.as_ref(),
            &gateway.addresses.public_url,
            self.allowed,
        )
        .await;
        let Some(token) = token else {
            return Err(gone(gateway, self.allowed.live.session.id));
        };
        let asked = Asked {
            headers: &self.asked.headers,
            path: self.asked.uri.path(),
            document: is_document(&self.asked.method, &self.asked.headers),
            hop: self.hop,
            entry,
        };
        let now = gateway.node.now();
        let headers = upstream_headers(&asked, self.allowed, mapping, &gateway.jars, now, &token)
            .ok_or_else(Refusal::cannot_be_sure)?;
        let mut request = Request::new(Outgoing::new(
            body,
            self.allowed.live.session.id,
            Arc::clone(&gateway.node),
            gateway.config.client_stall,
        ));
        *request.method_mut() = self.asked.method.clone();
        // What was parsed is what is sent (DESIGN section 5).
        *request.uri_mut() = self.asked.uri.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn answer(
        &self,
        gateway: &Gateway,
        mapping: &Mapping<'_>,
        response: Response<Incoming>,
        mut recorded: RecordedRequest,
        lent: Lent,
    ) -> Result<Response<Bannered<Flow>>, Refusal> {
        let (head, body) = response.into_parts();
        recorded.answered(head.status.as_u16());
        // Nobody asked to switch protocols: the header that asks does not go upstream.
        if head.status == StatusCode::SWITCHING_PROTOCOLS {
            recorded.end(OutcomeEnding::UpstreamFailed);
            return Err(Refusal::upstream_failed());
        }
        let session = self.allowed.live.session.id;
        let answered = Answered {
            session,
            path: self.asked.uri.path(),
            mapping,
            addresses: &gateway.addresses,
            jars: &gateway.jars,
            now: gateway.node.now(),
        };
        let headers = answered.client_headers(head.headers).map_err(|_| {
            recorded.end(OutcomeEnding::UpstreamFailed);
            Refusal::leads_to_us()
        })?;
        if !gateway.node.may_flow(session) {
            return Err(gone(gateway, session));
        }
        let flow = Flow::new(
            body,
            Arc::clone(&gateway.node),
            Arc::clone(&self.client.slot),
            recorded,
            lent,
            Patience {
                shows: gateway.config.client_stall,
                ends: gateway.config.upstream_silence,
            },
        );
        let mut response = Response::new(flow);
        *response.status_mut() = head.status;
        *response.headers_mut() = headers;
        Ok(dress(gateway, self.asked, session, response))
    }
}

/// Why a request that was allowed a moment ago is not any more.
fn gone(gateway: &Gateway, session: countersign_domain::SessionId) -> Refusal {
    match gateway.node.running_until(session) {
        Err(denial) => Refusal::denied(denial),
        Ok(_) => Refusal::cannot_be_sure(),
    }
}

/// The connection ended before the head of the response: by the product, or by us because access
/// did, or because the client broke off what was on its way or did not go on with it.
fn broke_off(gateway: &Gateway, recorded: &mut RecordedRequest, progress: &Progress) -> Refusal {
    if !gateway.node.may_flow(recorded.session()) {
        recorded.end(OutcomeEnding::Cut);
        gone(gateway, recorded.session())
    } else if progress.is_given_up_on() {
        not_whole(gateway, recorded)
    } else {
        recorded.end(OutcomeEnding::UpstreamFailed);
        Refusal::upstream_failed()
    }
}

/// The client has not sent all of its request.
fn not_whole(gateway: &Gateway, recorded: &mut RecordedRequest) -> Refusal {
    recorded.left();
    if gateway.node.may_flow(recorded.session()) {
        Refusal::body_incomplete()
    } else {
        gone(gateway, recorded.session())
    }
}

fn failed_to_connect(recorded: &mut RecordedRequest, error: &NoLine) -> Refusal {
    recorded.end(OutcomeEnding::UpstreamFailed);
    match error {
        NoLine::TimedOut => Refusal::upstream_slow(),
        NoLine::Failed(error) => {
            tracing::warn!(%error, "an upstream cannot be reached");
            Refusal::upstream_failed()
        }
        NoLine::Untrusted(error) => {
            tracing::warn!(%error, "an upstream's certificate is not trusted");
            Refusal::upstream_untrusted()
        }
    }
}
