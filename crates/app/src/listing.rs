//! Listing cases (R4, R14).

use countersign_domain::{
    Actor, CaseNumber, Email, ImpersonationStatus, Purpose, Refusal, Role, Sight, Slug, State,
    caller_may_act, in_scope,
};
use countersign_store::{CasePage, CaseQuery, Key, StatusFilter, Viewer};

use crate::{App, CaseRead, Failure, app::caller, cases::agent_by_email, orgs::org_by_slug};

/// How many cases are looked at for one page of those that a filter picks.
const LOOKED_AT: usize = 2_000;

/// A page of cases.
#[derive(Clone, Debug)]
pub struct CaseList {
    /// The cases, ascending by number.
    pub cases: Vec<CaseRead>,
    /// Continue after this number; none at the end.
    pub next: Option<CaseNumber>,
}

/// Which cases.
#[derive(Clone, Debug)]
pub struct CaseFilter {
    /// By status.
    pub status: StatusFilter,
    /// Those of this org.
    pub org: Option<Slug>,
    /// Those whose team this agent is on.
    pub agent: Option<Email>,
    /// Those whose impersonation reads so at the moment of the answer.
    pub impersonation: Option<ImpersonationStatus>,
}

impl CaseFilter {
    fn picks_all(&self) -> bool {
        self.org.is_none() && self.agent.is_none() && self.impersonation.is_none()
    }

    fn picks(&self, read: &CaseRead) -> bool {
        let (state, Some(case)) = (read.state(), read.case()) else {
            return false;
        };
        let of_org = |slug: &Slug| state.org(case.org).is_some_and(|org| org.slug == *slug);
        // Whoever sees no team is not told of one.
        let with = |email: &Email| {
            let team = case.team.keys().filter_map(|id| state.agent(*id));
            read.sight == Sight::Full && team.into_iter().any(|agent| agent.email == *email)
        };
        let reads = |status| case.impersonation(read.now).0 == status;
        self.org.as_ref().is_none_or(of_org)
            && self.agent.as_ref().is_none_or(with)
            && self.impersonation.is_none_or(reads)
    }
}

impl App {
    /// The cases of a filter that the caller may see. A page may hold fewer than `limit` and not be
    /// the last.
    ///
    /// # Errors
    /// When the caller may not act at all, or the store does not answer.
    pub async fn find_cases(
        &self,
        actor: Actor,
        filter: &CaseFilter,
        mut after: Option<CaseNumber>,
        limit: usize,
    ) -> Result<CaseList, Failure> {
        if filter.picks_all() {
            return self.cases(actor, filter.status, after, limit).await;
        }
        let mut keys: Vec<_> = caller(actor).into_iter().collect();
        keys.extend(filter.org.clone().map(Key::Slug));
        keys.extend(filter.agent.clone().map(Key::AgentEmail));
        let callers = self.store.load(&keys).await?.state;
        caller_may_act(&callers, &actor)?;
        let viewer = narrowed(&callers, viewer(&callers, actor)?, filter);
        let mut found = vec![];
        let mut looked_at = 0;
        loop {
            let query = CaseQuery {
                viewer,
                status: filter.status,
                after,
                limit,
            };
            let page = self.store.cases(query).await?;
            self.node.wait_effective(page.barrier).await?;
            looked_at += page.cases.len();
            let list = page.into_list(&callers, actor);
            let wanted = limit - found.len();
            let mut picked = list.cases.into_iter().filter(|read| filter.picks(read));
            found.extend(picked.by_ref().take(wanted));
            after = list.next;
            if picked.next().is_some() {
                // There is more in this very page: go on after the last that was taken.
                let last = found.last().and_then(CaseRead::case);
                after = last.map(|case| case.number.clone());
                break;
            }
            if after.is_none() || found.len() == limit || looked_at >= LOOKED_AT {
                break;
            }
        }
        Ok(CaseList {
            cases: found,
            next: after,
        })
    }

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
        Actor::Client { org, .. } => {
            in_scope(&actor, Purpose::ReadCases)?;
            Ok(Viewer::Org(org))
        }
        Actor::Provisioning { .. } => Err(Refusal::OnlyApprovers),
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct),
    }
}

/// An operator's view, narrowed to what the filter asks for anyway.
fn narrowed(state: &State, viewer: Viewer, filter: &CaseFilter) -> Viewer {
    if viewer != Viewer::All {
        return viewer;
    }
    let agent = filter.agent.as_ref();
    let agent = agent.and_then(|email| agent_by_email(state, email));
    let org = filter.org.as_ref();
    let org = org.and_then(|slug| org_by_slug(state, slug).ok());
    match (agent, org) {
        (Some(agent), _) => Viewer::Team(agent),
        (None, Some(org)) => Viewer::Org(org),
        (None, None) => Viewer::All,
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
