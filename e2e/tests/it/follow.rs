//! Following an org's log over the wire.

use std::time::Duration;

use countersign_e2e::{Server, countersign};
use reqwest::{Client, Response};
use serde_json::Value;
use tokio::time::timeout;

use crate::world::World;

/// A test that waits this long has failed. Less than the stream is ever silent, so that nothing but
/// what is waited for can be what came.
const PATIENCE: Duration = Duration::from_secs(12);

/// A stream that is read event by event.
struct Following {
    response: Response,
    text: String,
}

impl Following {
    async fn open(server: &Server, token: &str, after: &str) -> Self {
        let url = format!("{}/api/v1/orgs/acme/entries/stream", server.public_url);
        let request = Client::new().get(url).bearer_auth(token);
        let sent = request.header("last-event-id", after).send().await;
        let response = sent.unwrap().error_for_status().unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            response,
            text: String::new(),
        }
    }

    /// The next event, its kind and data; none at an orderly end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let lines = event.lines();
                    let mut found = lines.filter_map(|line| line.strip_prefix(name));
                    found.next().map(|value| value.trim_start().to_owned())
                };
                let told = field("event:").zip(field("data:"));
                self.text = rest.to_owned();
                if let Some((kind, data)) = told {
                    return Some((kind, serde_json::from_str(&data).unwrap()));
                }
                continue;
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("something comes").expect("no broken stream");
            self.text.push_str(std::str::from_utf8(&chunk?).unwrap());
        }
    }

    async fn entry(&mut self) -> Value {
        let (kind, entry) = self.next().await.expect("an entry");
        assert_eq!(kind, "entry", "{entry}");
        entry
    }
}

#[tokio::test]
async fn what_other_processes_do_is_followed_until_the_token_is_revoked() {
    let world = World::new().await;
    let database = world.database();
    let run = |args: &[&str]| {
        let rest = ["--json", "--database", database.as_str()];
        let args: Vec<&str> = args.iter().copied().chain(rest).collect();
        countersign(&args).done()
    };
    let token = run(&[
        "token",
        "create",
        "--org",
        "acme",
        "--admin",
        "dana@acme.test",
    ]);
    let server = Server::start(&database).await;
    let mut following = Following::open(&server, token["token"].as_str().unwrap(), "0").await;
    // What is there already comes first.
    let mut index = 0;
    loop {
        let entry = following.entry().await;
        index += 1;
        assert_eq!(entry["index"], index, "{entry}");
        if entry["detail"]["credential"] == token["id"] {
            break;
        }
    }
    // The command line is another process.
    let ben = ["--email", "new@acme.test", "--name", "New"];
    let created = ["admin", "create", "--org", "acme", "--role", "admin"];
    run(&[created.as_slice(), &ben].concat());
    let entry = following.entry().await;
    assert_eq!(entry["index"], index + 1, "{entry}");
    assert_eq!(entry["type"], "admin.created", "{entry}");

    run(&["token", "revoke", "--id", token["id"].as_str().unwrap()]);
    let (kind, problem) = following.next().await.expect("a last word");
    assert_eq!(
        (kind.as_str(), &problem["code"]),
        ("problem", &"unauthenticated".into())
    );
    assert!(following.next().await.is_none());
    server.kill().await;
}

#[tokio::test]
async fn a_stream_does_not_hold_a_process_that_is_to_stop() {
    let world = World::new().await;
    let server = Server::start(&world.database()).await;
    let mut following = Following::open(&server, &world.dana, "0").await;
    following.entry().await;
    server.terminate();
    while following.next().await.is_some() {}
    assert_eq!(server.ended().await, Some(0));
}
