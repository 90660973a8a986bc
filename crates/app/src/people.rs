//! People (R1, R2, R5).

use countersign_domain::{
    Acceptance, Actor, Admin, AdminId, Agent, AgentId, Command, Email, Org, OrgId, PersonName,
    Refusal, Role, Slug, State, caller_may_act,
};
use countersign_node::Effective;
use countersign_store::{Key, Slice};

use crate::{
    App, Failure,
    cases::{admin_by_email, agent_by_email, uuid},
    directory::{admin_in, agent_in},
    execute::Plan,
    orgs::org_by_slug,
};

/// A customer user and their org.
#[derive(Clone, Debug)]
pub struct AdminRead {
    /// The org's short name.
    pub org: Slug,
    /// The person.
    pub admin: Admin,
    /// Whether the org is claimed, so that what operators make waits (R3).
    pub claimed: bool,
}

impl AdminRead {
    /// A customer user of this org.
    #[must_use]
    pub fn of(org: &Org, admin: Admin) -> Self {
        Self {
            org: org.slug.clone(),
            admin,
            claimed: org.claim.is_some(),
        }
    }

    /// How the account stands.
    #[must_use]
    pub fn acceptance(&self) -> Acceptance {
        self.admin.standing.in_org(self.claimed)
    }

    /// Whether the account, or a role it was to have, waits to be accepted (R3).
    #[must_use]
    pub fn awaits(&self) -> bool {
        self.acceptance() == Acceptance::Waiting || self.claimed && self.admin.proposed.is_some()
    }
}

/// A person after a change.
#[derive(Clone, Debug)]
pub struct PersonChanged<T> {
    /// The person.
    pub person: T,
    /// How the change became effective everywhere, if it took something away.
    pub effective: Option<Effective>,
}

impl App {
    /// Creates a customer user.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn create_admin(
        &self,
        actor: Actor,
        org: &Slug,
        email: Email,
        name: PersonName,
        role: Role,
    ) -> Result<AdminRead, Failure> {
        let admin = AdminId::from_uuid(uuid(self));
        let plan = |slice: &Slice| {
            for_operators(actor)?;
            let command = Command::CreateAdmin {
                admin,
                org: org_by_slug(&slice.state, org)?,
                email: email.clone(),
                name: name.clone(),
                role,
            };
            Ok(Plan {
                makes: Some(Key::Admin(admin)),
                ..command.into()
            })
        };
        self.make(actor, vec![Key::Slug(org.clone())], plan, |state, _| {
            let admin = state.admin(admin).ok_or(Refusal::PersonNotFound)?.clone();
            let org = state.org(admin.org).ok_or(Refusal::OrgNotFound)?;
            Ok(AdminRead::of(org, admin))
        })
        .await
    }

    /// Creates an agent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn create_agent(
        &self,
        actor: Actor,
        email: Email,
        name: PersonName,
    ) -> Result<Agent, Failure> {
        let agent = AgentId::from_uuid(uuid(self));
        let plan = |_: &Slice| {
            let command = Command::CreateAgent {
                agent,
                email: email.clone(),
                name: name.clone(),
            };
            Ok(Plan {
                makes: Some(Key::Agent(agent)),
                ..command.into()
            })
        };
        self.make(actor, vec![], plan, |state, _| {
            Ok(state.agent(agent).ok_or(Refusal::PersonNotFound)?.clone())
        })
        .await
    }

    /// Gives a customer user another role, at once (R2). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn set_role(
        &self,
        actor: Actor,
        org: &Slug,
        email: &Email,
        role: Role,
    ) -> Result<PersonChanged<AdminRead>, Failure> {
        self.on_admin(actor, org, email, |admin| Command::SetRole { admin, role })
            .await
    }

    /// Lets a customer user act, or stops them and every session on their behalf (R8). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn set_admin_active(
        &self,
        actor: Actor,
        org: &Slug,
        email: &Email,
        active: bool,
    ) -> Result<PersonChanged<AdminRead>, Failure> {
        self.on_admin(actor, org, email, |admin| Command::SetAdminActive {
            admin,
            active,
        })
        .await
    }

    async fn on_admin(
        &self,
        actor: Actor,
        org: &Slug,
        email: &Email,
        command: impl Fn(AdminId) -> Command + Send + Sync,
    ) -> Result<PersonChanged<AdminRead>, Failure> {
        let keys = vec![
            Key::AdminEmail(org.clone(), email.clone()),
            Key::SubjectSessions(org.clone(), email.clone()),
            // In a claimed org somebody must remain who can act for it.
            Key::Keyholders(org.clone()),
        ];
        let done = self
            .execute(actor, keys, |slice| {
                let org = administered(&slice.state, org, actor)?;
                let admin =
                    admin_by_email(&slice.state, org, email).ok_or(Refusal::PersonNotFound)?;
                Ok(command(admin).into())
            })
            .await?;
        Ok(PersonChanged {
            person: admin_in(&done.state, org, email)?,
            effective: done.effective,
        })
    }

    /// Lets an agent act, or stops them and every session of theirs (R5). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn set_agent_active(
        &self,
        actor: Actor,
        email: &Email,
        active: bool,
    ) -> Result<PersonChanged<Agent>, Failure> {
        let keys = vec![
            Key::AgentEmail(email.clone()),
            Key::AgentSessions(email.clone()),
        ];
        let done = self
            .execute(actor, keys, |slice| {
                for_operators(actor)?;
                let agent = agent_by_email(&slice.state, email).ok_or(Refusal::PersonNotFound)?;
                Ok(Command::SetAgentActive { agent, active }.into())
            })
            .await?;
        Ok(PersonChanged {
            person: agent_in(&done.state, email)?.clone(),
            effective: done.effective,
        })
    }
}

/// An org whose people the caller may administer: any, for operators, and the own one for super
/// admins. Whoever may not is told so before they learn who there is.
pub(crate) fn administered(state: &State, slug: &Slug, actor: Actor) -> Result<OrgId, Refusal> {
    caller_may_act(state, &actor)?;
    match actor {
        Actor::Operator { .. } => org_by_slug(state, slug),
        Actor::Admin { id, .. } => {
            let admin = state.admin(id).ok_or(Refusal::CallerInactive)?;
            let own = state.org(admin.org).filter(|org| org.slug == *slug);
            let org = own.ok_or(Refusal::OrgNotFound)?.id;
            if admin.is_super() {
                Ok(org)
            } else {
                Err(Refusal::OnlySuperAdmins)
            }
        }
        Actor::Agent { .. } | Actor::Provisioning { .. } => Err(Refusal::OnlySuperAdmins),
        Actor::Client { .. } => Err(Refusal::ClientsNotHere),
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct),
    }
}

/// Told before they learn who there is.
pub(crate) fn for_operators(actor: Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Operator { .. } => Ok(()),
        Actor::Client { .. } => Err(Refusal::ClientsNotHere),
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct),
        Actor::Admin { .. } | Actor::Agent { .. } | Actor::Provisioning { .. } => {
            Err(Refusal::OnlyOperators)
        }
    }
}
