//! The command line, beside a running server and without one.

use countersign_e2e::{Directory, Server, countersign};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::world::World;

#[test]
fn exit_codes_and_one_json_object() {
    let directory = Directory::fresh();
    let database = directory.database();
    let org = [
        "org", "create", "--slug", "acme", "--name", "Acme Inc", "--json",
    ];
    let with_database: Vec<&str> = org
        .iter()
        .copied()
        .chain(["--database", &database])
        .collect();
    let created = countersign(&with_database).done();
    assert_eq!(created["slug"], "acme");
    assert!(created["id"].as_str().unwrap().starts_with("org_"));

    let again = countersign(&with_database);
    assert_eq!(again.code, Some(1));
    assert_eq!(again.json()["error"]["code"], "slug_taken");

    for usage in [
        vec!["org", "create"],
        vec!["org", "create", "--slug", "Not a slug", "--name", "x"],
        vec!["nonsense"],
        vec!["token", "create"],
        vec![
            "token",
            "create",
            "--operator",
            "--agent",
            "sam@vendor.test",
        ],
        vec!["login-link", "--org", "acme"],
        vec![
            "upstream",
            "set",
            "--org",
            "acme",
            "--origin",
            "http://x/path",
        ],
    ] {
        assert_eq!(countersign(&usage).code, Some(2), "{usage:?}");
    }

    // Before the subcommand the options mean the same.
    let before = countersign(&["--database", &database, "--json", "org", "list"]).done();
    assert_eq!(before["items"][0]["slug"], "acme");
    let table = countersign(&["org", "list", "--database", &database]);
    assert_eq!(table.code, Some(0));
    assert!(table.stdout.contains("Acme Inc"), "{}", table.stdout);

    let unknown = countersign(&[
        "login-link",
        "--org",
        "nowhere",
        "--admin",
        "a@b.test",
        "--database",
        &database,
        "--json",
    ]);
    assert_eq!(unknown.code, Some(1));
    assert_eq!(unknown.json()["error"]["code"], "person_not_found");
    let refused = countersign(&["org", "list", "--database", "postgres://u:secret@h/d"]);
    assert_eq!(refused.code, Some(1));
    assert!(!refused.stderr.contains("secret"), "{}", refused.stderr);
}

/// Operators without the database get no further than their token lets them; what the command line
/// writes is in effect for a running server at once.
#[tokio::test]
async fn what_the_command_line_takes_away_is_gone_when_it_returns() {
    let world = World::new().await;
    let server = Server::start(&world.database()).await;
    let operator = server.api(&world.operator);
    let sam = server.api(&world.sam);
    let dana = server.api(&world.dana);
    for number in ["1", "2"] {
        let new = json!({
            "org": "acme", "number": number, "subject": "Something is off",
            "opened_by": {"admin": "ben@acme.test"}, "team": ["sam@vendor.test", "kim@vendor.test"],
        });
        let _ = operator
            .call(Method::POST, "/cases", Some(new))
            .await
            .expect(StatusCode::CREATED);
        let why = json!({"justification": "looking into what the report describes"});
        let path = format!("/cases/{number}/access-request");
        let _ = sam
            .call(Method::POST, &path, Some(why))
            .await
            .expect(StatusCode::OK);
        let path = format!("/cases/{number}/grant");
        let _ = dana
            .call(Method::PUT, &path, None)
            .await
            .expect(StatusCode::OK);
    }
    let kim = server.api(&world.kim);
    let started = kim.call(Method::POST, "/cases/1/sessions", None).await;
    let session = server.session(&started.expect(StatusCode::CREATED));
    let _ = session
        .send(Method::GET, "/a")
        .await
        .unwrap()
        .expect(StatusCode::OK);

    let database = world.database();
    let _ = countersign(&[
        "agent",
        "deactivate",
        "--email",
        "kim@vendor.test",
        "--database",
        &database,
        "--json",
    ])
    .done();
    let after = session.send(Method::GET, "/b").await.unwrap();
    let _ = after.expect(StatusCode::UNAUTHORIZED);
    assert_eq!(world.product.seen(), ["GET /a"]);
    let log = dana
        .call(Method::GET, "/orgs/acme/entries?limit=1000", None)
        .await;
    let log = log.expect(StatusCode::OK);
    let ended: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["type"] == "session.ended")
        .map(|entry| &entry["detail"]["why"])
        .collect();
    assert_eq!(
        ended,
        ["agent_deactivated"],
        "the customer can see why it ended"
    );

    // A role taken a second ago counts (R2): Ben opened case 2 and is no longer active.
    let ben = server.api(&world.ben);
    let _ = ben
        .call(Method::DELETE, "/cases/2/grant", None)
        .await
        .expect(StatusCode::OK);
    let _ = countersign(&[
        "admin",
        "deactivate",
        "--org",
        "acme",
        "--email",
        "ben@acme.test",
        "--database",
        &database,
        "--json",
    ])
    .done();
    let refused = ben.call(Method::PUT, "/cases/2/grant", None).await;
    assert_eq!(refused.body["code"], "caller_inactive");

    // A revoked token opens nothing from the moment the command returns.
    let made = countersign(&[
        "token",
        "create",
        "--operator",
        "--database",
        &database,
        "--json",
    ])
    .done();
    let once = server.api(made["token"].as_str().unwrap());
    let _ = once
        .call(Method::GET, "/cases", None)
        .await
        .expect(StatusCode::OK);
    let id = made["id"].as_str().unwrap();
    let _ = countersign(&[
        "token",
        "revoke",
        "--id",
        id,
        "--database",
        &database,
        "--json",
    ])
    .done();
    let _ = once
        .call(Method::GET, "/cases", None)
        .await
        .expect(StatusCode::UNAUTHORIZED);
    server.kill().await;
}
