//! Two orgs, their people and some agents, on a store in a directory of its own.

use std::{
    fmt::Debug,
    fs,
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use axum::Router;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_api::{Api, Products, Quota, RateLimits, router};
use countersign_app::{
    AccessClaims, App, BootClock, Checked, Clocks, Distrust, IdentityClaims, Node, NodeConfig,
    OwnerRef, Ports, ProductCheck, Seen, Settings, Signer,
};
use countersign_domain::{
    Actor, Duration, Email, OperatorVia, Origin, PersonName, ProcessId, Role, Slug, Timestamp,
    Upstream,
};
use countersign_identity::Identity;
use countersign_store::conformance::Faulty;
use countersign_store::{Clock, Store};
use countersign_store_sqlite::SqliteStore;
use tokio::sync::watch;
use uuid::Uuid;

/// A super admin of Acme.
pub(crate) const DANA: &str = "dana@acme.test";
/// An admin of Acme who opened the cases.
pub(crate) const BEN: &str = "ben@acme.test";
/// Another admin of Acme.
pub(crate) const ANN: &str = "ann@acme.test";
/// A super admin of Globex.
pub(crate) const GRACE: &str = "grace@globex.test";
/// An agent on the team.
pub(crate) const SAM: &str = "sam@vendor.test";
/// An agent on no team.
pub(crate) const TOM: &str = "tom@vendor.test";
/// An agent on the team who has been deactivated.
pub(crate) const KIM: &str = "kim@vendor.test";

/// 2030-01-01T00:00:00Z.
pub(crate) const START: i64 = 1_893_456_000_000;

/// Whoever configures the deployment.
pub(crate) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A clock that goes on when a test says so.
#[derive(Default)]
pub(crate) struct HandBootClock(AtomicU64);

impl HandBootClock {
    pub(crate) fn pass(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl BootClock for HandBootClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// No lease runs out: the process under test never goes silent.
struct StoppedBootClock;

impl BootClock for StoppedBootClock {
    fn now(&self) -> u64 {
        1
    }
}

#[derive(Default)]
struct CountedPorts(AtomicU64);

impl CountedPorts {
    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Ports for CountedPorts {
    fn uuid(&self) -> [u8; 16] {
        let mut bytes = [7; 16];
        bytes[8..].copy_from_slice(&self.next().to_be_bytes());
        bytes
    }

    /// Five bits in each byte: labels are made of no more than that.
    fn random(&self) -> [u8; 32] {
        let mut bytes = [9; 32];
        let mut rest = self.next();
        for byte in bytes.iter_mut().take(13) {
            *byte = u8::try_from(rest % 32).unwrap();
            rest /= 32;
        }
        bytes
    }
}

/// Bearer tokens of everyone there is.
pub(crate) struct Tokens {
    pub(crate) dana: String,
    pub(crate) ben: String,
    pub(crate) ann: String,
    pub(crate) grace: String,
    pub(crate) sam: String,
    pub(crate) tom: String,
    pub(crate) kim: String,
    pub(crate) operator: String,
    /// Dana's, and no longer good.
    pub(crate) expired: String,
}

/// Everything there is.
pub(crate) struct World {
    pub(crate) app: App,
    /// The store, which fails when told to.
    pub(crate) store: Arc<Faulty<SqliteStore>>,
    pub(crate) router: Router,
    pub(crate) tokens: Tokens,
    clock: Arc<HandClock>,
    /// What rate limits are counted by.
    pub(crate) boot: Arc<HandBootClock>,
    /// Whether the process is about to stop.
    pub(crate) stopping: watch::Sender<bool>,
    numbers: AtomicU64,
    directory: PathBuf,
}

/// Says the claims in the clear, in the form of a token.
struct ClearSigner;

impl Signer for ClearSigner {
    fn sign(&self, claims: &IdentityClaims<'_>) -> Option<String> {
        serde_json::to_string(claims).ok()
    }

    fn sign_access(&self, claims: &AccessClaims<'_>) -> Option<String> {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let claims = serde_json::to_string(claims).ok()?;
        Some(format!(
            "{}.{}.{}",
            part(r#"{"alg":"EdDSA","typ":"at+jwt"}"#),
            part(&claims),
            part("signed")
        ))
    }

    fn public_key(&self) -> (String, String) {
        ("test".to_owned(), "{}".to_owned())
    }
}

/// Limits that no test reaches that is not about them.
fn generous() -> RateLimits {
    let quota = Quota::per_minute(NonZeroU32::new(1_000_000).unwrap());
    RateLimits {
        calls: quota,
        unauthenticated: quota,
    }
}

/// Products of which nothing is seen, and the address is told by how long it took.
struct Unasked;

#[async_trait::async_trait]
impl ProductCheck for Unasked {
    async fn check(&self, origin: &Origin) -> Checked {
        Checked {
            took_ms: origin.as_str().len() as u64,
            seen: Seen::Untrusted(Distrust::UnknownIssuer),
        }
    }
}

fn serve(
    app: &App,
    limits: RateLimits,
    boot: &Arc<HandBootClock>,
    stopping: watch::Receiver<bool>,
) -> Router {
    router(Api {
        app: app.clone(),
        identity: Identity::new(app.clone()),
        products: Products::new(Unasked),
        limits,
        clock: Arc::clone(boot) as Arc<dyn BootClock>,
        stopping,
    })
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

pub(crate) fn good<T, E: Debug>(parsed: Result<T, E>) -> T {
    parsed.expect("it works")
}

pub(crate) fn email(text: &str) -> Email {
    good(Email::parse(text))
}

pub(crate) fn slug(text: &str) -> Slug {
    good(Slug::parse(text))
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(adjust: impl FnOnce(&mut Settings)) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!(
            "api-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let clock = Arc::new(HandClock(AtomicI64::new(START)));
        let clocks = Clocks {
            store: Arc::clone(&clock) as Arc<dyn Clock>,
            boot: Arc::new(StoppedBootClock),
        };
        let path = directory.join("countersign.db");
        let store = good(SqliteStore::open(path, Arc::clone(&clocks.store)).await);
        let faulty = Arc::new(Faulty::new(store));
        let store: Arc<dyn Store> = Arc::clone(&faulty) as Arc<dyn Store>;
        let process = NodeConfig::new(ProcessId::from_uuid(Uuid::from_u128(1)));
        let node = good(Node::serving(Arc::clone(&store), clocks, process).await);
        let mut settings = Settings::new("http://localhost:8080", "http://gw.localhost:8081");
        adjust(&mut settings);
        let app = App::new(store, node, Arc::new(CountedPorts::default()), settings)
            .signing(Arc::new(ClearSigner));
        people(&app).await;
        let tokens = tokens(&app).await;
        let kim = email(KIM);
        good(app.set_agent_active(OPERATOR, &kim, false).await);
        clock.0.fetch_add(60_000, Ordering::SeqCst);
        let boot = Arc::new(HandBootClock::default());
        let stopping = watch::Sender::new(false);
        Self {
            router: serve(&app, generous(), &boot, stopping.subscribe()),
            app,
            store: faulty,
            boot,
            stopping,
            tokens,
            clock,
            numbers: AtomicU64::new(1),
            directory,
        }
    }

    /// Where the database is.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// A case number that no test of this world has used.
    pub(crate) fn fresh_number(&self) -> String {
        format!("T-{:05}", self.numbers.fetch_add(1, Ordering::SeqCst))
    }

    /// The same world with limits of its own.
    pub(crate) fn limited(mut self, limits: RateLimits) -> Self {
        self.router = serve(&self.app, limits, &self.boot, self.stopping.subscribe());
        self
    }

    /// Time passes.
    pub(crate) fn pass(&self, span: Duration) {
        self.clock.0.fetch_add(span.as_millis(), Ordering::SeqCst);
    }

    /// The present plus `span`, as it reads on the wire.
    pub(crate) fn later(&self, span: Duration) -> String {
        let at = self.clock.now().plus(span).as_millis();
        let seconds = at.div_euclid(1_000) - START / 1_000;
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        format!(
            "2030-01-{:02}T{hour:02}:{minute:02}:{:02}.{:03}Z",
            day + 1,
            second % 60,
            at.rem_euclid(1_000)
        )
    }
}

async fn people(app: &App) {
    for (org, name) in [("acme", "Acme Inc"), ("globex", "Globex")] {
        let name = good(PersonName::parse(name));
        good(app.create_org(OPERATOR, slug(org), name).await);
        let upstream = Upstream::new(good(Origin::parse("http://127.0.0.1:9000")));
        good(app.set_upstream(OPERATOR, &slug(org), upstream).await);
    }
    for (address, name, role) in [
        (DANA, "Dana Reed", Role::SuperAdmin),
        (BEN, "Ben Ode", Role::Admin),
        (ANN, "Ann Poe", Role::Admin),
        (GRACE, "Grace Low", Role::SuperAdmin),
    ] {
        let org = if address == GRACE { "globex" } else { "acme" };
        let name = good(PersonName::parse(name));
        let org = slug(org);
        let made = app.create_admin(OPERATOR, &org, email(address), name, role);
        good(made.await);
    }
    for (address, name) in [(SAM, "Sam Hill"), (TOM, "Tom Dale"), (KIM, "Kim Ford")] {
        let name = good(PersonName::parse(name));
        good(app.create_agent(OPERATOR, email(address), name).await);
    }
}

async fn tokens(app: &App) -> Tokens {
    let mint = async |owner: OwnerRef, good_for| {
        let minted = good(app.mint_token(OPERATOR, &owner, good_for).await);
        minted.secret.expose().to_owned()
    };
    let admin = |address: &str| OwnerRef::Admin {
        org: slug(if address == GRACE { "globex" } else { "acme" }),
        email: email(address),
    };
    let agent = |address: &str| OwnerRef::Agent {
        email: email(address),
    };
    Tokens {
        dana: mint(admin(DANA), None).await,
        ben: mint(admin(BEN), None).await,
        ann: mint(admin(ANN), None).await,
        grace: mint(admin(GRACE), None).await,
        sam: mint(agent(SAM), None).await,
        tom: mint(agent(TOM), None).await,
        kim: mint(agent(KIM), None).await,
        operator: mint(OwnerRef::Operator, None).await,
        expired: mint(admin(DANA), Some(Duration::from_secs(60))).await,
    }
}
