//! A fleet on clocks, a network and a store that do what a seed says. A run that fails names its seed,
//! and this goes through it again and prints what happened:
//!
//!     COUNTERSIGN_SEED=4711 cargo nextest run -p countersign-sim simulation
//!
//! `COUNTERSIGN_SEEDS=100000` goes through that many.

#![allow(clippy::print_stdout)] // What a run came to.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use countersign_sim::simulation::{Mutant, Run, run};

/// How many seeds there are when nobody says otherwise.
const SEEDS: u64 = 3_000;
/// Within how many a mutant is found.
const FOUND_WITHIN: u64 = 1_500;

/// What has to come up, or that nothing was broken would mean little.
const INTERESTING: &[&str] = &[
    "answers lost",
    "calls late",
    "calls lost",
    "clocks set",
    "crashed",
    "cut",
    "cut off",
    "done",
    "gone",
    "leases waited for",
    "outcomes unknown",
    "paused",
    "recorded",
    "refused",
    "sessions",
    "started",
    "views compared",
];

#[allow(clippy::disallowed_methods)] // Only a person who looks for something sets them.
fn asked(variable: &str) -> Option<u64> {
    let said = std::env::var(variable).ok()?;
    Some(said.parse().expect("a number"))
}

#[test]
fn nothing_that_was_promised_is_broken() {
    if let Some(seed) = asked("COUNTERSIGN_SEED") {
        return holds(seed, &run(seed, None));
    }
    let seeds = asked("COUNTERSIGN_SEEDS").unwrap_or(SEEDS);
    let next = AtomicU64::new(0);
    let some = || {
        let mut counts = BTreeMap::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return counts;
            }
            let run = run(seed, None);
            holds(seed, &run);
            add(&mut counts, run.counts.0);
        }
    };
    let mut counts = BTreeMap::new();
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(some)).collect();
        for thread in threads {
            add(&mut counts, thread.join().expect("no run failed"));
        }
    });
    println!("{seeds} seeds: {counts:?}");
    let missed: Vec<_> = INTERESTING
        .iter()
        .filter(|what| !counts.contains_key(*what))
        .collect();
    assert!(missed.is_empty(), "{missed:?} never came up");
}

fn add(counts: &mut BTreeMap<&'static str, u64>, others: BTreeMap<&'static str, u64>) {
    for (what, times) in others {
        *counts.entry(what).or_default() += times;
    }
}

#[track_caller]
fn holds(seed: u64, run: &Run) {
    if let Some(violation) = &run.violation {
        for line in &violation.before {
            println!("{line}");
        }
        panic!("COUNTERSIGN_SEED={seed}: {}", violation.what);
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 0..40 {
        assert_eq!(run(seed, None), run(seed, None), "{seed}");
    }
    assert_ne!(run(0, None).trace, run(1, None).trace);
}

/// Whatever is broken, alone, the judge sees what comes of it.
#[test]
fn every_mutant_is_found() {
    use Mutant as M;
    for mutant in Mutant::ALL {
        let comes_of_it = match mutant {
            M::BarrierNotAwaited
            | M::RepeatedAnswersDoNotWait
            | M::AcknowledgesWhatItHasNotFolded
            | M::ServesBeforeItHasCaughtUp
            | M::LeaseDoesNotLapse
            | M::WritesAreNotChecked => "A1",
            M::JudgesByItsOwnClock => "A2",
            M::FailedEntriesAreTakenForDurable => "A5",
            M::FailedAppendIsAcknowledged => "A7",
            M::FenceBeforeTheTransaction => "recorded behind its end",
            M::FenceIgnoresTheLease => "recorded without a lease",
            M::FollowerSkipsAnEvent => "knows something else than the log says",
            M::LostAppendIsRepeated => "had an effect 2 times",
            M::LostAppendIsTakenForFailed | M::UnknownOutcomeIsSaidToBeNone => {
                "had an effect, and was said to have none"
            }
            M::ConflictsAreIgnored => "was let through",
            M::NeverAcknowledges => "with all well",
        };
        let finds = |seed: &u64| {
            let violation = run(*seed, Some(mutant)).violation;
            violation.is_some_and(|violation| violation.what.contains(comes_of_it))
        };
        match (0..FOUND_WITHIN).find(finds) {
            Some(seed) => println!("{mutant:?} is found with seed {seed}"),
            None => panic!("{mutant:?} is not found within {FOUND_WITHIN} seeds"),
        }
    }
}
