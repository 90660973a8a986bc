//! Settings come from flags, then the environment, then the file, and have effect.

use std::fs;

use countersign_e2e::{Directory, Server, countersign, countersign_in};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

/// The variables a process is started with.
type Environment<'a> = &'a [(&'a str, &'a str)];

/// The second of the day that an RFC 3339 time says.
fn second(time: &Value) -> i64 {
    let (_, time) = time.as_str().unwrap().split_once('T').unwrap();
    let mut parts = time.trim_end_matches('Z').split(':');
    let mut next = || -> i64 {
        let whole = parts.next().unwrap().split('.').next().unwrap();
        whole.parse().unwrap()
    };
    (next() * 60 + next()) * 60 + next()
}

/// A session started now on case 1: how many minutes it may go without a request, and last in all.
async fn limits(server: &Server, world: &World) -> (i64, i64) {
    let started = server
        .api(&world.sam)
        .call(Method::POST, "/cases/1/sessions", None)
        .await
        .expect(StatusCode::CREATED);
    let log = server
        .api(&world.dana)
        .call(Method::GET, "/orgs/acme/entries?limit=1000", None)
        .await
        .expect(StatusCode::OK);
    let entry = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["type"] == "session.started" && entry["session"] == started["id"])
        .unwrap();
    let session = &entry["detail"]["session"];
    let (from, until) = (&session["started_at"], &session["absolute_until"]);
    let absolute = (second(until) - second(from)).rem_euclid(24 * 3_600);
    assert_eq!(absolute % 60, 0, "{session}");
    (session["idle"].as_i64().unwrap() / 60_000, absolute / 60)
}

async fn granted(world: &World) {
    let server = Server::start(&world.database()).await;
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
    server.kill().await;
}

#[tokio::test]
async fn session_limits_come_from_flags_then_environment_then_file() {
    let world = World::new().await;
    granted(&world).await;
    let database = world.database();
    let file = world.directory.path().join("countersign.toml");
    let file = file.to_str().unwrap();
    fs::write(
        file,
        format!(
            "database = \"{database}\"\nlisten = \"127.0.0.1:0\"\n\
             gateway_listen = \"127.0.0.1:0\"\n\
             session_idle_minutes = 7\nsession_minutes = 70\n"
        ),
    )
    .unwrap();
    let in_file = ("COUNTERSIGN_CONFIG", file);
    let idle = ("COUNTERSIGN_SESSION_IDLE_MINUTES", "8");
    let absolute = ("COUNTERSIGN_SESSION_MINUTES", "80");
    let cases: [(Environment<'_>, &[&str], (i64, i64)); 7] = [
        (&[], &["--config", file], (7, 70)),
        (&[in_file], &[], (7, 70)),
        (&[in_file, idle], &[], (8, 70)),
        (&[in_file, idle, absolute], &[], (8, 80)),
        (
            &[in_file, idle, absolute],
            &["--session-idle-minutes", "9"],
            (9, 80),
        ),
        (&[in_file, idle], &["--session-minutes", "90"], (8, 90)),
        (
            &[idle, absolute],
            &[
                "--config",
                file,
                "--session-idle-minutes",
                "9",
                "--session-minutes",
                "90",
            ],
            (9, 90),
        ),
    ];
    for (environment, args, expected) in cases {
        let server = Server::start_in(environment, args).await;
        let found = limits(&server, &world).await;
        assert_eq!(found, expected, "{environment:?} {args:?}");
        server.kill().await;
    }
    let server = Server::start(&database).await;
    assert_eq!(limits(&server, &world).await, (30, 480), "the defaults");
    server.kill().await;
}

/// How many sessions of the agent run until one more is refused.
async fn started_at_once(server: &Server, world: &World) -> usize {
    let sam = server.api(&world.sam);
    for count in 0.. {
        let started = sam.call(Method::POST, "/cases/1/sessions", None).await;
        if started.status != 201 {
            let problem = started.expect(StatusCode::CONFLICT);
            assert_eq!(problem["code"], "too_many_sessions");
            let running = problem["sessions"].as_array().unwrap();
            for one in running {
                let end = format!("/sessions/{}", one["id"].as_str().unwrap());
                let ended = sam.call(Method::DELETE, &end, None).await;
                let _ = ended.expect(StatusCode::OK);
            }
            assert_eq!(running.len(), count);
            return count;
        }
    }
    unreachable!("the count goes on")
}

#[tokio::test]
async fn how_many_sessions_an_agent_has_at_a_time_is_a_setting() {
    let world = World::new().await;
    granted(&world).await;
    let file = world.directory.path().join("countersign.toml");
    fs::write(&file, "sessions_per_agent = 2\n").unwrap();
    let file = file.to_str().unwrap();
    let database = world.database();
    let base = [
        "--database",
        &database,
        "--listen",
        "127.0.0.1:0",
        "--gateway-listen",
        "127.0.0.1:0",
    ];
    let in_environment = ("COUNTERSIGN_SESSIONS_PER_AGENT", "3");
    let cases: [(Environment<'_>, &[&str], usize); 4] = [
        (&[], &[], 10),
        (&[], &["--config", file], 2),
        (&[in_environment], &["--config", file], 3),
        (
            &[in_environment],
            &["--config", file, "--sessions-per-agent", "1"],
            1,
        ),
    ];
    for (environment, args, expected) in cases {
        let args: Vec<&str> = base.iter().chain(args).copied().collect();
        let server = Server::start_in(environment, &args).await;
        assert_eq!(started_at_once(&server, &world).await, expected, "{args:?}");
        server.kill().await;
    }
}

#[tokio::test]
async fn the_apis_limits_come_from_the_file() {
    let world = World::new().await;
    let file = world.directory.path().join("countersign.toml");
    let text = "[api]\ncalls_per_minute = 2\nunauthenticated_per_minute = 1\n";
    fs::write(&file, text).unwrap();
    let (file, database) = (file.to_str().unwrap(), world.database());
    let ports = ["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
    let rest = ["--config", file, "--database", &database];
    let args: Vec<&str> = ports.into_iter().chain(rest).collect();
    let server = Server::start_in(&[], &args).await;
    for (token, good) in [(world.operator.as_str(), 200), ("nobody's", 401)] {
        let api = server.api(token);
        // Even on a slow machine a bucket of two calls a minute is empty after some.
        let mut answers = vec![];
        for _ in 0..10 {
            answers.push(api.call(Method::GET, "/me", None).await);
        }
        assert_eq!(answers[0].status, good, "{:?}", answers[0]);
        let refused = answers.iter().find(|answer| answer.status == 429);
        let refused = refused.unwrap_or_else(|| panic!("never refused: {answers:?}"));
        assert_eq!(refused.body["code"], "rate_limited");
    }
    let me = server.api(&world.dana).call(Method::GET, "/me", None).await;
    let _ = me.expect(StatusCode::OK);
    server.kill().await;
}

/// A server that took the limits would stop here, rather than serve until the test is killed.
const NOWHERE: &str = "nowhere:";

#[test]
fn limits_without_sense_are_refused_wherever_they_stand() {
    let directory = Directory::fresh();
    let file = directory.path().join("countersign.toml");
    let file = file.to_str().unwrap();
    for (name, flag, above) in [
        ("session_idle_minutes", "--session-idle-minutes", "1441"),
        ("session_minutes", "--session-minutes", "1441"),
        ("sessions_per_agent", "--sessions-per-agent", "1001"),
    ] {
        let variable = format!("COUNTERSIGN_{}", name.to_uppercase());
        for bad in ["0", above, "-1", "soon"] {
            let assigned = format!("{flag}={bad}");
            let refused = countersign(&["serve", &assigned, "--database", NOWHERE]);
            assert_eq!(refused.code, Some(2), "{assigned}: {refused:?}");
            let serve = ["serve", "--database", NOWHERE];
            let refused = countersign_in(&[(&variable, bad)], &serve);
            assert_eq!(refused.code, Some(2), "{variable}={bad}: {refused:?}");
            fs::write(file, format!("{name} = {bad}\n")).unwrap();
            let refused = countersign(&["serve", "--config", file, "--database", NOWHERE]);
            assert_eq!(refused.code, Some(1), "{name} = {bad}: {refused:?}");
            assert!(refused.stderr.contains(file), "{refused:?}");
        }
    }
}

#[test]
fn commands_use_the_database_of_the_file_that_the_environment_names() {
    let directory = Directory::fresh();
    let place = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let database = |name: &str| format!("sqlite:{}", place(name));
    let file = place("countersign.toml");
    fs::write(&file, format!("database = \"{}\"\n", database("file.db"))).unwrap();
    let in_file = ("COUNTERSIGN_CONFIG", file.as_str());
    let variable = database("environment.db");
    let in_environment = ("COUNTERSIGN_DATABASE", variable.as_str());
    let flag = database("flag.db");
    let create = |slug: &str, environment: Environment<'_>, more: &[&str]| {
        let mut args = vec!["org", "create", "--slug", slug, "--name", slug, "--json"];
        args.extend(more);
        countersign_in(environment, &args).done()
    };
    create("file", &[in_file], &[]);
    create("environment", &[in_file, in_environment], &[]);
    create("flag", &[in_file, in_environment], &["--database", &flag]);

    for (name, slug) in [
        ("file.db", "file"),
        ("environment.db", "environment"),
        ("flag.db", "flag"),
    ] {
        let named = database(name);
        let list = countersign(&["org", "list", "--json", "--database", &named]).done();
        let slugs: Vec<_> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|org| &org["slug"])
            .collect();
        assert_eq!(slugs, [slug], "{name}");
    }
    // What the file is silent about is no address, and a file that is not there is no silence.
    fs::write(&file, "session_minutes = 60\n").unwrap();
    let data = place("data");
    let in_data = ("COUNTERSIGN_DATA_DIR", data.as_str());
    create("data", &[in_file, in_data], &[]);
    assert!(directory.path().join("data/countersign.db").exists());
    fs::remove_file(&file).unwrap();
    let refused = countersign_in(&[in_file, in_data], &["org", "list", "--json"]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert_eq!(refused.json()["error"]["code"], "bad_setting");
}

/// As an `.env` file or a service's unit has it where nothing was filled in.
#[tokio::test]
async fn a_variable_that_is_set_to_nothing_is_not_set() {
    let world = World::new().await;
    let empty = [
        "CONFIG",
        "DATABASE",
        "LISTEN",
        "GATEWAY_LISTEN",
        "PUBLIC_URL",
        "GATEWAY_URL",
        "SESSION_IDLE_MINUTES",
        "SESSION_MINUTES",
        "SESSIONS_PER_AGENT",
        "TLS_CERT",
        "TLS_KEY",
        "GATEWAY_TLS_CERT",
        "GATEWAY_TLS_KEY",
        "UPSTREAM_CA",
        "UPSTREAM_CERT",
        "UPSTREAM_KEY",
        "DATA_DIR",
        "LOG",
    ]
    .map(|name| format!("COUNTERSIGN_{name}"));
    let home = world.directory.path().to_str().unwrap();
    let mut environment: Vec<_> = empty.iter().map(|name| (name.as_str(), "")).collect();
    environment.push(("HOME", home));
    let database = world.database();
    let ports = ["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
    let args = [&["--database", &database][..], &ports].concat();
    let server = Server::start_in(&environment, &args).await;
    assert!(server.public_url.starts_with("http://localhost:"));
    server.kill().await;
    // Commands that read the database from the file that one of them names, or from its default.
    let listed = countersign_in(&environment, &["org", "list", "--json"]).done();
    assert_eq!(listed["items"], json!([]));
}
