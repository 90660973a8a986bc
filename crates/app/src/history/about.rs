//! Whom or what a row of a history is about: its entry has ids, a reader needs names.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{
    Admin, AdminId, Agent, AgentId, CaseId, ClientId, CredentialId, CredentialKind,
    CredentialOwner, Email, Grant, GrantId, OpenedBy, Opener, OrgId, Period, Role, RulesChange,
    Slug, State, Timestamp, WayIn,
};
use countersign_entries::Written;
use countersign_store::{HistoryRow, Key};
use serde::{Deserialize, de::IgnoredAny};

use super::{named::Set, report::read};
use crate::{App, Failure};

/// Somebody, as they are known now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
}

impl Named {
    pub(crate) fn of_agent(agent: &Agent) -> Self {
        Self {
            name: agent.name.to_string(),
            email: agent.email.to_string(),
        }
    }

    pub(crate) fn of_admin(admin: &Admin) -> Self {
        Self {
            name: admin.name.to_string(),
            email: admin.email.to_string(),
        }
    }
}

/// What a row names by ids or addresses, as it is known now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowNames {
    /// Who acted; none for operators.
    pub actor: Option<Named>,
    /// On whose behalf support acts or would act, where the row says so.
    pub subject: Option<Named>,
    /// Whom or what it was about, if there is something to say besides.
    pub about: Option<ActAbout>,
}

/// Whom or what an act was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActAbout {
    /// A person.
    Person(Named),
    /// A person and a role of theirs.
    Role {
        /// Whose.
        person: Named,
        /// Which.
        role: Role,
    },
    /// A credential.
    Credential {
        /// Whom it lets in.
        owner: Named,
        /// How; none where that is not known any more.
        way: Option<WayIn>,
        /// What a passkey is called.
        name: Option<String>,
    },
    /// A token of the org's directory.
    DirectoryToken,
    /// Access was asked for, or more time.
    Asked {
        /// Why, in the agent's words.
        because: String,
        /// Whom to act as, where the agent named somebody.
        subject: Option<Named>,
    },
    /// Access to act as this person was used.
    ActsAs(Named),
    /// Access that agents were given, go on having, or lost.
    Access {
        /// Who was on the case's team when it was given.
        agents: Vec<Named>,
        /// Whether whoever joins the team from here on has it too (R5).
        joins: bool,
        /// Until when, where it was given or goes on.
        until: Option<Timestamp>,
        /// Whether they lost it because more requests pass than the customer agreed to.
        widened: bool,
        /// Whom they act as.
        subject: Named,
    },
    /// It was set where the product is and which requests read.
    Rules {
        /// What about the requests.
        change: RulesChange,
        /// Whether nothing else was set than was before: the product stayed where it was.
        only: bool,
    },
    /// A case was opened.
    Opened {
        /// By whom, on whosever word.
        by: Named,
        /// Under which title.
        title: String,
    },
    /// A service client of the org, by its name.
    Client(String),
    /// A session of this agent.
    SessionOf(Named),
    /// Access ended because the database may have lost that it was taken away.
    HistoryLost,
}

/// What details have that names somebody or something. What others have is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    admin: Option<AdminId>,
    agent: Option<AgentId>,
    by: Option<String>,
    owner: Option<CredentialOwner>,
    client: Option<ClientId>,
    credential: Option<CredentialId>,
    credential_kind: Option<CredentialKind>,
    role: Option<Role>,
    justification: Option<String>,
    subject: Option<AdminId>,
    title: Option<String>,
    opened_by: Option<Opener>,
    grant: Option<Whole>,
    period: Option<Period>,
    session: Option<Whole>,
    why: Option<Why>,
}

/// Why access ended, as far as it is told apart here.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    HistoryLost,
    RulesWidened,
    #[serde(other)]
    Other,
}

/// A grant or session that began; where it is only named, its id.
#[derive(Deserialize)]
#[serde(untagged)]
enum Whole {
    Granted(Grant),
    Began { subject: AdminId },
    Named(#[allow(dead_code, reason = "only its form counts")] IgnoredAny),
}

impl Whole {
    fn subject(&self) -> Option<AdminId> {
        match self {
            Self::Granted(Grant { subject, .. }) | Self::Began { subject } => Some(*subject),
            Self::Named(_) => None,
        }
    }
}

impl Details {
    fn of(written: &Written<'_>) -> Option<Self> {
        // Support's requests are about what they looked at.
        if written.request.is_some() || written.kind == "outcome" {
            return None;
        }
        written.detail_as()
    }

    fn acts_as(&self) -> Option<AdminId> {
        let began = self.grant.as_ref().or(self.session.as_ref());
        self.subject.or_else(|| began.and_then(Whole::subject))
    }

    /// The grant that was made, extended or revoked.
    fn ticked<'a>(&'a self, written: &Written<'_>, known: &'a Known) -> Option<&'a Grant> {
        match &self.grant {
            Some(Whole::Granted(grant)) => Some(grant),
            _ if is_of_grant(written) => known.grants.get(&written.grant?),
            _ => None,
        }
    }

    fn owner(&self) -> Option<CredentialOwner> {
        let claimed = || self.by.as_deref()?.parse().ok();
        self.owner
            .or_else(|| self.admin.or_else(claimed).map(CredentialOwner::Admin))
    }

    fn keys(&self, written: &Written<'_>, keys: &mut Keys) {
        keys.admins.extend(self.admin);
        keys.admins.extend(self.acts_as());
        keys.agents.extend(self.agent);
        if let Some(Whole::Granted(grant)) = &self.grant {
            keys.agents.extend(&grant.team.at_tick);
        }
        match self.opened_by.map(|opener| opener.who) {
            Some(OpenedBy::Admin(id)) => _ = keys.admins.insert(id),
            Some(OpenedBy::Agent(id)) => _ = keys.agents.insert(id),
            None => {}
        }
        if let Some(credential) = self.credential {
            keys.credentials.insert(credential);
            match self.owner() {
                Some(CredentialOwner::Admin(id)) => _ = keys.admins.insert(id),
                Some(CredentialOwner::Agent(id)) => _ = keys.agents.insert(id),
                _ => {}
            }
        }
        if self.client.is_some() {
            keys.orgs.insert(written.org.id);
        }
        if ended_by_another(written) {
            keys.cases.extend(written.case.as_ref().map(|case| case.id));
        }
    }

    fn about(self, written: &Written<'_>, known: &Known) -> Option<ActAbout> {
        if matches!(self.why, Some(Why::HistoryLost)) {
            return Some(ActAbout::HistoryLost);
        }
        if let Some(client) = self.client {
            let client = known.state.client(written.org.id, client)?;
            return Some(ActAbout::Client(client.name.to_string()));
        }
        if let Some(credential) = self.credential {
            let registered = known.passkeys.get(&credential);
            let way = self.credential_kind.map(WayIn::from).or_else(|| {
                let way = known.state.credential(credential).map(|known| known.way);
                way.or(registered.map(|_| WayIn::Passkey))
            });
            if way == Some(WayIn::ScimToken) {
                return Some(ActAbout::DirectoryToken);
            }
            return Some(ActAbout::Credential {
                owner: match self.owner()? {
                    CredentialOwner::Admin(id) => known.admin(id)?,
                    CredentialOwner::Agent(id) => known.agent(id)?,
                    CredentialOwner::Operator | CredentialOwner::Provisioning(_) => return None,
                },
                way,
                name: registered.cloned(),
            });
        }
        if let Some(because) = self.justification {
            return Some(ActAbout::Asked {
                because,
                subject: self.subject.and_then(|id| known.admin(id)),
            });
        }
        if let Some(opener) = self.opened_by {
            return Some(ActAbout::Opened {
                by: match opener.who {
                    OpenedBy::Admin(id) => known.admin(id)?,
                    OpenedBy::Agent(id) => known.agent(id)?,
                },
                title: self.title?,
            });
        }
        if let Some(grant) = self.ticked(written, known) {
            let agents = grant.team.at_tick.iter();
            return Some(ActAbout::Access {
                agents: agents.filter_map(|id| known.agent(*id)).collect(),
                until: match &self.grant {
                    Some(Whole::Granted(granted)) => Some(granted.period.expires_at),
                    _ => self.period.map(|period| period.expires_at),
                },
                joins: !grant.team.pinned && written.kind != "access.revoked",
                widened: matches!(self.why, Some(Why::RulesWidened)),
                subject: known.admin(grant.subject)?,
            });
        }
        if let Some(subject) = self.acts_as() {
            return known.admin(subject).map(ActAbout::ActsAs);
        }
        let person = match (self.admin, self.agent) {
            (Some(id), _) => known.admin(id),
            (None, Some(id)) => known.agent(id),
            (None, None) => return known.session_of(written).map(ActAbout::SessionOf),
        }?;
        Some(match self.role {
            Some(role) => ActAbout::Role { person, role },
            None => ActAbout::Person(person),
        })
    }
}

/// Whether this ended a session of somebody else than the actor.
fn ended_by_another(written: &Written<'_>) -> bool {
    written.kind == "session.ended" && written.actor.kind != "agent"
}

/// Whether this is about a grant that another entry has told of whole.
fn is_of_grant(written: &Written<'_>) -> bool {
    matches!(
        &*written.kind,
        "access.extended" | "access.period_opened" | "access.revoked"
    )
}

/// What has to be looked up.
#[derive(Default)]
struct Keys {
    orgs: BTreeSet<OrgId>,
    admins: BTreeSet<AdminId>,
    agents: BTreeSet<AgentId>,
    credentials: BTreeSet<CredentialId>,
    cases: BTreeSet<CaseId>,
    subjects: BTreeSet<(String, String)>,
}

impl Keys {
    fn people(&mut self, written: &Written<'_>) {
        let actor = &written.actor;
        match (&*actor.kind, actor.id.as_deref()) {
            ("admin", Some(id)) => self.admins.extend(id.parse::<AdminId>().ok()),
            ("agent", Some(id)) => self.agents.extend(id.parse::<AgentId>().ok()),
            _ => {}
        }
        if let Some(email) = &actor.subject {
            let slug = written.org.slug.to_string();
            self.subjects.insert((slug, email.to_string()));
        }
    }
}

/// What was looked up.
struct Known {
    state: State,
    passkeys: BTreeMap<CredentialId, String>,
    grants: BTreeMap<GrantId, Grant>,
}

impl Known {
    fn admin(&self, id: AdminId) -> Option<Named> {
        self.state.admin(id).map(Named::of_admin)
    }

    /// Who acted.
    fn actor(&self, written: &Written<'_>) -> Option<Named> {
        let id = written.actor.id.as_deref()?;
        match &*written.actor.kind {
            "admin" => self.admin(id.parse().ok()?),
            "agent" => self.agent(id.parse().ok()?),
            _ => None,
        }
    }

    /// On whose behalf, of a request.
    fn on_behalf(&self, written: &Written<'_>) -> Option<Named> {
        let email = written.actor.subject.as_deref()?;
        let mut admins = self.state.admins();
        let of_org = |admin: &&Admin| admin.org == written.org.id && admin.email.as_str() == email;
        admins.find(of_org).map(Named::of_admin)
    }

    fn agent(&self, id: AgentId) -> Option<Named> {
        self.state.agent(id).map(Named::of_agent)
    }

    /// Whose session an admin, or a rule, ended.
    fn session_of(&self, written: &Written<'_>) -> Option<Named> {
        let session = written.session.filter(|_| ended_by_another(written))?;
        let case = self.state.case(written.case.as_ref()?.id)?;
        let running = case.sessions.get(&session);
        let agent = running.map(|session| session.agent);
        self.agent(agent.or_else(|| Some(case.ended_sessions.get(&session)?.agent))?)
    }
}

impl App {
    /// Whom and what these rows name, one for each: for somebody who was given the rows, and so may see
    /// that.
    ///
    /// # Errors
    /// The store does not answer, or an entry cannot be read.
    pub async fn row_names(&self, rows: &[HistoryRow]) -> Result<Vec<RowNames>, Failure> {
        let mut keys = Keys::default();
        let mut org = None;
        let mut grants = BTreeMap::new();
        let mut told = BTreeSet::new();
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let written = read(&row.entry)?;
            let details = Details::of(&written);
            keys.people(&written);
            if let Some(details) = &details {
                details.keys(&written, &mut keys);
            }
            org = Some(written.org.id);
            let case = written.case.as_ref().filter(|_| is_of_grant(&written));
            if let Some(case) = case.filter(|case| told.insert(case.id)) {
                grants.append(&mut self.grants_of(written.org.id, case.id).await?);
            }
            let rules = self.rules_set(&written, row.entry.index).await?;
            all.push((written, details, rules));
        }
        for grant in grants.values() {
            keys.admins.insert(grant.subject);
            keys.agents.extend(&grant.team.at_tick);
        }
        let known = self.known(keys, grants, org).await?;
        Ok(all
            .into_iter()
            .map(|(written, details, rules)| {
                let subject = details.as_ref().and_then(|details| {
                    let ticked = details.ticked(&written, &known).map(|grant| grant.subject);
                    known.admin(details.acts_as().or(ticked)?)
                });
                RowNames {
                    actor: known.actor(&written),
                    subject: subject.or_else(|| known.on_behalf(&written)),
                    about: rules.or_else(|| details?.about(&written, &known)),
                }
            })
            .collect())
    }

    /// What an entry set about the product; none for any other entry.
    async fn rules_set(
        &self,
        written: &Written<'_>,
        index: u64,
    ) -> Result<Option<ActAbout>, Failure> {
        if written.kind != "org.upstream_set" {
            return Ok(None);
        }
        let Some(set) = written.detail_as::<Set>() else {
            return Ok(None);
        };
        let before = self.upstream_before(written.org.id, index).await?;
        Ok(Some(ActAbout::Rules {
            change: RulesChange::between(before.as_ref(), &set.upstream),
            only: before.is_some_and(|before| before.stays_put(&set.upstream)),
        }))
    }

    async fn known(
        &self,
        keys: Keys,
        grants: BTreeMap<GrantId, Grant>,
        org: Option<OrgId>,
    ) -> Result<Known, Failure> {
        let passkeys = match org.filter(|_| !keys.credentials.is_empty()) {
            Some(org) => self.passkey_names(org).await?,
            None => BTreeMap::new(),
        };
        let orgs = keys.orgs.into_iter().map(Key::Org);
        let admins = keys.admins.into_iter().map(Key::Admin);
        let agents = keys.agents.into_iter().map(Key::Agent);
        let credentials = keys.credentials.into_iter().map(Key::Credential);
        let cases = keys.cases.into_iter().map(Key::Case);
        let subjects = keys.subjects.iter().filter_map(|(slug, email)| {
            let slug = Slug::parse(slug).ok()?;
            Some(Key::AdminEmail(slug, Email::parse(email).ok()?))
        });
        let keys: Vec<Key> = orgs
            .chain(admins)
            .chain(subjects)
            .chain(agents)
            .chain(credentials)
            .chain(cases)
            .collect();
        let state = if keys.is_empty() {
            State::default()
        } else {
            self.store.load(&keys).await?.state
        };
        Ok(Known {
            state,
            passkeys,
            grants,
        })
    }
}
