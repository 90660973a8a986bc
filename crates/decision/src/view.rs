//! The live view: what a decision needs, folded from every event, with look-ups that do not grow
//! with orgs, cases or grants.

use std::{collections::HashMap, sync::Arc};

use countersign_domain::{
    AdminId, AgentId, CaseId, CaseNumber, EndedWhy, Entrance, Event, GrantId, IdMap, IdSet, Label,
    OrgId, Period, SecretHash, Session, SessionId, Slug, TeamScope, Title, Upstream,
};

use crate::{
    Rules,
    ended::{Ended, EndedSession},
    index::Index,
};

/// What is live, as of some position.
#[derive(Clone, Debug, Default)]
pub struct View {
    orgs: IdMap<OrgId, LiveOrg>,
    admins: IdMap<AdminId, LivePerson>,
    agents: IdMap<AgentId, LivePerson>,
    cases: IdMap<CaseId, LiveCase>,
    sessions: IdMap<SessionId, LiveSession>,
    labels: HashMap<Label, SessionId>,
    ended: Ended,
    granted: Index<OrgId, CaseId>,
    sessions_of_case: Index<CaseId, SessionId>,
    sessions_of_org: Index<OrgId, SessionId>,
    sessions_of_agent: Index<AgentId, SessionId>,
    sessions_of_subject: Index<AdminId, SessionId>,
}

#[derive(Clone, Debug)]
struct LiveOrg {
    slug: Slug,
    name: Arc<str>,
    blocked: bool,
    upstream: Option<Arc<Upstream>>,
    rules: Arc<Rules>,
}

/// A person as the view knows them.
#[derive(Clone, Debug)]
pub struct LivePerson {
    /// Their address.
    pub email: Arc<str>,
    /// Their name.
    pub name: Arc<str>,
    /// Whether they may act.
    pub active: bool,
}

/// An open case.
#[derive(Clone, Debug)]
pub struct LiveCase {
    /// Its org.
    pub org: OrgId,
    /// Its number.
    pub number: CaseNumber,
    /// Its title.
    pub title: Title,
    /// Agents on its team.
    pub team: IdSet<AgentId>,
    /// Whether an unapproved self-assignment stands in the way.
    pub awaits_self_assignment: bool,
    /// The grant that has not been revoked.
    pub grant: Option<LiveGrant>,
}

/// A grant that has not been revoked; whether it is live is a matter of the clock.
#[derive(Clone, Debug)]
pub struct LiveGrant {
    /// Its id.
    pub id: GrantId,
    /// Which agents it is for.
    pub team: TeamScope,
    /// Its present or last period.
    pub period: Period,
}

/// A session nobody and no rule has ended.
#[derive(Clone, Debug)]
pub struct LiveSession {
    /// Its case.
    pub case: CaseId,
    /// Its org.
    pub org: OrgId,
    /// The session.
    pub session: Arc<Session>,
}

impl LiveSession {
    /// The hash of the cookie of the browser that entered, if one has.
    #[must_use]
    pub fn cookie(&self) -> Option<SecretHash> {
        match self.session.entrance {
            Entrance::Entered { cookie } => Some(cookie),
            Entrance::Linked { .. } | Entrance::HandedOver { .. } => None,
        }
    }
}

impl View {
    /// The session of an origin's label.
    #[must_use]
    pub fn session_of_label(&self, label: &Label) -> Option<&LiveSession> {
        self.labels.get(label).and_then(|id| self.sessions.get(id))
    }

    /// A session that was at an origin and was ended not long ago: what is still asked under it
    /// belongs on the log as refused (R18).
    #[must_use]
    pub fn ended_at_label(&self, label: &Label) -> Option<&LiveSession> {
        self.ended_at(label).map(|ended| &ended.session)
    }

    pub(crate) fn ended_at(&self, label: &Label) -> Option<&EndedSession> {
        self.ended.of_label(label)
    }

    /// A session by id.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&LiveSession> {
        self.sessions.get(&id)
    }

    /// An open case.
    #[must_use]
    pub fn case(&self, id: CaseId) -> Option<&LiveCase> {
        self.cases.get(&id)
    }

    /// An org's short name and name.
    #[must_use]
    pub fn org(&self, id: OrgId) -> Option<(&Slug, &Arc<str>)> {
        self.orgs.get(&id).map(|org| (&org.slug, &org.name))
    }

    /// Whether an org has blocked all support access.
    #[must_use]
    pub fn is_blocked(&self, id: OrgId) -> bool {
        self.orgs.get(&id).is_none_or(|org| org.blocked)
    }

    /// Where an org's product is.
    #[must_use]
    pub fn upstream(&self, id: OrgId) -> Option<&Arc<Upstream>> {
        self.orgs.get(&id).and_then(|org| org.upstream.as_ref())
    }

    /// Which requests to an org's product are reads (R17).
    #[must_use]
    pub fn rules(&self, id: OrgId) -> Option<&Arc<Rules>> {
        self.orgs.get(&id).map(|org| &org.rules)
    }

    /// A customer user.
    #[must_use]
    pub fn admin(&self, id: AdminId) -> Option<&LivePerson> {
        self.admins.get(&id)
    }

    /// An agent.
    #[must_use]
    pub fn agent(&self, id: AgentId) -> Option<&LivePerson> {
        self.agents.get(&id)
    }

    /// Every session in the view.
    pub fn sessions(&self) -> impl Iterator<Item = (&SessionId, &LiveSession)> {
        self.sessions.iter()
    }

    /// Folds one event; returns the sessions it ended.
    pub fn fold(&mut self, event: &Event) -> Vec<SessionId> {
        match event {
            Event::OrgCreated { org, slug, name } => {
                self.orgs.insert(
                    *org,
                    LiveOrg {
                        slug: slug.clone(),
                        name: name.as_str().into(),
                        blocked: false,
                        upstream: None,
                        rules: Arc::default(),
                    },
                );
                vec![]
            }
            Event::UpstreamSet { org, upstream } => {
                if let Some(org) = self.orgs.get_mut(org) {
                    org.rules = Arc::new(Rules::new(upstream.mode, &upstream.routes));
                    org.upstream = Some(Arc::new(upstream.clone()));
                }
                self.end(self.sessions_of_org.of(org))
            }
            Event::Blocked { org, .. } => {
                if let Some(org) = self.orgs.get_mut(org) {
                    org.blocked = true;
                }
                for case in self.granted.of(org) {
                    self.drop_grant(case);
                }
                self.end(self.sessions_of_org.of(org))
            }
            Event::Unblocked { org, .. } => {
                if let Some(org) = self.orgs.get_mut(org) {
                    org.blocked = false;
                }
                vec![]
            }
            Event::AdminCreated {
                admin, email, name, ..
            } => {
                let person = LivePerson::new(email.as_str(), name.as_str());
                self.admins.insert(*admin, person);
                vec![]
            }
            Event::AgentCreated { agent, email, name } => {
                let person = LivePerson::new(email.as_str(), name.as_str());
                self.agents.insert(*agent, person);
                vec![]
            }
            Event::AdminActiveSet { admin, active, .. } => {
                if let Some(person) = self.admins.get_mut(admin) {
                    person.active = *active;
                }
                self.end_unless(*active, |view| view.sessions_of_subject.of(admin))
            }
            Event::AgentActiveSet { agent, active } => {
                if let Some(person) = self.agents.get_mut(agent) {
                    person.active = *active;
                }
                self.end_unless(*active, |view| view.sessions_of_agent.of(agent))
            }
            _ => self.fold_case_event(event),
        }
    }

    fn fold_case_event(&mut self, event: &Event) -> Vec<SessionId> {
        match event {
            Event::CaseOpened {
                case,
                org,
                number,
                title,
                team,
                ..
            } => {
                self.cases.insert(
                    *case,
                    LiveCase {
                        org: *org,
                        number: number.clone(),
                        title: title.clone(),
                        team: team.iter().copied().collect(),
                        awaits_self_assignment: false,
                        grant: None,
                    },
                );
                vec![]
            }
            Event::CaseClosed { case, .. } | Event::Revoked { case, .. } => {
                self.drop_grant(*case);
                self.end(self.sessions_of_case.of(case))
            }
            Event::CaseReopened { case, .. } | Event::RequestWithdrawn { case, .. } => {
                self.drop_grant(*case);
                vec![]
            }
            Event::TeamJoined { case, agent, .. } => {
                self.with_case(*case, |c| {
                    c.team.insert(*agent);
                });
                vec![]
            }
            Event::TeamLeft { case, agent, .. } => {
                self.with_case(*case, |c| {
                    c.team.remove(agent);
                });
                self.end_in_case(*case, |s| s.agent == *agent)
            }
            Event::SelfAssignmentRequested { case, .. }
            | Event::SelfAssignmentWithdrawn { case, .. } => {
                self.with_case(*case, |c| c.awaits_self_assignment = true);
                self.end(self.sessions_of_case.of(case))
            }
            Event::SelfAssignmentApproved { case, .. } => {
                self.with_case(*case, |c| c.awaits_self_assignment = false);
                vec![]
            }
            Event::Granted { case, org, grant } => {
                let live = LiveGrant {
                    id: grant.id,
                    team: grant.team.clone(),
                    period: grant.period,
                };
                self.with_case(*case, |c| c.grant = Some(live));
                self.granted.insert(*org, *case);
                self.end(self.sessions_of_case.of(case))
            }
            Event::Extended { case, period, .. } | Event::PeriodOpened { case, period, .. } => {
                self.with_case(*case, |c| {
                    if let Some(grant) = &mut c.grant {
                        grant.period = *period;
                    }
                });
                self.end_in_case(*case, |s| s.period != period.number)
            }
            Event::SessionStarted { case, org, session } => {
                self.start(*case, *org, session);
                vec![]
            }
            Event::LinkOpened {
                session,
                handover,
                browser,
                until,
                ..
            } => {
                self.entrance(
                    *session,
                    Entrance::HandedOver {
                        handover: *handover,
                        browser: *browser,
                        until: *until,
                    },
                );
                vec![]
            }
            Event::SessionEntered {
                session, cookie, ..
            } => {
                self.entrance(*session, Entrance::Entered { cookie: *cookie });
                vec![]
            }
            Event::SessionEnded { session, why, .. } => {
                self.end_because(vec![*session], Some(*why))
            }
            _ => vec![],
        }
    }

    fn with_case(&mut self, id: CaseId, change: impl FnOnce(&mut LiveCase)) {
        if let Some(case) = self.cases.get_mut(&id) {
            change(case);
        }
    }

    fn drop_grant(&mut self, id: CaseId) {
        if let Some(case) = self.cases.get_mut(&id) {
            case.grant = None;
            self.granted.remove(&case.org, id);
        }
    }

    fn start(&mut self, case: CaseId, org: OrgId, session: &Session) {
        self.labels.insert(session.label.clone(), session.id);
        self.sessions_of_case.insert(case, session.id);
        self.sessions_of_org.insert(org, session.id);
        self.sessions_of_agent.insert(session.agent, session.id);
        self.sessions_of_subject.insert(session.subject, session.id);
        self.sessions.insert(
            session.id,
            LiveSession {
                case,
                org,
                session: Arc::new(session.clone()),
            },
        );
    }

    fn entrance(&mut self, id: SessionId, entrance: Entrance) {
        if let Some(live) = self.sessions.get_mut(&id) {
            live.session = Arc::new(Session {
                entrance,
                ..Session::clone(&live.session)
            });
        }
    }

    fn end_unless(
        &mut self,
        active: bool,
        which: impl FnOnce(&Self) -> Vec<SessionId>,
    ) -> Vec<SessionId> {
        if active {
            vec![]
        } else {
            self.end(which(self))
        }
    }

    fn end_in_case(&mut self, case: CaseId, which: impl Fn(&Session) -> bool) -> Vec<SessionId> {
        let mut ending = self.sessions_of_case.of(&case);
        ending.retain(|id| {
            self.sessions
                .get(id)
                .is_some_and(|live| which(&live.session))
        });
        self.end(ending)
    }

    fn end(&mut self, ids: Vec<SessionId>) -> Vec<SessionId> {
        self.end_because(ids, None)
    }

    fn end_because(&mut self, ids: Vec<SessionId>, why: Option<EndedWhy>) -> Vec<SessionId> {
        ids.into_iter()
            .filter(|id| {
                let Some(live) = self.sessions.remove(id) else {
                    return false;
                };
                self.labels.remove(&live.session.label);
                self.ended.keep(live.clone(), why);
                self.sessions_of_case.remove(&live.case, *id);
                self.sessions_of_org.remove(&live.org, *id);
                self.sessions_of_agent.remove(&live.session.agent, *id);
                self.sessions_of_subject.remove(&live.session.subject, *id);
                true
            })
            .collect()
    }
}

impl LivePerson {
    fn new(email: &str, name: &str) -> Self {
        Self {
            email: email.into(),
            name: name.into(),
            active: true,
        }
    }
}
