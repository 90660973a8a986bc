//! State folded from events. A state may be a slice of the world: one case with its org and
//! people. Events are folded in the order of their positions, whatever stream they belong to.

mod case;

use std::collections::BTreeMap;

use crate::{
    Access, Admin, AdminCredential, AdminId, Agent, AgentId, Block, Case, CaseId, Client, ClientId,
    CredentialId, EndedWhy, Event, Lifecycle, OperatorPerson, Org, OrgId, OrgSettings, Profile,
    RevokedWhy, SelfAssignment, Session, SessionId, SettingsChange, Standing, Timestamp,
};

/// What is known of orgs, people and cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    orgs: BTreeMap<OrgId, Org>,
    admins: BTreeMap<AdminId, Admin>,
    agents: BTreeMap<AgentId, Agent>,
    cases: BTreeMap<CaseId, Case>,
    /// Not folded from events: requests are recorded without any.
    last_requests: BTreeMap<SessionId, Timestamp>,
    credentials: BTreeMap<CredentialId, AdminCredential>,
    operators: BTreeMap<CredentialId, OperatorPerson>,
}

impl State {
    /// Puts a slice together from parts that were folded before.
    #[must_use]
    pub fn from_parts(
        orgs: impl IntoIterator<Item = Org>,
        admins: impl IntoIterator<Item = Admin>,
        agents: impl IntoIterator<Item = Agent>,
        cases: impl IntoIterator<Item = Case>,
    ) -> Self {
        Self {
            orgs: orgs.into_iter().map(|org| (org.id, org)).collect(),
            admins: admins.into_iter().map(|admin| (admin.id, admin)).collect(),
            agents: agents.into_iter().map(|agent| (agent.id, agent)).collect(),
            cases: cases.into_iter().map(|case| (case.id, case)).collect(),
            last_requests: BTreeMap::new(),
            credentials: BTreeMap::new(),
            operators: BTreeMap::new(),
        }
    }

    /// The same, knowing also when the last request under each of these sessions was recorded.
    #[must_use]
    pub fn with_last_requests(
        mut self,
        last_requests: impl IntoIterator<Item = (SessionId, Timestamp)>,
    ) -> Self {
        self.last_requests.extend(last_requests);
        self
    }

    /// The same slice with credentials of customer users (R3).
    #[must_use]
    pub fn with_credentials(
        mut self,
        credentials: impl IntoIterator<Item = AdminCredential>,
    ) -> Self {
        self.credentials
            .extend(credentials.into_iter().map(|one| (one.id, one)));
        self
    }

    /// The same slice with operators who signed in as somebody.
    #[must_use]
    pub fn with_operators(mut self, operators: impl IntoIterator<Item = OperatorPerson>) -> Self {
        self.operators
            .extend(operators.into_iter().map(|one| (one.credential, one)));
        self
    }

    /// Who signed in as an operator with this credential, if known.
    #[must_use]
    pub fn operator(&self, id: CredentialId) -> Option<&OperatorPerson> {
        self.operators.get(&id)
    }

    /// Every operator known who signed in as somebody.
    pub fn operators(&self) -> impl Iterator<Item = &OperatorPerson> {
        self.operators.values()
    }

    /// The org, if it is known.
    #[must_use]
    pub fn org(&self, id: OrgId) -> Option<&Org> {
        self.orgs.get(&id)
    }

    /// The customer user, if known.
    #[must_use]
    pub fn admin(&self, id: AdminId) -> Option<&Admin> {
        self.admins.get(&id)
    }

    /// The agent, if known.
    #[must_use]
    pub fn agent(&self, id: AgentId) -> Option<&Agent> {
        self.agents.get(&id)
    }

    /// The case, if known.
    #[must_use]
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.get(&id)
    }

    /// The credential of a customer user, if known.
    #[must_use]
    pub fn credential(&self, id: CredentialId) -> Option<&AdminCredential> {
        self.credentials.get(&id)
    }

    /// The service client of an org, if known; also one that was removed lately.
    #[must_use]
    pub fn client(&self, org: OrgId, id: ClientId) -> Option<&Client> {
        self.org(org)?.clients.get(&id)
    }

    /// Every credential of a customer user known.
    pub fn credentials(&self) -> impl Iterator<Item = &AdminCredential> {
        self.credentials.values()
    }

    /// Every org known.
    pub fn orgs(&self) -> impl Iterator<Item = &Org> {
        self.orgs.values()
    }

    /// Every customer user known.
    pub fn admins(&self) -> impl Iterator<Item = &Admin> {
        self.admins.values()
    }

    /// Every agent known.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.values()
    }

    /// Every case known.
    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    /// The sessions of an agent that run at `now`, in whatever case: neither ended, nor over by the
    /// clock, nor idle. A session under which no request is known of has been idle since its start.
    pub fn running_sessions(
        &self,
        agent: AgentId,
        now: Timestamp,
    ) -> impl Iterator<Item = (&Case, &Session)> {
        let is_idle = move |session: &Session| session.is_idle(self.last_request(session), now);
        self.cases().flat_map(move |case| {
            let own = case.sessions.values().filter(move |s| s.agent == agent);
            own.filter(move |session| case.running(session.id, now).is_some() && !is_idle(session))
                .map(move |session| (case, session))
        })
    }

    /// When there was a request under the session last, as far as it is known; else when it started.
    #[must_use]
    pub fn last_request(&self, session: &Session) -> Timestamp {
        let last = self.last_requests.get(&session.id);
        last.copied().unwrap_or(session.started_at)
    }

    /// Whether the agent is known and active.
    #[must_use]
    pub fn agent_is_active(&self, id: AgentId) -> bool {
        self.agent(id).is_some_and(|agent| agent.active)
    }

    /// Whether the admin is known, active and belongs to `org`.
    #[must_use]
    pub fn admin_is_active_in(&self, id: AdminId, org: OrgId) -> bool {
        self.admin(id)
            .is_some_and(|admin| admin.active && admin.org == org)
    }

    /// Folds one event that happened at `at`. What the slice does not hold is left alone.
    pub fn evolve(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::OrgCreated { org, slug, name } => {
                self.orgs.insert(
                    *org,
                    Org {
                        id: *org,
                        slug: slug.clone(),
                        name: name.clone(),
                        settings: OrgSettings::default(),
                        settings_changed: None,
                        block: None,
                        upstream: None,
                        hosts: vec![],
                        widened_at: None,
                        claim: None,
                        clients: BTreeMap::new(),
                        issuers: vec![],
                    },
                );
            }
            Event::UpstreamSet {
                org,
                upstream,
                widened,
            } => {
                self.with_org(*org, |o| {
                    o.upstream = Some(upstream.clone());
                    if *widened {
                        o.widened_at = Some(at);
                    }
                });
                for case in self.cases.values_mut().filter(|case| case.org == *org) {
                    let why = if *widened {
                        if case.access.not_over(at).is_some() {
                            case.revoke(at, RevokedWhy::RulesWidened, None);
                        }
                        EndedWhy::RulesWidened
                    } else {
                        EndedWhy::UpstreamChanged
                    };
                    case.end_sessions(at, why, |_| true);
                }
            }
            Event::HostsSet { org, hosts } => {
                self.with_org(*org, |o| o.hosts.clone_from(hosts));
            }
            Event::SettingsChanged { org, settings, by } => {
                self.with_org(*org, |o| {
                    o.settings = *settings;
                    o.settings_changed = by.map(|by| SettingsChange { by, at });
                });
            }
            Event::Blocked { org, by } => {
                self.with_org(*org, |o| o.block = Some(Block { by: *by, at }));
                for case in self.cases.values_mut().filter(|case| case.org == *org) {
                    case.revoke(at, RevokedWhy::Blocked, Some((*by).into()));
                    case.end_sessions(at, EndedWhy::Blocked, |_| true);
                }
            }
            Event::Unblocked { org, .. } => self.with_org(*org, |o| o.block = None),
            Event::AdminCreated {
                admin,
                org,
                email,
                name,
                role,
            } => {
                self.admins.insert(
                    *admin,
                    Admin {
                        id: *admin,
                        org: *org,
                        email: email.clone(),
                        name: name.clone(),
                        role: *role,
                        active: true,
                        standing: Standing::default(),
                        proposed: None,
                        profile: Profile::default(),
                        removed: false,
                    },
                );
            }
            Event::RoleSet { admin, role, .. } => {
                self.with_admin(*admin, |known| {
                    known.role = *role;
                    known.proposed = None;
                });
            }
            Event::AdminActiveSet { admin, active, .. } => {
                self.with_admin(*admin, |known| {
                    known.active = *active;
                    // Whoever lets somebody act again does not thereby vouch for them.
                    if known.standing.counts() {
                        known.standing = Standing::default();
                    }
                });
                if !active {
                    self.end_sessions(at, EndedWhy::SubjectDeactivated, |s| s.subject == *admin);
                }
            }
            Event::AgentCreated { agent, email, name } => {
                self.agents.insert(
                    *agent,
                    Agent {
                        id: *agent,
                        email: email.clone(),
                        name: name.clone(),
                        active: true,
                        profile: Profile::default(),
                        removed: false,
                        known_by: None,
                    },
                );
            }
            Event::AgentKnownBy { agent, subject } => {
                if let Some(known) = self.agents.get_mut(agent) {
                    known.known_by = *subject;
                }
            }
            Event::OperatorSignedIn { person } => {
                self.operators.insert(person.credential, person.clone());
            }
            Event::AdminChanged {
                admin,
                email,
                name,
                profile,
                ..
            } => self.with_admin(*admin, |known| {
                known.email = email.clone();
                known.name = name.clone();
                known.profile = profile.clone();
            }),
            Event::AdminRemoved { admin, .. } => {
                self.with_admin(*admin, |known| {
                    known.removed = true;
                    known.proposed = None;
                });
            }
            Event::AgentChanged {
                agent,
                email,
                name,
                profile,
            } => {
                if let Some(known) = self.agents.get_mut(agent) {
                    known.email = email.clone();
                    known.name = name.clone();
                    known.profile = profile.clone();
                }
            }
            Event::AgentRemoved { agent } => {
                if let Some(known) = self.agents.get_mut(agent) {
                    known.removed = true;
                    // Whoever comes back is made anew, and may be known by the same number.
                    known.known_by = None;
                }
            }
            Event::AgentActiveSet { agent, active } => {
                if let Some(agent) = self.agents.get_mut(agent) {
                    agent.active = *active;
                }
                if !active {
                    self.end_sessions(at, EndedWhy::AgentDeactivated, |s| s.agent == *agent);
                }
            }
            // Revoking is the store's to know; who the credential speaks for stays as it was.
            Event::CredentialRevoked { .. } => {}
            Event::OrgClaimed { .. }
            | Event::AdminAccepted { .. }
            | Event::AdminRefused { .. }
            | Event::AdminVouchedFor { .. }
            | Event::RoleProposed { .. }
            | Event::RoleAccepted { .. }
            | Event::RoleRefused { .. }
            | Event::CredentialMinted { .. }
            | Event::CredentialAccepted { .. }
            | Event::CredentialRefused { .. }
            | Event::PasskeyRegistered { .. }
            | Event::PasskeyRemoved { .. }
            | Event::ClientCreated { .. }
            | Event::ClientKeyAdded { .. }
            | Event::ClientKeyRemoved { .. }
            | Event::ClientRemoved { .. }
            | Event::ClientAccepted { .. }
            | Event::ClientRefused { .. }
            | Event::IssuerAdded { .. }
            | Event::IssuerSecretSet { .. }
            | Event::IssuerAccepted { .. }
            | Event::IssuerRemoved { .. }
            | Event::OpenIdBound { .. }
            | Event::OpenIdUnbound { .. } => self.evolve_standing(at, event),
            Event::CaseOpened {
                case,
                org,
                number,
                title,
                opened_by,
                team,
            } => {
                self.cases.insert(
                    *case,
                    Case {
                        id: *case,
                        org: *org,
                        number: number.clone(),
                        title: title.clone(),
                        opened_by: *opened_by,
                        opened_at: at,
                        lifecycle: Lifecycle::Open,
                        team: team.iter().map(|agent| (*agent, at)).collect(),
                        self_assignment: SelfAssignment::NotRequired,
                        access: Access::NotRequested,
                        sessions: BTreeMap::new(),
                        ended_sessions: BTreeMap::new(),
                    },
                );
            }
            Event::CaseClosed { case, .. }
            | Event::CaseReopened { case, .. }
            | Event::TeamJoined { case, .. }
            | Event::TeamLeft { case, .. }
            | Event::SelfAssignmentRequested { case, .. }
            | Event::SelfAssignmentApproved { case, .. }
            | Event::SelfAssignmentWithdrawn { case, .. }
            | Event::AccessRequested { case, .. }
            | Event::RequestWithdrawn { case, .. }
            | Event::MoreTimeWanted { case, .. }
            | Event::Granted { case, .. }
            | Event::Extended { case, .. }
            | Event::PeriodOpened { case, .. }
            | Event::Revoked { case, .. }
            | Event::SessionStarted { case, .. }
            | Event::LinkOpened { case, .. }
            | Event::SessionEntered { case, .. }
            | Event::TokenExchanged { case, .. }
            | Event::TokenEnded { case, .. }
            | Event::SessionEnded { case, .. } => {
                if let Some(case) = self.cases.get_mut(case) {
                    case.evolve(at, event);
                }
            }
        }
    }

    pub(crate) fn with_admin(&mut self, id: AdminId, change: impl FnOnce(&mut Admin)) {
        if let Some(admin) = self.admins.get_mut(&id) {
            change(admin);
        }
    }

    pub(crate) fn with_credential(
        &mut self,
        id: CredentialId,
        change: impl FnOnce(&mut AdminCredential),
    ) {
        if let Some(credential) = self.credentials.get_mut(&id) {
            change(credential);
        }
    }

    pub(crate) fn put_credential(&mut self, credential: AdminCredential) {
        self.credentials.insert(credential.id, credential);
    }

    pub(crate) fn drop_credential(&mut self, id: CredentialId) {
        self.credentials.remove(&id);
    }

    pub(crate) fn with_org(&mut self, id: OrgId, change: impl FnOnce(&mut Org)) {
        if let Some(org) = self.orgs.get_mut(&id) {
            change(org);
        }
    }

    fn end_sessions(&mut self, at: Timestamp, why: EndedWhy, which: impl Fn(&Session) -> bool) {
        for case in self.cases.values_mut() {
            case.end_sessions(at, why, &which);
        }
    }
}
