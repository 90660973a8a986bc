//! Signing in by an OpenID provider, and everything that signs nobody in.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration as Span,
};

use countersign_app::{BootClock, Failure, IssuerRead, Sealer, Secret, SignInBy};
use countersign_domain::{Actor, OpenIdClient, Duration, IssuerUrl, MailDomain, NewIssuer, Refusal};
use countersign_identity::{
    BadToken, Came, Identity, NoAnswer, OpenIdError, OpenIdSignedIn, Outbound, Providers, Reach,
};
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    provider::{CLIENT, Key, Provider, SECRET, Signs},
    world::{ANNE, DANA, OPERATOR, ORIGIN, World, acme, good},
};

/// The store's time at the start of every test, in seconds.
const NOW: i64 = 1_893_456_000;

#[derive(Default)]
struct HandBoot(AtomicU64);

impl BootClock for HandBoot {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

struct Scene {
    world: World,
    identity: Identity,
    provider: Provider,
    boot: Arc<HandBoot>,
}

fn tls() -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Arc::new(config)
}

fn at_home() -> Reach {
    Reach {
        own_machine: true,
        ..Reach::default()
    }
}

fn said(issuer: &str) -> NewIssuer {
    NewIssuer {
        url: good(IssuerUrl::parse(issuer)),
        client: good(OpenIdClient::parse(CLIENT)),
        domains: BTreeSet::from([good(MailDomain::parse("acme.test"))]),
    }
}

impl Scene {
    /// Acme with a provider that an operator has added; nobody has claimed it.
    async fn new() -> Self {
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
    async fn begin(&self) -> (String, Secret) {
        let Ok(SignInBy::Org(org)) = self.world.app.sign_in_by("x@acme.test").await else {
            panic!("the org is found by the domain");
        };
        let (ways, secret) = good(self.identity.begin_openid(&org).await);
        (good(ways[0].to.clone()), secret)
    }

    async fn finish(&self, secret: &Secret, came: &Came) -> Result<OpenIdSignedIn, OpenIdError> {
        self.identity
            .finish_openid(&acme(), secret.expose(), came, None)
            .await
    }

    async fn sign_in(&self) -> Result<OpenIdSignedIn, OpenIdError> {
        let (to, secret) = self.begin().await;
        self.finish(&secret, &self.provider.sign_in(&to)).await
    }

    /// The same with these claims over those that the provider would make.
    async fn sign_in_as(&self, claims: Value) -> Result<OpenIdSignedIn, OpenIdError> {
        self.provider.plan().claims = claims;
        self.sign_in().await
    }

    async fn issuers(&self) -> Vec<IssuerRead> {
        good(self.world.app.issuers(OPERATOR, &acme()).await)
    }
}

fn bad(signed_in: &Result<OpenIdSignedIn, OpenIdError>) -> BadToken {
    match signed_in {
        Err(OpenIdError::BadToken(why)) => *why,
        other => panic!("{other:?}"),
    }
}

fn refusal(signed_in: &Result<OpenIdSignedIn, OpenIdError>) -> Refusal {
    match signed_in {
        Err(OpenIdError::Use(Failure::Refused(refusal))) => refusal.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_super_admin_comes_in_and_claims_the_org() {
    let scene = Scene::new().await;
    let (to, _) = scene.begin().await;
    assert!(
        to.contains("redirect_uri=https%3A%2F%2Fsupport.example.com%2Fsign-in%2Fopenid%2Facme"),
        "{to}"
    );
    let signed_in = good(scene.sign_in().await);
    assert!(signed_in.who.claimed);
    let who = good(scene.identity.browser(signed_in.cookie.expose()).await);
    assert_eq!(
        (who.email.as_str(), who.via),
        (DANA, Some(signed_in.who.credential))
    );
    let issuers = scene.issuers().await;
    assert_eq!(issuers[0].bound[0].admin.email.as_str(), DANA);
    assert_eq!(
        issuers[0].returns_to,
        [format!("{ORIGIN}/sign-in/openid/acme")]
    );
    // From then on by the number, whatever address is given.
    let again = good(scene.sign_in_as(json!({"email": ANNE})).await);
    assert_eq!(
        (again.who.admin, again.who.claimed),
        (signed_in.who.admin, false)
    );
    let none = good(
        scene
            .sign_in_as(json!({"email": null, "email_verified": null}))
            .await,
    );
    assert_eq!(none.who.admin, signed_in.who.admin);
    // And what they do counts.
    let actor = good(scene.identity.browser(none.cookie.expose()).await).actor();
    let read = good(scene.world.app.claim_read(actor).await);
    assert_eq!((read.unaccepted, read.org.claim.is_some()), (None, true));
}

#[tokio::test]
async fn what_a_provider_signs_is_for_this_sign_in_or_for_nothing() {
    let scene = Scene::new().await;
    let other = "https://login.example.com";
    for (claims, why) in [
        (json!({"iss": other}), BadToken::Issuer),
        (
            json!({"iss": [scene.provider.issuer]}),
            BadToken::Unreadable,
        ),
        (json!({"iss": null}), BadToken::Unreadable),
        (json!({"aud": "another"}), BadToken::Audience),
        (json!({"aud": ["another"]}), BadToken::Audience),
        (json!({"aud": null}), BadToken::Unreadable),
        (json!({"aud": [CLIENT, "another"]}), BadToken::Audience),
        (
            json!({"aud": [CLIENT, "another"], "azp": "another"}),
            BadToken::Audience,
        ),
        (json!({"azp": "another"}), BadToken::Audience),
        (json!({"nonce": "another"}), BadToken::Nonce),
        (json!({"nonce": null}), BadToken::Nonce),
        (json!({"sub": ""}), BadToken::Unreadable),
        (json!({"sub": null}), BadToken::Unreadable),
        (json!({"exp": null}), BadToken::Unreadable),
        (json!({"exp": NOW - 60}), BadToken::Expired),
        (json!({"iat": NOW - 600}), BadToken::Expired),
        (json!({"iat": NOW + 61}), BadToken::Early),
        (json!({"nbf": NOW + 61}), BadToken::Early),
        (json!({"at_hash": "another"}), BadToken::AccessToken),
        (json!({"act": {"sub": "sam@vendor.test"}}), BadToken::Acts),
        (json!({"act": "sam@vendor.test"}), BadToken::Acts),
    ] {
        let signed_in = scene.sign_in_as(claims.clone()).await;
        assert_eq!(bad(&signed_in), why, "{claims}");
    }
    assert_eq!(scene.issuers().await[0].bound.len(), 0);
    // The clocks may differ by a minute; several audiences name the one that asked.
    for claims in [
        json!({"exp": NOW - 59, "iat": NOW - 300}),
        json!({"iat": NOW + 60, "nbf": NOW + 60}),
        json!({"aud": [CLIENT, "another"], "azp": CLIENT}),
        json!({"aud": [CLIENT]}),
    ] {
        let signed_in = scene.sign_in_as(claims.clone()).await;
        assert!(signed_in.is_ok(), "{claims}: {signed_in:?}");
    }
}

#[tokio::test]
async fn only_the_providers_keys_sign_for_it_and_in_ways_that_are_taken() {
    let scene = Scene::new().await;
    for (signs, why) in [
        (Signs::WithAnotherKey, BadToken::Signature),
        (Signs::NotAtAll, BadToken::Algorithm),
        (Signs::WithItsPublicKey, BadToken::Algorithm),
    ] {
        scene.provider.plan().signs = signs;
        assert_eq!(bad(&scene.sign_in().await), why, "{signs:?}");
    }
    scene.provider.plan().signs = Signs::Well;
    assert!(scene.sign_in().await.is_ok());
}

#[tokio::test]
async fn new_keys_are_fetched_when_a_token_names_one_and_not_more_often() {
    let scene = Scene::new().await;
    assert!(scene.sign_in().await.is_ok());
    let fetched = || scene.provider.plan().fetched["keys"];
    assert_eq!(fetched(), 1);
    // The provider changes its keys.
    scene.provider.plan().keys = vec![Key::new("two")];
    scene.boot.0.store(60_000, Ordering::SeqCst);
    assert!(scene.sign_in().await.is_ok());
    assert_eq!(fetched(), 2);
    // Tokens that name keys that nobody has do not make the server ask again and again.
    scene.provider.plan().signs_with = Some(Key::new("nowhere"));
    for _ in 0..3 {
        assert_eq!(bad(&scene.sign_in().await), BadToken::UnknownKey);
    }
    assert_eq!(fetched(), 2);
    scene.boot.0.store(120_000, Ordering::SeqCst);
    assert_eq!(bad(&scene.sign_in().await), BadToken::UnknownKey);
    assert_eq!(fetched(), 3);
    assert_eq!(scene.provider.plan().fetched["configuration"], 1);
}

#[tokio::test]
async fn a_sign_in_is_good_once_for_its_browser_and_for_ten_minutes() {
    let scene = Scene::new().await;
    let (to, secret) = scene.begin().await;
    let came = scene.provider.sign_in(&to);
    let (_, another) = scene.begin().await;
    let stolen = scene.finish(&another, &came).await;
    assert!(matches!(stolen, Err(OpenIdError::NotAsked)), "{stolen:?}");
    assert!(scene.finish(&secret, &came).await.is_ok());
    let replayed = scene.finish(&secret, &came).await;
    assert!(
        matches!(replayed, Err(OpenIdError::NotAsked)),
        "{replayed:?}"
    );
    // A code that was spent before, in a sign-in of one's own.
    let (to, secret) = scene.begin().await;
    let mut mine = scene.provider.sign_in(&to);
    mine.code = came.code;
    let spent = scene.finish(&secret, &mine).await;
    assert!(
        matches!(&spent, Err(OpenIdError::NoToken(why)) if why == "invalid_grant"),
        "{spent:?}"
    );
    // Somebody else's code, put into it: the provider holds it against the verifier (RFC 7636).
    let (others, _) = scene.begin().await;
    let (to, secret) = scene.begin().await;
    let (theirs, mut mine) = (scene.provider.sign_in(&others), scene.provider.sign_in(&to));
    mine.code = theirs.code;
    let injected = scene.finish(&secret, &mine).await;
    assert!(
        matches!(&injected, Err(OpenIdError::NoToken(_))),
        "{injected:?}"
    );
    // Late.
    let (to, secret) = scene.begin().await;
    let came = scene.provider.sign_in(&to);
    scene.world.pass(Duration::from_mins(10));
    let late = scene.finish(&secret, &came).await;
    assert!(matches!(late, Err(OpenIdError::NotAsked)), "{late:?}");
}

#[tokio::test]
async fn a_provider_that_might_be_another_says_which_it_is() {
    let scene = Scene::new().await;
    let with_issuer = async |named: Option<&str>| {
        let (to, secret) = scene.begin().await;
        let mut came = scene.provider.sign_in(&to);
        came.issuer = named.map(str::to_owned);
        scene.finish(&secret, &came).await
    };
    let mixed_up =
        |signed_in: &Result<_, OpenIdError>| matches!(signed_in, Err(OpenIdError::MixedUp));
    assert!(mixed_up(
        &with_issuer(Some("https://evil.example.com")).await
    ));
    assert!(with_issuer(None).await.is_ok());
    // Another provider of the org's own, the vendor's perhaps: from then on it has to be said.
    let second = Provider::new(NOW).await;
    good(
        scene
            .world
            .app
            .add_issuer(OPERATOR, &acme(), said(&second.issuer), None)
            .await,
    );
    assert!(mixed_up(&with_issuer(None).await));
    assert!(mixed_up(&with_issuer(Some(&second.issuer)).await));
    assert!(with_issuer(Some(&scene.provider.issuer)).await.is_ok());
    // What is promised is held.
    let scene = Scene::new().await;
    scene.provider.plan().metadata =
        json!({"authorization_response_iss_parameter_supported": true});
    let (to, secret) = scene.begin().await;
    let mut came = scene.provider.sign_in(&to);
    came.issuer = None;
    assert!(mixed_up(&scene.finish(&secret, &came).await));
    // Nor does what was begun for one org end at another's address.
    let (to, secret) = scene.begin().await;
    let came = scene.provider.sign_in(&to);
    let globex = good(countersign_domain::Slug::parse("globex"));
    let elsewhere = scene
        .identity
        .finish_openid(&globex, secret.expose(), &came, None)
        .await;
    assert!(mixed_up(&elsewhere));
}

#[tokio::test]
async fn who_comes_in_is_an_active_admin_whose_address_the_provider_has_verified() {
    let scene = Scene::new().await;
    for claims in [
        json!({"email_verified": false}),
        json!({"email_verified": "false"}),
        json!({"email_verified": null}),
        json!({"email_verified": 1}),
        json!({"email": "no address"}),
    ] {
        let signed_in = scene.sign_in_as(claims.clone()).await;
        assert!(
            matches!(signed_in, Err(OpenIdError::NoAddress)),
            "{claims}: {signed_in:?}"
        );
    }
    for email in ["nobody@acme.test", "dana@elsewhere.test"] {
        assert_eq!(
            refusal(&scene.sign_in_as(json!({"email": email})).await),
            Refusal::OpenIdUnknown
        );
    }
    // Some providers write it as text, or in another case, or tell it when asked only.
    let by_text = json!({"email": "Dana@Acme.Test", "email_verified": "true"});
    let dana = good(scene.sign_in_as(by_text).await);
    let silent = json!({"email": null, "email_verified": null, "sub": "1002"});
    let mut told = json!({"sub": "1002", "email": ANNE, "email_verified": true});
    scene.provider.plan().userinfo = told.clone();
    let anne = good(scene.sign_in_as(silent).await);
    assert_ne!(anne.who.admin, dana.who.admin);
    // What it tells is about the one who signed in, and no impersonation either.
    let silent = json!({"email": null, "email_verified": null, "sub": "1003"});
    scene.provider.plan().userinfo = told.clone();
    assert_eq!(
        bad(&scene.sign_in_as(silent.clone()).await),
        BadToken::Audience
    );
    told["sub"] = json!("1003");
    told["act"] = json!({"sub": "sam@vendor.test"});
    scene.provider.plan().userinfo = told;
    assert_eq!(bad(&scene.sign_in_as(silent).await), BadToken::Acts);
    // Dana's address at the provider is somebody else's now.
    let reassigned = json!({"email": DANA, "sub": "1004"});
    assert_eq!(
        refusal(&scene.sign_in_as(reassigned).await),
        Refusal::OpenIdOtherwise
    );
    good(
        scene
            .world
            .app
            .set_admin_active(OPERATOR, &acme(), &crate::world::email(ANNE), false)
            .await,
    );
    let annes = scene.sign_in_as(json!({"sub": "1002"})).await;
    assert_eq!(refusal(&annes), Refusal::CallerInactive);
}

#[tokio::test]
async fn an_address_that_two_providers_claim_is_the_first_ones() {
    let scene = Scene::new().await;
    good(scene.sign_in().await);
    let first = scene.issuers().await[0].issuer.id;
    let second = Provider::new(NOW).await;
    let added = scene
        .world
        .app
        .clone()
        .with_sealer(Sealer::new(&"k".repeat(32)).map(Arc::new));
    good(
        added
            .add_issuer(OPERATOR, &acme(), said(&second.issuer), Some(SECRET))
            .await,
    );
    let Ok(SignInBy::Org(org)) = scene.world.app.sign_in_by("acme").await else {
        panic!("the org is found by its name");
    };
    let by_second = async || {
        let (ways, secret) = good(scene.identity.begin_openid(&org).await);
        let to = good(ways[1].to.clone());
        scene.finish(&secret, &second.sign_in(&to)).await
    };
    assert_eq!(refusal(&by_second().await), Refusal::OpenIdOtherwise);
    // Nor does the number of one mean anything at the other: it is another person until linked.
    let dana = good(scene.sign_in().await);
    let actor = good(scene.identity.browser(dana.cookie.expose()).await).actor();
    assert!(matches!(actor, Actor::Admin { via: Some(_), .. }));
    let last = scene.world.app.remove_issuer(actor, &acme(), first).await;
    assert!(
        matches!(last, Err(Failure::Refused(Refusal::LastWayIn))),
        "{last:?}"
    );
}

#[tokio::test]
async fn a_provider_that_is_removed_lets_nobody_in_and_whoever_came_by_it_is_out() {
    let scene = Scene::new().await;
    scene.provider.plan().claims = json!({"email": "ben@acme.test"});
    let ben = good(scene.sign_in().await);
    let (to, secret) = scene.begin().await;
    let came = scene.provider.sign_in(&to);
    let id = scene.issuers().await[0].issuer.id;
    good(scene.world.app.remove_issuer(OPERATOR, &acme(), id).await);
    assert!(scene.identity.browser(ben.cookie.expose()).await.is_err());
    assert_eq!(
        refusal(&scene.finish(&secret, &came).await),
        Refusal::IssuerNotFound
    );
    let found = scene.world.app.sign_in_by("x@acme.test").await;
    assert!(matches!(found, Ok(SignInBy::None)), "{found:?}");
}

#[tokio::test]
async fn a_provider_that_is_down_slow_or_wrong_is_told_from_one_that_answers() {
    let scene = Scene::new().await;
    let Ok(SignInBy::Org(org)) = scene.world.app.sign_in_by("acme").await else {
        panic!("the org is found by its name");
    };
    let way = async || {
        let (ways, _) = good(scene.identity.begin_openid(&org).await);
        ways[0].to.clone()
    };
    scene.provider.plan().down = true;
    assert_eq!(way().await, Err(NoAnswer::Status(503)));
    // It is left alone for a moment.
    scene.provider.plan().down = false;
    assert_eq!(way().await, Err(NoAnswer::Status(503)));
    assert_eq!(scene.provider.plan().fetched["configuration"], 1);
    let mut at = 0;
    let mut later = || {
        at += 10_000;
        scene.boot.0.store(at, Ordering::SeqCst);
    };
    for (said, why) in [
        (json!({"issuer": "https://evil.example.com"}), "issuer"),
        (
            json!({"jwks_uri": format!("{}/moved", scene.provider.issuer)}),
            "status 307",
        ),
        (json!({"jwks_uri": "http://169.254.169.254/keys"}), "may be"),
        (json!({"token_endpoint": "file:///etc/passwd"}), "may be"),
        (
            json!({"authorization_endpoint": "javascript:alert(1)"}),
            "may be",
        ),
        (json!({"token_endpoint": null}), "does not read"),
        (json!({"more": "x".repeat(600_000)}), "does not read"),
    ] {
        later();
        scene.provider.plan().metadata = said.clone();
        let failed = way().await.expect_err("no way").to_string();
        assert!(failed.contains(why), "{failed}");
    }
    scene.provider.plan().metadata = json!({});
    later();
    assert!(way().await.is_ok());
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_not_waited_for() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", silent.local_addr().unwrap());
    let outbound = Outbound::new(tls(), at_home()).with_patience(Span::from_millis(50));
    let providers = Providers::new(outbound, Arc::new(HandBoot::default()));
    let world = World::new().await;
    let identity = Identity::new(world.app.clone()).with_openid(providers);
    good(
        world
            .app
            .add_issuer(OPERATOR, &acme(), said(&issuer), None)
            .await,
    );
    let Ok(SignInBy::Org(org)) = world.app.sign_in_by("acme").await else {
        panic!("the org is found by its name");
    };
    let (ways, _) = good(identity.begin_openid(&org).await);
    assert_eq!(ways[0].to, Err(NoAnswer::TooLate));
}

#[tokio::test]
async fn a_server_for_others_connects_to_no_provider_in_its_own_network() {
    let (world, provider) = (World::new().await, Provider::new(NOW).await);
    let providers = Providers::new(
        Outbound::new(tls(), Reach::default()),
        Arc::new(HandBoot::default()),
    );
    let identity = Identity::new(world.app.clone()).with_openid(providers);
    let port = provider.issuer.rsplit_once(':').unwrap().1;
    for issuer in [
        provider.issuer.clone(),
        format!("https://127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
        format!("https://[::1]:{port}"),
        "https://169.254.169.254".to_owned(),
        "https://10.0.0.1".to_owned(),
    ] {
        let added = good(
            world
                .app
                .add_issuer(OPERATOR, &acme(), said(&issuer), None)
                .await,
        );
        let Ok(SignInBy::Org(org)) = world.app.sign_in_by("acme").await else {
            panic!("the org is found by its name");
        };
        let (ways, _) = good(identity.begin_openid(&org).await);
        assert!(
            matches!(ways[0].to, Err(NoAnswer::NotThere(_))),
            "{issuer}: {:?}",
            ways[0].to
        );
        good(
            world
                .app
                .remove_issuer(OPERATOR, &acme(), added.issuer.id)
                .await,
        );
    }
    assert_eq!(provider.plan().fetched.len(), 0);
}

#[tokio::test]
async fn a_client_secret_is_read_with_the_deployments_key_only_and_on_no_log() {
    let scene = Scene::new().await;
    let issuer = scene.issuers().await.remove(0).issuer;
    let without = scene.world.app.client_secret(&issuer);
    assert!(
        matches!(without, Err(Failure::Refused(Refusal::NothingToSealWith))),
        "{without:?}"
    );
    let with = |key: &str| {
        scene
            .world
            .app
            .clone()
            .with_sealer(Sealer::new(key).map(Arc::new))
    };
    let right = with(&"k".repeat(32));
    assert_eq!(good(right.client_secret(&issuer)).as_deref(), Some(SECRET));
    assert!(with(&"l".repeat(32)).client_secret(&issuer).is_err());
    // Moved to an issuer of somebody else's, it opens no more.
    let mut moved = issuer.clone();
    moved.said.url = good(IssuerUrl::parse("https://evil.example.com"));
    assert!(right.client_secret(&moved).is_err());
    let app = &scene.world.app;
    let said = said("https://a.example.com");
    let refused = app.add_issuer(OPERATOR, &acme(), said, Some("x")).await;
    assert!(matches!(
        refused,
        Err(Failure::Refused(Refusal::NothingToSealWith))
    ));
    // A sign-in goes on with the secret that was set last.
    good(
        right
            .set_issuer_secret(OPERATOR, &acme(), issuer.id, Some("wrong"))
            .await,
    );
    let wrong = scene.sign_in().await;
    assert!(
        matches!(&wrong, Err(OpenIdError::NoToken(why)) if why == "invalid_client"),
        "{wrong:?}"
    );
    good(
        right
            .set_issuer_secret(OPERATOR, &acme(), issuer.id, Some(SECRET))
            .await,
    );
    let dana = good(scene.sign_in().await);
    let org = good(scene.identity.browser(dana.cookie.expose()).await);
    let store = scene.world.app.store();
    let read = good(scene.world.app.claim_read(org.actor()).await);
    let sealed = issuer.sealed.unwrap();
    for entry in good(store.entries(read.org.id, 0, 100).await) {
        let text = String::from_utf8(entry.encoded).unwrap();
        assert!(
            !text.contains(sealed.as_str()) && !text.contains(SECRET),
            "{text}"
        );
    }
}

#[tokio::test]
async fn who_came_by_a_provider_may_sign_out_there() {
    let scene = Scene::new().await;
    let dana = good(scene.sign_in().await);
    let elsewhere = good(scene.identity.openid_sign_out(dana.who.credential).await).unwrap();
    assert_eq!(
        elsewhere.to,
        format!(
            "{}/end?client_id={CLIENT}&post_logout_redirect_uri=https%3A%2F%2Fsupport.example.com%2Fsign-in",
            scene.provider.issuer
        )
    );
}

#[tokio::test]
async fn who_signs_out_at_their_provider_is_out_here() {
    let scene = Scene::new().await;
    let (one, two) = (good(scene.sign_in().await), good(scene.sign_in().await));
    let annes = json!({"sub": "1002", "email": ANNE});
    let anne = good(scene.sign_in_as(annes).await);
    let told = async |kind: &str, claims: Value| {
        let token = scene.provider.logout_token(kind, &claims);
        scene.identity.signed_out_elsewhere(&acme(), &token).await
    };
    let event = "http://schemas.openid.net/event/backchannel-logout";
    for (kind, claims, why) in [
        (
            "logout+jwt",
            json!({"iss": "https://evil.example.com"}),
            BadToken::Issuer,
        ),
        ("logout+jwt", json!({"aud": "another"}), BadToken::Audience),
        ("logout+jwt", json!({"nonce": "n"}), BadToken::Otherwise),
        ("logout+jwt", json!({"events": {}}), BadToken::Otherwise),
        (
            "logout+jwt",
            json!({"events": {event: "x"}}),
            BadToken::Otherwise,
        ),
        ("logout+jwt", json!({"events": null}), BadToken::Unreadable),
        ("logout+jwt", json!({"jti": null}), BadToken::Unreadable),
        (
            "logout+jwt",
            json!({"sub": null, "sid": "s"}),
            BadToken::Unreadable,
        ),
        ("logout+jwt", json!({"exp": NOW - 60}), BadToken::Expired),
        ("logout+jwt", json!({"iat": NOW - 120}), BadToken::Expired),
        ("logout+jwt", json!({"iat": NOW + 61}), BadToken::Early),
        ("at+jwt", json!({}), BadToken::Unreadable),
    ] {
        let refused = told(kind, claims.clone()).await;
        assert!(
            matches!(refused, Err(OpenIdError::BadToken(said)) if said == why),
            "{kind} {claims}: {refused:?}"
        );
    }
    assert!(scene.identity.browser(one.cookie.expose()).await.is_ok());
    // Somebody whom the provider never vouched for.
    good(told("JWT", json!({"sub": "1009", "jti": "nine"})).await);
    assert!(scene.identity.browser(two.cookie.expose()).await.is_ok());
    good(told("logout+jwt", json!({})).await);
    for (cookie, stays) in [
        (&one.cookie, false),
        (&two.cookie, false),
        (&anne.cookie, true),
    ] {
        assert_eq!(scene.identity.browser(cookie.expose()).await.is_ok(), stays);
    }
    // The same token does it once.
    let again = good(scene.sign_in_as(json!({})).await);
    let replayed = told("logout+jwt", json!({})).await;
    assert!(
        matches!(replayed, Err(OpenIdError::BadToken(BadToken::Expired))),
        "{replayed:?}"
    );
    assert!(scene.identity.browser(again.cookie.expose()).await.is_ok());
    good(told("logout+jwt", json!({"jti": "two"})).await);
    assert!(scene.identity.browser(again.cookie.expose()).await.is_err());
}
