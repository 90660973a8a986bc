//! Passkeys and what is remembered between asking an authenticator and its answer.

use async_trait::async_trait;
use countersign_domain::{CredentialId, OrgId, Person, SecretHash, Timestamp, has_passed};
use countersign_store::{
    CeremonyKind, MOST_CEREMONIES, NewBrowserSession, NewCeremony, NewPasskey, Passkey, Passkeys,
    Unavailable,
};

use super::{Data, Memory};

#[derive(Clone, Debug)]
pub(super) struct Registered {
    pub(super) passkey: Passkey,
    org: OrgId,
    ended: bool,
}

impl Registered {
    pub(super) fn new(new: &NewPasskey, org: OrgId, at: Timestamp) -> Self {
        Self {
            passkey: Passkey {
                id: new.id,
                handle: new.handle.clone(),
                person: new.person,
                name: new.name.clone(),
                key: new.key.clone(),
                created_at: at,
                last_used_at: None,
                standing: Default::default(),
            },
            org,
            ended: false,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Ceremony {
    browser: SecretHash,
    kind: CeremonyKind,
    state: String,
    expires_at: Timestamp,
}

impl Data {
    fn passkeys_where(&self, which: impl Fn(&Registered) -> bool) -> Vec<Passkey> {
        let there = self
            .passkeys
            .iter()
            .filter(|known| !known.ended && which(known));
        let read = |known: &Registered| Passkey {
            standing: self.standing(known.passkey.id),
            ..known.passkey.clone()
        };
        there.map(read).collect()
    }

    pub(super) fn end_passkey(&mut self, id: CredentialId) {
        for known in self
            .passkeys
            .iter_mut()
            .filter(|known| known.passkey.id == id)
        {
            known.ended = true;
        }
    }
}

#[async_trait]
impl Passkeys for Memory {
    async fn passkey(&self, handle: &[u8]) -> Result<Option<Passkey>, Unavailable> {
        let found = self
            .data()
            .passkeys_where(|known| known.passkey.handle == handle);
        Ok(found.into_iter().next())
    }

    async fn passkeys_of(&self, person: Person) -> Result<Vec<Passkey>, Unavailable> {
        Ok(self
            .data()
            .passkeys_where(|known| known.passkey.person == person))
    }

    async fn passkeys_in(&self, org: OrgId) -> Result<Vec<Passkey>, Unavailable> {
        Ok(self.data().passkeys_where(|known| known.org == org))
    }

    async fn use_passkey(
        &self,
        id: CredentialId,
        was: &str,
        becomes: &str,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        let mut data = self.data();
        let now = data.now(self.clock.now());
        let mut passkeys = data.passkeys.iter_mut();
        let as_seen = |known: &&mut Registered| {
            known.passkey.id == id && known.passkey.key == was && !known.ended
        };
        let Some(known) = passkeys.find(as_seen) else {
            return Ok(false);
        };
        becomes.clone_into(&mut known.passkey.key);
        known.passkey.last_used_at = Some(now);
        let person = known.passkey.person;
        data.start_browser(person, id, &session, now);
        data.advance(now);
        Ok(true)
    }

    async fn begin_ceremony(&self, new: NewCeremony) -> Result<(), Unavailable> {
        let mut data = self.data();
        let now = data.now(self.clock.now());
        let ceremonies = &mut data.ceremonies;
        ceremonies.retain(|old| old.browser != new.browser && !has_passed(old.expires_at, now));
        ceremonies.push(Ceremony {
            browser: new.browser,
            kind: new.kind,
            state: new.state,
            expires_at: now.plus(new.good_for),
        });
        ceremonies.sort_by_key(|ceremony| ceremony.expires_at);
        let of_kind = ceremonies.iter().filter(|one| one.kind == new.kind);
        let mut too_many = of_kind.count().saturating_sub(MOST_CEREMONIES);
        ceremonies.retain(|one| {
            let goes = one.kind == new.kind && too_many > 0;
            too_many -= usize::from(goes);
            !goes
        });
        Ok(())
    }

    async fn take_ceremony(&self, browser: SecretHash) -> Result<Option<String>, Unavailable> {
        let mut data = self.data();
        let now = data.now(self.clock.now());
        let at = data
            .ceremonies
            .iter()
            .position(|ceremony| ceremony.browser == browser);
        let taken = at.map(|at| data.ceremonies.remove(at));
        Ok(taken
            .filter(|taken| !has_passed(taken.expires_at, now))
            .map(|taken| taken.state))
    }
}
