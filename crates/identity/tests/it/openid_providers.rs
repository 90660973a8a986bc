//! Providers that go, are down, slow, elsewhere or keep a secret; and signing out.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration as Span,
};

use countersign_app::{Failure, Sealer, SignInBy};
use countersign_domain::{IssuerUrl, Refusal};
use countersign_identity::{BadToken, Identity, NoAnswer, OpenIdError, Outbound, Providers, Reach};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    provider::{CLIENT, Provider, SECRET},
    world::{ANNE, OPERATOR, World, acme, good},
};

use crate::openid_scene::*;

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
    let who = good(scene.identity.browser(dana.cookie.expose()).await);
    let elsewhere = good(scene.identity.openid_sign_out(&who).await).unwrap();
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
        ("logout+jwt", json!({"sub": null}), BadToken::Unreadable),
        (
            "logout+jwt",
            json!({"sub": "", "sid": ""}),
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
    // The same token does it once, however often it comes.
    let again = good(scene.sign_in_as(json!({"sid": "there"})).await);
    for _ in 0..3 {
        let replayed = told("logout+jwt", json!({})).await;
        assert!(
            matches!(replayed, Err(OpenIdError::BadToken(BadToken::Expired))),
            "{replayed:?}"
        );
    }
    assert!(scene.identity.browser(again.cookie.expose()).await.is_ok());
    // One that names only a session of the provider's ends what began in that.
    let other = good(scene.sign_in_as(json!({"sid": "other"})).await);
    let of_session = json!({"jti": "session", "sub": null, "sid": "other"});
    good(told("logout+jwt", of_session).await);
    for (cookie, stays) in [(&other.cookie, false), (&again.cookie, true)] {
        assert_eq!(scene.identity.browser(cookie.expose()).await.is_ok(), stays);
    }
    good(told("logout+jwt", json!({"jti": "two"})).await);
    assert!(scene.identity.browser(again.cookie.expose()).await.is_err());
}
