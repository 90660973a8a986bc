//! Looking back at an org's log.

use std::collections::BTreeSet;

use countersign_domain::{AdminId, AgentId, OpenedBy, OrgId, SessionId, StreamId, Timestamp};
use countersign_entries::{What, Written};
use countersign_store::{
    CaseEvent, Concerned, Facts, HistoryFilter, HistoryOrder, HistoryPage, HistoryQuery,
    HistoryRow, LastRequest, Recorded, TELLING, Unavailable,
};

use super::{Data, Logged};

fn damaged(error: impl std::fmt::Display) -> Unavailable {
    Unavailable(error.to_string())
}

impl Data {
    pub(super) fn history(
        &self,
        query: &HistoryQuery,
        clock: Timestamp,
    ) -> Result<HistoryPage, Unavailable> {
        let log = self
            .logs
            .get(&query.org)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut outcomes = vec![vec![]; log.len()];
        for logged in log {
            if let Some(request) = request_of(log, logged) {
                outcomes[request].push(logged.stored.clone());
            }
        }
        let after = query.after.and_then(|after| usize::try_from(after).ok());
        let end = log.len();
        let ordered: Box<dyn Iterator<Item = usize>> = match query.order {
            HistoryOrder::OldestFirst => Box::new(after.map_or(0, |after| after + 1)..end),
            HistoryOrder::NewestFirst => Box::new((0..after.unwrap_or(end).min(end)).rev()),
        };
        let mut places = vec![];
        for place in ordered.filter(|place| request_of(log, &log[*place]).is_none()) {
            let entry = Written::read(&log[place].stored.encoded);
            if self.admits(query, &entry.map_err(damaged)?) {
                places.push(place);
                if places.len() > query.limit {
                    break;
                }
            }
        }
        let more = places.len() > query.limit;
        places.truncate(query.limit);
        let next = places.last().filter(|_| more).map(|last| *last as u64);
        let rows = places.into_iter().map(|at| HistoryRow {
            entry: log[at].stored.clone(),
            outcomes: std::mem::take(&mut outcomes[at]),
        });
        Ok(HistoryPage {
            rows: rows.collect(),
            next,
            size: log.len() as u64,
            indexed: self.indexed.get(&query.org).copied().unwrap_or(0),
            now: self.now(clock),
            barrier: self.barrier,
        })
    }

    fn admits(&self, query: &HistoryQuery, entry: &Written<'_>) -> bool {
        let of_session =
            |session: SessionId| self.sessions.get(&session).map(|kept| kept.session.agent);
        let agent = entry.agent().or_else(|| entry.session.and_then(of_session));
        let case = entry
            .case
            .as_ref()
            .and_then(|about| self.state.case(about.id));
        let opened_by = case.and_then(|case| match case.opened_by.who {
            OpenedBy::Admin(admin) => Some(admin),
            OpenedBy::Agent(_) => None,
        });
        query.filter.admits(&Facts {
            entry,
            agent,
            concerned: self.concerned(entry),
            opened_by,
        })
    }

    fn concerned(&self, entry: &Written<'_>) -> BTreeSet<AgentId> {
        let stream = entry.case.as_ref().map(|about| StreamId::Case(about.id));
        let telling = |recorded: &&Recorded| {
            let kind = What::Event(recorded.event.clone()).name();
            Some(recorded.event.stream()) == stream && TELLING.contains(&kind)
        };
        let events = self.events.iter().filter(telling);
        let events: Vec<CaseEvent> = events
            .map(|recorded| (recorded.at, recorded.event.clone()))
            .collect();
        Concerned::of(entry).agents(entry, &events)
    }

    /// Everybody by whom some row would be found.
    pub(super) fn agents_in_history(
        &self,
        org: OrgId,
        opened_by: Option<AdminId>,
        clock: Timestamp,
    ) -> Result<Vec<AgentId>, Unavailable> {
        let all = |filter| HistoryQuery {
            org,
            filter,
            order: HistoryOrder::OldestFirst,
            after: None,
            limit: usize::MAX,
        };
        let mut found = vec![];
        for agent in self.state.agents() {
            let by = HistoryFilter {
                opened_by,
                agent: Some(agent.id),
                ..HistoryFilter::default()
            };
            if !self.history(&all(by), clock)?.rows.is_empty() {
                found.push(agent.id);
            }
        }
        Ok(found)
    }

    /// There is nothing to look up in; what is counted is how far somebody who has an index, made of
    /// whole blocks, would be.
    pub(super) fn index_history(&mut self, limit: usize) -> usize {
        const BLOCK: u64 = 256;
        let behind = self.logs.iter().map(|(org, log)| {
            let indexed = self.indexed.get(org).copied().unwrap_or(0);
            ((log.len() as u64 - indexed) / BLOCK, *org)
        });
        let Some((blocks, org)) = behind.max().filter(|(blocks, _)| *blocks > 0) else {
            return 0;
        };
        let step = BLOCK * blocks.min((limit as u64 / BLOCK).max(1));
        *self.indexed.entry(org).or_default() += step;
        usize::try_from(step).unwrap_or(usize::MAX)
    }

    pub(super) fn last_requests(&self, sessions: &[SessionId]) -> Vec<LastRequest> {
        let known = sessions.iter().filter_map(|id| self.sessions.get(id));
        let read = known.map(|kept| {
            let log = self
                .logs
                .get(&kept.org)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let stored = |index: Option<u64>| {
                let at = usize::try_from(index?).ok()?;
                log.get(at).map(|logged| logged.stored.clone())
            };
            LastRequest {
                session: kept.session.id,
                at: kept.last_request,
                entry: stored(kept.last_entry),
                page: stored(kept.last_page),
                counts: Some(kept.counts),
            }
        });
        read.collect()
    }
}

/// The place of the request before it that an entry tells the outcome of.
fn request_of(log: &[Logged], logged: &Logged) -> Option<usize> {
    let request = logged
        .outcome_of
        .filter(|request| *request < logged.stored.index)?;
    let place = usize::try_from(request).ok()?;
    (log[place].kind == "request").then_some(place)
}
