//! Everything that runs during a measurement.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use countersign_domain::{OrgId, Timestamp};
use countersign_store::{Clock, Store};
use countersign_store_sqlite::SqliteStore;
use tokio::time::sleep;

use crate::{
    Outcome,
    contenders::Contender,
    nginx::{self, Proxies},
    process::Process,
    setup::{self, Session},
};

#[derive(Debug)]
pub(crate) struct Room {
    path: PathBuf,
    product: Process,
    judge: Process,
    proxies: Process,
    recorded: Process,
    unrecorded: Process,
    at: Addresses,
    store: SqliteStore,
    org: OrgId,
    sessions: Vec<Session>,
}

#[derive(Clone, Copy, Debug)]
struct Addresses {
    product: SocketAddr,
    judge: SocketAddr,
    proxies: Proxies,
    console: SocketAddr,
    recorded: SocketAddr,
    unrecorded: SocketAddr,
}

struct WallClock;

impl Clock for WallClock {
    #[allow(clippy::disallowed_methods)] // The store that counts the log's entries judges nothing.
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

impl Room {
    pub(crate) async fn set_up(path: &Path, bin: &Path, workers: usize) -> Outcome<Self> {
        if path.exists() {
            fs::remove_dir_all(path)?;
        }
        fs::create_dir_all(path)?;
        let path = path.canonicalize()?;
        let at = Addresses::free()?;
        let product = nginx::product(&path, at.product).await?;
        let judge = nginx::judge(&path, at.judge).await?;
        let proxies = nginx::proxies(&path, workers, at.product, at.judge, at.proxies).await?;

        let database = path.join("countersign.db");
        let url = format!("sqlite:{}", database.display());
        let countersign = bin.join("countersign");
        let people = setup::people(&countersign, &url, at.product).await?;
        let threads = ("TOKIO_WORKER_THREADS", workers.to_string());
        let recorded = Process::start(&countersign, &path.join("serve.log"), |command| {
            command
                .arg("serve")
                .args(["--database", &url])
                .args(["--sessions-per-agent", &setup::SESSIONS.to_string()])
                .args(["--listen", &at.console.to_string()])
                .args(["--gateway-listen", &at.recorded.to_string()])
                .env(threads.0, &threads.1);
        })?;
        recorded.answers(at.console).await?;
        recorded.answers(at.recorded).await?;
        let sessions = setup::sessions(at.console, &people).await?;

        let store = SqliteStore::open(&database, Arc::new(WallClock)).await?;
        let org = setup::org(&store).await?;
        let unrecorded = bin.join("unrecorded-gateway");
        let unrecorded = Process::start(&unrecorded, &path.join("unrecorded.log"), |command| {
            command
                .arg("--database")
                .arg(&database)
                .args(["--listen", &at.unrecorded.to_string()])
                .args(["--public-url", &format!("http://{}", at.console)])
                .args([
                    "--gateway-url",
                    &format!("http://gw.localhost:{}", at.recorded.port()),
                ])
                .args(["--org", &org.to_string()])
                .env(threads.0, &threads.1);
        })?;
        unrecorded.answers(at.unrecorded).await?;
        Ok(Self {
            path,
            product,
            judge,
            proxies,
            recorded,
            unrecorded,
            at,
            store,
            org,
            sessions,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    pub(crate) fn contenders(&self) -> impl Iterator<Item = Contender<'_>> {
        let proxies = self.at.proxies;
        [
            ("direct", "product, direct", self.at.product, &self.product),
            ("plain", "nginx `proxy_pass`", proxies.plain, &self.proxies),
            (
                "plain-log",
                "nginx `proxy_pass`, access log",
                proxies.plain_logged,
                &self.proxies,
            ),
            (
                "auth",
                "nginx `auth_request` + `proxy_pass`",
                proxies.auth,
                &self.proxies,
            ),
            (
                "auth-log",
                "nginx `auth_request` + `proxy_pass`, access log",
                proxies.auth_logged,
                &self.proxies,
            ),
            (
                "unrecorded",
                "countersign, recording nothing",
                self.at.unrecorded,
                &self.unrecorded,
            ),
            (
                "countersign",
                "**countersign, as shipped**",
                self.at.recorded,
                &self.recorded,
            ),
        ]
        .into_iter()
        .map(|(key, name, address, process)| Contender {
            key,
            name,
            address,
            process,
            records: key == "countersign",
        })
    }

    /// How many entries the org's log has.
    pub(crate) async fn log_length(&self) -> Outcome<u64> {
        let has = async |index| {
            let page = self.store.entries(self.org, index, 1).await;
            page.map(|page| !page.is_empty())
        };
        let mut beyond = 1;
        while has(beyond).await? {
            beyond *= 2;
        }
        let (mut low, mut high) = (beyond / 2, beyond);
        while low < high {
            let middle = low.midpoint(high);
            if has(middle).await? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// The same, once it has come to `expected` or has had the time to.
    pub(crate) async fn log_length_after(&self, expected: u64) -> Outcome<u64> {
        for _ in 0..100 {
            if self.log_length().await? >= expected {
                break;
            }
            sleep(Duration::from_millis(100)).await;
        }
        self.log_length().await
    }

    pub(crate) async fn tear_down(self) -> Outcome<()> {
        self.store.close().await;
        for process in [
            self.recorded,
            self.unrecorded,
            self.proxies,
            self.judge,
            self.product,
        ] {
            process.stop().await?;
        }
        fs::remove_dir_all(self.path)?;
        Ok(())
    }
}

impl Addresses {
    fn free() -> Outcome<Self> {
        // Held together until all are known, so that none is handed out twice.
        let held = (0..9)
            .map(|_| TcpListener::bind("127.0.0.1:0"))
            .collect::<Result<Vec<_>, _>>()?;
        let free = held
            .iter()
            .map(TcpListener::local_addr)
            .collect::<Result<Vec<_>, _>>()?;
        let &[
            product,
            judge,
            plain,
            plain_logged,
            auth,
            auth_logged,
            console,
            recorded,
            unrecorded,
        ] = free.as_slice()
        else {
            return Err("nine addresses were asked for".into());
        };
        Ok(Self {
            product,
            judge,
            proxies: Proxies {
                plain,
                plain_logged,
                auth,
                auth_logged,
            },
            console,
            recorded,
            unrecorded,
        })
    }
}
