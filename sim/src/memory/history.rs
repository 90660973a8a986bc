//! Looking back at an org's log.

use countersign_domain::{OpenedBy, SessionId, Timestamp};
use countersign_entries::Written;
use countersign_store::{
    Facts, HistoryOrder, HistoryPage, HistoryQuery, HistoryRow, LastRequest, Unavailable,
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
        let written = log
            .iter()
            .map(|logged| Written::read(&logged.stored.encoded));
        let written = written.collect::<Result<Vec<_>, _>>().map_err(damaged)?;
        let mut outcomes = vec![vec![]; log.len()];
        let mut own_row = vec![true; log.len()];
        for (at, entry) in written.iter().enumerate() {
            if let Some(request) = request_of(log, at, entry) {
                own_row[at] = false;
                outcomes[request].push(log[at].stored.clone());
            }
        }
        let after = query
            .after
            .map(|after| usize::try_from(after).unwrap_or(usize::MAX));
        let mut places: Vec<usize> = match query.order {
            HistoryOrder::OldestFirst => {
                (after.map_or(0, |after| after.saturating_add(1))..log.len()).collect()
            }
            HistoryOrder::NewestFirst => (0..after.unwrap_or(log.len()).min(log.len()))
                .rev()
                .collect(),
        };
        places.retain(|at| own_row[*at] && self.admits(query, &written[*at]));
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
            opened_by,
        })
    }

    /// There is nothing to look up in; what is counted is how far somebody who has an index would be.
    pub(super) fn index_history(&mut self, limit: usize) -> usize {
        let behind = |data: &Self| {
            let gap = |(org, log): (&_, &Vec<Logged>)| {
                let indexed = data.indexed.get(org).copied().unwrap_or(0);
                (log.len() as u64 - indexed, *org)
            };
            data.logs.iter().map(gap).max()
        };
        let Some((gap, org)) = behind(self).filter(|(gap, _)| *gap > 0) else {
            return 0;
        };
        let step = gap.min(limit as u64);
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
            }
        });
        read.collect()
    }
}

/// The request before it that the entry at this place tells the outcome of.
fn request_of(log: &[Logged], at: usize, entry: &Written<'_>) -> Option<usize> {
    let request = usize::try_from(entry.outcome()?.request).ok()?;
    (request < at && log[request].kind == "request").then_some(request)
}
