//! The decision: session, grant, period, people and effect, at one moment (R16, R17, R19).

use std::sync::Arc;

use countersign_domain::{Label, SecretHash, SessionId, Slug, Timestamp, TokenId, Upstream};

use crate::{Effect, LivePerson, LiveSession, View, view::LiveOrg};

/// A request that may go on, with everything needed to send it.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// The session it is under, with its org and its case.
    pub live: Arc<LiveSession>,
    /// The org's short name.
    pub org_slug: Slug,
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
    Allow(Allowed),
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
    judged(view, view.session(session), effect, now)
}

/// The same of the session at an origin: whoever has just looked it up finds it close by.
#[must_use]
pub fn decide_access_at(view: &View, label: &Label, effect: Effect, now: Timestamp) -> Decision {
    judged(view, view.session_of_label(label), effect, now)
}

fn judged(
    view: &View,
    live: Option<&Arc<LiveSession>>,
    effect: Effect,
    now: Timestamp,
) -> Decision {
    match allowed(view, live, now) {
        Err(denial) => Decision::Deny(denial),
        Ok(_) if effect != Effect::Read => Decision::Deny(Denial::NotARead(effect)),
        Ok(allowed) => Decision::Allow(allowed),
    }
}

impl View {
    /// Whether the session gives access at `now`, whatever is asked for.
    #[must_use]
    pub fn is_running(&self, session: SessionId, now: Timestamp) -> bool {
        self.running_until(session, now).is_ok()
    }

    /// The session under which a token past the gateway is good at `now`: access lasts, and the token is the very one that
    /// was issued, neither ended nor run out (R12, R16).
    #[must_use]
    pub fn exchanged(
        &self,
        session: SessionId,
        (id, hash): (TokenId, SecretHash),
        now: Timestamp,
    ) -> Option<&Arc<LiveSession>> {
        let standing = self.standing(self.session(session), now).ok()?;
        let upstream = standing.org.upstream.as_ref()?;
        upstream.resource.as_ref()?;
        standing.live.session.token(id, hash, now)?;
        Some(standing.live)
    }

    /// The first moment at which the clock alone would end the session.
    ///
    /// # Errors
    /// Why it gives no access now.
    pub fn running_until(&self, id: SessionId, now: Timestamp) -> Result<Timestamp, Denial> {
        self.standing(self.session(id), now)
            .map(|standing| standing.until)
    }

    /// Everything that access under the session rests on, looked up once.
    fn standing<'v>(
        &'v self,
        live: Option<&'v Arc<LiveSession>>,
        now: Timestamp,
    ) -> Result<Standing<'v>, Denial> {
        let live = live.ok_or(Denial::SessionOver)?;
        let session = &live.session;
        let grant = self.grant(live.case).ok_or(Denial::AccessNotLive)?;
        let agent = self.agent(session.agent).filter(|agent| agent.active);
        let subject = self.admin(session.subject).filter(|subject| subject.active);
        let (Some(agent), Some(subject)) = (agent, subject) else {
            return Err(Denial::SessionOver);
        };
        if session.is_over(now) {
            return Err(Denial::SessionOver);
        }
        let org = self.orgs.get(&grant.org).filter(|org| !org.blocked);
        let org = org.ok_or(Denial::AccessNotLive)?;
        let admits = live.org == grant.org && grant.admits(session.agent);
        let of_this_period = session.grant == grant.id && session.period == grant.period.number;
        if !admits || !of_this_period || !grant.period.is_live(now) {
            return Err(Denial::AccessNotLive);
        }
        Ok(Standing {
            live,
            org,
            agent,
            subject,
            until: session.ends_at(grant.period.expires_at),
        })
    }
}

/// What access under a session rests on.
struct Standing<'v> {
    live: &'v Arc<LiveSession>,
    org: &'v LiveOrg,
    agent: &'v LivePerson,
    subject: &'v LivePerson,
    until: Timestamp,
}

fn allowed(
    view: &View,
    live: Option<&Arc<LiveSession>>,
    now: Timestamp,
) -> Result<Allowed, Denial> {
    let standing = view.standing(live, now)?;
    let upstream = standing.org.upstream.as_ref().ok_or(Denial::NoUpstream)?;
    Ok(Allowed {
        live: Arc::clone(standing.live),
        org_slug: standing.org.slug.clone(),
        upstream: Arc::clone(upstream),
        agent_email: Arc::clone(&standing.agent.email),
        subject_email: Arc::clone(&standing.subject.email),
        until: standing.until,
    })
}
