//! Starting, entering and ending sessions (R16).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_domain::{
    Actor, Case, CaseId, CaseNumber, Command, Label, Refusal, SecretHash, SessionId, State,
    Timestamp,
};
use countersign_node::Effective;
use countersign_store::{Key, Slice};

use crate::{
    App, Failure, Secret,
    cases::uuid,
    execute::{Plan, case_numbered},
    hash_secret,
};

/// A session just started. The secrets are shown once.
#[derive(Clone, Debug)]
pub struct StartedSession {
    /// The id.
    pub id: SessionId,
    /// The one-time link for the agent's browser.
    pub url: String,
    /// The token a program sends as `Countersign-Session`.
    pub token: Secret,
    /// When the clock ends it, unless the grant is extended.
    pub expires_at: Timestamp,
}

impl App {
    /// Starts a session under a live grant.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn start_session(
        &self,
        actor: Actor,
        number: &CaseNumber,
    ) -> Result<StartedSession, Failure> {
        self.fresh(actor).await?;
        let id = SessionId::from_uuid(uuid(self));
        let token = Secret::fresh(self.ports.as_ref(), "csi");
        let code = Secret::fresh(self.ports.as_ref(), "csl");
        let label = self.random_label()?;
        let plan = |slice: &Slice| {
            let command = Command::StartSession {
                case: case_numbered(&slice.state, number)?.id,
                session: id,
                label: label.clone(),
                token: token.hash(),
                code: code.hash(),
                limits: self.settings.session,
            };
            Ok(Plan {
                makes: Some(Key::Session(id)),
                ..command.into()
            })
        };
        let started = |state: &State, now| {
            let case = case_numbered(state, number)?;
            let (session, grant) = case.running(id, now).ok_or(Refusal::SessionOver)?;
            Ok(StartedSession {
                id,
                url: format!(
                    "{}/.countersign/open?session={id}&code={}",
                    self.settings.session_origin(&label),
                    code.expose()
                ),
                token: token.clone(),
                expires_at: session.ends_at(grant.period.expires_at),
            })
        };
        let mut keys = vec![Key::CaseNumber(number.clone())];
        let mut turn = None;
        if let Actor::Agent { id } = actor {
            keys.push(Key::RunningSessions(id));
            turn = Some(self.starts.take(id).await);
        }
        let started = self.make(actor, keys, plan, started).await;
        drop(turn);
        started
    }

    /// 80 random bits: enough that labels never meet, short enough for an address bar.
    fn random_label(&self) -> Result<Label, Failure> {
        const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let text: String = self
            .ports
            .random()
            .iter()
            .take(16)
            .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
            .map(|letter| char::from(*letter))
            .collect();
        Label::parse(&text).map_err(|error| Failure::Unavailable(error.to_string()))
    }

    /// The signed-in agent opens the session's one-time link; answers the address, on the session's
    /// own origin, that this one browser goes to next.
    ///
    /// # Errors
    /// A refusal (another agent, a used, expired or wrong link, a sign-in that is too old), or the store does not answer.
    pub async fn open_link(
        &self,
        actor: Actor,
        session: SessionId,
        code: &str,
        browser: SecretHash,
    ) -> Result<String, Failure> {
        self.fresh(actor).await?;
        let handover = Secret::fresh(self.ports.as_ref(), "csh");
        let done = self
            .on_session(actor, session, |case| Command::OpenLink {
                case,
                session,
                code: hash_secret(code),
                handover: handover.hash(),
                browser,
            })
            .await?;
        let label = case_of(&done.0, session)
            .and_then(|case| case.sessions.get(&session))
            .map(|session| session.label.clone())
            .ok_or(Refusal::SessionOver)?;
        Ok(format!(
            "{}/.countersign/enter?handover={}",
            self.settings.session_origin(&label),
            handover.expose()
        ))
    }

    /// The browser arrives at the session's origin; answers the cookie it gets.
    ///
    /// # Errors
    /// A refusal (another browser, a used, expired or wrong hand-over), or the store does not
    /// answer.
    pub async fn enter_session(
        &self,
        session: SessionId,
        handover: &str,
        browser: &str,
    ) -> Result<Secret, Failure> {
        let cookie = Secret::fresh(self.ports.as_ref(), "csc");
        let slice = self.store.load(&[Key::Session(session)]).await?;
        let agent = case_of(&slice.state, session)
            .and_then(|case| case.sessions.get(&session))
            .map(|session| session.agent)
            .ok_or(Refusal::SessionOver)?;
        // Holding the hand-over in the browser that began it is the agent's own act.
        self.on_session(Actor::Agent { id: agent }, session, |case| {
            Command::EnterSession {
                case,
                session,
                handover: hash_secret(handover),
                browser: hash_secret(browser),
                cookie: cookie.hash(),
            }
        })
        .await?;
        Ok(cookie)
    }

    /// Ends a session everywhere before it returns. Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn end_session(
        &self,
        actor: Actor,
        session: SessionId,
    ) -> Result<Option<Effective>, Failure> {
        let (_, effective) = self
            .on_session(actor, session, |case| Command::EndSession { case, session })
            .await?;
        Ok(effective)
    }

    async fn on_session(
        &self,
        actor: Actor,
        session: SessionId,
        command: impl Fn(CaseId) -> Command + Send + Sync,
    ) -> Result<(State, Option<Effective>), Failure> {
        let done = self
            .execute(actor, vec![Key::Session(session)], |slice| {
                let case = case_of(&slice.state, session).ok_or(Refusal::SessionNotFound)?;
                Ok(command(case.id).into())
            })
            .await
            .map_err(|failure| match failure {
                // Who does not see the case is not told that the session exists.
                Failure::Refused(Refusal::CaseNotFound) => Refusal::SessionNotFound.into(),
                other => other,
            })?;
        Ok((done.state, done.effective))
    }
}

pub(crate) fn case_of(state: &State, session: SessionId) -> Option<&Case> {
    state.cases().find(|case| {
        case.sessions.contains_key(&session) || case.ended_sessions.contains_key(&session)
    })
}

impl App {
    /// Reads a hash from an address, as base64url without padding.
    #[must_use]
    pub fn hash_from_address(text: &str) -> Option<SecretHash> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(SecretHash::from_bytes)
    }

    /// Writes a hash for an address, as base64url without padding.
    #[must_use]
    pub fn hash_for_address(hash: SecretHash) -> String {
        URL_SAFE_NO_PAD.encode(hash.as_bytes())
    }
}
