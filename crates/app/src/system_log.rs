//! An org's log for whoever watches it from outside, with the names of whom and what its entries name by ids.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, ClientId, CredentialId, CredentialKind, CredentialOwner,
    Email, Grant, GrantId, OrgId, Period, Refusal, Role, Scopes, SessionId, Slug, State, Timestamp,
    WayIn, caller_may_act, reads_log,
};
use countersign_entries::Written;
use countersign_store::{HistoryFilter, HistoryOrder, HistoryQuery, Key, StoredEntry};
use serde::Deserialize;

use crate::{App, Failure, Named, app::caller};

/// How often it is gone on with what is looked for by the index, and is further back than one page of it goes.
const GOINGS_ON: usize = 10;

/// Which entries of the caller's org somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogAsk {
    /// Of one of these kinds; empty for all.
    pub kinds: Vec<&'static str>,
    /// Recorded at this moment or later.
    pub from: Timestamp,
    /// Recorded before this moment.
    pub to: Option<Timestamp>,
    /// In which order.
    pub order: HistoryOrder,
    /// Continue behind this index, in that order.
    pub after: Option<u64>,
    /// At most this many.
    pub limit: usize,
}

/// Entries of an org's log. How requests went is not among them.
#[derive(Clone, Debug)]
pub struct LogPage {
    /// Whose log it is.
    pub org: OrgId,
    /// The entries, in order.
    pub entries: Vec<StoredEntry>,
    /// Continue behind this index; none when the end was reached. There may be fewer entries than asked for,
    /// or none: the work of one page is bounded.
    pub next: Option<u64>,
    /// How many entries the log has.
    pub size: u64,
    /// Whom and what the entries name.
    pub names: LogNames,
}

/// What entries name by ids, as it is known now.
#[derive(Clone, Debug, Default)]
pub struct LogNames {
    /// Customer users of the org.
    pub admins: BTreeMap<AdminId, Named>,
    /// Agents.
    pub agents: BTreeMap<AgentId, Named>,
    /// Service clients that the org has.
    pub clients: BTreeMap<ClientId, String>,
    /// What credentials are.
    pub ways: BTreeMap<CredentialId, WayIn>,
    /// Grants of the cases.
    pub grants: BTreeMap<GrantId, ToldGrant>,
    /// Sessions of the cases.
    pub sessions: BTreeMap<SessionId, ToldSession>,
}

/// A grant as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldGrant {
    /// Whom the agents act as.
    pub subject: AdminId,
    /// Why it was asked for.
    pub justification: Option<String>,
}

/// A session as it began.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ToldSession {
    /// Who acts.
    pub agent: AgentId,
    /// On whose behalf.
    pub subject: AdminId,
    /// Under which grant.
    pub grant: GrantId,
    /// Its own limit.
    pub absolute_until: Timestamp,
}

/// What the detail of an entry says. What else it says is passed over.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    /// A customer user whom it is about.
    pub admin: Option<AdminId>,
    /// An agent whom it is about.
    pub agent: Option<AgentId>,
    /// Whose credential.
    pub owner: Option<CredentialOwner>,
    /// Which credential.
    pub credential: Option<CredentialId>,
    /// Which service client.
    pub client: Option<ClientId>,
    /// What something that is made is called.
    pub name: Option<String>,
    /// What a service client may ask for.
    pub scopes: Option<Scopes>,
    /// Of which kind it is.
    pub credential_kind: Option<CredentialKind>,
    /// Which role.
    pub role: Option<Role>,
    /// Whom an agent asks to act as.
    pub subject: Option<AdminId>,
    /// Why, in somebody's words.
    pub justification: Option<String>,
    /// What a case is about.
    pub title: Option<String>,
    /// Until when access or a credential is good.
    pub expires_at: Option<Timestamp>,
    /// The period that access has now.
    pub period: Option<Period>,
    /// The grant.
    pub grant: Option<GrantSaid>,
    /// The session.
    pub session: Option<SessionSaid>,
    /// Where the org's product is.
    pub upstream: Option<UpstreamSaid>,
    /// Why something ended.
    pub why: Option<String>,
}

/// Where a product is.
#[derive(Clone, Debug, Deserialize)]
pub struct UpstreamSaid {
    /// The origin.
    pub origin: String,
}

/// A grant, whole where it is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum GrantSaid {
    /// It is made.
    Made(Box<Grant>),
    /// It is named.
    Named(GrantId),
}

/// A session, whole where it begins.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum SessionSaid {
    /// It begins.
    Began(ToldSession),
    /// It is named.
    Named(SessionId),
}

impl Told {
    /// What an entry's detail says.
    #[must_use]
    pub fn of(written: &Written<'_>) -> Self {
        written.detail_as().unwrap_or_default()
    }
}

impl App {
    /// Whose log the caller reads: this decides it for every call about one.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn whose_log(&self, actor: Actor) -> Result<OrgId, Failure> {
        let slice = self.store.load(&caller(actor)).await?;
        caller_may_act(&slice.state, &actor)?;
        let org = match actor {
            Actor::Admin { id, .. } => slice.state.admin(id).map(|admin| admin.org),
            Actor::Client { org, .. } => Some(org),
            Actor::Agent { .. }
            | Actor::Operator { .. }
            | Actor::Provisioning { .. }
            | Actor::Impersonation { .. } => {
                return Err(Refusal::OnlySuperAdmins.into());
            }
        };
        let org = org.ok_or(Refusal::CallerInactive)?;
        reads_log(&slice.state, org, &actor)?;
        Ok(org)
    }

    /// Entries of the caller's org's log, for its super admins. Judged anew for each page (R2).
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn system_log(&self, actor: Actor, ask: &LogAsk) -> Result<LogPage, Failure> {
        let org = self.whose_log(actor).await?;
        let query = HistoryQuery {
            org,
            filter: HistoryFilter {
                kinds: ask.kinds.clone(),
                from: Some(ask.from),
                to: ask.to,
                ..HistoryFilter::default()
            },
            order: ask.order,
            after: ask.after,
            limit: ask.limit,
        };
        let page = self.store.history(query).await?;
        // An entry may say that access is gone (R12).
        self.node.wait_effective(page.barrier).await?;
        let entries: Vec<StoredEntry> = page.rows.into_iter().map(|row| row.entry).collect();
        let names = self.log_names(org, &entries).await?;
        Ok(LogPage {
            org,
            entries,
            next: page.next,
            size: page.size,
            names,
        })
    }

    /// The leaf hash of an entry of the caller's org's log, which only those know who read it.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn log_leaf(
        &self,
        actor: Actor,
        index: u64,
    ) -> Result<Option<(OrgId, [u8; 32])>, Failure> {
        let org = self.whose_log(actor).await?;
        let found = self.store.entries(org, index, 1).await?;
        let found = found.first().filter(|entry| entry.index == index);
        Ok(found.map(|entry| (org, entry.leaf_hash)))
    }

    async fn log_names(&self, org: OrgId, entries: &[StoredEntry]) -> Result<LogNames, Failure> {
        let mut wanted = Wanted::default();
        for entry in entries {
            let written = Written::read(&entry.encoded)
                .map_err(|error| Failure::Unavailable(error.to_string()))?;
            wanted.by(&written);
        }
        let mut names = LogNames::default();
        for (case, grant) in std::mem::take(&mut wanted.grants) {
            if let Some(told) = self.grant_told(org, case, grant).await? {
                names.grants.insert(grant, told);
            }
        }
        for session in std::mem::take(&mut wanted.sessions) {
            if let Some(told) = self.session_told(org, session).await? {
                names.sessions.insert(session, told);
            }
        }
        let grants = names.grants.values().map(|grant| grant.subject);
        wanted.admins.extend(grants);
        for session in names.sessions.values() {
            wanted.admins.insert(session.subject);
            wanted.agents.insert(session.agent);
        }
        let keys = wanted.keys();
        if !keys.is_empty() {
            names.know(&self.store.load(&keys).await?.state);
        }
        Ok(names)
    }

    /// How a grant was made, and what was asked for last before it. Only grants are gone through to find it: how often
    /// somebody asks does not matter.
    async fn grant_told(
        &self,
        org: OrgId,
        case: CaseId,
        grant: GrantId,
    ) -> Result<Option<ToldGrant>, Failure> {
        let about = |kind| HistoryFilter {
            kinds: vec![kind],
            case: Some(case),
            ..HistoryFilter::default()
        };
        let made = |written: &Written<'_>| match Told::of(written).grant {
            Some(GrantSaid::Made(made)) if made.id == grant => Some(made.subject),
            _ => None,
        };
        let made = self
            .newest(org, about("access.granted"), None, made)
            .await?;
        let Some((index, subject)) = made else {
            return Ok(None);
        };
        let why = |written: &Written<'_>| Some(Told::of(written).justification);
        let before = Some(index);
        let asked = self
            .newest(org, about("access.requested"), before, why)
            .await?;
        Ok(Some(ToldGrant {
            subject,
            justification: asked.and_then(|(_, why)| why),
        }))
    }

    /// How a session began.
    async fn session_told(
        &self,
        org: OrgId,
        session: SessionId,
    ) -> Result<Option<ToldSession>, Failure> {
        let filter = HistoryFilter {
            kinds: vec!["session.started"],
            session: Some(session),
            ..HistoryFilter::default()
        };
        let began = |written: &Written<'_>| match Told::of(written).session {
            Some(SessionSaid::Began(began)) => Some(began),
            _ => None,
        };
        let found = self.newest(org, filter, None, began).await?;
        Ok(found.map(|(_, began)| began))
    }

    /// The newest entry, before an index if one is given, of which `tell` knows something, and its index.
    async fn newest<T>(
        &self,
        org: OrgId,
        filter: HistoryFilter,
        before: Option<u64>,
        tell: impl Fn(&Written<'_>) -> Option<T>,
    ) -> Result<Option<(u64, T)>, Failure> {
        let mut query = HistoryQuery {
            org,
            filter,
            order: HistoryOrder::NewestFirst,
            after: before,
            limit: 1,
        };
        for _ in 0..GOINGS_ON {
            let page = self.store.history(query.clone()).await?;
            for row in &page.rows {
                let Ok(written) = Written::read(&row.entry.encoded) else {
                    continue;
                };
                let index = row.entry.index;
                if let Some(told) = tell(&written) {
                    return Ok(Some((index, told)));
                }
            }
            query.after = page.next;
            query.limit = 100;
            if page.next.is_none() {
                break;
            }
        }
        Ok(None)
    }
}

impl LogNames {
    /// The customer user with this address.
    #[must_use]
    pub fn admin_at(&self, email: &str) -> Option<AdminId> {
        let mut admins = self.admins.iter();
        admins
            .find(|(_, named)| named.email == email)
            .map(|(id, _)| *id)
    }

    fn know(&mut self, state: &State) {
        let admins = state
            .admins()
            .map(|admin| (admin.id, Named::of_admin(admin)));
        self.admins.extend(admins);
        let agents = state
            .agents()
            .map(|agent| (agent.id, Named::of_agent(agent)));
        self.agents.extend(agents);
        let clients = state.orgs().flat_map(|org| org.clients.values());
        let clients = clients.map(|client| (client.id, client.name.to_string()));
        self.clients.extend(clients);
        let ways = state.credentials().map(|known| (known.id, known.way));
        self.ways.extend(ways);
    }
}

/// What has to be looked up.
#[derive(Default)]
struct Wanted {
    admins: BTreeSet<AdminId>,
    agents: BTreeSet<AgentId>,
    credentials: BTreeSet<CredentialId>,
    grants: BTreeSet<(CaseId, GrantId)>,
    sessions: BTreeSet<SessionId>,
    /// The org, where one of its service clients is named.
    orgs: BTreeSet<OrgId>,
    subjects: BTreeSet<(String, String)>,
}

impl Wanted {
    fn by(&mut self, written: &Written<'_>) {
        let actor = &written.actor;
        match (&*actor.kind, actor.id.as_deref()) {
            ("admin", Some(id)) => self.admins.extend(id.parse::<AdminId>().ok()),
            ("agent", Some(id)) => self.agents.extend(id.parse::<AgentId>().ok()),
            _ => {}
        }
        let acted_through = actor.credential.as_deref();
        self.credentials
            .extend(acted_through.and_then(|id| id.parse::<CredentialId>().ok()));
        if let Some(email) = &actor.subject {
            let slug = written.org.slug.to_string();
            self.subjects.insert((slug, email.to_string()));
        }
        if written.request.is_some() {
            return;
        }
        let told = Told::of(written);
        self.admins.extend(told.admin);
        self.admins.extend(told.subject);
        self.agents.extend(told.agent);
        self.credentials.extend(told.credential);
        self.orgs.extend(told.client.map(|_| written.org.id));
        match told.owner {
            Some(CredentialOwner::Admin(id)) => _ = self.admins.insert(id),
            Some(CredentialOwner::Agent(id)) => _ = self.agents.insert(id),
            Some(CredentialOwner::Operator | CredentialOwner::Provisioning(_)) | None => {}
        }
        if told.grant.is_some() || told.session.is_some() {
            let case = written.case.as_ref().map(|case| case.id);
            self.grants.extend(case.zip(written.grant));
            self.sessions.extend(written.session);
        }
    }

    fn keys(self) -> Vec<Key> {
        let subjects = self.subjects.iter().filter_map(|(slug, email)| {
            let slug = Slug::parse(slug).ok()?;
            Some(Key::AdminEmail(slug, Email::parse(email).ok()?))
        });
        let admins = self.admins.into_iter().map(Key::Admin);
        admins
            .chain(subjects)
            .chain(self.agents.into_iter().map(Key::Agent))
            .chain(self.credentials.into_iter().map(Key::Credential))
            .chain(self.orgs.into_iter().map(Key::Org))
            .collect()
    }
}
