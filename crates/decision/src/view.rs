//! The live view: what a decision needs, as of some position, with look-ups that do not grow with
//! orgs, cases or grants.
//!
//! It is folded from events, or made up of what is live at some position and folded on from there;
//! either way it comes out the same. So it keeps of the past only what it is asked for, and of a
//! case only the grant: team and self-assignment are not looked up here, because leaving the team
//! ends the agent's sessions (R5), and becoming or staying unapproved leaves no grant that is live
//! (R6). The store's fence looks at them again in the transaction that records a request.

use std::{
    borrow::Borrow,
    collections::HashSet,
    hash::{Hash, Hasher},
    sync::Arc,
};

use countersign_domain::{
    AdminId, AgentId, CaseId, CaseName, Entrance, GrantId, IdMap, Label, OrgId, Period, SecretHash,
    Session, SessionId, Slug, TeamScope, Upstream,
};

use crate::{
    Rules,
    ended::{Ended, EndedSession},
    index::Index,
};

/// What is live, as of some position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    pub(crate) orgs: IdMap<OrgId, LiveOrg>,
    pub(crate) admins: IdMap<AdminId, LivePerson>,
    pub(crate) agents: IdMap<AgentId, LivePerson>,
    pub(crate) grants: IdMap<CaseId, LiveGrant>,
    pub(crate) sessions: IdMap<SessionId, Arc<LiveSession>>,
    /// Labels are made here: those that come from outside are only looked up, so they cannot be made to
    /// collide.
    pub(crate) labels: HashSet<AtLabel, foldhash::fast::RandomState>,
    pub(crate) ended: Ended,
    pub(crate) granted: Index<OrgId, CaseId>,
    pub(crate) sessions_of_case: Index<CaseId, SessionId>,
    pub(crate) sessions_of_org: Index<OrgId, SessionId>,
    pub(crate) sessions_of_agent: Index<AgentId, SessionId>,
    pub(crate) sessions_of_subject: Index<AdminId, SessionId>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LiveOrg {
    pub(crate) slug: Slug,
    pub(crate) name: Arc<str>,
    pub(crate) blocked: bool,
    pub(crate) upstream: Option<Arc<Upstream>>,
    pub(crate) rules: Arc<Rules>,
}

/// A person as the view knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivePerson {
    /// Their address.
    pub email: Arc<str>,
    /// Their name.
    pub name: Arc<str>,
    /// Whether they may act.
    pub active: bool,
}

/// A grant that has not been revoked; whether it is live is a matter of the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveGrant {
    /// Its id.
    pub id: GrantId,
    /// The org of its case.
    pub org: OrgId,
    /// Which agents it is for, when not for everyone on the team.
    pub pinned: Option<Arc<TeamScope>>,
    /// Its present or last period.
    pub period: Period,
}

impl LiveGrant {
    /// Whether an agent who is on the team may use it (R5).
    #[must_use]
    pub fn admits(&self, agent: AgentId) -> bool {
        self.pinned.as_ref().is_none_or(|team| team.admits(agent))
    }
}

/// A session, as a rule one that nobody and no rule has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSession {
    /// Its case.
    pub case: CaseId,
    /// What that is called.
    pub name: Arc<CaseName>,
    /// Its org.
    pub org: OrgId,
    /// The session.
    pub session: Session,
}

/// A session as its origin's label finds it.
#[derive(Clone, Debug)]
pub(crate) struct AtLabel(pub(crate) Arc<LiveSession>);

impl AtLabel {
    fn label(&self) -> &Label {
        &self.0.session.label
    }
}

impl Borrow<Label> for AtLabel {
    fn borrow(&self) -> &Label {
        self.label()
    }
}

impl Hash for AtLabel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.label().hash(state);
    }
}

impl PartialEq for AtLabel {
    fn eq(&self, other: &Self) -> bool {
        self.label() == other.label()
    }
}

impl Eq for AtLabel {}

impl LiveSession {
    /// The hash of the cookie of the browser that entered, if one has.
    #[must_use]
    pub fn cookie(&self) -> Option<SecretHash> {
        match self.session.entrance {
            Entrance::Entered { cookie } => Some(cookie),
            Entrance::Linked { .. } | Entrance::HandedOver { .. } => None,
        }
    }
}

impl View {
    /// The session of an origin's label.
    #[must_use]
    pub fn session_of_label(&self, label: &Label) -> Option<&Arc<LiveSession>> {
        self.labels.get(label).map(|AtLabel(live)| live)
    }

    /// A session that was at an origin and was ended not long ago: what is still asked under it
    /// belongs on the log as refused (R18).
    #[must_use]
    pub fn ended_at_label(&self, label: &Label) -> Option<&Arc<LiveSession>> {
        self.ended_at(label).map(|ended| &ended.session)
    }

    pub(crate) fn ended_at(&self, label: &Label) -> Option<&EndedSession> {
        self.ended.of_label(label)
    }

    /// A session by id.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&Arc<LiveSession>> {
        self.sessions.get(&id)
    }

    /// The grant of a case that has not been revoked.
    #[must_use]
    pub fn grant(&self, case: CaseId) -> Option<&LiveGrant> {
        self.grants.get(&case)
    }

    /// An org's short name and name.
    #[must_use]
    pub fn org(&self, id: OrgId) -> Option<(&Slug, &Arc<str>)> {
        self.orgs.get(&id).map(|org| (&org.slug, &org.name))
    }

    /// Whether an org has blocked all support access.
    #[must_use]
    pub fn is_blocked(&self, id: OrgId) -> bool {
        self.orgs.get(&id).is_none_or(|org| org.blocked)
    }

    /// Where an org's product is.
    #[must_use]
    pub fn upstream(&self, id: OrgId) -> Option<&Arc<Upstream>> {
        self.orgs.get(&id).and_then(|org| org.upstream.as_ref())
    }

    /// Which requests to an org's product are reads (R17).
    #[must_use]
    pub fn rules(&self, id: OrgId) -> Option<&Arc<Rules>> {
        self.orgs.get(&id).map(|org| &org.rules)
    }

    /// A customer user.
    #[must_use]
    pub fn admin(&self, id: AdminId) -> Option<&LivePerson> {
        self.admins.get(&id)
    }

    /// An agent.
    #[must_use]
    pub fn agent(&self, id: AgentId) -> Option<&LivePerson> {
        self.agents.get(&id)
    }

    /// Every session in the view.
    pub fn sessions(&self) -> impl Iterator<Item = (&SessionId, &Arc<LiveSession>)> {
        self.sessions.iter()
    }
}
