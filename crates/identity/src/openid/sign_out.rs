//! The end of a sign-in by an OpenID provider: signing out there as well, and being told by it that somebody
//! has signed out.

use countersign_app::hash_secret;
use countersign_domain::{
    Actor, Duration, Issuer, IssuerUrl, OpenIdSubject, OperatorVia, Person, SecretHash, Slug,
    StaffRoles,
};
use countersign_store::{AtProvider, CeremonyKind, NewCeremony, SignedInAt};
use serde::Deserialize;

use super::{
    sign_in::{OpenIdError, session, subject},
    staff::StaffProvider,
    token::{BadToken, LogoutToken, OLDEST_LOGOUT, logout_token},
};
use crate::{Identity, SignedIn, SignedInOperator};

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
    pub async fn openid_sign_out(&self, who: &SignedIn) -> Result<Option<Elsewhere>, OpenIdError> {
        if let Some(provider) = who.at.provider {
            let mut staff = self.staff.iter();
            let Some(provider) = staff.find(|one| one.hash() == provider) else {
                return Ok(None);
            };
            return Ok(self.out_at_staff(provider).await);
        }
        let Some(credential) = who.via else {
            return Ok(None);
        };
        let Some((_, issuer)) = self.app.issuer_of(credential).await? else {
            return Ok(None);
        };
        let at = (&issuer.said.url, issuer.said.client.as_str());
        Ok(self.out_at(at, "/sign-in").await)
    }

    /// The same for an operator.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn operator_sign_out(
        &self,
        who: &SignedInOperator,
    ) -> Result<Option<Elsewhere>, OpenIdError> {
        let known = self.app.operator_person(who.credential).await?;
        let mut staff = self.staff.iter();
        let provider = known.and_then(|known| staff.find(|one| one.issuer == known.issuer));
        Ok(match provider {
            Some(provider) => self.out_at_staff(provider).await,
            None => None,
        })
    }

    async fn out_at_staff(&self, provider: &StaffProvider) -> Option<Elsewhere> {
        let at = (&provider.issuer, provider.client.as_str());
        self.out_at(at, "/sign-in").await
    }

    async fn out_at(&self, (issuer, client): (&IssuerUrl, &str), back: &str) -> Option<Elsewhere> {
        let known = self.providers.as_ref()?.known(issuer.as_str()).await.ok()?;
        let back = format!("{}{back}", self.address.url);
        let mut to = known.metadata.end_session_endpoint.clone()?;
        to.query_pairs_mut()
            .append_pair("client_id", client)
            .append_pair("post_logout_redirect_uri", &back);
        Some(Elsewhere {
            issuer: issuer.clone(),
            to: to.into(),
        })
    }

    /// A provider of an org says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0):
    /// every browser session ends that they began by it, or, where it names only a session of its own, that began in
    /// that. Somebody whom it never vouched for is nobody here.
    ///
    /// # Errors
    /// Why its word is not taken.
    pub async fn signed_out_elsewhere(&self, org: &Slug, token: &str) -> Result<(), OpenIdError> {
        let issuer = self.issuer_said(org, token).await?;
        let at = (issuer.said.url.as_str(), issuer.said.client.as_str());
        let said = self.logout_said(at, token).await?;
        let once = hash_secret(&format!("openid-logout:{}:{}", issuer.id, said.jti));
        self.not_again(once).await?;
        if let Some(sub) = &said.sub {
            let subject = OpenIdSubject {
                issuer: issuer.id,
                subject: subject(&issuer, sub),
            };
            if let Some(credential) = self.app.openid_bound(org, subject).await? {
                self.app.store().end_browser_sessions_by(credential).await?;
            }
        }
        if let Some(sid) = &said.sid {
            let there = session(&issuer, sid);
            self.app.store().end_browser_sessions_at(there).await?;
        }
        self.remember_logout(once).await
    }

    /// A provider of the vendor's says that one of the staff has signed out there. Their browser sessions end, an
    /// agent's impersonation sessions everywhere before this returns, and an operator's credentials.
    ///
    /// # Errors
    /// Why its word is not taken.
    pub async fn staff_signed_out(&self, id: &Slug, token: &str) -> Result<(), OpenIdError> {
        let provider = self.staff_provider(id)?;
        let at = (provider.issuer.as_str(), provider.client.as_str());
        let said = self.logout_said(at, token).await?;
        let once = hash_secret(&format!("staff-logout:{}:{}", provider.issuer, said.jti));
        self.not_again(once).await?;
        if let Some(sub) = &said.sub {
            let known = provider.subject(sub);
            self.end_agent(known).await?;
            self.end_operators(known).await?;
        }
        if let Some(sid) = &said.sid {
            let there = provider.session(sid);
            self.end_agent(there).await?;
            self.end_operators(there).await?;
        }
        self.remember_logout(once).await
    }

    /// What a provider does not say of somebody any more, it takes away now, not when their sign-in runs out.
    pub(super) async fn take_away(
        &self,
        at: AtProvider,
        roles: StaffRoles,
    ) -> Result<(), OpenIdError> {
        let Some(subject) = at.subject else {
            return Ok(());
        };
        if !roles.agent {
            self.end_agent(subject).await?;
        }
        if !roles.operator {
            self.end_operators(subject).await?;
        }
        Ok(())
    }

    /// Ends what an agent does who is known so at a provider, or whose session there is. First what runs, while
    /// it can still be told whose it is; then the browsers; and then what was started meanwhile.
    async fn end_agent(&self, known: SecretHash) -> Result<(), OpenIdError> {
        let store = self.app.store();
        let mut agents: Vec<_> = self.app.agent_known_by(known).await?.into_iter().collect();
        for there in store.signed_in_at(known).await? {
            if let SignedInAt::Person(Person::Agent(agent)) = there {
                agents.push(agent);
            }
        }
        for agent in &agents {
            self.app.end_own_sessions(*agent).await?;
        }
        store.end_browser_sessions_at(known).await?;
        for agent in agents {
            self.app.end_own_sessions(agent).await?;
        }
        Ok(())
    }

    async fn end_operators(&self, known: SecretHash) -> Result<(), OpenIdError> {
        for there in self.app.store().signed_in_at(known).await? {
            if let SignedInAt::Operator(id) = there {
                let actor = Actor::Operator {
                    via: OperatorVia::Person { id },
                };
                self.app.revoke_credential(actor, id).await?;
            }
        }
        Ok(())
    }

    async fn logout_said(
        &self,
        (issuer, client): (&str, &str),
        token: &str,
    ) -> Result<LogoutToken, OpenIdError> {
        let providers = self.providers()?;
        let now = self.app.store().now().await?;
        let provider = providers.known(issuer).await?;
        let judged = logout_token(token, &provider.keys, issuer, client, now);
        if judged.as_ref().err() != Some(&BadToken::UnknownKey) {
            return Ok(judged?);
        }
        let newer = providers.with_newer_keys(issuer, &provider).await?;
        Ok(logout_token(token, &newer.keys, issuer, client, now)?)
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
    async fn not_again(&self, once: SecretHash) -> Result<(), OpenIdError> {
        if self.app.store().take_ceremony(once).await?.is_some() {
            // Looking takes it away.
            self.remember_logout(once).await?;
            return Err(BadToken::Expired.into());
        }
        Ok(())
    }

    /// Only what was done is remembered, so that a provider that is told otherwise can say it again.
    async fn remember_logout(&self, once: SecretHash) -> Result<(), OpenIdError> {
        let ceremony = NewCeremony {
            browser: once,
            kind: CeremonyKind::Logout,
            state: String::new(),
            good_for: Duration::from_millis(OLDEST_LOGOUT * 1_000 * 2),
        };
        Ok(self.app.store().begin_ceremony(ceremony).await?)
    }
}
