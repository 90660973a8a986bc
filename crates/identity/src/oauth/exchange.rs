//! Token exchange (RFC 8693): an agent shows their own API token, as who acts, and the token of a session of theirs, as
//! on whose behalf. Only the agent does: no service client and no operator exchanges for them, and nothing that is
//! itself an impersonation does (R3).

use countersign_app::{Exchange, Exchanged, Failure};
use countersign_domain::{Actor, Resource, Thumbprint};
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Once, USED, dpop, jws::Unverified};
use crate::{Identity, IdentityError};

/// A request to exchange.
#[derive(Clone, Copy)]
pub struct ExchangeRequest<'a> {
    /// On whose behalf.
    pub subject_token: &'a str,
    /// Who acts.
    pub actor_token: &'a str,
    /// The client id, where it is said.
    pub client: Option<&'a str>,
    /// The proof that came with it.
    pub proof: Option<&'a str>,
    /// The call itself.
    pub call: Call<'a>,
}

impl std::fmt::Debug for ExchangeRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExchangeRequest").finish_non_exhaustive()
    }
}

/// An agent who showed who they are. Nothing is used up yet.
#[derive(Debug)]
pub struct ShownAgent {
    actor: Actor,
    bound_to: Option<Thumbprint>,
    proof: Option<Once>,
}

impl ShownAgent {
    /// Who it is.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        self.actor
    }

    /// Whether the token would be bound to the key of the proof.
    #[must_use]
    pub const fn is_bound(&self) -> bool {
        self.bound_to.is_some()
    }
}

/// Why nothing is exchanged.
#[derive(Debug)]
pub enum ExchangeRefusal {
    /// The tokens are none of an agent's (RFC 8693 section 2.2.2).
    Stranger(&'static str),
    /// The agent is known, and may not.
    Agent(Actor, &'static str),
    /// The agent is known, and the proof is not good.
    Proof(Actor, &'static str),
    /// A rule says no, or the store does not answer.
    Failed(Failure),
}

impl From<IdentityError> for ExchangeRefusal {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Unknown => Self::Stranger(
                "The actor_token is no API token that is good: send the agent's own, which begins with cst_.",
            ),
            IdentityError::Unavailable(why) | IdentityError::OutcomeUnknown(why) => {
                Self::Failed(Failure::Unavailable(why))
            }
        }
    }
}

#[derive(Deserialize)]
struct Acting {
    act: Option<Value>,
}

/// Whether a token says that whoever has it acts for somebody else. Nobody lets such a one in here, whoever signed it.
#[must_use]
pub fn carries_act(token: &str) -> bool {
    let claims: Option<Acting> = Unverified::read(token)
        .ok()
        .and_then(|token| token.claims());
    claims.is_some_and(|claims| claims.act.is_some())
}

impl Identity {
    /// Whether a call to exchange is by an agent who may be asked further.
    ///
    /// # Errors
    /// Why not.
    pub async fn agent_shown(
        &self,
        request: ExchangeRequest<'_>,
    ) -> Result<ShownAgent, ExchangeRefusal> {
        if [request.subject_token, request.actor_token]
            .into_iter()
            .any(carries_act)
        {
            return Err(ExchangeRefusal::Stranger(
                "A token that carries act is an impersonation already, which can exchange, approve and start nothing: \
                 send the session's token (csi_) as subject_token, and the agent's API token (cst_) as actor_token.",
            ));
        }
        let actor = self.bearer(request.actor_token).await?.actor;
        let Actor::Agent { id } = actor else {
            return Err(ExchangeRefusal::Agent(
                actor,
                "Only the agent whose session it is exchanges it: the actor_token is somebody else's.",
            ));
        };
        if request.client.is_some_and(|named| named != id.to_string()) {
            return Err(ExchangeRefusal::Agent(
                actor,
                "The client_id is not the agent's id, as GET /api/v1/me says it (client_id): send that one, or none.",
            ));
        }
        let now = self.app().store().now().await;
        let now = now.map_err(|error| ExchangeRefusal::Failed(error.into()))?;
        let proven = request
            .proof
            .map(|proof| dpop::check(proof, request.call, None, now))
            .transpose()
            .map_err(|what| ExchangeRefusal::Proof(actor, what))?;
        Ok(ShownAgent {
            actor,
            proof: proven
                .as_ref()
                .map(|proven| Once::new("proof", proven.key.as_str(), &proven.jti, proven.until)),
            bound_to: proven.map(|proven| proven.key),
        })
    }

    /// Exchanges a session of an agent who showed who they are, and uses up what they showed.
    ///
    /// # Errors
    /// Why not.
    pub async fn exchange(
        &self,
        shown: &ShownAgent,
        session_token: &str,
        resource: &Resource,
        issuer: &str,
    ) -> Result<Exchanged, ExchangeRefusal> {
        let failed = ExchangeRefusal::Failed;
        if let Some(proof) = &shown.proof {
            let first = self.first(proof).await;
            if !first.map_err(|error| failed(error.into()))? {
                return Err(ExchangeRefusal::Proof(shown.actor, USED));
            }
        }
        let ask = Exchange {
            session_token,
            resource,
            issuer,
            bound_to: shown.bound_to.as_ref().map(Thumbprint::as_str),
        };
        self.app().exchange(shown.actor, ask).await.map_err(failed)
    }
}
