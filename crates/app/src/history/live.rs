//! Who is in now.

use countersign_domain::{
    Actor, Admin, Agent, CaseNumber, SessionId, Sight, Slug, Timestamp, Title, caller_may_act,
    sees_case,
};
use countersign_store::{
    Counts, HistoryFilter, HistoryOrder, HistoryQuery, HistoryRow, Key, Requests, StoredEntry,
};

use super::org_history;
use crate::{App, Failure, app::caller, orgs::org_by_slug};

/// The sessions that run in an org, the longest first, as far as the caller may see them.
#[derive(Clone, Debug)]
pub struct Live {
    /// The sessions.
    pub sessions: Vec<InNow>,
    /// Store time of the read.
    pub now: Timestamp,
}

/// A session that runs.
#[derive(Clone, Debug)]
pub struct InNow {
    /// The session.
    pub session: SessionId,
    /// The number of its case.
    pub case: CaseNumber,
    /// The title of its case.
    pub title: Title,
    /// Who acts.
    pub agent: Agent,
    /// On whose behalf.
    pub subject: Admin,
    /// When it started.
    pub since: Timestamp,
    /// When the clock ends it, however much is asked for under it.
    pub ends_at: Timestamp,
    /// When it ends without another request, if that is sooner.
    pub idle_at: Timestamp,
    /// The entry of the last request of any kind, a part of a page as well; none if there was none.
    pub last: Option<StoredEntry>,
    /// The entry of the newest request for a page or of a program's; none while nothing is known to be
    /// one.
    pub page: Option<StoredEntry>,
    /// What has been asked for; none for a session that began before that was counted.
    pub counts: Option<Counts>,
}

impl App {
    /// Who is in now: for super admins in all of the org, for admins under the cases they opened.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn live(&self, actor: Actor, org: &Slug) -> Result<Live, Failure> {
        let mut keys = vec![Key::Slug(org.clone()), Key::CasesWithSessions(org.clone())];
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        let (state, now) = (&slice.state, slice.now);
        caller_may_act(state, &actor)?;
        let (org, _) = org_history(state, org, actor)?;
        let mut running = vec![];
        for case in state.cases().filter(|case| case.org == org) {
            if sees_case(state, case, &actor) != Sight::Full {
                continue;
            }
            for id in case.sessions.keys() {
                running.extend(case.running(*id, now).map(|under| (case, under)));
            }
        }
        running.sort_by_key(|(_, (session, _))| (session.started_at, session.id));
        let ids: Vec<_> = running.iter().map(|(_, (session, _))| session.id).collect();
        let last = self.store.last_requests(&ids).await?;
        let mut sessions = vec![];
        for ((case, (session, grant)), last) in running.into_iter().zip(last) {
            let people = (state.agent(session.agent), state.admin(session.subject));
            let (Some(agent), Some(subject)) = people else {
                continue;
            };
            if session.is_idle(last.at, now) {
                continue;
            }
            sessions.push(InNow {
                session: session.id,
                case: case.number.clone(),
                title: case.title.clone(),
                agent: agent.clone(),
                subject: subject.clone(),
                since: session.started_at,
                ends_at: session.ends_at(grant.period.expires_at),
                idle_at: last.at.plus(session.idle),
                last: last.entry,
                page: last.page,
                counts: last.counts,
            });
        }
        self.settled(&slice).await?;
        Ok(Live { sessions, now })
    }

    /// The newest requests under a session that could change something and passed, then the newest that were
    /// refused, so many of each at most and the newest first: for somebody who was told that the session
    /// runs. However much is refused, what passed stays.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn attempts(
        &self,
        org: &Slug,
        session: SessionId,
        limit: usize,
    ) -> Result<Vec<HistoryRow>, Failure> {
        let slice = self.store.load(&[Key::Slug(org.clone())]).await?;
        let org = org_by_slug(&slice.state, org)?;
        let passed = HistoryFilter {
            session: Some(session),
            requests: Some(Requests::Declared),
            ..HistoryFilter::default()
        };
        let refused = HistoryFilter {
            session: Some(session),
            kinds: vec!["request.refused"],
            ..HistoryFilter::default()
        };
        let mut rows = vec![];
        for filter in [passed, refused] {
            let query = HistoryQuery {
                org,
                filter,
                order: HistoryOrder::NewestFirst,
                after: None,
                limit,
            };
            rows.append(&mut self.store.history(query).await?.rows);
        }
        Ok(rows)
    }
}
