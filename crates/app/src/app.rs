//! What every use case works with.

use std::sync::Arc;

use countersign_domain::{Actor, CalledFrom, Duration, Label, SessionLimits, Timestamp};
use countersign_node::Node;
use countersign_store::{Key, Store};

use crate::{
    Once, Ports, Sealer, Signer, as_read::AsRead, attempts::Tallies, precedence::Precedence,
    turns::Turns,
};

/// How the deployment is reached, and how long things last.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where console and API are, such as `https://support.example.com`, without a slash at the end.
    pub public_url: String,
    /// The origin below which every session has its own, such as `https://gw.example.net`.
    pub gateway_url: String,
    /// Whether every link is made with `public_url`, whatever host names orgs have of their own.
    pub one_address: bool,
    /// Limits of impersonation sessions.
    pub session: SessionLimits,
    /// How long an API token is good.
    pub token: Duration,
    /// How long a sign-in link is good.
    pub login_link: Duration,
    /// Within how long before opening an impersonation session an agent has to have shown to a provider of the
    /// vendor's who they are; none where being signed in is enough.
    pub fresh_sign_in: Option<Duration>,
}

impl Settings {
    /// The defaults for the two addresses.
    #[must_use]
    pub fn new(public_url: &str, gateway_url: &str) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            gateway_url: gateway_url.trim_end_matches('/').to_owned(),
            one_address: false,
            session: SessionLimits::default(),
            token: Duration::from_hours(90 * 24),
            login_link: Duration::from_hours(1),
            fresh_sign_in: None,
        }
    }

    /// A session's own origin.
    #[must_use]
    pub fn session_origin(&self, label: &Label) -> String {
        match self.gateway_url.split_once("://") {
            Some((scheme, authority)) => format!("{scheme}://{label}.{authority}"),
            None => format!("http://{label}.{}", self.gateway_url),
        }
    }
}

/// The use cases.
#[derive(Clone)]
pub struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) node: Arc<Node>,
    pub(crate) ports: Arc<dyn Ports>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) precedence: Precedence,
    pub(crate) starts: Turns,
    /// What seals secrets that are read again; none where the deployment has no key for it.
    pub(crate) sealer: Option<Arc<Sealer>>,
    /// What commands are to find, for a caller who acts on what they have read.
    pub(crate) as_read: Option<AsRead>,
    /// What the call is known by, if it may be repeated.
    pub(crate) once: Option<Once>,
    /// From where the call came, for what it does to say.
    pub(crate) client: Option<CalledFrom>,
    /// What has been said of what was tried in vain.
    pub(crate) tallies: Tallies,
    /// What signs access tokens past the gateway; none in a process that serves nobody.
    pub(crate) signer: Option<Arc<dyn Signer>>,
    /// When the caller showed to a provider of the vendor's who they are.
    pub(crate) shown_at: Option<Timestamp>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl App {
    /// Puts the use cases on a store, a process and the outside.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        node: Arc<Node>,
        ports: Arc<dyn Ports>,
        settings: Settings,
    ) -> Self {
        Self {
            store,
            node,
            ports,
            settings: Arc::new(settings),
            precedence: Precedence::default(),
            starts: Turns::default(),
            sealer: None,
            as_read: None,
            once: None,
            client: None,
            tallies: Tallies::default(),
            shown_at: None,
            signer: None,
        }
    }

    /// The same use cases, with what signs access tokens past the gateway.
    #[must_use]
    pub fn signing(&self, signer: Arc<dyn Signer>) -> Self {
        Self {
            signer: Some(signer),
            ..self.clone()
        }
    }

    /// The same use cases for a call from there: what it does says so on the log.
    #[must_use]
    pub fn called_from(&self, client: Option<CalledFrom>) -> Self {
        Self {
            client,
            ..self.clone()
        }
    }

    /// How the deployment is reached.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The same use cases with a key to seal secrets under.
    #[must_use]
    pub fn with_sealer(self, sealer: Option<Arc<Sealer>>) -> Self {
        Self { sealer, ..self }
    }

    /// The same use cases for people who reach the console at another address, and at no other.
    #[must_use]
    pub fn with_public_url(&self, public_url: &str) -> Self {
        let mut settings = Settings::clone(&self.settings);
        public_url
            .trim_end_matches('/')
            .clone_into(&mut settings.public_url);
        settings.one_address = true;
        Self {
            settings: Arc::new(settings),
            ..self.clone()
        }
    }

    /// The process this runs in.
    #[must_use]
    pub fn node(&self) -> &Arc<Node> {
        &self.node
    }

    /// The store, for identity records.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Where ids and secrets come from.
    #[must_use]
    pub fn ports(&self) -> &Arc<dyn Ports> {
        &self.ports
    }
}

/// The keys of the caller's own record and of what they act through: eligibility is judged from
/// them (R2, R3).
pub(crate) fn caller(actor: Actor) -> Vec<Key> {
    match actor {
        Actor::Admin { id, via } => [Key::Admin(id)]
            .into_iter()
            .chain(via.map(Key::Credential))
            .collect(),
        Actor::Agent { id } => vec![Key::Agent(id)],
        Actor::Client { org, .. } => vec![Key::Org(org)],
        Actor::Provisioning { org, via } => org
            .into_iter()
            .flat_map(|org| [Key::Org(org), Key::Credential(via)])
            .collect(),
        Actor::Operator { .. } | Actor::Impersonation { .. } => vec![],
    }
}
