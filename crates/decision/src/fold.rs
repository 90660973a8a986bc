//! Folding events into the view. What ends sessions here ends them in the domain's `State::evolve`,
//! for the same reasons.

use std::sync::Arc;

use countersign_domain::{
    CaseId, CaseName, EndedSession, EndedWhy, Entrance, Event, ExchangedToken, Label, OrgId,
    Session, SessionId, Timestamp, has_passed,
};

use crate::{
    LiveGrant, LivePerson, LiveSession, View,
    view::{AtLabel, LiveOrg},
};

impl View {
    /// Folds one event that happened at `at`; returns the sessions it ended. `name` is what the
    /// event's case is called, for a session that starts there; one whose case has no name is not
    /// let in.
    pub fn fold(
        &mut self,
        at: Timestamp,
        event: &Event,
        name: Option<&CaseName>,
    ) -> Vec<SessionId> {
        match event {
            Event::OrgCreated { org, slug, name } => {
                self.orgs.insert(*org, LiveOrg::new(slug.clone(), name));
                vec![]
            }
            Event::UpstreamSet {
                org,
                upstream,
                widened,
            } => {
                if let Some(org) = self.orgs.get_mut(org) {
                    org.goes_to(upstream);
                }
                let why = if *widened {
                    self.drop_grants(org, |grant| !has_passed(grant.period.expires_at, at));
                    EndedWhy::RulesWidened
                } else {
                    EndedWhy::UpstreamChanged
                };
                let ending = self.sessions_of_org.of(org);
                self.end(at, ending, why)
            }
            Event::Blocked { org, .. } => {
                if let Some(org) = self.orgs.get_mut(org) {
                    org.blocked = true;
                }
                self.drop_grants(org, |_| true);
                let ending = self.sessions_of_org.of(org);
                self.end(at, ending, EndedWhy::Blocked)
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
                let person = LivePerson::new(email.as_str(), name.as_str(), true);
                self.admins.insert(*admin, person);
                vec![]
            }
            Event::AgentCreated { agent, email, name } => {
                let person = LivePerson::new(email.as_str(), name.as_str(), true);
                self.agents.insert(*agent, person);
                vec![]
            }
            Event::AdminChanged {
                admin, email, name, ..
            } => {
                if let Some(person) = self.admins.get_mut(admin) {
                    *person = LivePerson::new(email.as_str(), name.as_str(), person.active);
                }
                vec![]
            }
            Event::AgentChanged {
                agent, email, name, ..
            } => {
                if let Some(person) = self.agents.get_mut(agent) {
                    *person = LivePerson::new(email.as_str(), name.as_str(), person.active);
                }
                vec![]
            }
            Event::AdminActiveSet { admin, active, .. } => {
                if let Some(person) = self.admins.get_mut(admin) {
                    person.active = *active;
                }
                if *active {
                    return vec![];
                }
                let ending = self.sessions_of_subject.of(admin);
                self.end(at, ending, EndedWhy::SubjectDeactivated)
            }
            Event::AgentActiveSet { agent, active } => {
                if let Some(person) = self.agents.get_mut(agent) {
                    person.active = *active;
                }
                if *active {
                    return vec![];
                }
                let ending = self.sessions_of_agent.of(agent);
                self.end(at, ending, EndedWhy::AgentDeactivated)
            }
            _ => self.fold_case_event(at, event, name),
        }
    }

    fn fold_case_event(
        &mut self,
        at: Timestamp,
        event: &Event,
        name: Option<&CaseName>,
    ) -> Vec<SessionId> {
        match event {
            Event::CaseClosed { case, .. } => {
                self.drop_grant(*case);
                self.end_in_case(at, *case, EndedWhy::CaseClosed, |_| true)
            }
            Event::Revoked { case, .. } => {
                self.drop_grant(*case);
                self.end_in_case(at, *case, EndedWhy::GrantRevoked, |_| true)
            }
            Event::RequestWithdrawn { case, .. } => {
                self.drop_grant(*case);
                vec![]
            }
            Event::TeamLeft { case, agent, .. } => {
                self.end_in_case(at, *case, EndedWhy::AgentLeftTeam, |s| s.agent == *agent)
            }
            Event::Granted { case, org, grant } => {
                self.know_grant(*case, *org, grant);
                self.end_in_case(at, *case, EndedWhy::PeriodOver, |_| true)
            }
            Event::Extended { case, period, .. } | Event::PeriodOpened { case, period, .. } => {
                if let Some(grant) = self.grants.get_mut(case) {
                    grant.period = *period;
                }
                self.end_in_case(at, *case, EndedWhy::PeriodOver, |s| {
                    s.period != period.number
                })
            }
            Event::SessionStarted { case, org, session } => {
                if let Some(name) = name {
                    self.know_session(LiveSession {
                        case: *case,
                        name: Arc::new(name.clone()),
                        org: *org,
                        session: session.clone(),
                    });
                }
                vec![]
            }
            Event::LinkOpened {
                session,
                handover,
                browser,
                until,
                ..
            } => {
                let entrance = Entrance::HandedOver {
                    handover: *handover,
                    browser: *browser,
                    until: *until,
                };
                self.change(*session, |session| session.entrance = entrance);
                vec![]
            }
            Event::SessionEntered {
                session, cookie, ..
            } => {
                let entrance = Entrance::Entered { cookie: *cookie };
                self.change(*session, |session| session.entrance = entrance);
                vec![]
            }
            Event::TokenExchanged {
                session,
                id,
                token,
                expires_at,
                ..
            } => {
                let token = ExchangedToken {
                    id: *id,
                    hash: *token,
                    expires_at: *expires_at,
                };
                self.change(*session, |session| session.keep_token(at, token));
                vec![]
            }
            Event::TokenEnded { session, id, .. } => {
                self.change(*session, |session| session.drop_token(*id));
                vec![]
            }
            Event::SessionEnded { session, why, .. } => self.end(at, vec![*session], *why),
            _ => vec![],
        }
    }

    fn drop_grants(&mut self, org: &OrgId, which: impl Fn(&LiveGrant) -> bool) {
        for case in self.granted.of(org) {
            if self.grants.get(&case).is_some_and(&which) {
                self.drop_grant(case);
            }
        }
    }

    fn drop_grant(&mut self, case: CaseId) {
        if let Some(grant) = self.grants.remove(&case) {
            self.granted.remove(&grant.org, case);
        }
    }

    fn change(&mut self, id: SessionId, change: impl FnOnce(&mut Session)) {
        if let Some(live) = self.sessions.get_mut(&id) {
            let mut changed = LiveSession::clone(live);
            change(&mut changed.session);
            *live = Arc::new(changed);
            self.labels.replace(AtLabel(Arc::clone(live)));
        }
    }

    fn end_in_case(
        &mut self,
        at: Timestamp,
        case: CaseId,
        why: EndedWhy,
        which: impl Fn(&Session) -> bool,
    ) -> Vec<SessionId> {
        let mut ending = self.sessions_of_case.of(&case);
        ending.retain(|id| {
            self.sessions
                .get(id)
                .is_some_and(|live| which(&live.session))
        });
        self.end(at, ending, why)
    }

    fn end(&mut self, at: Timestamp, ids: Vec<SessionId>, why: EndedWhy) -> Vec<SessionId> {
        ids.into_iter()
            .filter(|id| {
                let Some(live) = self.sessions.remove(id) else {
                    return false;
                };
                let session = &live.session;
                let agent = session.agent;
                self.labels.remove::<Label>(&session.label);
                self.sessions_of_case.remove(&live.case, *id);
                self.sessions_of_org.remove(&live.org, *id);
                self.sessions_of_agent.remove(&agent, *id);
                self.sessions_of_subject.remove(&session.subject, *id);
                self.know_ended(live, EndedSession { agent, at, why });
                true
            })
            .collect()
    }
}
