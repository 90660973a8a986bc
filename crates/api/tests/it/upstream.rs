//! Where an org's product is, and what would become of a request to it.

use serde_json::{Value, json};

use crate::world::World;

const PATH: &str = "/api/v1/orgs/acme/upstream";

#[tokio::test]
async fn an_upstream_reads_as_it_was_set_and_is_replaced_whole() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let full = json!({
        "origin": "HTTPS://App.Example.com:8443/", "user_header": "X-Remote-User",
        "org_header": "X-Remote-Org", "mode": "declared",
        "routes": [
            {"methods": ["POST", "GET"], "path": "/api/{id}/search", "effect": "read"},
            {"methods": ["*"], "path": "/admin/**", "effect": "write"},
        ],
    });
    let set = world.call(operator, "PUT", PATH, Some(&full)).await;
    let reads = json!({
        "origin": "https://app.example.com:8443", "user_header": "x-remote-user",
        "org_header": "x-remote-org", "mode": "declared",
        "routes": [
            {"methods": ["GET", "POST"], "path": "/api/{id}/search", "effect": "read"},
            {"methods": ["*"], "path": "/admin/**", "effect": "write"},
        ],
        "token_resource": null,
    });
    // More goes through than the customer agreed to: their grant has ended, and whoever sets it is told.
    let mut answered = set.with(200);
    assert_eq!(answered["ended"], json!([number]));
    answered.as_object_mut().unwrap().remove("ended");
    assert_eq!(answered, reads);
    let case = world
        .get(operator, &format!("/api/v1/cases/{number}"))
        .await;
    let access = &case.with(200)["impersonation"];
    assert_eq!(
        (&access["status"], &access["expires_at"]),
        (&json!("DISABLED"), &Value::Null)
    );
    assert!(
        set.header("countersign-effective")
            .starts_with("acknowledged=")
    );
    assert_eq!(world.get(operator, PATH).await.with(200), reads);
    let ended = format!("/api/v1/sessions/{}", session["id"].as_str().unwrap());
    let ended = world.get(&world.tokens.sam, &ended).await.with(200);
    assert_eq!(ended["ended_why"], "rules_widened");
    let again = world.call(operator, "PUT", PATH, Some(&reads)).await;
    assert_eq!(again.header("countersign-effective"), "");
    let bare = json!({"origin": "http://127.0.0.1:9000"});
    world
        .call(operator, "PUT", PATH, Some(&bare))
        .await
        .with(200);
    let read = world.get(operator, PATH).await.with(200);
    let bare = json!({"origin": "http://127.0.0.1:9000", "user_header": null, "org_header": null, "mode": "by-method", "routes": [], "token_resource": null});
    assert_eq!(read, bare);

    let org = json!({"slug": "initech", "name": "Initech"});
    world.post(operator, "/api/v1/orgs", &org).await.with(201);
    let none = world.get(operator, "/api/v1/orgs/initech/upstream").await;
    none.problem(409, "no_upstream");
    let org = world.get(operator, "/api/v1/orgs/initech").await.with(200);
    assert_eq!(org["connected"], false);
}

#[tokio::test]
async fn everything_that_is_wrong_with_an_upstream_is_told_at_once() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let rule = |methods: Value, path: &str, effect: &str| json!({"methods": methods, "path": path, "effect": effect});
    let bad = json!({
        "origin": "ftp://x", "user_header": "cookie",
        "routes": [
            rule(json!(["get"]), "/a", "read"),
            rule(json!(["GET"]), "b", "read"),
            rule(json!(["*"]), "/c", "read"),
            rule(json!([]), "/d", "read"),
            rule(json!(["GET"]), "/good", "read"),
        ],
    });
    let refused = world.call(operator, "PUT", PATH, Some(&bad)).await;
    let problem = refused.problem(422, "invalid_text");
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        [
            "origin",
            "user_header",
            "routes[0].methods",
            "routes[1].path",
            "routes[2]",
            "routes[3].methods",
        ]
    );
    let contradiction = json!({
        "origin": "http://x.test",
        "routes": [rule(json!(["GET"]), "/a", "read"), rule(json!(["GET"]), "/a", "write")],
    });
    let refused = world
        .call(operator, "PUT", PATH, Some(&contradiction))
        .await;
    refused.problem(422, "invalid_routes");
    // As many rules as there may be, with the longest patterns, are taken.
    let long = "x".repeat(480);
    let rules: Vec<_> = (0..1_000)
        .map(|n| rule(json!(["GET"]), &format!("/{long}/{n}"), "read"))
        .collect();
    let most = json!({"origin": "http://x.test", "routes": rules});
    world
        .call(operator, "PUT", PATH, Some(&most))
        .await
        .with(200);
}

#[tokio::test]
async fn what_would_become_of_a_request_is_explained() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let upstream = json!({
        "origin": "http://127.0.0.1:9000",
        "routes": [{"methods": ["POST"], "path": "/search", "effect": "read"}],
    });
    world
        .call(operator, "PUT", PATH, Some(&upstream))
        .await
        .with(200);
    let explain = async |body: Value| {
        let path = format!("{PATH}/explain");
        world.post(operator, &path, &body).await
    };
    let by_rule = explain(json!({"method": "POST", "path": "/search?q=x"}))
        .await
        .with(200);
    assert_eq!(by_rule["fate"], "passes");
    assert_eq!(by_rule["by"], "rule");
    assert_eq!(
        by_rule["rule"],
        json!({"number": 1, "methods": ["POST"], "path": "/search", "effect": "read"})
    );
    let write = explain(json!({"method": "DELETE", "path": "/search"}))
        .await
        .with(200);
    assert_eq!(
        (
            &write["fate"],
            &write["status"],
            &write["code"],
            &write["by"]
        ),
        (
            &json!("refused"),
            &json!(403),
            &json!("not_a_read"),
            &json!("mode")
        )
    );
    let overridden = explain(json!({
        "method": "GET", "path": "/",
        "headers": [{"name": "X-HTTP-Method-Override", "value": "DELETE"}],
    }));
    assert_eq!(overridden.await.with(200)["by"], "override");
    let kept = explain(json!({"method": "GET", "path": "/.countersign/x"}))
        .await
        .with(200);
    assert_eq!(kept["fate"], "kept");
    let body = explain(json!({
        "method": "POST", "path": "/search",
        "headers": [{"name": "Content-Type", "value": "application/json"}, {"name": "Content-Length", "value": "7"}],
    }));
    assert_eq!(body.await.with(200)["body_decides"], true);
    for bad in [
        json!({"method": "", "path": "/"}),
        json!({"method": "GET", "path": ""}),
        json!({"method": "GET", "path": "/".repeat(8_193)}),
    ] {
        explain(bad).await.problem(422, "invalid_text");
    }
}

#[tokio::test]
async fn a_product_is_asked_at_its_own_address_and_what_was_seen_is_told() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let path = format!("{PATH}/check");
    let seen = world.call(operator, "POST", &path, None).await.with(200);
    let address = "http://127.0.0.1:9000";
    assert_eq!(
        seen,
        json!({
            "answers": false, "outcome": "certificate_not_trusted", "status": null,
            "tls": false, "http2": false, "took_ms": address.len(),
        })
    );
    let org = json!({"slug": "initech", "name": "Initech"});
    world.post(operator, "/api/v1/orgs", &org).await.with(201);
    let path = "/api/v1/orgs/initech/upstream/check";
    let none = world.call(operator, "POST", path, None).await;
    none.problem(409, "no_upstream");
}
