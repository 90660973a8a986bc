//! Whether commands are answered in time, from any state in which they wait.

use super::{
    Fleet,
    act::Act,
    state::{Command, SESSIONS, State},
};

/// How processes go on from a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    /// All are well.
    None,
    /// One does nothing at all.
    Paused(usize),
    /// One keeps its lease and folds nothing.
    FoldsNothing(usize),
}

/// Ticks in which a lease and its margin pass, from whenever within a tick.
const A_LEASE: u8 = 3;

pub(crate) fn answers_in_time(fleet: &Fleet, state: &State) -> bool {
    let waits = |command: &Command| matches!(command, Command::Waiting(_));
    if !state.commands.iter().any(waits) {
        return true;
    }
    let fleet = &Fleet {
        bounds: super::Bounds {
            ticks: u8::MAX,
            ..fleet.bounds
        },
        ..fleet.clone()
    };
    let well = if everyone_is_there(state) { 0 } else { A_LEASE };
    answered_within(fleet, state, Trouble::None, well)
        && fleet.bounds.existing().all(|process| {
            answered_within(fleet, state, Trouble::Paused(process), A_LEASE)
                && answered_within(fleet, state, Trouble::FoldsNothing(process), A_LEASE)
        })
}

/// Whether each lease is the one that its process holds, so that none has to run out.
fn everyone_is_there(state: &State) -> bool {
    state.store.leases.keys().all(|(process, epoch)| {
        state.processes[*process].up && state.serving(*process) == Some(*epoch)
    })
}

fn answered_within(fleet: &Fleet, from: &State, trouble: Trouble, ticks: u8) -> bool {
    let mut state = from.clone();
    for process in &mut state.processes {
        process.renewals = u8::MAX;
        process.acquisitions = u8::MAX;
    }
    for tick in 0..=ticks {
        // Several: what was under way first, then what follows from it.
        for _ in 0..4 {
            round(fleet, &mut state, trouble);
        }
        if !state
            .commands
            .iter()
            .any(|command| matches!(command, Command::Waiting(_)))
        {
            return true;
        }
        if tick < ticks {
            follow(fleet, &mut state, Act::Tick);
        }
    }
    false
}

/// Everybody who is not in trouble does what there is to do.
fn round(fleet: &Fleet, state: &mut State, trouble: Trouble) {
    for session in 0..SESSIONS {
        // A transaction holds its locks no longer than it takes.
        follow(fleet, state, Act::Commit(session));
    }
    for process in fleet.bounds.existing() {
        for slot in 0..fleet.bounds.calls {
            follow(fleet, state, Act::AtStore(process, slot));
        }
        if trouble == Trouble::Paused(process) {
            continue;
        }
        for slot in 0..fleet.bounds.calls {
            follow(fleet, state, Act::Hear(process, slot));
        }
        if trouble != Trouble::FoldsNothing(process) {
            while follow(fleet, state, Act::Fold(process)) {}
        }
        follow(fleet, state, Act::AskForALease(process));
        follow(fleet, state, Act::AskForARenewal(process));
    }
    for session in 0..SESSIONS {
        follow(fleet, state, Act::BeginReading(session));
        follow(fleet, state, Act::Read(session));
        while follow(fleet, state, Act::End(session)) {}
    }
}

fn follow(fleet: &Fleet, state: &mut State, act: Act) -> bool {
    match fleet.act(state, act) {
        Some(after) => {
            *state = after;
            true
        }
        None => false,
    }
}
