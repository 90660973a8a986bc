//! Reading sessions: which run now, and what became of one (R16).

use countersign_domain::{
    Actor, Case, CaseId, EndedSession, Refusal, Role, Session, SessionId, State, Timestamp,
    caller_may_act, has_passed, sees_session,
};
use countersign_store::{Key, SessionQuery, SessionsOf};

use crate::{App, Failure, app::caller, sessions::case_of};

/// How many sessions are looked at for one page: the clock may have ended some of them.
const LOOKED_AT: usize = 2_000;

/// A session, as of one moment.
#[derive(Clone, Debug)]
pub struct SessionRead {
    /// The id.
    pub id: SessionId,
    state: State,
    case: CaseId,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a session stands.
#[derive(Clone, Debug)]
pub enum Standing {
    /// It runs.
    Running {
        /// The session.
        session: Session,
        /// When the last request under it was recorded; its start if there was none.
        last_request: Timestamp,
        /// When the clock ends it, unless the grant is extended.
        ends_at: Timestamp,
    },
    /// The clock has ended it.
    Over {
        /// The session.
        session: Session,
        /// When it was over.
        at: Timestamp,
        /// Whether it had gone without a request for too long.
        idle: bool,
    },
    /// Somebody or some rule has ended it.
    Ended(EndedSession),
}

impl SessionRead {
    /// Its case.
    #[must_use]
    pub fn case(&self) -> Option<&Case> {
        self.state.case(self.case)
    }

    /// The case's org and everyone it mentions.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
}

/// A page of running sessions.
#[derive(Clone, Debug)]
pub struct SessionList {
    /// The sessions, oldest first.
    pub sessions: Vec<SessionRead>,
    /// Continue after this one; none at the end.
    pub next: Option<SessionId>,
}

impl App {
    /// The running sessions that the caller may see: an agent the own ones, an admin those on the
    /// cases they see.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn running_sessions(
        &self,
        actor: Actor,
        mut after: Option<SessionId>,
        limit: usize,
    ) -> Result<SessionList, Failure> {
        let keys: Vec<_> = caller(actor).into_iter().collect();
        let callers = self.store.load(&keys).await?.state;
        caller_may_act(&callers, &actor)?;
        let of = whose(&callers, actor)?;
        let mut found = vec![];
        let mut looked_at = 0;
        loop {
            let query = SessionQuery { of, after, limit };
            let page = self.store.sessions(query).await?;
            self.node.wait_effective(page.barrier).await?;
            looked_at += page.sessions.len();
            for listed in &page.sessions {
                if found.len() == limit {
                    return Ok(SessionList {
                        sessions: found,
                        next: after,
                    });
                }
                after = Some(listed.session);
                let state = one_case(&page.state, &callers, listed.case);
                let Some(standing) =
                    standing(&state, listed.session, listed.last_request, page.now)
                else {
                    continue;
                };
                if matches!(standing, Standing::Running { .. }) {
                    found.push(SessionRead {
                        id: listed.session,
                        state,
                        case: listed.case,
                        standing,
                    });
                }
            }
            if !page.more {
                after = None;
            }
            if after.is_none() || looked_at >= LOOKED_AT {
                return Ok(SessionList {
                    sessions: found,
                    next: after,
                });
            }
        }
    }

    /// One session, whatever became of it, for whoever may see it.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn session(&self, actor: Actor, id: SessionId) -> Result<SessionRead, Failure> {
        let mut keys = vec![Key::Session(id)];
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        if let Actor::Operator { .. } = actor {
            return Err(Refusal::OperatorsSeeNoSessions.into());
        }
        let case = case_of(&slice.state, id).ok_or(Refusal::SessionNotFound)?;
        if !sees_session(&slice.state, case, id, &actor) {
            return Err(Refusal::SessionNotFound.into());
        }
        let case = case.id;
        let last_request = self.store.last_request(id).await?;
        let last_request = last_request.ok_or(Refusal::SessionNotFound)?;
        self.settled(&slice).await?;
        let standing = standing(&slice.state, id, last_request, slice.now);
        Ok(SessionRead {
            id,
            case,
            standing: standing.ok_or(Refusal::SessionNotFound)?,
            state: slice.state,
        })
    }
}

fn whose(state: &State, actor: Actor) -> Result<SessionsOf, Refusal> {
    match actor {
        Actor::Operator { .. } => Err(Refusal::OperatorsSeeNoSessions),
        Actor::Provisioning { .. } => Err(Refusal::OnlySessionParties),
        Actor::Agent { id } => Ok(SessionsOf::Agent(id)),
        Actor::Admin { id, .. } => match state.admin(id) {
            Some(admin) if admin.role == Role::SuperAdmin => Ok(SessionsOf::Org(admin.org)),
            _ => Ok(SessionsOf::OpenedBy(id)),
        },
        Actor::Client { .. } => Err(Refusal::ClientsNotHere),
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct),
    }
}

/// One case of a page with its org, everyone it mentions, and the caller.
fn one_case(page: &State, callers: &State, case: CaseId) -> State {
    let case = page.case(case);
    let admins = case.map(Case::admins).unwrap_or_default();
    let agents = case.map(Case::agents).unwrap_or_default();
    State::from_parts(
        case.and_then(|case| page.org(case.org)).cloned(),
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
        case.cloned(),
    )
}

fn standing(
    state: &State,
    id: SessionId,
    last_request: Timestamp,
    now: Timestamp,
) -> Option<Standing> {
    let case = case_of(state, id)?;
    if let Some(ended) = case.ended_sessions.get(&id) {
        return Some(Standing::Ended(*ended));
    }
    let session = case.sessions.get(&id)?.clone();
    let idle_at = last_request.plus(session.idle);
    if let Some((_, grant)) = case.running(id, now)
        && !session.is_idle(last_request, now)
    {
        return Some(Standing::Running {
            ends_at: session.ends_at(grant.period.expires_at),
            session,
            last_request,
        });
    }
    let grant = case
        .access
        .unrevoked()
        .filter(|grant| grant.id == session.grant && grant.period.number == session.period);
    let by_clock = grant.map_or(session.absolute_until, |grant| {
        session.ends_at(grant.period.expires_at)
    });
    let idle = idle_at < by_clock && has_passed(idle_at, now);
    Some(Standing::Over {
        session,
        at: if idle { idle_at } else { by_clock },
        idle,
    })
}
