//! What an access token is worth now (RFC 7662), and ending one (RFC 7009). A service client hears of its own tokens
//! and, with the scope for it, of those that were exchanged for its org's product. Of any other it hears what it
//! hears of one that never was.

use countersign_app::{Failure, hash_secret};
use countersign_domain::{ClientId, Duration, Scope, Scopes, Thumbprint, Timestamp};
use countersign_store::Unavailable;
use serde_json::{Map, Value};

use super::{AuthenticatedClient, TOKEN_LASTS, is_access_token};
use crate::Identity;

/// What is said of an access token that is good.
#[derive(Debug)]
pub enum TokenRead {
    /// A service client's own.
    OfClient {
        /// Whose it is.
        client: ClientId,
        /// What it is for, of what its client may have now.
        scopes: Scopes,
        /// When it was made.
        issued_at: Timestamp,
        /// Good until then.
        expires_at: Timestamp,
        /// The key that is to be shown with it.
        bound_to: Option<Thumbprint>,
    },
    /// One that an agent exchanged: what it claims.
    Exchanged(Map<String, Value>),
}

impl Identity {
    /// What a token is worth now, for the service client that asks.
    ///
    /// # Errors
    /// It cannot be told now: then nobody may rely on the token (R19).
    pub async fn introspect(
        &self,
        by: &AuthenticatedClient,
        token: &str,
    ) -> Result<Option<TokenRead>, Failure> {
        if is_access_token(token) {
            return Ok(self.own_token(by.client.id, token).await?);
        }
        let asks = self.client(by.client.id).await?;
        let meant = asks.filter(|(client, ..)| client.scopes.holds(Scope::TokensIntrospect));
        let Some((_, org, _)) = meant else {
            return Ok(None);
        };
        // Last, so that nothing is waited for behind it (A1).
        let good = self.app().exchanged(token).await?;
        Ok(good
            .filter(|good| good.org == org)
            .map(|good| TokenRead::Exchanged(good.claims)))
    }

    async fn own_token(&self, by: ClientId, token: &str) -> Result<Option<TokenRead>, Unavailable> {
        let good = self.good_token(token).await?;
        Ok(good
            .filter(|good| good.client.id == by)
            .map(|good| TokenRead::OfClient {
                client: by,
                scopes: good.kept.scopes.both(good.client.scopes),
                issued_at: good
                    .kept
                    .expires_at
                    .plus(Duration::from_millis(-TOKEN_LASTS.as_millis())),
                expires_at: good.kept.expires_at,
                bound_to: good.kept.bound_to,
            }))
    }

    /// Ends a token of the service client's own. Whether there was one, it is not told.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn end_own_token(
        &self,
        by: &AuthenticatedClient,
        token: &str,
    ) -> Result<(), Unavailable> {
        let store = self.app().store();
        store
            .end_client_token(hash_secret(token), by.client.id)
            .await
    }
}
