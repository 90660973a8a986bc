//! Requests and grants (R8–R15).

use countersign_domain::{AdminId, AgentId, CaseId, ImpersonationStatus, Timestamp};

use super::{Past, What};

/// A stretch of time in which a grant gives access: `[from, until)`, opened by fact `opened_by`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) opened_by: usize,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

impl Past<'_> {
    /// The last request made in this opening of the case and not withdrawn; the fact and the
    /// subject it names.
    pub(super) fn standing_request(self, case: CaseId) -> Option<(usize, Option<AdminId>)> {
        let opening = self.this_opening(case)?;
        let mut standing = None;
        for (index, fact) in self.since(opening) {
            match fact.what {
                What::Asked { case: id, subject } if id == case => {
                    standing = Some((index, subject));
                }
                What::RequestWithdrawn(id) if id == case => standing = None,
                _ => {}
            }
        }
        standing
    }

    /// Whether the request stands on the settings page (R14).
    #[must_use]
    pub fn is_listed(self, case: CaseId) -> bool {
        self.is_open(case) && self.standing_request(case).is_some()
    }

    /// The last tick that granted, in this opening of the case.
    pub(super) fn tick(self, case: CaseId) -> Option<usize> {
        let opening = self.this_opening(case)?;
        self.last(|w| matches!(w, What::Ticked { case: id, .. } if *id == case))
            .filter(|tick| *tick > opening)
    }

    /// All stretches of the grant of fact `tick`, as they stand now (R9, R13).
    pub(super) fn stretches(self, tick: usize) -> Vec<Stretch> {
        let What::Ticked { case, until, .. } = self.facts[tick].what else {
            return vec![];
        };
        let mut stretches = vec![Stretch {
            opened_by: tick,
            from: self.facts[tick].at,
            until,
        }];
        for (index, fact) in self.since(tick + 1) {
            match fact.what {
                What::Ticked { case: id, .. } if id == case => break,
                What::Extended { case: id, until } if id == case => match stretches.last_mut() {
                    Some(last) if fact.at < last.until => last.until = until,
                    _ => stretches.push(Stretch {
                        opened_by: index,
                        from: fact.at,
                        until,
                    }),
                },
                _ => {}
            }
        }
        stretches
    }

    /// Whether the grant of fact `tick` has been revoked: unticked (R12), its case closed (R7), its
    /// org blocked (R15), its vendor
    /// letting through more before it ran out (R17), or live when the case became self-assigned or lost that approval (R6).
    pub(super) fn is_revoked(self, tick: usize) -> bool {
        let What::Ticked { case, .. } = self.facts[tick].what else {
            return false;
        };
        let org = self.org_of_case(case);
        let became_self_assigned = self.self_assigned_by(case);
        self.since(tick + 1).any(|(index, fact)| match fact.what {
            What::Unticked(id) | What::Closed(id) => id == case,
            What::Blocked(id) => Some(id) == org,
            What::UpstreamSet(id, ref now) => {
                let then = self.before(index);
                Some(id) == org && !then.has_run_out(tick, fact.at) && then.loosens(id, now)
            }
            What::SelfAssignmentWithdrawn(id) if id == case => {
                self.before(index).is_live(case, fact.at)
            }
            What::Joined(..) if became_self_assigned == Some(index) => {
                self.before(index).is_live(case, fact.at)
            }
            _ => false,
        })
    }

    /// The grant that an extension would extend (R13): the last one, unless revoked, or asked about
    /// again and that request withdrawn.
    pub(super) fn extendable(self, case: CaseId) -> Option<usize> {
        let tick = self.tick(case)?;
        let withdrawn = self
            .since(tick)
            .any(|(_, fact)| fact.what == What::RequestWithdrawn(case));
        (!withdrawn && !self.is_revoked(tick)).then_some(tick)
    }

    /// Whether the grant of fact `tick` had come to the end of its last stretch at `now`.
    fn has_run_out(self, tick: usize, now: Timestamp) -> bool {
        self.stretches(tick)
            .last()
            .is_none_or(|stretch| stretch.until <= now)
    }

    /// Whether the vendor let through more since the last stretch of the case's grant began, so that
    /// an extension would be one of a yes to less (R13, R17).
    pub(super) fn agreed_to_less(self, case: CaseId) -> bool {
        let began = self
            .tick(case)
            .and_then(|tick| self.stretches(tick).last().map(|stretch| stretch.from));
        self.since(0).any(|(index, fact)| match fact.what {
            What::UpstreamSet(id, ref now) => {
                Some(id) == self.org_of_case(case)
                    && began.is_some_and(|began| began <= fact.at)
                    && self.before(index).loosens(id, now)
            }
            _ => false,
        })
    }

    /// Whether the customer's yes holds at `now`.
    #[must_use]
    pub fn is_live(self, case: CaseId, now: Timestamp) -> bool {
        self.is_open(case)
            && self.extendable(case).is_some_and(|tick| {
                self.stretches(tick)
                    .iter()
                    .any(|stretch| stretch.from <= now && now < stretch.until)
            })
    }

    /// What impersonation of the case reads at `now`.
    #[must_use]
    pub fn impersonation(
        self,
        case: CaseId,
        now: Timestamp,
    ) -> (ImpersonationStatus, Option<Timestamp>) {
        if !self.is_open(case) {
            return (ImpersonationStatus::Disabled, None);
        }
        let Some((asked, _)) = self.standing_request(case) else {
            return (ImpersonationStatus::NotRequested, None);
        };
        let yes_since = self.since(asked).any(|(_, fact)| match fact.what {
            What::Ticked { case: id, .. } | What::Extended { case: id, .. } => id == case,
            _ => false,
        });
        if !yes_since {
            return (ImpersonationStatus::Requested, None);
        }
        if self.is_live(case, now) {
            return (ImpersonationStatus::Enabled, self.present_end(case));
        }
        (ImpersonationStatus::Disabled, self.present_end(case))
    }

    /// The present end of the grant that has not been revoked, past or to come.
    #[must_use]
    pub fn present_end(self, case: CaseId) -> Option<Timestamp> {
        let tick = self.extendable(case)?;
        self.stretches(tick).last().map(|stretch| stretch.until)
    }

    /// Whether the grant of fact `tick` is for this agent, as far as it is pinned (R5).
    pub(super) fn admits(self, tick: usize, agent: AgentId) -> bool {
        match self.facts[tick].what {
            What::Ticked {
                case, pinned: true, ..
            } => {
                let then = self.before(tick);
                then.is_on_team(agent, case) && then.agent_is_active(agent)
            }
            _ => true,
        }
    }

    /// Whether access is live for this agent on this case at `now`: the whole of R5, R6, R9 and R15
    /// for someone about to look.
    #[must_use]
    pub fn has_access(self, agent: AgentId, case: CaseId, now: Timestamp) -> bool {
        self.agent_is_active(agent)
            && self.is_on_team(agent, case)
            && !self.awaits_approval(case)
            && self.is_live(case, now)
            && self
                .tick(case)
                .is_some_and(|tick| self.admits(tick, agent) && self.subject_is_active(tick))
    }

    /// Whether an unapproved self-assignment stands in the way (R6).
    #[must_use]
    pub fn awaits_approval(self, case: CaseId) -> bool {
        self.self_assignment(case) == countersign_domain::SelfAssignmentStatus::Requested
    }

    /// Whether the subject fixed at the tick is an active admin of the case's org (R8).
    pub(super) fn subject_is_active(self, tick: usize) -> bool {
        match self.facts[tick].what {
            What::Ticked { case, subject, .. } => self
                .org_of_case(case)
                .is_some_and(|org| self.is_active_admin_of(subject, org)),
            _ => false,
        }
    }
}
