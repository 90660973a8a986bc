//! What people list.

use countersign_domain::{Case, CaseNumber, OpenedBy, OrgId, Timestamp};
use countersign_store::{
    CasePage, CaseQuery, DirectoryOf, DirectoryPage, DirectoryQuery, ListedSession, SessionPage,
    SessionQuery, SessionsOf, Slice, StatusFilter, Unavailable, Viewer,
    alike::{Parts, Wanted},
};

use super::{Data, Kept, load::reachable};

impl Data {
    pub(super) fn cases(&self, query: &CaseQuery, clock: Timestamp) -> CasePage {
        let seen = |case: &&Case| match query.viewer {
            Viewer::All => true,
            Viewer::Org(org) => case.org == org,
            Viewer::OpenedBy(admin) => case.opened_by.who == OpenedBy::Admin(admin),
            Viewer::Team(agent) => case.team.contains_key(&agent),
        };
        let meant = |case: &&Case| match query.status {
            StatusFilter::Any => true,
            StatusFilter::Open => case.is_open(),
            StatusFilter::Closed => !case.is_open(),
            StatusFilter::Reachable => case.is_open() && reachable(case),
        };
        let after = |case: &&Case| {
            query
                .after
                .as_ref()
                .is_none_or(|after| case.number.as_str() > after.as_str())
        };
        let found = self.state.cases().filter(seen).filter(meant).filter(after);
        let mut cases: Vec<Case> = found.cloned().collect();
        cases.sort_by(|a, b| a.number.as_str().cmp(b.number.as_str()));
        let more = cases.len() > query.limit;
        cases.truncate(query.limit);
        let ids = cases.iter().map(|case| case.id).collect();
        let parts = Parts {
            cases,
            ..Parts::default()
        };
        CasePage {
            state: self.closed(parts).into_state(),
            cases: ids,
            more,
            now: self.now(clock),
            barrier: self.barrier,
        }
    }

    pub(super) fn next_case_number(&mut self) -> Result<CaseNumber, Unavailable> {
        loop {
            self.numbers += 1;
            let number = CaseNumber::parse(&format!("{:08}", self.numbers));
            let number = number.map_err(|error| Unavailable(error.to_string()))?;
            if self.state.cases().all(|case| case.number != number) {
                return Ok(number);
            }
        }
    }

    pub(super) fn running(&self, query: SessionQuery, clock: Timestamp) -> SessionPage {
        let opener = |kept: &Kept| self.state.case(kept.case).map(|case| case.opened_by.who);
        let of = |kept: &&Kept| match query.of {
            SessionsOf::Org(org) => kept.org == org,
            SessionsOf::OpenedBy(admin) => opener(kept) == Some(OpenedBy::Admin(admin)),
            SessionsOf::Agent(agent) => kept.session.agent == agent,
        };
        let running = self.sessions.values().filter(|kept| kept.ended.is_none());
        let after = |kept: &&Kept| query.after.is_none_or(|after| kept.session.id > after);
        let listed = running.filter(of).filter(after).map(|kept| ListedSession {
            session: kept.session.id,
            case: kept.case,
            last_request: kept.last_request,
        });
        let mut sessions: Vec<_> = listed.collect();
        let more = sessions.len() > query.limit;
        sessions.truncate(query.limit);
        let wanted = Wanted {
            cases: sessions.iter().map(|listed| listed.case).collect(),
            ..Wanted::default()
        };
        SessionPage {
            state: self.closed(self.parts(&wanted)).into_state(),
            sessions,
            more,
            now: self.now(clock),
            barrier: self.barrier,
        }
    }

    pub(super) fn directory(&self, org: Option<OrgId>, clock: Timestamp) -> Slice {
        let orgs = self
            .state
            .orgs()
            .filter(|known| org.is_none_or(|org| known.id == org));
        let admins = self
            .state
            .admins()
            .filter(|admin| Some(admin.org) == org && !admin.removed);
        let agents = self.state.agents().filter(|agent| !agent.removed);
        let parts = Parts {
            orgs: orgs.cloned().collect(),
            admins: admins.cloned().collect(),
            agents: agents.cloned().collect(),
            ..Parts::default()
        };
        self.slice(parts, &[], clock)
    }

    pub(super) fn directory_page(&self, query: &DirectoryQuery) -> DirectoryPage {
        let mut parts = Parts::default();
        let more = match query.of {
            DirectoryOf::Orgs => {
                parts.orgs = self.state.orgs().cloned().collect();
                page(&mut parts.orgs, query, |org| org.slug.as_str())
            }
            DirectoryOf::Admins(org) => {
                let admins = self.state.admins().filter(|admin| !admin.removed);
                let of_org = admins.filter(|admin| admin.org == org);
                parts.admins = of_org.cloned().collect();
                page(&mut parts.admins, query, |admin| admin.email.as_str())
            }
            DirectoryOf::Agents => {
                let agents = self.state.agents().filter(|agent| !agent.removed);
                parts.agents = agents.cloned().collect();
                page(&mut parts.agents, query, |agent| agent.email.as_str())
            }
        };
        DirectoryPage {
            state: self.closed(parts).into_state(),
            more,
        }
    }
}

/// Leaves what is on the page; whether there is more.
fn page<T>(all: &mut Vec<T>, query: &DirectoryQuery, by: impl Fn(&T) -> &str) -> bool {
    all.retain(|one| query.after.as_deref().is_none_or(|after| by(one) > after));
    all.sort_by(|a, b| by(a).cmp(by(b)));
    let more = all.len() > query.limit;
    all.truncate(query.limit);
    more
}
