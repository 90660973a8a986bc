//! Everything that can happen next.

use super::{
    Clocks, Fleet,
    state::{PACE, SESSIONS, State},
};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Half a lease passes.
    Tick,
    /// A clock jumps, forth or back.
    Jump(usize),
    /// A process asks for a lease.
    AskForALease(usize),
    /// A process asks for a renewal.
    AskForARenewal(usize),
    /// A call of a process reaches the store.
    AtStore(usize, usize),
    /// An answer reaches a process.
    Hear(usize, usize),
    /// A call or an answer is lost.
    Lose(usize, usize),
    /// A process folds the next event.
    Fold(usize),
    /// A process dies.
    Crash(usize),
    /// A process starts.
    Start(usize),
    /// The busy process allows a request under a session.
    Decide(usize),
    /// Its transaction looks at lease and session.
    Check(usize),
    /// Its transaction commits.
    Commit(usize),
    /// It goes to the product.
    Open(usize),
    /// A command reads the leases too early.
    Peek(usize),
    /// A command commits.
    Take(usize),
    /// A command looks at its clock before reading the leases.
    BeginReading(usize),
    /// A command reads the leases and judges.
    Read(usize),
    /// A command ends a lease that has run out.
    End(usize),
    /// A command's caller goes away.
    Interrupt(usize),
    /// A command is given again.
    Again(usize),
}

impl Act {
    /// Everything that may be possible in some state of a fleet.
    pub(crate) fn candidates(fleet: &Fleet, acts: &mut Vec<Self>) {
        let processes = fleet.bounds.existing();
        match fleet.clocks {
            Clocks::Bounded => acts.push(Self::Tick),
            Clocks::Wild => acts.extend(processes.clone().map(Self::Jump)),
        }
        for process in processes {
            acts.extend([
                Self::AskForALease(process),
                Self::AskForARenewal(process),
                Self::Fold(process),
                Self::Crash(process),
                Self::Start(process),
            ]);
            for slot in 0..fleet.bounds.calls {
                acts.extend([
                    Self::AtStore(process, slot),
                    Self::Hear(process, slot),
                    Self::Lose(process, slot),
                ]);
            }
        }
        for session in 0..SESSIONS.min(fleet.bounds.sessions) {
            if fleet.bounds.requests {
                acts.push(Self::Decide(session));
            }
            acts.extend([
                Self::Check(session),
                Self::Commit(session),
                Self::Open(session),
                Self::Peek(session),
                Self::Take(session),
                Self::BeginReading(session),
                Self::Read(session),
                Self::End(session),
                Self::Interrupt(session),
                Self::Again(session),
            ]);
        }
    }
}

impl Fleet {
    /// What becomes of a state when something happens; nothing when that cannot happen in it.
    pub(crate) fn act(&self, before: &State, act: Act) -> Option<State> {
        let mut state = before.clone();
        match act {
            Act::Tick => state.tick(self),
            Act::Jump(process) => state.jump(process),
            Act::AskForALease(process) => state.ask_for_a_lease(self, process),
            Act::AskForARenewal(process) => state.ask_for_a_renewal(self, process),
            Act::AtStore(process, slot) => state.at_store(self, process, slot),
            Act::Hear(process, slot) => state.hear(self, process, slot),
            Act::Lose(process, slot) => state.lose(process, slot),
            Act::Fold(process) => state.fold(process),
            Act::Crash(process) => state.crash(process),
            Act::Start(process) => state.start(self, process),
            Act::Decide(session) => state.decide(self, session),
            Act::Check(session) => state.check(self, session),
            Act::Commit(session) => state.commit(session),
            Act::Open(session) => state.open(self, session),
            Act::Peek(session) => state.peek(self, session),
            Act::Take(session) => state.take(self, session),
            Act::BeginReading(session) => state.begin_reading(session),
            Act::Read(session) => state.read(self, session),
            Act::End(session) => state.end(self, session),
            Act::Interrupt(session) => state.interrupt(session),
            Act::Again(session) => state.again(self, session),
        }?;
        for process in &mut state.processes {
            // They are in no order: one state, not two.
            process.calls[..self.bounds.calls].sort_unstable();
        }
        Some(state)
    }
}

impl State {
    fn tick(&mut self, fleet: &Fleet) -> Option<()> {
        if self.ticks >= fleet.bounds.ticks {
            return None;
        }
        self.ticks += 1;
        for (clock, fast) in self.clocks.iter_mut().zip(self.fast) {
            *clock += PACE[usize::from(fast)];
        }
        if let Some(time) = &mut self.store.time {
            time.now += PACE[usize::from(time.fast)];
        }
        Some(())
    }

    fn jump(&mut self, process: usize) -> Option<()> {
        const FAR: u64 = 1_000;
        let clock = self.clocks.get_mut(process)?;
        *clock = if *clock == 0 { FAR } else { 0 };
        Some(())
    }

    fn lose(&mut self, process: usize, slot: usize) -> Option<()> {
        self.processes[process].calls[slot].take()?;
        self.mishaps = self.mishaps.checked_sub(1)?;
        Some(())
    }
}
