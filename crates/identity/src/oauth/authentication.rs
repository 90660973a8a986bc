//! Which service client a call of OAuth's own endpoints is by: shown by an assertion (RFC 7523), which is used up
//! only once the call has been counted.

use countersign_domain::{Actor, Client, OrgId, Scopes, Thumbprint, Timestamp};

use super::{Once, TokenRefusal, USED, assertion::Assertion, bad_assertion};
use crate::Identity;

/// An assertion as a call shows it.
#[derive(Clone, Copy)]
pub struct ShownAssertion<'a> {
    /// The assertion.
    pub assertion: &'a str,
    /// The client id, where it is said beside the assertion.
    pub client: Option<&'a str>,
    /// What assertions may be addressed to.
    pub audience: &'a [String],
}

impl std::fmt::Debug for ShownAssertion<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownAssertion").finish_non_exhaustive()
    }
}

/// A service client that showed who it is.
#[derive(Debug)]
pub struct AuthenticatedClient {
    pub(super) client: Client,
    pub(super) org: OrgId,
    pub(super) key: Thumbprint,
    pub(super) now: Timestamp,
    pub(super) assertion: Once,
}

impl AuthenticatedClient {
    /// Who it is.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Client {
            id: self.client.id,
            org: self.org,
            scopes: Scopes::default(),
        }
    }
}

impl Identity {
    /// The service client that an assertion is by.
    ///
    /// # Errors
    /// Why it is by none, in words for whoever runs the client.
    pub async fn client_of(
        &self,
        shown: ShownAssertion<'_>,
    ) -> Result<AuthenticatedClient, TokenRefusal> {
        let assertion = Assertion::read(shown.assertion).map_err(bad_assertion)?;
        let id = assertion.client;
        if shown.client.is_some_and(|named| named != id.to_string()) {
            let what = "its sub is not the client_id of the call";
            return Err(bad_assertion(what));
        }
        let Some((client, org, now)) = self.client(id).await? else {
            return Err(TokenRefusal::InvalidClient(
                "There is no such service client, or it was removed or refused: ask a super admin of the org.".to_owned(),
            ));
        };
        let shown = assertion
            .check(&client, shown.audience, now)
            .map_err(bad_assertion)?;
        Ok(AuthenticatedClient {
            assertion: Once::new("assertion", &id.to_string(), &shown.jti, shown.until),
            key: shown.key,
            client,
            org,
            now,
        })
    }

    /// Uses up what a service client showed.
    ///
    /// # Errors
    /// It was used before, or the store cannot be reached.
    pub async fn use_assertion(&self, by: &AuthenticatedClient) -> Result<(), TokenRefusal> {
        if self.first(&by.assertion).await? {
            Ok(())
        } else {
            Err(bad_assertion(USED))
        }
    }
}
