//! Looking back at what support did, for those who may (R4, R5).

mod about;
mod export;
mod live;
mod named;
mod report;

use countersign_domain::{
    Actor, AgentId, Case, CaseNumber, Email, HistorySight, OrgId, Refusal, SessionId, Sight, Slug,
    State, Timestamp, caller_may_act, sees_case, sees_case_history, sees_history,
};
use countersign_store::{
    HistoryFilter, HistoryOrder, HistoryPage, HistoryQuery, Key, Requests, Search, Slice,
};
use uuid::Uuid;

pub use about::{ActAbout, Named, RowNames};
pub use export::Export;
pub use live::{InNow, Live};
pub use named::RulesSince;
pub use report::{CaseReport, LogPlace, ReportPart, ReportedRequest, SessionReport};

use crate::{App, Failure, app::caller, execute::case_numbered, orgs::org_by_slug};

/// The id of no agent. What is looked up by an address that nobody has is looked up by it, and answered as
/// for somebody who never had to do with the org: an answer that told the two apart would tell who works for
/// the vendor.
const NOBODY: AgentId = AgentId::from_uuid(Uuid::nil());

/// Whose history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryOf {
    /// An org's.
    Org(Slug),
    /// A case's.
    Case(CaseNumber),
}

/// Which rows somebody asks for. What is left out does not narrow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryAsk {
    /// About this case.
    pub case: Option<CaseNumber>,
    /// By or about this agent.
    pub agent: Option<Email>,
    /// About or under this session.
    pub session: Option<SessionId>,
    /// Of one of these kinds; empty for all.
    pub kinds: Vec<&'static str>,
    /// Requests of this sort and nothing else.
    pub requests: Option<Requests>,
    /// With these words.
    pub search: Option<Search>,
    /// Recorded at this moment or later.
    pub from: Option<Timestamp>,
    /// Recorded before this moment.
    pub to: Option<Timestamp>,
}

impl App {
    /// A page of a history, as much of it as the caller may see: of an org's, super admins all and
    /// admins what is about the cases they opened; of a case's, admins who see the case all, and
    /// agents on its team what they did themself. Judged anew for each page (R2).
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn history(
        &self,
        actor: Actor,
        of: &HistoryOf,
        ask: &HistoryAsk,
        order: HistoryOrder,
        after: Option<u64>,
        limit: usize,
    ) -> Result<HistoryPage, Failure> {
        let asked = self.ask(actor, of, ask).await?;
        let query = HistoryQuery {
            org: asked.org,
            filter: asked.filter,
            order,
            after,
            limit,
        };
        let page = self.store.history(query).await?;
        // A row may say that access is gone (R12).
        self.node.wait_effective(page.barrier).await?;
        Ok(page)
    }

    /// The agents who appear in an org's history, as far as the caller may see it, by name.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn agents_in_history(&self, actor: Actor, org: &Slug) -> Result<Vec<Named>, Failure> {
        let mut keys = vec![Key::Slug(org.clone())];
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        let (org, sight) = org_history(&slice.state, org, actor)?;
        let opened_by = match sight {
            HistorySight::All => None,
            HistorySight::OpenedBy(admin) => Some(admin),
            HistorySight::Own(_) => return Ok(vec![]),
        };
        let agents = self.store.agents_in_history(org, opened_by).await?;
        let keys: Vec<Key> = agents.into_iter().map(Key::Agent).collect();
        let state = self.store.load(&keys).await?.state;
        let mut named: Vec<Named> = state.agents().map(Named::of_agent).collect();
        named.sort_by(|one, other| (&one.name, &one.email).cmp(&(&other.name, &other.email)));
        Ok(named)
    }

    /// Whose session it is or was, and for which case: for who sees all of the case.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn session_in_history(
        &self,
        actor: Actor,
        session: SessionId,
    ) -> Result<(Named, CaseNumber), Failure> {
        let mut keys = vec![Key::Session(session)];
        keys.extend(caller(actor));
        let state = self.store.load(&keys).await?.state;
        caller_may_act(&state, &actor)?;
        let case = case_of(&state, session)
            .filter(|case| sees_case(&state, case, &actor) == Sight::Full)
            .ok_or(Refusal::SessionNotFound)?;
        let running = case.sessions.get(&session).map(|running| running.agent);
        let ended = || Some(case.ended_sessions.get(&session)?.agent);
        let agent = running.or_else(ended).ok_or(Refusal::SessionNotFound)?;
        let known = self.store.load(&[Key::Agent(agent)]).await?.state;
        let agent = known.agent(agent).ok_or(Refusal::SessionNotFound)?;
        Ok((Named::of_agent(agent), case.number.clone()))
    }

    /// What the caller may see of what they ask for.
    async fn ask(&self, actor: Actor, of: &HistoryOf, ask: &HistoryAsk) -> Result<Asked, Failure> {
        let mut keys = vec![match of {
            HistoryOf::Org(slug) => Key::Slug(slug.clone()),
            HistoryOf::Case(number) => Key::CaseNumber(number.clone()),
        }];
        keys.extend(ask.case.clone().map(Key::CaseNumber));
        keys.extend(ask.agent.clone().map(Key::AgentEmail));
        keys.extend(ask.session.map(Key::Session));
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        Ok(judged(&slice, actor, of, ask)?)
    }
}

/// A history that the caller may see.
struct Asked {
    org: OrgId,
    filter: HistoryFilter,
}

fn judged(slice: &Slice, actor: Actor, of: &HistoryOf, ask: &HistoryAsk) -> Result<Asked, Refusal> {
    let state = &slice.state;
    let mut filter = HistoryFilter {
        kinds: ask.kinds.clone(),
        search: ask.search.clone(),
        session: ask.session,
        requests: ask.requests,
        from: ask.from,
        to: ask.to,
        ..HistoryFilter::default()
    };
    let (org, sight) = match of {
        HistoryOf::Org(slug) => org_history(state, slug, actor)?,
        HistoryOf::Case(number) => {
            let case = case_numbered(state, number)?;
            filter.case = Some(case.id);
            (case.org, sees_case_history(state, case, &actor)?)
        }
    };
    let theirs = |case: &Case| case.org == org && sees_case(state, case, &actor) == Sight::Full;
    if let Some(number) = &ask.case {
        let case = case_numbered(state, number)?;
        if !theirs(case) || filter.case.is_some_and(|id| id != case.id) {
            return Err(Refusal::CaseNotFound);
        }
        filter.case = Some(case.id);
    }
    if let Some(session) = ask.session {
        let case = case_of(state, session).filter(|case| theirs(case));
        case.ok_or(Refusal::SessionNotFound)?;
    }
    if let Some(email) = &ask.agent {
        let agent = state.agents().find(|agent| agent.email == *email);
        filter.agent = Some(agent.map_or(NOBODY, |agent| agent.id));
    }
    match sight {
        HistorySight::All => {}
        HistorySight::OpenedBy(admin) => filter.opened_by = Some(admin),
        HistorySight::Own(agent) if filter.agent.is_none_or(|asked| asked == agent) => {
            filter.own = Some(agent);
        }
        HistorySight::Own(_) => return Err(Refusal::PersonNotFound),
    }
    Ok(Asked { org, filter })
}

/// An org whose history the caller sees. Who sees none of any is not told which there are.
fn org_history(state: &State, slug: &Slug, actor: Actor) -> Result<(OrgId, HistorySight), Refusal> {
    let (Actor::Admin { .. } | Actor::Client { .. }) = actor else {
        return Err(Refusal::OnlyApprovers);
    };
    let org = org_by_slug(state, slug)?;
    Ok((org, sees_history(state, org, &actor)?))
}

fn case_of(state: &State, session: SessionId) -> Option<&Case> {
    state.cases().find(|case| {
        case.sessions.contains_key(&session) || case.ended_sessions.contains_key(&session)
    })
}
