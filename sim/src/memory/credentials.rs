//! Credentials and the keys that sign.

use countersign_domain::{
    Actor, CredentialId, CredentialKind, CredentialOwner, Event, OrgId, Person, SecretHash,
    Standing, Timestamp, has_passed,
};
use countersign_store::{
    Credential, CredentialPage, CredentialQuery, CredentialsOf, NewBrowserSession, NewCredential,
    SigningKey, alike::Wanted,
};

use super::Data;

/// A credential, in the order in which they were made.
#[derive(Clone, Debug)]
pub(super) struct Minted {
    pub(super) new: NewCredential,
    pub(super) org: Option<OrgId>,
    pub(super) minted_by: Actor,
    pub(super) created_at: Timestamp,
    pub(super) spent_at: Option<Timestamp>,
}

pub(super) fn owners(credentials: &[Credential]) -> Wanted {
    let mut wanted = Wanted::default();
    for credential in credentials {
        match credential.owner {
            CredentialOwner::Admin(id) => _ = wanted.admins.insert(id),
            CredentialOwner::Agent(id) => _ = wanted.agents.insert(id),
            CredentialOwner::Provisioning(org) => wanted.orgs.extend(org),
            CredentialOwner::Operator => {}
        }
    }
    wanted
}

impl Data {
    fn read(&self, minted: &Minted, now: Timestamp) -> Credential {
        let id = minted.new.id;
        Credential {
            id,
            owner: minted.new.owner,
            kind: minted.new.kind,
            minted_by: minted.minted_by,
            created_at: minted.created_at,
            expires_at: minted.new.expires_at,
            spent_at: minted.spent_at,
            in_use: self.is_signed_in_by(id, now),
            standing: self.standing(id),
            now,
        }
    }

    pub(super) fn standing(&self, id: CredentialId) -> Standing {
        self.state
            .credential(id)
            .map_or_else(Standing::default, |known| known.standing)
    }

    pub(super) fn credential_by(
        &self,
        clock: Timestamp,
        which: impl Fn(&Minted) -> bool,
    ) -> Option<Credential> {
        let minted = self.credentials.iter().find(|minted| which(minted))?;
        Some(self.read(minted, self.now(clock)))
    }

    /// By its hash, if it is or is not the cookie of an operator's browser.
    pub(super) fn credential_hashed(
        &self,
        hash: SecretHash,
        in_a_browser: bool,
        clock: Timestamp,
    ) -> Option<Credential> {
        if self.is_operators_cookie(hash) != in_a_browser {
            return None;
        }
        self.credential_by(clock, |minted| minted.new.hash == hash)
    }

    pub(super) fn credentials_of(
        &self,
        org: OrgId,
        limit: usize,
        clock: Timestamp,
        which: impl Fn(&Credential) -> bool,
    ) -> Vec<Credential> {
        let now = self.now(clock);
        let of_org = self
            .credentials
            .iter()
            .rev()
            .filter(|minted| minted.org == Some(org));
        let read = of_org.map(|minted| self.read(minted, now));
        read.filter(|credential| which(credential))
            .take(limit)
            .collect()
    }

    pub(super) fn credential_page(
        &self,
        query: &CredentialQuery,
        clock: Timestamp,
    ) -> CredentialPage {
        let now = self.now(clock);
        let end = match query.after {
            None => self.credentials.len(),
            Some(after) => {
                let at = self
                    .credentials
                    .iter()
                    .position(|minted| minted.new.id == after);
                at.unwrap_or(0)
            }
        };
        let of = |minted: &&Minted| match query.of {
            CredentialsOf::All => true,
            CredentialsOf::Org(org) => minted.org == Some(org),
            CredentialsOf::Owner(owner) => minted.new.owner == owner,
        };
        let mut found: Vec<_> = self.credentials[..end].iter().rev().filter(of).collect();
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let credentials: Vec<_> = found
            .into_iter()
            .map(|minted| self.read(minted, now))
            .collect();
        CredentialPage {
            state: self.closed(self.parts(&owners(&credentials))).into_state(),
            credentials,
            more,
        }
    }

    fn spend(&mut self, id: CredentialId, now: Timestamp) {
        let minted = self
            .credentials
            .iter_mut()
            .find(|minted| minted.new.id == id);
        if let Some(minted) = minted {
            minted.spent_at.get_or_insert(now);
        }
    }

    /// Credentials that these events revoke, refuse or remove.
    pub(super) fn end_credentials(&mut self, events: &[Event], now: Timestamp) {
        for event in events {
            match event {
                Event::CredentialRevoked { credential, .. } => self.spend(*credential, now),
                Event::CredentialRefused { credential, .. }
                | Event::PasskeyRemoved { credential, .. }
                | Event::OpenIdUnbound { credential, .. } => {
                    self.spend(*credential, now);
                    self.end_passkey(*credential);
                    self.browsers
                        .retain(|browser| browser.session.credential != Some(*credential));
                }
                _ => {}
            }
        }
    }

    pub(super) fn use_login_link(
        &mut self,
        link: SecretHash,
        session: &NewBrowserSession,
        clock: Timestamp,
    ) -> bool {
        let Some(found) = self.credential_hashed(link, false, clock) else {
            return false;
        };
        let person = match found.owner {
            CredentialOwner::Admin(id) => Person::Admin(id),
            CredentialOwner::Agent(id) => Person::Agent(id),
            CredentialOwner::Operator | CredentialOwner::Provisioning(_) => return false,
        };
        if found.kind != CredentialKind::LoginLink || !found.is_good() {
            return false;
        }
        self.spend(found.id, found.now);
        self.start_browser(person, found.id, session, found.now);
        self.advance(found.now);
        true
    }

    pub(super) fn publish_key(&mut self, key: SigningKey, clock: Timestamp) {
        let now = self.now(clock);
        self.keys
            .retain(|old| !has_passed(old.expires_at, now) && old.kid != key.kid);
        self.keys.push(key);
        self.keys.sort_by(|a, b| a.kid.cmp(&b.kid));
    }

    pub(super) fn live_keys(&self, clock: Timestamp) -> Vec<SigningKey> {
        let now = self.now(clock);
        let live = |key: &&SigningKey| !has_passed(key.expires_at, now);
        self.keys.iter().filter(live).cloned().collect()
    }
}
