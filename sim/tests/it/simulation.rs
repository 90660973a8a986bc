//! A fleet on clocks, a network and a store that do what a seed says. A run that fails names its seed:
//!
//!     COUNTERSIGN_SEED=4711 cargo nextest run -p countersign-sim simulation

#![allow(clippy::print_stdout)] // What a run came to.

use countersign_sim::simulation::{Mutant, Run, run};

/// How many seeds a run of the tests goes through.
const SEEDS: u64 = 200;

#[test]
fn nothing_that_was_promised_is_broken() {
    for seed in 0..SEEDS {
        holds(seed, run(seed, None));
    }
}

#[track_caller]
fn holds(seed: u64, run: Run) {
    if let Some(violation) = run.violation {
        for line in violation.before {
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
        let found = (0..100).find_map(|seed| Some((seed, run(seed, Some(mutant)).violation?)));
        match found {
            Some((seed, violation)) => println!("{mutant:?} at {seed}: {}", violation.what),
            None => println!("{mutant:?} NOT FOUND"),
        }
    }
}
