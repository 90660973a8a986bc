//! Who works on a case (R4, R5).

use countersign_domain::{
    Actor, AgentId, CaseId, CaseNumber, Command, Email, Refusal, Sight, sees_case,
};
use countersign_store::{Key, Slice};

use crate::{App, Changed, Failure, cases::agent_by_email, execute::case_numbered};

impl App {
    /// Associates an agent with a case. Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn join_team(
        &self,
        actor: Actor,
        number: &CaseNumber,
        agent: &Email,
    ) -> Result<Changed, Failure> {
        self.on_team(actor, number, agent, |case, agent| Command::JoinTeam {
            case,
            agent,
        })
        .await
    }

    /// Takes an agent off a case; that agent's sessions end at once (R5). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn leave_team(
        &self,
        actor: Actor,
        number: &CaseNumber,
        agent: &Email,
    ) -> Result<Changed, Failure> {
        self.on_team(actor, number, agent, |case, agent| Command::LeaveTeam {
            case,
            agent,
        })
        .await
    }

    async fn on_team(
        &self,
        actor: Actor,
        number: &CaseNumber,
        agent: &Email,
        command: impl Fn(CaseId, AgentId) -> Command + Send + Sync,
    ) -> Result<Changed, Failure> {
        let keys = vec![
            Key::CaseNumber(number.clone()),
            Key::AgentEmail(agent.clone()),
        ];
        let done = self
            .execute(actor, keys, |slice| {
                let case = case_numbered(&slice.state, number)?.id;
                let agent = may_name_agents(slice, case, actor).and_then(|()| {
                    agent_by_email(&slice.state, agent).ok_or(Refusal::AgentUnknown)
                })?;
                Ok(command(case, agent).into())
            })
            .await?;
        Ok(Changed::from_done(done, number, actor))
    }
}

/// Whoever may not change teams is told so before they learn who is an agent here.
fn may_name_agents(slice: &Slice, case: CaseId, actor: Actor) -> Result<(), Refusal> {
    let seen = slice
        .state
        .case(case)
        .is_some_and(|case| sees_case(&slice.state, case, &actor) != Sight::Nothing);
    match actor {
        Actor::Operator { .. } => Ok(()),
        _ if seen => Err(Refusal::TeamIsForOperators),
        _ => Err(Refusal::CaseNotFound),
    }
}
