//! Adding passkeys.

use countersign_app::Failure;
use countersign_domain::{Duration, Refusal};
use countersign_identity::{
    PasskeyError,
    soft_authenticator::{SoftAuthenticator, Twist},
};

use crate::world::{ANNE, DANA, ORIGIN, World, good, laptop};

#[tokio::test]
async fn several_passkeys_each_sign_in_until_removed() {
    let world = World::new().await;
    let cookie = world.by_link(DANA).await;
    let mut device = SoftAuthenticator::new();
    let first = good(world.register(&mut device, &cookie).await);
    let second = good(world.register(&mut device, &cookie).await);
    assert_ne!(first, second);
    for which in [0, 1] {
        let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
        let answer = device.get_with(which, ORIGIN, &options);
        let signed_in = good(world.finish(&secret, &answer).await);
        let via = world.who(signed_in.cookie.expose()).await.via;
        assert_eq!(via, Some([first, second][which]));
    }
    // The claim was by the first; the second counts for nothing yet and can be taken away.
    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let answer = device.get_with(0, ORIGIN, &options);
    let claimer = good(world.finish(&secret, &answer).await).cookie;
    let actor = world.who(claimer.expose()).await.actor();
    good(world.app.remove_passkey(actor, second).await);
    let gone = world.sign_in(&mut device).await;
    assert!(matches!(gone, Err(PasskeyError::Unknown)), "{gone:?}");
    let last = world.app.remove_passkey(actor, first).await;
    assert!(
        matches!(last, Err(Failure::Refused(Refusal::LastPasskey))),
        "{last:?}"
    );
}

#[tokio::test]
async fn adding_one_takes_a_recent_sign_in() {
    let world = World::new().await;
    let cookie = world.by_link(DANA).await;
    world.pass(Duration::from_mins(15));
    let refused = world.register(&mut SoftAuthenticator::new(), &cookie).await;
    assert!(
        matches!(
            refused,
            Err(PasskeyError::Use(Failure::Refused(Refusal::SignInTooOld)))
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn only_an_honest_answer_of_the_same_browser_adds_one() {
    let world = World::new().await;
    let (danas, annes) = (world.by_link(DANA).await, world.by_link(ANNE).await);
    let dana = world.who(&danas).await;
    let anne = world.who(&annes).await;
    let finish = async |who, cookie: &str, answer: &str| {
        world
            .identity
            .finish_registering(who, cookie, laptop(), answer)
            .await
    };
    let begin = async || good(world.identity.begin_registering(&dana, &danas).await);
    type Case = (&'static str, &'static str, Twist);
    let twisted: [Case; 6] = [
        (
            "another origin",
            "https://support.example.com.evil.test",
            Twist::default(),
        ),
        (
            "the same name without TLS",
            "http://support.example.com",
            Twist::default(),
        ),
        (
            "another port",
            "https://support.example.com:8443",
            Twist::default(),
        ),
        (
            "another name",
            ORIGIN,
            Twist {
                rp_id: Some("example.com".into()),
                ..Twist::default()
            },
        ),
        (
            "nobody verified",
            ORIGIN,
            Twist {
                unverified: true,
                ..Twist::default()
            },
        ),
        (
            "a frame",
            ORIGIN,
            Twist {
                framed: true,
                ..Twist::default()
            },
        ),
    ];
    for (what, origin, twist) in twisted {
        let mut device = SoftAuthenticator::new();
        device.twist = twist;
        let answer = device.create(origin, &begin().await);
        let refused = finish(&dana, &danas, &answer).await;
        assert!(
            matches!(refused, Err(PasskeyError::NotVerified(_))),
            "{what}: {refused:?}"
        );
    }
    let mut device = SoftAuthenticator::new();
    device.twist.not_kept = true;
    let answer = device.create(ORIGIN, &begin().await);
    let refused = finish(&dana, &danas, &answer).await;
    assert!(matches!(refused, Err(PasskeyError::NotKept)), "{refused:?}");
    device.twist.not_kept = false;

    // Asked of Dana's browser, answered from Anne's: nothing was asked there.
    let answer = device.create(ORIGIN, &begin().await);
    let refused = finish(&anne, &annes, &answer).await;
    assert!(
        matches!(refused, Err(PasskeyError::NotAsked)),
        "{refused:?}"
    );
    // Each challenge is good once, whatever became of it.
    assert!(finish(&dana, &danas, "{}").await.is_err());
    let refused = finish(&dana, &danas, &answer).await;
    assert!(
        matches!(refused, Err(PasskeyError::NotAsked)),
        "{refused:?}"
    );
    // And for a while.
    let answer = device.create(ORIGIN, &begin().await);
    world.pass(Duration::from_mins(5));
    let refused = finish(&dana, &danas, &answer).await;
    assert!(
        matches!(refused, Err(PasskeyError::NotAsked)),
        "{refused:?}"
    );
    // An answer to an earlier challenge is none to this one.
    let stale = device.create(ORIGIN, &begin().await);
    begin().await;
    let refused = finish(&dana, &danas, &stale).await;
    assert!(
        matches!(refused, Err(PasskeyError::NotVerified(_))),
        "{refused:?}"
    );
    assert!(
        good(world.app.claim_read(dana.actor()).await)
            .passkeys
            .is_empty()
    );
}

/// A device's key names one account: it cannot be put onto another one as well.
#[tokio::test]
async fn a_passkey_belongs_to_one_account() {
    let world = World::new().await;
    let (danas, annes) = (world.by_link(DANA).await, world.by_link(ANNE).await);
    let (dana, anne) = (world.who(&danas).await, world.who(&annes).await);
    let mut device = SoftAuthenticator::new();
    let options = good(world.identity.begin_registering(&dana, &danas).await);
    let answer = device.create(ORIGIN, &options);
    // Anne's browser is asked, too; the device gives the same key with the challenge she was asked.
    let hers = good(world.identity.begin_registering(&anne, &annes).await);
    let again = device.create_again(ORIGIN, &hers);
    good(
        world
            .identity
            .finish_registering(&dana, &danas, laptop(), &answer)
            .await,
    );
    let refused = world
        .identity
        .finish_registering(&anne, &annes, laptop(), &again)
        .await;
    assert!(
        matches!(
            refused,
            Err(PasskeyError::Use(Failure::Refused(Refusal::PasskeyTaken)))
        ),
        "{refused:?}"
    );
}
