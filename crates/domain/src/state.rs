//! State folded from events. A state may be a slice of the world: one case with its org and
//! people. Events are folded in the order of their positions, whatever stream they belong to.

use std::collections::BTreeMap;

use crate::{
    Access, AccessRequest, Admin, AdminCredential, AdminId, Agent, AgentId, ApproverId, Block,
    Case, CaseId, Client, ClientId, CredentialId, EndedSession, EndedWhy, Entrance, Event,
    ExchangedToken, Grant, Lifecycle, MoreTimeWanted, OpenedBy, Org, OrgId, OrgSettings,
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
                    },
                );
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
            | Event::ClientRefused { .. } => self.evolve_standing(at, event),
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

impl Case {
    fn evolve(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::CaseClosed { .. } => {
                self.lifecycle = Lifecycle::Closed;
                self.revoke(at, RevokedWhy::CaseClosed, None);
                self.end_sessions(at, EndedWhy::CaseClosed, |_| true);
            }
            Event::CaseReopened { .. } => {
                self.lifecycle = Lifecycle::Open;
                self.access = Access::NotRequested;
                if let SelfAssignment::Approved { .. } = self.self_assignment {
                    self.self_assignment = SelfAssignment::Requested { since: at };
                }
            }
            Event::TeamJoined { agent, .. } => {
                self.team.entry(*agent).or_insert(at);
            }
            Event::TeamLeft { agent, .. } => {
                self.team.remove(agent);
                self.end_sessions(at, EndedWhy::AgentLeftTeam, |s| s.agent == *agent);
            }
            Event::SelfAssignmentRequested { .. } | Event::SelfAssignmentWithdrawn { .. } => {
                self.self_assignment = SelfAssignment::Requested { since: at };
            }
            Event::SelfAssignmentApproved { by, .. } => {
                self.self_assignment = SelfAssignment::Approved { by: *by, at };
            }
            Event::AccessRequested {
                by,
                justification,
                subject,
                ..
            } => {
                let earlier = match std::mem::take(&mut self.access) {
                    Access::Granted { grant, .. } => Some(grant),
                    Access::Requested { earlier, .. } => earlier,
                    Access::NotRequested | Access::Revoked { .. } => None,
                };
                self.access = Access::Requested {
                    request: AccessRequest {
                        requested_by: *by,
                        justification: justification.clone(),
                        subject: *subject,
                        at,
                    },
                    earlier,
                };
            }
            Event::RequestWithdrawn { .. } => self.access = Access::NotRequested,
            Event::MoreTimeWanted {
                by, justification, ..
            } => {
                if let Access::Granted {
                    more_time_wanted, ..
                } = &mut self.access
                {
                    *more_time_wanted = Some(MoreTimeWanted {
                        by: *by,
                        justification: justification.clone(),
                        at,
                    });
                }
            }
            Event::Granted { grant, .. } => {
                self.end_sessions(at, EndedWhy::PeriodOver, |_| true);
                self.granted(grant.clone());
            }
            Event::Extended { period, .. } | Event::PeriodOpened { period, .. } => {
                self.end_sessions(at, EndedWhy::PeriodOver, |s| s.period != period.number);
                if let Some(grant) = self.access.unrevoked() {
                    let grant = Grant {
                        period: *period,
                        ..grant.clone()
                    };
                    self.granted(grant);
                }
            }
            Event::Revoked { why, by, .. } => {
                self.revoke(at, *why, *by);
                self.end_sessions(at, EndedWhy::GrantRevoked, |_| true);
            }
            Event::SessionStarted { session, .. } => {
                self.sessions.insert(session.id, session.clone());
            }
            Event::LinkOpened {
                session,
                handover,
                browser,
                until,
                ..
            } => self.entrance(
                *session,
                Entrance::HandedOver {
                    handover: *handover,
                    browser: *browser,
                    until: *until,
                },
            ),
            Event::SessionEntered {
                session, cookie, ..
            } => self.entrance(*session, Entrance::Entered { cookie: *cookie }),
            Event::TokenExchanged {
                session,
                id,
                token,
                expires_at,
                ..
            } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.keep_token(
                        at,
                        ExchangedToken {
                            id: *id,
                            hash: *token,
                            expires_at: *expires_at,
                        },
                    );
                }
            }
            Event::TokenEnded { session, id, .. } => {
                if let Some(session) = self.sessions.get_mut(session) {
                    session.drop_token(*id);
                }
            }
            Event::SessionEnded { session, why, .. } => {
                self.end_sessions(at, *why, |s| s.id == *session);
            }
            _ => {}
        }
    }

    /// The standing request becomes granted; a wish for more time is answered by it.
    fn granted(&mut self, grant: Grant) {
        self.access = match std::mem::take(&mut self.access) {
            Access::NotRequested => Access::NotRequested,
            Access::Requested { request, .. }
            | Access::Granted { request, .. }
            | Access::Revoked { request, .. } => Access::Granted {
                request,
                grant,
                more_time_wanted: None,
            },
        };
    }

    /// Ends the grant that has not been revoked, if there is one. A newer request than that grant
    /// stays a request.
    fn revoke(&mut self, at: Timestamp, why: RevokedWhy, by: Option<ApproverId>) {
        self.access = match std::mem::take(&mut self.access) {
            Access::Granted { request, grant, .. } => Access::Revoked {
                request,
                grant: grant.id,
                at,
                why,
                by,
            },
            Access::Requested { request, .. } => Access::Requested {
                request,
                earlier: None,
            },
            other => other,
        };
    }

    fn entrance(&mut self, session: SessionId, entrance: Entrance) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.entrance = entrance;
        }
    }

    fn end_sessions(&mut self, at: Timestamp, why: EndedWhy, which: impl Fn(&Session) -> bool) {
        let ended: Vec<SessionId> = self
            .sessions
            .values()
            .filter(|session| which(session))
            .map(|session| session.id)
            .collect();
        for id in ended {
            if let Some(session) = self.sessions.remove(&id) {
                let agent = session.agent;
                self.ended_sessions
                    .insert(id, EndedSession { agent, at, why });
            }
        }
    }

    /// The session and its grant while it runs at `now`, by everything this case knows; whether
    /// agent and subject are active is their own record's business.
    #[must_use]
    pub fn running(&self, session: SessionId, now: Timestamp) -> Option<(&Session, &Grant)> {
        let session = self.sessions.get(&session)?;
        let grant = self.access.live(now)?;
        let of_this_period = session.grant == grant.id && session.period == grant.period.number;
        (of_this_period && !session.is_over(now) && !self.awaits_self_assignment())
            .then_some((session, grant))
    }

    /// Whether `opener` is an agent who is on the team: the case is self-assigned (R6).
    pub(crate) fn is_self_assigned(opener: OpenedBy, on_team: impl Fn(AgentId) -> bool) -> bool {
        matches!(opener, OpenedBy::Agent(agent) if on_team(agent))
    }
}
