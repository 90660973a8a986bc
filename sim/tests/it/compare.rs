//! Each command is judged twice and the two judgements must agree; so must what everyone reads
//! afterwards.

use countersign_domain::{
    Actor, CaseId, Command, Duration, Label, RefusalKind, SecretHash, Sight, Timestamp, approver,
    counts, decide, sees_case,
};
use countersign_sim::reference::{Ground, Sees};
use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};

use crate::{
    situations,
    world::{LIMITS, World, agents, case, session},
};

type Checked = Result<(), TestCaseError>;

impl World {
    /// Judges the command by both statements and lets what both allow happen. Whether it was
    /// allowed.
    pub(crate) fn judge(&mut self, actor: Actor, command: &Command) -> Result<bool, TestCaseError> {
        let verdict = decide(&self.state, command, &actor, self.now);
        let expected = self.history.past().judge(command, actor, self.now);
        let asked = format!("{actor:?} {command:?} at {:?}", self.now);
        situations::note(self, actor, command, &verdict);
        match (verdict, expected) {
            (Ok(events), Ok(facts)) => {
                let matters = matches!(
                    command,
                    Command::Grant { .. }
                        | Command::Extend { .. }
                        | Command::Revoke { .. }
                        | Command::RequestAccess { .. }
                        | Command::StartSession { .. }
                        | Command::ApproveSelfAssignment { .. }
                        | Command::WithdrawSelfAssignment { .. }
                        | Command::CloseCase { .. }
                        | Command::ReopenCase { .. }
                        | Command::SetAdminActive { .. }
                        | Command::SignIn
                        | Command::Accept { .. }
                        | Command::Refuse { .. }
                );
                if matters {
                    prop_assert_eq!(
                        events.is_empty(),
                        facts.is_empty(),
                        "{}: {:?}",
                        asked,
                        events
                    );
                }
                let before = self.state.clone();
                self.happen(actor, events.clone());
                self.hold_at_the_act(&before, actor, command, &events)?;
                self.history.record(facts);
                if let Command::SetRole { .. }
                | Command::SetAdminActive { .. }
                | Command::MintCredential { .. }
                | Command::RegisterPasskey { .. }
                | Command::RemovePasskey { .. }
                | Command::SignIn
                | Command::Accept { .. }
                | Command::Refuse { .. } = command
                {
                    self.agree_on_claims()?;
                }
                Ok(true)
            }
            (Err(refusal), Err(grounds)) => {
                let kinds: Vec<RefusalKind> = grounds.iter().map(|g| g.kind()).collect();
                prop_assert!(
                    kinds.contains(&refusal.kind()),
                    "{asked}: {refusal:?}, not {grounds:?}"
                );
                // What is not the caller's to see gives itself away by no other refusal.
                if grounds.contains(&Ground::NotYoursToSee) {
                    prop_assert!(
                        matches!(
                            refusal.kind(),
                            RefusalKind::NotFound | RefusalKind::Forbidden
                        ),
                        "{asked}: {refusal:?}"
                    );
                }
                Ok(false)
            }
            (verdict, expected) => Err(TestCaseError::fail(format!(
                "{asked}: the domain says {verdict:?}, the document {expected:?}"
            ))),
        }
    }

    /// What can be read now, and what will be read around the next expirations if nobody does
    /// anything more.
    pub(crate) fn agree_on_the_world(&self) -> Checked {
        if !self.compares {
            return Ok(());
        }
        for n in 0..self.cases {
            let id = case(n);
            let mut moments = vec![self.now];
            if let Some(grant) = self.known(id).access.unrevoked() {
                let expires_at = grant.period.expires_at;
                let around = [-1, 0, 1].map(|ms| expires_at.plus(Duration::from_millis(ms)));
                moments.extend(around.into_iter().filter(|at| *at > self.now));
            }
            for at in moments {
                self.agree_on(id, at)?;
            }
            self.agree_on_sight(id)?;
            self.hold_for(id)?;
        }
        for (n, of) in self.sessions.iter().enumerate() {
            let running = self.known(*of).running(session(n), self.now).is_some();
            let expected = self.history.past().is_running(session(n), self.now);
            prop_assert_eq!(running, expected, "session {} at {:?}", n, self.now);
        }
        Ok(())
    }

    /// Whose word counts (R3); only some commands change that.
    pub(crate) fn agree_on_claims(&self) -> Checked {
        for actor in self.every_way() {
            prop_assert_eq!(
                counts(&self.state, &actor).is_ok(),
                self.history.past().acts_for_the_customer(actor),
                "R3: {:?}",
                actor
            );
        }
        self.nobody_is_locked_out()
    }

    fn agree_on(&self, id: CaseId, at: Timestamp) -> Checked {
        let past = self.history.past();
        let known = self.known(id);
        prop_assert_eq!(
            known.impersonation(at),
            past.impersonation(id, at),
            "{} at {:?}",
            id,
            at
        );
        prop_assert_eq!(known.access.live(at).is_some(), past.is_live(id, at));
        for agent in agents() {
            let start = Command::StartSession {
                case: id,
                session: session(self.sessions.len()),
                label: Label::parse("probe").unwrap(),
                token: SecretHash::from_bytes([1; 32]),
                code: SecretHash::from_bytes([2; 32]),
                limits: LIMITS,
            };
            let let_in = decide(&self.state, &start, &Actor::Agent { id: agent }, at).is_ok();
            let room = past.running_of(agent, at) < LIMITS.per_agent as usize;
            let expected = past.has_access(agent, id, at) && room;
            prop_assert_eq!(let_in, expected, "{} on {} at {:?}", agent, id, at);
        }
        Ok(())
    }

    /// What does not hang on the clock.
    fn agree_on_sight(&self, id: CaseId) -> Checked {
        let past = self.history.past();
        let known = self.known(id);
        prop_assert_eq!(known.self_assignment_status(), past.self_assignment(id));
        let listed = known.is_open() && known.access.request().is_some();
        prop_assert_eq!(listed, past.is_listed(id), "R14: {}", id);
        let org = self.state.org(known.org).unwrap();
        for admin in self.state.admins() {
            let approves = approver(org, known, admin).is_ok();
            prop_assert_eq!(
                approves,
                past.could_approve(admin.id, id),
                "{} on {}",
                admin.id,
                id
            );
        }
        for actor in self.everyone() {
            let expected = match past.sees(actor, id) {
                Sees::Nothing => Sight::Nothing,
                Sees::Statuses => Sight::Outline,
                Sees::All => Sight::Full,
            };
            let sight = sees_case(&self.state, known, &actor);
            prop_assert_eq!(sight, expected, "{:?} on {}", actor, id);
        }
        Ok(())
    }
}
