//! What the run has shown, in a file.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    faults::Fault,
    load::{Beside, Revocation, Tally},
    watched::{Late, Seen},
};

pub(super) struct Run<'a> {
    pub(super) seed: u64,
    pub(super) took: Duration,
    pub(super) tally: &'a Tally,
    pub(super) seen: &'a [Seen],
    pub(super) entries: usize,
    pub(super) faults: BTreeMap<Fault, u64>,
    pub(super) wrong: &'a [String],
}

/// Writes it to `COUNTERSIGN_REPORT`, or beside what else the tests make; answers with it.
pub(super) fn write(run: &Run<'_>) -> String {
    let named = env::var_os("COUNTERSIGN_REPORT").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_TARGET_TMPDIR")).join("fleet.json");
    let path = named.unwrap_or_else(beside);
    let text = serde_json::to_string_pretty(&of(run)).expect("JSON");
    fs::write(&path, &text).expect("a file for the report");
    format!("{text}\nin {}", path.display())
}

fn of(run: &Run<'_>) -> Value {
    let revocations = run.tally.revocations.lock().unwrap();
    let of = |which: &dyn Fn(&Revocation) -> bool| {
        let chosen: Vec<_> = revocations.iter().filter(|one| which(one)).collect();
        let effective = chosen.iter().filter_map(|one| one.effective);
        json!({
            "count": chosen.len(),
            "effective_ms": spread(effective.map(|one| one.ms).collect()),
            "call_ms": spread(chosen.iter().map(|one| millis(one.call)).collect()),
        })
    };
    let lapsed = |one: &Revocation| one.effective.is_some_and(|one| one.lapsed > 0);
    let count = |number: &std::sync::atomic::AtomicU64| number.load(Ordering::Relaxed);
    let expired = run
        .seen
        .iter()
        .filter(|seen| seen.late == Some(Late::Expired));
    let faults = run.faults.iter();
    let faults: BTreeMap<_, _> = faults
        .map(|(fault, count)| (format!("{fault:?}"), count))
        .collect();
    json!({
        "seed": run.seed,
        "seconds": run.took.as_secs(),
        "faults": faults,
        "revocations": revocations.len(),
        "healthy": of(&|one| one.beside == Beside::Nothing && !lapsed(one)),
        "healthy_after_a_fault": of(&|one| one.beside == Beside::Nothing && lapsed(one)),
        "one_process_stopped": of(&|one| one.beside == Beside::OneStopped),
        "other_faults": of(&|one| one.beside == Beside::Others),
        "found_done_by_a_second_call": of(&|one| one.effective.is_none()),
        "calls_made_again": *run.tally.again.lock().unwrap(),
        "requests_at_the_product": run.seen.len(),
        "answered_200": count(&run.tally.answered),
        "streams": count(&run.tally.streams),
        "entries": run.entries,
        "last_writes_of_stopped_processes": {
            "requests_whose_identity_had_expired": expired.count(),
            "streams": count(&run.tally.last_writes),
        },
        "violations": run.wrong,
    })
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Half, nine in ten, 99 in a hundred, and all of them took no longer than this.
fn spread(mut all: Vec<u64>) -> Value {
    all.sort_unstable();
    let at = |part: usize| all.get((all.len() * part / 100).min(all.len().saturating_sub(1)));
    json!({"p50": at(50), "p90": at(90), "p99": at(99), "max": all.last()})
}
