//! Several processes on one PostgreSQL database: what one of them does holds at all of them when it
//! answers.

use std::{collections::BTreeSet, time::Duration};

use countersign_cluster::{Database, connect};
use countersign_e2e::{Answer, Effective, Server, SessionClient, countersign};
use reqwest::{Method, StatusCode};
use rustix::io::ioctl_fionread;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

use crate::world::World;

/// A test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a process's lease holds without renewal, and that with the margin for clocks that drift.
const LEASE_MS: u64 = 1_500;
const LEASE_AND_MARGIN_MS: u64 = LEASE_MS + LEASE_MS / 20;

async fn within<T>(what: &str, wait: impl Future<Output = T>) -> T {
    let Ok(done) = timeout(PATIENCE, wait).await else {
        panic!("waited in vain for {what}");
    };
    done
}

/// Two processes, and the org that they serve.
struct Two {
    world: World,
    a: Server,
    b: Server,
    database: Database,
}

impl Two {
    async fn new() -> Self {
        let database = Database::fresh(env!("CARGO_TARGET_TMPDIR")).await;
        let world = World::on(&database.address()).await;
        Self {
            a: Server::start(&database.address()).await,
            b: Server::start(&database.address()).await,
            database,
            world,
        }
    }

    /// A case with a grant, and Sam's session for it.
    async fn session(&self, number: &str) -> Value {
        self.world.granted(&self.a, number).await;
        self.world.started(&self.a, &self.world.sam, number).await
    }
}

async fn read(session: &SessionClient, path: &str) -> Answer {
    let answer = session.send(Method::GET, path).await;
    answer.expect("the gateway answers")
}

async fn refused(session: &SessionClient, path: &str) {
    let _ = read(session, path).await.expect(StatusCode::UNAUTHORIZED);
}

fn requests(entries: &[Value]) -> Vec<String> {
    let requests = entries.iter().filter(|entry| entry["type"] == "request");
    let line = |entry: &Value| {
        let text = |name: &str| entry["request"][name].as_str().unwrap().to_owned();
        format!("{} {}", text("method"), text("path"))
    };
    requests.map(line).collect()
}

/// Until the process serves, which a request of a session would have to wait for.
async fn ready(server: &Server) {
    let serves = async {
        while !server.is_ready().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    within("the process to serve", serves).await;
}

/// A product that says what it is told to, byte by byte.
struct Speaking {
    listener: TcpListener,
}

impl Speaking {
    /// Acme's product from now on.
    async fn of_acme(world: &World) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        world.run(&["upstream", "set", "--org", "acme", "--origin", &origin]);
        Self { listener }
    }

    /// Asks through a gateway, and answers with the beginning of a long response, which has arrived;
    /// the client's end and the product's.
    async fn begun(&self, gateway: &str, session: &SessionClient) -> (TcpStream, TcpStream) {
        let mut client = TcpStream::connect(gateway).await.unwrap();
        let head = session.head("/export");
        client.write_all(head.as_bytes()).await.unwrap();
        let accepted = within("the product to be asked", self.listener.accept()).await;
        let (mut product, _) = accepted.unwrap();
        until(&mut product, "\r\n\r\n").await;
        let half = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nfirst";
        product.write_all(half).await.unwrap();
        let head = until(&mut client, "\r\n\r\nfirst").await;
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        (client, product)
    }
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

/// How much comes until the connection ends, in whatever way.
async fn rest(stream: &mut TcpStream) -> usize {
    let mut all = Vec::new();
    let _ = within("the connection to end", stream.read_to_end(&mut all)).await;
    all.len()
}

#[tokio::test]
async fn what_is_granted_at_one_process_is_used_at_the_other_and_stands_on_one_log() {
    let two = Two::new().await;
    let Two { world, a, b, .. } = &two;
    let started = two.session("1").await;
    let (at_a, at_b) = (a.session(&started), b.session(&started));
    for page in 0..4 {
        for (session, name) in [(&at_a, "a"), (&at_b, "b")] {
            let path = format!("/{name}/{page}");
            let _ = read(session, &path).await.expect(StatusCode::OK);
        }
    }
    let seen = world.product.seen();
    assert_eq!(seen.len(), 8);
    for server in [a, b] {
        let entries = world.log(server).await;
        assert_eq!(requests(&entries), seen);
        for (index, entry) in entries.iter().enumerate() {
            assert_eq!(entry["index"], json!(index), "the log has no gap");
        }
    }

    let effective = world.revoked(b, "1").await;
    assert_eq!(effective.acknowledged, 2, "{effective:?}");
    refused(&at_a, "/late").await;
    refused(&at_b, "/late").await;
    assert_eq!(world.product.seen(), seen);
}

/// A1: the product goes on speaking, and nothing of what it says comes out of the other process once
/// the call has returned.
#[tokio::test]
async fn a_revocation_cuts_what_flows_through_another_process_before_it_answers() {
    let two = Two::new().await;
    let Two { world, a, b, .. } = &two;
    let product = Speaking::of_acme(world).await;
    let started = two.session("1").await;
    let (mut client, mut asked) = product.begun(&b.gateway, &b.session(&started)).await;
    let speaking: JoinHandle<()> = tokio::spawn(async move {
        while asked.write_all(b"and more, ").await.is_ok() {
            sleep(Duration::from_millis(1)).await;
        }
    });
    let effective = world.revoked(a, "1").await;
    // What is here by now left before the answer.
    let before = ioctl_fionread(&client).expect("a socket");
    assert_eq!(effective.acknowledged, 2, "{effective:?}");
    within("the product to be let go", speaking)
        .await
        .expect("it ends");
    let came = rest(&mut client).await;
    assert!(
        came as u64 <= before,
        "{} bytes after it",
        came as u64 - before
    );
    assert!(came > 0, "something flowed");
    refused(&b.session(&started), "/late").await;
}

/// A process that stands still is counted out when its lease has run out, and not before.
#[tokio::test]
async fn a_stopped_process_is_waited_for_and_lets_nothing_through_when_it_goes_on() {
    let two = Two::new().await;
    let Two { world, a, b, .. } = &two;
    let product = Speaking::of_acme(world).await;
    let started = two.session("1").await;
    let at_b = b.session(&started);
    let (mut client, mut asked) = product.begun(&b.gateway, &at_b).await;

    b.pause();
    // The kernel takes both for it: a request, and more of a response.
    let mut late = TcpStream::connect(&b.gateway).await.unwrap();
    let head = at_b.head("/late");
    late.write_all(head.as_bytes()).await.unwrap();
    asked.write_all(b"more").await.unwrap();
    let effective = world.revoked(a, "1").await;
    assert_eq!((effective.acknowledged, effective.lapsed), (1, 1));
    // The rest is for a machine that is busy with other things.
    let waited = LEASE_AND_MARGIN_MS..3 * LEASE_AND_MARGIN_MS;
    assert!(waited.contains(&effective.ms), "{effective:?}");
    // Nobody waits for it a second time.
    world.tick(a, "1").await;
    let again = world.revoked(a, "1").await;
    assert!(again.ms < LEASE_MS, "{again:?}");

    b.resume();
    let mut answer = [0; 12];
    within("an answer", late.read_exact(&mut answer))
        .await
        .unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(
        ["HTTP/1.1 401", "HTTP/1.1 503"].contains(&answer.as_str()),
        "{answer}"
    );
    assert_eq!(rest(&mut client).await, 0, "no byte more of the response");
    let nobody = product.listener.accept();
    // It serves again, and what it had refused has not been put off.
    ready(b).await;
    refused(&at_b, "/later").await;
    assert!(timeout(Duration::ZERO, nobody).await.is_err());

    let origin = world.product.origin();
    world.run(&["upstream", "set", "--org", "acme", "--origin", &origin]);
    world.tick(b, "1").await;
    let again = world.started(b, &world.sam, "1").await;
    let _ = read(&b.session(&again), "/again").await;
    assert_eq!(world.product.seen(), ["GET /again"]);
    let effective = world.revoked(a, "1").await;
    assert_eq!(effective.acknowledged, 2, "{effective:?}");
}

#[tokio::test]
async fn a_killed_process_is_waited_for_and_its_successor_knows_what_was_taken_away() {
    let Two {
        world,
        a,
        b,
        database,
    } = Two::new().await;
    let product = Speaking::of_acme(&world).await;
    world.granted(&a, "1").await;
    let started = world.started(&b, &world.sam, "1").await;
    let (mut client, _asked) = product.begun(&b.gateway, &b.session(&started)).await;
    b.kill().await;
    let effective = world.revoked(&a, "1").await;
    assert_eq!((effective.acknowledged, effective.lapsed), (1, 1));
    assert_eq!(rest(&mut client).await, 0);

    let b = Server::start(&database.address()).await;
    refused(&b.session(&started), "/late").await;
    // What it had begun is on the log, and how that ended is not known.
    let entries = world.log(&b).await;
    assert_eq!(requests(&entries), ["GET /export"]);
    assert!(entries.iter().all(|entry| entry["type"] != "outcome"));
    world.tick(&a, "1").await;
    let effective = world.revoked(&b, "1").await;
    assert_eq!(effective.acknowledged, 2, "{effective:?}");
}

/// Asks all the time, until the session is refused.
fn busy(session: &SessionClient, name: String) -> JoinHandle<usize> {
    let session = session.clone();
    tokio::spawn(async move {
        let mut through = 0;
        loop {
            let path = format!("/{name}/{through}");
            // What is on its way when access goes is cut; whoever asks again hears why.
            let Some(answer) = session.send(Method::GET, &path).await else {
                continue;
            };
            match answer.status {
                200 => through += 1,
                401 => return through,
                other => panic!("{other}: {}", answer.body),
            }
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_takes_away_beside_busy_processes_and_with_none() {
    let Two {
        world,
        a,
        b,
        database,
    } = Two::new().await;
    let address = database.address();
    world.granted(&a, "1").await;
    let sams = world.started(&a, &world.sam, "1").await;
    let kims = world.started(&b, &world.kim, "1").await;
    let mut clients = vec![];
    for (name, server) in [("a", &a), ("b", &b)] {
        for client in 0..3 {
            clients.push(busy(&server.session(&sams), format!("{name}{client}")));
        }
    }
    within("every client to be served", async {
        let all = |seen: Vec<String>| {
            let of = |line: &String| line.split('/').nth(1).map(ToOwned::to_owned);
            seen.iter().filter_map(of).collect::<BTreeSet<_>>().len() == 6
        };
        while !all(world.product.seen()) {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    let taken = tokio::task::spawn_blocking({
        let address = address.clone();
        move || {
            let deactivate = [
                "agent",
                "deactivate",
                "--email",
                "sam@vendor.test",
                "--json",
            ];
            let args: Vec<&str> = [&deactivate[..], &["--database", &address]].concat();
            countersign(&args).done()
        }
    });
    assert_eq!(taken.await.expect("it ends")["active"], false);
    refused(&a.session(&sams), "/late").await;
    refused(&b.session(&sams), "/late").await;
    for client in clients {
        let through = within("the client to be refused", client).await;
        assert!(through.expect("it ends") > 0);
    }
    let of_sam = world.product.seen().len();
    let _ = read(&b.session(&kims), "/kim").await.expect(StatusCode::OK);
    let seen = world.product.seen();
    assert_eq!(seen.len(), of_sam + 1);
    let logged: BTreeSet<String> = requests(&world.log(&a).await).into_iter().collect();
    let seen: BTreeSet<String> = seen.into_iter().collect();
    assert_eq!(logged.len(), of_sam + 1, "each is there once");
    assert_eq!(logged, seen);

    for server in [a, b] {
        server.terminate();
        assert_eq!(server.ended().await, Some(0));
    }
    // Nobody serves, so there is nobody to wait for.
    world.run(&["agent", "deactivate", "--email", "kim@vendor.test"]);
    let server = Server::start(&address).await;
    refused(&server.session(&kims), "/late").await;
    world.run(&["agent", "reactivate", "--email", "kim@vendor.test"]);
    refused(&server.session(&kims), "/late").await;
    server.kill().await;
}

/// Revokes again and again, and finds that most of it was heard of at once: processes that look for it now
/// and then, each at moments of its own, are hardly ever all that quick.
pub(crate) async fn heard(world: &World, servers: &[Server]) {
    let mut all = vec![];
    for round in 0..12 {
        let at = &servers[round % servers.len()];
        world.tick(at, "1").await;
        all.push(world.revoked(at, "1").await);
    }
    let by_all = |one: &&Effective| one.acknowledged == servers.len() as u64 && one.ms < 150;
    let quick = all.iter().filter(by_all).count();
    assert!(quick >= 6, "{all:?}");
}

/// Looking for events takes up to half a second each time; hearing of them does not. A connection that
/// was lost is made again.
#[tokio::test]
async fn processes_hear_of_a_revocation_and_hear_again_after_they_were_cut_off() {
    let database = Database::fresh(env!("CARGO_TARGET_TMPDIR")).await;
    let world = World::on(&database.address()).await;
    let mut starting = JoinSet::new();
    for _ in 0..4 {
        let address = database.address();
        starting.spawn(async move { Server::start(&address).await });
    }
    let servers = starting.join_all().await;
    world.granted(&servers[0], "1").await;
    world.revoked(&servers[0], "1").await;
    let look = connect(&database.address()).await;
    for _ in 0..2 {
        heard(&world, &servers).await;
        let listening = "datname = current_database() AND query LIKE 'LISTEN countersign%'";
        let cut = format!(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {listening}"
        );
        let count = look.query(&cut, &[]).await.expect("they are cut off").len();
        assert_eq!(count, 4, "each listens on one connection");
        let count = format!("SELECT count(*) FROM pg_stat_activity WHERE {listening}");
        let back = async {
            while look
                .query_one(&count, &[])
                .await
                .expect("a count")
                .get::<_, i64>(0)
                < 4
            {
                sleep(Duration::from_millis(20)).await;
            }
        };
        within("all to listen again", back).await;
    }
}
