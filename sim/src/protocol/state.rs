//! Everything there is at one moment of the model.

use std::collections::BTreeMap;

use countersign_lease::{Boot, Holder, RunOut, StoreTime, Waiter};

/// How many processes.
pub const PROCESSES: usize = 3;
/// How many sessions; for each there is one command that takes it away.
pub const SESSIONS: usize = 2;
/// How long a lease holds, in milliseconds: two ticks.
pub(crate) const LEASE: Boot = 400;
/// By how much a tick moves a slow clock and a fast one, in milliseconds. Over a lease they come to
/// differ by its margin.
pub(crate) const PACE: [Boot; 2] = [195, 205];
/// The process in which support's requests are looked at one by one.
pub(crate) const BUSY: usize = 1;
/// The session that recording can see was taken away. What takes the other away, a tightened policy
/// for instance, is nothing the fence knows of.
pub(crate) const FENCED: usize = 0;

/// A lease by process and epoch; each process counts its own epochs.
pub(crate) type Key = (usize, u64);

/// One moment of a fleet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub(crate) ticks: u8,
    /// Whose clock is a fast one.
    pub(crate) fast: [bool; PROCESSES],
    /// What each process's boot-time clock shows.
    pub(crate) clocks: [Boot; PROCESSES],
    pub(crate) store: Store,
    pub(crate) processes: [Process; PROCESSES],
    /// A request of support under each session, in the busy process.
    pub(crate) requests: [Request; SESSIONS],
    pub(crate) commands: [Command; SESSIONS],
    /// How many things may still go wrong.
    pub(crate) mishaps: u8,
}

/// What is committed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Store {
    pub(crate) head: u64,
    /// At which position each session was taken away.
    pub(crate) taken: [Option<u64>; SESSIONS],
    /// By process and epoch, in order.
    pub(crate) leases: BTreeMap<Key, Row>,
    /// The epoch that each process gets next.
    pub(crate) epochs: [u64; PROCESSES],
    /// Its clock, where expiry is looked at.
    pub(crate) time: Option<Time>,
}

/// The store's clock, and when what is granted is over by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Time {
    pub(crate) now: Boot,
    /// Whether it is a fast one.
    pub(crate) fast: bool,
    pub(crate) expires_at: Boot,
}

/// A lease in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    pub(crate) counter: u64,
    pub(crate) acknowledged: u64,
}

/// A serving process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Process {
    pub(crate) up: bool,
    pub(crate) holder: Holder,
    pub(crate) folded: u64,
    /// What it knows of the store's clock.
    pub(crate) time: Option<StoreTime>,
    /// What is under way between it and the store, in no order.
    pub(crate) calls: [Option<Call>; 2],
    /// How often it may still ask for a renewal.
    pub(crate) renewals: u8,
    /// How often it may still ask for a lease.
    pub(crate) acquisitions: u8,
}

/// A call to the store, or its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Call {
    Acquire {
        sent: Boot,
        /// The process's earlier lease.
        replaces: Option<u64>,
        /// The head, where it was read before.
        head: Option<u64>,
    },
    Acquired {
        epoch: u64,
        head: u64,
        sent: Boot,
        /// What the store's clock showed.
        at: Option<Boot>,
    },
    Renew {
        epoch: u64,
        acknowledged: u64,
        sent: Boot,
    },
    /// A renewal that has been found up to the barrier and has not been committed: what takes something
    /// away does not wait for it.
    Renewing {
        epoch: u64,
        acknowledged: u64,
        sent: Boot,
    },
    Renewed {
        epoch: u64,
        sent: Boot,
        at: Option<Boot>,
    },
    Lost {
        epoch: u64,
    },
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Request {
    None,
    /// Judged an allowed one, and on its way to the store.
    Decided {
        epoch: u64,
    },
    /// Its transaction has looked at lease and session and not yet committed.
    Checked {
        epoch: u64,
    },
    /// On the log.
    Recorded,
    /// At the product, whose response is on its way back.
    Open,
}

/// How far a command has come. All run in process 0 and count on its clock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Command {
    Idle,
    /// It has read who serves before it commits, as it should not.
    Peeked {
        serving: [bool; PROCESSES],
    },
    /// Committed, and waiting to be effective.
    Waiting(Box<Waiting>),
    /// Whoever gave it will not hear an answer.
    Interrupted,
    Answered,
}

/// A command that waits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Waiting {
    pub(crate) waiter: Waiter<Key>,
    pub(crate) step: WaitStep,
    /// Whose leases it does not look at, because it read them too early.
    pub(crate) ignored: [bool; PROCESSES],
}

/// Where in its loop.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum WaitStep {
    Resting,
    /// About to read the leases; its clock showed this before.
    Reading(Boot),
    /// About to end what has run out.
    Ending(Vec<RunOut<Key>>),
}

impl State {
    /// Whether a process may serve now as far as it knows.
    pub(crate) fn serving(&self, process: usize) -> Option<u64> {
        let at = &self.processes[process];
        at.holder.serving(self.clocks[process]).filter(|_| at.up)
    }

    /// The check before each byte: lease and session are live in this process now.
    pub(crate) fn may_flow(&self, process: usize, session: usize) -> bool {
        self.serving(process).is_some() && self.sees(process, session) && self.in_time(process)
    }

    /// Whether what is granted is not over yet, by the latest that the store's clock can show as far as the
    /// process knows.
    fn in_time(&self, process: usize) -> bool {
        self.store.time.is_none_or(|time| {
            let known = self.processes[process].time;
            let latest = known.map(|known| known.latest(self.clocks[process]));
            latest.is_some_and(|latest| latest < moment(time.expires_at))
        })
    }

    /// Whether the session is live in the process's view.
    pub(crate) fn sees(&self, process: usize, session: usize) -> bool {
        self.store.taken[session].is_none_or(|at| self.processes[process].folded < at)
    }

    pub(crate) fn answered(&self, session: usize) -> bool {
        matches!(self.commands[session], Command::Answered)
    }
}

/// A moment of the store's clock.
pub(crate) fn moment(at: Boot) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}
