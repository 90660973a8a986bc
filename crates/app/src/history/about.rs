//! Whom or what a row of a history is about: its entry has ids, a reader needs names.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{
    AdminId, AgentId, CaseId, CredentialId, CredentialKind, CredentialOwner, OpenedBy, Opener,
    OrgId, Role, State, WayIn,
};
use countersign_entries::Written;
use countersign_store::{HistoryFilter, HistoryOrder, HistoryQuery, HistoryRow, Key};
use serde::{Deserialize, de::IgnoredAny};

use super::report::read;
use crate::{App, Failure};

/// How many passkeys' names are looked up. More than this many were never registered in an org by
/// people; the newest are named then.
const PASSKEYS: usize = 1_000;

/// Somebody, as they are known now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
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
    /// Access was asked for, or more time.
    Asked {
        /// Why, in the agent's words.
        because: String,
        /// Whom to act as, where the agent named somebody.
        subject: Option<Named>,
    },
    /// Access to act as this person was given, or used.
    ActsAs(Named),
    /// A case was opened.
    Opened {
        /// By whom, on whosever word.
        by: Named,
        /// Under which title.
        title: String,
    },
    /// A session of this agent.
    SessionOf(Named),
}

/// What details have that names somebody or something. What others have is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    admin: Option<AdminId>,
    agent: Option<AgentId>,
    by: Option<String>,
    owner: Option<CredentialOwner>,
    credential: Option<CredentialId>,
    credential_kind: Option<CredentialKind>,
    role: Option<Role>,
    justification: Option<String>,
    subject: Option<AdminId>,
    title: Option<String>,
    opened_by: Option<Opener>,
    grant: Option<Whole>,
    session: Option<Whole>,
}

/// A grant or session that began; where it is only named, its id.
#[derive(Deserialize)]
#[serde(untagged)]
enum Whole {
    Began { subject: AdminId },
    Named(#[allow(dead_code, reason = "only its form counts")] IgnoredAny),
}

#[derive(Deserialize)]
struct Registered {
    credential: CredentialId,
    name: String,
}

impl Whole {
    fn subject(&self) -> Option<AdminId> {
        match self {
            Self::Began { subject } => Some(*subject),
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

    fn owner(&self) -> Option<CredentialOwner> {
        let claimed = || self.by.as_deref()?.parse().ok();
        self.owner
            .or_else(|| self.admin.or_else(claimed).map(CredentialOwner::Admin))
    }

    fn keys(&self, written: &Written<'_>, keys: &mut Keys) {
        keys.admins.extend(self.admin);
        keys.admins.extend(self.acts_as());
        keys.agents.extend(self.agent);
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
        if ended_by_another(written) {
            keys.cases.extend(written.case.as_ref().map(|case| case.id));
        }
    }

    fn about(self, written: &Written<'_>, known: &Known) -> Option<ActAbout> {
        if let Some(credential) = self.credential {
            let registered = known.passkeys.get(&credential);
            let way = self.credential_kind.map(WayIn::from).or_else(|| {
                let way = known.state.credential(credential).map(|known| known.way);
                way.or(registered.map(|_| WayIn::Passkey))
            });
            return Some(ActAbout::Credential {
                owner: match self.owner()? {
                    CredentialOwner::Admin(id) => known.admin(id)?,
                    CredentialOwner::Agent(id) => known.agent(id)?,
                    CredentialOwner::Operator => return None,
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

/// What has to be looked up.
#[derive(Default)]
struct Keys {
    admins: BTreeSet<AdminId>,
    agents: BTreeSet<AgentId>,
    credentials: BTreeSet<CredentialId>,
    cases: BTreeSet<CaseId>,
}

/// What was looked up.
struct Known {
    state: State,
    passkeys: BTreeMap<CredentialId, String>,
}

impl Known {
    fn admin(&self, id: AdminId) -> Option<Named> {
        self.state.admin(id).map(|admin| Named {
            name: admin.name.to_string(),
            email: admin.email.to_string(),
        })
    }

    fn agent(&self, id: AgentId) -> Option<Named> {
        self.state.agent(id).map(|agent| Named {
            name: agent.name.to_string(),
            email: agent.email.to_string(),
        })
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
    /// Whom or what these rows are about, one for each: for somebody who was given the rows, and so
    /// may see what they name. None where there is nothing to say besides.
    ///
    /// # Errors
    /// The store does not answer, or an entry cannot be read.
    pub async fn about(&self, rows: &[HistoryRow]) -> Result<Vec<Option<ActAbout>>, Failure> {
        let mut keys = Keys::default();
        let mut org = None;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let written = read(&row.entry)?;
            let details = Details::of(&written);
            if let Some(details) = &details {
                details.keys(&written, &mut keys);
            }
            org = Some(written.org.id);
            all.push((written, details));
        }
        let known = self.known(keys, org).await?;
        Ok(all
            .into_iter()
            .map(|(written, details)| details?.about(&written, &known))
            .collect())
    }

    async fn known(&self, keys: Keys, org: Option<OrgId>) -> Result<Known, Failure> {
        let passkeys = match org.filter(|_| !keys.credentials.is_empty()) {
            Some(org) => self.passkey_names(org).await?,
            None => BTreeMap::new(),
        };
        let admins = keys.admins.into_iter().map(Key::Admin);
        let agents = keys.agents.into_iter().map(Key::Agent);
        let credentials = keys.credentials.into_iter().map(Key::Credential);
        let cases = keys.cases.into_iter().map(Key::Case);
        let keys: Vec<Key> = admins
            .chain(agents)
            .chain(credentials)
            .chain(cases)
            .collect();
        let state = if keys.is_empty() {
            State::default()
        } else {
            self.store.load(&keys).await?.state
        };
        Ok(Known { state, passkeys })
    }

    /// What passkeys are or were called. One that was removed is known from the log alone.
    async fn passkey_names(&self, org: OrgId) -> Result<BTreeMap<CredentialId, String>, Failure> {
        let query = HistoryQuery {
            org,
            filter: HistoryFilter {
                kinds: vec!["passkey.registered"],
                ..HistoryFilter::default()
            },
            order: HistoryOrder::NewestFirst,
            after: None,
            limit: PASSKEYS,
        };
        let page = self.store.history(query).await?;
        let rows = page.rows.iter();
        Ok(rows
            .filter_map(|row| Written::read(&row.entry.encoded).ok()?.detail_as())
            .map(|made: Registered| (made.credential, made.name))
            .collect())
    }
}
