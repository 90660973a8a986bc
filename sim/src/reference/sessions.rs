//! Sessions (R16).

use countersign_domain::{Actor, AdminId, AgentId, CaseId, SessionId, Timestamp};

use super::{Fact, Past, What};

impl Past<'_> {
    /// How many sessions of the agent run at `now` and are not idle. Nobody asks for anything under
    /// them here, so each goes idle counted from its start.
    #[must_use]
    pub fn running_of(self, agent: AgentId, now: Timestamp) -> usize {
        let in_use = |fact: &Fact| match fact.what {
            What::Started {
                session, idle_from, ..
            } => now < idle_from && self.is_running(session, now),
            _ => false,
        };
        let by = Actor::Agent { id: agent };
        self.facts
            .iter()
            .filter(|fact| fact.by == by && in_use(fact))
            .count()
    }

    /// The fact that started the session, its case and its agent.
    pub(super) fn started(self, session: SessionId) -> Option<(usize, CaseId, AgentId)> {
        self.facts
            .iter()
            .enumerate()
            .find_map(|(index, fact)| match (&fact.what, fact.by) {
                (
                    What::Started {
                        case, session: id, ..
                    },
                    Actor::Agent { id: agent },
                ) if *id == session => Some((index, *case, agent)),
                _ => None,
            })
    }

    /// On whose behalf the session is.
    fn subject_of(self, tick: usize) -> Option<AdminId> {
        match self.facts[tick].what {
            What::Ticked { subject, .. } => Some(subject),
            _ => None,
        }
    }

    /// Whether the session runs at `now`: nobody and no rule has ended it, and neither its own limit
    /// nor the present end of the stretch it started in has come.
    #[must_use]
    pub fn is_running(self, session: SessionId, now: Timestamp) -> bool {
        let Some((start, case, agent)) = self.started(session) else {
            return false;
        };
        let What::Started { absolute_until, .. } = self.facts[start].what else {
            return false;
        };
        let Some(tick) = self
            .before(start)
            .last(|w| matches!(w, What::Ticked { case: id, .. } if *id == case))
        else {
            return false;
        };
        let subject = self.subject_of(tick);
        let ended = self.since(start + 1).any(|(_, fact)| match fact.what {
            What::Ended(id) => id == session,
            What::Left(id, who) => id == case && who == agent,
            What::AgentActive(who, active) => who == agent && !active,
            What::AdminActive(who, active) => Some(who) == subject && !active,
            What::UpstreamSet(org, _) => self.org_of_case(case) == Some(org),
            _ => false,
        });
        let end = self
            .stretches(tick)
            .iter()
            .rfind(|stretch| stretch.opened_by < start)
            .map(|stretch| stretch.until);
        !ended && !self.is_revoked(tick) && now < absolute_until && end.is_some_and(|end| now < end)
    }
}
