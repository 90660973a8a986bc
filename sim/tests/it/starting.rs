//! A process that starts reads what is live, and never the history. Whatever has happened, the view
//! it starts from is the view that somebody has who has folded every event, and stays so.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use countersign_decision::View;
use countersign_domain::{Event, State, StreamId};
use countersign_node::Start;
use countersign_store::{Append, Position, Recorded, Store, Version, conformance::ManualClock};
use countersign_store_sqlite::SqliteStore;
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use tokio::runtime::Runtime;

use crate::{happening::Happened, steps::busy_plan, world::World};

/// How many histories there are at least.
const HISTORIES: usize = 4;
/// How many reasons there are for which a session ends, and one: a grant that is extended after its
/// time was up ends what was left of the time before.
const SITUATIONS: usize = 11;

#[test]
fn a_start_knows_what_a_fold_of_all_events_knows() {
    holds(Said::Everything);
}

/// The events that name the sessions a command ends say what it knew of. What it did not know of
/// ends as well, by the fold alone.
#[test]
fn so_it_does_when_sessions_end_unsaid() {
    holds(Said::RulesOnly);
}

/// Which events of an act are in the history.
#[derive(Clone, Copy, PartialEq)]
enum Said {
    Everything,
    /// Not the ends of sessions and grants that follow from another event of the act.
    RulesOnly,
}

/// Goes on until every situation has come up, or it would mean little.
fn holds(said: Said) {
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[6; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let runtime = Runtime::new().unwrap();
    let mut situations = BTreeSet::new();
    for history in 1.. {
        assert!(history <= 40, "some never came up: {situations:?}");
        let plan = busy_plan(100).new_tree(&mut runner).unwrap().current();
        let world = World::pass_through(&plan).unwrap();
        let scratch = Scratch::new();
        situations.extend(runtime.block_on(start_everywhere(&world, said, &scratch.0)));
        if history >= HISTORIES && situations.len() >= SITUATIONS {
            return;
        }
    }
}

/// Appends the history act by act. After each, a process starts, and now and then one of them goes
/// on following the tail. Answers with the situations that came up.
async fn start_everywhere(world: &World, said: Said, directory: &Path) -> BTreeSet<String> {
    let clock = Arc::new(ManualClock::default());
    let store = SqliteStore::open(directory.join("sim.db"), clock);
    let store = store.await.unwrap();
    let mut versions = BTreeMap::new();
    let mut state = State::default();
    let mut situations = BTreeSet::new();
    let mut all_along = Follower::default();
    let mut started: Vec<Follower> = Vec::new();
    for (act, happened) in world.happened.iter().enumerate() {
        append(&store, &mut versions, happened, said).await;
        let tail = store.tail(all_along.position, 1_000).await.unwrap();
        for recorded in &tail {
            if let Event::PeriodOpened { case, .. } = &recorded.event
                && state
                    .case(*case)
                    .is_some_and(|case| !case.sessions.is_empty())
            {
                situations.insert("extended with sessions left".to_owned());
            }
            state.evolve(recorded.at, &recorded.event);
        }
        all_along.fold(&tail);
        for follower in &mut started {
            follower.fold(&tail);
            all_along.must_be_like(follower);
        }
        let start = Start::read(&store).await.unwrap();
        let fresh = Follower {
            view: start.view,
            position: start.as_of.position,
        };
        all_along.must_be_like(&fresh);
        assert_eq!(start.as_of.time, happened.at);
        if act % 16 == 0 {
            started.push(fresh);
        }
    }
    if said == Said::Everything {
        // What is compared is what the rules are held to.
        assert!(all_along.view == world.view);
    }
    let ended = state.cases().flat_map(|case| case.ended_sessions.values());
    situations.extend(ended.map(|session| format!("{:?}", session.why)));
    situations
}

async fn append(
    store: &SqliteStore,
    versions: &mut BTreeMap<StreamId, Version>,
    happened: &Happened,
    said: Said,
) {
    let mut events = happened.events.clone();
    if said == Said::RulesOnly && events.len() > 1 {
        events.retain(|event| !matches!(event, Event::SessionEnded { .. }));
        if let Some(Event::Blocked { .. } | Event::CaseClosed { .. }) = events.last() {
            events.retain(|event| !matches!(event, Event::Revoked { .. }));
        }
    }
    let mut read = BTreeMap::new();
    for event in &events {
        let version = versions.entry(event.stream()).or_insert(Version::NONE);
        read.entry(event.stream()).or_insert(*version);
        version.0 += 1;
    }
    let read: Vec<_> = read.into_iter().collect();
    let append = Append {
        actor: happened.actor,
        at: happened.at,
        read: &read,
        events: &events,
        credentials: &[],
        kept: None,
        passkey: None,
        client: None,
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

    fn must_be_like(&self, other: &Self) {
        assert_eq!(self.position, other.position);
        assert!(
            self.view == other.view,
            "folded from the start: {:#?}\nfrom what was live: {:#?}",
            self.view,
            other.view
        );
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
