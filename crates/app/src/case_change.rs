//! Several changes to one case that happen together or not at all.

use countersign_domain::{Actor, CaseId, CaseNumber, Command, GrantId, Refusal, Timestamp};
use countersign_store::Key;

use crate::{
    App, Changed, Failure,
    cases::uuid,
    execute::{Plan, case_numbered},
};

/// What a customer admin wants of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseChange {
    /// Whether to approve the self-assigned case (R6). That goes first: nothing can be granted before.
    pub approve_self_assignment: bool,
    /// What to do about impersonation.
    pub impersonation: Option<ImpersonationChange>,
}

/// What to do about impersonation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImpersonationChange {
    /// Tick (R9), and then extend to `until` if it is said (R13).
    Grant {
        /// The explicit expiration.
        until: Option<Timestamp>,
    },
    /// Extend (R13).
    Extend {
        /// The explicit expiration.
        until: Timestamp,
    },
    /// Untick (R12).
    Revoke,
}

impl CaseChange {
    /// Whether it takes access away, and goes before others.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        self.impersonation == Some(ImpersonationChange::Revoke)
    }

    /// One after the other.
    fn commands(self, case: CaseId, grant: GrantId) -> Vec<Command> {
        let extend = |until| Command::Extend {
            case,
            to: Some(until),
        };
        let mut commands = vec![];
        if self.approve_self_assignment {
            commands.push(Command::ApproveSelfAssignment { case });
        }
        match self.impersonation {
            None => {}
            Some(ImpersonationChange::Grant { until }) => {
                commands.push(Command::Grant { case, grant });
                commands.extend(until.map(extend));
            }
            Some(ImpersonationChange::Extend { until }) => commands.push(extend(until)),
            Some(ImpersonationChange::Revoke) => commands.push(Command::Revoke { case }),
        }
        commands
    }
}

impl App {
    /// Changes an open case. All is decided at one moment and appended at once; if any of it is
    /// refused, nothing happens. To this caller a closed case is not there.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn change_case(
        &self,
        actor: Actor,
        number: &CaseNumber,
        change: CaseChange,
    ) -> Result<Changed, Failure> {
        let grant = GrantId::from_uuid(uuid(self));
        let done = self
            .execute(actor, vec![Key::CaseNumber(number.clone())], |slice| {
                let case = case_numbered(&slice.state, number)?;
                if !case.is_open() {
                    return Err(Refusal::CaseClosed.into());
                }
                Ok(Plan {
                    commands: change.commands(case.id, grant),
                    makes: None,
                    credential: None,
                })
            })
            .await;
        match done {
            Ok(done) => Ok(Changed::from_done(done, number, actor)),
            Err(Failure::Refused(Refusal::CaseClosed)) => {
                // That it is closed also says that access is gone, which is said when it is so.
                let read = self.case(actor, number).await?;
                let case = read.case().map(|case| case.id);
                if let Some(command) = case.and_then(|case| change.commands(case, grant).pop()) {
                    let (state, refusal) = (read.state(), Refusal::CaseClosed);
                    self.tried(state, &command, &actor, &refusal, read.now)
                        .await;
                }
                Err(Refusal::CaseNotFound.into())
            }
            Err(failure) => Err(failure),
        }
    }
}
