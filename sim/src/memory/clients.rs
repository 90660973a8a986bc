//! What service clients come in with.

use async_trait::async_trait;
use countersign_domain::{ClientId, OrgId, SecretHash, Timestamp, has_passed};
use countersign_store::{ClientToken, Clients, NewClientToken, Unavailable};

use super::Memory;

#[async_trait]
impl Clients for Memory {
    async fn org_of_client(&self, id: ClientId) -> Result<Option<OrgId>, Unavailable> {
        let data = self.data();
        let mut orgs = data.state.orgs();
        let org = orgs.find(|org| org.clients.contains_key(&id));
        Ok(org.map(|org| org.id))
    }

    async fn keep_client_token(&self, token: NewClientToken) -> Result<(), Unavailable> {
        let now = self.store_time();
        let tokens = &mut self.data().client_tokens;
        tokens.retain(|known| !has_passed(known.expires_at, now));
        tokens.push(token);
        Ok(())
    }

    async fn client_token(&self, hash: SecretHash) -> Result<Option<ClientToken>, Unavailable> {
        let now = self.store_time();
        let data = self.data();
        let known = data.client_tokens.iter().find(|known| known.hash == hash);
        Ok(known.map(|known| ClientToken {
            client: known.client,
            org: known.org,
            scopes: known.scopes,
            key: known.key.clone(),
            bound_to: known.bound_to.clone(),
            expires_at: known.expires_at,
            now,
        }))
    }

    async fn end_client_token(&self, hash: SecretHash, of: ClientId) -> Result<(), Unavailable> {
        let tokens = &mut self.data().client_tokens;
        tokens.retain(|token| token.hash != hash || token.client != of);
        Ok(())
    }

    async fn first_use(&self, once: SecretHash, until: Timestamp) -> Result<bool, Unavailable> {
        let now = self.store_time();
        let used = &mut self.data().used_once;
        used.retain(|(_, until)| !has_passed(*until, now));
        if used.iter().any(|(known, _)| *known == once) {
            return Ok(false);
        }
        used.push((once, until));
        Ok(true)
    }
}
