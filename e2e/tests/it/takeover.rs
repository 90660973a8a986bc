//! Another database server takes the place of the one before.

use std::time::Duration;

use countersign_cluster::Pair;
use countersign_e2e::{Server, countersign};
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::world::World;

const PATIENCE: Duration = Duration::from_secs(60);

/// Behind a standby that had everything, access goes on once an operator has spoken for it, and is removed
/// there.
#[tokio::test]
async fn access_goes_on_when_a_standby_takes_over_that_had_everything() {
    let pair = Pair::new("e2e-whole", true).await;
    let world = World::on(&pair.address()).await;
    let server = Server::start(&pair.address()).await;
    world.granted(&server, "1001").await;
    let started = world.started(&server, &world.sam, "1001").await;
    let session = server.session(&started);
    let before = world.log(&server).await;
    pair.take_over();
    let command = |name: &str| {
        countersign(&["--database", &pair.address(), "--json", "database", name]).done()
    };
    assert_eq!(command("status")["complete"], json!(false));
    let answer = session.send(Method::GET, "/invoices").await;
    assert!(answer.is_none_or(|answer| answer.status != 200));
    command("take-over");
    let goes_on = async {
        while session
            .send(Method::GET, "/invoices")
            .await
            .is_none_or(|answer| answer.status != 200)
        {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, goes_on).await.expect("access goes on");
    let after = world.log(&server).await;
    assert_eq!(after[..before.len()], before[..]);
    world.revoked(&server, "1001").await;
    let answer = session.send(Method::GET, "/invoices").await;
    let _ = answer.expect("an answer").expect(StatusCode::UNAUTHORIZED);
}

/// Behind one that lacks a revocation nothing is served, by nobody; accepting the loss from the command line
/// ends all access and the processes that ran before.
#[tokio::test]
async fn a_lost_revocation_gives_nobody_access_again() {
    let pair = Pair::new("e2e-lost", true).await;
    let world = World::on(&pair.address()).await;
    let server = Server::start(&pair.address()).await;
    world.granted(&server, "1001").await;
    let started = world.started(&server, &world.sam, "1001").await;
    let session = server.session(&started);
    let command =
        |name: &str| countersign(&["--database", &pair.address(), "--json", "database", name]);
    assert_eq!(command("status").done()["complete"], json!(true));
    let nothing = command("accept-loss");
    assert_ne!(nothing.code, Some(0));
    assert!(
        nothing.stderr.contains("nothing to accept")
            || nothing.stdout.contains("nothing to accept"),
        "{nothing:?}"
    );

    pair.go_on_without_standby().await;
    world.revoked(&server, "1001").await;
    pair.take_over_from_behind();
    let lost = async {
        while command("status").done()["standing"]
            .as_str()
            .is_none_or(|said| !said.contains("has lost"))
        {}
    };
    timeout(PATIENCE, lost).await.expect("the loss is noticed");
    let answer = session.send(Method::GET, "/invoices").await;
    assert!(answer.is_none_or(|answer| answer.status != 200));
    let listed = countersign(&["--database", &pair.address(), "--json", "agent", "list"]);
    assert_ne!(listed.code, Some(0), "{listed:?}");

    assert_eq!(command("accept-loss").done()["grants_ended"], json!(1));
    assert_ne!(server.ended().await, Some(0), "it has to be started again");
    let server = Server::start(&pair.address()).await;
    let session = server.session(&started);
    let answer = session.send(Method::GET, "/invoices").await;
    let _ = answer.expect("an answer").expect(StatusCode::UNAUTHORIZED);
    let log = world.log(&server).await;
    let revoked = log.iter().filter(|entry| entry["type"] == "access.revoked");
    let why: Vec<_> = revoked
        .map(|entry| entry["detail"]["why"].clone())
        .collect();
    assert_eq!(why, [json!("history_lost")]);
    assert_eq!(command("status").done()["losses_accepted"], json!(1));
}
