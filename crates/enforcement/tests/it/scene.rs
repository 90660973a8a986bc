//! One org with a live grant, an agent with a session, a gateway, and the product behind it.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration as StdDuration, Instant},
};

use async_trait::async_trait;
use countersign_app::{AccessClaims, App, Failure, IdentityClaims, Ports, Settings, Signer};
use countersign_domain::{
    Actor, AdminId, AgentId, Attested, CalledFrom, CaseId, CaseNumber, Duration, Email, Event,
    HeaderName, Justification, OpenedBy, Opener, OperatorVia, OrgId, Origin, PersonName, ProcessId,
    Role, SessionId, Slug, StreamId, Timestamp, Title, Upstream,
};
use countersign_enforcement::{Entry, EntryRefusal, Gateway, GatewayConfig};
use countersign_node::{BootClock, Clocks, Node, NodeConfig};
use countersign_store::{Append, Clock, Store, Version, conformance::Faulty};
use countersign_store_sqlite::SqliteStore;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{product::Product, wire::Client};

/// Half past a second, so that a JWT in whole seconds has room on either side.
pub(crate) const START: i64 = 1_800_000_000_500;
/// How many entries may wait to be recorded.
pub(crate) const BACKLOG: usize = 64;
const PUBLIC: &str = "http://localhost:8080";
const GATEWAY: &str = "http://gw.localhost:8081";

/// Whoever configures the deployment.
pub(crate) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

pub(crate) struct ManualClock(AtomicI64);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

struct Boot(Instant);

impl BootClock for Boot {
    fn now(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

struct TestPorts;

impl Ports for TestPorts {
    fn uuid(&self) -> [u8; 16] {
        Uuid::now_v7().into_bytes()
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for half in bytes.chunks_mut(16) {
            // The first bytes of a UUIDv7 are the time; the last ones are random.
            let mut fresh = Uuid::now_v7().into_bytes();
            fresh.rotate_left(8);
            half.copy_from_slice(&fresh);
        }
        bytes
    }
}

/// Says the claims in the clear.
struct ClearSigner;

impl Signer for ClearSigner {
    fn sign(&self, claims: &IdentityClaims<'_>) -> Option<String> {
        serde_json::to_string(claims).ok()
    }

    fn sign_access(&self, claims: &AccessClaims<'_>) -> Option<String> {
        serde_json::to_string(claims).ok()
    }

    fn public_key(&self) -> (String, String) {
        ("test".into(), "{}".into())
    }
}

struct AppEntry(App);

#[async_trait]
impl Entry for AppEntry {
    async fn enter(
        &self,
        session: SessionId,
        handover: &str,
        browser: &str,
        from: CalledFrom,
    ) -> Result<String, EntryRefusal> {
        let app = self.0.called_from(Some(from));
        match app.enter_session(session, handover, browser).await {
            Ok(cookie) => Ok(cookie.expose().to_owned()),
            Err(Failure::Refused(refusal)) => Err(EntryRefusal::Refused {
                refusal,
                over: false,
            }),
            Err(_) => Err(EntryRefusal::Unavailable),
        }
    }

    async fn end(
        &self,
        session: SessionId,
        agent: AgentId,
        from: CalledFrom,
    ) -> Result<(), EntryRefusal> {
        let app = self.0.called_from(Some(from));
        let ended = app.end_session(Actor::Agent { id: agent }, session);
        ended
            .await
            .map_err(|_| EntryRefusal::Unavailable)
            .map(|_| ())
    }
}

pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) url: String,
    pub(crate) token: String,
    /// `<label>.gw.localhost:8081`.
    pub(crate) host: String,
    pub(crate) expires_at: Timestamp,
}

pub(crate) struct Scene {
    pub(crate) app: App,
    pub(crate) node: Arc<Node>,
    pub(crate) store: Arc<Faulty<SqliteStore>>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) product: Product,
    pub(crate) address: std::net::SocketAddr,
    pub(crate) org: OrgId,
    pub(crate) sam: Actor,
    pub(crate) dana: Actor,
    pub(crate) number: CaseNumber,
    serving: JoinHandle<io::Result<()>>,
    stop: CancellationToken,
    directory: PathBuf,
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.serving.abort();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(adjust: impl FnOnce(&mut GatewayConfig)) -> Self {
        let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(Uuid::now_v7().to_string());
        let clock = Arc::new(ManualClock(AtomicI64::new(START)));
        let sqlite = SqliteStore::open(directory.join("test.sqlite"), clock.clone())
            .await
            .unwrap();
        let store = Arc::new(Faulty::new(sqlite));
        let product = Product::start().await;
        let ids = seed(store.as_ref(), &product).await;
        let clocks = Clocks {
            store: clock.clone(),
            boot: Arc::new(Boot(Instant::now())),
        };
        let config = NodeConfig {
            lease: Duration::from_secs(30),
            backlog: BACKLOG,
            ..NodeConfig::new(ProcessId::from_uuid(Uuid::now_v7()))
        };
        let node = Node::serving(store.clone(), clocks, config).await.unwrap();
        let app = App::new(
            store.clone(),
            node.clone(),
            Arc::new(TestPorts),
            Settings::new(PUBLIC, GATEWAY),
        );
        let mut config = GatewayConfig::new(PUBLIC, GATEWAY);
        adjust(&mut config);
        let gateway = Arc::new(Gateway::new(
            config,
            node.clone(),
            Arc::new(ClearSigner),
            Arc::new(TestPorts),
            Arc::new(AppEntry(app.clone())),
        ));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let serving = tokio::spawn(gateway.serve(listener, stop.clone().cancelled_owned()));
        let scene = Self {
            app,
            node,
            store,
            clock,
            product,
            address,
            org: ids.org,
            sam: Actor::Agent { id: ids.sam },
            dana: Actor::Admin {
                id: ids.dana,
                via: None,
            },
            number: ids.number,
            serving,
            stop,
            directory,
        };
        scene.app.grant(scene.dana, &scene.number).await.unwrap();
        scene
    }

    /// The customer agrees to what goes through now.
    pub(crate) async fn ticks_again(&self) {
        self.app.grant(self.dana, &self.number).await.unwrap();
    }

    pub(crate) async fn session(&self) -> Session {
        let started = self
            .app
            .start_session(self.sam, &self.number)
            .await
            .unwrap();
        let host = started.url.strip_prefix("http://").unwrap();
        Session {
            id: started.id,
            host: host.split('/').next().unwrap().to_owned(),
            url: started.url.clone(),
            token: started.token.expose().to_owned(),
            expires_at: started.expires_at,
        }
    }

    pub(crate) async fn client(&self) -> Client {
        Client::connect(self.address).await
    }

    pub(crate) async fn revoke(&self) {
        self.app.revoke(self.dana, &self.number).await.unwrap();
    }

    /// The process is asked to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Whether the gateway has stopped serving.
    pub(crate) fn is_over(&self) -> bool {
        self.serving.is_finished()
    }

    pub(crate) fn set_time(&self, at: i64) {
        self.clock.0.store(at, Ordering::SeqCst);
    }

    /// The org's log, decoded.
    pub(crate) async fn log(&self) -> Vec<Value> {
        log_of(self.store.as_ref(), self.org).await
    }

    /// Entries of a type.
    pub(crate) async fn entries(&self, name: &str) -> Vec<Value> {
        let mut log = self.log().await;
        log.retain(|entry| entry["type"] == name);
        log
    }

    /// Waits for the outcome that says how the last request went.
    pub(crate) async fn outcome(&self) -> Value {
        let mut found = Value::Null;
        eventually("an outcome", async || {
            let requests = self.entries("request").await.len();
            let outcomes = self.entries("outcome").await;
            found = outcomes.last().cloned().unwrap_or_default()["detail"].clone();
            outcomes.len() == requests && !found.is_null()
        })
        .await;
        found
    }
}

pub(crate) async fn log_of(store: &dyn Store, org: OrgId) -> Vec<Value> {
    let entries = store.entries(org, 0, 10_000).await.unwrap();
    entries
        .iter()
        .map(|entry| serde_json::from_slice(&entry.encoded).unwrap())
        .collect()
}

/// Polls until it holds; a test that waits 10 s has failed.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..2_000 {
        if holds().await {
            return;
        }
        sleep(StdDuration::from_millis(5)).await;
    }
    panic!("waited in vain for {what}");
}

struct Ids {
    org: OrgId,
    dana: AdminId,
    sam: AgentId,
    number: CaseNumber,
}

async fn seed(store: &dyn Store, product: &Product) -> Ids {
    let org = OrgId::from_uuid(Uuid::now_v7());
    let dana = AdminId::from_uuid(Uuid::now_v7());
    let sam = AgentId::from_uuid(Uuid::now_v7());
    let case = CaseId::from_uuid(Uuid::now_v7());
    let number = CaseNumber::parse("00012345").unwrap();
    let events = [
        Event::OrgCreated {
            org,
            slug: Slug::parse("acme").unwrap(),
            name: PersonName::parse("Acme Inc").unwrap(),
        },
        Event::UpstreamSet {
            org,
            upstream: Upstream {
                user_header: Some(HeaderName::parse("X-Remote-User").unwrap()),
                org_header: Some(HeaderName::parse("X-Org").unwrap()),
                ..Upstream::new(Origin::parse(&product.origin()).unwrap())
            },
            widened: false,
        },
        Event::AdminCreated {
            admin: dana,
            org,
            email: Email::parse("dana@acme.test").unwrap(),
            name: PersonName::parse("Dana").unwrap(),
            role: Role::SuperAdmin,
        },
        Event::AgentCreated {
            agent: sam,
            email: Email::parse("sam@vendor.test").unwrap(),
            name: PersonName::parse("Sam").unwrap(),
        },
        Event::CaseOpened {
            case,
            org,
            number: number.clone(),
            title: Title::parse("Invoices are wrong").unwrap(),
            opened_by: Opener {
                who: OpenedBy::Admin(dana),
                attested: Attested::Tracker,
            },
            team: [sam].into(),
        },
        Event::AccessRequested {
            case,
            org,
            by: sam,
            justification: Justification::parse("To see the wrong invoices").unwrap(),
            subject: None,
        },
    ];
    let read: Vec<_> = [
        StreamId::Org(org),
        StreamId::Admin(dana),
        StreamId::Agent(sam),
        StreamId::Case(case),
    ]
    .into_iter()
    .map(|stream| (stream, Version::NONE))
    .collect();
    store
        .append(Append {
            actor: OPERATOR,
            at: Timestamp::from_millis(START),
            read: &read,
            events: &events,
            credentials: &[],
            kept: None,
            passkey: None,
            client: None,
        })
        .await
        .unwrap();
    Ids {
        org,
        dana,
        sam,
        number,
    }
}
