//! Reading orgs and people (R1).

use countersign_domain::{
    Actor, Agent, Email, Org, Refusal, Slug, State, Upstream, caller_may_act,
};
use countersign_store::{DirectoryOf, DirectoryPage, DirectoryQuery, Key};

use crate::{
    AdminRead, App, Failure,
    app::caller,
    cases::{admin_by_email, agent_by_email},
    orgs::org_by_slug,
    people::{administered, for_operators},
};

/// A page of orgs or people.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The items, ascending by short name or address.
    pub items: Vec<T>,
    /// Whether there are more after the last of them.
    pub more: bool,
}

/// Who calls, as they are known here.
#[derive(Clone, Debug)]
pub enum Caller {
    /// A customer user of an org.
    Admin(AdminRead),
    /// An agent.
    Agent(Agent),
    /// An operator.
    Operator,
}

impl App {
    /// Who calls.
    ///
    /// # Errors
    /// They may not act any more, or the store does not answer.
    pub async fn me(&self, actor: Actor) -> Result<Caller, Failure> {
        let state = self.callers_state(actor, vec![]).await?;
        let unknown = Refusal::CallerInactive;
        Ok(match actor {
            Actor::Operator { .. } => Caller::Operator,
            Actor::Agent { id } => Caller::Agent(state.agent(id).ok_or(unknown)?.clone()),
            Actor::Admin { id, .. } => {
                let admin = state.admin(id).ok_or(unknown)?.clone();
                let org = state.org(admin.org).ok_or(Refusal::OrgNotFound)?;
                Caller::Admin(AdminRead::of(org, admin))
            }
            Actor::Client { .. } => return Err(Refusal::ClientsNotHere.into()),
            Actor::Provisioning { .. } => return Err(unknown.into()),
            Actor::Impersonation { .. } => return Err(Refusal::ImpersonationCannotAct.into()),
        })
    }

    /// Every org, for operators.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn orgs(
        &self,
        actor: Actor,
        after: Option<&Slug>,
        limit: usize,
    ) -> Result<Page<Org>, Failure> {
        for_operators(actor)?;
        let after = after.map(Slug::to_string);
        let page = self.page(DirectoryOf::Orgs, after, limit).await?;
        let items = page.state.orgs().cloned();
        Ok(sorted(items, page.more, |org| org.slug.as_str()))
    }

    /// One org, for operators and its own people.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn org(&self, actor: Actor, slug: &Slug) -> Result<Org, Failure> {
        let mut keys = vec![Key::Slug(slug.clone())];
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        let org = slice.state.orgs().find(|org| org.slug == *slug);
        let org = org.filter(|org| match actor {
            Actor::Operator { .. } => true,
            Actor::Admin { id, .. } => slice.state.admin_is_active_in(id, org.id),
            Actor::Agent { .. }
            | Actor::Client { .. }
            | Actor::Provisioning { .. }
            | Actor::Impersonation { .. } => false,
        });
        let org = org.ok_or(Refusal::OrgNotFound)?.clone();
        self.settled(&slice).await?;
        Ok(org)
    }

    /// Where an org's product is and which requests to it read, for operators.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn upstream(&self, actor: Actor, slug: &Slug) -> Result<Option<Upstream>, Failure> {
        for_operators(actor)?;
        Ok(self.org(actor, slug).await?.upstream)
    }

    /// The customer users of an org, for operators and the org's super admins.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn admins(
        &self,
        actor: Actor,
        slug: &Slug,
        after: Option<&Email>,
        limit: usize,
    ) -> Result<Page<AdminRead>, Failure> {
        let keys = vec![Key::Slug(slug.clone())];
        let state = self.callers_state(actor, keys).await?;
        let org = administered(&state, slug, actor)?;
        let org = state.org(org).ok_or(Refusal::OrgNotFound)?;
        let after = after.map(Email::to_string);
        let page = self.page(DirectoryOf::Admins(org.id), after, limit).await?;
        let items = page.state.admins();
        let items = items.map(|admin| AdminRead::of(org, admin.clone()));
        Ok(sorted(items, page.more, |read| read.admin.email.as_str()))
    }

    /// One customer user, for operators and the org's super admins.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn admin(
        &self,
        actor: Actor,
        slug: &Slug,
        email: &Email,
    ) -> Result<AdminRead, Failure> {
        let keys = vec![
            Key::Slug(slug.clone()),
            Key::AdminEmail(slug.clone(), email.clone()),
        ];
        let state = self.callers_state(actor, keys).await?;
        administered(&state, slug, actor)?;
        Ok(admin_in(&state, slug, email)?)
    }

    /// Every agent, for operators.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn agents(
        &self,
        actor: Actor,
        after: Option<&Email>,
        limit: usize,
    ) -> Result<Page<Agent>, Failure> {
        for_operators(actor)?;
        let after = after.map(Email::to_string);
        let page = self.page(DirectoryOf::Agents, after, limit).await?;
        let items = page.state.agents().cloned();
        Ok(sorted(items, page.more, |agent| agent.email.as_str()))
    }

    /// One agent, for operators.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn agent(&self, actor: Actor, email: &Email) -> Result<Agent, Failure> {
        for_operators(actor)?;
        let keys = vec![Key::AgentEmail(email.clone())];
        let state = self.callers_state(actor, keys).await?;
        let agent = agent_by_email(&state, email).and_then(|id| state.agent(id));
        Ok(agent.ok_or(Refusal::PersonNotFound)?.clone())
    }

    /// What the keys name, and the caller, who may act.
    async fn callers_state(&self, actor: Actor, mut keys: Vec<Key>) -> Result<State, Failure> {
        keys.extend(caller(actor));
        let state = self.store.load(&keys).await?.state;
        caller_may_act(&state, &actor)?;
        Ok(state)
    }

    async fn page(
        &self,
        of: DirectoryOf,
        after: Option<String>,
        limit: usize,
    ) -> Result<DirectoryPage, Failure> {
        let query = DirectoryQuery { of, after, limit };
        Ok(self.store.directory_page(query).await?)
    }
}

/// The org with this short name as a command finds it, for callers who act on what they have read.
///
/// # Errors
/// When there is none.
pub fn org_in<'a>(state: &'a State, slug: &Slug) -> Result<&'a Org, Refusal> {
    let id = org_by_slug(state, slug)?;
    state.org(id).ok_or(Refusal::OrgNotFound)
}

/// The customer user with this address, in the same way.
///
/// # Errors
/// When there is none.
pub fn admin_in(state: &State, slug: &Slug, email: &Email) -> Result<AdminRead, Refusal> {
    let org = org_in(state, slug)?;
    let id = admin_by_email(state, org.id, email).ok_or(Refusal::PersonNotFound)?;
    let admin = state.admin(id).ok_or(Refusal::PersonNotFound)?;
    Ok(AdminRead::of(org, admin.clone()))
}

/// The agent with this address, in the same way.
///
/// # Errors
/// When there is none.
pub fn agent_in<'a>(state: &'a State, email: &Email) -> Result<&'a Agent, Refusal> {
    let id = agent_by_email(state, email).ok_or(Refusal::PersonNotFound)?;
    state.agent(id).ok_or(Refusal::PersonNotFound)
}

fn sorted<T>(items: impl Iterator<Item = T>, more: bool, by: impl Fn(&T) -> &str) -> Page<T> {
    let mut items: Vec<T> = items.collect();
    items.sort_by(|a, b| by(a).cmp(by(b)));
    Page { items, more }
}
