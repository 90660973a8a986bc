//! Two orgs, their people and some agents, on a store in a directory of its own.

use std::{
    collections::BTreeSet,
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use axum::{Extension, Router};
use countersign_app::{App, OpenCase, OpenerRef, OwnerRef, Ports, Settings};
use countersign_app::{BootClock, Clocks, Node, NodeConfig};
use countersign_console::{Console, router};
use countersign_domain::{
    Actor, AdminId, AgentId, CaseNumber, Duration, Email, ImpersonationStatus, Justification,
    OperatorVia, OrgSettings, Origin, PersonName, ProcessId, Role, Slug, Timestamp, Title,
    Upstream,
};
use countersign_identity::Identity;
use countersign_store::{Clock, Draft, LeaseEpoch, Store, Verdict, conformance::Faulty};
use countersign_store_sqlite::SqliteStore;
use uuid::Uuid;

use crate::browser::Browser;

/// Where the console is.
pub(crate) const PUBLIC: &str = "http://localhost:8080";
/// Where sessions are.
pub(crate) const GATEWAY: &str = "http://gw.localhost:8081";
/// The case most tests are about: opened by Ben, with Sam and Kim on it.
pub(crate) const CASE: &str = "00012345";
/// Why Sam asks.
pub(crate) const WHY: &str = "I would like to see the rule list as you see it.";

/// Whoever configures the deployment.
pub(crate) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

/// 2030-01-01T00:00:00Z.
const START: i64 = 1_893_456_000_000;

struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// No lease runs out in a test: the process under test never goes silent.
struct StoppedBootClock;

impl BootClock for StoppedBootClock {
    fn now(&self) -> u64 {
        1
    }
}

#[derive(Default)]
struct CountedPorts(AtomicU64);

impl CountedPorts {
    fn next(&self) -> [u8; 8] {
        (self.0.fetch_add(1, Ordering::SeqCst) + 1).to_le_bytes()
    }
}

impl Ports for CountedPorts {
    fn uuid(&self) -> [u8; 16] {
        let mut bytes = [7; 16];
        bytes[..8].copy_from_slice(&self.next());
        bytes
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [9; 32];
        // A letter of a label is made of five bits.
        let mut rest = u64::from_le_bytes(self.next());
        for byte in &mut bytes[..13] {
            *byte = (rest % 32) as u8;
            rest /= 32;
        }
        bytes
    }
}

/// The people.
#[derive(Clone, Copy)]
pub(crate) struct Cast {
    /// A super admin of Acme.
    pub(crate) dana: AdminId,
    /// An agent on [`CASE`].
    pub(crate) sam: AgentId,
}

/// Everything there is.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) cast: Cast,
    /// What the use cases are on; tests act behind their back.
    pub(crate) store: Arc<Faulty<SqliteStore>>,
    clock: Arc<HandClock>,
    router: Router,
    directory: PathBuf,
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn good<T, E: Debug>(parsed: Result<T, E>) -> T {
    parsed.expect("the text is valid")
}

/// A case number.
pub(crate) fn number(text: &str) -> CaseNumber {
    good(CaseNumber::parse(text))
}

pub(crate) fn email(text: &str) -> Email {
    good(Email::parse(text))
}

/// An org's short name.
pub(crate) fn slug(text: &str) -> Slug {
    good(Slug::parse(text))
}

impl World {
    /// With [`CASE`] open and nothing asked.
    pub(crate) async fn new() -> Self {
        Self::reached_at(PUBLIC, GATEWAY).await
    }

    /// The same with addresses of its own.
    pub(crate) async fn reached_at(public: &str, gateway: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!(
            "console-{}-{}",
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
        let store = Arc::new(Faulty::new(store));
        let shared: Arc<dyn Store> = store.clone();
        let process = NodeConfig::new(ProcessId::from_uuid(Uuid::from_u128(1)));
        let node = good(Node::serving(Arc::clone(&shared), clocks, process).await);
        let settings = Settings::new(public, gateway);
        let app = App::new(shared, node, Arc::new(CountedPorts::default()), settings);
        let cast = people(&app).await;
        let world = Self {
            router: router(Console {
                app: app.clone(),
                identity: Identity::new(app.clone()),
            }),
            app,
            cast,
            store,
            clock,
            directory,
        };
        let team = ["sam@vendor.test", "kim@vendor.test"];
        world.open_case(CASE, "ben@acme.test", &team).await;
        world
    }

    /// Opens a case by the case tracker's word. An opener at `vendor.test` is an agent.
    pub(crate) async fn open_case(&self, case: &str, opener: &str, team: &[&str]) {
        self.open_titled(case, "Rules stop after the third page", opener, team)
            .await;
    }

    /// The same with a title.
    pub(crate) async fn open_titled(&self, case: &str, title: &str, opener: &str, team: &[&str]) {
        let (_, domain) = opener.split_once('@').expect("an address");
        let org = if domain == "globex.test" {
            "globex"
        } else {
            "acme"
        };
        let opened_by = if domain == "vendor.test" {
            OpenerRef::Agent(email(opener))
        } else {
            OpenerRef::Admin(email(opener))
        };
        let new = OpenCase {
            org: slug(org),
            number: Some(number(case)),
            title: good(Title::parse(title)),
            opened_by: Some(opened_by),
            team: team.iter().map(|agent| email(agent)).collect(),
        };
        good(self.app.open_case(OPERATOR, new).await);
    }

    /// Sam asks for access to a case.
    pub(crate) async fn ask(&self, case: &str) {
        self.ask_because(case, WHY).await;
    }

    /// Sam asks for access to a case, in these words.
    pub(crate) async fn ask_because(&self, case: &str, why: &str) {
        let why = good(Justification::parse(why));
        good(
            self.app
                .request_access(self.sam(), &number(case), why, None)
                .await,
        );
    }

    /// Dana ticks.
    pub(crate) async fn grant(&self, case: &str) {
        good(self.app.grant(self.dana(), &number(case)).await);
    }

    /// Records as the gateway does; the index.
    pub(crate) async fn store_record(&self, lease: LeaseEpoch, draft: Draft) -> u64 {
        let verdicts = good(self.app.store().record(lease, &[draft]).await);
        match verdicts[..] {
            [Verdict::Recorded { index, .. }] => index,
            ref fenced => panic!("{fenced:?}"),
        }
    }

    /// Puts an agent on a case.
    pub(crate) async fn join(&self, case: &str, agent: &str) {
        let (case, agent) = (number(case), email(agent));
        good(self.app.join_team(OPERATOR, &case, &agent).await);
    }

    /// One more agent.
    pub(crate) async fn agent(&self, address: &str, name: &str) {
        agent(&self.app, address, name).await;
    }

    /// Takes an agent off a case.
    pub(crate) async fn leave(&self, case: &str, agent: &str) {
        let (case, agent) = (number(case), email(agent));
        good(self.app.leave_team(OPERATOR, &case, &agent).await);
    }

    /// What Acme has set.
    pub(crate) async fn set(&self, settings: OrgSettings) {
        let acme = slug("acme");
        good(self.app.change_settings(self.dana(), &acme, settings).await);
    }

    pub(crate) fn dana(&self) -> Actor {
        Actor::Admin {
            id: self.cast.dana,
            via: None,
        }
    }

    pub(crate) fn sam(&self) -> Actor {
        Actor::Agent { id: self.cast.sam }
    }

    /// Time passes.
    pub(crate) fn pass(&self, span: Duration) {
        self.clock.0.fetch_add(span.as_millis(), Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where access stands, and until when.
    pub(crate) async fn status(&self, case: &str) -> (ImpersonationStatus, Option<Timestamp>) {
        let read = good(self.app.case(OPERATOR, &number(case)).await);
        read.case().expect("the case").impersonation(read.now)
    }

    /// The sessions of a case that nothing has ended.
    pub(crate) async fn sessions(&self, case: &str) -> BTreeSet<String> {
        let read = good(self.app.case(OPERATOR, &number(case)).await);
        let case = read.case().expect("the case");
        let ids = case.sessions.keys();
        ids.filter(|id| case.running(**id, read.now).is_some())
            .map(ToString::to_string)
            .collect()
    }

    /// The path of a fresh sign-in link.
    pub(crate) async fn link(&self, person: &str) -> String {
        let (_, domain) = person.split_once('@').expect("an address");
        let owner = match domain {
            "vendor.test" => OwnerRef::Agent {
                email: email(person),
            },
            domain => OwnerRef::Admin {
                org: slug(domain.trim_end_matches(".test")),
                email: email(person),
            },
        };
        let (_, url) = good(self.app.mint_login_link(OPERATOR, &owner, None).await);
        let path = url.find("/sign-in/").expect("a link to us");
        url[path..].to_owned()
    }

    /// Who is calling.
    pub(crate) fn identity(&self) -> Identity {
        Identity::new(self.app.clone())
    }

    /// A browser nobody has signed in with.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser that comes by the address that an org's host name is, as whoever answers to host names marks what
    /// comes by it.
    pub(crate) async fn browser_at(&self, host: &str) -> Browser {
        let address = good(self.app.address_at(host).await).expect("an org has it");
        let url = address.url.to_string();
        Browser::at(self.router.clone().layer(Extension(address)), &url)
    }

    /// A browser in which this person is signed in.
    pub(crate) async fn signed_in(&self, person: &str) -> Browser {
        let mut browser = self.browser();
        let link = self.link(person).await;
        browser.go(&link).await.leads_to("/");
        browser
    }
}

async fn people(app: &App) -> Cast {
    for (org, name) in [("acme", "Acme Inc"), ("globex", "Globex GmbH")] {
        let upstream = Upstream::new(good(Origin::parse("http://127.0.0.1:9000")));
        good(
            app.create_org(OPERATOR, slug(org), good(PersonName::parse(name)))
                .await,
        );
        good(app.set_upstream(OPERATOR, &slug(org), upstream).await);
    }
    let dana = admin(app, "dana@acme.test", "Dana Cruz", Role::SuperAdmin).await;
    admin(app, "ben@acme.test", "Ben Ode", Role::Admin).await;
    admin(app, "ann@acme.test", "Ann Lee", Role::Admin).await;
    admin(app, "grace@globex.test", "Grace Poe", Role::SuperAdmin).await;
    let sam = agent(app, "sam@vendor.test", "Sam Ito").await;
    agent(app, "kim@vendor.test", "Kim Okafor").await;
    agent(app, "robin@vendor.test", "Robin Vale").await;
    Cast { dana, sam }
}

async fn admin(app: &App, address: &str, name: &str, role: Role) -> AdminId {
    let (_, domain) = address.split_once('@').expect("an address");
    let org = slug(domain.trim_end_matches(".test"));
    let name = good(PersonName::parse(name));
    good(
        app.create_admin(OPERATOR, &org, email(address), name, role)
            .await,
    )
    .admin
    .id
}

async fn agent(app: &App, address: &str, name: &str) -> AgentId {
    let name = good(PersonName::parse(name));
    good(app.create_agent(OPERATOR, email(address), name).await).id
}
