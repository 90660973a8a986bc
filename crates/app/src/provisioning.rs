//! People as a directory provisions them (SCIM): an org's directory its customer users, the vendor's the
//! agents. What it may is judged by the rules like everybody's (R1, R2, R3, R5).

use countersign_domain::{
    Actor, Admin, AdminId, Agent, AgentId, Command, Email, OrgId, Person, PersonName, Profile,
    Refusal, Role, State, Timestamp, caller_may_act,
};
use countersign_node::Effective;
use countersign_store::{Key, PeopleOf, PeoplePage, PeopleQuery, Slice, Unavailable, Which};

use crate::{App, Failure, app::caller, cases::uuid, execute::Plan};

/// Somebody whom a directory provisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioned {
    /// Who.
    pub person: Person,
    /// The address they sign in with.
    pub email: Email,
    /// The name shown.
    pub name: PersonName,
    /// What the directory said of them.
    pub profile: Profile,
    /// Whether they may act at all.
    pub active: bool,
    /// Their role; none for agents, who have none.
    pub role: Option<Role>,
}

/// The same with its times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedAt {
    /// Who.
    pub who: Provisioned,
    /// When they were made.
    pub created_at: Timestamp,
    /// When they were last changed.
    pub changed_at: Timestamp,
}

/// What a directory wants somebody to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The address they sign in with.
    pub email: Email,
    /// What there is to say of them.
    pub profile: Profile,
    /// Whether they may act at all.
    pub active: bool,
    /// Their role; of no meaning for agents.
    pub role: Role,
}

/// A page of people.
#[derive(Clone, Debug)]
pub struct ProvisionedPage {
    /// The people, ascending by address.
    pub people: Vec<ProvisionedAt>,
    /// How many there are in all.
    pub total: usize,
}

/// Somebody after a change.
#[derive(Clone, Debug)]
pub struct ProvisionedChange {
    /// Who; none when they were removed.
    pub person: Option<ProvisionedAt>,
    /// How it became effective everywhere, if it took something away.
    pub effective: Option<Effective>,
}

/// Why a change did not come about.
#[derive(Debug)]
pub enum NotChanged<E> {
    /// What is wanted cannot be told from what there is.
    Unwanted(E),
    /// A refusal, or the store does not answer.
    Failed(Failure),
}

impl<E> From<Failure> for NotChanged<E> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<E> From<Refusal> for NotChanged<E> {
    fn from(refusal: Refusal) -> Self {
        Self::Failed(refusal.into())
    }
}

impl<E> From<Unavailable> for NotChanged<E> {
    fn from(error: Unavailable) -> Self {
        Self::Failed(error.into())
    }
}

/// What a change is to come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// They are to be so.
    To(Wanted),
    /// They are to be gone.
    Removed,
}

impl Provisioned {
    fn admin(admin: &Admin) -> Self {
        Self {
            person: Person::Admin(admin.id),
            email: admin.email.clone(),
            name: admin.name.clone(),
            profile: admin.profile.clone(),
            active: admin.active,
            role: Some(admin.role),
        }
    }

    fn agent(agent: &Agent) -> Self {
        Self {
            person: Person::Agent(agent.id),
            email: agent.email.clone(),
            name: agent.name.clone(),
            profile: agent.profile.clone(),
            active: agent.active,
            role: None,
        }
    }

    fn in_state(state: &State, person: Person) -> Option<Self> {
        match person {
            Person::Admin(id) => state
                .admin(id)
                .filter(|admin| !admin.removed)
                .map(Self::admin),
            Person::Agent(id) => state
                .agent(id)
                .filter(|agent| !agent.removed)
                .map(Self::agent),
        }
    }

    /// The same as what is wanted of them.
    #[must_use]
    pub fn wanted(&self) -> Wanted {
        Wanted {
            email: self.email.clone(),
            profile: self.profile.clone(),
            active: self.active,
            role: self.role.unwrap_or(Role::Admin),
        }
    }

    /// Whether nobody might be left who can act for the org.
    fn loses_by(&self, change: &Change) -> bool {
        match change {
            Change::Removed => true,
            Change::To(wanted) => {
                self.active && !wanted.active
                    || self.role == Some(Role::SuperAdmin) && wanted.role == Role::Admin
            }
        }
    }

    /// The commands that make of them what is wanted.
    fn commands(&self, change: &Change) -> Vec<Command> {
        let wanted = match (change, self.person) {
            (Change::To(wanted), _) => wanted,
            (Change::Removed, Person::Admin(admin)) => return vec![Command::RemoveAdmin { admin }],
            (Change::Removed, Person::Agent(agent)) => return vec![Command::RemoveAgent { agent }],
        };
        let (email, profile) = (wanted.email.clone(), wanted.profile.clone());
        let name = wanted.name_to_show(self);
        let changes = (&email, &name, &profile) != (&self.email, &self.name, &self.profile);
        let active = (wanted.active != self.active).then_some(wanted.active);
        let mut commands = vec![];
        match self.person {
            Person::Admin(admin) => {
                commands.extend(changes.then_some(Command::ChangeAdmin {
                    admin,
                    email,
                    name,
                    profile,
                }));
                let role = (self.role != Some(wanted.role)).then_some(wanted.role);
                commands.extend(role.map(|role| Command::SetRole { admin, role }));
                commands.extend(active.map(|active| Command::SetAdminActive { admin, active }));
            }
            Person::Agent(agent) => {
                commands.extend(changes.then_some(Command::ChangeAgent {
                    agent,
                    email,
                    name,
                    profile,
                }));
                commands.extend(active.map(|active| Command::SetAgentActive { agent, active }));
            }
        }
        commands
    }
}

impl Wanted {
    /// The name somebody begins with. Whoever has none is shown by their address, or by what stands
    /// before its `@`.
    fn first_name(&self) -> Result<PersonName, Refusal> {
        if let Some(name) = self.profile.shown_name() {
            return Ok(name);
        }
        let text = self.email.as_str();
        let local = text.split('@').next().unwrap_or(text);
        PersonName::parse(text)
            .or_else(|_| PersonName::parse(local))
            .map_err(|error| Refusal::Text {
                field: "displayName",
                error,
            })
    }

    /// The name to show: what the directory says, else what is shown already.
    fn name_to_show(&self, known: &Provisioned) -> PersonName {
        if self.profile == known.profile {
            return known.name.clone();
        }
        let said = self.profile.shown_name();
        said.unwrap_or_else(|| known.name.clone())
    }
}

impl App {
    /// People of the caller's directory.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn provisioned(
        &self,
        actor: Actor,
        which: Which,
        (after, skip): (Option<Email>, usize),
        limit: usize,
    ) -> Result<ProvisionedPage, Failure> {
        let state = self.store.load(&caller(actor)).await?.state;
        let query = PeopleQuery {
            of: people_of(&state, actor)?,
            which,
            after,
            skip,
            limit,
        };
        let page = self.store.people(query).await?;
        self.node.wait_effective(page.barrier).await?;
        Ok(ProvisionedPage {
            people: listed(&page),
            total: page.total,
        })
    }

    /// One of them.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn provisioned_one(
        &self,
        actor: Actor,
        person: Person,
    ) -> Result<ProvisionedAt, Failure> {
        let page = self
            .provisioned(actor, Which::One(person), (None, 0), 1)
            .await?;
        let one = page.people.into_iter().next();
        Ok(one.ok_or(Refusal::PersonNotFound)?)
    }

    /// Makes somebody.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn provision(&self, actor: Actor, wanted: &Wanted) -> Result<ProvisionedAt, Failure> {
        let id = uuid(self);
        let (email, name) = (wanted.email.clone(), wanted.first_name()?);
        let (person, created) = match actor {
            Actor::Provisioning { org: Some(org), .. } => {
                let admin = AdminId::from_uuid(id);
                let role = wanted.role;
                let command = Command::CreateAdmin {
                    admin,
                    org,
                    email,
                    name,
                    role,
                };
                (Person::Admin(admin), command)
            }
            Actor::Provisioning { org: None, .. } => {
                let agent = AgentId::from_uuid(id);
                let command = Command::CreateAgent { agent, email, name };
                (Person::Agent(agent), command)
            }
            _ => return Err(Refusal::OnlyDirectories.into()),
        };
        let made = Provisioned {
            person,
            email: wanted.email.clone(),
            name: wanted.first_name()?,
            profile: Profile::default(),
            active: true,
            role: Some(wanted.role),
        };
        self.execute(actor, vec![], |slice| {
            people_of(&slice.state, actor)?;
            let mut commands = vec![created.clone()];
            commands.extend(made.commands(&Change::To(wanted.clone())));
            Ok(Plan {
                commands,
                makes: Some(key(person)),
                credential: None,
            })
        })
        .await?;
        self.provisioned_one(actor, person).await
    }

    /// Makes of somebody what `change` makes of how they are, judged again whenever that has moved.
    ///
    /// # Errors
    /// What `change` said, a refusal, or the store does not answer.
    pub async fn change_provisioned<E: Send>(
        &self,
        actor: Actor,
        person: Person,
        mut change: impl FnMut(&Provisioned) -> Result<Change, E> + Send,
    ) -> Result<ProvisionedChange, NotChanged<E>> {
        let mut keys = caller(actor);
        keys.push(key(person));
        let slice = self.store.load(&keys).await?;
        let of = people_of(&slice.state, actor)?;
        let known = theirs(&slice.state, of, person)?;
        let mut everyone = known.loses_by(&change(&known).map_err(NotChanged::Unwanted)?);
        loop {
            let keys = keys_of_change(&slice.state, &known, everyone);
            let mut unwanted = None;
            let mut short = false;
            let plan = |slice: &Slice| {
                let known = theirs(&slice.state, of, person)?;
                let change = change(&known).map_err(|error| {
                    unwanted = Some(error);
                    Failure::Busy
                })?;
                if known.loses_by(&change) && !everyone {
                    short = true;
                    return Err(Failure::Busy);
                }
                Ok(Plan {
                    commands: known.commands(&change),
                    makes: None,
                    credential: None,
                })
            };
            let done = self.execute(actor, keys, plan).await;
            if let Some(error) = unwanted {
                return Err(NotChanged::Unwanted(error));
            }
            if short {
                everyone = true;
                continue;
            }
            let effective = done?.effective;
            let page = self
                .provisioned(actor, Which::One(person), (None, 0), 1)
                .await?;
            return Ok(ProvisionedChange {
                person: page.people.into_iter().next(),
                effective,
            });
        }
    }

    /// Gives roles, all or none.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn provision_roles(
        &self,
        actor: Actor,
        roles: &[(AdminId, Role)],
    ) -> Result<(), Failure> {
        let Actor::Provisioning { org: Some(org), .. } = actor else {
            return Err(Refusal::OnlyDirectories.into());
        };
        let mut keys: Vec<Key> = roles.iter().map(|(admin, _)| Key::Admin(*admin)).collect();
        if roles.iter().any(|(_, role)| *role == Role::Admin) {
            let state = self.store.load(&caller(actor)).await?.state;
            keys.extend(keyholders(&state, org));
        }
        self.execute(actor, keys, |slice| {
            let of = people_of(&slice.state, actor)?;
            let mut commands = vec![];
            for (admin, role) in roles {
                theirs(&slice.state, of, Person::Admin(*admin))?;
                commands.push(Command::SetRole {
                    admin: *admin,
                    role: *role,
                });
            }
            Ok(Plan {
                commands,
                makes: None,
                credential: None,
            })
        })
        .await?;
        Ok(())
    }
}

fn people_of(state: &State, actor: Actor) -> Result<PeopleOf, Refusal> {
    caller_may_act(state, &actor)?;
    match actor {
        Actor::Provisioning { org: Some(org), .. } => Ok(PeopleOf::Org(org)),
        Actor::Provisioning { org: None, .. } => Ok(PeopleOf::Vendor),
        _ => Err(Refusal::OnlyDirectories),
    }
}

/// Somebody of the caller's own people. Of others nothing is said.
fn theirs(state: &State, of: PeopleOf, person: Person) -> Result<Provisioned, Refusal> {
    let own = match (of, person) {
        (PeopleOf::Org(org), Person::Admin(id)) => {
            state.admin(id).is_some_and(|admin| admin.org == org)
        }
        (PeopleOf::Vendor, Person::Agent(_)) => true,
        _ => false,
    };
    Provisioned::in_state(state, person)
        .filter(|_| own)
        .ok_or(Refusal::PersonNotFound)
}

fn key(person: Person) -> Key {
    match person {
        Person::Admin(id) => Key::Admin(id),
        Person::Agent(id) => Key::Agent(id),
    }
}

/// What a decision about them looks at: their sessions, and, if `everyone`, whoever else can act for
/// their org.
fn keys_of_change(state: &State, known: &Provisioned, everyone: bool) -> Vec<Key> {
    let mut keys = vec![key(known.person)];
    match known.person {
        Person::Agent(_) => keys.push(Key::AgentSessions(known.email.clone())),
        Person::Admin(id) => {
            let org = state.admin(id).and_then(|admin| state.org(admin.org));
            let Some(org) = org else { return keys };
            keys.push(Key::SubjectSessions(org.slug.clone(), known.email.clone()));
            if everyone {
                keys.extend(keyholders(state, org.id));
            }
        }
    }
    keys
}

/// In a claimed org somebody must remain who can act for it.
fn keyholders(state: &State, org: OrgId) -> Option<Key> {
    let org = state.org(org)?;
    Some(Key::Keyholders(org.slug.clone()))
}

fn listed(page: &PeoplePage) -> Vec<ProvisionedAt> {
    let people = page.people.iter();
    people
        .filter_map(|listed| {
            Some(ProvisionedAt {
                who: Provisioned::in_state(&page.state, listed.person)?,
                created_at: listed.created_at,
                changed_at: listed.changed_at,
            })
        })
        .collect()
}
