//! CPU time of processes, as the kernel counts it.

use std::{fs, time::Duration};

use crate::Outcome;

/// User and system time of all of them together.
pub(crate) fn of(pids: &[u32]) -> Outcome<Duration> {
    let mut ticks = 0;
    for pid in pids {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        // The name in parentheses may hold anything; what follows it does not.
        let (_, rest) = stat.rsplit_once(')').ok_or("an odd /proc/*/stat")?;
        let mut fields = rest.split_ascii_whitespace().skip(11);
        for _ in 0..2 {
            let field = fields.next().ok_or("a short /proc/*/stat")?;
            ticks += field.parse::<u64>()?;
        }
    }
    let per_second = rustix::param::clock_ticks_per_second();
    Ok(Duration::from_millis(ticks * 1_000 / per_second))
}

/// The processes that `parent` started.
pub(crate) fn children(parent: u32) -> Outcome<Vec<u32>> {
    let list = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"))?;
    Ok(list
        .split_ascii_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?)
}
