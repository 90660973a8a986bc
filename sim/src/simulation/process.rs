//! A place where a serving process runs: one after the other, as they crash and are started again.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use countersign_app::App;
use countersign_domain::ProcessId;
use countersign_node::{Clocks, Desk, Node, NodeConfig, Recorder};
use countersign_store::{Clock, Store};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{
    World,
    access::Access,
    cast::{Drawn, settings},
    chance::Chance,
    clocks::{Machine, Wall},
    wire::Wire,
};

/// One place.
pub(super) struct Place {
    number: usize,
    chance: Chance,
    pub(super) machine: Arc<Machine>,
    pub(super) wall: Arc<Wall>,
    runs: Mutex<Runs>,
}

#[derive(Default)]
struct Runs {
    started: u64,
    wire: Option<Arc<Wire>>,
    process: Option<Process>,
    tasks: JoinSet<()>,
}

/// A process that serves.
#[derive(Clone)]
pub(super) struct Process {
    pub(super) node: Arc<Node>,
    pub(super) desk: Arc<Desk>,
    pub(super) app: App,
    pub(super) wire: Arc<Wire>,
}

impl Place {
    pub(super) fn new(world: &World, number: usize) -> Self {
        let chance = world.chance.branch();
        Self {
            number,
            machine: Arc::new(Machine::new(world.truth, &chance)),
            wall: Wall::new(world.truth, &chance),
            chance,
            runs: Mutex::default(),
        }
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The process that serves here, if one does.
    pub(super) fn process(&self) -> Option<Process> {
        self.runs().process.clone()
    }

    pub(super) fn wire(&self) -> Option<Arc<Wire>> {
        self.runs().wire.clone()
    }

    /// Runs something in the process here, for as long as that lives. Whether there is one.
    pub(super) fn run(&self, task: impl Future<Output = ()> + Send + 'static) -> bool {
        let mut runs = self.runs();
        let there = runs.process.is_some();
        if there {
            while runs.tasks.try_join_next().is_some() {}
            runs.tasks.spawn(task);
        }
        there
    }

    /// Starts a process, as often as it takes for the store to answer.
    pub(super) async fn start(self: &Arc<Self>, world: &Arc<World>) {
        let wire = {
            let mut runs = self.runs();
            if runs.wire.is_some() {
                return;
            }
            runs.started += 1;
            let name = format!("p{}.{}", self.number, runs.started);
            let wire = world.wire(&world.store, name, &self.chance);
            runs.wire = Some(Arc::clone(&wire));
            wire
        };
        let store: Arc<dyn Store> = Arc::new(Access(Arc::clone(&wire)));
        let process =
            ProcessId::from_uuid(Uuid::from_u128(u128::from(self.chance.next()) << 64 | 1));
        let clocks = Clocks {
            store: Arc::clone(&self.wall) as Arc<dyn Clock>,
            boot: self.machine.clone(),
        };
        let config = NodeConfig {
            recorder: Recorder::Beside,
            ..NodeConfig::new(process)
        };
        while self.is_of(&wire) {
            match Node::serving(Arc::clone(&store), clocks.clone(), config).await {
                Ok(node) => return self.serves(world, &wire, store, node),
                Err(_) => sleep(Duration::from_millis(200)).await,
            }
        }
    }

    /// Whether the process with this wire has not died.
    fn is_of(&self, wire: &Arc<Wire>) -> bool {
        self.wire().is_some_and(|known| Arc::ptr_eq(&known, wire))
    }

    fn serves(&self, world: &World, wire: &Arc<Wire>, store: Arc<dyn Store>, node: Arc<Node>) {
        if !self.is_of(wire) {
            return;
        }
        let ports = Arc::new(Drawn(self.chance.branch()));
        self.runs().process = Some(Process {
            desk: Desk::open(&node),
            app: App::new(store, Arc::clone(&node), ports, settings()),
            node: Arc::clone(&node),
            wire: Arc::clone(wire),
        });
        world.judge.serves(&wire.name, Some(node));
    }

    /// The process here is no more. What it has sent is on its way still.
    pub(super) async fn crash(&self, world: &World) {
        let (process, mut tasks) = {
            let mut runs = self.runs();
            if let Some(wire) = runs.wire.take() {
                wire.line.kill();
                world.judge.serves(&wire.name, None);
                world.judge.count("crashed");
                world.judge.note(|| format!("{} crashes", wire.name));
            }
            (runs.process.take(), std::mem::take(&mut runs.tasks))
        };
        tasks.abort_all();
        if let Some(process) = process {
            // Its tasks end; that it gives its lease up does not get through any more.
            _ = timeout(Duration::ZERO, process.node.stop()).await;
        }
    }
}
