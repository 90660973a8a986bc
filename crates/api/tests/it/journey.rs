//! The whole journey over HTTP, as support, customer and case tracker make it.

use countersign_domain::Duration;
use serde_json::{Value, json};

use crate::{
    probe::WHY,
    world::{BEN, DANA, SAM, TOM, World},
};

#[tokio::test]
async fn from_opening_to_closing() {
    let world = World::new().await;
    let (operator, sam, dana) = (
        &world.tokens.operator,
        &world.tokens.sam,
        &world.tokens.dana,
    );

    let new = json!({
        "org": "acme", "number": "00012345", "subject": "Rules stop after the third page",
        "opened_by": {"admin": BEN}, "team": [SAM],
    });
    let opened = world.post(operator, "/api/v1/cases", &new).await.with(201);
    let person = |email: &str, name: &str| json!({"email": email, "name": name});
    assert_eq!(
        opened,
        json!({
            "number": "00012345", "org": "acme", "subject": "Rules stop after the third page",
            "status": "open",
            "opened_by": {"email": BEN, "name": "Ben Ode", "kind": "admin", "attested": "tracker"},
            "team": [person(SAM, "Sam Hill")],
            "impersonation": {
                "status": "NOT_REQUESTED", "expires_at": null, "justification": null,
                "subject": null, "requested_by": null, "granted_by": null,
                "granted_by_active": null, "grant": null, "joined_since": [],
                "more_time_wanted": null,
            },
            "self_assignment": {"status": "NOT_REQUIRED"},
        })
    );

    let path = "/api/v1/cases/00012345";
    let ask = json!({"justification": WHY, "subject": DANA});
    let asked = world
        .post(sam, &format!("{path}/access-request"), &ask)
        .await
        .with(200);
    let impersonation = &asked["impersonation"];
    assert_eq!(impersonation["status"], "REQUESTED");
    assert_eq!(impersonation["justification"], WHY);
    assert_eq!(impersonation["requested_by"], person(SAM, "Sam Hill"));
    assert_eq!(impersonation["subject"], person(DANA, "Dana Reed"));

    let granted = world
        .call(dana, "PUT", &format!("{path}/grant"), None)
        .await;
    assert_eq!(granted.header("countersign-effective"), "");
    let granted = granted.with(200);
    let impersonation = &granted["impersonation"];
    assert_eq!(impersonation["status"], "ENABLED");
    assert_eq!(
        impersonation["expires_at"],
        world.later(Duration::from_hours(8))
    );
    assert_eq!(impersonation["granted_by"], person(DANA, "Dana Reed"));
    assert_eq!(impersonation["granted_by_active"], true);
    assert!(
        impersonation["grant"]
            .as_str()
            .unwrap()
            .starts_with("grant_")
    );

    // Ticking again changes nothing.
    world.pass(Duration::from_mins(5));
    let again = world
        .call(dana, "PUT", &format!("{path}/grant"), None)
        .await
        .with(200);
    assert_eq!(again, granted);

    let session = world.start_session("00012345").await;
    assert!(session["id"].as_str().unwrap().starts_with("sess_"));
    assert!(
        session["url"]
            .as_str()
            .unwrap()
            .contains(".gw.localhost:8081/")
    );
    assert!(session["token"].as_str().unwrap().starts_with("csi_"));
    assert_eq!(session["expires_at"], impersonation["expires_at"]);

    let extended = world
        .call(dana, "POST", &format!("{path}/grant/extend"), None)
        .await
        .with(200);
    let a_day_on = world.later(Duration::from_hours(24));
    assert_eq!(extended["impersonation"]["expires_at"], a_day_on);

    let revoked = world
        .call(dana, "DELETE", &format!("{path}/grant"), None)
        .await;
    assert_eq!(
        revoked.header("countersign-effective"),
        "acknowledged=1, lapsed=0, ms=0"
    );
    let revoked = revoked.with(200);
    assert_eq!(revoked["impersonation"]["status"], "DISABLED");
    for gone in ["expires_at", "granted_by", "granted_by_active", "grant"] {
        assert_eq!(revoked["impersonation"][gone], Value::Null, "{gone}");
    }
    let again = world
        .call(dana, "DELETE", &format!("{path}/grant"), None)
        .await;
    assert_eq!(again.with(200), revoked);

    let id = session["id"].as_str().unwrap();
    let ended = world
        .call(sam, "DELETE", &format!("/api/v1/sessions/{id}"), None)
        .await
        .with(200);
    assert_eq!(
        ended,
        json!({"id": id, "status": "ended", "effective": null})
    );
    let started = world
        .call(sam, "POST", &format!("{path}/sessions"), None)
        .await;
    started.problem(409, "access_not_live");

    let closed = world
        .call(operator, "POST", &format!("{path}/close"), None)
        .await
        .with(200);
    assert_eq!(closed["status"], "closed");
    assert_eq!(closed["impersonation"]["status"], "DISABLED");
    assert_eq!(closed["impersonation"]["expires_at"], Value::Null);
    let reopened = world
        .call(dana, "POST", &format!("{path}/reopen"), None)
        .await
        .with(200);
    assert_eq!(reopened["impersonation"]["status"], "NOT_REQUESTED");
}

#[tokio::test]
async fn an_expired_grant_reads_disabled_with_its_past_expiration_and_can_be_extended() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let until = world.later(Duration::from_hours(8));
    world.pass(Duration::from_hours(8));
    let path = format!("/api/v1/cases/{number}");
    let read = world.get(&world.tokens.dana, &path).await.with(200);
    assert_eq!(read["impersonation"]["status"], "DISABLED");
    assert_eq!(read["impersonation"]["expires_at"], until);
    let extend = format!("{path}/grant/extend");
    let extended = world
        .call(&world.tokens.ben, "POST", &extend, None)
        .await
        .with(200);
    assert_eq!(extended["impersonation"]["status"], "ENABLED");
    let a_day_on = world.later(Duration::from_hours(24));
    assert_eq!(extended["impersonation"]["expires_at"], a_day_on);
}

#[tokio::test]
async fn an_explicit_expiration_is_taken_within_a_day() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let path = format!("/api/v1/cases/{number}/grant/extend");
    let extend = async |hours| {
        let body = json!({"expires_at": world.later(Duration::from_hours(hours))});
        world.post(&world.tokens.dana, &path, &body).await
    };
    let extended = extend(10).await.with(200);
    let ten_hours_on = world.later(Duration::from_hours(10));
    assert_eq!(extended["impersonation"]["expires_at"], ten_hours_on);
    let early = extend(9).await.problem(422, "expiration_too_early");
    assert_eq!(early["errors"][0]["field"], "expires_at");
    let late = extend(25).await.problem(422, "expiration_too_late");
    assert!(late["detail"].as_str().unwrap().contains("2030-01-02T"));
    let body = json!({"expires_at": null});
    let by_a_day = world.post(&world.tokens.dana, &path, &body).await.with(200);
    let a_day_on = world.later(Duration::from_hours(24));
    assert_eq!(by_a_day["impersonation"]["expires_at"], a_day_on);
    let body = json!({"expires_at": "tomorrow"});
    world
        .post(&world.tokens.dana, &path, &body)
        .await
        .problem(422, "invalid_text");
}

#[tokio::test]
async fn a_self_assigned_case_shows_its_agent_an_outline_until_it_is_approved() {
    let world = World::new().await;
    let (sam, dana) = (&world.tokens.sam, &world.tokens.dana);
    let number = world.open_case_by(&json!({ "agent": SAM })).await;
    let path = format!("/api/v1/cases/{number}");
    world.ask(&number).await;
    let outline = world.get(sam, &path).await.with(200);
    assert_eq!(outline["self_assignment"]["status"], "REQUESTED");
    assert_eq!(outline["impersonation"]["status"], "REQUESTED");
    assert_eq!(outline["opened_by"], Value::Null);
    assert_eq!(outline["team"], json!([]));
    assert_eq!(outline["impersonation"]["justification"], Value::Null);
    assert_eq!(outline["subject"], "Rules stop after the third page");
    let granted = world
        .call(dana, "PUT", &format!("{path}/grant"), None)
        .await;
    granted.problem(409, "self_assignment_not_approved");

    let approve = format!("{path}/self-assignment/approve");
    let approved = world.call(dana, "POST", &approve, None).await.with(200);
    assert_eq!(approved["self_assignment"]["status"], "APPROVED");
    assert_eq!(
        world.get(sam, &path).await.with(200)["opened_by"]["kind"],
        "agent"
    );
    world.grant(&number).await;

    let withdraw = format!("{path}/self-assignment");
    let withdrawn = world.call(dana, "DELETE", &withdraw, None).await;
    assert_eq!(
        withdrawn.header("countersign-effective"),
        "acknowledged=1, lapsed=0, ms=0"
    );
    let withdrawn = withdrawn.with(200);
    assert_eq!(withdrawn["self_assignment"]["status"], "REQUESTED");
    assert_eq!(withdrawn["impersonation"]["status"], "DISABLED");
}

#[tokio::test]
async fn a_request_can_be_withdrawn_until_it_is_granted() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let path = format!("/api/v1/cases/{number}/access-request");
    let sam = &world.tokens.sam;
    let withdrawn = world.call(sam, "DELETE", &path, None).await.with(200);
    assert_eq!(withdrawn["impersonation"]["status"], "NOT_REQUESTED");
    world.ask(&number).await;
    world.grant(&number).await;
    let refused = world.call(sam, "DELETE", &path, None).await;
    refused.problem(409, "request_already_granted");
}

#[tokio::test]
async fn more_time_and_later_team_members_are_shown() {
    let world = World::new().await;
    let number = world.granted_case().await;
    world.ask(&number).await;
    let path = format!("/api/v1/cases/{number}/team");
    let member = json!({ "agent": TOM });
    let joined = world
        .post(&world.tokens.operator, &path, &member)
        .await
        .with(200);
    let impersonation = &joined["impersonation"];
    assert_eq!(impersonation["status"], "ENABLED");
    let tom = json!({"email": TOM, "name": "Tom Dale"});
    assert_eq!(impersonation["joined_since"], json!([tom]));
    assert_eq!(impersonation["more_time_wanted"]["justification"], WHY);
    assert_eq!(impersonation["more_time_wanted"]["by"]["email"], SAM);
    assert_eq!(
        impersonation["more_time_wanted"]["at"],
        world.later(Duration::from_millis(0))
    );

    let path = format!("{path}/{}", "TOM%40vendor.test");
    let left = world
        .call(&world.tokens.operator, "DELETE", &path, None)
        .await;
    assert_eq!(
        left.header("countersign-effective"),
        "acknowledged=1, lapsed=0, ms=0"
    );
    assert_eq!(left.with(200)["impersonation"]["joined_since"], json!([]));
    let again = world
        .call(&world.tokens.operator, "DELETE", &path, None)
        .await;
    again.with(200);
}

#[tokio::test]
async fn a_case_of_ones_own_is_given_a_number() {
    let world = World::new().await;
    let own = json!({"org": "acme", "subject": "  My own  "});
    let bens = world
        .post(&world.tokens.ben, "/api/v1/cases", &own)
        .await
        .with(201);
    assert_eq!(bens["opened_by"]["attested"], "self");
    assert_eq!(bens["subject"], "My own");
    assert_eq!(bens["team"], json!([]));
    let sams = world
        .post(&world.tokens.sam, "/api/v1/cases", &own)
        .await
        .with(201);
    assert_eq!(sams["self_assignment"]["status"], "REQUESTED");
    assert_ne!(sams["number"], bens["number"]);
}
