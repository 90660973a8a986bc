//! The lease, the barrier and the fence, explored exhaustively at small sizes.
use countersign_sim::protocol::{Bounds, Clocks, Fleet, Promise, Safeguard};
use stateright::{Checker, Model};

#[test]
fn probe() {
    let env = |name: &str, default: u8| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let fleet = Fleet {
        bounds: Bounds {
            ticks: env("TICKS", 3),
            renewals: env("RENEWALS", 1),
            acquisitions: env("ACQ", 1),
            mishaps: env("MISHAPS", 0),
            processes: usize::from(env("PROCS", 3)),
            sessions: usize::from(env("SESSIONS", 1)),
        },
        clocks: if env("WILD", 0) == 1 { Clocks::Wild } else { Clocks::Bounded },
        without: match env("WITHOUT", 255) { 255 => None, n => Some(Safeguard::ALL[usize::from(n)]) },
        promises: if env("WILD", 0) == 1 { vec![Promise::Fenced, Promise::NoLeaseNoRecord] } else if env("TERM_", 0) == 1 { vec![Promise::AnswersInTime] } else { vec![Promise::NothingFlows, Promise::Fenced, Promise::NoLeaseNoRecord] },
    };
    let start = std::time::Instant::now();
    let checker = fleet.checker().threads(2).spawn_bfs().join();
    println!("{} states, {} unique, depth {}, {:?}", checker.state_count(), checker.unique_state_count(), checker.max_depth(), start.elapsed());
    for (name, path) in checker.discoveries() {
        println!("== {name}: {:?}", path.into_actions());
    }
}
