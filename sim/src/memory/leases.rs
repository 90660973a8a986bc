//! Leases of serving processes.

use std::collections::BTreeMap;

use countersign_store::{LeaseEpoch, LeaseError, LeaseRow, NewLease, Position};

use super::Data;

/// By epoch, which is unique in the deployment.
#[derive(Debug, Default)]
pub(super) struct Leases {
    rows: BTreeMap<u64, LeaseRow>,
    epochs: u64,
}

impl Leases {
    pub(super) fn holds(&self, lease: LeaseEpoch) -> bool {
        self.rows
            .get(&lease.epoch)
            .is_some_and(|row| row.id == lease)
    }

    pub(super) fn all(&self) -> Vec<LeaseRow> {
        self.rows.values().copied().collect()
    }

    pub(super) fn end(&mut self, lease: LeaseEpoch) {
        if self.holds(lease) {
            self.rows.remove(&lease.epoch);
        }
    }

    pub(super) fn end_silent(&mut self, lease: LeaseEpoch, counter: u64) {
        let stood_still = |row: &LeaseRow| row.id == lease && row.counter == counter;
        if self.rows.get(&lease.epoch).is_some_and(stood_still) {
            self.rows.remove(&lease.epoch);
        }
    }
}

impl Data {
    pub(super) fn acquire(&mut self, new: NewLease) -> (LeaseEpoch, Position) {
        let head = self.head();
        self.leases.epochs += 1;
        let process = new.process;
        if let Some(epoch) = new.replaces {
            self.leases.end(LeaseEpoch { process, epoch });
        }
        let id = LeaseEpoch {
            process,
            epoch: self.leases.epochs,
        };
        let row = LeaseRow {
            id,
            counter: 0,
            duration: new.duration,
            acknowledged: head,
        };
        self.leases.rows.insert(id.epoch, row);
        (id, head)
    }

    pub(super) fn renew(
        &mut self,
        lease: LeaseEpoch,
        acknowledged: Position,
    ) -> Result<(), LeaseError> {
        let barrier = self.barrier;
        let held = self.leases.rows.get_mut(&lease.epoch);
        let row = held.filter(|row| row.id == lease).ok_or(LeaseError::Lost)?;
        if acknowledged < barrier {
            return Err(LeaseError::Behind(barrier));
        }
        row.counter += 1;
        row.acknowledged = row.acknowledged.max(acknowledged);
        Ok(())
    }

    /// Renews a lease that acknowledges nothing.
    pub(crate) fn renew_only(&mut self, lease: LeaseEpoch) -> Result<(), LeaseError> {
        let held = self.leases.rows.get_mut(&lease.epoch);
        let row = held.filter(|row| row.id == lease).ok_or(LeaseError::Lost)?;
        row.counter += 1;
        Ok(())
    }

    /// Whether a lease stands.
    pub(crate) fn holds(&self, lease: LeaseEpoch) -> bool {
        self.leases.holds(lease)
    }

    pub(super) fn leases(&self) -> &Leases {
        &self.leases
    }

    pub(super) fn leases_mut(&mut self) -> &mut Leases {
        &mut self.leases
    }
}
