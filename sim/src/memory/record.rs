//! Recording what support does, behind the fence.

use std::collections::BTreeMap;

use countersign_domain::{SessionId, Timestamp};
use countersign_entries::{Entry, What, Who};
use countersign_store::{
    Draft, Fence, LeaseEpoch, Verdict,
    alike::{fence, judged},
};

use super::{Data, Kept};

impl Data {
    pub(super) fn record(
        &mut self,
        lease: LeaseEpoch,
        drafts: &[Draft],
        clock: Timestamp,
    ) -> Vec<Verdict> {
        if !self.leases.holds(lease) {
            return vec![Verdict::Fenced(Fence::LeaseLost); drafts.len()];
        }
        let now = self.now(clock);
        let fences = self.fences(drafts, now);
        self.write(drafts, &fences, now)
    }

    /// What keeps requests off the log at `now`, by their sessions. A batch is judged by what had been
    /// recorded before it.
    pub(crate) fn fences(&self, drafts: &[Draft], now: Timestamp) -> BTreeMap<SessionId, Fence> {
        let mut fences = BTreeMap::new();
        for draft in drafts {
            if let Draft::Request { session, .. } = draft
                && let Some(kept) = self.sessions.get(session)
                && let Some(fence) = fence(&self.state, kept.case, *session, kept.last_request, now)
            {
                fences.insert(*session, fence);
            }
        }
        fences
    }

    /// Writes a batch that has been judged.
    pub(crate) fn write(
        &mut self,
        drafts: &[Draft],
        fences: &BTreeMap<SessionId, Fence>,
        now: Timestamp,
    ) -> Vec<Verdict> {
        let verdicts = drafts.iter().map(|draft| {
            let id = draft.session();
            let Some(kept) = self.sessions.get(&id) else {
                return Verdict::Fenced(Fence::UnknownSession);
            };
            let (what, fence) = judged(draft, fences.get(&id).copied());
            let Some(entry) = self.entry_under(kept, now, what) else {
                return Verdict::Fenced(Fence::UnknownSession);
            };
            let org = kept.org;
            let index = self.log(&entry);
            if let Some(sort) = entry.what.sort()
                && let Some(kept) = self.sessions.get_mut(&id)
            {
                kept.counts.add(sort);
            }
            if let What::Request(line) = &entry.what
                && let Some(kept) = self.sessions.get_mut(&id)
            {
                kept.last_request = now;
                kept.last_entry = Some(index);
                if line.page {
                    kept.last_page = Some(index);
                }
            }
            match fence {
                Some(fence) => Verdict::Fenced(fence),
                None => Verdict::Recorded {
                    org,
                    index,
                    at: now,
                },
            }
        });
        let verdicts = verdicts.collect();
        self.advance(now);
        verdicts
    }

    fn entry_under(&self, kept: &Kept, at: Timestamp, what: What) -> Option<Entry> {
        let session = &kept.session;
        let case = self.state.case(kept.case)?;
        let agent = self.state.agent(session.agent)?;
        let subject = self.state.admin(session.subject)?;
        Some(Entry {
            org: kept.org,
            org_slug: self.state.org(kept.org)?.slug.clone(),
            at,
            actor: Who::Agent {
                id: agent.id,
                email: agent.email.as_str().to_owned(),
                subject: Some(subject.email.as_str().to_owned()),
            },
            case: Some((case.id, case.number.clone())),
            grant: Some(session.grant),
            session: Some(session.id),
            client: None,
            what,
        })
    }
}
