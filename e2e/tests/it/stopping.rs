//! A process that is asked to stop finishes what is under way, lets nobody else in, and says it is
//! done (exit code 0).

use std::time::Duration;

use countersign_e2e::{Server, countersign};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};

use crate::world::World;

/// A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

async fn within<T>(what: &str, wait: impl Future<Output = T>) -> T {
    let Ok(done) = timeout(PATIENCE, wait).await else {
        panic!("waited in vain for {what}");
    };
    done
}

/// Reads until `end` has come.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut all = Vec::new();
    let read = async {
        while !all.ends_with(end.as_bytes()) {
            all.push(stream.read_u8().await.expect("more to come"));
        }
    };
    within(end, read).await;
    String::from_utf8(all).unwrap()
}

/// A session of Sam's in Acme, whose product is at `origin` from now on.
async fn session(server: &Server, world: &World, origin: &str) -> Value {
    let database = world.database();
    let moved = ["upstream", "set", "--org", "acme", "--origin", origin];
    let rest = ["--json", "--database", &database];
    let args: Vec<&str> = moved.into_iter().chain(rest).collect();
    let _ = countersign(&args).done();
    let new = json!({
        "org": "acme", "number": "1", "subject": "Something is off",
        "opened_by": {"admin": "ben@acme.test"}, "team": ["sam@vendor.test"],
    });
    let operator = server.api(&world.operator);
    let opened = operator.call(Method::POST, "/cases", Some(new)).await;
    let _ = opened.expect(StatusCode::CREATED);
    let why = json!({"justification": "looking into what the report describes"});
    let sam = server.api(&world.sam);
    let asked = sam.call(Method::POST, "/cases/1/access-request", Some(why));
    let _ = asked.await.expect(StatusCode::OK);
    let dana = server.api(&world.dana);
    let ticked = dana.call(Method::PUT, "/cases/1/grant", None).await;
    let _ = ticked.expect(StatusCode::OK);
    let started = sam.call(Method::POST, "/cases/1/sessions", None).await;
    started.expect(StatusCode::CREATED)
}

/// Waits until nobody new gets in there.
async fn is_closed(address: &str) {
    let closed = async {
        while TcpStream::connect(address).await.is_ok() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    within("new connections to be refused", closed).await;
}

#[tokio::test]
async fn a_response_under_way_completes_and_the_process_exits_with_0() {
    let world = World::new().await;
    let mut server = Server::start(&world.database()).await;
    let product = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", product.local_addr().unwrap());
    let started = session(&server, &world, &origin).await;
    let console = server
        .public_url
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let ready = format!("{}/readyz", server.public_url);
    assert_eq!(reqwest::get(&ready).await.unwrap().status(), StatusCode::OK);

    // Half of a response is through.
    let host = started["url"].as_str().unwrap().split('/').nth(2).unwrap();
    let token = started["token"].as_str().unwrap();
    let head =
        format!("GET /export HTTP/1.1\r\nHost: {host}\r\nCountersign-Session: {token}\r\n\r\n");
    let mut client = TcpStream::connect(&server.gateway).await.unwrap();
    client.write_all(head.as_bytes()).await.unwrap();
    let (mut asked, _) = within("the product to be asked", product.accept())
        .await
        .unwrap();
    until(&mut asked, "\r\n\r\n").await;
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst";
    asked.write_all(half).await.unwrap();
    let head = until(&mut client, "\r\n\r\nfirst").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    // Others are connected and ask nothing.
    let mut idle = [
        TcpStream::connect(&server.gateway).await.unwrap(),
        TcpStream::connect(&console).await.unwrap(),
    ];

    server.terminate();
    is_closed(&server.gateway).await;
    is_closed(&console).await;
    // Whoever routes requests by it goes elsewhere.
    assert!(reqwest::get(&ready).await.is_err(), "still ready");
    for stream in &mut idle {
        let mut rest = Vec::new();
        let read = within("an idle client to be let go", stream.read_to_end(&mut rest)).await;
        assert_eq!(read.unwrap_or(0), 0, "{rest:?}");
    }
    assert!(server.is_running());
    asked.write_all(b"other").await.unwrap();
    until(&mut client, "other").await;
    assert_eq!(server.ended().await, Some(0));
    let mut rest = Vec::new();
    assert_eq!(client.read_to_end(&mut rest).await.unwrap(), 0, "{rest:?}");

    // It is all on the log, as the next process tells.
    let server = Server::start(&world.database()).await;
    let dana = server.api(&world.dana);
    let log = dana
        .call(Method::GET, "/orgs/acme/entries?limit=1000", None)
        .await;
    let log = log.expect(StatusCode::OK);
    let of = |kind: &str| -> Vec<&Value> {
        let entries = log["items"].as_array().unwrap().iter();
        entries.filter(|entry| entry["type"] == kind).collect()
    };
    let (requests, outcomes) = (of("request"), of("outcome"));
    assert_eq!((requests.len(), outcomes.len()), (1, 1), "{log}");
    let detail = &outcomes[0]["detail"];
    assert_eq!(
        (
            &detail["request"],
            &detail["ending"],
            &detail["status"],
            &detail["bytes"]
        ),
        (
            &requests[0]["index"],
            &json!("complete"),
            &json!(200),
            &json!(10)
        )
    );
    server.kill().await;
}

#[tokio::test]
async fn a_process_with_nothing_under_way_exits_with_0() {
    let world = World::new().await;
    let server = Server::start(&world.database()).await;
    let api = server.api(&world.operator);
    // The connection of this call is kept open by its client.
    let _ = api
        .call(Method::GET, "/cases", None)
        .await
        .expect(StatusCode::OK);
    server.terminate();
    assert_eq!(server.ended().await, Some(0));
}

#[tokio::test]
async fn the_last_process_to_end_leaves_the_database_in_one_file() {
    let world = World::new().await;
    let log = world.directory.path().join("test.db-wal");
    let first = Server::start(&world.database()).await;
    let second = Server::start(&world.database()).await;
    let new = json!({
        "org": "acme", "number": "1", "subject": "Something is off",
        "opened_by": {"admin": "ben@acme.test"}, "team": ["sam@vendor.test"],
    });
    let operator = first.api(&world.operator);
    let opened = operator.call(Method::POST, "/cases", Some(new));
    let _ = opened.await.expect(StatusCode::CREATED);
    first.terminate();
    assert_eq!(first.ended().await, Some(0), "although another has it open");
    assert!(log.exists());
    second.terminate();
    assert_eq!(second.ended().await, Some(0));
    assert!(!log.exists(), "nothing stays in the write-ahead log");

    // A command is such a process, too; and what was recorded is in the file alone.
    let copy = world.directory.path().join("copy.db");
    std::fs::copy(world.directory.path().join("test.db"), &copy).unwrap();
    let copied = format!("sqlite:{}", copy.display());
    let made = [
        "token",
        "create",
        "--operator",
        "--json",
        "--database",
        &copied,
    ];
    let token = countersign(&made).done();
    assert!(!copy.with_extension("db-wal").exists());
    let server = Server::start(&copied).await;
    let token = token["token"].as_str().unwrap();
    let operator = server.api(token);
    let read = operator.call(Method::GET, "/cases/1", None).await;
    let _ = read.expect(StatusCode::OK);
    server.kill().await;
}
