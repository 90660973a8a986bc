//! Service clients: programs of an org that come by keys of their own, for OAuth 2.0 client credentials
//! (RFC 6749 section 4.4, RFC 7523). One is nobody's: it stays when whoever made it goes.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{AdminId, ClientId, ClientName, Event, Org, OrgId, Standing, Timestamp};

/// How many service clients an org may have at a time.
pub const MOST_CLIENTS: usize = 20;

/// How many keys a service client may have at a time: enough to rotate each of several.
pub const MOST_KEYS: usize = 8;

/// How many of those that were removed an org remembers by name.
const REMEMBERED: usize = 100;

/// A service client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The id: what OAuth calls `client_id`.
    pub id: ClientId,
    /// What it is called.
    pub name: ClientName,
    /// What it may ask for.
    pub scopes: Scopes,
    /// Whether each of its access tokens is bound to a key that is shown with it (DPoP, RFC 9449).
    pub dpop: bool,
    /// Its public keys, by their thumbprints.
    pub keys: BTreeMap<Thumbprint, ClientKey>,
    /// Whether it counts as the org's own (R3).
    pub standing: Standing,
    /// The admin who made it; none when an operator did.
    pub made_by: Option<AdminId>,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed_at: Option<Timestamp>,
}

impl Client {
    /// Whether it may still come in: it was neither removed nor refused.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.removed_at.is_none() && !matches!(self.standing, Standing::Refused { .. })
    }
}

/// A public key of a service client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientKey {
    /// Its thumbprint.
    pub thumbprint: Thumbprint,
    /// What its owner calls it (`kid`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The key itself, as a JWK (RFC 7517) in JSON with nothing but its public members.
    pub jwk: String,
    /// When it was added.
    pub added_at: Timestamp,
}

/// The SHA-256 thumbprint of a public key (RFC 7638), in base64url.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Thumbprint(String);

impl Thumbprint {
    /// Wraps one that was computed.
    #[must_use]
    pub fn new(base64url: String) -> Self {
        Self(base64url)
    }

    /// In base64url.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a service client may be allowed to do, by Okta's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read the System Log.
    LogsRead,
    /// Read the support cases, and grant, extend, revoke and approve as a super admin could.
    OrgsManage,
    /// Read the support cases.
    OrgsRead,
}

impl Scope {
    /// Every scope there is, in the order of their names.
    pub const ALL: [Self; 3] = [Self::LogsRead, Self::OrgsManage, Self::OrgsRead];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LogsRead => "okta.logs.read",
            Self::OrgsManage => "okta.orgs.manage",
            Self::OrgsRead => "okta.orgs.read",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes {
    logs_read: bool,
    orgs_manage: bool,
    orgs_read: bool,
}

impl Scopes {
    /// The scopes of it, in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.holds(*scope))
    }

    /// Whether this very scope is in it.
    #[must_use]
    pub fn holds(self, scope: Scope) -> bool {
        match scope {
            Scope::LogsRead => self.logs_read,
            Scope::OrgsManage => self.orgs_manage,
            Scope::OrgsRead => self.orgs_read,
        }
    }

    /// Whether it allows what `scope` is for: whoever may manage may read as well.
    #[must_use]
    pub fn allows(self, scope: Scope) -> bool {
        self.holds(scope) || scope == Scope::OrgsRead && self.orgs_manage
    }

    /// Whether there is none in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Those that are in both.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        self.iter().filter(|scope| other.holds(*scope)).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut all = Self::default();
        for scope in scopes {
            match scope {
                Scope::LogsRead => all.logs_read = true,
                Scope::OrgsManage => all.orgs_manage = true,
                Scope::OrgsRead => all.orgs_read = true,
            }
        }
        all
    }
}

/// The names with blanks between them, as OAuth writes them (RFC 6749 section 3.3).
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Scope::as_str))
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names
            .iter()
            .map(|name| Scope::parse(name).ok_or_else(|| serde::de::Error::custom("no scope")))
            .collect()
    }
}

/// A service client about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClient {
    /// The id.
    pub id: ClientId,
    /// The org it is for.
    pub org: OrgId,
    /// What it is called.
    pub name: ClientName,
    /// What it may ask for.
    pub scopes: Scopes,
    /// Whether its access tokens are bound to a key.
    pub dpop: bool,
    /// Its keys.
    pub keys: Vec<NewClientKey>,
}

/// A public key about to be added. That it is one, and good enough, was seen at the border.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClientKey {
    /// Its thumbprint.
    pub thumbprint: Thumbprint,
    /// What its owner calls it.
    pub kid: Option<String>,
    /// The key as a JWK in JSON.
    pub jwk: String,
}

impl NewClientKey {
    /// As it is added at this moment.
    pub(crate) fn at(&self, added_at: Timestamp) -> ClientKey {
        ClientKey {
            thumbprint: self.thumbprint.clone(),
            kid: self.kid.clone(),
            jwk: self.jwk.clone(),
            added_at,
        }
    }
}

/// Forgets the oldest of those that were removed when there are many.
fn forget_removed(clients: &mut BTreeMap<ClientId, Client>) {
    let removed = |client: &Client| client.removed_at.map(|at| (at, client.id));
    let mut gone: Vec<_> = clients.values().filter_map(removed).collect();
    gone.sort_unstable();
    let surplus = gone.len().saturating_sub(REMEMBERED);
    for (_, id) in gone.into_iter().take(surplus) {
        clients.remove(&id);
    }
}

impl Org {
    /// Folds an event about the org's service clients.
    pub(crate) fn evolve_clients(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::ClientCreated {
                client: id,
                name,
                scopes,
                dpop,
                keys,
                by,
                own,
                ..
            } => {
                let by_thumbprint = |key: &ClientKey| (key.thumbprint.clone(), key.clone());
                let client = Client {
                    id: *id,
                    name: name.clone(),
                    scopes: *scopes,
                    dpop: *dpop,
                    keys: keys.iter().map(by_thumbprint).collect(),
                    standing: Standing::born(*own),
                    made_by: *by,
                    made_at: at,
                    removed_at: None,
                };
                self.clients.insert(*id, client);
            }
            Event::ClientKeyAdded { client, key, .. } => self.with_client(*client, |known| {
                known.keys.insert(key.thumbprint.clone(), key.clone());
            }),
            Event::ClientKeyRemoved { client, key, .. } => {
                self.with_client(*client, |known| _ = known.keys.remove(key));
            }
            Event::ClientAccepted { client, by, .. } => self.with_client(*client, |known| {
                known.standing = Standing::Accepted { by: *by, at };
            }),
            Event::ClientRefused { client, by, .. } => self.with_client(*client, |known| {
                known.standing = Standing::Refused { by: *by, at };
                known.remove(at);
            }),
            Event::ClientRemoved { client, .. } => {
                self.with_client(*client, |known| known.remove(at));
            }
            _ => {}
        }
        forget_removed(&mut self.clients);
    }

    fn with_client(&mut self, id: ClientId, change: impl FnOnce(&mut Client)) {
        if let Some(client) = self.clients.get_mut(&id) {
            change(client);
        }
    }
}

impl Client {
    /// Only its name is of use from then on.
    fn remove(&mut self, at: Timestamp) {
        self.removed_at = Some(at);
        self.keys.clear();
    }
}
