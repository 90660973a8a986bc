//! An org with its people, on a store in a directory of its own.

use std::{
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use countersign_app::{
    App, BootClock, Clocks, Node, NodeConfig, OwnerRef, Ports, Secret, Settings,
};
use countersign_domain::{
    Actor, CredentialId, Duration, Email, OperatorVia, PasskeyName, PersonName, ProcessId, Role,
    Slug, Timestamp,
};
use countersign_identity::{
    Identity, PasskeyError, PasskeySignIn, SignedIn, soft_authenticator::SoftAuthenticator,
};
use countersign_store::{Clock, Store};
use countersign_store_sqlite::SqliteStore;
use uuid::Uuid;

/// Where the console is, and where passkeys are made.
pub(crate) const ORIGIN: &str = "https://support.example.com";
/// A super admin.
pub(crate) const DANA: &str = "dana@acme.test";
/// Another one.
pub(crate) const ANNE: &str = "anne@acme.test";

pub(crate) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// No lease runs out: the process under test never goes silent.
struct StoppedBootClock;

impl BootClock for StoppedBootClock {
    fn now(&self) -> u64 {
        1
    }
}

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
        bytes[..8].copy_from_slice(&self.next());
        bytes
    }
}

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) identity: Identity,
    clock: Arc<HandClock>,
    directory: PathBuf,
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

pub(crate) fn acme() -> Slug {
    good(Slug::parse("acme"))
}

pub(crate) fn laptop() -> PasskeyName {
    good(PasskeyName::parse("laptop"))
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::demanding(None).await
    }

    /// Where agents have to have shown lately who they are, to open a session.
    pub(crate) async fn demanding(fresh_sign_in: Option<Duration>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!(
            "identity-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let clock = Arc::new(HandClock(AtomicI64::new(1_893_456_000_000)));
        let clocks = Clocks {
            store: Arc::clone(&clock) as Arc<dyn Clock>,
            boot: Arc::new(StoppedBootClock),
        };
        let path = directory.join("countersign.db");
        let store = good(SqliteStore::open(path, Arc::clone(&clocks.store)).await);
        let store: Arc<dyn Store> = Arc::new(store);
        let process = NodeConfig::new(ProcessId::from_uuid(Uuid::from_u128(1)));
        let node = good(Node::serving(Arc::clone(&store), clocks, process).await);
        let mut settings = Settings::new(ORIGIN, "https://gw.example.net");
        settings.fresh_sign_in = fresh_sign_in;
        let ports = Arc::new(CountedPorts(AtomicU64::new(0)));
        let app = App::new(store, node, ports, settings);
        let name = |text| good(PersonName::parse(text));
        good(app.create_org(OPERATOR, acme(), name("Acme Inc")).await);
        for (address, role) in [
            (DANA, Role::SuperAdmin),
            (ANNE, Role::SuperAdmin),
            ("ben@acme.test", Role::Admin),
        ] {
            let org = acme();
            let made = app.create_admin(OPERATOR, &org, email(address), name(address), role);
            good(made.await);
        }
        Self {
            identity: Identity::new(app.clone()),
            app,
            clock,
            directory,
        }
    }

    pub(crate) fn pass(&self, span: Duration) {
        self.clock.0.fetch_add(span.as_millis(), Ordering::SeqCst);
    }

    /// The cookie of a browser that somebody signs in with a link of the operator's.
    pub(crate) async fn by_link(&self, address: &str) -> String {
        let owner = OwnerRef::Admin {
            org: acme(),
            email: email(address),
        };
        let (minted, _) = good(self.app.mint_login_link(OPERATOR, &owner, None).await);
        let signed_in = good(self.identity.sign_in(minted.secret.expose(), None).await);
        signed_in.cookie.expose().to_owned()
    }

    pub(crate) async fn who(&self, cookie: &str) -> SignedIn {
        good(self.identity.browser(cookie).await)
    }

    /// Adds a passkey of this device to the account that is signed in.
    pub(crate) async fn register(
        &self,
        device: &mut SoftAuthenticator,
        cookie: &str,
    ) -> Result<CredentialId, PasskeyError> {
        let who = self.who(cookie).await;
        let options = self.identity.begin_registering(&who, cookie).await?;
        let answer = device.create(ORIGIN, &options);
        self.identity
            .finish_registering(&who, cookie, laptop(), &answer)
            .await
    }

    /// A device with a passkey of this person.
    pub(crate) async fn device(&self, address: &str) -> SoftAuthenticator {
        let mut device = SoftAuthenticator::new();
        let cookie = self.by_link(address).await;
        good(self.register(&mut device, &cookie).await);
        device
    }

    /// Signs in with this device's newest passkey.
    pub(crate) async fn sign_in(
        &self,
        device: &mut SoftAuthenticator,
    ) -> Result<PasskeySignIn, PasskeyError> {
        let (options, secret) = good(self.identity.begin_passkey_sign_in().await);
        let answer = device.get(ORIGIN, &options);
        self.finish(&secret, &answer).await
    }

    pub(crate) async fn finish(
        &self,
        secret: &Secret,
        answer: &str,
    ) -> Result<PasskeySignIn, PasskeyError> {
        self.identity
            .finish_passkey_sign_in(secret.expose(), answer, None)
            .await
    }
}
