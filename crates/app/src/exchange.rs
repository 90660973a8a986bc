//! Access tokens past the gateway (RFC 8693, RFC 9068): an agent exchanges a running session for one, everybody hears
//! what it is worth now, and it ends with the session or before.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_domain::{
    Actor, AgentId, Command, NewToken, OrgId, Refusal, Resource, SessionId, State, Timestamp,
    TokenId, exchange_until,
};
use countersign_store::{Key, Slice};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    App, Failure, hash_secret,
    ports::{AccessClaims, Act, Confirmation, jwt_seconds},
    sessions::case_of,
};

/// The longest token that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// What an agent asks for.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The session's token: on whose behalf.
    pub session_token: &'a str,
    /// What the access token is to be for.
    pub resource: &'a Resource,
    /// The authorization server's own address.
    pub issuer: &'a str,
    /// The thumbprint of the key that is to be shown with it; none for a bearer's.
    pub bound_to: Option<&'a str>,
}

impl std::fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}

/// An access token past the gateway, just issued.
#[derive(Clone)]
pub struct Exchanged {
    /// The token: a JWT.
    pub token: String,
    /// In how many seconds it runs out.
    pub expires_in: i64,
}

impl std::fmt::Debug for Exchanged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchanged").finish_non_exhaustive()
    }
}

/// An access token past the gateway that is good.
#[derive(Clone, Debug)]
pub struct GoodToken {
    /// Its id.
    pub id: TokenId,
    /// The session it is for.
    pub session: SessionId,
    /// The session's org.
    pub org: OrgId,
    /// The session's agent.
    pub agent: AgentId,
    /// What it claims.
    pub claims: Map<String, Value>,
}

#[derive(Deserialize)]
struct Named {
    sid: String,
    jti: String,
}

impl App {
    /// Issues an access token past the gateway for a running session of the agent's own. That it was issued is on the
    /// org's log before anybody has it.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn exchange(&self, actor: Actor, ask: Exchange<'_>) -> Result<Exchanged, Failure> {
        let Actor::Agent { id: agent } = actor else {
            return Err(Refusal::OnlyTeamAgents.into());
        };
        let session = self.own_session(agent, ask.session_token).await?;
        let token = TokenId::from_uuid(Uuid::from_bytes(self.ports.uuid()));
        let mut signed = String::new();
        let mut expires_in = 0;
        let plan = |slice: &Slice| {
            let case = case_of(&slice.state, session).ok_or(Refusal::SessionNotFound)?;
            let until = exchange_until(&slice.state, case.id, session, &actor, slice.now)?;
            // JWTs count in whole seconds.
            let exp = jwt_seconds(until);
            signed = self.access_token(&slice.state, (session, token), &ask, (slice.now, exp))?;
            expires_in = exp.saturating_sub(jwt_seconds(slice.now));
            Ok(Command::ExchangeToken(NewToken {
                case: case.id,
                session,
                id: token,
                hash: hash_secret(&signed),
                resource: ask.resource.clone(),
                expires_at: Timestamp::from_millis(exp.saturating_mul(1_000)),
            })
            .into())
        };
        let keys = vec![Key::Session(session), Key::RunningSessions(agent)];
        self.execute(actor, keys, plan).await?;
        Ok(Exchanged {
            token: signed,
            expires_in,
        })
    }

    /// The running session of this agent that has this token.
    async fn own_session(&self, agent: AgentId, token: &str) -> Result<SessionId, Failure> {
        let slice = self.store.load(&[Key::RunningSessions(agent)]).await?;
        let hash = hash_secret(token);
        let mut running = slice.state.running_sessions(agent, slice.now);
        let found = running
            .find(|(_, session)| session.token == hash)
            .map(|(_, session)| session.id);
        Ok(found.ok_or(Refusal::SessionNotFound)?)
    }

    fn access_token(
        &self,
        state: &State,
        (id, token): (SessionId, TokenId),
        ask: &Exchange<'_>,
        (now, exp): (Timestamp, i64),
    ) -> Result<String, Failure> {
        let case = case_of(state, id).ok_or(Refusal::SessionNotFound)?;
        let session = case.sessions.get(&id).ok_or(Refusal::SessionOver)?;
        let org = state.org(case.org).ok_or(Refusal::OrgNotFound)?;
        let subject = state
            .admin(session.subject)
            .ok_or(Refusal::SubjectInactive)?;
        let agent = state.agent(session.agent).ok_or(Refusal::CallerInactive)?;
        let signer = self.signer.as_ref().ok_or_else(unsigned)?;
        let claims = AccessClaims {
            iss: ask.issuer,
            aud: ask.resource.as_str(),
            sub: subject.email.as_str(),
            act: Act {
                sub: agent.email.as_str(),
            },
            client_id: &agent.id.to_string(),
            org: org.slug.as_str(),
            case: case.number.as_str(),
            grant: &session.grant.to_string(),
            sid: &id.to_string(),
            scope: "read",
            iat: jwt_seconds(now),
            exp,
            jti: &token.to_string(),
            cnf: ask.bound_to.map(|jkt| Confirmation { jkt }),
        };
        signer.sign_access(&claims).ok_or_else(unsigned)
    }

    /// The access token past the gateway, if it is one that is good now: the very one that was issued, under a session
    /// that gives access. None for anything else.
    ///
    /// # Errors
    /// The process cannot be sure (R19).
    pub async fn exchanged(&self, token: &str) -> Result<Option<GoodToken>, Failure> {
        let Some((claims, session, id)) = read(token) else {
            return Ok(None);
        };
        let live = self.node.exchanged(session, (id, hash_secret(token))).await;
        let live = live.map_err(|error| Failure::Unavailable(error.to_string()))?;
        Ok(live.map(|live| GoodToken {
            id,
            session,
            org: live.org,
            agent: live.session.agent,
            claims,
        }))
    }

    /// Ends an access token past the gateway everywhere before it returns. Idempotent.
    ///
    /// # Errors
    /// The store does not answer, or it is not known whether it is so everywhere.
    pub async fn end_exchanged(&self, token: &GoodToken) -> Result<(), Failure> {
        let (session, id) = (token.session, token.id);
        let actor = Actor::Agent { id: token.agent };
        let plan = |slice: &Slice| {
            let case = case_of(&slice.state, session).ok_or(Refusal::SessionNotFound)?;
            let case = case.id;
            Ok(Command::EndToken { case, session, id }.into())
        };
        match self.execute(actor, vec![Key::Session(session)], plan).await {
            Ok(_) => Ok(()),
            // The agent has lost the case or may not act any more: the session ended with that, and the token with it.
            Err(Failure::Refused(_)) => self.ended_everywhere().await,
            Err(failure) => Err(failure),
        }
    }

    /// Waits until whatever has been taken away by now is so in every process.
    ///
    /// # Errors
    /// The store does not answer, or it is not known whether it is so everywhere.
    pub async fn ended_everywhere(&self) -> Result<(), Failure> {
        let slice = self.store.load(&[]).await?;
        self.settled(&slice).await
    }
}

fn unsigned() -> Failure {
    Failure::Unavailable("this process has no key to sign with".to_owned())
}

/// What a token claims, and which session and token it names: taken apart and not verified, since only the very token
/// that was issued is found by it.
fn read(token: &str) -> Option<(Map<String, Value>, SessionId, TokenId)> {
    if token.len() > LONGEST {
        return None;
    }
    let mut parts = token.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    let named: Named = serde_json::from_slice(&claims).ok()?;
    let claims = serde_json::from_slice(&claims).ok()?;
    Some((claims, named.sid.parse().ok()?, named.jti.parse().ok()?))
}
