//! What a sign-in by passkey brings about (R3).

use countersign_app::{AwaitingRef, Failure, Waiting};
use countersign_domain::{Actor, Refusal};
use countersign_identity::{PasskeyError, soft_authenticator::SoftAuthenticator};

use crate::world::{ANNE, DANA, World, acme, email, good};

#[tokio::test]
async fn the_first_sign_in_by_passkey_claims_the_org_for_good() {
    let world = World::new().await;
    let mut ben = world.device("ben@acme.test").await;
    assert!(
        !good(world.sign_in(&mut ben).await).claimed,
        "no super admin"
    );
    let mut dana = world.device(DANA).await;
    let mut anne = world.device(ANNE).await;
    let read = |cookie: String| {
        let world = &world;
        async move {
            let who = world.who(&cookie).await;
            good(world.app.claim_read(who.actor()).await)
        }
    };
    let signed_in = good(world.sign_in(&mut dana).await);
    assert!(signed_in.claimed);
    let cookie = signed_in.cookie.expose().to_owned();
    let claim = read(cookie.clone()).await;
    assert_eq!(
        claim.claimed_by().map(|admin| admin.email.as_str()),
        Some(DANA)
    );
    assert_eq!(claim.unaccepted, None);
    // It says through which credential, and that is the passkey.
    let who = world.who(&cookie).await;
    assert_eq!(who.via, Some(claim.passkeys[0].id));
    assert!(matches!(who.actor(), Actor::Admin { via: Some(_), .. }));
    // Everybody else, and every other way in, waits: three links that are in use, Ben, Anne, and
    // their passkeys.
    let mut waiting: Vec<&str> = claim
        .waiting
        .iter()
        .map(|one| match one {
            Waiting::Admin(_) => "admin",
            Waiting::Role(..) => "role",
            Waiting::Credential(_) => "credential",
            Waiting::Passkey(_) => "passkey",
            Waiting::Issuer(_) => "provider",
            Waiting::Client(_) => "client",
        })
        .collect();
    waiting.sort_unstable();
    assert_eq!(
        waiting,
        [
            "admin",
            "admin",
            "credential",
            "credential",
            "credential",
            "passkey",
            "passkey"
        ]
    );

    let second = good(world.sign_in(&mut anne).await);
    assert!(!second.claimed);
    let annes = read(second.cookie.expose().to_owned()).await;
    assert_eq!(annes.unaccepted, Some(Refusal::AdminNotAccepted));
    assert_eq!(
        annes.claimed_by().map(|admin| admin.email.as_str()),
        Some(DANA)
    );
    let again = good(world.sign_in(&mut dana).await);
    assert!(!again.claimed);
}

/// What the operator can make, and what of it can become a way to approve: nothing, until accepted.
#[tokio::test]
async fn a_link_from_the_operator_registers_no_passkey_in_a_claimed_org() {
    let world = World::new().await;
    let earlier = world.by_link(DANA).await;
    let mut dana = world.device(DANA).await;
    let claimer = good(world.sign_in(&mut dana).await).cookie;
    for cookie in [
        earlier,
        world.by_link(DANA).await,
        world.by_link(ANNE).await,
    ] {
        let mut device = SoftAuthenticator::new();
        let refused = world.register(&mut device, &cookie).await;
        assert!(
            matches!(
                refused,
                Err(PasskeyError::Use(Failure::Refused(
                    Refusal::CredentialNotAccepted | Refusal::AdminNotAccepted
                )))
            ),
            "{refused:?}"
        );
    }
    // Accepted, it does, and what it makes counts.
    let link = world.by_link(DANA).await;
    let via = world.who(&link).await.via.expect("the link");
    let claimer = world.who(claimer.expose()).await.actor();
    let what = AwaitingRef::Credential(via);
    good(world.app.accept(claimer, &what).await);
    let mut spare = SoftAuthenticator::new();
    good(world.register(&mut spare, &link).await);
    let signed_in = good(world.sign_in(&mut spare).await);
    let who = world.who(signed_in.cookie.expose()).await;
    let read = good(world.app.claim_read(who.actor()).await);
    assert_eq!(read.unaccepted, None);
}

#[tokio::test]
async fn whoever_is_refused_is_signed_out() {
    let world = World::new().await;
    let mut anne = world.device(ANNE).await;
    let mut dana = world.device(DANA).await;
    let claimer = good(world.sign_in(&mut dana).await).cookie;
    let claimer = world.who(claimer.expose()).await.actor();
    let link = world.by_link(DANA).await;
    let via = world.who(&link).await.via.expect("the link");
    let annes = good(world.sign_in(&mut anne).await).cookie;
    for what in [
        AwaitingRef::Credential(via),
        AwaitingRef::Admin(acme(), email(ANNE)),
    ] {
        good(world.app.refuse(claimer, &what).await);
    }
    assert!(world.identity.browser(&link).await.is_err());
    assert!(world.identity.browser(annes.expose()).await.is_err());
    let refused = world.sign_in(&mut anne).await;
    assert!(
        matches!(refused, Err(PasskeyError::Inactive)),
        "{refused:?}"
    );
}
