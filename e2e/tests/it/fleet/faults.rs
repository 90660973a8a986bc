//! Four processes, each with a wire to the database, and what happens to them.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
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

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Stopped,
    Killed,
    Cut,
    OutOfReach,
    Slow,
    DatabaseCrashed,
}

impl Fault {
    fn any(chance: &mut Chance) -> Self {
        match chance.of(0..16) {
            0..5 => Self::Stopped,
            5..8 => Self::Killed,
            8..11 => Self::Cut,
            11..13 => Self::OutOfReach,
            13..15 => Self::Slow,
            _ => Self::DatabaseCrashed,
        }
    }
}

/// What is the matter right now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Weather {
    /// How many faults there have been.
    pub(super) begun: u64,
    pub(super) now: Vec<(usize, Fault)>,
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
    /// It crashes once at a time.
    database: Arc<Turn<Own>>,
    processes: Vec<Process>,
    settings: String,
    weather: Mutex<Weather>,
    counts: Mutex<BTreeMap<Fault, u64>>,
    over: AtomicBool,
}

impl Fleet {
    pub(super) async fn start(database: Own, settings: &Path) -> Arc<Self> {
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
            database: Arc::new(Turn::new(database)),
            processes,
            settings,
            weather: Mutex::default(),
            counts: Mutex::default(),
            over: AtomicBool::new(false),
        })
    }

    pub(super) fn place(&self, process: usize) -> Place {
        self.processes[process].place.lock().unwrap().clone()
    }

    pub(super) fn weather(&self) -> Weather {
        self.weather.lock().unwrap().clone()
    }

    pub(super) fn counts(&self) -> BTreeMap<Fault, u64> {
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
                let (fleet, mut own) = (Arc::clone(&self), chance.fork());
                under_way.spawn(async move {
                    let fault = Fault::any(&mut own);
                    fleet.begins(process, fault);
                    fleet.one(process, fault, server, own).await;
                    fleet.is_over(process);
                });
            }
            sleep(chance.millis(500..4_000)).await;
            while under_way.len() > 1 {
                under_way.join_next().await.unwrap().unwrap();
            }
        }
        while let Some(ended) = under_way.join_next().await {
            ended.unwrap();
        }
    }

    fn begins(&self, process: usize, fault: Fault) {
        *self.counts.lock().unwrap().entry(fault).or_default() += 1;
        let mut weather = self.weather.lock().unwrap();
        weather.begun += 1;
        weather.now.push((process, fault));
    }

    fn is_over(&self, process: usize) {
        let mut weather = self.weather.lock().unwrap();
        weather.now.retain(|(other, _)| *other != process);
    }

    async fn one(
        &self,
        number: usize,
        fault: Fault,
        mut server: OwnedMutexGuard<Option<Server>>,
        mut chance: Chance,
    ) {
        let process = &self.processes[number];
        let running = server.as_ref().expect("between faults it runs");
        match fault {
            Fault::Stopped => {
                running.pause();
                sleep(chance.millis(100..2_600)).await;
                running.resume();
            }
            Fault::Killed => {
                server.take().expect("it runs").kill().await;
                sleep(chance.millis(0..800)).await;
                let again = serving(&process.wire, &self.settings).await;
                *process.place.lock().unwrap() = place(&again);
                *server = Some(again);
            }
            Fault::Cut => process.wire.cut(),
            Fault::OutOfReach => {
                process.wire.hold(true);
                sleep(chance.millis(100..3_000)).await;
                process.wire.hold(false);
            }
            Fault::Slow => {
                process.wire.delay(chance.millis(2..30));
                sleep(chance.millis(300..2_000)).await;
                process.wire.delay(Duration::ZERO);
            }
            Fault::DatabaseCrashed => {
                let database = Arc::clone(&self.database).lock_owned().await;
                let away = chance.millis(0..500);
                let crash = move || {
                    database.stop();
                    thread::sleep(away);
                    database.start();
                };
                spawn_blocking(crash).await.unwrap();
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
