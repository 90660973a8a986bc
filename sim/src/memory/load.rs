//! Loading slices: what is named, and everything a decision about it looks at.

use countersign_domain::{AgentId, Case, CaseId, Org, OrgId, Slug, StreamId, Timestamp, WayIn};
use countersign_store::{
    Key, ORGS_OF_A_DOMAIN, Slice,
    alike::{Parts, Wanted},
};

use super::{Data, Kept, credentials::owners};

impl Data {
    pub(super) fn load(&self, keys: &[Key], clock: Timestamp) -> Slice {
        let mut wanted = Wanted::default();
        let mut starts = vec![];
        let mut credentials = vec![];
        for key in keys {
            if let Key::Credential(id) = key {
                credentials.extend(self.credential_by(clock, |minted| minted.new.id == *id));
            }
            if let Key::RunningSessions(agent) = key {
                starts.push(*agent);
            }
            self.resolve(key, &mut wanted);
        }
        wanted.extend(owners(&credentials));
        let mut slice = self.slice(self.parts(&wanted), &starts, clock);
        slice.credentials = credentials;
        slice
    }

    fn resolve(&self, key: &Key, wanted: &mut Wanted) {
        let state = &self.state;
        match key {
            Key::Org(id) => _ = wanted.orgs.insert(*id),
            Key::Admin(id) => _ = wanted.admins.insert(*id),
            Key::Agent(id) => _ = wanted.agents.insert(*id),
            Key::Case(id) => _ = wanted.cases.insert(*id),
            Key::Credential(id) => _ = wanted.credentials.insert(*id),
            Key::Slug(slug) => wanted.orgs.extend(self.org_named(slug)),
            Key::Host(host) => {
                let found = state.orgs().filter(|org| org.hosts.contains(host));
                wanted.orgs.extend(found.map(|org| org.id));
            }
            Key::AdminEmail(slug, email) => {
                let org = self.org_named(slug);
                let found = state.admins().filter(|admin| {
                    Some(admin.org) == org && admin.email == *email && !admin.removed
                });
                wanted.admins.extend(found.map(|admin| admin.id));
            }
            Key::AgentEmail(email) => {
                let found = state.agents().filter(|agent| agent.email == *email);
                wanted.agents.extend(found.map(|agent| agent.id));
            }
            Key::AgentKnownBy(subject) => {
                let found = state.agents();
                let found = found.filter(|agent| agent.known_by == Some(*subject));
                wanted.agents.extend(found.map(|agent| agent.id));
            }
            Key::Operator(id) => _ = wanted.operators.insert(*id),
            Key::CaseNumber(number) => {
                let found = state.cases().filter(|case| case.number == *number);
                wanted.cases.extend(found.map(|case| case.id));
            }
            Key::CaseNumbers(numbers) => {
                let found = state.cases().filter(|case| numbers.contains(&case.number));
                wanted.cases.extend(found.map(|case| case.id));
            }
            Key::Session(id) => wanted
                .cases
                .extend(self.sessions.get(id).map(|kept| kept.case)),
            Key::ReachableCases(slug) => {
                let org = self.org_named(slug);
                let found = state
                    .cases()
                    .filter(|case| Some(case.org) == org && reachable(case));
                wanted.cases.extend(found.map(|case| case.id));
            }
            Key::CasesWithSessions(slug) => {
                let org = self.org_named(slug);
                wanted
                    .cases
                    .extend(self.cases_running(|kept| Some(kept.org) == org));
            }
            Key::SubjectSessions(slug, email) => {
                let org = self.org_named(slug);
                let subject = state.admins().find(|admin| {
                    Some(admin.org) == org && admin.email == *email && !admin.removed
                });
                let subject = subject.map(|admin| admin.id);
                wanted
                    .cases
                    .extend(self.cases_running(|kept| Some(kept.session.subject) == subject));
            }
            Key::AgentSessions(email) => {
                let agent = state.agents().find(|agent| agent.email == *email);
                let agent = agent.map(|agent| agent.id);
                wanted
                    .cases
                    .extend(self.cases_running(|kept| Some(kept.session.agent) == agent));
            }
            Key::RunningSessions(agent) => {
                wanted
                    .cases
                    .extend(self.cases_running(|kept| kept.session.agent == *agent));
            }
            Key::MailDomain(domain) => {
                let speaks = |org: &&Org| {
                    let mut issuers = org.issuers.iter();
                    issuers.any(|issuer| issuer.said.domains.contains(domain))
                };
                let found = state.orgs().filter(speaks).take(ORGS_OF_A_DOMAIN);
                wanted.orgs.extend(found.map(|org| org.id));
            }
            Key::Keyholders(slug) => {
                let Some(org) = self.org_named(slug) else {
                    return;
                };
                let admins = state.admins().filter(|admin| admin.org == org);
                wanted.admins.extend(admins.map(|admin| admin.id));
                let keys = state
                    .credentials()
                    .filter(|one| one.org == org)
                    .filter(|one| matches!(one.way, WayIn::Passkey | WayIn::OpenId));
                wanted.credentials.extend(keys.map(|key| key.id));
            }
        }
    }

    fn org_named(&self, slug: &Slug) -> Option<OrgId> {
        self.state
            .orgs()
            .find(|org| org.slug == *slug)
            .map(|org| org.id)
    }

    fn cases_running(&self, which: impl Fn(&Kept) -> bool) -> impl Iterator<Item = CaseId> {
        let running = self.sessions.values().filter(|kept| kept.ended.is_none());
        running
            .filter(move |kept| which(kept))
            .map(|kept| kept.case)
    }

    pub(super) fn parts(&self, wanted: &Wanted) -> Parts {
        let state = &self.state;
        Parts {
            orgs: wanted
                .orgs
                .iter()
                .filter_map(|id| state.org(*id).cloned())
                .collect(),
            admins: wanted
                .admins
                .iter()
                .filter_map(|id| state.admin(*id).cloned())
                .collect(),
            agents: wanted
                .agents
                .iter()
                .filter_map(|id| state.agent(*id).cloned())
                .collect(),
            cases: wanted
                .cases
                .iter()
                .filter_map(|id| state.case(*id).cloned())
                .collect(),
            credentials: wanted
                .credentials
                .iter()
                .filter_map(|id| state.credential(*id).copied())
                .collect(),
            operators: wanted
                .operators
                .iter()
                .filter_map(|id| state.operator(*id).cloned())
                .collect(),
        }
    }

    /// Brings in what these mention, and what that mentions.
    pub(super) fn closed(&self, mut parts: Parts) -> Parts {
        let mut held = Wanted::default();
        held.orgs.extend(parts.orgs.iter().map(|org| org.id));
        held.admins
            .extend(parts.admins.iter().map(|admin| admin.id));
        held.agents
            .extend(parts.agents.iter().map(|agent| agent.id));
        held.cases.extend(parts.cases.iter().map(|case| case.id));
        held.credentials
            .extend(parts.credentials.iter().map(|one| one.id));
        held.operators
            .extend(parts.operators.iter().map(|one| one.credential));
        loop {
            let missing = parts.mentioned().without(&held);
            if missing.is_empty() {
                return parts;
            }
            parts.extend(self.parts(&missing));
            held.extend(missing);
        }
    }

    pub(super) fn slice(&self, parts: Parts, starts: &[AgentId], clock: Timestamp) -> Slice {
        let running = self.sessions.values().filter(|kept| kept.ended.is_none());
        let own = running.filter(|kept| starts.contains(&kept.session.agent));
        let last_requests = own.map(|kept| (kept.session.id, kept.last_request));
        let state = self
            .closed(parts)
            .into_state()
            .with_last_requests(last_requests);
        let streams = state
            .orgs()
            .map(|org| StreamId::Org(org.id))
            .chain(state.admins().map(|admin| StreamId::Admin(admin.id)))
            .chain(state.agents().map(|agent| StreamId::Agent(agent.id)))
            .chain(state.cases().map(|case| StreamId::Case(case.id)))
            .chain(starts.iter().copied().map(StreamId::Starts))
            .chain([StreamId::Operators]);
        let versions = streams
            .map(|stream| (stream, self.version(stream)))
            .collect();
        Slice {
            state,
            credentials: vec![],
            versions,
            now: self.now(clock),
            head: self.head(),
            barrier: self.barrier,
        }
    }
}

/// Whether a grant or a session in it could still end.
pub(super) fn reachable(case: &Case) -> bool {
    case.access.unrevoked().is_some() || !case.sessions.is_empty()
}
