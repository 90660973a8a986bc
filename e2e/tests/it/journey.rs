//! The whole journey by program: ask, approve, look, extend, untick, gone.

use countersign_e2e::Server;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn ask_approve_look_extend_untick_gone() {
    let world = World::new().await;
    let server = Server::start(&world.database()).await;
    let (operator, dana, sam, kim) = (
        server.api(&world.operator),
        server.api(&world.dana),
        server.api(&world.sam),
        server.api(&world.kim),
    );
    let new = json!({
        "org": "acme", "number": "C-1", "subject": "Totals differ",
        "opened_by": {"admin": "dana@acme.test"}, "team": ["sam@vendor.test"],
    });
    let opened = operator.call(Method::POST, "/cases", Some(new)).await;
    let opened = opened.expect(StatusCode::CREATED);
    assert_eq!(opened["impersonation"]["status"], "NOT_REQUESTED");

    let early = sam.call(Method::POST, "/cases/C-1/sessions", None).await;
    assert_eq!(
        (early.status, &early.body["code"]),
        (409, &json!("access_not_live"))
    );
    let why = json!({"justification": "the totals on two pages differ"});
    let asked = sam
        .call(Method::POST, "/cases/C-1/access-request", Some(why))
        .await;
    let asked = asked.expect(StatusCode::OK);
    assert_eq!(asked["impersonation"]["status"], "REQUESTED");
    assert_eq!(
        asked["impersonation"]["requested_by"]["email"],
        "sam@vendor.test"
    );

    for (who, status) in [
        (&world.sam, 403),
        (&world.operator, 403),
        (&world.kim, 404),
        (&world.ben, 404),
        (&world.stranger, 404),
    ] {
        let refused = server
            .api(who)
            .call(Method::PUT, "/cases/C-1/grant", None)
            .await;
        assert_eq!(refused.status, status, "{}", refused.body);
    }
    let granted = dana
        .call(Method::PUT, "/cases/C-1/grant", None)
        .await
        .expect(StatusCode::OK);
    assert_eq!(granted["impersonation"]["status"], "ENABLED");
    assert_eq!(
        granted["impersonation"]["granted_by"]["email"],
        "dana@acme.test"
    );

    let started = sam.call(Method::POST, "/cases/C-1/sessions", None).await;
    let session = server.session(&started.expect(StatusCode::CREATED));
    let page = session.send(Method::GET, "/invoices?page=2").await.unwrap();
    assert_eq!(page.expect(StatusCode::OK), json!("GET /invoices?page=2"));
    let write = session.send(Method::POST, "/invoices").await.unwrap();
    assert_eq!(
        (write.status, &write.body["code"]),
        (403, &json!("not_a_read"))
    );
    let overridden = session
        .send(Method::GET, "/invoices?_method=delete")
        .await
        .unwrap();
    assert_eq!(overridden.status, 400);
    assert_eq!(world.product.seen(), ["GET /invoices?page=2"]);
    let off_team = kim.call(Method::POST, "/cases/C-1/sessions", None).await;
    assert_eq!(off_team.status, 404);

    let extended = dana
        .call(Method::POST, "/cases/C-1/grant/extend", None)
        .await;
    let extended = extended.expect(StatusCode::OK);
    let again = dana
        .call(Method::POST, "/cases/C-1/grant/extend", None)
        .await;
    let again = again.expect(StatusCode::OK);
    assert_eq!(
        extended["impersonation"]["expires_at"], again["impersonation"]["expires_at"],
        "an extension right after another adds nothing (R13)"
    );

    let revoked = dana
        .call(Method::DELETE, "/cases/C-1/grant", None)
        .await
        .expect(StatusCode::OK);
    assert_eq!(revoked["impersonation"]["status"], "DISABLED");
    assert_eq!(revoked["impersonation"]["expires_at"], Value::Null);
    let gone = session.send(Method::GET, "/invoices").await.unwrap();
    assert_eq!(gone.status, 401);
    assert_eq!(
        world.product.seen(),
        ["GET /invoices?page=2"],
        "nothing more reached the product"
    );

    let entries = dana
        .call(Method::GET, "/orgs/acme/entries?limit=1000", None)
        .await;
    let entries = entries.expect(StatusCode::OK);
    let of_case: Vec<&str> = entries["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["case"] == "C-1")
        .filter_map(|entry| entry["type"].as_str())
        // What was refused on the way has tests of its own.
        .filter(|kind| *kind != "attempt.refused")
        .filter(|kind| *kind != "outcome")
        .collect();
    assert_eq!(
        of_case,
        [
            "case.opened",
            "access.requested",
            "access.granted",
            "session.started",
            "request",
            "request.refused",
            "request.refused",
            "access.extended",
            "session.ended",
            "access.revoked",
            "request.refused",
        ]
    );
    let elsewhere = server
        .api(&world.stranger)
        .call(Method::GET, "/orgs/acme/entries", None)
        .await;
    assert_eq!(elsewhere.status, 404);
    server.kill().await;
}
