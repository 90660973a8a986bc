//! Cases, their teams and self-assignment (R4–R7).

use countersign_domain::{AgentId, CaseId, OpenedBy, OrgId, SelfAssignmentStatus};

use super::{Past, What};

impl Past<'_> {
    /// The number of the fact that opened the case for the first time, its org and its opener.
    pub(super) fn opening(self, case: CaseId) -> Option<(usize, OrgId, OpenedBy)> {
        self.facts
            .iter()
            .enumerate()
            .find_map(|(index, fact)| match &fact.what {
                What::Opened {
                    case: id,
                    org,
                    opener,
                    ..
                } if *id == case => Some((index, *org, *opener)),
                _ => None,
            })
    }

    /// The org the case belongs to.
    #[must_use]
    pub fn org_of_case(self, case: CaseId) -> Option<OrgId> {
        self.opening(case).map(|(_, org, _)| org)
    }

    /// Whether the case is open.
    #[must_use]
    pub fn is_open(self, case: CaseId) -> bool {
        self.latest(|w| match w {
            What::Opened { case: id, .. } | What::Reopened(id) if *id == case => Some(true),
            What::Closed(id) if *id == case => Some(false),
            _ => None,
        })
        .unwrap_or(false)
    }

    /// Where the present (or, when closed, the last) opening of the case begins.
    pub(super) fn this_opening(self, case: CaseId) -> Option<usize> {
        self.last(|w| match w {
            What::Opened { case: id, .. } | What::Reopened(id) => *id == case,
            _ => false,
        })
    }

    /// Whether the agent is on the case's team.
    #[must_use]
    pub fn is_on_team(self, agent: AgentId, case: CaseId) -> bool {
        self.latest(|w| match w {
            What::Opened { case: id, team, .. } if *id == case => Some(team.contains(&agent)),
            What::Joined(id, who) if *id == case && *who == agent => Some(true),
            What::Left(id, who) if *id == case && *who == agent => Some(false),
            _ => None,
        })
        .unwrap_or(false)
    }

    /// Whether anyone who may act is on the team.
    #[must_use]
    pub fn has_agent_on_team(self, case: CaseId) -> bool {
        self.facts.iter().any(|fact| match fact.what {
            What::AgentActive(agent, _) => {
                self.is_on_team(agent, case) && self.agent_is_active(agent)
            }
            _ => false,
        })
    }

    /// The fact by which the agent who opened the case came to be on its team (R6).
    pub(super) fn self_assigned_by(self, case: CaseId) -> Option<usize> {
        let (_, _, OpenedBy::Agent(opener)) = self.opening(case)? else {
            return None;
        };
        self.facts.iter().position(|fact| match &fact.what {
            What::Opened { case: id, team, .. } => *id == case && team.contains(&opener),
            What::Joined(id, agent) => *id == case && *agent == opener,
            _ => false,
        })
    }

    /// What self-assignment of the case reads (R6, R7).
    #[must_use]
    pub fn self_assignment(self, case: CaseId) -> SelfAssignmentStatus {
        let Some(since) = self.self_assigned_by(case) else {
            return SelfAssignmentStatus::NotRequired;
        };
        let mut status = SelfAssignmentStatus::Requested;
        for (_, fact) in self.since(since) {
            match fact.what {
                What::SelfAssignmentApproved(id) if id == case => {
                    status = SelfAssignmentStatus::Approved;
                }
                What::SelfAssignmentWithdrawn(id) | What::Reopened(id) if id == case => {
                    status = SelfAssignmentStatus::Requested;
                }
                _ => {}
            }
        }
        status
    }
}
