//! What looking back costs on a log of a million entries, and what indexing costs recording:
//! `cargo bench -p countersign-store-sqlite --bench history`. Prints Markdown.
#![allow(missing_docs, clippy::print_stdout, clippy::unwrap_used)]
// A measurement is of time as it passes.
#![allow(clippy::disallowed_methods)]

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use countersign_domain::{OpenedBy, OrgId, Role, SessionId, SessionLimits};
use countersign_entries::{Outcome, OutcomeEnding};
use countersign_store::{
    Draft, HistoryFilter, HistoryOrder, HistoryQuery, LeaseEpoch, Search, Store,
    conformance::{Backend, ManualClock, World, line},
};
use countersign_store_sqlite::SqliteStore;
use tokio::time::sleep;

const ENTRIES: usize = 1_000_000;
/// As the node does it.
const STEP: usize = 1_024;
const PAUSE: Duration = Duration::from_millis(50);
const BATCH: usize = 256;
const PAGE: usize = 100;
const PAGES: usize = 200;

struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Backend for Scratch {
    type Store = SqliteStore;

    async fn open(&self, clock: Arc<ManualClock>) -> SqliteStore {
        SqliteStore::open(self.0.join("bench.db"), clock)
            .await
            .unwrap()
    }
}

impl Scratch {
    fn megabytes(&self) -> f64 {
        let size = |name| fs::metadata(self.0.join(name)).map_or(0, |data| data.len());
        (size("bench.db") + size("bench.db-wal")) as f64 / 1e6
    }
}

struct Set {
    world: World<SqliteStore>,
    org: OrgId,
    cases: Vec<countersign_domain::CaseId>,
    agents: Vec<countersign_domain::AgentId>,
    openers: Vec<countersign_domain::AdminId>,
    sessions: Vec<SessionId>,
    lease: LeaseEpoch,
}

impl Set {
    /// 20 cases that 4 admins opened, 10 agents, 40 sessions.
    async fn new(scratch: &Scratch) -> Self {
        let world = World::new(scratch).await;
        let org = world.org().await;
        let boss = world.admin(org, Role::SuperAdmin).await;
        let mut set = Self {
            org,
            cases: vec![],
            agents: vec![],
            openers: vec![],
            sessions: vec![],
            lease: world.lease().await,
            world,
        };
        for _ in 0..4 {
            set.openers.push(set.world.admin(org, Role::Admin).await);
        }
        for _ in 0..10 {
            set.agents.push(set.world.agent().await);
        }
        for n in 0..20 {
            let team = [set.agents[n % 10], set.agents[(n + 1) % 10]];
            let opened_by = OpenedBy::Admin(set.openers[n % 4]);
            let case = set.world.case(org, opened_by, team).await;
            set.world.ask(case, team[0]).await;
            set.world.grant(case, boss).await;
            for agent in team {
                let limits = SessionLimits {
                    idle: countersign_domain::Duration::from_hours(1_000),
                    absolute: countersign_domain::Duration::from_hours(1_000),
                    per_agent: 1_000,
                };
                set.sessions
                    .push(set.world.session(case, agent, limits).await);
            }
            set.cases.push(case);
        }
        set
    }

    /// The next batch of a log in which each request is followed by its outcome some entries later,
    /// and one in twenty is refused.
    fn batch(&self, at: usize, index: u64) -> Vec<Draft> {
        (0..BATCH)
            .map(|n| {
                let number = at * BATCH + n;
                let session = self.sessions[number / 8 % self.sessions.len()];
                let item = item(number);
                let request = line(&match number % 7 {
                    0 => format!("/customers/{item}/invoices/{}?tab=lines", number % 97),
                    1 => format!("/customers?page={}&sort=name", item % 50),
                    2 => format!("/api/v2/reports/{item}"),
                    3 => "/assets/app.css".to_owned(),
                    _ => format!("/invoices/{item}"),
                });
                match n % 40 {
                    39 => Draft::Refused {
                        session,
                        request,
                        code: "not_a_read".to_owned(),
                    },
                    n if n % 2 == 1 && number > 8 => Draft::Outcome {
                        session,
                        outcome: Outcome {
                            request: index + number as u64 % BATCH as u64 - 1,
                            status: Some(200),
                            bytes: 512,
                            ending: OutcomeEnding::Complete,
                        },
                    },
                    _ => Draft::Request { session, request },
                }
            })
            .collect()
    }

    /// Records batches and answers with how long each took, in milliseconds.
    async fn record(&self, from: usize, batches: usize) -> Vec<f64> {
        let mut took = Vec::with_capacity(batches);
        let mut index = self.size().await;
        for at in from..from + batches {
            let pause = countersign_domain::Duration::from_millis(60);
            self.world.clock.advance(pause);
            let drafts = self.batch(at, index);
            let began = Instant::now();
            self.world.store.record(self.lease, &drafts).await.unwrap();
            took.push(began.elapsed().as_secs_f64() * 1e3);
            index += BATCH as u64;
        }
        took
    }

    async fn size(&self) -> u64 {
        let query = self.query(HistoryFilter::default(), HistoryOrder::NewestFirst);
        match self
            .world
            .store
            .history(HistoryQuery { limit: 1, ..query })
            .await
        {
            Ok(page) => page.size,
            Err(_) => panic!("the index is too far behind"),
        }
    }

    fn query(&self, filter: HistoryFilter, order: HistoryOrder) -> HistoryQuery {
        HistoryQuery {
            org: self.org,
            filter,
            order,
            after: None,
            limit: PAGE,
        }
    }
}

/// What the request with this number is about.
fn item(number: usize) -> usize {
    number.wrapping_mul(2_654_435_761) % 40_000
}

fn quantile(sorted: &[f64], of: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * of) as usize]
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

fn rate(took: &[f64]) -> f64 {
    (took.len() * BATCH) as f64 / took.iter().sum::<f64>() * 1e3
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let scratch = Scratch(
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("history-{}", std::process::id())),
    );
    let set = Set::new(&scratch).await;
    recording(&set).await;
    indexing(&set, &scratch).await;
    pages(&set).await;
    rest(&set).await;
}

/// Recording as fast as it goes, alternately with the indexer at rest and at work on what piles up.
async fn recording(set: &Set) {
    const ROUNDS: usize = 8;
    const BATCHES: usize = 120;
    let (mut alone, mut beside) = (vec![], vec![]);
    let mut at = 0;
    for _ in 0..ROUNDS {
        alone.extend(set.record(at, BATCHES).await);
        at += BATCHES;
        let done = AtomicBool::new(false);
        let index = async {
            while !done.load(Ordering::Relaxed) {
                set.world.store.index_history(STEP).await.unwrap();
                sleep(PAUSE).await;
            }
        };
        let record = async {
            let took = set.record(at, BATCHES).await;
            done.store(true, Ordering::Relaxed);
            took
        };
        let (_, took) = tokio::join!(index, record);
        beside.extend(took);
        at += BATCHES;
        while set.world.store.index_history(STEP).await.unwrap() > 0 {}
    }
    println!("| recording, batches of {BATCH} | entries/s | p50 | p99 | longest |");
    println!("|---|--:|--:|--:|--:|");
    for (name, took) in [("indexer at rest", alone), ("indexer at work", beside)] {
        let per_second = rate(&took);
        let took = sorted(took);
        println!(
            "| {name} | {per_second:.0} | {:.2} ms | {:.2} ms | {:.1} ms |",
            quantile(&took, 0.5),
            quantile(&took, 0.99),
            quantile(&took, 1.0),
        );
    }
    println!();
}

async fn indexing(set: &Set, scratch: &Scratch) {
    let mut at = 1_920;
    let (mut recorded, mut indexed, mut seconds) = (0.0, 0, 0.0);
    let (mut log, mut index) = (0.0, 0.0);
    while set.size().await < ENTRIES as u64 {
        let before = scratch.megabytes();
        set.record(at, 200).await;
        at += 200;
        recorded += 200.0;
        let between = scratch.megabytes();
        let began = Instant::now();
        loop {
            let step = set.world.store.index_history(STEP).await.unwrap();
            if step == 0 {
                break;
            }
            indexed += step;
        }
        seconds += began.elapsed().as_secs_f64();
        log += between - before;
        index += scratch.megabytes() - between;
    }
    println!(
        "Indexing without pauses: {:.0} entries/s, {:.2} µs each ({recorded} batches). The file grew by {log:.0} MB recording and {index:.0} MB indexing.\n",
        indexed as f64 / seconds,
        seconds * 1e6 / indexed as f64,
    );
}

async fn pages(set: &Set) {
    let words = |text: &str| Some(Search::parse(text).unwrap());
    // A customer who was looked at.
    let rare = item(700_000);
    let (word, path) = (format!("\"{rare}\""), format!("/customers/{rare}/"));
    let all = HistoryFilter::default;
    let asked: Vec<(&str, HistoryFilter)> = vec![
        ("everything", all()),
        (
            "a case",
            HistoryFilter {
                case: Some(set.cases[7]),
                ..all()
            },
        ),
        (
            "an agent",
            HistoryFilter {
                agent: Some(set.agents[3]),
                ..all()
            },
        ),
        (
            "a session",
            HistoryFilter {
                session: Some(set.sessions[11]),
                ..all()
            },
        ),
        (
            "cases an admin opened",
            HistoryFilter {
                opened_by: Some(set.openers[1]),
                ..all()
            },
        ),
        (
            "refused",
            HistoryFilter {
                kinds: vec!["request.refused"],
                ..all()
            },
        ),
        (
            "granted, extended, revoked",
            HistoryFilter {
                kinds: vec!["access.granted", "access.extended", "access.revoked"],
                ..all()
            },
        ),
        (
            "a frequent word (`invoices`)",
            HistoryFilter {
                search: words("\"invoices\""),
                ..all()
            },
        ),
        (
            "a rare word (one of 40,000)",
            HistoryFilter {
                search: words(&word),
                ..all()
            },
        ),
        (
            "a beginning that many words share (`12`)",
            HistoryFilter {
                search: words("12"),
                ..all()
            },
        ),
        (
            "a path (`/customers/NUMBER/`)",
            HistoryFilter {
                search: words(&path),
                ..all()
            },
        ),
        (
            "a word that is nowhere",
            HistoryFilter {
                search: words("nowhere"),
                ..all()
            },
        ),
        (
            "refused, of a case, by an agent, with a word",
            HistoryFilter {
                case: Some(set.cases[7]),
                agent: Some(set.agents[7]),
                kinds: vec!["request.refused"],
                search: words("invoices"),
                ..all()
            },
        ),
        (
            "two that never meet (a case and another's session)",
            HistoryFilter {
                case: Some(set.cases[7]),
                session: Some(set.sessions[0]),
                ..all()
            },
        ),
    ];
    println!(
        "| pages of {PAGE} rows of a log of {} | p50 | p99 | rows per page |",
        set.size().await
    );
    println!("|---|--:|--:|--:|");
    for (name, filter) in asked {
        for order in [HistoryOrder::NewestFirst, HistoryOrder::OldestFirst] {
            let mut query = set.query(filter.clone(), order);
            let (mut took, mut rows) = (vec![], 0);
            for _ in 0..PAGES {
                let began = Instant::now();
                let page = set.world.store.history(query.clone()).await.unwrap();
                took.push(began.elapsed().as_secs_f64() * 1e3);
                rows += page.rows.len();
                query.after = page.next;
            }
            let took = sorted(took);
            println!(
                "| {name}, {} first | {:.2} ms | {:.2} ms | {:.0} |",
                match order {
                    HistoryOrder::NewestFirst => "newest",
                    HistoryOrder::OldestFirst => "oldest",
                },
                quantile(&took, 0.5),
                quantile(&took, 0.99),
                rows as f64 / PAGES as f64,
            );
        }
    }
    println!();
}

async fn rest(set: &Set) {
    let timed = async |name: &str, query: HistoryQuery| {
        let mut took = vec![];
        for _ in 0..50 {
            let began = Instant::now();
            set.world.store.history(query.clone()).await.unwrap();
            took.push(began.elapsed().as_secs_f64() * 1e3);
        }
        println!("{name}: {:.2} ms", quantile(&sorted(took), 0.5));
    };
    let newest = set.query(HistoryFilter::default(), HistoryOrder::NewestFirst);
    let now = set.world.store.now().await.unwrap();
    let day = HistoryFilter {
        from: Some(now.plus(countersign_domain::Duration::from_secs(-90))),
        to: Some(now.plus(countersign_domain::Duration::from_secs(-60))),
        ..HistoryFilter::default()
    };
    timed(
        "A page of a span of time",
        set.query(day, HistoryOrder::OldestFirst),
    )
    .await;
    let began = Instant::now();
    for _ in 0..50 {
        let last = set.world.store.last_requests(&set.sessions).await.unwrap();
        assert!(last.iter().all(|last| last.entry.is_some()));
    }
    println!(
        "The last requests of 40 sessions: {:.2} ms",
        began.elapsed().as_secs_f64() * 20.0
    );
    let began = Instant::now();
    let mut rows = 0;
    let mut query = set.query(HistoryFilter::default(), HistoryOrder::OldestFirst);
    query.limit = 500;
    loop {
        let page = set.world.store.history(query.clone()).await.unwrap();
        rows += page.rows.len();
        query.after = page.next;
        if page.next.is_none() {
            break;
        }
    }
    println!(
        "All {rows} rows in pages of 500: {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let before = set.world.store.history(newest.clone()).await.unwrap();
    let at = 10_000;
    let lacks = before.size - before.indexed;
    let batches = (4_000 - usize::try_from(lacks).unwrap()) / BATCH;
    set.record(at, batches).await;
    timed("A page with 4,000 entries that are not indexed", newest).await;
}
