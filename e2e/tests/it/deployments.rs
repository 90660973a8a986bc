//! Two deployments and one database.

use countersign_cluster::{Database, connect};
use countersign_e2e::Server;

use crate::{several::heard, world::World};

/// Two deployments on one database by mistake: the second does not begin, and the first goes on.
#[tokio::test]
async fn a_process_of_another_deployment_is_refused() {
    let database = Database::fresh(env!("CARGO_TARGET_TMPDIR")).await;
    let address = database.address();
    let at = |name: &str| -> Vec<String> {
        let text = format!(
            "--database {address} --listen 127.0.0.1:0 --gateway-listen 127.0.0.1:0 \
             --public-url https://{name}.example.com --gateway-url https://gw.{name}.example.net"
        );
        text.split_whitespace().map(ToOwned::to_owned).collect()
    };
    let start = async |args: &[String]| {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        Server::try_start_in(&[], &args).await
    };
    let first = start(&at("one")).await.expect("nobody else is there");
    let second = start(&at("one")).await.expect("the same deployment");
    let refused = start(&at("two")).await.expect_err("another deployment");
    let said = refused["error"]["message"].as_str().expect("a message");
    for words in [
        "serve this database at https://one.example.com (gateway https://gw.one.example.net)",
        "https://two.example.com",
        "--public-url",
        "a database of its own",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let local = ["--database", &address, "--listen", "127.0.0.1:0"];
    let local = [&local[..], &["--gateway-listen", "127.0.0.1:0"]].concat();
    let local = Server::try_start_in(&[], &local).await;
    assert!(local.is_err(), "nor one that was told no address");

    // One is killed, and what it leaves is nobody.
    first.terminate();
    assert_eq!(first.ended().await, Some(0));
    second.kill().await;
    let second = start(&at("two")).await.expect("the addresses are changed");
    second.kill().await;
}

/// Two deployments that start at the same moment on a new database: one of them serves, whichever is first, and
/// the other is told of it.
#[tokio::test]
async fn of_two_that_start_at_once_one_serves() {
    let database = Database::fresh(env!("CARGO_TARGET_TMPDIR")).await;
    let address = database.address();
    let start = async |name: &str| {
        let public_url = format!("https://{name}.example.com");
        let gateway_url = format!("https://gw.{name}.example.net");
        let mut args = vec!["--database", &address];
        args.extend(["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"]);
        args.extend(["--public-url", &public_url, "--gateway-url", &gateway_url]);
        Server::try_start_in(&[], &args).await
    };
    let (one, two) = tokio::join!(start("one"), start("two"));
    let (serves, name, refused) = match (one, two) {
        (Ok(serves), Err(refused)) => (serves, "one", refused),
        (Err(refused), Ok(serves)) => (serves, "two", refused),
        (Ok(_), Ok(_)) => panic!("both serve"),
        (Err(one), Err(two)) => panic!("neither serves: {one}, {two}"),
    };
    let said = refused["error"]["message"].as_str().expect("a message");
    let there = format!("serve this database at https://{name}.example.com");
    assert!(said.contains(&there), "{said}");
    serves.kill().await;
}

/// Two deployments on purpose, in schemas of their own: neither waits for the other, or hears it instead of
/// itself.
#[tokio::test]
async fn deployments_in_schemas_of_their_own_do_not_meet() {
    let database = Database::fresh(env!("CARGO_TARGET_TMPDIR")).await;
    let client = connect(&database.address()).await;
    let mut both = vec![];
    for name in ["one", "two"] {
        let schema = format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
        client.batch_execute(&schema).await.expect("a schema");
        let address = format!("{}?options=-csearch_path%3D{name}", database.address());
        let world = World::on(&address).await;
        let servers = [Server::start(&address).await, Server::start(&address).await];
        both.push((world, servers));
    }
    // The first is ahead of the second, which is what it hears.
    for (world, servers) in &both {
        world.granted(&servers[0], "1").await;
        world.revoked(&servers[0], "1").await;
    }
    heard(&both[0].0, &both[0].1).await;
    heard(&both[1].0, &both[1].1).await;
    let [first, second] = &both[..] else {
        panic!("two")
    };
    let seen = second.0.log(&second.1[0]).await.len();
    first.0.tick(&first.1[0], "1").await;
    assert_eq!(second.0.log(&second.1[0]).await.len(), seen);
    for name in ["one", "two"] {
        let drop = format!("DROP SCHEMA {name} CASCADE");
        client.batch_execute(&drop).await.expect("it goes");
    }
}
