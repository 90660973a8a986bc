//! Sending a request upstream, once its entry is durable, and bringing back what the product says.

use std::{net::IpAddr, sync::Arc};

use countersign_decision::Allowed;
use countersign_domain::Label;
use countersign_entries::{OutcomeEnding, RequestLine};
use http::{Request, Response, StatusCode, Version, request::Parts};
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::{
    Gateway,
    banner::{Bannered, dress, is_document},
    flow::Flow,
    identity::identity_token,
    ledger::RecordedRequest,
    mapping::Mapping,
    pool::{Lent, NoLine},
    refusal::Refusal,
    request_headers::{Asked, upstream_headers},
    response_headers::Answered,
    slot::Slot,
};

/// A request that may go upstream as far as is known now.
#[derive(Debug)]
pub(crate) struct Going<'a> {
    pub(crate) allowed: &'a Allowed,
    pub(crate) label: &'a Label,
    pub(crate) line: RequestLine,
    pub(crate) asked: &'a Parts,
    pub(crate) peer: IpAddr,
    /// The client's connection.
    pub(crate) client: &'a Arc<Slot>,
}

impl Going<'_> {
    /// Records, sends, and answers with the head of the response; the rest flows.
    pub(crate) async fn forward(
        self,
        gateway: &Gateway,
        body: Incoming,
    ) -> Result<Response<Bannered<Flow>>, Refusal> {
        let session = self.allowed.session.id;
        let origin = self.allowed.upstream.origin.as_str();
        let mapping = Mapping::new(origin, &gateway.addresses.origin(self.label))
            .ok_or_else(Refusal::no_upstream)?;
        // A5: nothing of the request is sent before this.
        let mut recorded = gateway
            .ledger
            .begin(session, self.line.clone())
            .await
            .map_err(Refusal::not_recorded)?;

        let lent = gateway
            .pool
            .lend(self.allowed.org, &self.allowed.upstream.origin)
            .await;
        let mut lent = lent.map_err(|error| failed_to_connect(&mut recorded, &error))?;
        let mut request = match self.request(gateway, &mapping, body).await {
            Ok(request) => request,
            Err(refusal) => {
                lent.give_back();
                return Err(refusal);
            }
        };
        let deadline = gateway.config.response_timeout;
        let response = loop {
            // A1, A2: the last check before the head; each write is checked again.
            if !gateway.node.may_flow(session) {
                lent.give_back();
                return Err(gone(gateway, session));
            }
            lent.serve(session);
            recorded.sent();
            match timeout(deadline, lent.sender().try_send_request(request)).await {
                Ok(Ok(response)) => break response,
                Ok(Err(mut error)) => match error.take_message() {
                    // The connection was closing and took nothing: send it on a new one.
                    Some(unsent) => {
                        request = unsent;
                        lent = gateway
                            .pool
                            .connect(self.allowed.org, &self.allowed.upstream.origin)
                            .await
                            .map_err(|error| failed_to_connect(&mut recorded, &error))?;
                    }
                    None => return Err(broke_off(gateway, &mut recorded)),
                },
                Err(_) => {
                    recorded.end(OutcomeEnding::UpstreamFailed);
                    return Err(Refusal::upstream_slow());
                }
            }
        };
        self.answer(gateway, &mapping, response, recorded, lent)
    }

    async fn request(
        &self,
        gateway: &Gateway,
        mapping: &Mapping,
        body: Incoming,
    ) -> Result<Request<Incoming>, Refusal> {
        let token = identity_token(
            &gateway.node,
            gateway.signer.as_ref(),
            gateway.ports.as_ref(),
            &gateway.addresses.public_url,
            self.allowed,
        )
        .await;
        let Some(token) = token else {
            return Err(gone(gateway, self.allowed.session.id));
        };
        let authority = gateway.addresses.authority(self.label);
        let asked = Asked {
            headers: &self.asked.headers,
            path: self.asked.uri.path(),
            document: is_document(&self.asked.method, &self.asked.headers),
            peer: self.peer,
            scheme: gateway.addresses.scheme(),
            authority: &authority,
        };
        let now = gateway.node.now();
        let headers = upstream_headers(&asked, self.allowed, mapping, &gateway.jars, now, &token)
            .ok_or_else(Refusal::cannot_be_sure)?;
        let mut request = Request::new(body);
        *request.method_mut() = self.asked.method.clone();
        // What was parsed is what is sent (DESIGN section 5).
        *request.uri_mut() = self
            .line
            .target
            .parse()
            .map_err(|_| Refusal::bad_authority())?;
        *request.version_mut() = Version::HTTP_11;
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn answer(
        &self,
        gateway: &Gateway,
        mapping: &Mapping,
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
        let session = self.allowed.session.id;
        let answered = Answered {
            session,
            path: self.asked.uri.path(),
            mapping,
            addresses: &gateway.addresses,
            jars: &gateway.jars,
            now: gateway.node.now(),
        };
        let headers = answered.client_headers(&head.headers).map_err(|_| {
            recorded.end(OutcomeEnding::UpstreamFailed);
            Refusal::leads_to_us()
        })?;
        if !gateway.node.may_flow(session) {
            return Err(gone(gateway, session));
        }
        let node = Arc::clone(&gateway.node);
        let flow = Flow::new(body, node, Arc::clone(self.client), recorded, lent);
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
/// did.
fn broke_off(gateway: &Gateway, recorded: &mut RecordedRequest) -> Refusal {
    if gateway.node.may_flow(recorded.session()) {
        recorded.end(OutcomeEnding::UpstreamFailed);
        Refusal::upstream_failed()
    } else {
        recorded.end(OutcomeEnding::Cut);
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
    }
}
