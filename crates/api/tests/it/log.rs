//! The log over HTTP: complete, in order, and checkable by whoever reads it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    probe::WHY,
    world::{DANA, SAM, World},
};

const ENTRIES: &str = "/api/v1/orgs/acme/entries";

#[tokio::test]
async fn entries_are_read_in_order_and_their_hashes_can_be_checked() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let page = world.get(&world.tokens.dana, ENTRIES).await.with(200);
    let items = page["items"].as_array().unwrap();
    for (at, entry) in items.iter().enumerate() {
        assert_eq!(entry["index"], at);
        assert_eq!(entry["org"], "acme");
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(entry["encoded"].as_str().unwrap());
        let hash: String = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(entry["leaf_hash"], hash);
    }
    let of = |kind: &str| items.iter().find(|entry| entry["type"] == kind).unwrap();

    let asked = of("access.requested");
    assert_eq!(asked["case"], number);
    assert_eq!(asked["at"], "2030-01-01T00:01:00.000Z");
    assert_eq!(asked["actor"]["kind"], "agent");
    assert_eq!(asked["actor"]["email"], SAM);
    assert_eq!(asked["detail"]["justification"], WHY);
    assert_eq!(asked["request"], Value::Null);

    let granted = of("access.granted");
    assert_eq!(granted["actor"]["email"], DANA);
    assert!(granted["grant"].as_str().unwrap().starts_with("grant_"));
    let period = &granted["detail"]["grant"]["period"];
    assert_eq!(period["from"], "2030-01-01T00:01:00.000Z");
    assert_eq!(period["expires_at"], "2030-01-01T08:01:00.000Z");

    let started = of("session.started");
    assert_eq!(started["session"], session["id"]);
    assert_eq!(started["grant"], granted["grant"]);
    let secrets = [&session["token"], &session["url"]].map(|text| text.as_str().unwrap());
    assert!(
        secrets
            .iter()
            .all(|secret| !started.to_string().contains(secret))
    );

    let created = of("org.created");
    let operator = json!({"kind": "operator", "id": null, "email": null, "subject": null, "credential": null, "via": "command_line"});
    assert_eq!(created["actor"], operator);
    assert_eq!(created["case"], Value::Null);
}

#[tokio::test]
async fn the_cursor_is_the_last_index_seen_so_reading_on_finds_what_is_new() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let dana = &world.tokens.dana;
    let all = world
        .get(dana, &format!("{ENTRIES}?limit=1000"))
        .await
        .with(200);
    let all = all["items"].as_array().unwrap();
    let last = all.len() - 1;

    let first = world
        .get(dana, &format!("{ENTRIES}?limit=2"))
        .await
        .with(200);
    assert_eq!(first["next"], "1");
    let second = world
        .get(dana, &format!("{ENTRIES}?limit=2&after=1"))
        .await
        .with(200);
    assert_eq!(second["items"].as_array().unwrap()[..], all[2..4]);

    let rest = world
        .get(dana, &format!("{ENTRIES}?after={last}"))
        .await
        .with(200);
    assert_eq!(rest, json!({"items": [], "next": null}));
    world.grant(&number).await;
    let rest = world
        .get(dana, &format!("{ENTRIES}?after={last}"))
        .await
        .with(200);
    assert_eq!(rest["items"][0]["type"], "access.granted");
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    let far = format!("{ENTRIES}?after=9223372036854775808");
    assert_eq!(world.get(dana, &far).await.with(200)["items"], json!([]));
}
