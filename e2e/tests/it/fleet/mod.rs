//! A1 and A5 for real: four processes on one PostgreSQL database under load through their gateways,
//! while processes are stopped, resumed, killed and restarted, connections are cut, slow or silent, and
//! the database crashes. Every request that the product saw is tied to its entry and to a grant that was
//! live, and every answer to a revocation to silence after it.

mod chance;
mod check;
mod faults;
mod load;
mod report;
mod watched;
mod wire;

use std::{
    collections::BTreeMap,
    env, fs,
    sync::{Arc, atomic::Ordering},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use countersign_cluster::Own;
use countersign_e2e::Server;
use tokio::task::JoinSet;

use crate::world::{World, entries};
use chance::Chance;
use faults::Fleet;
use load::{Desk, Tally};
use watched::Watched;

/// How many sessions are used at once.
const DESKS: usize = 40;
/// The API's quotas are not what is tested.
const SETTINGS: &str = "sessions_per_agent = 1000\n[api]\ncalls_per_minute = 1000000\n";

fn setting(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// By hand: `COUNTERSIGN_REVOCATIONS=10000 cargo nextest run -p countersign-e2e a1_ --no-capture`, and with
/// `COUNTERSIGN_SEED` the faults of an earlier run.
#[tokio::test(flavor = "multi_thread")]
async fn a1_nothing_passes_after_a_revocation_whatever_happens_to_four_processes() {
    let revocations = setting("COUNTERSIGN_REVOCATIONS").unwrap_or(1_000);
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed = setting("COUNTERSIGN_SEED").unwrap_or_else(|| now().as_secs());
    println!("COUNTERSIGN_SEED={seed}");
    let mut chance = Chance::new(seed);

    let database = Own::new("fleet", "");
    let address = database.address("postgres");
    let world = World::on(&address).await;
    let product = Watched::start().await;
    for org in ["acme", "globex"] {
        world.run(&[
            "upstream",
            "set",
            "--org",
            org,
            "--origin",
            &product.origin(),
        ]);
    }
    let settings = world.directory.path().join("countersign.toml");
    fs::write(&settings, SETTINGS).unwrap();
    let fleet = Fleet::start(database, &settings).await;
    let reader = Server::start_in(&[], &{
        [
            "--config",
            settings.to_str().unwrap(),
            "--database",
            &address,
        ]
        .into_iter()
        .chain(["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"])
        .collect::<Vec<_>>()
    })
    .await;
    let orgs = [("acme", &world.dana), ("globex", &world.stranger)];
    let tally = Arc::new(Tally::default());
    tally
        .left
        .store(usize::try_from(revocations).unwrap(), Ordering::SeqCst);
    let mut desks = vec![];
    for desk in 0..DESKS {
        let (org, approver) = orgs[desk % orgs.len()];
        let email = format!("agent-{desk}@vendor.test");
        let token = world.agent(&reader, &email).await;
        let mut numbers = vec![];
        for case in 0..=revocations / 25 / DESKS as u64 {
            let number = format!("{org}-{desk}-{case}");
            world.asked(&reader, org, &number, &[&email], &token).await;
            numbers.push(number);
        }
        desks.push(Desk {
            fleet: Arc::clone(&fleet),
            product: product.clone(),
            tally: Arc::clone(&tally),
            approver: reader.api(approver),
            agent: reader.api(&token),
            numbers,
        });
    }
    reader.terminate();
    assert_eq!(reader.ended().await, Some(0));

    let began = Instant::now();
    let harm = tokio::spawn(Arc::clone(&fleet).harm(chance.fork()));
    let mut working = JoinSet::new();
    for desk in desks {
        working.spawn(desk.work(chance.fork()));
    }
    while let Some(done) = working.join_next().await {
        done.expect("a desk that does its work");
    }
    fleet.spare();
    harm.await.expect("the faults are over");
    let took = began.elapsed();

    let reader = Server::start_with(&address, &[]).await;
    let mut logs = BTreeMap::new();
    for (org, token) in orgs {
        logs.insert(org, entries(&reader.api(token), org).await);
    }
    reader.kill().await;
    let seen = product.seen();
    let mut wrong = tally.violations.lock().unwrap().clone();
    for (org, log) in &logs {
        wrong.extend(check::of_log(org, log));
    }
    wrong.extend(check::of_product(&seen, &logs));
    wrong.extend(check::of_rows(&address).await);
    let entries = logs.values().map(Vec::len).sum();
    let report = report::write(&report::Run {
        seed,
        took,
        tally: &tally,
        seen: &seen,
        entries,
        faults: fleet.counts(),
        wrong: &wrong,
    });
    println!("{report}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!seen.is_empty(), "requests went through");
}
