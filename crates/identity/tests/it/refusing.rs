//! Sign-ins by passkey that are none.

use countersign_domain::Duration;
use countersign_identity::{PasskeyError, soft_authenticator::Twist};

use crate::world::{ANNE, DANA, OPERATOR, ORIGIN, World, acme, email, good};

#[tokio::test]
async fn a_tampered_answer_signs_nobody_in() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    let anne = world.who(&world.by_link(ANNE).await).await;
    let countersign_domain::Person::Admin(anne) = anne.person else {
        panic!("Anne is an admin");
    };
    let not_verified: [(&str, &str, Twist); 5] = [
        ("another origin", "https://evil.test", Twist::default()),
        (
            "another name",
            ORIGIN,
            Twist {
                rp_id: Some("evil.test".into()),
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
        (
            "another challenge",
            ORIGIN,
            Twist {
                challenge: Some("AAAA".into()),
                ..Twist::default()
            },
        ),
    ];
    for (what, origin, twist) in not_verified {
        device.twist = twist;
        let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
        let answer = device.get(origin, &options);
        let refused = world.finish(&secret, &answer).await;
        assert!(
            matches!(refused, Err(PasskeyError::NotVerified(_))),
            "{what}: {refused:?}"
        );
    }
    // Dana's key, said to be Anne's.
    device.twist = Twist {
        user: Some(anne.as_uuid().as_bytes().to_vec()),
        ..Twist::default()
    };
    let refused = world.sign_in(&mut device).await;
    assert!(matches!(refused, Err(PasskeyError::Unknown)), "{refused:?}");
    // Said to be nobody's whom we know.
    device.twist.user = Some(vec![1, 2, 3]);
    let refused = world.sign_in(&mut device).await;
    assert!(
        matches!(refused, Err(PasskeyError::NotVerified(_))),
        "{refused:?}"
    );
    // A signature changed in one bit.
    device.twist = Twist::default();
    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let mut answer: serde_json::Value = good(serde_json::from_str(&device.get(ORIGIN, &options)));
    let mut signature = answer["response"]["signature"].as_str().unwrap().to_owned();
    let last = if signature.ends_with('A') { "Q" } else { "A" };
    signature.replace_range(
        20..21,
        if &signature[20..21] == last {
            "Q"
        } else {
            last
        },
    );
    answer["response"]["signature"] = signature.into();
    assert!(world.finish(&secret, &answer.to_string()).await.is_err());
    // Untouched, it is let in.
    assert!(good(world.sign_in(&mut device).await).claimed);
}

#[tokio::test]
async fn a_challenge_is_answered_once_in_time_and_by_the_browser_that_asked() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let answer = device.get(ORIGIN, &options);
    // Another browser, with a ceremony of its own or with none.
    let (_, others) = good(world.identity.begin_passkey_sign_in().await);
    let refused = world.finish(&others, &answer).await;
    assert!(
        matches!(refused, Err(PasskeyError::NotVerified(_))),
        "{refused:?}"
    );
    let none = world
        .identity
        .finish_passkey_sign_in("csp_guess", &answer, None)
        .await;
    assert!(matches!(none, Err(PasskeyError::NotAsked)), "{none:?}");
    good(world.finish(&secret, &answer).await);
    let replayed = world.finish(&secret, &answer).await;
    assert!(
        matches!(replayed, Err(PasskeyError::NotAsked)),
        "{replayed:?}"
    );

    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let answer = device.get(ORIGIN, &options);
    world.pass(Duration::from_mins(5));
    let late = world.finish(&secret, &answer).await;
    assert!(matches!(late, Err(PasskeyError::NotAsked)), "{late:?}");
    // What does not read uses the challenge up as well.
    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let unread = world.finish(&secret, "not JSON").await;
    assert!(
        matches!(unread, Err(PasskeyError::Unreadable(_))),
        "{unread:?}"
    );
    let answer = device.get(ORIGIN, &options);
    let used = world.finish(&secret, &answer).await;
    assert!(matches!(used, Err(PasskeyError::NotAsked)), "{used:?}");
}

/// A registration is no sign-in, and the other way round.
#[tokio::test]
async fn one_ceremony_is_not_answered_as_the_other() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    let cookie = world.by_link(DANA).await;
    let who = world.who(&cookie).await;
    let options = good(world.identity.begin_registering(&who, &cookie).await);
    let created = device.create(ORIGIN, &options);
    let (asked, secret) = good(world.identity.begin_passkey_sign_in().await);
    assert!(world.finish(&secret, &created).await.is_err());
    let got = device.get_with(0, ORIGIN, &asked);
    let name = crate::world::laptop();
    let refused = world
        .identity
        .finish_registering(&who, &cookie, name, &got)
        .await;
    assert!(refused.is_err(), "{refused:?}");
}

#[tokio::test]
async fn a_counter_that_goes_backwards_is_taken_for_a_copy() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    for (counter, good) in [(7, true), (7, false), (3, false), (0, false), (8, true)] {
        device.twist.counter = Some(counter);
        let signed_in = world.sign_in(&mut device).await;
        match (good, signed_in) {
            (true, Ok(_)) | (false, Err(PasskeyError::Copied)) => {}
            (_, other) => panic!("{counter}: {other:?}"),
        }
    }
}

/// Devices that count nothing always say zero.
#[tokio::test]
async fn a_device_without_a_counter_signs_in_again_and_again() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    device.twist.counter = Some(0);
    for _ in 0..3 {
        good(world.sign_in(&mut device).await);
    }
}

#[tokio::test]
async fn nobody_comes_in_as_somebody_who_may_not_act() {
    let world = World::new().await;
    let mut anne = world.device(ANNE).await;
    let (org, address) = (acme(), email(ANNE));
    let stopped = world.app.set_admin_active(OPERATOR, &org, &address, false);
    good(stopped.await);
    let refused = world.sign_in(&mut anne).await;
    assert!(
        matches!(refused, Err(PasskeyError::Inactive)),
        "{refused:?}"
    );
}

/// Signing in gives a fresh cookie and ends the session before: none that somebody planted goes on.
#[tokio::test]
async fn a_session_is_not_carried_over() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    let planted = world.by_link(ANNE).await;
    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let answer = device.get(ORIGIN, &options);
    let signed_in = world
        .identity
        .finish_passkey_sign_in(secret.expose(), &answer, Some(&planted))
        .await;
    let signed_in = good(signed_in);
    assert_ne!(signed_in.cookie.expose(), planted);
    assert!(world.identity.browser(&planted).await.is_err());
    assert_eq!(world.who(signed_in.cookie.expose()).await.email, DANA);
}
