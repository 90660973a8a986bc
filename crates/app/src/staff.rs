//! The vendor's staff, as its own OpenID providers sign them in; and signing out there.

use countersign_domain::{
    Actor, AgentId, Command, CredentialId, CredentialKind, CredentialOwner, Duration, Email,
    IssuerUrl, OperatorPerson, OperatorVia, PersonName, Refusal, SecretHash, Timestamp,
    agent_known_by, shown_lately,
};
use countersign_node::Effective;
use countersign_store::{Key, NewCredential, Slice};

use crate::{
    App, Failure, PersonChanged, Secret, cases::agent_by_email, cases::uuid, directory::agent_in,
    execute::Plan,
};

/// What the deployment's configuration does.
const CONFIGURATION: Actor = Actor::Operator {
    via: OperatorVia::Configuration,
};

/// An operator as a provider knows them.
#[derive(Clone, Debug)]
pub struct KnownOperator {
    /// The provider.
    pub issuer: IssuerUrl,
    /// The address that it vouches for.
    pub email: Email,
    /// What it calls them.
    pub name: Option<PersonName>,
    /// A hash of what it knows them by.
    pub subject: SecretHash,
}

impl App {
    /// The same use cases for somebody who showed then to a provider of the vendor's who they are.
    #[must_use]
    pub fn shown_at(&self, shown_at: Option<Timestamp>) -> Self {
        Self {
            shown_at,
            ..self.clone()
        }
    }

    /// Whether an agent has shown lately enough who they are, to open an impersonation session. Others are told
    /// otherwise why they cannot.
    pub(crate) async fn fresh(&self, actor: Actor) -> Result<(), Failure> {
        let demanded = self.settings.fresh_sign_in;
        if demanded.is_none() || !matches!(actor, Actor::Agent { .. }) {
            return Ok(());
        }
        let now = self.store.now().await?;
        Ok(shown_lately(demanded, self.shown_at, now)?)
    }

    /// Lets an agent in whom a provider of the vendor's knows so: the first time by the address, which makes
    /// somebody an agent who is none yet, where there is a `name`.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn staff_agent(
        &self,
        subject: SecretHash,
        email: Option<&Email>,
        name: Option<&PersonName>,
    ) -> Result<AgentId, Failure> {
        let mut keys = vec![Key::AgentKnownBy(subject)];
        keys.extend(email.cloned().map(Key::AgentEmail));
        let fresh = AgentId::from_uuid(uuid(self));
        let mut agent = fresh;
        self.execute(CONFIGURATION, keys, |slice: &Slice| {
            let known = agent_known_by(&slice.state, subject).map(|known| known.id);
            let by_email = || email.and_then(|email| agent_by_email(&slice.state, email));
            agent = known.or_else(by_email).unwrap_or(fresh);
            Ok(Command::SignInAgent {
                agent,
                subject,
                email: email.cloned(),
                name: name.cloned(),
            }
            .into())
        })
        .await?;
        Ok(agent)
    }

    /// Makes the credential of the browser in which an operator signs in as who they are: its secret.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn staff_operator(
        &self,
        known: &KnownOperator,
        good_for: Duration,
    ) -> Result<Secret, Failure> {
        let credential = CredentialId::from_uuid(uuid(self));
        let secret = Secret::fresh(self.ports.as_ref(), "cst");
        let actor = Actor::Operator {
            via: OperatorVia::Person { id: credential },
        };
        self.execute(actor, vec![], |slice| {
            let expires_at = slice.now.plus(good_for);
            let person = OperatorPerson {
                credential,
                issuer: known.issuer.clone(),
                email: known.email.clone(),
                name: known.name.clone(),
                subject: known.subject,
            };
            Ok(Plan {
                makes: Some(Key::Credential(credential)),
                credential: Some(NewCredential {
                    id: credential,
                    hash: secret.hash(),
                    owner: CredentialOwner::Operator,
                    kind: CredentialKind::ApiToken,
                    expires_at,
                }),
                ..Command::SignInOperator { person, expires_at }.into()
            })
        })
        .await?;
        Ok(secret)
    }

    /// Who signed in as an operator with this credential; none where they came by a token.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn operator_person(
        &self,
        credential: CredentialId,
    ) -> Result<Option<OperatorPerson>, Failure> {
        let slice = self.store.load(&[Key::Operator(credential)]).await?;
        Ok(slice.state.operator(credential).cloned())
    }

    /// The agent whom a provider of the vendor's knows so.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn agent_known_by(&self, subject: SecretHash) -> Result<Option<AgentId>, Failure> {
        let slice = self.store.load(&[Key::AgentKnownBy(subject)]).await?;
        Ok(agent_known_by(&slice.state, subject).map(|known| known.id))
    }

    /// Ends every session of an agent who signs out, everywhere before it returns. Idempotent.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_own_sessions(&self, agent: AgentId) -> Result<Option<Effective>, Failure> {
        let keys = vec![Key::RunningSessions(agent)];
        let actor = Actor::Agent { id: agent };
        let ended = self
            .execute(actor, keys, |_| Ok(Command::EndOwnSessions.into()))
            .await;
        match ended {
            Ok(done) => Ok(done.effective),
            // Whoever was deactivated has none.
            Err(Failure::Refused(Refusal::CallerInactive)) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Takes back what a provider of the vendor's knows an agent by: the next who comes by their address is taken
    /// for them again. They are signed out.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn unbind_agent(
        &self,
        actor: Actor,
        email: &Email,
    ) -> Result<PersonChanged<countersign_domain::Agent>, Failure> {
        let mut before = None;
        let keys = vec![Key::AgentEmail(email.clone())];
        let done = self
            .execute(actor, keys, |slice| {
                let agent = agent_by_email(&slice.state, email).ok_or(Refusal::PersonNotFound)?;
                before = slice.state.agent(agent).and_then(|known| known.known_by);
                Ok(Command::UnbindAgent { agent }.into())
            })
            .await?;
        let agent = agent_in(&done.state, email)?.id;
        let effective = self.end_own_sessions(agent).await?.or(done.effective);
        if let Some(subject) = before {
            let ended = self.store.end_browser_sessions_at(subject).await;
            ended.map_err(crate::execute::recorded)?;
        }
        Ok(PersonChanged {
            person: agent_in(&done.state, email)?.clone(),
            effective,
        })
    }
}
