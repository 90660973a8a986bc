//! Invariants in their own words, held against the domain's state and events directly.

use countersign_domain::{
    Actor, ApproverId, CaseId, Command, Duration, Event, ImpersonationStatus, OpenedBy, Period,
    State,
};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};

use crate::world::{World, session};

const DAY: Duration = Duration::from_hours(24);

type Checked = Result<(), TestCaseError>;

impl World {
    /// What an act brought about, given the state before it.
    pub(crate) fn hold_at_the_act(
        &self,
        before: &State,
        actor: Actor,
        command: &Command,
        events: &[Event],
    ) -> Checked {
        for event in events {
            let (case, by, period) = match event {
                Event::Granted { case, grant, .. } => (*case, grant.approved_by, grant.period),
                Event::Extended {
                    case, by, period, ..
                }
                | Event::PeriodOpened {
                    case, by, period, ..
                } => (*case, *by, *period),
                Event::SelfAssignmentApproved { case, by, .. } => {
                    self.eligible(before, *case, *by, actor)?;
                    continue;
                }
                _ => continue,
            };
            self.eligible(before, case, by, actor)?;
            self.bounded(before, case, period)?;
        }
        if let Command::Grant { case, .. } | Command::Extend { case, .. } = command
            && let Some(present) = before.case(*case).and_then(|c| c.access.live(self.now))
        {
            let after = self.known(*case).access.live(self.now);
            let ends = after.map(|grant| (grant.id, grant.period.expires_at));
            // R10, R13: neither a tick nor an extension replaces or shortens a live grant.
            prop_assert_eq!(ends.map(|(id, _)| id), Some(present.id));
            prop_assert!(
                ends.is_some_and(|(_, end)| end >= present.period.expires_at),
                "R13"
            );
            if matches!(command, Command::Grant { .. }) {
                prop_assert!(events.is_empty(), "R10: {events:?}");
            }
        }
        Ok(())
    }

    /// A6, R1–R3: the act is that of an active super admin of the case's org, or of its opener.
    fn eligible(&self, before: &State, case: CaseId, by: ApproverId, actor: Actor) -> Checked {
        let by = by.admin().unwrap();
        prop_assert!(matches!(actor, Actor::Admin { id, .. } if id == by), "A6");
        self.of_the_customers_own(before, actor)?;
        let (case, admin) = (before.case(case).unwrap(), before.admin(by).unwrap());
        let opener = case.opened_by.who == OpenedBy::Admin(by);
        prop_assert!(
            admin.active && admin.org == case.org && (admin.is_super() || opener),
            "A6: {admin:?}"
        );
        prop_assert!(self.history.past().could_approve(by, case.id), "A6: {by}");
        Ok(())
    }

    /// R3: in a claimed org, by somebody and through something that the customer stands behind.
    fn of_the_customers_own(&self, before: &State, actor: Actor) -> Checked {
        let Actor::Admin { id, via } = actor else {
            return Ok(());
        };
        let admin = before.admin(id).unwrap();
        if before.org(admin.org).unwrap().claim.is_none() {
            return Ok(());
        }
        let credential = via.and_then(|via| before.credential(via));
        prop_assert!(
            admin.standing.counts()
                && credential.is_some_and(|one| one.owner == Some(id) && one.standing.counts()),
            "R3: {admin:?} through {credential:?}"
        );
        prop_assert!(
            self.history.past().acts_for_the_customer(actor),
            "R3: {actor:?}"
        );
        Ok(())
    }

    /// R3: no sequence of acts locks a claimed org out, or takes its claim back.
    pub(crate) fn nobody_is_locked_out(&self) -> Checked {
        for org in self.state.orgs() {
            let past = self.history.past();
            prop_assert_eq!(org.claim.is_some(), past.is_claimed(org.id), "{}", org.id);
            prop_assert!(past.someone_remains(org.id, None, None), "R3: {}", org.id);
            let holder = self.state.credentials().any(|key| {
                key.org == org.id
                    && key.standing.counts()
                    && key
                        .owner
                        .and_then(|owner| self.state.admin(owner))
                        .is_some_and(|admin| admin.is_super() && admin.standing.counts())
            });
            prop_assert!(org.claim.is_none() || holder, "R3: {}", org.id);
        }
        Ok(())
    }

    /// R13: nothing done now reaches further than a day from now.
    fn bounded(&self, before: &State, case: CaseId, period: Period) -> Checked {
        prop_assert!(period.expires_at <= self.now.plus(DAY), "R13: {period:?}");
        prop_assert!(period.expires_at > self.now, "R13: {period:?}");
        let earlier = before.case(case).and_then(|c| c.access.unrevoked());
        let gap = earlier.is_some_and(|grant| grant.period.expires_at <= self.now);
        if gap {
            prop_assert_eq!(
                period.from,
                self.now,
                "R13: the time between was never live"
            );
        }
        Ok(())
    }

    /// What holds for a case at any time.
    pub(crate) fn hold_for(&self, id: CaseId) -> Checked {
        let case = self.known(id);
        let (status, expires_at) = case.impersonation(self.now);
        if !case.is_open() {
            prop_assert_eq!(
                (status, expires_at),
                (ImpersonationStatus::Disabled, None),
                "R7"
            );
        }
        match status {
            ImpersonationStatus::Enabled => prop_assert!(expires_at > Some(self.now), "A2"),
            ImpersonationStatus::Disabled => prop_assert!(expires_at <= Some(self.now), "A2"),
            _ => prop_assert_eq!(expires_at, None),
        }
        let blocked = self.state.org(case.org).unwrap().block.is_some();
        if !case.is_open() || blocked || case.awaits_self_assignment() {
            prop_assert!(case.access.live(self.now).is_none(), "R6, R7, R15: {id}");
        }
        if blocked {
            prop_assert!(case.access.unrevoked().is_none(), "R15: {:?}", case.access);
        }
        if !case.is_open() {
            let grant = case.access.unrevoked();
            prop_assert!(grant.is_none(), "R7: {grant:?}");
        }
        for (n, of) in self.sessions.iter().enumerate() {
            if *of == id {
                // The gateway's view is a second fold of the same events: it must not drift.
                let end = case
                    .running(session(n), self.now)
                    .map(|(session, grant)| session.ends_at(grant.period.expires_at));
                let seen = self.view.running_until(session(n), self.now).ok();
                prop_assert_eq!(seen, end, "the live view of {:?}", session(n));
            }
            let Some((running, grant)) = case.running(session(n), self.now) else {
                continue;
            };
            // A3: inside the team, the case and the org.
            prop_assert_eq!(*of, id, "A3");
            prop_assert!(case.is_open() && !blocked, "A3");
            prop_assert!(case.team.contains_key(&running.agent), "A3");
            prop_assert!(self.state.agent_is_active(running.agent), "A3");
            prop_assert!(
                self.state.admin_is_active_in(running.subject, case.org),
                "A3"
            );
            prop_assert_eq!(running.subject, grant.subject, "R8");
            // A2: and never at or after the end.
            let end = running.ends_at(grant.period.expires_at);
            prop_assert!(self.now < end, "A2");
            for late in [0, 1, DAY.as_millis(), 365 * DAY.as_millis()] {
                let at = grant.period.expires_at.plus(Duration::from_millis(late));
                prop_assert!(case.running(session(n), at).is_none(), "A2");
                let at = running.absolute_until.plus(Duration::from_millis(late));
                prop_assert!(case.running(session(n), at).is_none(), "A2");
            }
        }
        Ok(())
    }
}
