//! Service clients: programs of an org that come by keys of their own, for OAuth 2.0 client credentials
//! (RFC 6749 section 4.4, RFC 7523). One is nobody's: it stays when whoever made it goes.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{AdminId, ClientId, ClientName, Event, Org, OrgId, Scopes, Standing, Timestamp};

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
