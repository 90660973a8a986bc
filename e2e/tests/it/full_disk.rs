//! R18, R19, A7: a server whose disk is full refuses, and goes on by itself when there is room.

use std::{collections::BTreeSet, time::Duration};

use countersign_e2e::{Api, Server, SessionClient, SmallDisk};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::world::World;

/// A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn r19_a_full_disk_refuses_and_recovers_and_nothing_acknowledged_is_lost() {
    if SmallDisk::can_mount() {
        refuses_and_recovers(SmallDisk::Mounted).await;
    } else {
        // What is left is the test below, which does without.
        eprintln!("NOT TESTED: nobody may mount a file system here, so no disk could be filled");
    }
}

#[tokio::test]
async fn r19_files_that_cannot_grow_refuse_and_recover_alike() {
    refuses_and_recovers(SmallDisk::Limited).await;
}

/// Requests under a session, each for a target of its own.
struct Requests {
    session: SessionClient,
    count: usize,
    passed: Vec<String>,
    refused: Vec<String>,
}

impl Requests {
    /// Whether the next one passes; the only other answer there may be is 503.
    async fn next(&mut self) -> bool {
        self.count += 1;
        let target = format!("/{}", self.count);
        let answer = self.session.send(Method::GET, &target).await;
        let answer = answer.expect("an answer");
        let line = format!("GET {target}");
        if answer.status == 200 {
            self.passed.push(line);
            return true;
        }
        let problem = answer.expect(StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem["code"], "cannot_be_sure");
        self.refused.push(line);
        false
    }
}

async fn refuses_and_recovers(disk: SmallDisk) {
    let world = World::new().await;
    let server = Server::start_on(disk, &world.directory).await;
    let (operator, dana) = (server.api(&world.operator), server.api(&world.dana));
    let mut requests = Requests {
        session: session(&server, &world).await,
        count: 0,
        passed: vec![],
        refused: vec![],
    };
    for _ in 0..10 {
        assert!(requests.next().await, "there is room");
    }

    server.fill(disk, &world.directory);
    // What had room in pages that were there already may still pass.
    let full = async {
        while is_ready(&server).await {
            requests.next().await;
        }
    };
    timeout(PATIENCE, full)
        .await
        .expect("the disk to be noticed");
    let before = world.product.seen();
    let refused = requests.refused.len();
    for _ in 0..10 {
        assert!(!requests.next().await, "the disk is full");
    }
    assert_eq!(requests.refused.len(), refused + 10);
    let second = || {
        json!({"org": "acme", "number": "2", "subject": "Another", "team": [],
        "opened_by": {"admin": "ben@acme.test"}})
    };
    let call = operator.call(Method::POST, "/cases", Some(second())).await;
    let problem = call.expect(StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(problem["code"], "unavailable");
    assert_eq!(
        world.product.seen(),
        before,
        "nothing of it reached the product"
    );

    server.make_room(disk, &world.directory);
    let room = async {
        while !is_ready(&server).await {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, room)
        .await
        .expect("the server to come back");
    for _ in 0..10 {
        assert!(requests.next().await, "there is room again");
    }
    let read = operator.call(Method::GET, "/cases/2", None).await;
    let _ = read.expect(StatusCode::NOT_FOUND);
    let again = operator.call(Method::POST, "/cases", Some(second())).await;
    let _ = again.expect(StatusCode::CREATED);
    let granted = dana.call(Method::GET, "/cases/1", None).await;
    let granted = granted.expect(StatusCode::OK);
    assert_eq!(granted["impersonation"]["status"], "ENABLED");
    everything_is_on_the_log(&dana, &world, &requests).await;
    server.kill().await;
}

/// A7, A5, R18: what was acknowledged or seen by the product is there, with its outcome, and the log
/// has no gap.
async fn everything_is_on_the_log(dana: &Api, world: &World, requests: &Requests) {
    let log = timeout(PATIENCE, async {
        loop {
            let page = dana.call(Method::GET, "/orgs/acme/entries?limit=1000", None);
            let log = page.await.expect(StatusCode::OK);
            assert_eq!(log["next"], Value::Null);
            let log = log["items"].as_array().unwrap().clone();
            if outcomes(&log) == asked(&log).into_iter().map(|(index, _)| index).collect() {
                return log;
            }
            sleep(Duration::from_millis(20)).await;
        }
    });
    let log = log.await.expect("each request to have its outcome");
    for (n, entry) in log.iter().enumerate() {
        assert_eq!(entry["index"], n);
    }
    let asked: BTreeSet<String> = asked(&log).into_iter().map(|(_, line)| line).collect();
    for line in requests.passed.iter().chain(&world.product.seen()) {
        assert!(asked.contains(line), "{line} is not on the log");
    }
}

/// Index and request line of what was to go to the product.
fn asked(log: &[Value]) -> Vec<(u64, String)> {
    let requests = log.iter().filter(|entry| entry["type"] == "request");
    requests
        .map(|entry| {
            let (method, path) = (&entry["request"]["method"], &entry["request"]["path"]);
            let line = format!("{} {}", method.as_str().unwrap(), path.as_str().unwrap());
            (entry["index"].as_u64().unwrap(), line)
        })
        .collect()
}

/// The requests whose outcome is known.
fn outcomes(log: &[Value]) -> BTreeSet<u64> {
    let outcomes = log.iter().filter(|entry| entry["type"] == "outcome");
    outcomes
        .map(|entry| entry["detail"]["request"].as_u64().unwrap())
        .collect()
}

async fn is_ready(server: &Server) -> bool {
    let ready = reqwest::get(format!("{}/readyz", server.public_url)).await;
    ready.expect("an answer").status() == StatusCode::OK
}

/// A session of Sam's under a grant that Dana has given.
async fn session(server: &Server, world: &World) -> SessionClient {
    let new = json!({
        "org": "acme", "number": "1", "subject": "Something is off",
        "opened_by": {"admin": "ben@acme.test"}, "team": ["sam@vendor.test"],
    });
    let (operator, sam) = (server.api(&world.operator), server.api(&world.sam));
    let opened = operator.call(Method::POST, "/cases", Some(new)).await;
    let _ = opened.expect(StatusCode::CREATED);
    let why = json!({"justification": "looking into what the report describes"});
    let asked = sam.call(Method::POST, "/cases/1/access-request", Some(why));
    let _ = asked.await.expect(StatusCode::OK);
    let dana = server.api(&world.dana);
    let ticked = dana.call(Method::PUT, "/cases/1/grant", None).await;
    let _ = ticked.expect(StatusCode::OK);
    let started = sam.call(Method::POST, "/cases/1/sessions", None).await;
    server.session(&started.expect(StatusCode::CREATED))
}
