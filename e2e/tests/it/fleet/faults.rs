//! Four processes, each with a wire to the database, and what happens to them.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use countersign_cluster::Own;
use countersign_e2e::Server;
use tokio::{
    sync::{Mutex as Turn, OwnedMutexGuard},
    task::{JoinSet, spawn_blocking},
    time::sleep,
};

use super::{chance::Chance, wire::Wire};

pub(super) const PROCESSES: usize = 4;

/// Where a process is asked.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) public_url: String,
    pub(super) gateway: String,
}

#[derive(Debug)]
struct Process {
    wire: Wire,
    /// Whatever happens to it happens one after the other.
    server: Arc<Turn<Option<Server>>>,
    place: Mutex<Place>,
}

#[derive(Debug)]
pub(super) struct Fleet {
    database: Arc<Own>,
    processes: Vec<Process>,
    settings: String,
    /// How many faults there are now, and have been.
    present: AtomicU64,
    begun: AtomicU64,
    counts: Mutex<BTreeMap<&'static str, u64>>,
    over: AtomicBool,
}

impl Fleet {
    pub(super) async fn start(database: Arc<Own>, settings: &Path) -> Arc<Self> {
        let settings = settings.display().to_string();
        let mut processes = vec![];
        for _ in 0..PROCESSES {
            let socket = database.directory().join(".s.PGSQL.5432");
            let wire = Wire::to(socket).await;
            let server = serving(&wire, &settings).await;
            processes.push(Process {
                place: Mutex::new(place(&server)),
                server: Arc::new(Turn::new(Some(server))),
                wire,
            });
        }
        Arc::new(Self {
            database,
            processes,
            settings,
            present: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            counts: Mutex::default(),
            over: AtomicBool::new(false),
        })
    }

    pub(super) fn place(&self, process: usize) -> Place {
        self.processes[process].place.lock().unwrap().clone()
    }

    /// A number that stays the same as long as all is well; none while it is not.
    pub(super) fn calm(&self) -> Option<u64> {
        let begun = self.begun.load(Ordering::SeqCst);
        (self.present.load(Ordering::SeqCst) == 0).then_some(begun)
    }

    pub(super) fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.counts.lock().unwrap().clone()
    }

    /// No more faults.
    pub(super) fn spare(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// One fault after the other, two at once now and then.
    pub(super) async fn harm(self: Arc<Self>, mut chance: Chance) {
        let mut under_way = JoinSet::new();
        while !self.over.load(Ordering::SeqCst) {
            let process = chance.pick(PROCESSES);
            let server = Arc::clone(&self.processes[process].server);
            if let Ok(server) = server.try_lock_owned() {
                let (fleet, own) = (Arc::clone(&self), chance.fork());
                under_way.spawn(async move {
                    fleet.begun.fetch_add(1, Ordering::SeqCst);
                    fleet.present.fetch_add(1, Ordering::SeqCst);
                    let name = fleet.one(process, server, own).await;
                    *fleet.counts.lock().unwrap().entry(name).or_default() += 1;
                    fleet.present.fetch_sub(1, Ordering::SeqCst);
                });
            }
            sleep(chance.millis(100..1_200)).await;
            while under_way.len() > 1 {
                under_way.join_next().await.unwrap().unwrap();
            }
        }
        while let Some(ended) = under_way.join_next().await {
            ended.unwrap();
        }
    }

    async fn one(
        &self,
        number: usize,
        mut server: OwnedMutexGuard<Option<Server>>,
        mut chance: Chance,
    ) -> &'static str {
        let process = &self.processes[number];
        let running = server.as_ref().expect("between faults it runs");
        match chance.of(0..16) {
            0..5 => {
                running.pause();
                sleep(chance.millis(100..2_600)).await;
                running.resume();
                "stopped and resumed"
            }
            5..8 => {
                server.take().expect("it runs").kill().await;
                sleep(chance.millis(0..800)).await;
                let again = serving(&process.wire, &self.settings).await;
                *process.place.lock().unwrap() = place(&again);
                *server = Some(again);
                "killed and restarted"
            }
            8..11 => {
                process.wire.cut();
                "connections to the database cut"
            }
            11..13 => {
                process.wire.hold(true);
                sleep(chance.millis(100..3_000)).await;
                process.wire.hold(false);
                "database out of reach, in silence"
            }
            13..15 => {
                process.wire.delay(chance.millis(2..30));
                sleep(chance.millis(300..2_000)).await;
                process.wire.delay(Duration::ZERO);
                "database slow"
            }
            _ => {
                let database = Arc::clone(&self.database);
                let away = chance.millis(0..500);
                spawn_blocking(move || database.stop()).await.unwrap();
                sleep(away).await;
                let database = Arc::clone(&self.database);
                spawn_blocking(move || database.start()).await.unwrap();
                "database crashed and restarted"
            }
        }
    }
}

/// A process that serves, as soon as the database lets it.
async fn serving(wire: &Wire, settings: &str) -> Server {
    let database = wire.database();
    let ports = ["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
    let args = [&["--config", settings, "--database", &database][..], &ports].concat();
    let mut refused = None;
    for _ in 0..200 {
        match Server::try_start_in(&[("COUNTERSIGN_LOG", "off")], &args).await {
            Ok(server) => return server,
            Err(said) => refused = Some(said),
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("no process starts: {refused:?}");
}

fn place(server: &Server) -> Place {
    Place {
        public_url: server.public_url.clone(),
        gateway: server.gateway.clone(),
    }
}
