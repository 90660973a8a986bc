//! The end of a sign-in by an OpenID provider: signing out there as well, and being told by it that somebody
//! has signed out.

use countersign_app::hash_secret;
use countersign_domain::{CredentialId, Duration, Issuer, IssuerUrl, OpenIdSubject, Slug};
use countersign_store::NewCeremony;
use serde::Deserialize;

use super::{
    sign_in::{OpenIdError, subject},
    token::{BadToken, LogoutToken, OLDEST_LOGOUT, logout_token},
};
use crate::Identity;

/// Where somebody can sign out at their provider as well.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// The provider.
    pub issuer: IssuerUrl,
    /// The address.
    pub to: String,
}

impl Identity {
    /// Where somebody who came in by an OpenID provider can sign out there as well (OpenID Connect RP-Initiated
    /// Logout 1.0); none where they came otherwise, or the provider has no such page.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn openid_sign_out(
        &self,
        credential: CredentialId,
    ) -> Result<Option<Elsewhere>, OpenIdError> {
        let Some(providers) = &self.providers else {
            return Ok(None);
        };
        let Some((_, issuer)) = self.app.issuer_of(credential).await? else {
            return Ok(None);
        };
        let Ok(known) = providers.known(issuer.said.url.as_str()).await else {
            return Ok(None);
        };
        let back = format!("{}/sign-in", self.address.url);
        Ok(known.metadata.end_session_endpoint.clone().map(|mut to| {
            to.query_pairs_mut()
                .append_pair("client_id", issuer.said.client.as_str())
                .append_pair("post_logout_redirect_uri", &back);
            Elsewhere {
                issuer: issuer.said.url,
                to: to.into(),
            }
        }))
    }

    /// A provider of an org says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0):
    /// every browser session that they began by it ends. Somebody whom it never vouched for is nobody here.
    ///
    /// # Errors
    /// Why its word is not taken.
    pub async fn signed_out_elsewhere(&self, org: &Slug, token: &str) -> Result<(), OpenIdError> {
        let providers = self.providers()?;
        let issuer = self.issuer_said(org, token).await?;
        let (url, client) = (issuer.said.url.as_str(), issuer.said.client.as_str());
        let now = self.app.store().now().await?;
        let mut provider = providers.known(url).await?;
        let mut judged = logout_token(token, &provider.keys, url, client, now);
        if judged.as_ref().err() == Some(&BadToken::UnknownKey) {
            provider = providers.with_newer_keys(url, &provider).await?;
            judged = logout_token(token, &provider.keys, url, client, now);
        }
        let said = judged?;
        self.once(&issuer, &said).await?;
        let subject = OpenIdSubject {
            issuer: issuer.id,
            subject: subject(&issuer, &said.sub),
        };
        if let Some(credential) = self.app.openid_bound(org, subject).await? {
            self.app.store().end_browser_sessions_by(credential).await?;
        }
        Ok(())
    }

    /// The provider of the org that the token says it is from: which keys it is held against, and no more.
    async fn issuer_said(&self, org: &Slug, token: &str) -> Result<Issuer, OpenIdError> {
        #[derive(Deserialize)]
        struct From {
            iss: String,
        }
        let from: From = jsonwebtoken::dangerous::insecure_decode_claims(token)
            .map_err(|_| BadToken::Unreadable)?;
        let issuers = self.app.issuers_of(org).await?.into_iter();
        let mut issuers = issuers.filter(|issuer| issuer.said.url.as_str() == from.iss);
        issuers.next().ok_or_else(|| BadToken::Issuer.into())
    }

    /// Whoever has got hold of a token cannot sign somebody out with it again and again.
    async fn once(&self, issuer: &Issuer, said: &LogoutToken) -> Result<(), OpenIdError> {
        let place = hash_secret(&format!("openid-logout:{}:{}", issuer.id, said.jti));
        let store = self.app.store();
        if store.take_ceremony(place).await?.is_some() {
            return Err(BadToken::Expired.into());
        }
        let ceremony = NewCeremony {
            browser: place,
            state: String::new(),
            good_for: Duration::from_millis(OLDEST_LOGOUT * 1_000 * 2),
        };
        Ok(store.begin_ceremony(ceremony).await?)
    }
}
