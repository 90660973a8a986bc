//! People (R1, R2, R5).

use countersign_domain::{
    Actor, AdminId, AgentId, Command, Email, PersonName, Refusal, Role, Slug, StreamId,
};
use countersign_node::Effective;
use countersign_store::Key;

use crate::{
    App, Failure,
    cases::{admin_by_email, agent_by_email, uuid},
    execute::Plan,
    orgs::org_by_slug,
};

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
    ) -> Result<AdminId, Failure> {
        let admin = AdminId::from_uuid(uuid(self));
        self.execute(actor, vec![Key::Slug(org.clone())], |slice| {
            Ok(Plan {
                command: Command::CreateAdmin {
                    admin,
                    org: org_by_slug(&slice.state, org)?,
                    email: email.clone(),
                    name: name.clone(),
                    role,
                },
                creates: Some(StreamId::Admin(admin)),
                credential: None,
            })
        })
        .await?;
        Ok(admin)
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
    ) -> Result<AgentId, Failure> {
        let agent = AgentId::from_uuid(uuid(self));
        self.execute(actor, vec![Key::Agent(agent)], |_| {
            Ok(Plan {
                command: Command::CreateAgent {
                    agent,
                    email: email.clone(),
                    name: name.clone(),
                },
                creates: Some(StreamId::Agent(agent)),
                credential: None,
            })
        })
        .await?;
        Ok(agent)
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
    ) -> Result<Option<Effective>, Failure> {
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
    ) -> Result<Option<Effective>, Failure> {
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
    ) -> Result<Option<Effective>, Failure> {
        let keys = vec![
            Key::AdminEmail(org.clone(), email.clone()),
            Key::SubjectSessions(org.clone(), email.clone()),
            // In a claimed org somebody must remain who can act for it.
            Key::Keyholders(org.clone()),
        ];
        let done = self
            .execute(actor, keys, |slice| {
                let org = org_by_slug(&slice.state, org).map_err(|_| Refusal::PersonNotFound)?;
                let admin =
                    admin_by_email(&slice.state, org, email).ok_or(Refusal::PersonNotFound)?;
                Ok(command(admin).into())
            })
            .await?;
        Ok(done.effective)
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
    ) -> Result<Option<Effective>, Failure> {
        let keys = vec![
            Key::AgentEmail(email.clone()),
            Key::AgentSessions(email.clone()),
        ];
        let done = self
            .execute(actor, keys, |slice| {
                let agent = agent_by_email(&slice.state, email).ok_or(Refusal::PersonNotFound)?;
                Ok(Command::SetAgentActive { agent, active }.into())
            })
            .await?;
        Ok(done.effective)
    }
}
