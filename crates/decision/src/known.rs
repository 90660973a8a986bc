//! Making a view of what is live at some position, part by part, in any order.

use std::sync::Arc;

use countersign_domain::{
    Admin, Agent, CaseId, EndedSession, Grant, Org, OrgId, PersonName, Slug, Upstream,
};

use crate::{
    LiveGrant, LivePerson, LiveSession, Rules, View,
    ended::{self, EndedSession as Ended},
    view::{AtLabel, LiveOrg},
};

impl View {
    /// How many of the sessions that were ended last are remembered.
    pub const ENDED: usize = ended::KEPT;

    /// Takes an org in.
    pub fn know_org(&mut self, org: &Org) {
        let live = LiveOrg::new(org.slug.clone(), &org.name);
        self.orgs.insert(org.id, live);
        if let Some(live) = self.orgs.get_mut(&org.id) {
            live.blocked = org.block.is_some();
            if let Some(upstream) = &org.upstream {
                live.goes_to(upstream);
            }
        }
    }

    /// Takes a customer user in.
    pub fn know_admin(&mut self, admin: &Admin) {
        let person = LivePerson::new(admin.email.as_str(), admin.name.as_str(), admin.active);
        self.admins.insert(admin.id, person);
    }

    /// Takes an agent in.
    pub fn know_agent(&mut self, agent: &Agent) {
        let person = LivePerson::new(agent.email.as_str(), agent.name.as_str(), agent.active);
        self.agents.insert(agent.id, person);
    }

    /// Takes in the grant of a case that has not been revoked.
    pub fn know_grant(&mut self, case: CaseId, org: OrgId, grant: &Grant) {
        self.grants.insert(case, LiveGrant::new(org, grant));
        self.granted.insert(org, case);
    }

    /// Takes in a session that nobody and no rule has ended.
    pub fn know_session(&mut self, live: LiveSession) {
        let live = Arc::new(live);
        let session = &live.session;
        self.labels.replace(AtLabel(Arc::clone(&live)));
        self.sessions_of_case.insert(live.case, session.id);
        self.sessions_of_org.insert(live.org, session.id);
        self.sessions_of_agent.insert(session.agent, session.id);
        self.sessions_of_subject.insert(session.subject, session.id);
        self.sessions.insert(session.id, Arc::clone(&live));
    }

    /// Takes in a session that was ended.
    pub fn know_ended(&mut self, session: Arc<LiveSession>, end: EndedSession) {
        let why = end.why;
        self.ended.keep(end.at, Ended { session, why });
    }
}

impl LiveOrg {
    pub(crate) fn new(slug: Slug, name: &PersonName) -> Self {
        Self {
            slug,
            name: name.as_str().into(),
            blocked: false,
            upstream: None,
            rules: Arc::default(),
        }
    }

    pub(crate) fn goes_to(&mut self, upstream: &Upstream) {
        self.rules = Arc::new(Rules::new(upstream.mode, &upstream.routes));
        self.upstream = Some(Arc::new(upstream.clone()));
    }
}

impl LivePerson {
    pub(crate) fn new(email: &str, name: &str, active: bool) -> Self {
        Self {
            email: email.into(),
            name: name.into(),
            active,
        }
    }
}

impl LiveGrant {
    fn new(org: OrgId, grant: &Grant) -> Self {
        Self {
            id: grant.id,
            org,
            pinned: grant.team.pinned.then(|| Arc::new(grant.team.clone())),
            period: grant.period,
        }
    }
}
