//! The contract's part about passkeys.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_domain::{CredentialId, OrgId, Person, SecretHash};
use countersign_store::{NewBrowserSession, NewCeremony, Passkey, Passkeys, Unavailable};

use crate::{SqliteStore, passkeys};

#[async_trait]
impl Passkeys for SqliteStore {
    async fn passkey(&self, handle: &[u8]) -> Result<Option<Passkey>, Unavailable> {
        let handle = handle.to_vec();
        self.read(move |connection| Box::pin(passkeys::by_handle(connection, handle)))
            .await
    }

    async fn passkeys_of(&self, person: Person) -> Result<Vec<Passkey>, Unavailable> {
        self.read(move |connection| Box::pin(passkeys::of_person(connection, person)))
            .await
    }

    async fn passkeys_in(&self, org: OrgId) -> Result<Vec<Passkey>, Unavailable> {
        self.read(move |connection| Box::pin(passkeys::of_org(connection, org)))
            .await
    }

    async fn use_passkey(
        &self,
        id: CredentialId,
        was: &str,
        becomes: &str,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        let clock = Arc::clone(&self.clock);
        let change = (was.to_owned(), becomes.to_owned());
        self.write(move |connection| {
            Box::pin(passkeys::sign_in(connection, clock, id, change, session))
        })
        .await
    }

    async fn begin_ceremony(&self, ceremony: NewCeremony) -> Result<(), Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| Box::pin(passkeys::begin(connection, clock, ceremony)))
            .await
    }

    async fn take_ceremony(&self, browser: SecretHash) -> Result<Option<String>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| Box::pin(passkeys::take(connection, clock, browser)))
            .await
    }
}
