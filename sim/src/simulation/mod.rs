//! A fleet on one store, simulated: the product's own processes, use cases, live view, leases, barrier
//! and recorder, on clocks, a network and a store that do what a seed says.
//!
//! Nothing here decides in the product's stead: a judge watches from outside, and knows what everybody
//! was told and what really happened.

mod access;
mod cast;
mod chance;
mod clients;
mod clocks;
mod judge;
mod mutant;
mod process;
mod requests;
mod rules;
mod sent;
mod weather;
mod wire;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use countersign_app::App;
use countersign_domain::{ProcessId, SessionId, Timestamp};
use countersign_node::{Clocks, Node, NodeConfig};
use countersign_store::{Clock, Store};
use tokio::{runtime, task::JoinSet, time::sleep};
use uuid::Uuid;

pub use judge::{Counts, Violation};
pub use mutant::Mutant;

use self::{
    access::Access,
    cast::{Cast, Drawn, settings},
    chance::Chance,
    clocks::{Machine, StoreClock, Truth},
    judge::Judge,
    process::Place,
    wire::{Weather, Wire},
};
use crate::memory::{Memory, Shared};

/// How long things go wrong, in milliseconds.
const TROUBLE: u64 = 6_000;

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// A hash over everything that happened: the same for the same seed.
    pub trace: u64,
    /// How often what came up.
    pub counts: Counts,
    /// What must not have happened, and did.
    pub violation: Option<Violation>,
}

/// Everything there is.
struct World {
    chance: Chance,
    truth: Truth,
    shared: Shared,
    store: Arc<Memory>,
    judge: Arc<Judge>,
    weather: Arc<Weather>,
    mutant: Option<Mutant>,
    cast: Cast,
    places: Vec<Arc<Place>>,
    calls: AtomicU64,
    over: AtomicBool,
}

/// Runs the fleet of a seed.
///
/// # Panics
/// When there is no runtime to be had.
#[must_use]
pub fn run(seed: u64, mutant: Option<Mutant>) -> Run {
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let world = World::new(seed, mutant).await;
        world.live().await;
        let (trace, counts, violation) = world.judge.verdict();
        Run {
            trace,
            counts,
            violation,
        }
    })
}

/// A clock that shows what it is set to, for what happened before.
#[derive(Debug, Default)]
struct Before(std::sync::atomic::AtomicI64);

impl Clock for Before {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

impl World {
    async fn new(seed: u64, mutant: Option<Mutant>) -> Arc<Self> {
        let (chance, truth) = (Chance::new(seed), Truth::begins());
        let shared = Shared::default();
        let store = Arc::new(shared.open(Arc::new(StoreClock::new(truth, &chance)), true));
        let judge = Judge::new(Arc::clone(&store), shared.clone(), truth);
        let mut world = Self {
            truth,
            store,
            judge,
            weather: Arc::new(Weather::default()),
            mutant,
            cast: Cast::default(),
            places: vec![],
            calls: AtomicU64::new(1),
            over: AtomicBool::new(false),
            shared,
            chance,
        };
        world.cast = world.before().await;
        let places = world.chance.within(2, 5);
        for number in 0..usize::try_from(places).unwrap_or(2) {
            let place = Place::new(&world, number);
            world.places.push(Arc::new(place));
        }
        Arc::new(world)
    }

    fn wire(&self, store: &Arc<Memory>, name: String, chance: &Chance) -> Arc<Wire> {
        let (judge, weather) = (Arc::clone(&self.judge), Arc::clone(&self.weather));
        Wire::new(Arc::clone(store), judge, self.mutant, name, weather, chance)
    }

    /// What had happened before, in a store that works.
    async fn before(&self) -> Cast {
        let clock = Arc::new(Before::default());
        let store = Arc::new(self.shared.open(clock.clone(), false));
        let weather = Arc::new(Weather::default());
        weather.clear();
        let judge = Arc::clone(&self.judge);
        let wire = Wire::new(
            store,
            judge,
            None,
            "before".to_owned(),
            weather,
            &self.chance,
        );
        let store: Arc<dyn Store> = Arc::new(Access(wire));
        let clocks = Clocks {
            store: clock.clone(),
            boot: Arc::new(Machine::new(self.truth, &self.chance)),
        };
        let config = NodeConfig::new(ProcessId::from_uuid(Uuid::from_u128(1)));
        let node = Node::observing(Arc::clone(&store), clocks, config);
        let app = App::new(
            store,
            node,
            Arc::new(Drawn(self.chance.branch())),
            settings(),
        );
        let at = |at: Timestamp| clock.0.store(at.as_millis(), Ordering::Relaxed);
        Cast::set_up(&app, &self.chance, at).await
    }

    /// Trouble, then calm, then the verdict.
    async fn live(self: &Arc<Self>) {
        let mut everybody = JoinSet::new();
        for place in &self.places {
            let (place, world) = (Arc::clone(place), Arc::clone(self));
            everybody.spawn(async move { place.start(&world).await });
        }
        for _ in 0..3 {
            everybody.spawn(Arc::clone(self).client(self.chance.branch()));
        }
        for _ in 0..3 {
            everybody.spawn(Arc::clone(self).browser(self.chance.branch()));
        }
        everybody.spawn(Arc::clone(self).trouble(self.chance.branch()));
        everybody.spawn(Arc::clone(self).look(self.chance.branch()));
        while self.truth.elapsed() < TROUBLE && !self.judge.is_over() {
            sleep(Duration::from_millis(100)).await;
        }
        if !self.judge.is_over() {
            self.calm().await;
        }
        self.over.store(true, Ordering::Relaxed);
        self.judge.conclude();
        everybody.shutdown().await;
    }

    fn ends(&self) -> bool {
        self.over.load(Ordering::Relaxed) || self.judge.is_over()
    }

    /// Now and then, what a process knows is compared with the log.
    async fn look(self: Arc<Self>, chance: Chance) {
        while !self.ends() {
            sleep(Duration::from_millis(chance.within(500, 1_500))).await;
            if let Some(process) = chance.pick(&self.places).and_then(|place| place.process()) {
                self.judge.compare(&process.wire.name, &process.node);
            }
        }
    }

    fn knows(&self, session: SessionId) -> bool {
        self.shared.data().sessions.contains_key(&session)
    }

    /// Sessions that nobody and no rule has ended.
    fn sessions_running(&self) -> Vec<SessionId> {
        let data = self.shared.data();
        let running = data.sessions.values().filter(|kept| kept.ended.is_none());
        running.map(|kept| kept.session.id).collect()
    }

    /// Sessions that support would still try: those that run, and those whose end is news.
    fn sessions_to_try(&self) -> Vec<SessionId> {
        let now = self.store.store_time();
        let data = self.shared.data();
        let recent = |kept: &&crate::memory::Kept| {
            let over = kept.ended.as_ref().map(|end| end.at);
            let over = over.unwrap_or(kept.session.absolute_until);
            now.since(over).as_millis() < 3_000
        };
        data.sessions
            .values()
            .filter(recent)
            .map(|kept| kept.session.id)
            .collect()
    }
}
