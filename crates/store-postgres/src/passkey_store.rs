//! The contract's part about passkeys.

use async_trait::async_trait;
use countersign_domain::{CredentialId, OrgId, Person, SecretHash};
use countersign_store::{NewBrowserSession, NewCeremony, Passkey, Passkeys, Unavailable};

use crate::{PostgresStore, passkeys, writer::Locks};

#[async_trait]
impl Passkeys for PostgresStore {
    async fn passkey(&self, handle: &[u8]) -> Result<Option<Passkey>, Unavailable> {
        let handle = handle.to_vec();
        let view = self.readers.view().await?;
        Ok(passkeys::by_handle(&view, handle).await?)
    }

    async fn passkeys_of(&self, person: Person) -> Result<Vec<Passkey>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(passkeys::of_person(&view, person).await?)
    }

    async fn passkeys_in(&self, org: OrgId) -> Result<Vec<Passkey>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(passkeys::of_org(&view, org).await?)
    }

    async fn use_passkey(
        &self,
        id: CredentialId,
        was: &str,
        becomes: &str,
        session: NewBrowserSession,
    ) -> Result<bool, Unavailable> {
        let time = self.time.clone();
        let change = (was.to_owned(), becomes.to_owned());
        self.write(Locks::Position, move |connection| {
            Box::pin(passkeys::sign_in(connection, time, id, change, session))
        })
        .await
    }

    async fn begin_ceremony(&self, ceremony: NewCeremony) -> Result<(), Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Ceremonies, move |connection| {
            Box::pin(passkeys::begin(connection, time, ceremony))
        })
        .await
    }

    async fn take_ceremony(&self, browser: SecretHash) -> Result<Option<String>, Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Ceremonies, move |connection| {
            Box::pin(passkeys::take(connection, time, browser))
        })
        .await
    }
}
