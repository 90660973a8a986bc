//! What single steps of a request cost: `cargo bench -p countersign-bench`. The whole is measured
//! by `script/bench`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use countersign_decision::{Effect, RequestHead, Rules, View, classify, decide_access};
use countersign_entries::{Entry, What, Who, leaf_hash};
use countersign_store::{
    LeaseEpoch, Position, Store,
    conformance::{Backend, Live, ManualClock, World, line, request},
};
use countersign_store_sqlite::SqliteStore;
use divan::{Bencher, black_box, counter::ItemsCount};
use tokio::runtime::Runtime;

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn main() {
    divan::main();
}

struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bench-{}-{number}", std::process::id());
        Self(
            PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                .join("../target")
                .join(name),
        )
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
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

/// A store with one live session.
struct Set {
    runtime: Runtime,
    world: World<SqliteStore>,
    live: Live,
    lease: LeaseEpoch,
    _scratch: Scratch,
}

fn set() -> Set {
    let runtime = Runtime::new().unwrap();
    let scratch = Scratch::new();
    let (world, live, lease) = runtime.block_on(async {
        let world = World::new(&scratch).await;
        let live = world.live().await;
        let lease = world.lease().await;
        (world, live, lease)
    });
    Set {
        runtime,
        world,
        live,
        lease,
        _scratch: scratch,
    }
}

/// A batch in one durable commit.
#[divan::bench(args = [1, 64, 256], sample_count = 50)]
fn record_batch(bencher: Bencher<'_, '_>, entries: usize) {
    let set = set();
    let drafts = vec![request(set.live.session); entries];
    bencher.counter(ItemsCount::new(entries)).bench_local(|| {
        let recorded = set.world.store.record(set.lease, &drafts);
        set.runtime.block_on(recorded).unwrap()
    });
}

#[divan::bench]
fn decide(bencher: Bencher<'_, '_>) {
    let set = set();
    let tail = set.world.store.tail(Position(0), 1_000);
    let tail = set.runtime.block_on(tail).unwrap();
    let mut view = View::default();
    for recorded in &tail {
        view.fold(recorded.at, &recorded.event, recorded.name.as_ref());
    }
    let session = set.live.session;
    bencher
        .bench_local(|| decide_access(&view, black_box(session), Effect::Read, ManualClock::START));
}

#[divan::bench]
fn classify_a_read(bencher: Bencher<'_, '_>) {
    let headers: [(&str, &[u8]); 6] = [
        ("host", b"abcdefghijkl.gw.localhost:8081"),
        ("user-agent", b"Mozilla/5.0 (X11; Linux x86_64)"),
        ("accept", b"application/json"),
        ("accept-language", b"en-GB,en;q=0.9"),
        ("accept-encoding", b"gzip, deflate, br"),
        ("countersign-session", b"csi_0123456789"),
    ];
    let rules = Rules::default();
    bencher.bench_local(|| {
        let head = RequestHead {
            method: "GET",
            path: "/invoices/2026/07",
            query: Some("page=2&sort=date"),
            headers: &headers,
            has_body: false,
        };
        classify(black_box(&head), &rules)
    });
}

#[divan::bench]
fn encode_and_hash(bencher: Bencher<'_, '_>) {
    let id = |prefix| format!("{prefix}_{:032x}", 7);
    let entry = Entry {
        org: id("org").parse().unwrap(),
        org_slug: countersign_domain::Slug::parse("acme").unwrap(),
        at: ManualClock::START,
        actor: Who::Agent {
            id: id("agt").parse().unwrap(),
            email: "sam@vendor.test".to_owned(),
            subject: Some("dana@acme.test".to_owned()),
        },
        case: None,
        grant: Some(id("grant").parse().unwrap()),
        session: Some(id("sess").parse().unwrap()),
        client: None,
        what: What::Request(line("/invoices?page=2")),
    };
    bencher.bench_local(|| leaf_hash(&black_box(&entry).encode()));
}
