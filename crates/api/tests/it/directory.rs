//! Orgs and people.

use serde_json::{Value, json};

use crate::world::{ANN, BEN, DANA, KIM, SAM, TOM, World};

async fn all(world: &World, token: &str, path: &str, limit: usize) -> Vec<Value> {
    let mut found = vec![];
    let mut after = String::new();
    loop {
        let page = world
            .get(token, &format!("{path}?limit={limit}{after}"))
            .await
            .with(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        found.extend(items.clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn orgs_and_people_are_listed_page_by_page() {
    let world = World::new().await;
    let (operator, dana) = (&world.tokens.operator, &world.tokens.dana);
    for limit in [1, 2, 1_000] {
        let orgs = all(&world, operator, "/api/v1/orgs", limit).await;
        assert_eq!(
            orgs,
            [
                json!({"slug": "acme", "name": "Acme Inc", "connected": true, "blocked_at": null}),
                json!({"slug": "globex", "name": "Globex", "connected": true, "blocked_at": null}),
            ]
        );
        let agents = all(&world, operator, "/api/v1/agents", limit).await;
        let emails: Vec<_> = agents.iter().map(|agent| &agent["email"]).collect();
        assert_eq!(emails, [KIM, SAM, TOM]);
        assert_eq!(agents[0]["active"], false);
        for reader in [operator, dana] {
            let admins = all(&world, reader, "/api/v1/orgs/acme/admins", limit).await;
            let emails: Vec<_> = admins.iter().map(|admin| &admin["email"]).collect();
            assert_eq!(emails, [ANN, BEN, DANA]);
            assert_eq!(admins[2]["role"], "super_admin");
            assert_eq!(admins[2]["org"], "acme");
        }
    }
}

/// A super admin may give up the own role, and is told that it is done.
#[tokio::test]
async fn who_takes_the_own_right_away_is_told_that_it_is_done() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let path = format!("/api/v1/orgs/acme/admins/{DANA}");
    let role = json!({"role": "admin"});
    let demoted = world
        .call(dana, "PUT", &format!("{path}/role"), Some(&role))
        .await;
    assert_eq!(demoted.with(200)["role"], "admin");
    let again = world
        .call(dana, "PUT", &format!("{path}/role"), Some(&role))
        .await;
    again.problem(403, "only_super_admins");
}

#[tokio::test]
async fn stopping_people_ends_what_runs_before_the_call_answers() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    for (path, status) in [
        (format!("/api/v1/agents/{SAM}"), "agent_deactivated"),
        (
            format!("/api/v1/orgs/acme/admins/{BEN}"),
            "subject_deactivated",
        ),
    ] {
        let number = world.granted_case().await;
        let session = world.start_session(&number).await;
        let id = session["id"].as_str().unwrap();
        let stopped = world
            .call(operator, "POST", &format!("{path}/deactivate"), None)
            .await;
        assert_eq!(stopped.with(200)["active"], false);
        assert!(
            stopped
                .header("countersign-effective")
                .starts_with("acknowledged=")
        );
        let read = world
            .get(&world.tokens.dana, &format!("/api/v1/sessions/{id}"))
            .await
            .with(200);
        assert_eq!(read["status"], "ended");
        assert_eq!(read["ended_why"], status);
        let again = world
            .call(operator, "POST", &format!("{path}/reactivate"), None)
            .await;
        assert_eq!(again.with(200)["active"], true);
        assert_eq!(again.header("countersign-effective"), "");
    }
}

/// Whoever may not administer people learns nothing of who there is.
#[tokio::test]
async fn people_are_not_given_away() {
    let world = World::new().await;
    let role = json!({"role": "admin"});
    for (token, org, status, code) in [
        (&world.tokens.sam, "acme", 403, "only_super_admins"),
        (&world.tokens.ben, "acme", 403, "only_super_admins"),
        (&world.tokens.grace, "acme", 404, "org_not_found"),
        (&world.tokens.grace, "nowhere", 404, "org_not_found"),
        (&world.tokens.sam, "nowhere", 403, "only_super_admins"),
    ] {
        for email in [DANA, "nobody@acme.test"] {
            let path = format!("/api/v1/orgs/{org}/admins/{email}");
            for (method, rest, body) in [
                ("GET", "", None),
                ("PUT", "/role", Some(&role)),
                ("POST", "/deactivate", None),
                ("POST", "/reactivate", None),
            ] {
                let path = format!("{path}{rest}");
                let answer = world.call(token, method, &path, body).await;
                answer.problem(status, code);
            }
        }
    }
    for email in [TOM, "nobody@vendor.test"] {
        for token in [&world.tokens.sam, &world.tokens.dana] {
            for (method, rest) in [("GET", ""), ("POST", "/deactivate")] {
                let path = format!("/api/v1/agents/{email}{rest}");
                let answer = world.call(token, method, &path, None).await;
                answer.problem(403, "only_operators");
            }
        }
    }
    let super_admins = &world.tokens.dana;
    let unknown = "/api/v1/orgs/acme/admins/nobody@acme.test";
    let answer = world.get(super_admins, unknown).await;
    answer.problem(404, "person_not_found");
}

#[tokio::test]
async fn what_is_taken_or_no_name_is_refused() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    for (path, body, status, code) in [
        (
            "/api/v1/orgs",
            json!({"slug": "acme", "name": "A"}),
            409,
            "slug_taken",
        ),
        (
            "/api/v1/orgs/acme/admins",
            json!({"email": BEN, "name": "B", "role": "admin"}),
            409,
            "email_taken",
        ),
        (
            "/api/v1/agents",
            json!({"email": SAM, "name": "S"}),
            409,
            "email_taken",
        ),
        (
            "/api/v1/orgs/nowhere/admins",
            json!({"email": BEN, "name": "B", "role": "admin"}),
            404,
            "org_not_found",
        ),
        (
            "/api/v1/orgs",
            json!({"slug": " initech", "name": "A"}),
            422,
            "invalid_text",
        ),
        (
            "/api/v1/orgs",
            json!({"slug": "initech", "name": "A\n"}),
            422,
            "invalid_text",
        ),
        (
            "/api/v1/agents",
            json!({"email": "x@v. test", "name": "S"}),
            422,
            "invalid_text",
        ),
        (
            "/api/v1/orgs/acme/admins",
            json!({"email": BEN, "name": "B", "role": "boss"}),
            422,
            "invalid_field",
        ),
    ] {
        let answer = world.post(operator, path, &body).await;
        answer.problem(status, code);
    }
}
