//! Who is in now, and where.

use countersign_domain::Duration;
use serde_json::{Value, json};

use crate::{
    history::{Did, looks},
    world::{BEN, SAM, World},
};

const LIVE: &str = "/api/v1/orgs/acme/live";

#[tokio::test]
async fn who_is_in_is_seen_with_the_page_they_are_on() {
    let world = World::new().await;
    let tokens = &world.tokens;
    let number = world.granted_case().await;
    let danas = world
        .open_case_by(&json!({ "admin": crate::world::DANA }))
        .await;
    world.ask(&danas).await;
    world.grant(&danas).await;
    let live = async |token: &str| {
        let answer = world.get(token, LIVE).await.with(200);
        assert_eq!(answer["next"], Value::Null);
        answer["items"].as_array().unwrap().clone()
    };
    assert_eq!(live(&tokens.dana).await, [Value::Null; 0]);

    let session = world.start_session(&number).await;
    world.pass(Duration::from_mins(5));
    let seen = world
        .did(&session, looks(&["/invoices", "/invoices/17"]))
        .await;
    world
        .did(&session, [Did::Try("/invoices/17/delete", "not_a_read")])
        .await;
    world.pass(Duration::from_mins(1));
    let other = world.start_session(&danas).await;
    let person = |email: &str, name: &str| json!({"email": email, "name": name});
    let in_now = json!({
        "id": session["id"], "case": number,
        "agent": person(SAM, "Sam Hill"), "subject": person(BEN, "Ben Ode"),
        "since": "2030-01-01T00:01:00.000Z", "ends_at": "2030-01-01T08:01:00.000Z",
        "idle_at": "2030-01-01T00:36:00.000Z",
        "last": {"at": "2030-01-01T00:06:00.000Z", "method": "GET", "path": "/invoices/17", "index": seen[1]},
        "page": null,
        "counts": {"pages": 0, "further": 2, "declared_harmless": 0, "refused": 1},
    });
    let all = live(&tokens.dana).await;
    assert_eq!(all[0], in_now);
    assert_eq!(
        (all.len(), &all[1]["id"], &all[1]["last"]),
        (2, &other["id"], &Value::Null)
    );
    // Whoever opened a case sees who is in under it, and nobody else.
    assert_eq!(live(&tokens.ben).await, [in_now]);
    assert_eq!(live(&tokens.ann).await, [Value::Null; 0]);
    assert_eq!(
        world
            .get(&tokens.grace, "/api/v1/orgs/globex/live")
            .await
            .with(200)["items"],
        json!([])
    );

    // Where a browser says what a page is, what is fetched for it is not where they are.
    let page = world
        .did(
            &other,
            [Did::Page("/reports"), Did::Look("/favicon.ico".to_owned())],
        )
        .await;
    let all = live(&tokens.dana).await;
    assert_eq!(all[1]["page"]["path"], "/reports");
    assert_eq!(all[1]["page"]["index"], page[0]);
    assert_eq!(all[1]["last"]["path"], "/favicon.ico");
    assert_eq!(
        all[1]["counts"],
        json!({"pages": 1, "further": 1, "declared_harmless": 0, "refused": 0})
    );

    // Whoever is idle is out, and so is whoever was ended, at once.
    world.pass(Duration::from_mins(28));
    assert_eq!(live(&tokens.ben).await.len(), 1);
    world.pass(Duration::from_mins(1));
    assert_eq!(live(&tokens.ben).await, [Value::Null; 0]);
    let all = live(&tokens.dana).await;
    assert_eq!((all.len(), &all[0]["id"]), (1, &other["id"]));
    let end = format!("/api/v1/sessions/{}", other["id"].as_str().unwrap());
    world
        .call(&tokens.dana, "DELETE", &end, None)
        .await
        .with(200);
    assert_eq!(live(&tokens.dana).await, [Value::Null; 0]);
}
