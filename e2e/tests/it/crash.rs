//! A7: nothing acknowledged is lost by a crash. The server is killed with `kill -9` in the middle
//! of grants, again and again, and must come back with everything it had acknowledged, and with
//! every request that the product saw on the log (A5).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use countersign_e2e::{Api, Server, SessionClient};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{sync::mpsc, task::JoinSet};

use crate::world::World;

/// How far a case has come, as far as its worker was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Opened,
    Requested,
    Granted,
    Revoked,
}

/// Something the server acknowledged.
enum Acknowledged {
    Case(String, Step),
    Read(String),
}

const WORKERS: usize = 4;
/// How many pages are asked for at once under each session.
const PAGES: usize = 8;
const JUSTIFICATION: &str = "looking into what the report describes";

#[tokio::test(flavor = "multi_thread")]
async fn a7_kill_minus_nine_in_the_middle_of_grants_loses_nothing_acknowledged() {
    // By hand: COUNTERSIGN_KILLS=1000 cargo nextest run -p countersign-e2e a7_ --no-capture
    let kills: usize = std::env::var("COUNTERSIGN_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20);
    let world = World::new().await;
    let mut cases: BTreeMap<String, Step> = BTreeMap::new();
    let mut reads = Vec::new();
    let mut slowest = Duration::ZERO;
    for round in 0..kills {
        let began = Instant::now();
        // What a kill leaves behind goes on running.
        let many = [("COUNTERSIGN_SESSIONS_PER_AGENT", "1000")];
        let server = Server::start_with(&world.database(), &many).await;
        slowest = slowest.max(began.elapsed());
        // However long the history has become, none of it was read for the start.
        assert_eq!(server.metric("countersign_events_folded_total").await, 0);
        let (told, mut hear) = mpsc::unbounded_channel();
        let mut workers = JoinSet::new();
        for worker in 0..WORKERS {
            let name = format!("R{round}-W{worker}");
            workers.spawn(work(callers(&server, &world), name, told.clone()));
        }
        drop(told);
        // Killed after another number of acknowledgements each time, with requests under way.
        let last_words = 1 + (round * 7) % 23;
        for _ in 0..last_words {
            let Some(heard) = hear.recv().await else {
                panic!("every worker stopped before the server was killed");
            };
            note(&mut cases, &mut reads, heard);
        }
        server.kill().await;
        while workers.join_next().await.is_some() {}
        while let Some(heard) = hear.recv().await {
            note(&mut cases, &mut reads, heard);
        }
    }

    // For whoever runs it by hand; a loaded machine must not fail the test.
    let server = Server::start(&world.database()).await;
    let events = server.metric("countersign_position").await;
    println!("{kills} kills, {events} events; the slowest start took {slowest:?}");
    let dana = server.api(&world.dana);
    let listed = all(&dana, "/cases").await;
    let listed: BTreeMap<_, _> = listed
        .iter()
        .map(|case| (case["number"].as_str().unwrap(), case))
        .collect();
    for (number, acknowledged) in &cases {
        let found = step(listed[number.as_str()]);
        let next = [Step::Opened, Step::Requested, Step::Granted, Step::Revoked]
            .into_iter()
            .find(|step| step > acknowledged);
        // The one step that was under way may have happened; nothing further, and nothing less.
        assert!(
            found == *acknowledged || Some(found) == next,
            "{number}: acknowledged {acknowledged:?}, found {found:?}"
        );
    }
    let entries = all(&dana, "/orgs/acme/entries").await;
    for (index, entry) in entries.iter().enumerate() {
        assert_eq!(entry["index"], json!(index), "the log has no gap");
    }
    let logged: BTreeSet<String> = entries
        .iter()
        .filter(|entry| entry["type"] == "request")
        .map(|entry| {
            format!(
                "{} {}",
                entry["request"]["method"].as_str().unwrap_or_default(),
                entry["request"]["path"].as_str().unwrap_or_default()
            )
        })
        .collect();
    assert!(!reads.is_empty(), "some requests went through");
    for seen in world.product.seen().iter().chain(&reads) {
        assert!(logged.contains(seen), "{seen} is not on the log");
    }
    server.kill().await;
}

#[derive(Clone)]
struct Callers {
    operator: Api,
    dana: Api,
    sam: Api,
    gateway: String,
}

fn callers(server: &Server, world: &World) -> Callers {
    Callers {
        operator: server.api(&world.operator),
        dana: server.api(&world.dana),
        sam: server.api(&world.sam),
        gateway: server.gateway.clone(),
    }
}

/// Takes case after case from opening to revocation, telling what was acknowledged, until the
/// server no longer answers.
async fn work(callers: Callers, name: String, told: mpsc::UnboundedSender<Acknowledged>) {
    for count in 0.. {
        if one_case(&callers, format!("{name}-{count}"), &told)
            .await
            .is_none()
        {
            return;
        }
    }
}

async fn one_case(
    callers: &Callers,
    number: String,
    told: &mpsc::UnboundedSender<Acknowledged>,
) -> Option<()> {
    let tell = |step| told.send(Acknowledged::Case(number.clone(), step)).ok();
    let new = json!({
        "org": "acme", "number": number, "subject": "Something is off",
        "opened_by": {"admin": "dana@acme.test"}, "team": ["sam@vendor.test"],
    });
    let opened = callers
        .operator
        .try_call(Method::POST, "/cases", Some(new))
        .await?;
    let _ = opened.expect(StatusCode::CREATED);
    tell(Step::Opened)?;

    let path = format!("/cases/{number}");
    let why = json!({"justification": JUSTIFICATION});
    let asked = callers
        .sam
        .try_call(Method::POST, &format!("{path}/access-request"), Some(why))
        .await?;
    let _ = asked.expect(StatusCode::OK);
    tell(Step::Requested)?;

    let grant = format!("{path}/grant");
    let granted = callers.dana.try_call(Method::PUT, &grant, None).await?;
    let _ = granted.expect(StatusCode::OK);
    tell(Step::Granted)?;

    let started = callers
        .sam
        .try_call(Method::POST, &format!("{path}/sessions"), None)
        .await?
        .expect(StatusCode::CREATED);
    let session = SessionClient::new(&callers.gateway, &started);
    let mut reading = JoinSet::new();
    for page in 0..PAGES {
        let (session, target) = (session.clone(), format!("/{number}/{page}"));
        reading.spawn(async move {
            let read = session.send(Method::GET, &target).await?;
            let _ = read.expect(StatusCode::OK);
            Some(format!("GET {target}"))
        });
    }
    while let Some(read) = reading.join_next().await {
        let read = read.expect("a read to be answered or broken off")?;
        told.send(Acknowledged::Read(read)).ok()?;
    }

    let revoked = callers.dana.try_call(Method::DELETE, &grant, None).await?;
    let _ = revoked.expect(StatusCode::OK);
    tell(Step::Revoked)?;
    let after = session.send(Method::GET, "/after").await?;
    let _ = after.expect(StatusCode::UNAUTHORIZED);
    Some(())
}

fn note(cases: &mut BTreeMap<String, Step>, reads: &mut Vec<String>, heard: Acknowledged) {
    match heard {
        Acknowledged::Case(number, step) => {
            cases.insert(number, step);
        }
        Acknowledged::Read(line) => reads.push(line),
    }
}

fn step(case: &Value) -> Step {
    let impersonation = &case["impersonation"];
    match impersonation["status"].as_str() {
        Some("NOT_REQUESTED") => Step::Opened,
        Some("REQUESTED") => Step::Requested,
        Some("ENABLED") => Step::Granted,
        Some("DISABLED") if impersonation["expires_at"].is_null() => Step::Revoked,
        other => panic!("{other:?} in {case}"),
    }
}

/// All that a list has.
async fn all(dana: &Api, list: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut path = format!("{list}?limit=1000");
    loop {
        let page = dana
            .call(Method::GET, &path, None)
            .await
            .expect(StatusCode::OK);
        all.extend(page["items"].as_array().into_iter().flatten().cloned());
        match page["next"].as_str() {
            Some(next) => path = format!("{list}?limit=1000&after={next}"),
            None => return all,
        }
    }
}
