//! Listing cases (R4, R14).

use countersign_domain::{Actor, CaseNumber, Refusal, Role, State, caller_may_act};
use countersign_store::{CasePage, CaseQuery, StatusFilter, Viewer};

use crate::{App, CaseRead, Failure, app::caller};

/// A page of cases.
#[derive(Clone, Debug)]
pub struct CaseList {
    /// The cases, ascending by number.
    pub cases: Vec<CaseRead>,
    /// Continue after this number; none at the end.
    pub next: Option<CaseNumber>,
}

impl App {
    /// The cases that the caller may see.
    ///
    /// # Errors
    /// When the caller may not act at all, or the store does not answer.
    pub async fn cases(
        &self,
        actor: Actor,
        status: StatusFilter,
        after: Option<CaseNumber>,
        limit: usize,
    ) -> Result<CaseList, Failure> {
        let callers = self.store.load(&caller(actor)).await?;
        caller_may_act(&callers.state, &actor)?;
        let viewer = viewer(&callers.state, actor)?;
        let query = CaseQuery {
            viewer,
            status,
            after,
            limit,
        };
        let page = self.store.cases(query).await?;
        self.node.wait_effective(page.barrier).await?;
        Ok(page.into_list(&callers.state, actor))
    }
}

fn viewer(state: &State, actor: Actor) -> Result<Viewer, Refusal> {
    match actor {
        Actor::Operator { .. } => Ok(Viewer::All),
        Actor::Agent { id } => Ok(Viewer::Team(id)),
        Actor::Admin { id, .. } => match state.admin(id) {
            Some(admin) if admin.role == Role::SuperAdmin => Ok(Viewer::Org(admin.org)),
            _ => Ok(Viewer::OpenedBy(id)),
        },
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct),
    }
}

trait IntoList {
    fn into_list(self, callers: &State, actor: Actor) -> CaseList;
}

impl IntoList for CasePage {
    /// Each case is judged once more by the rule itself: the query only preselects.
    fn into_list(self, callers: &State, actor: Actor) -> CaseList {
        let next = self
            .cases
            .last()
            .filter(|_| self.more)
            .and_then(|id| self.state.case(*id))
            .map(|case| case.number.clone());
        let cases = self
            .cases
            .iter()
            .filter_map(|id| {
                let slice = case_slice(&self.state, callers, *id)?;
                CaseRead::new(slice, *id, actor, self.now).ok()
            })
            .collect();
        CaseList { cases, next }
    }
}

/// One case of a page with its org, everyone it mentions, the caller and what they act through.
fn case_slice(page: &State, callers: &State, id: countersign_domain::CaseId) -> Option<State> {
    let case = page.case(id)?;
    let admins = case.admins();
    let agents = case.agents();
    let state = State::from_parts(
        page.org(case.org).cloned(),
        admins
            .iter()
            .filter_map(|id| page.admin(*id))
            .chain(callers.admins())
            .cloned(),
        agents
            .iter()
            .filter_map(|id| page.agent(*id))
            .chain(callers.agents())
            .cloned(),
        [case.clone()],
    );
    Some(state.with_credentials(callers.credentials().copied()))
}
