//! What is live.

use std::cmp::Reverse;

use countersign_domain::Timestamp;
use countersign_store::{AsOf, LivePart, StoredSession};

use super::{Data, Kept};

impl Data {
    pub(super) fn live(&self, ended: usize) -> (Vec<LivePart>, AsOf) {
        let state = &self.state;
        let mut parts: Vec<LivePart> = state.orgs().cloned().map(LivePart::Org).collect();
        parts.extend(state.admins().cloned().map(LivePart::Admin));
        parts.extend(state.agents().cloned().map(LivePart::Agent));
        parts.extend(state.cases().filter_map(|case| {
            Some(LivePart::Grant {
                case: case.id,
                org: case.org,
                grant: case.access.unrevoked()?.clone(),
            })
        }));
        let mut over = vec![];
        for kept in self.sessions.values() {
            match &kept.ended {
                None => parts.extend(self.stored(kept)),
                Some(end) => over.push((Reverse((end.at, kept.session.id)), kept)),
            }
        }
        over.sort_by_key(|(key, _)| *key);
        parts.extend(
            over.into_iter()
                .take(ended)
                .filter_map(|(_, kept)| self.stored(kept)),
        );
        let as_of = AsOf {
            position: self.head(),
            time: self.last_at.unwrap_or(Timestamp::from_millis(0)),
        };
        (parts, as_of)
    }

    fn stored(&self, kept: &Kept) -> Option<LivePart> {
        Some(LivePart::Session(Box::new(StoredSession {
            case: kept.case,
            name: self.state.case(kept.case)?.name(),
            org: kept.org,
            session: kept.session.clone(),
            last_request: kept.last_request,
            ended: kept.ended,
        })))
    }
}
