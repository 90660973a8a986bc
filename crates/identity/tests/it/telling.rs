//! What an org is told of sign-ins: who came, who went, who was not let in, and no more of it than is good for a log.

use countersign_domain::{CalledFrom, CredentialId, Duration, MOST_OF_ONE, Person, WayIn};
use countersign_identity::LinkError;
use serde_json::{Value, json};

use crate::world::{ANNE, DANA, OPERATOR, World, acme, email, good};
use countersign_app::OwnerRef;

impl World {
    /// What the org has been told of sign-ins, without what the clock and ids are.
    async fn told(&self) -> Vec<Value> {
        let org = good(self.app.store().directory(None).await).state;
        let org = org.orgs().next().expect("an org").id;
        let entries = good(self.app.store().entries(org, 0, 100_000).await);
        let entries = entries
            .iter()
            .map(|entry| good(serde_json::from_slice::<Value>(&entry.encoded)));
        let told = entries.filter(|entry| {
            entry["type"]
                .as_str()
                .is_some_and(|kind| kind.starts_with("console."))
        });
        told.collect()
    }

    async fn link(&self, address: &str) -> (CredentialId, String) {
        let owner = OwnerRef::Admin {
            org: acme(),
            email: email(address),
        };
        let (minted, _) = good(self.app.mint_login_link(OPERATOR, &owner, None).await);
        (minted.id, minted.secret.expose().to_owned())
    }
}

fn kinds(told: &[Value]) -> Vec<&str> {
    told.iter()
        .filter_map(|entry| entry["type"].as_str())
        .collect()
}

#[tokio::test]
async fn who_comes_and_goes_is_told_with_by_what_and_from_where() {
    let world = World::new().await;
    let address = "192.0.2.7".parse().expect("an address");
    let from = CalledFrom::new(address, None);
    let identity = world.identity.called_from(Some(from));
    let (link, secret) = world.link(DANA).await;
    let signed_in = good(identity.sign_in(&secret, None).await);
    let cookie = signed_in.cookie.expose();
    good(identity.sign_out(cookie).await);
    // Once only, whoever asks again.
    good(identity.sign_out(cookie).await);
    let told = world.told().await;
    assert_eq!(kinds(&told), ["console.signed_in", "console.signed_out"]);
    let Person::Admin(dana) = signed_in.person else {
        panic!("an admin signed in");
    };
    for entry in &told {
        assert_eq!(
            entry["actor"],
            json!({"kind": "admin", "id": dana, "email": DANA, "credential": link})
        );
        assert_eq!(entry["client"], json!({"address": "192.0.2.7"}));
    }
    assert_eq!(
        told[0]["detail"],
        json!({"admin": dana, "credential": link, "way": WayIn::LoginLink})
    );
    assert_eq!(told[1]["detail"], json!({"why": "asked"}));
}

#[tokio::test]
async fn whoever_signs_in_where_somebody_is_signed_in_ends_that() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    let before = world.told().await.len();
    let annes = world.by_link(ANNE).await;
    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let answer = device.get(crate::world::ORIGIN, &options);
    let signed_in = world
        .identity
        .finish_passkey_sign_in(secret.expose(), &answer, Some(&annes));
    good(signed_in.await);
    let told = world.told().await.split_off(before);
    assert_eq!(
        kinds(&told),
        [
            "console.signed_in",
            "console.signed_in",
            "console.signed_out"
        ]
    );
    let who = |entry: &Value| entry["actor"]["email"].clone();
    assert_eq!(
        [who(&told[0]), who(&told[1]), who(&told[2])],
        [ANNE, DANA, ANNE]
    );
    assert_eq!(told[1]["detail"]["way"], "passkey");
    assert_eq!(told[2]["detail"]["why"], "replaced");
}

/// A stranger with an old link tries all night: ten entries in an hour, and how often it was.
#[tokio::test]
async fn who_floods_the_door_does_not_fill_the_log() {
    let world = World::new().await;
    let (_, secret) = world.link(DANA).await;
    good(world.identity.sign_in(&secret, None).await);
    let before = world.told().await.len();
    let mut tries = 0;
    for _ in 0..60 {
        for _ in 0..4 {
            let used = world.identity.sign_in(&secret, None).await;
            assert_eq!(used.err(), Some(LinkError::Used));
            tries += 1;
        }
        world.pass(Duration::from_mins(1));
    }
    // Looking at it is no attempt.
    assert!(world.identity.look_at_link(&secret).await.is_err());
    let used = world.identity.sign_in(&secret, None).await;
    assert_eq!(used.err(), Some(LinkError::Used));
    let told = world.told().await.split_off(before);
    assert_eq!(
        told.len(),
        MOST_OF_ONE + 1,
        "ten in the hour, and the first of the next"
    );
    for entry in &told {
        assert_eq!(entry["type"], "console.sign_in_failed");
        assert_eq!(entry["actor"], json!({"kind": "unknown"}));
        assert_eq!(entry["detail"]["code"], "link_used");
    }
    let left_out: u64 = told
        .iter()
        .filter_map(|entry| entry["detail"]["left_out"].as_u64())
        .sum();
    assert_eq!(left_out + told.len() as u64, tries + 1, "none is lost");
    // Neither do those who come with what nobody knows.
    for guess in ["", "cll_guess", "csb_guess"] {
        assert_eq!(
            world.identity.sign_in(guess, None).await.err(),
            Some(LinkError::Unknown)
        );
    }
    assert_eq!(world.told().await.len(), before + told.len());
}

#[tokio::test]
async fn links_and_passkeys_that_let_nobody_in_are_told_of_with_the_reason() {
    let world = World::new().await;
    let mut device = world.device(DANA).await;
    let (_, late) = world.link(DANA).await;
    let (_, bens) = world.link("ben@acme.test").await;
    let before = world.told().await.len();
    world.pass(Duration::from_mins(30));
    let ben = email("ben@acme.test");
    good(
        world
            .app
            .set_admin_active(OPERATOR, &acme(), &ben, false)
            .await,
    );
    assert_eq!(
        world.identity.sign_in(&bens, None).await.err(),
        Some(LinkError::Inactive)
    );
    world.pass(Duration::from_mins(31));
    assert_eq!(
        world.identity.sign_in(&late, None).await.err(),
        Some(LinkError::Expired)
    );
    let (options, secret) = good(world.identity.begin_passkey_sign_in().await);
    let answer = device.get("https://phish.example.com", &options);
    assert!(world.finish(&secret, &answer).await.is_err());
    // An answer to nothing that was asked says nothing about whose it is.
    assert!(world.finish(&secret, &answer).await.is_err());
    let told = world.told().await.split_off(before);
    let said: Vec<[&Value; 3]> = told
        .iter()
        .map(|entry| {
            [
                &entry["detail"]["code"],
                &entry["detail"]["way"],
                &entry["actor"]["kind"],
            ]
        })
        .collect();
    assert_eq!(
        json!(said),
        json!([
            ["caller_inactive", "login_link", "unknown"],
            ["link_expired", "login_link", "unknown"],
            ["passkey_not_verified", "passkey", "unknown"],
        ])
    );
}

/// Agents are of no org: none is told when they come and go.
#[tokio::test]
async fn no_org_is_told_of_agents() {
    let world = World::new().await;
    let sam = email("sam@vendor.test");
    let name = good(countersign_domain::PersonName::parse("Sam"));
    good(world.app.create_agent(OPERATOR, sam.clone(), name).await);
    let owner = OwnerRef::Agent { email: sam };
    let minted = world.app.mint_login_link(OPERATOR, &owner, None);
    let (minted, _) = good(minted.await);
    let secret = minted.secret.expose();
    let signed_in = good(world.identity.sign_in(secret, None).await);
    assert!(world.identity.sign_in(secret, None).await.is_err());
    good(world.identity.sign_out(signed_in.cookie.expose()).await);
    assert_eq!(world.told().await, Vec::<Value>::new());
}
