//! A provider, an org that takes its word, and a browser.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration as Span,
};

use countersign_app::{BootClock, Failure, IssuerRead, Sealer, Secret, SignInBy};
use countersign_domain::{IssuerUrl, MailDomain, NewIssuer, OpenIdClient, Refusal};
use countersign_identity::{
    BadToken, Came, Identity, OpenIdError, OpenIdSignedIn, Outbound, Providers, Reach,
};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;

use crate::{
    provider::{CLIENT, Provider, SECRET},
    world::{OPERATOR, World, acme, good},
};

/// The store's time at the start of every test, in seconds.
pub(crate) const NOW: i64 = 1_893_456_000;

#[derive(Default)]
pub(crate) struct HandBoot(pub(crate) AtomicU64);

impl BootClock for HandBoot {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) identity: Identity,
    pub(crate) provider: Provider,
    pub(crate) boot: Arc<HandBoot>,
}

pub(crate) fn tls() -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Arc::new(config)
}

pub(crate) fn at_home() -> Reach {
    Reach {
        own_machine: true,
        ..Reach::default()
    }
}

pub(crate) fn said(issuer: &str) -> NewIssuer {
    NewIssuer {
        url: good(IssuerUrl::parse(issuer)),
        client: good(OpenIdClient::parse(CLIENT)),
        domains: BTreeSet::from([good(MailDomain::parse("acme.test"))]),
    }
}

impl Scene {
    /// Acme with a provider that an operator has added; nobody has claimed it.
    pub(crate) async fn new() -> Self {
        let (world, provider) = (World::new().await, Provider::new(NOW).await);
        let boot = Arc::new(HandBoot::default());
        let clock = Arc::clone(&boot) as Arc<dyn BootClock>;
        let outbound = Outbound::new(tls(), at_home()).with_patience(Span::from_millis(500));
        let sealer = Sealer::new(&"k".repeat(32)).map(Arc::new);
        let app = world.app.clone().with_sealer(sealer);
        let identity = Identity::new(app.clone()).with_openid(Providers::new(outbound, clock));
        good(
            app.add_issuer(OPERATOR, &acme(), said(&provider.issuer), Some(SECRET))
                .await,
        );
        Self {
            world,
            identity,
            provider,
            boot,
        }
    }

    /// The address at the provider, and the browser's secret.
    pub(crate) async fn begin(&self) -> (String, Secret) {
        let Ok(SignInBy::Org(org)) = self.world.app.sign_in_by("x@acme.test").await else {
            panic!("the org is found by the domain");
        };
        let (ways, secret) = good(self.identity.begin_openid(&org).await);
        (good(ways[0].to.clone()), secret)
    }

    pub(crate) async fn finish(
        &self,
        secret: &Secret,
        came: &Came,
    ) -> Result<OpenIdSignedIn, OpenIdError> {
        self.identity
            .finish_openid(&acme(), secret.expose(), came, None)
            .await
    }

    pub(crate) async fn sign_in(&self) -> Result<OpenIdSignedIn, OpenIdError> {
        let (to, secret) = self.begin().await;
        self.finish(&secret, &self.provider.sign_in(&to)).await
    }

    /// The same with these claims over those that the provider would make.
    pub(crate) async fn sign_in_as(&self, claims: Value) -> Result<OpenIdSignedIn, OpenIdError> {
        self.provider.plan().claims = claims;
        self.sign_in().await
    }

    pub(crate) async fn issuers(&self) -> Vec<IssuerRead> {
        good(self.world.app.issuers(OPERATOR, &acme()).await)
    }
}

pub(crate) fn bad(signed_in: &Result<OpenIdSignedIn, OpenIdError>) -> BadToken {
    match signed_in {
        Err(OpenIdError::BadToken(why)) => *why,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn refusal(signed_in: &Result<OpenIdSignedIn, OpenIdError>) -> Refusal {
    match signed_in {
        Err(OpenIdError::Use(Failure::Refused(refusal))) => refusal.clone(),
        other => panic!("{other:?}"),
    }
}
