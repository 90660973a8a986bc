//! A fleet to explore.

use countersign_lease::{Boot, Holder, StoreTime};
use stateright::{Model, Property};

use super::{
    Promise, Safeguard,
    act::Act,
    state::{Command, LEASE, PROCESSES, Process, Request, Row, SESSIONS, State, Store, Time},
};

/// How clocks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    /// Forwards; over a lease, a slow one and a fast one come to differ by the margin. Every mixture of
    /// both is explored.
    Bounded,
    /// As they please: each jumps by more than a lease, back and forth.
    Wild,
}

/// How much is explored.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Ticks of half a lease.
    pub ticks: u8,
    /// Renewals that each process asks for.
    pub renewals: [u8; PROCESSES],
    /// Leases that each process asks for, beyond the one it may begin with.
    pub acquisitions: [u8; PROCESSES],
    /// Calls to the store that a process may have under way at once: with two, one can overtake the
    /// other.
    pub calls: usize,
    /// Crashes of processes, interrupted commands and lost messages, together.
    pub mishaps: u8,
    /// How each process begins.
    pub processes: [Begins; PROCESSES],
    /// Sessions, and commands that take them away.
    pub sessions: usize,
    /// Whether support's requests are followed from decision to product.
    pub requests: bool,
    /// When what is granted is over by the store's clock, in milliseconds from the beginning; none where
    /// expiry is not looked at.
    pub expires_at: Option<Boot>,
}

/// How a process begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// With a lease that it has just taken.
    Serving,
    /// Up, and without a lease; one that never asks for one is a command line.
    Bare,
    /// Down.
    Down,
    /// It is none of the fleet. Those that are come first.
    Absent,
}

impl Bounds {
    pub(crate) fn existing(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        let processes = self.processes;
        (0..PROCESSES).filter(move |at| processes[*at] != Begins::Absent)
    }
}

/// A fleet, what goes on in it, and what is looked at.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// How much is explored.
    pub bounds: Bounds,
    /// How clocks run.
    pub clocks: Clocks,
    /// What has been taken out of the protocol.
    pub without: Option<Safeguard>,
    /// What must hold in every state.
    pub promises: Vec<Promise>,
}

impl Fleet {
    pub(crate) fn keeps(&self, safeguard: Safeguard) -> bool {
        self.without != Some(safeguard)
    }
}

impl Model for Fleet {
    type State = State;
    type Action = Act;

    fn init_states(&self) -> Vec<State> {
        let begins = self.bounds.processes;
        let row = Row {
            counter: 0,
            acknowledged: 0,
        };
        let process = |at: usize| {
            let mut holder = Holder::new(LEASE);
            if begins[at] == Begins::Serving {
                holder.acquired(1, 0, 0);
                holder.caught_up(0);
            }
            Process {
                up: matches!(begins[at], Begins::Serving | Begins::Bare),
                holder,
                folded: 0,
                time: (self.bounds.expires_at)
                    .filter(|_| begins[at] == Begins::Serving)
                    .map(|_| StoreTime::read(0, 0, 0, LEASE)),
                calls: [None; 2],
                renewals: self.bounds.renewals[at],
                acquisitions: self.bounds.acquisitions[at],
            }
        };
        let at_first = |fast: usize| State {
            ticks: 0,
            fast: std::array::from_fn(|process| fast >> process & 1 == 1),
            clocks: [0; PROCESSES],
            store: Store {
                head: 0,
                taken: [None; SESSIONS],
                leases: (0..PROCESSES)
                    .filter(|at| begins[*at] == Begins::Serving)
                    .map(|at| ((at, 1), row))
                    .collect(),
                epochs: [2; PROCESSES],
                time: self.bounds.expires_at.map(|expires_at| Time {
                    now: 0,
                    fast: fast >> PROCESSES & 1 == 1,
                    expires_at,
                }),
            },
            processes: std::array::from_fn(process),
            requests: [Request::None; SESSIONS],
            commands: std::array::from_fn(|_| Command::Idle),
            mishaps: self.bounds.mishaps,
        };
        let paces = match self.clocks {
            Clocks::Bounded => 1 << self.bounds.existing().count(),
            Clocks::Wild => 1,
        };
        let store = match self.bounds.expires_at {
            Some(_) => 2,
            None => 1,
        };
        let at_first =
            |store: usize| (0..paces).map(move |fast| at_first(fast | store << PROCESSES));
        (0..store).flat_map(at_first).collect()
    }

    fn actions(&self, state: &State, acts: &mut Vec<Act>) {
        Act::candidates(self, acts);
        acts.retain(|act| self.act(state, *act).is_some());
    }

    fn next_state(&self, state: &State, act: Act) -> Option<State> {
        self.act(state, act)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        self.promises
            .iter()
            .map(Promise::property)
            .chain([
                Property::sometimes("a lease is renewed", |_, state: &State| {
                    state.store.leases.values().any(|row| row.counter > 0)
                }),
                Property::sometimes("a command is answered", |_, state: &State| {
                    state.answered(0)
                }),
            ])
            .collect()
    }
}
