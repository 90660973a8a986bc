//! A command that takes something away, and waits until that is effective.

use countersign_lease::{LeaseSeen, Reading, Step, Waiter, margin};

use super::{
    Fleet, Safeguard,
    state::{Command, LEASE, PROCESSES, State, WaitStep, Waiting},
};

/// Where commands run, and whose clock they count on.
const HERE: usize = 0;

impl State {
    /// Reads who serves before the commit, as only a protocol with a hole does.
    pub(crate) fn peek(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        if fleet.keeps(Safeguard::ReadsLeasesAfterTheCommit)
            || session >= fleet.bounds.sessions
            || self.commands[session] != Command::Idle
        {
            return None;
        }
        let serving =
            std::array::from_fn(|at| self.store.leases.keys().any(|(process, _)| *process == at));
        self.commands[session] = Command::Peeked { serving };
        Some(())
    }

    /// Commits.
    pub(crate) fn take(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        if session >= fleet.bounds.sessions || self.recording(fleet) || !self.processes[HERE].up {
            return None;
        }
        let early = !fleet.keeps(Safeguard::ReadsLeasesAfterTheCommit);
        let ignored = match self.commands[session] {
            Command::Idle if !early => [false; PROCESSES],
            Command::Peeked { serving } => serving.map(|serving| !serving),
            _ => return None,
        };
        self.store.head += 1;
        self.store.taken[session] = Some(self.store.head);
        self.commands[session] = waiting(self.store.head, ignored);
        Some(())
    }

    /// Looks at the clock before reading.
    pub(crate) fn begin_reading(&mut self, session: usize) -> Option<()> {
        let now = self.clocks[HERE];
        let waiting = self.waiting(session)?;
        if waiting.step != WaitStep::Resting {
            return None;
        }
        waiting.step = WaitStep::Reading(now);
        Some(())
    }

    /// Reads the leases and judges.
    pub(crate) fn read(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        let now = self.clocks[HERE];
        let rows: Vec<_> = self
            .store
            .leases
            .iter()
            .map(|(key, row)| (*key, *row))
            .collect();
        let waiting = self.waiting(session)?;
        let WaitStep::Reading(began) = waiting.step else {
            return None;
        };
        let duration_ms = if fleet.keeps(Safeguard::Margin) {
            LEASE
        } else {
            LEASE - margin(LEASE)
        };
        let seen: Vec<_> = rows
            .into_iter()
            .filter(|((process, _), _)| !waiting.ignored[*process])
            .map(|(key, row)| LeaseSeen {
                key,
                counter: row.counter,
                duration_ms,
                acknowledged: row.acknowledged,
            })
            .collect();
        let reading = Reading { began, ended: now };
        match waiting.waiter.observe(&seen, reading) {
            Step::Effective { .. } => self.commands[session] = Command::Answered,
            Step::Wait { run_out } if run_out.is_empty() => waiting.step = WaitStep::Resting,
            Step::Wait { run_out } => waiting.step = WaitStep::Ending(run_out),
        }
        Some(())
    }

    /// Ends the first of the leases that have run out.
    pub(crate) fn end(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        if self.recording(fleet) {
            return None;
        }
        let waiting = self.waiting(session)?;
        let WaitStep::Ending(run_out) = &mut waiting.step else {
            return None;
        };
        let first = run_out.pop()?;
        if run_out.is_empty() {
            waiting.step = WaitStep::Resting;
        }
        self.store.end(fleet, first);
        Some(())
    }

    /// Whoever waits for the answer goes away, and the waiting stops.
    pub(crate) fn interrupt(&mut self, session: usize) -> Option<()> {
        self.waiting(session)?;
        self.mishaps = self.mishaps.checked_sub(1)?;
        self.commands[session] = Command::Interrupted;
        Some(())
    }

    pub(crate) fn interrupt_all(&mut self) {
        for command in &mut self.commands {
            match command {
                Command::Waiting(_) => *command = Command::Interrupted,
                Command::Peeked { .. } => *command = Command::Idle,
                Command::Idle | Command::Interrupted | Command::Answered => {}
            }
        }
    }

    /// The command is given again, or somebody looks at what became of it: what it took away is gone
    /// already, and the answer that says so waits for the newest barrier.
    pub(crate) fn again(&mut self, fleet: &Fleet, session: usize) -> Option<()> {
        if self.commands[session] != Command::Interrupted || !self.processes[HERE].up {
            return None;
        }
        self.commands[session] = if fleet.keeps(Safeguard::RepeatedAnswersWait) {
            waiting(self.store.barrier(), [false; PROCESSES])
        } else {
            Command::Answered
        };
        Some(())
    }

    fn waiting(&mut self, session: usize) -> Option<&mut Waiting> {
        match &mut self.commands[session] {
            Command::Waiting(waiting) => Some(waiting),
            _ => None,
        }
    }
}

fn waiting(position: u64, ignored: [bool; PROCESSES]) -> Command {
    Command::Waiting(Box::new(Waiting {
        waiter: Waiter::new(position),
        step: WaitStep::Resting,
        ignored,
    }))
}
