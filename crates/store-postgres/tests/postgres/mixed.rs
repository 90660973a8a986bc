//! An address that leads to two databases.

use std::{fs, path::PathBuf, sync::Arc};

use countersign_cluster::{Own, Pair, base, connect};
use countersign_domain::Role;
use countersign_store::{
    LeaseEpoch, Position, Store,
    conformance::{Live, ManualClock, World, request},
};
use countersign_store_postgres::{Incomplete, OpenError, PostgresStore, Time};
use tokio::{
    io::copy_bidirectional,
    net::{UnixListener, UnixStream},
    time::timeout,
};

use crate::failing::{PATIENCE, world};

/// What a server of the tests listens on, in its directory.
const SOCKET: &str = ".s.PGSQL.5432";

async fn with_a_session(address: &str) -> (Arc<World<PostgresStore>>, Live, LeaseEpoch) {
    let world = world(address).await;
    let live = world.live().await;
    let lease = world.lease().await;
    world.request(lease, live.session).await;
    (world, live, lease)
}

async fn renewed(world: &World<PostgresStore>, lease: LeaseEpoch) -> Result<(), String> {
    let all = Position(u64::MAX >> 1);
    let renewed = world.store.renew_lease(lease, all).await;
    renewed.map(drop).map_err(|error| error.to_string())
}

/// Until a process is refused for a reason.
async fn refused_because(world: &World<PostgresStore>, lease: LeaseEpoch, why: &str) {
    let refused = async {
        loop {
            if renewed(world, lease)
                .await
                .is_err_and(|said| said.contains(why))
            {
                return;
            }
        }
    };
    let in_time = timeout(PATIENCE, refused).await;
    in_time.unwrap_or_else(|_| panic!("it is not refused because {why}"));
}

async fn goes_on(world: &World<PostgresStore>, lease: LeaseEpoch) {
    let renews = async { while renewed(world, lease).await.is_err() {} };
    timeout(PATIENCE, renews).await.expect("it goes on");
}

/// Ends the connections of processes to a server.
async fn cut(server: &Own, database: &str) {
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
               WHERE pid <> pg_backend_pid() AND datname = current_database()";
    let client = connect(&server.address(database)).await;
    client.batch_execute(end).await.expect(end);
}

async fn missing(server: &Own) -> Option<String> {
    let client = connect(&server.address("postgres")).await;
    let row = client.query_one("SELECT missing FROM meta", &[]).await;
    row.expect("what is missing").get(0)
}

/// A process that has begun on one deployment uses no other, though the address leads there and it looks whole; and
/// it leaves no mark on it.
#[tokio::test]
async fn another_deployment_is_neither_used_nor_touched() {
    let (one, two) = (Own::new("mixed", ""), Own::new("mixed-2", ""));
    // The other one is further, so that nothing seems to be missing there.
    let (other, org, their_lease) = with_a_session(&two.address("postgres")).await;
    for _ in 0..5 {
        other.admin(org.org, Role::Admin).await;
    }
    let (process, live, lease) = with_a_session(&one.or(&two, "postgres")).await;
    let head = process.store.head().await.expect("a head");
    let theirs = other.store.head().await.expect("a head");
    one.stop();
    refused_because(&process, lease, "another deployment").await;
    let recorded = process.store.record(lease, &[request(live.session)]).await;
    assert!(recorded.is_err(), "nothing is recorded there");
    assert_eq!(missing(&two).await, None);
    assert_eq!(other.store.head().await.expect("a head"), theirs);
    renewed(&other, their_lease).await.expect("it goes on");
    one.start();
    goes_on(&process, lease).await;
    assert_eq!(process.store.head().await.expect("a head"), head);
    process.request(lease, live.session).await;
}

/// A process that has gone on to the server that took over does not go back when the old one is there again, and
/// answers as if nothing had happened.
#[tokio::test]
async fn a_server_that_was_left_is_not_gone_back_to() {
    let pair = Pair::new("left", true).await;
    let (process, live, lease) = with_a_session(&pair.address()).await;
    renewed(&process, lease).await.expect("a lease");
    pair.take_over();
    let second = pair.second.address("postgres").parse();
    PostgresStore::take_over(&second.expect("an address"), None)
        .await
        .expect("the word is taken");
    goes_on(&process, lease).await;
    // It is the first in the address.
    pair.first.start();
    cut(&pair.second, "postgres").await;
    refused_because(&process, lease, "it is still running").await;
    let recorded = process.store.record(lease, &[request(live.session)]).await;
    assert!(recorded.is_err(), "nothing is recorded there");
    assert_eq!(missing(&pair.first).await, None);
    pair.first.stop();
    goes_on(&process, lease).await;
    process.request(lease, live.session).await;
}

/// A copy that has taken the database's place on its server is not gone on from before somebody has accepted the loss:
/// it is known to be one, and nobody has to say so.
#[tokio::test]
async fn a_copy_in_the_place_of_the_database_serves_nobody() {
    let server = Own::new("copy", "");
    let admin = connect(&server.address("template1")).await;
    let run = async |statement: &str| {
        admin.batch_execute(statement).await.expect(statement);
    };
    let address = server.address("postgres");
    let (process, live, lease) = with_a_session(&address).await;
    let database = connect(&address).await;
    let refuse = "ALTER DATABASE postgres ALLOW_CONNECTIONS";
    run(&format!("{refuse} off")).await;
    let end =
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'postgres'";
    run(end).await;
    drop(database);
    run("CREATE DATABASE copy TEMPLATE postgres").await;
    run("ALTER DATABASE postgres RENAME TO before").await;
    run("ALTER DATABASE copy RENAME TO postgres").await;
    refused_because(
        &process,
        lease,
        "not the database that the history was written on",
    )
    .await;
    let recorded = process.store.record(lease, &[request(live.session)]).await;
    assert!(recorded.is_err(), "nothing is recorded there");
    let parsed = address.parse().expect("an address");
    let time = || Time::Given(Arc::<ManualClock>::default());
    let started = PostgresStore::open(&parsed, None, time()).await;
    assert!(
        matches!(
            started,
            Err(OpenError::Incomplete(Incomplete::Elsewhere { .. }))
        ),
        "{started:?}"
    );
    let accepting = PostgresStore::open_after_loss(&parsed, None, time(), false).await;
    let accepting = accepting.expect("it opens").expect("a loss");
    accepting.accept_loss().await.expect("it is accepted");
    refused_because(&process, lease, "started again").await;
    let again = PostgresStore::open(&parsed, None, time()).await;
    again.expect("new ones start");
}

/// A socket in a directory of its own whose connections go to the one server and the other by turns.
struct Alternating(PathBuf);

impl Alternating {
    fn between(one: &Own, two: &Own) -> Self {
        let name = format!("countersign-alternating-{}", std::process::id());
        let directory = base().join(name);
        fs::create_dir_all(&directory).expect("a directory");
        let socket = directory.join(SOCKET);
        let _ = fs::remove_file(&socket);
        let listener = UnixListener::bind(socket).expect("a socket");
        let servers = [one, two].map(|own| own.directory().join(SOCKET));
        tokio::spawn(async move {
            for server in servers.iter().cycle() {
                let Ok((mut client, _)) = listener.accept().await else {
                    return;
                };
                let mut there = UnixStream::connect(server).await.expect("the server");
                tokio::spawn(async move {
                    let _ = copy_bidirectional(&mut client, &mut there).await;
                });
            }
        });
        Self(directory)
    }

    fn address(&self) -> String {
        let host = self.0.to_str().expect("ASCII").replace('/', "%2F");
        format!("postgres://countersign@{host}/postgres")
    }
}

impl Drop for Alternating {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Nor is anything begun, or migrated, behind an address that leads to two servers by turns.
#[tokio::test]
async fn an_address_of_two_servers_is_refused_at_start() {
    let (one, two) = (Own::new("turns", ""), Own::new("turns-2", ""));
    let between = Alternating::between(&one, &two);
    let parsed = between.address().parse().expect("an address");
    let clock = Time::Given(Arc::<ManualClock>::default());
    let started = PostgresStore::open(&parsed, None, clock).await;
    assert!(
        matches!(started, Err(OpenError::Several { .. })),
        "{started:?}"
    );
    for server in [&one, &two] {
        let client = connect(&server.address("postgres")).await;
        let there = client
            .query_one("SELECT to_regclass('countersign_schema') IS NULL", &[])
            .await;
        assert!(there.expect("an answer").get::<_, bool>(0), "it is empty");
    }
}
