//! A proxy before the database.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use countersign_cluster as cluster;
use countersign_store::conformance::ManualClock;
use countersign_store_postgres::{OpenError, PostgresStore, Time};
use tokio::time::{sleep, timeout};

use crate::scratch::Scratch;

/// Debian has it where the path of most users does not lead.
fn program() -> &'static str {
    let installed = "/usr/sbin/pgbouncer";
    if Path::new(installed).exists() {
        installed
    } else {
        "pgbouncer"
    }
}

/// PgBouncer before a test's database.
struct Bouncer {
    directory: PathBuf,
    process: Child,
    port: u16,
}

impl Bouncer {
    async fn new(scratch: &Scratch, mode: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let directory = cluster::base().join(format!("countersign-bouncer-{port}"));
        fs::create_dir_all(&directory).expect("a directory");
        cluster::owned(&directory);
        let file = directory.join("bouncer.ini");
        let text = format!(
            "[databases]\n{} = user=countersign host={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             auth_type = any\npool_mode = {mode}\nunix_socket_dir =\n",
            scratch.name(),
            scratch.socket_directory().display()
        );
        fs::write(&file, text).expect("its configuration");
        let process = cluster::as_user(program())
            .arg("--quiet")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("script/test installs PgBouncer");
        let answers = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .is_err()
            {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(20), answers)
            .await
            .expect("it listens");
        Self {
            directory,
            process,
            port,
        }
    }

    async fn open(&self, scratch: &Scratch) -> Result<PostgresStore, OpenError> {
        let address = format!(
            "postgres://countersign@127.0.0.1:{}/{}",
            self.port,
            scratch.name()
        );
        let clock = Arc::new(ManualClock::default());
        let address = address.parse().expect("an address");
        PostgresStore::open(&address, None, Time::Given(clock)).await
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        // Through the program that runs it as another user, if there is one.
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-s", "TERM", &pid]).status();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// One that lends a connection for a transaction is noticed; one that keeps to its connections is none
/// the worse.
#[tokio::test]
async fn one_that_lends_connections_is_refused() {
    let scratch = Scratch::new().await;
    let bouncer = Bouncer::new(&scratch, "transaction").await;
    let refused = bouncer.open(&scratch).await.expect_err("it is refused");
    assert!(matches!(refused, OpenError::Proxy(_)), "{refused}");
    let bouncer = Bouncer::new(&scratch, "session").await;
    bouncer.open(&scratch).await.expect("it is none the worse");
}
