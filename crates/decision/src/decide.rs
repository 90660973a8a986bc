//! The decision: session, grant, period, people and effect, at one moment (R16, R17, R19).

use std::sync::Arc;

use countersign_domain::{
    CaseId, CaseNumber, OrgId, Session, SessionId, Slug, Timestamp, Title, Upstream,
};

use crate::{Effect, View};

/// A request that may go on, with everything needed to send it.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The session it is under.
    pub session: Arc<Session>,
    /// The org.
    pub org: OrgId,
    /// The org's short name.
    pub org_slug: Slug,
    /// The case.
    pub case: CaseId,
    /// The case's number.
    pub case_number: CaseNumber,
    /// The case's title.
    pub case_title: Title,
    /// Where it goes.
    pub upstream: Arc<Upstream>,
    /// The agent's address.
    pub agent_email: Arc<str>,
    /// The subject's address.
    pub subject_email: Arc<str>,
    /// The first moment it would not be allowed by the clock.
    pub until: Timestamp,
}

/// May it go on?
#[derive(Clone, Debug)]
pub enum Decision {
    /// Yes, as known now.
    Allow(Box<Allowed>),
    /// No.
    Deny(Denial),
}

/// Why a request may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Denial {
    /// There is no such session, or it was ended.
    SessionOver,
    /// Access to the case is not live.
    AccessNotLive,
    /// It would, or could, change something (R17).
    NotARead(Effect),
    /// The org has no upstream.
    NoUpstream,
}

impl Denial {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SessionOver => "session_over",
            Self::AccessNotLive => "access_not_live",
            Self::NotARead(effect) => effect.code(),
            Self::NoUpstream => "no_upstream",
        }
    }
}

/// Judges a request with `effect` under `session` at `now`.
#[must_use]
pub fn decide_access(view: &View, session: SessionId, effect: Effect, now: Timestamp) -> Decision {
    match allowed(view, session, now) {
        Err(denial) => Decision::Deny(denial),
        Ok(_) if effect != Effect::Read => Decision::Deny(Denial::NotARead(effect)),
        Ok(allowed) => Decision::Allow(Box::new(allowed)),
    }
}

impl View {
    /// Whether the session gives access at `now`, whatever is asked for.
    #[must_use]
    pub fn is_running(&self, session: SessionId, now: Timestamp) -> bool {
        self.running_until(session, now).is_ok()
    }

    /// The first moment at which the clock alone would end the session.
    ///
    /// # Errors
    /// Why it gives no access now.
    pub fn running_until(&self, id: SessionId, now: Timestamp) -> Result<Timestamp, Denial> {
        let live = self.session(id).ok_or(Denial::SessionOver)?;
        let session = &live.session;
        let grant = self.grant(live.case).ok_or(Denial::AccessNotLive)?;
        let people_active = self.agent(session.agent).is_some_and(|agent| agent.active)
            && self
                .admin(session.subject)
                .is_some_and(|subject| subject.active);
        let admits =
            live.org == grant.org && grant.admits(session.agent) && !self.is_blocked(grant.org);
        let of_this_period = session.grant == grant.id && session.period == grant.period.number;
        if session.is_over(now) || !people_active {
            return Err(Denial::SessionOver);
        }
        if !admits || !of_this_period || !grant.period.is_live(now) {
            return Err(Denial::AccessNotLive);
        }
        Ok(session.ends_at(grant.period.expires_at))
    }
}

fn allowed(view: &View, id: SessionId, now: Timestamp) -> Result<Allowed, Denial> {
    let until = view.running_until(id, now)?;
    let live = view.session(id).ok_or(Denial::SessionOver)?;
    let (org_slug, _) = view.org(live.org).ok_or(Denial::AccessNotLive)?;
    let agent = view.agent(live.session.agent).ok_or(Denial::SessionOver)?;
    let subject = view
        .admin(live.session.subject)
        .ok_or(Denial::SessionOver)?;
    let upstream = view.upstream(live.org).ok_or(Denial::NoUpstream)?;
    Ok(Allowed {
        session: Arc::clone(&live.session),
        org: live.org,
        org_slug: org_slug.clone(),
        case: live.case,
        case_number: live.name.number.clone(),
        case_title: live.name.title.clone(),
        upstream: Arc::clone(upstream),
        agent_email: Arc::clone(&agent.email),
        subject_email: Arc::clone(&subject.email),
        until,
    })
}
