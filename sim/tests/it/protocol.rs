//! The lease, the barrier and the fence, every interleaving of them at small sizes: the promises hold,
//! and with any one safeguard taken out one of them does not.

#![allow(clippy::print_stdout)] // What a run explored, and the way to a broken promise.

use countersign_sim::protocol::{Begins, Bounds, Clocks, Fleet, Promise, Safeguard};
use stateright::{Checker, HasDiscoveries, Model};

/// A command line that takes something away, and one process that serves.
const PAIR: Bounds = Bounds {
    ticks: 3,
    processes: [Begins::Bare, Begins::Serving, Begins::Absent],
    renewals: [0, 1, 0],
    acquisitions: [0, 1, 0],
    calls: 1,
    mishaps: 0,
    sessions: 1,
    requests: false,
    expires_at: None,
};

const SAFETY: [Promise; 3] = [
    Promise::NothingFlows,
    Promise::Fenced,
    Promise::NoLeaseNoRecord,
];

fn fleet(bounds: Bounds, promises: &[Promise]) -> Fleet {
    Fleet {
        bounds,
        clocks: Clocks::Bounded,
        without: None,
        promises: promises.to_vec(),
    }
}

/// One process serves and renews, and another starts and takes a lease, while a command takes
/// something away.
fn joining() -> Fleet {
    let bounds = Bounds {
        processes: [Begins::Bare, Begins::Serving, Begins::Down],
        renewals: [0, 1, 1],
        acquisitions: [0, 0, 1],
        ..PAIR
    };
    fleet(bounds, &SAFETY)
}

/// A request on its way to the product; and the command's caller goes away after its commit and asks
/// again, or the process crashes and starts anew, or a call is lost.
fn requests() -> Fleet {
    let bounds = Bounds {
        mishaps: 1,
        requests: true,
        ..PAIR
    };
    fleet(bounds, &SAFETY)
}

/// Two commands, and a process that is given up for silent and comes back between them.
fn two_commands() -> Fleet {
    fleet(
        Bounds {
            sessions: 2,
            ..PAIR
        },
        &SAFETY,
    )
}

/// A process that starts, whose calls to the store overtake each other.
fn overtaking() -> Fleet {
    let bounds = Bounds {
        ticks: 2,
        processes: [Begins::Bare, Begins::Down, Begins::Absent],
        acquisitions: [0, 2, 0],
        calls: 2,
        ..PAIR
    };
    fleet(bounds, &SAFETY)
}

/// The fence, with clocks that mean nothing.
fn wild() -> Fleet {
    let bounds = Bounds {
        requests: true,
        mishaps: 1,
        ..PAIR
    };
    Fleet {
        clocks: Clocks::Wild,
        ..fleet(bounds, &[Promise::Fenced, Promise::NoLeaseNoRecord])
    }
}

/// What is granted runs out, by the store's clock, while a process keeps its lease or loses it and takes
/// another, and answers are late; the clocks run apart as far as they may.
fn expiring() -> Fleet {
    let bounds = Bounds {
        renewals: [0, 2, 0],
        expires_at: Some(610),
        ..PAIR
    };
    fleet(bounds, &[Promise::NothingExpired])
}

/// From every state of these, all is well again, or one process is paused or folds nothing.
fn in_time() -> Fleet {
    fleet(Bounds { ticks: 2, ..PAIR }, &[Promise::AnswersInTime])
}

/// Explores all there is.
#[track_caller]
fn holds(fleet: Fleet) {
    let checker = fleet.checker().threads(2).spawn_bfs().join();
    println!(
        "{} states, {} steps at most",
        checker.unique_state_count(),
        checker.max_depth()
    );
    checker.assert_properties();
}

/// Without `safeguard`, `promise` is broken; the shortest way there is printed.
#[track_caller]
fn breaks(mut fleet: Fleet, safeguard: Safeguard, promise: Promise) {
    fleet.without = Some(safeguard);
    fleet.promises = vec![promise];
    let failed = HasDiscoveries::AnyFailures;
    let checker = fleet.checker().finish_when(failed).spawn_bfs().join();
    let Some(path) = checker.discovery(promise.name()) else {
        panic!("without {safeguard:?}, {promise:?} still holds");
    };
    println!("without {safeguard:?}: {:?}", path.into_actions());
}

#[test]
fn a1_nothing_flows_after_the_answer_while_a_process_joins() {
    holds(joining());
}

#[test]
fn a1_no_request_starts_after_the_answer() {
    holds(requests());
}

#[test]
fn a1_one_command_after_another_finds_everybody_who_serves() {
    holds(two_commands());
}

#[test]
fn a1_calls_that_overtake_each_other_hide_nobody() {
    holds(overtaking());
}

#[test]
fn a2_nothing_flows_past_its_end() {
    holds(expiring());
}

#[test]
fn the_fence_alone_keeps_what_is_gone_off_the_log_whatever_the_clocks_do() {
    holds(wild());
}

#[test]
fn commands_are_answered_at_once_by_a_healthy_fleet_and_in_a_lease_by_any_other() {
    holds(in_time());
}

/// Every safeguard is needed: taken out alone, it breaks a promise.
#[test]
fn nothing_may_be_taken_out() {
    use Promise::{AnswersInTime, Fenced, NoLeaseNoRecord, NothingExpired, NothingFlows};
    use Safeguard as S;
    for safeguard in Safeguard::ALL {
        let (fleet, promise) = match safeguard {
            S::Margin
            | S::LeaseCountsFromSending
            | S::RepeatedAnswersWait
            | S::ChecksBeforeTheFirstByte
            | S::ChecksEachWrite => (requests(), NothingFlows),
            S::ReplacesOnlyWhatItNames
            | S::CatchesUpBeforeServing
            | S::HeadReadWithTheLease
            | S::AcknowledgesWhatItFolded
            | S::ReadsLeasesAfterTheCommit => (overtaking(), NothingFlows),
            S::EndsOnlyWhatStoodStill | S::EndsByEpoch => (two_commands(), NothingFlows),
            S::BarrierHoldsRenewalsUp | S::EndsWhatRanOut => (in_time(), AnswersInTime),
            S::FenceChecksTheSession | S::FenceLocks => (wild(), Fenced),
            S::FenceChecksTheLease => (wild(), NoLeaseNoRecord),
            S::BoundsTheClock | S::ReadingCountsFromSending | S::ReadsTheClockWithEachLease => {
                (expiring(), NothingExpired)
            }
        };
        breaks(fleet, safeguard, promise);
    }
}
