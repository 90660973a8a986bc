//! Lists of cases, and who the caller is.

use serde_json::{Value, json};

use crate::world::{DANA, SAM, World};

fn numbers(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|case| case["number"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn cases_are_listed_in_pages_by_number_and_status() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let mut opened = vec![];
    for _ in 0..5 {
        opened.push(world.open_case().await);
    }
    let path = format!("/api/v1/cases/{}/close", opened[1]);
    world.call(dana, "POST", &path, None).await.with(200);

    let all = world.get(dana, "/api/v1/cases").await.with(200);
    assert_eq!(numbers(&all), opened);
    assert_eq!(all["next"], Value::Null);
    let closed = world
        .get(dana, "/api/v1/cases?status=closed")
        .await
        .with(200);
    assert_eq!(numbers(&closed), [&opened[1]]);
    let open = world
        .get(dana, "/api/v1/cases?status=open&limit=1000")
        .await
        .with(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 4);

    let mut seen = vec![];
    let mut query = "?limit=2".to_owned();
    for _ in 0..3 {
        let page = world
            .get(dana, &format!("/api/v1/cases{query}"))
            .await
            .with(200);
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => query = format!("?limit=2&after={next}"),
            None => query.clear(),
        }
    }
    assert_eq!(seen, opened);
    assert!(query.is_empty());

    let sams = world
        .get(&world.tokens.sam, "/api/v1/cases")
        .await
        .with(200);
    assert_eq!(numbers(&sams), opened);
    for token in [&world.tokens.tom, &world.tokens.ann, &world.tokens.grace] {
        let page = world.get(token, "/api/v1/cases").await.with(200);
        assert_eq!(page, json!({"items": [], "next": null}));
    }
}

#[tokio::test]
async fn a_list_that_is_asked_for_wrongly_is_refused() {
    let world = World::new().await;
    for (path, query, code, field) in [
        ("cases", "limit=0", "invalid_text", "limit"),
        ("cases", "limit=1001", "invalid_text", "limit"),
        ("cases", "limit=-1", "invalid_text", "limit"),
        ("cases", "limit=ten", "invalid_text", "limit"),
        ("cases", "limit=", "invalid_text", "limit"),
        ("cases", "status=gone", "invalid_text", "status"),
        ("cases", "after=%20", "invalid_text", "after"),
        ("cases", "state=open", "unknown_field", "state"),
        ("cases", "limit=1&limit=2", "duplicate_field", "limit"),
        ("orgs/acme/entries", "limit=0", "invalid_text", "limit"),
        ("orgs/acme/entries", "limit=1001", "invalid_text", "limit"),
        ("orgs/acme/entries", "after=x", "invalid_text", "after"),
        ("orgs/acme/entries", "after=-1", "invalid_text", "after"),
        (
            "orgs/acme/entries",
            "after=18446744073709551615",
            "invalid_text",
            "after",
        ),
        (
            "orgs/acme/entries",
            "status=open",
            "unknown_field",
            "status",
        ),
    ] {
        let answer = world
            .get(&world.tokens.dana, &format!("/api/v1/{path}?{query}"))
            .await;
        let problem = answer.problem(422, code);
        assert_eq!(problem["errors"][0]["field"], field, "{query}");
    }
}

#[tokio::test]
async fn callers_can_ask_who_they_are() {
    let world = World::new().await;
    for (token, expected) in [
        (
            &world.tokens.dana,
            json!({"kind": "admin", "email": DANA, "name": "Dana Reed", "org": "acme", "role": "super_admin"}),
        ),
        (
            &world.tokens.ben,
            json!({"kind": "admin", "email": "ben@acme.test", "name": "Ben Ode", "org": "acme", "role": "admin"}),
        ),
        (
            &world.tokens.sam,
            json!({"kind": "agent", "email": SAM, "name": "Sam Hill", "org": null, "role": null}),
        ),
        (
            &world.tokens.operator,
            json!({"kind": "operator", "email": null, "name": null, "org": null, "role": null}),
        ),
    ] {
        let me = world.get(token, "/api/v1/me").await;
        assert_eq!(me.header("cache-control"), "no-store");
        assert_eq!(me.header("x-content-type-options"), "nosniff");
        let mut told = me.with(200);
        // An agent's programs are called by the agent's id in OAuth, and nobody else's have one.
        let client = told.as_object_mut().unwrap().remove("client_id").unwrap();
        let is_agents = client.as_str().is_some_and(|id| id.starts_with("agt_"));
        assert_eq!(is_agents, expected["kind"] == "agent", "{client}");
        assert!(is_agents || client.is_null());
        assert_eq!(told, expected);
    }
    let deactivated = world.get(&world.tokens.kim, "/api/v1/me").await;
    deactivated.problem(403, "caller_inactive");
}
