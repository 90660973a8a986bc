//! Nobody learns from a refusal who or what exists elsewhere.

use serde_json::{Value, json};

use crate::world::{BEN, DANA, KIM, SAM, World};

/// Every spelling of the same forbidden thing is answered alike, whether what it names exists.
#[tokio::test]
async fn a_refusal_to_open_a_case_tells_nothing_about_others() {
    let world = World::new().await;
    let new = |org: &str, opened_by: Value, team: Value| json!({"org": org, "subject": "Something is off", "opened_by": opened_by, "team": team});
    let nobody = "nobody@acme.test";
    for (who, org, opened_by, team, status, code) in [
        // An admin of another org: the org does not exist for them, whatever else they name.
        (
            &world.tokens.grace,
            "acme",
            json!({"admin": BEN}),
            json!([]),
            404,
            "org_not_found",
        ),
        (
            &world.tokens.grace,
            "acme",
            json!({"admin": nobody}),
            json!([]),
            404,
            "org_not_found",
        ),
        (
            &world.tokens.grace,
            "nowhere",
            json!({"admin": nobody}),
            json!([]),
            404,
            "org_not_found",
        ),
        // An admin naming a colleague, or agents.
        (
            &world.tokens.ben,
            "acme",
            json!({"admin": DANA}),
            json!([]),
            403,
            "not_yours_to_open",
        ),
        (
            &world.tokens.ben,
            "acme",
            json!({"admin": nobody}),
            json!([]),
            403,
            "not_yours_to_open",
        ),
        (
            &world.tokens.ben,
            "acme",
            json!({"admin": BEN}),
            json!([SAM]),
            403,
            "team_is_for_operators",
        ),
        (
            &world.tokens.ben,
            "acme",
            json!({"admin": BEN}),
            json!([nobody]),
            403,
            "team_is_for_operators",
        ),
        // An agent naming others.
        (
            &world.tokens.sam,
            "acme",
            json!({"agent": KIM}),
            json!([]),
            403,
            "not_yours_to_open",
        ),
        (
            &world.tokens.sam,
            "acme",
            json!({"admin": nobody}),
            json!([]),
            403,
            "not_yours_to_open",
        ),
        (
            &world.tokens.sam,
            "acme",
            json!({"agent": SAM}),
            json!([nobody]),
            403,
            "team_is_for_operators",
        ),
    ] {
        let body = new(org, opened_by, team);
        let answer = world.post(who, "/api/v1/cases", &body).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (status, &json!(code)),
            "{body}"
        );
    }
}

/// Asking is for agents on the team; others do not learn from it who is an admin.
#[tokio::test]
async fn a_refusal_to_ask_tells_nothing_about_admins() {
    let world = World::new().await;
    let number = world.open_case().await;
    for subject in [DANA, "nobody@acme.test"] {
        let body = json!({"justification": "the totals on two pages differ", "subject": subject});
        let path = format!("/api/v1/cases/{number}/access-request");
        let answer = world.post(&world.tokens.operator, &path, &body).await;
        answer.problem(403, "only_team_agents");
    }
}
