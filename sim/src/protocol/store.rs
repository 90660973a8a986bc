//! The store's side, as its contract says it.

use countersign_lease::RunOut;

use super::{
    Fleet, Safeguard,
    state::{BUSY, Call, FENCED, Key, Request, Row, State, Store},
};

impl Store {
    /// The newest position that took something away; here every event does.
    pub(crate) fn barrier(&self) -> u64 {
        self.head
    }

    /// Whether a renewal goes on: none when its process is behind.
    fn judge_renewal(&self, fleet: &Fleet, acknowledged: u64) -> Option<()> {
        let behind = acknowledged < self.barrier();
        (!behind || !fleet.keeps(Safeguard::BarrierHoldsRenewalsUp)).then_some(())
    }

    /// What a renewal acknowledges goes ahead of it: it is true whatever becomes of the renewal, and the lease
    /// stands as still as before.
    fn acknowledge(&mut self, process: usize, epoch: u64, acknowledged: u64) {
        if let Some(row) = self.leases.get_mut(&(process, epoch)) {
            row.acknowledged = row.acknowledged.max(acknowledged);
        }
    }

    /// Commits a renewal; none when the lease is gone.
    fn renew(&mut self, process: usize, epoch: u64, acknowledged: u64) -> Option<()> {
        let row = self.leases.get_mut(&(process, epoch))?;
        row.counter += 1;
        row.acknowledged = row.acknowledged.max(acknowledged);
        Some(())
    }

    fn acquire(&mut self, fleet: &Fleet, process: usize, replaces: Option<u64>) -> u64 {
        let epoch = self.epochs[process];
        self.epochs[process] += 1;
        let named_only = fleet.keeps(Safeguard::ReplacesOnlyWhatItNames);
        self.leases
            .retain(|key, _| key.0 != process || (named_only && Some(key.1) != replaces));
        let row = Row {
            counter: 0,
            acknowledged: self.head,
        };
        self.leases.insert((process, epoch), row);
        epoch
    }

    /// Ends a lease that has stood still.
    pub(crate) fn end(&mut self, fleet: &Fleet, lease: RunOut<Key>) {
        if !fleet.keeps(Safeguard::EndsWhatRanOut) {
            return;
        }
        let by_epoch = fleet.keeps(Safeguard::EndsByEpoch);
        let by_counter = by_epoch && fleet.keeps(Safeguard::EndsOnlyWhatStoodStill);
        self.leases.retain(|key, row| {
            let this = *key == lease.key || (!by_epoch && key.0 == lease.key.0);
            !this || (by_counter && row.counter != lease.counter)
        });
    }
}

impl State {
    /// Whether a transaction that records is between its checks and its commit: what takes something
    /// away, or a lease, waits for it.
    pub(crate) fn recording(&self, fleet: &Fleet) -> bool {
        let under_way = |request: &Request| matches!(request, Request::Checked { .. });
        fleet.keeps(Safeguard::FenceLocks) && self.requests.iter().any(under_way)
    }

    /// A call reaches the store. A renewal that is refused because its process is behind is
    /// answered with a position to catch up to, which a process folds up to anyway.
    pub(crate) fn at_store(&mut self, fleet: &Fleet, process: usize, slot: usize) -> Option<()> {
        let call = self.processes[process].calls[slot]?;
        let renewal = matches!(call, Call::Renew { .. } | Call::Renewing { .. });
        // A renewal waits for nothing but the batches of its own process.
        if self.recording(fleet) && (process == BUSY || !renewal) {
            return None;
        }
        let at = self.store.time.map(|time| time.now);
        let answer = match call {
            Call::Acquire {
                sent,
                replaces,
                head,
            } => {
                let epoch = self.store.acquire(fleet, process, replaces);
                let head = head.unwrap_or(self.store.head);
                Some(Call::Acquired {
                    epoch,
                    head,
                    sent,
                    at,
                })
            }
            Call::Renew {
                epoch,
                acknowledged,
                sent,
            } => {
                let goes_on = self.store.judge_renewal(fleet, acknowledged);
                goes_on.map(|()| {
                    self.store.acknowledge(process, epoch, acknowledged);
                    Call::Renewing {
                        epoch,
                        acknowledged,
                        sent,
                    }
                })
            }
            Call::Renewing {
                epoch,
                acknowledged,
                sent,
            } => match self.store.renew(process, epoch, acknowledged) {
                Some(()) => Some(Call::Renewed { epoch, sent, at }),
                None => Some(Call::Lost { epoch }),
            },
            Call::Acquired { .. } | Call::Renewed { .. } | Call::Lost { .. } => return None,
        };
        // Nobody hears the answer in a process that has crashed meanwhile.
        self.processes[process].calls[slot] = answer.filter(|_| self.processes[process].up);
        Some(())
    }

    /// Whether the fence lets a request be recorded.
    pub(crate) fn fence_passes(
        &self,
        fleet: &Fleet,
        process: usize,
        epoch: u64,
        session: usize,
    ) -> bool {
        let lease = self.store.leases.contains_key(&(process, epoch));
        let live = session != FENCED || self.store.taken[session].is_none();
        (lease || !fleet.keeps(Safeguard::FenceChecksTheLease))
            && (live || !fleet.keeps(Safeguard::FenceChecksTheSession))
    }
}
