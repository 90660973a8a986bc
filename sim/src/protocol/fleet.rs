//! A fleet to explore.

use countersign_lease::Holder;
use stateright::{Model, Property};

use super::{
    Promise, Safeguard,
    act::Act,
    state::{
        Command, LEASE, PROCESSES, Process, Request, Row, SESSIONS, State, Store,
    },
};

/// How clocks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    /// Forwards, and within the margin of each other over a lease.
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
    pub renewals: u8,
    /// Leases that each process asks for, beyond the one it may begin with.
    pub acquisitions: u8,
    /// Crashes of processes, interrupted commands and lost messages, together.
    pub mishaps: u8,
    /// Processes that exist; the last of them is down at first where there are three.
    pub processes: usize,
    /// Sessions, and commands that take them away.
    pub sessions: usize,
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
        let up_at_first = |process| process < self.bounds.processes && process < 2;
        let row = Row {
            counter: 0,
            acknowledged: 0,
        };
        let process = |at: usize| {
            let mut holder = Holder::new(LEASE);
            if up_at_first(at) {
                holder.acquired(1, 0, 0);
                holder.caught_up(0);
            }
            Process {
                up: up_at_first(at),
                holder,
                folded: 0,
                calls: [None; 2],
                renewals: self.bounds.renewals,
                acquisitions: self.bounds.acquisitions,
            }
        };
        vec![State {
            ticks: 0,
            clocks: [0; PROCESSES],
            store: Store {
                head: 0,
                taken: [None; SESSIONS],
                leases: (0..PROCESSES)
                    .filter(|at| up_at_first(*at))
                    .map(|at| ((at, 1), row))
                    .collect(),
                epochs: [2; PROCESSES],
            },
            processes: std::array::from_fn(process),
            requests: [Request::None; SESSIONS],
            commands: std::array::from_fn(|_| Command::Idle),
            mishaps: self.bounds.mishaps,
        }]
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
                Property::sometimes("a request reaches the product", |_, state: &State| {
                    state.requests.contains(&Request::Open)
                }),
                Property::sometimes("a command is answered", |_, state: &State| {
                    state.answered(0)
                }),
            ])
            .collect()
    }
}
