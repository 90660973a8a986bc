//! A request of support, from the decision to the product.

use super::{
    Fleet, Safeguard,
    state::{BUSY, FENCED, Request, State},
};

impl State {
    /// The process judges that it may go on, under its present epoch.
    pub(crate) fn decide(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        if session >= fleet.bounds.sessions || self.requests[session] != Request::None {
            return None;
        }
        let epoch = self.serving(BUSY)?;
        if !self.sees(BUSY, session) {
            return None;
        }
        self.requests[session] = Request::Decided { epoch };
        Some(())
    }

    /// The transaction that records it looks at lease and session. What does not pass is refused.
    pub(crate) fn check(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        let Request::Decided { epoch } = self.requests[session] else {
            return None;
        };
        self.requests[session] = if self.fence_passes(fleet, BUSY, epoch, session) {
            Request::Checked { epoch }
        } else {
            Request::None
        };
        Some(())
    }

    /// That transaction commits.
    pub(crate) fn commit(&mut self, session: usize) -> Option<()> {
        let Request::Checked { .. } = self.requests[session] else {
            return None;
        };
        self.requests[session] = Request::Recorded;
        Some(())
    }

    /// The request goes to the product.
    pub(crate) fn open(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        if !self.may_open(fleet, session) {
            return None;
        }
        self.requests[session] = Request::Open;
        Some(())
    }

    /// Whether a request that is on the log would go to the product now.
    pub(crate) fn may_open(&self, fleet: &Fleet, session: usize) -> bool {
        self.requests[session] == Request::Recorded
            && (self.may_flow(BUSY, session) || !fleet.keeps(Safeguard::ChecksBeforeTheFirstByte))
    }

    /// Whether a byte of an open response would leave now.
    pub(crate) fn may_write(&self, fleet: &Fleet, session: usize) -> bool {
        self.requests[session] == Request::Open
            && (self.may_flow(BUSY, session) || !fleet.keeps(Safeguard::ChecksEachWrite))
    }

    /// Whether a commit now would put on the log what the fence exists to keep from it.
    pub(crate) fn would_record_what_is_gone(&self) -> bool {
        matches!(self.requests[FENCED], Request::Checked { .. })
            && self.store.taken[FENCED].is_some()
    }

    /// Whether a commit now would be one under a lease that is not there.
    pub(crate) fn would_record_without_a_lease(&self) -> bool {
        let there = |epoch| self.store.leases.contains_key(&(BUSY, epoch));
        self.requests
            .iter()
            .any(|request| matches!(request, Request::Checked { epoch } if !there(*epoch)))
    }
}
