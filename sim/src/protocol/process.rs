//! A process keeping its lease and following the tail.

use countersign_lease::{Boot, Holder, StoreTime};

use super::{
    Begins, Fleet, Safeguard,
    state::{BUSY, Call, LEASE, Process, Request, State, moment},
};

impl State {
    fn free_slot(&self, fleet: &Fleet, process: usize) -> Option<usize> {
        let calls = &self.processes[process].calls[..fleet.bounds.calls];
        calls.iter().position(Option::is_none)
    }

    /// Asks for a lease; a process that may serve does not.
    pub(crate) fn ask_for_a_lease(&mut self, fleet: &Fleet, process: usize) -> Option<()> {
        if self.serving(process).is_some() || !self.processes[process].up {
            return None;
        }
        let slot = self.free_slot(fleet, process)?;
        let sent = self.clocks[process];
        let early = !fleet.keeps(Safeguard::HeadReadWithTheLease);
        let head = early.then_some(self.store.head);
        let at = &mut self.processes[process];
        at.acquisitions = at.acquisitions.checked_sub(1)?;
        at.calls[slot] = Some(Call::Acquire {
            sent,
            replaces: at.holder.give_up(),
            head,
        });
        Some(())
    }

    /// Asks for a renewal, acknowledging what has been folded.
    pub(crate) fn ask_for_a_renewal(&mut self, fleet: &Fleet, process: usize) -> Option<()> {
        let epoch = self.serving(process)?;
        let slot = self.free_slot(fleet, process)?;
        let sent = self.clocks[process];
        let head = self.store.head;
        let at = &mut self.processes[process];
        at.renewals = at.renewals.checked_sub(1)?;
        let acknowledged = if fleet.keeps(Safeguard::AcknowledgesWhatItFolded) {
            at.folded
        } else {
            head
        };
        at.calls[slot] = Some(Call::Renew {
            epoch,
            acknowledged,
            sent,
        });
        Some(())
    }

    /// An answer of the store arrives.
    pub(crate) fn hear(&mut self, fleet: &Fleet, process: usize, slot: usize) -> Option<()> {
        let now = self.clocks[process];
        let at = &mut self.processes[process];
        let call = at.calls[slot]?;
        let counts_from = |sent| {
            if fleet.keeps(Safeguard::LeaseCountsFromSending) {
                sent
            } else {
                now
            }
        };
        match call {
            Call::Acquired {
                epoch,
                head,
                sent,
                at: read,
            } => {
                at.time_read(fleet, read, sent, now);
                at.holder.acquired(epoch, head, counts_from(sent));
                let folded = if fleet.keeps(Safeguard::CatchesUpBeforeServing) {
                    at.folded
                } else {
                    head
                };
                at.holder.caught_up(folded);
            }
            Call::Renewed {
                epoch,
                sent,
                at: read,
            } => {
                at.time_read(fleet, read, sent, now);
                at.holder.renewed(epoch, counts_from(sent));
            }
            Call::Lost { epoch } => {
                // An answer about an epoch that has been replaced says nothing about the present one.
                if at.holder.serving(now) == Some(epoch) {
                    at.holder.lost();
                }
            }
            Call::Acquire { .. } | Call::Renew { .. } | Call::Renewing { .. } => return None,
        }
        at.calls[slot] = None;
        Some(())
    }

    /// The next event is folded into the view.
    pub(crate) fn fold(&mut self, process: usize) -> Option<()> {
        let head = self.store.head;
        let at = &mut self.processes[process];
        if !at.up || at.folded >= head {
            return None;
        }
        at.folded += 1;
        at.holder.caught_up(at.folded);
        Some(())
    }

    /// The process dies, and its transactions with it; calls that are on their way still arrive.
    pub(crate) fn crash(&mut self, process: usize) -> Option<()> {
        let at = &mut self.processes[process];
        if !at.up {
            return None;
        }
        self.mishaps = self.mishaps.checked_sub(1)?;
        at.up = false;
        at.holder = Holder::new(LEASE);
        at.folded = 0;
        at.time = None;
        for call in &mut at.calls {
            *call = call.filter(|call| {
                matches!(
                    call,
                    Call::Acquire { .. } | Call::Renew { .. } | Call::Renewing { .. }
                )
            });
        }
        if process == BUSY {
            self.requests = self.requests.map(|_| Request::None);
        }
        if process == 0 {
            self.interrupt_all();
        }
        Some(())
    }

    /// The process starts and reads what is live.
    pub(crate) fn start(&mut self, fleet: &Fleet, process: usize) -> Option<()> {
        let head = self.store.head;
        let at = &mut self.processes[process];
        if at.up || fleet.bounds.processes[process] == Begins::Absent {
            return None;
        }
        at.up = true;
        at.folded = head;
        Some(())
    }
}

impl Process {
    /// The store's clock showed `at` in answer to what was sent at `sent`.
    fn time_read(&mut self, fleet: &Fleet, at: Option<Boot>, sent: Boot, now: Boot) {
        let Some(at) = at.map(moment) else { return };
        if self.time.is_some() && !fleet.keeps(Safeguard::ReadsTheClockWithEachLease) {
            return;
        }
        let sent = if fleet.keeps(Safeguard::ReadingCountsFromSending) {
            sent
        } else {
            now
        };
        let used = if fleet.keeps(Safeguard::BoundsTheClock) {
            LEASE
        } else {
            0
        };
        self.time = Some(StoreTime::read(at, sent, now, used));
    }
}
