//! Acting on what was read: entity tags, and what happens when things have changed meanwhile.

use countersign_domain::{Duration, Role};
use serde_json::{Value, json};

use crate::{
    probe::{Answer, WHY},
    world::{BEN, DANA, OPERATOR, SAM, TOM, World, email, good, slug},
};

impl World {
    async fn tag(&self, token: &str, path: &str) -> String {
        let read = self.get(token, path).await;
        read.with(200);
        let tag = read.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{read:?}");
        assert_eq!(read.header("cache-control"), "no-store");
        tag
    }

    async fn if_match(
        &self,
        token: &str,
        method: &str,
        path: &str,
        tag: &str,
        body: Option<&Value>,
    ) -> Answer {
        let headers = [("if-match", tag)];
        self.call_with(token, method, path, &headers, body).await
    }
}

fn changed(answer: &Answer) -> Vec<String> {
    let problem = answer.problem(412, "changed_since_read");
    let fields = problem["changed"].as_array().cloned().unwrap_or_default();
    let fields: Vec<_> = fields
        .iter()
        .map(|field| field.as_str().unwrap().to_owned())
        .collect();
    for field in &fields {
        assert!(problem["detail"].as_str().unwrap().contains(field));
    }
    fields
}

#[tokio::test]
async fn a_representation_that_has_not_changed_is_not_sent_again() {
    let world = World::new().await;
    let number = world.requested_case().await;
    for (token, path) in [
        (&world.tokens.dana, format!("/api/v1/cases/{number}")),
        (&world.tokens.dana, "/api/v1/orgs/acme/settings".to_owned()),
        (&world.tokens.dana, "/api/v1/orgs/acme".to_owned()),
        (
            &world.tokens.operator,
            "/api/v1/orgs/acme/upstream".to_owned(),
        ),
        (
            &world.tokens.operator,
            format!("/api/v1/orgs/acme/admins/{BEN}"),
        ),
        (&world.tokens.operator, format!("/api/v1/agents/{SAM}")),
    ] {
        let tag = world.tag(token, &path).await;
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".to_owned(),
        ] {
            let headers = [("if-none-match", known.as_str())];
            let again = world.call_with(token, "GET", &path, &headers, None).await;
            assert_eq!(again.status, 304, "{path} {known}");
            assert_eq!(again.text, "");
            assert_eq!(again.header("etag"), tag);
            assert_eq!(again.header("cache-control"), "no-store");
        }
        let headers = [("if-none-match", "\"x\"")];
        let other = world.call_with(token, "GET", &path, &headers, None).await;
        other.with(200);
        let headers = [("if-none-match", "x")];
        let bad = world.call_with(token, "GET", &path, &headers, None).await;
        bad.problem(400, "malformed_header");
    }
}

/// Two super admins edit the settings; the second is told what the first has changed.
#[tokio::test]
async fn of_two_who_edit_the_second_is_told_what_has_changed() {
    let world = World::new().await;
    let (dana, path) = (&world.tokens.dana, "/api/v1/orgs/acme/settings");
    let read = world.get(dana, path).await;
    let tag = read.header("etag").to_owned();
    let edited = |field: &str, value: Value| {
        let mut settings = read.json();
        settings[field] = value;
        settings
    };
    let first = edited("default_duration_minutes", json!(60));
    let done = world.if_match(dana, "PUT", path, &tag, Some(&first)).await;
    assert_eq!(done.with(200), first);
    let newer = world.tag(dana, path).await;
    assert_eq!(done.header("etag"), newer);

    let second = edited("extension", json!(false));
    let stale = world.if_match(dana, "PUT", path, &tag, Some(&second)).await;
    assert_eq!(changed(&stale), ["default_duration_minutes"]);
    assert_eq!(world.get(dana, path).await.with(200), first);
    for tag in ["\"x\"", &format!("W/{newer}")] {
        let other = world.if_match(dana, "PUT", path, tag, Some(&second)).await;
        assert_eq!(changed(&other), [""; 0]);
    }
    // A change that changes nothing is judged as well.
    let stale = world.if_match(dana, "PUT", path, &tag, Some(&first)).await;
    assert_eq!(changed(&stale), ["default_duration_minutes"]);
    let list = format!("\"x\", {newer}");
    for tag in [newer.as_str(), list.as_str(), "*"] {
        let good = world.if_match(dana, "PUT", path, tag, Some(&first)).await;
        good.with(200);
    }
    let bad = world.if_match(dana, "PUT", path, "x", Some(&second)).await;
    bad.problem(400, "malformed_header");
}

/// R8: an approver who ticks what they read does not tick what an agent has put in its place.
#[tokio::test]
async fn a_tick_is_for_what_was_read() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let case = format!("/api/v1/cases/{number}");
    let grant = format!("{case}/grant");
    let dana = &world.tokens.dana;
    let read = world.tag(dana, &case).await;
    let other = json!({"justification": "Something else altogether.", "subject": DANA});
    let asked = world
        .post(&world.tokens.sam, &format!("{case}/access-request"), &other)
        .await;
    asked.with(200);
    let ticked = world.if_match(dana, "PUT", &grant, &read, None).await;
    assert_eq!(
        changed(&ticked),
        ["impersonation.justification", "impersonation.subject"]
    );
    let now = world.get(dana, &case).await;
    assert_eq!(now.json()["impersonation"]["status"], "REQUESTED");
    let ticked = world
        .if_match(dana, "PUT", &grant, now.header("etag"), None)
        .await;
    assert_eq!(ticked.with(200)["impersonation"]["status"], "ENABLED");
}

/// What a representation says changes by more than what happens to the case: the clock, and what
/// becomes of people. What it does not say does not change its tag.
#[tokio::test]
async fn a_tag_changes_with_what_is_said_and_with_nothing_else() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let case = format!("/api/v1/cases/{number}");
    let dana = &world.tokens.dana;
    let live = world.tag(dana, &case).await;
    world.start_session(&number).await;
    let token = json!({"kind": "api_token"});
    let minted = world.post(&world.tokens.sam, "/api/v1/credentials", &token);
    minted.await.with(201);
    world.pass(Duration::from_mins(1));
    assert_eq!(world.tag(dana, &case).await, live);

    good(
        world
            .app
            .set_role(OPERATOR, &slug("acme"), &email(DANA), Role::Admin)
            .await,
    );
    let by_ben = &world.tokens.ben;
    let stale = world
        .if_match(by_ben, "DELETE", &format!("{case}/grant"), &live, None)
        .await;
    assert_eq!(changed(&stale), ["impersonation.granted_by_active"]);
    good(
        world
            .app
            .set_role(OPERATOR, &slug("acme"), &email(DANA), Role::SuperAdmin)
            .await,
    );
    assert_eq!(world.tag(dana, &case).await, live);

    world.pass(Duration::from_hours(8));
    let extend = format!("{case}/grant/extend");
    let stale = world.if_match(dana, "POST", &extend, &live, None).await;
    assert_eq!(changed(&stale), ["impersonation.status"]);
    let expired = world.tag(dana, &case).await;
    let extended = world.if_match(dana, "POST", &extend, &expired, None).await;
    assert_eq!(extended.with(200)["impersonation"]["status"], "ENABLED");
}

#[tokio::test]
async fn teams_people_and_upstreams_are_edited_as_they_were_read() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let number = world.open_case().await;
    let case = format!("/api/v1/cases/{number}");
    let read = world.tag(operator, &case).await;
    let tom = json!({"agent": TOM});
    let team = format!("{case}/team");
    let joined = world
        .if_match(operator, "POST", &team, &read, Some(&tom))
        .await;
    joined.with(200);
    let left = world
        .if_match(operator, "DELETE", &format!("{team}/{SAM}"), &read, None)
        .await;
    assert_eq!(changed(&left), ["team"]);

    let ben = format!("/api/v1/orgs/acme/admins/{BEN}");
    let read = world.tag(operator, &ben).await;
    let role = json!({"role": "super_admin"});
    let given = world
        .if_match(operator, "PUT", &format!("{ben}/role"), &read, Some(&role))
        .await;
    assert_eq!(given.with(200)["role"], "super_admin");
    let stopped = world
        .if_match(operator, "POST", &format!("{ben}/deactivate"), &read, None)
        .await;
    assert_eq!(changed(&stopped), ["role"]);
    let sam = format!("/api/v1/agents/{SAM}");
    let read = world.tag(operator, &sam).await;
    for (act, expected) in [("deactivate", vec![]), ("reactivate", vec!["active"])] {
        let path = format!("{sam}/{act}");
        let answer = world.if_match(operator, "POST", &path, &read, None).await;
        if expected.is_empty() {
            answer.with(200);
        } else {
            assert_eq!(changed(&answer), expected);
        }
    }

    let org = json!({"slug": "initech", "name": "Initech"});
    world.post(operator, "/api/v1/orgs", &org).await.with(201);
    let path = "/api/v1/orgs/initech/upstream";
    let upstream = json!({"origin": "https://app.initech.test"});
    let none_yet = world
        .if_match(operator, "PUT", path, "*", Some(&upstream))
        .await;
    assert_eq!(changed(&none_yet), [""; 0]);
    let first = [("if-none-match", "*")];
    let set = world
        .call_with(operator, "PUT", path, &first, Some(&upstream))
        .await;
    set.with(200);
    let there = world
        .call_with(operator, "PUT", path, &first, Some(&upstream))
        .await;
    assert_eq!(changed(&there), [""; 0]);
    let moved = json!({"origin": "https://app.initech.test", "mode": "declared"});
    let edited = world
        .if_match(operator, "PUT", path, set.header("etag"), Some(&moved))
        .await;
    edited.with(200);
    let again = world
        .if_match(operator, "PUT", path, set.header("etag"), Some(&upstream))
        .await;
    assert_eq!(changed(&again), ["mode"]);
}

/// A tag tells whoever may not do something nothing that their refusal does not.
#[tokio::test]
async fn the_rules_answer_before_tags_do() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let case = format!("/api/v1/cases/{number}");
    let upstream = json!({"origin": "http://127.0.0.1:9000"});
    for (token, method, path, body, status, code) in [
        (
            &world.tokens.sam,
            "PUT",
            format!("{case}/grant"),
            None,
            403,
            "only_approvers",
        ),
        (
            &world.tokens.tom,
            "PUT",
            format!("{case}/grant"),
            None,
            404,
            "case_not_found",
        ),
        (
            &world.tokens.grace,
            "PUT",
            format!("{case}/grant"),
            None,
            404,
            "case_not_found",
        ),
        (
            &world.tokens.dana,
            "PUT",
            "/api/v1/orgs/acme/upstream".to_owned(),
            Some(&upstream),
            403,
            "only_operators",
        ),
        (
            &world.tokens.dana,
            "POST",
            format!("{case}/self-assignment/approve"),
            None,
            409,
            "not_self_assigned",
        ),
    ] {
        let answer = world.if_match(token, method, &path, "\"x\"", body).await;
        answer.problem(status, code);
    }
    // Without a condition nothing of the kind is asked.
    let ask = json!({ "justification": WHY });
    let path = format!("{case}/access-request");
    world.post(&world.tokens.sam, &path, &ask).await.with(200);
}
