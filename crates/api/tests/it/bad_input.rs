//! Every way to ask wrongly, and what it is answered with.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};

use crate::world::{BEN, SAM, TOM, World};

#[tokio::test]
async fn what_is_not_there_and_what_is_not_yours_to_see_read_the_same() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let there = format!("/api/v1/cases/{number}");
    for (token, who) in [
        (&world.tokens.grace, "super admin of another org"),
        (&world.tokens.ann, "admin who did not open it"),
        (&world.tokens.tom, "agent off the team"),
    ] {
        for (method, rest) in [
            ("GET", ""),
            ("PUT", "/grant"),
            ("DELETE", "/grant"),
            ("POST", "/grant/extend"),
            ("POST", "/close"),
            ("POST", "/sessions"),
            ("POST", "/self-assignment/approve"),
        ] {
            let hidden = world
                .call(token, method, &format!("{there}{rest}"), None)
                .await;
            let nowhere = format!("/api/v1/cases/nope{rest}");
            let unknown = world.call(token, method, &nowhere, None).await;
            hidden.problem(404, "case_not_found");
            assert_eq!(hidden.text, unknown.text, "{who} {method} {rest}");
        }
    }
    let org = world
        .get(&world.tokens.grace, "/api/v1/orgs/acme/entries")
        .await;
    let unknown = world
        .get(&world.tokens.grace, "/api/v1/orgs/nope/entries")
        .await;
    org.problem(404, "org_not_found");
    assert_eq!(org.text, unknown.text);
}

#[tokio::test]
async fn names_in_addresses_are_decoded_and_impossible_ones_name_nothing() {
    let world = World::new().await;
    let number = world.open_case().await;
    let operator = &world.tokens.operator;
    let encoded = number.replace('-', "%2D");
    world
        .get(operator, &format!("/api/v1/cases/{encoded}"))
        .await
        .with(200);
    for bad in ["%20", "a%2Fb", "%FF", "..%2f", "%00", "x%20y", "ü"] {
        let bad = bad.replace('ü', "%C3%BC");
        let answer = world.get(operator, &format!("/api/v1/cases/{bad}")).await;
        answer.problem(404, "case_not_found");
    }
    let padded = world
        .get(operator, &format!("/api/v1/cases/%20{number}"))
        .await;
    padded.problem(404, "case_not_found");
    let dana = &world.tokens.dana;
    world
        .get(dana, "/api/v1/orgs/ACME/settings")
        .await
        .problem(404, "org_not_found");
    let ended = world
        .call(dana, "DELETE", "/api/v1/sessions/sess_1", None)
        .await;
    ended.problem(404, "session_not_found");
    let path = format!("/api/v1/cases/{number}/team/nobody");
    let left = world.call(operator, "DELETE", &path, None).await;
    left.problem(404, "person_not_found");
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let number = world.open_case().await;
    for path in [
        "/api".to_owned(),
        "/api/".to_owned(),
        "/api/v1".to_owned(),
        "/api/v2/cases".to_owned(),
        "/api/v1/cases/".to_owned(),
        format!("/api/v1/cases/{number}/nope"),
        format!("/api/v1/cases/{number}/"),
    ] {
        world.get(dana, &path).await.problem(404, "not_found");
    }
    for (method, path, allow) in [
        ("DELETE", "/api/v1/cases".to_owned(), "GET,HEAD,POST"),
        ("PATCH", format!("/api/v1/cases/{number}"), "GET,HEAD"),
        ("GET", format!("/api/v1/cases/{number}/grant"), "DELETE,PUT"),
        ("OPTIONS", "/api/v1/me".to_owned(), "GET,HEAD"),
        ("POST", "/healthz".to_owned(), "GET,HEAD"),
    ] {
        let answer = world.call(dana, method, &path, None).await;
        answer.problem(405, "method_not_allowed");
        let mut allowed: Vec<_> = answer.header("allow").split(',').collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{method} {path}");
    }
}

#[tokio::test]
async fn who_is_nobody_is_asked_who_they_are() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    for value in [
        None,
        Some("Bearer nope".to_owned()),
        Some(format!("Bearer {}", world.tokens.expired)),
        Some(format!("Basic {operator}")),
        Some(format!("Token {operator}")),
        Some(operator.clone()),
    ] {
        let mut request = Request::get("/api/v1/me");
        if let Some(value) = &value {
            request = request.header(header::AUTHORIZATION, value);
        }
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        answer.problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer", "{value:?}");
    }
    // A body is not looked at before that.
    let request = Request::post("/api/v1/cases")
        .body(Body::from("{"))
        .unwrap();
    world.send(request).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn the_state_forbids() {
    let world = World::new().await;
    let (operator, sam, dana) = (
        &world.tokens.operator,
        &world.tokens.sam,
        &world.tokens.dana,
    );
    let number = world.open_case().await;
    let path = format!("/api/v1/cases/{number}");
    let granted = world
        .call(dana, "PUT", &format!("{path}/grant"), None)
        .await;
    granted.problem(409, "nothing_requested");
    let extended = world
        .call(dana, "POST", &format!("{path}/grant/extend"), None)
        .await;
    extended.problem(409, "nothing_requested");
    let approve = format!("{path}/self-assignment/approve");
    let approved = world.call(dana, "POST", &approve, None).await;
    approved.problem(409, "not_self_assigned");
    let again = json!({
        "org": "acme", "number": number, "subject": "x", "opened_by": {"admin": BEN}
    });
    world
        .post(operator, "/api/v1/cases", &again)
        .await
        .problem(409, "number_taken");

    world
        .call(operator, "POST", &format!("{path}/close"), None)
        .await
        .with(200);
    let ask = json!({"justification": "Let me have a look at it."});
    let asked = world
        .post(sam, &format!("{path}/access-request"), &ask)
        .await;
    asked.problem(409, "case_closed");
    for (token, method, rest) in [
        (dana, "PUT", "/grant"),
        (dana, "POST", "/grant/extend"),
        (dana, "POST", "/self-assignment/approve"),
        (sam, "POST", "/sessions"),
    ] {
        let answer = world
            .call(token, method, &format!("{path}{rest}"), None)
            .await;
        answer.problem(409, "case_closed");
    }
}

#[tokio::test]
async fn a_justification_has_ten_to_two_thousand_characters() {
    let world = World::new().await;
    let number = world.open_case().await;
    let path = format!("/api/v1/cases/{number}/access-request");
    for bad in [
        String::new(),
        " \n\t ".to_owned(),
        "x".repeat(9),
        format!("   {}   ", "x".repeat(9)),
        "ü".repeat(2_001),
        "x".repeat(10_000),
        format!("with a bell \u{7}{}", "x".repeat(10)),
    ] {
        let answer = world
            .post(&world.tokens.sam, &path, &json!({ "justification": bad }))
            .await;
        let problem = answer.problem(422, "invalid_text");
        assert_eq!(problem["errors"][0]["field"], "justification");
        assert!(!problem["errors"][0]["message"].as_str().unwrap().is_empty());
    }
    for good in ["x".repeat(10), "ü".repeat(2_000)] {
        let ask = json!({ "justification": good });
        let asked = world.post(&world.tokens.sam, &path, &ask).await.with(200);
        assert_eq!(asked["impersonation"]["justification"], good);
    }
}

#[tokio::test]
async fn fields_that_are_not_as_they_must_be_are_named() {
    let world = World::new().await;
    let good = json!({
        "org": "acme", "number": "77", "subject": "x", "opened_by": {"admin": BEN}, "team": [SAM],
    });
    let changed = |field: &str, value: Value| {
        let mut body = good.clone();
        body[field] = value;
        body
    };
    let mut no_org = good.clone();
    no_org.as_object_mut().unwrap().remove("org");
    for (body, status, code, field) in [
        (no_org, 422, "missing_field", "org"),
        (changed("org", json!(7)), 422, "invalid_field", "org"),
        (changed("org", json!("Acme!")), 422, "invalid_text", "org"),
        (
            changed("number", json!(12345)),
            422,
            "invalid_field",
            "number",
        ),
        (
            changed("number", json!("a b")),
            422,
            "invalid_text",
            "number",
        ),
        (
            changed("number", Value::Null),
            422,
            "invalid_text",
            "number",
        ),
        (
            changed("subject", json!("x".repeat(201))),
            422,
            "invalid_text",
            "subject",
        ),
        (
            changed("subject", json!("two\nlines")),
            422,
            "invalid_text",
            "subject",
        ),
        (
            changed("subject", json!(["x"])),
            422,
            "invalid_field",
            "subject",
        ),
        (changed("title", json!("x")), 422, "unknown_field", "title"),
        (
            changed("opened_by", json!({"admin": "x"})),
            422,
            "invalid_text",
            "opened_by.admin",
        ),
        (
            changed("opened_by", json!({"boss": BEN})),
            422,
            "invalid_field",
            "opened_by",
        ),
        (
            changed("opened_by", json!({"admin": BEN, "agent": SAM})),
            422,
            "invalid_field",
            "opened_by",
        ),
        (
            changed("opened_by", json!({"admin": "x@acme.test"})),
            422,
            "opener_unknown",
            "opened_by",
        ),
        (
            changed("opened_by", json!({"agent": "x@vendor.test"})),
            422,
            "opener_unknown",
            "opened_by",
        ),
        (changed("team", json!(SAM)), 422, "invalid_field", "team"),
        (
            changed("team", json!([SAM, "x"])),
            422,
            "invalid_text",
            "team[1]",
        ),
    ] {
        let answer = world
            .post(&world.tokens.operator, "/api/v1/cases", &body)
            .await;
        let problem = answer.problem(status, code);
        let at = problem["errors"][0]["field"].as_str().unwrap();
        assert!(at.starts_with(field), "{body}: {problem}");
    }
    let nowhere = changed("org", json!("nope"));
    let answer = world
        .post(&world.tokens.operator, "/api/v1/cases", &nowhere)
        .await;
    answer.problem(404, "org_not_found");
    let nobody = changed("team", json!(["nobody@vendor.test"]));
    let answer = world
        .post(&world.tokens.operator, "/api/v1/cases", &nobody)
        .await;
    answer.problem(422, "agent_unknown");

    let several = json!({"org": "A", "subject": "", "opened_by": {"admin": "x"}});
    let answer = world
        .post(&world.tokens.operator, "/api/v1/cases", &several)
        .await;
    let problem = answer.problem(422, "invalid_text");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_field_named_twice_is_refused() {
    let world = World::new().await;
    let number = world.open_case().await;
    let body = r#"{"agent": "sam@vendor.test", "agent": "tom@vendor.test"}"#;
    let request = Request::post(format!("/api/v1/cases/{number}/team"))
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", world.tokens.operator),
        )
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .unwrap();
    let problem = world.send(request).await.problem(422, "duplicate_field");
    assert_eq!(problem["errors"][0]["field"], "agent");
}

#[tokio::test]
async fn people_who_cannot_be_meant_are_refused() {
    let world = World::new().await;
    let number = world.open_case().await;
    let why = "Let me have a look at it.";
    let path = format!("/api/v1/cases/{number}/access-request");
    for subject in ["grace@globex.test", "nobody@acme.test", TOM] {
        let ask = json!({"justification": why, "subject": subject});
        let answer = world.post(&world.tokens.sam, &path, &ask).await;
        let problem = answer.problem(422, "subject_unknown");
        assert_eq!(problem["errors"][0]["field"], "subject");
    }
    let ask = json!({"justification": why, "subject": "x"});
    let answer = world.post(&world.tokens.sam, &path, &ask).await;
    assert_eq!(
        answer.problem(422, "invalid_text")["errors"][0]["field"],
        "subject"
    );
    let path = format!("/api/v1/cases/{number}/team");
    let member = json!({"agent": "nobody@vendor.test"});
    let answer = world.post(&world.tokens.operator, &path, &member).await;
    answer.problem(422, "agent_unknown");
}
