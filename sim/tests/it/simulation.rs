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
const SEEDS: u64 = 400;

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
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return counts;
            }
            let run = run(seed, None);
            if std::env::var_os("GO_ON").is_some() {
                if let Some(violation) = &run.violation {
                    println!("{seed}: {}", violation.what);
                }
            } else {
                holds(seed, &run);
            }
            for (what, times) in run.counts.0 {
                *counts.entry(what).or_default() += times;
            }
        }
    };
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(some)).collect();
        for thread in threads {
            for (what, times) in thread.join().expect("no run failed") {
                *counts.entry(what).or_default() += times;
            }
        }
    });
    println!("{counts:?}");
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
    for seed in 0..20 {
        assert_eq!(run(seed, None), run(seed, None), "{seed}");
    }
}

#[test]
fn every_mutant_is_found() {
    for mutant in Mutant::ALL {
        let found: Vec<_> = (0..150)
            .filter_map(|seed| Some((seed, run(seed, Some(mutant)).violation?)))
            .collect();
        println!("{mutant:?}: {}", found.len());
        for (seed, violation) in found.iter().take(3) {
            println!("   {seed}: {}", violation.what);
        }
    }
}
