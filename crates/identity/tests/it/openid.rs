//! Signing in by an OpenID provider, and everything that signs nobody in.

use std::sync::{Arc, atomic::Ordering};

use countersign_app::{Failure, Sealer, SignInBy};
use countersign_domain::{Actor, Duration, HostName, Org, OrgId, Refusal};
use countersign_identity::{BadToken, OpenIdError};
use serde_json::json;

use crate::{
    provider::{CLIENT, Key, Provider, SECRET, Signs},
    world::{ANNE, DANA, OPERATOR, ORIGIN, acme, good},
};

use crate::openid_scene::*;

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
async fn whoever_begins_at_an_address_of_their_orgs_own_comes_back_to_it() {
    let scene = Scene::new().await;
    let app = &scene.world.app;
    let hosts = vec![good(HostName::parse("login.acme.test"))];
    good(app.set_hosts(OPERATOR, &acme(), hosts).await);
    let own = good(app.address_at("login.acme.test").await).unwrap();
    let identity = scene.identity.at(&own);
    let Ok(SignInBy::Org(org)) = app.sign_in_by("acme").await else {
        panic!("there is such an org");
    };
    let (ways, secret) = good(identity.begin_openid(&org).await);
    let to = good(ways[0].to.clone());
    let back = "redirect_uri=https%3A%2F%2Flogin.acme.test%2Fsign-in%2Fopenid%2Facme";
    assert!(to.contains(back), "{to}");
    let came = scene.provider.sign_in(&to);
    good(
        identity
            .finish_openid(&acme(), secret.expose(), &came, None)
            .await,
    );
    let both = scene.issuers().await[0].returns_to.clone();
    let own = format!("{}/sign-in/openid/acme", own.url);
    assert_eq!(both, [format!("{ORIGIN}/sign-in/openid/acme"), own]);
    // Another org's people are nobody there.
    let globex = Org {
        id: OrgId::from_uuid(uuid::Uuid::from_u128(7)),
        ..*org
    };
    let refused = identity.begin_openid(&globex).await;
    assert!(matches!(
        refused,
        Err(OpenIdError::Use(Failure::Refused(Refusal::OrgNotFound)))
    ));
}
