//! A process that starts reads what is live, and never the history. Whatever has happened, the view
//! it starts from is the view that somebody has who has folded every event, and stays so.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use countersign_decision::View;
use countersign_domain::{EndedWhy, State, StreamId};
use countersign_node::Start;
use countersign_store::{Append, Position, Recorded, Store, Version, conformance::ManualClock};
use countersign_store_sqlite::SqliteStore;
use proptest::{
    prop_assert, prop_assert_eq,
    test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner},
};
use tokio::runtime::Runtime;

use crate::{happening::Happened, steps::busy_plan, world::World};

#[test]
fn a_start_knows_what_a_fold_of_all_events_knows() {
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[4; 32]);
    let seen = RefCell::new(BTreeMap::new());
    let ran = TestRunner::new_with_rng(config, rng).run(&busy_plan(40..=80), |plan| {
        let world = World::pass_through(&plan)?;
        note(&world.state, &mut seen.borrow_mut());
        let scratch = Scratch::new();
        let runtime = Runtime::new().unwrap();
        runtime.block_on(start_everywhere(&world, &scratch.0))
    });
    if let Err(error) = ran {
        panic!("{error}");
    }
    for why in WHYS {
        assert!(
            seen.borrow().contains_key(&format!("{why:?}")),
            "{why:?} of {seen:?}"
        );
    }
}

/// Reasons for which a session must have ended somewhere, or these histories would mean little.
const WHYS: [EndedWhy; 10] = [
    EndedWhy::ByAgent,
    EndedWhy::ByApprover,
    EndedWhy::GrantRevoked,
    EndedWhy::PeriodOver,
    EndedWhy::CaseClosed,
    EndedWhy::AgentLeftTeam,
    EndedWhy::AgentDeactivated,
    EndedWhy::SubjectDeactivated,
    EndedWhy::Blocked,
    EndedWhy::UpstreamChanged,
];

fn note(state: &State, seen: &mut BTreeMap<String, u32>) {
    for case in state.cases() {
        let ended = case.ended_sessions.values();
        for e in ended {
            *seen.entry(format!("{:?}", e.why)).or_default() += 1;
        }
    }
}

/// Appends the history act by act. After each, a process starts, and now and then one of them goes
/// on following the tail.
async fn start_everywhere(world: &World, directory: &Path) -> Result<(), TestCaseError> {
    let clock = Arc::new(ManualClock::default());
    let store = SqliteStore::open(directory.join("sim.db"), clock);
    let store = store.await.unwrap();
    let mut versions = BTreeMap::new();
    let mut all_along = Follower::default();
    let mut started: Vec<Follower> = Vec::new();
    for (act, happened) in world.happened.iter().enumerate() {
        append(&store, &mut versions, happened).await;
        let tail = store.tail(all_along.position, 1_000).await.unwrap();
        all_along.fold(&tail);
        for follower in &mut started {
            follower.fold(&tail);
            all_along.is_like(follower)?;
        }
        let start = Start::read(&store).await.unwrap();
        let fresh = Follower {
            view: start.view,
            position: start.as_of.position,
        };
        all_along.is_like(&fresh)?;
        prop_assert_eq!(start.as_of.time, happened.at);
        if act % 16 == 0 {
            started.push(fresh);
        }
    }
    // The store's events are the world's, so that what is compared is what the rules are held to.
    prop_assert!(all_along.view == world.view);
    Ok(())
}

async fn append(
    store: &SqliteStore,
    versions: &mut BTreeMap<StreamId, Version>,
    happened: &Happened,
) {
    let mut read = BTreeMap::new();
    for event in &happened.events {
        let version = versions.entry(event.stream()).or_insert(Version::NONE);
        read.entry(event.stream()).or_insert(*version);
        version.0 += 1;
    }
    let read: Vec<_> = read.into_iter().collect();
    let append = Append {
        actor: happened.actor,
        at: happened.at,
        read: &read,
        events: &happened.events,
        credentials: &[],
    };
    store.append(append).await.unwrap();
}

#[derive(Default)]
struct Follower {
    view: View,
    position: Position,
}

impl Follower {
    fn fold(&mut self, tail: &[Recorded]) {
        for recorded in tail {
            self.view
                .fold(recorded.at, &recorded.event, recorded.name.as_ref());
            self.position = recorded.position;
        }
    }

    fn is_like(&self, other: &Self) -> Result<(), TestCaseError> {
        prop_assert_eq!(self.position, other.position);
        prop_assert!(
            self.view == other.view,
            "folded from the start: {:#?}\nfrom what was live: {:#?}",
            self.view,
            other.view
        );
        Ok(())
    }
}

static NEXT: AtomicU64 = AtomicU64::new(0);

struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("starting-{}-{next}", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
