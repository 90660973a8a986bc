//! What an event does to a case.

use crate::{
    Access, AccessRequest, AgentId, ApproverId, Case, EndedSession, EndedWhy, Entrance, Event,
    Grant, Lifecycle, MoreTimeWanted, OpenedBy, RevokedWhy, SelfAssignment, Session, SessionId,
    Timestamp,
};

impl Case {
    pub(super) fn evolve(&mut self, at: Timestamp, event: &Event) {
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
    pub(super) fn revoke(&mut self, at: Timestamp, why: RevokedWhy, by: Option<ApproverId>) {
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

    pub(super) fn end_sessions(
        &mut self,
        at: Timestamp,
        why: EndedWhy,
        which: impl Fn(&Session) -> bool,
    ) {
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
