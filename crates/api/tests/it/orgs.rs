//! Settings and the block.

use countersign_domain::Duration;
use serde_json::{Value, json};

use crate::world::World;

const SETTINGS: &str = "/api/v1/orgs/acme/settings";
const BLOCK: &str = "/api/v1/orgs/acme/block";

fn defaults() -> Value {
    json!({
        "default_duration_minutes": 480, "extension": true,
        "approvers": "super_admins_and_opener", "pin_team": false, "self_openers_only": false,
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut settings = defaults();
    settings[field] = value;
    settings
}

#[tokio::test]
async fn what_an_org_sets_is_read_back_and_holds_from_then_on() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    assert_eq!(world.get(dana, SETTINGS).await.with(200), defaults());
    let narrowed = json!({
        "default_duration_minutes": 15, "extension": false, "approvers": "super_admins",
        "pin_team": true, "self_openers_only": true,
    });
    let put = world.call(dana, "PUT", SETTINGS, Some(&narrowed)).await;
    assert_eq!(put.with(200), narrowed);
    assert_eq!(
        world.get(&world.tokens.ann, SETTINGS).await.with(200),
        narrowed
    );

    let number = world.granted_case().await;
    let path = format!("/api/v1/cases/{number}");
    let read = world.get(dana, &path).await.with(200);
    let until = world.later(Duration::from_mins(15));
    assert_eq!(read["impersonation"]["expires_at"], until);
    let extended = world
        .call(dana, "POST", &format!("{path}/grant/extend"), None)
        .await;
    extended.problem(409, "extension_off");
    let revoked = world
        .call(&world.tokens.ben, "DELETE", &format!("{path}/grant"), None)
        .await;
    revoked.problem(403, "only_super_admins_approve_here");
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused() {
    let world = World::new().await;
    let mut incomplete = defaults();
    incomplete.as_object_mut().unwrap().remove("pin_team");
    for (settings, code, field) in [
        (
            with("default_duration_minutes", json!(14)),
            "duration_out_of_range",
            "default_duration_minutes",
        ),
        (
            with("default_duration_minutes", json!(1441)),
            "duration_out_of_range",
            "default_duration_minutes",
        ),
        (
            with("default_duration_minutes", json!(i64::MAX)),
            "duration_out_of_range",
            "default_duration_minutes",
        ),
        (
            with("default_duration_minutes", json!("60")),
            "invalid_field",
            "default_duration_minutes",
        ),
        (
            with("default_duration_minutes", json!(60.5)),
            "invalid_field",
            "default_duration_minutes",
        ),
        (
            with("approvers", json!("everyone")),
            "invalid_field",
            "approvers",
        ),
        (with("extension", Value::Null), "invalid_field", "extension"),
        (with("blocked", json!(true)), "unknown_field", "blocked"),
        (incomplete, "missing_field", "pin_team"),
    ] {
        let answer = world
            .call(&world.tokens.dana, "PUT", SETTINGS, Some(&settings))
            .await;
        let problem = answer.problem(422, code);
        assert_eq!(problem["errors"][0]["field"], field, "{settings}");
    }
}

#[tokio::test]
async fn a_block_revokes_everything_and_lifting_it_restores_nothing() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let number = world.granted_case().await;
    let blocked = world.call(dana, "POST", BLOCK, None).await;
    assert_eq!(
        blocked.header("countersign-effective"),
        "acknowledged=1, lapsed=0, ms=0"
    );
    assert_eq!(
        blocked.with(200),
        json!({
            "org": "acme", "blocked": true, "blocked_at": "2030-01-01T00:01:00.000Z",
            "effective": {"acknowledged": 1, "lapsed": 0, "ms": 0},
        })
    );
    let again = world.call(dana, "POST", BLOCK, None).await.with(200);
    assert_eq!(again["effective"], Value::Null);
    let path = format!("/api/v1/cases/{number}");
    let read = world.get(dana, &path).await.with(200);
    assert_eq!(read["impersonation"]["status"], "DISABLED");
    assert_eq!(read["impersonation"]["expires_at"], Value::Null);
    let granted = world
        .call(dana, "PUT", &format!("{path}/grant"), None)
        .await;
    granted.problem(409, "support_blocked");

    let lifted = world.call(dana, "DELETE", BLOCK, None).await.with(200);
    assert_eq!(lifted["blocked"], false);
    assert_eq!(lifted["blocked_at"], Value::Null);
    let read = world.get(dana, &path).await.with(200);
    assert_eq!(read["impersonation"]["status"], "DISABLED");
}
