//! What a session is, in words for the person who is in it.

use std::sync::Arc;

use countersign_domain::{CaseNumber, EndedWhy, Label, Title};

use crate::{LivePerson, LiveSession, View};

/// What a session is: whose tenant, for which case, who acts as whom.
#[derive(Clone, Debug)]
pub struct About {
    /// The org's name.
    pub org: Arc<str>,
    /// The case's number.
    pub case_number: CaseNumber,
    /// The case's title, as somebody wrote it.
    pub case_title: Title,
    /// Who acts.
    pub agent: LivePerson,
    /// As whom.
    pub subject: LivePerson,
    /// How many kinds of requests that could change something pass because they are declared harmless.
    pub declared: usize,
}

impl View {
    /// What a session is, also one that has ended.
    #[must_use]
    pub fn about(&self, live: &LiveSession) -> Option<About> {
        let (_, org) = self.org(live.org)?;
        let upstream = self.orgs.get(&live.org)?.upstream.as_ref();
        Some(About {
            org: Arc::clone(org),
            case_number: live.name.number.clone(),
            case_title: live.name.title.clone(),
            agent: self.agent(live.session.agent)?.clone(),
            subject: self.admin(live.session.subject)?.clone(),
            declared: upstream.map_or(0, |upstream| upstream.routes.declared_harmless()),
        })
    }

    /// Why the session that was at an origin was ended, if that is still known.
    #[must_use]
    pub fn ended_why(&self, label: &Label) -> Option<EndedWhy> {
        self.ended_at(label).map(|ended| ended.why)
    }
}
