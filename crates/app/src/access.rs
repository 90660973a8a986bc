//! Asking, granting, extending, revoking, and approving self-assigned cases (R6, R8–R13).

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, CaseId, CaseNumber, Command, Email, GrantId, Justification, Refusal, Sight, Timestamp,
    sees_case,
};
use countersign_store::{Key, LivePart};

use crate::{
    App, CaseRead, Changed, Failure,
    cases::{admin_by_email, uuid},
    execute::case_numbered,
};

impl App {
    /// Asks for access (R8).
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn request_access(
        &self,
        actor: Actor,
        number: &CaseNumber,
        justification: Justification,
        subject: Option<Email>,
    ) -> Result<Changed, Failure> {
        let mut keys = vec![Key::CaseNumber(number.clone())];
        if let Some(subject) = &subject {
            // The address means something in the case's own org only, and to whoever sees the case.
            let slug = match self.case(actor, number).await {
                Ok(seen) => {
                    let org = seen.case().and_then(|case| seen.state().org(case.org));
                    Some(org.ok_or(Refusal::CaseNotFound)?.slug.clone())
                }
                Err(Failure::Refused(_)) => None,
                Err(failure) => return Err(failure),
            };
            keys.extend(slug.map(|slug| Key::AdminEmail(slug, subject.clone())));
        }
        let done = self
            .execute(actor, keys, |slice| {
                let case = case_numbered(&slice.state, number)?;
                // Whoever may not ask is told so before the address tells who is an admin there.
                let asks = matches!(actor, Actor::Agent { .. })
                    && sees_case(&slice.state, case, &actor) != Sight::Nothing;
                let subject = subject
                    .as_ref()
                    .filter(|_| asks)
                    .map(|email| {
                        admin_by_email(&slice.state, case.org, email).ok_or(Refusal::SubjectUnknown)
                    })
                    .transpose()?;
                Ok(Command::RequestAccess {
                    case: case.id,
                    justification: justification.clone(),
                    subject,
                }
                .into())
            })
            .await?;
        Ok(Changed::from_done(done, number, actor))
    }

    /// Takes an ungranted request back (R8).
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn withdraw_request(
        &self,
        actor: Actor,
        number: &CaseNumber,
    ) -> Result<Changed, Failure> {
        self.on_case(actor, number, |case| Command::WithdrawRequest { case })
            .await
    }

    /// Ticks what the approver was shown: `as_shown` judges the case in the moment of the decision,
    /// so that nothing slips in between the look and the tick (R8).
    ///
    /// # Errors
    /// `ChangedSinceShown`, another refusal, or the store does not answer.
    pub async fn grant_as_shown(
        &self,
        actor: Actor,
        number: &CaseNumber,
        as_shown: impl Fn(&CaseRead) -> bool + Send + Sync,
    ) -> Result<Changed, Failure> {
        let grant = GrantId::from_uuid(uuid(self));
        let command = |case| Command::Grant { case, grant };
        self.on_case_as_shown(actor, number, as_shown, command)
            .await
    }

    /// Extends by a day what the approver was shown.
    ///
    /// # Errors
    /// `ChangedSinceShown`, another refusal, or the store does not answer.
    pub async fn extend_as_shown(
        &self,
        actor: Actor,
        number: &CaseNumber,
        as_shown: impl Fn(&CaseRead) -> bool + Send + Sync,
    ) -> Result<Changed, Failure> {
        let command = |case| Command::Extend { case, to: None };
        self.on_case_as_shown(actor, number, as_shown, command)
            .await
    }

    /// Approves the self-assigned case that the approver was shown.
    ///
    /// # Errors
    /// `ChangedSinceShown`, another refusal, or the store does not answer.
    pub async fn approve_self_assignment_as_shown(
        &self,
        actor: Actor,
        number: &CaseNumber,
        as_shown: impl Fn(&CaseRead) -> bool + Send + Sync,
    ) -> Result<Changed, Failure> {
        let command = |case| Command::ApproveSelfAssignment { case };
        self.on_case_as_shown(actor, number, as_shown, command)
            .await
    }

    async fn on_case_as_shown(
        &self,
        actor: Actor,
        number: &CaseNumber,
        as_shown: impl Fn(&CaseRead) -> bool + Send + Sync,
        command: impl Fn(CaseId) -> Command + Send + Sync,
    ) -> Result<Changed, Failure> {
        let done = self
            .execute(actor, vec![Key::CaseNumber(number.clone())], |slice| {
                let id = case_numbered(&slice.state, number)?.id;
                let read = CaseRead::new(slice.state.clone(), id, actor, slice.now)?;
                if !as_shown(&read) {
                    return Err(Refusal::ChangedSinceShown.into());
                }
                Ok(command(id).into())
            })
            .await?;
        Ok(Changed::from_done(done, number, actor))
    }

    /// Ticks (R9). Ticking again while live changes nothing (R10).
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn grant(&self, actor: Actor, number: &CaseNumber) -> Result<Changed, Failure> {
        let grant = GrantId::from_uuid(uuid(self));
        self.on_case(actor, number, |case| Command::Grant { case, grant })
            .await
    }

    /// Extends by a day from now, or to an explicit expiration (R13).
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn extend(
        &self,
        actor: Actor,
        number: &CaseNumber,
        to: Option<Timestamp>,
    ) -> Result<Changed, Failure> {
        self.on_case(actor, number, |case| Command::Extend { case, to })
            .await
    }

    /// Unticks; returns when no process lets another request through (R12). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn revoke(&self, actor: Actor, number: &CaseNumber) -> Result<Changed, Failure> {
        self.on_case(actor, number, |case| Command::Revoke { case })
            .await
    }

    /// Ends all access there is, when the database may have lost that some of it was taken away (A7). Answers
    /// with how many grants have ended.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn end_all_after_loss(&self, actor: Actor) -> Result<usize, Failure> {
        let mut cases = BTreeSet::new();
        let mut take = |part| {
            if let LivePart::Grant { case, .. } = part {
                cases.insert(case);
            }
        };
        self.store().live(0, &mut take).await?;
        for case in &cases {
            let command = Command::EndAfterLoss { case: *case };
            self.execute(actor, vec![Key::Case(*case)], |_| {
                Ok(command.clone().into())
            })
            .await?;
        }
        Ok(cases.len())
    }

    /// Approves a self-assigned case (R6). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn approve_self_assignment(
        &self,
        actor: Actor,
        number: &CaseNumber,
    ) -> Result<Changed, Failure> {
        self.on_case(actor, number, |case| Command::ApproveSelfAssignment {
            case,
        })
        .await
    }

    /// Withdraws that approval; a live grant ends with it (R6). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn withdraw_self_assignment(
        &self,
        actor: Actor,
        number: &CaseNumber,
    ) -> Result<Changed, Failure> {
        self.on_case(actor, number, |case| Command::WithdrawSelfAssignment {
            case,
        })
        .await
    }
}
