//! Opening, closing and reopening cases (R4, R7).

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, CaseNumber, Command, Email, NewCase, OpenedBy, OrgId, Refusal,
    Slug, State, TextError, Title, caller_may_act,
};
use countersign_store::{Key, Slice};

use crate::{
    App, CaseRead, Changed, Failure,
    execute::{Plan, case_numbered},
};

/// A case someone wants opened.
#[derive(Clone, Debug)]
pub struct OpenCase {
    /// The org it is for.
    pub org: Slug,
    /// The number: chosen by operators, assigned for everyone else.
    pub number: Option<CaseNumber>,
    /// The title.
    pub title: Title,
    /// Who opened it; the caller, when an admin or agent opens one.
    pub opened_by: Option<OpenerRef>,
    /// The agents associated with it.
    pub team: Vec<Email>,
}

/// The opener by address.
#[derive(Clone, Debug)]
pub enum OpenerRef {
    /// A customer admin of the org.
    Admin(Email),
    /// An agent.
    Agent(Email),
}

impl App {
    /// Opens a case.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn open_case(&self, actor: Actor, new: OpenCase) -> Result<CaseRead, Failure> {
        let chosen = new.number.is_some();
        if !chosen && matches!(actor, Actor::Operator { .. }) {
            return Err(Refusal::Text {
                field: "number",
                error: TextError::Blank,
            }
            .into());
        }
        let case = CaseId::from_uuid(uuid(self));
        loop {
            let number = match &new.number {
                Some(number) => number.clone(),
                None => self.store.next_case_number().await?,
            };
            let plan = |slice: &Slice| {
                Ok(Plan {
                    makes: Some(Key::Case(case)),
                    ..Command::OpenCase(resolve(slice, &new, case, &number, actor)?).into()
                })
            };
            let opened = self
                .make(actor, keys(&new), plan, |state, now| {
                    Ok(CaseRead::new(state.clone(), case, actor, now)?)
                })
                .await;
            match opened {
                // Someone else was given the same number a moment ago.
                Err(Failure::Refused(Refusal::NumberTaken)) if !chosen => {}
                opened => return opened,
            }
        }
    }

    /// Closes a case; its grant and sessions end at once (R7). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn close_case(&self, actor: Actor, number: &CaseNumber) -> Result<Changed, Failure> {
        self.on_case(actor, number, |case| Command::CloseCase { case })
            .await
    }

    /// Reopens a case, which starts afresh (R7). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn reopen_case(&self, actor: Actor, number: &CaseNumber) -> Result<Changed, Failure> {
        self.on_case(actor, number, |case| Command::ReopenCase { case })
            .await
    }

    /// Runs a command about one case.
    pub(crate) async fn on_case(
        &self,
        actor: Actor,
        number: &CaseNumber,
        command: impl Fn(CaseId) -> Command + Send + Sync,
    ) -> Result<Changed, Failure> {
        let done = self
            .execute(actor, vec![Key::CaseNumber(number.clone())], |slice| {
                Ok(command(case_numbered(&slice.state, number)?.id).into())
            })
            .await?;
        Ok(Changed::from_done(done, number, actor))
    }
}

pub(crate) fn uuid(app: &App) -> uuid::Uuid {
    uuid::Uuid::from_bytes(app.ports.uuid())
}

pub(crate) fn keys(new: &OpenCase) -> Vec<Key> {
    let mut keys = vec![Key::Slug(new.org.clone())];
    match &new.opened_by {
        Some(OpenerRef::Admin(email)) => {
            keys.push(Key::AdminEmail(new.org.clone(), email.clone()));
        }
        Some(OpenerRef::Agent(email)) => keys.push(Key::AgentEmail(email.clone())),
        None => {}
    }
    keys.extend(new.team.iter().cloned().map(Key::AgentEmail));
    keys
}

pub(crate) fn resolve(
    slice: &Slice,
    new: &OpenCase,
    case: CaseId,
    number: &CaseNumber,
    actor: Actor,
) -> Result<NewCase, Refusal> {
    let state = &slice.state;
    let org = state
        .orgs()
        .find(|org| org.slug == new.org)
        .ok_or(Refusal::OrgNotFound)?;
    may_name(state, org.id, new, actor)?;
    let opened_by = match (&new.opened_by, actor) {
        (Some(OpenerRef::Admin(email)), _) => {
            OpenedBy::Admin(admin_by_email(state, org.id, email).ok_or(Refusal::OpenerUnknown)?)
        }
        (Some(OpenerRef::Agent(email)), _) => {
            OpenedBy::Agent(agent_by_email(state, email).ok_or(Refusal::OpenerUnknown)?)
        }
        (None, Actor::Admin { id, .. }) => OpenedBy::Admin(id),
        (None, Actor::Agent { id }) => OpenedBy::Agent(id),
        (None, _) => return Err(Refusal::OpenerUnknown),
    };
    let mut team = new
        .team
        .iter()
        .map(|email| agent_by_email(state, email).ok_or(Refusal::AgentUnknown))
        .collect::<Result<BTreeSet<_>, _>>()?;
    if let Actor::Agent { id } = actor {
        team.insert(id);
    }
    Ok(NewCase {
        case,
        org: org.id,
        number: number.clone(),
        number_chosen: new.number.is_some(),
        title: new.title.clone(),
        opened_by,
        team,
    })
}

/// Whoever may not name others is told so before they learn who exists: an admin opens for the own
/// org and in the own name, an agent in the own name with nobody else on the team (R4).
fn may_name(state: &State, org: OrgId, new: &OpenCase, actor: Actor) -> Result<(), Refusal> {
    caller_may_act(state, &actor)?;
    let (own, others_on_team) = match actor {
        Actor::Operator { .. } => return Ok(()),
        Actor::Client { .. } => return Err(Refusal::ClientsNotHere),
        Actor::Provisioning { .. } => return Err(Refusal::NotYoursToOpen),
        Actor::Impersonation { .. } => return Err(Refusal::ImpersonationCannotAct),
        Actor::Admin { id, .. } => {
            let admin = state.admin(id).filter(|admin| admin.org == org);
            let own = &admin.ok_or(Refusal::OrgNotFound)?.email;
            let named = matches!(&new.opened_by, Some(OpenerRef::Admin(email)) if email == own);
            (named, !new.team.is_empty())
        }
        Actor::Agent { id } => {
            let own = &state.agent(id).ok_or(Refusal::CallerInactive)?.email;
            let named = matches!(&new.opened_by, Some(OpenerRef::Agent(email)) if email == own);
            (named, new.team.iter().any(|email| email != own))
        }
    };
    if new.opened_by.is_some() && !own {
        return Err(Refusal::NotYoursToOpen);
    }
    if others_on_team {
        return Err(Refusal::TeamIsForOperators);
    }
    Ok(())
}

pub(crate) fn admin_by_email(state: &State, org: OrgId, email: &Email) -> Option<AdminId> {
    state
        .admins()
        .find(|admin| admin.org == org && admin.email == *email && !admin.removed)
        .map(|admin| admin.id)
}

pub(crate) fn agent_by_email(state: &State, email: &Email) -> Option<AgentId> {
    state
        .agents()
        .find(|agent| agent.email == *email && !agent.removed)
        .map(|agent| agent.id)
}
