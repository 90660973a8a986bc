//! What Okta's clients do with the API: reading, granting, extending, revoking, approving.

use countersign_domain::{CaseNumber, Duration, Role};
use serde_json::{Value, json};

use crate::probe::Answer;
use crate::world::{BEN, DANA, OPERATOR, SAM, World, email, good, slug};

const SUPPORT: &str = "/api/v1/org/privacy/oktaSupport";
pub(crate) const CASES: &str = "/api/v1/org/privacy/oktaSupport/cases";

impl World {
    pub(crate) async fn patch(&self, token: &str, number: &str, body: &Value) -> Answer {
        let path = format!("{CASES}/{number}");
        self.call(token, "PATCH", &path, Some(body)).await
    }

    /// What happened to a case, by type; what was tried in vain did not.
    async fn types(&self, number: &str) -> Vec<String> {
        let path = "/api/v1/orgs/acme/entries?limit=1000";
        let entries = self.get(&self.tokens.dana, path).await.with(200);
        let entries = entries["items"].as_array().unwrap().clone();
        entries
            .iter()
            .filter(|entry| entry["case"] == number && entry["type"] != "attempt.refused")
            .map(|entry| entry["type"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn self_assigned_case(&self) -> String {
        let number = self.open_case_by(&json!({ "agent": SAM })).await;
        self.ask(&number).await;
        number
    }
}

pub(crate) fn enabled() -> Value {
    json!({"impersonation": {"status": "ENABLED"}})
}

pub(crate) fn disabled() -> Value {
    json!({"impersonation": {"status": "DISABLED"}})
}

fn until(expiration: &str) -> Value {
    json!({"impersonation": {"expiration": expiration}})
}

fn case(number: &str, status: &str, expiration: Option<&str>) -> Value {
    json!({
        "caseNumber": number, "subject": "Rules stop after the third page",
        "impersonation": {"status": status, "expiration": expiration},
        "selfAssigned": {"status": "NOT_REQUIRED"},
    })
}

#[tokio::test]
async fn a_case_is_granted_extended_and_revoked_as_okta_does_it() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let dana = &world.tokens.dana;
    let list = world.get(dana, CASES).await.with(200);
    assert_eq!(
        list,
        json!({"supportCases": [case(&number, "REQUESTED", None)]})
    );

    let eight = world.later(Duration::from_hours(8));
    let granted = world.patch(dana, &number, &enabled()).await;
    assert_eq!(granted.with(200), case(&number, "ENABLED", Some(&eight)));
    assert_eq!(granted.header("content-type"), "application/json");
    assert_eq!(granted.header("cache-control"), "no-store");
    let read = world.get(dana, SUPPORT).await.with(200);
    let cases = format!("http://localhost:8080{CASES}");
    assert_eq!(
        read,
        json!({
            "support": "ENABLED", "expiration": eight, "caseNumber": number,
            "_links": {
                "case": {"href": format!("{cases}/{number}"), "hints": {"allow": ["PATCH"]}},
                "cases": {"href": cases, "hints": {"allow": ["GET"]}},
            },
        })
    );

    // Ticking again adds nothing; neither does the expiration there is, in whatever offset it is written.
    world.pass(Duration::from_hours(1));
    let offset = eight.replace('Z', "+00:00");
    for nothing in [enabled(), until(&eight), until(&offset)] {
        let same = world.patch(dana, &number, &nothing).await.with(200);
        assert_eq!(same["impersonation"]["expiration"], eight, "{nothing}");
    }
    let day = world.later(Duration::from_hours(24));
    for asked in [
        world.later(Duration::from_hours(20)),
        // Up to a minute past a day from now is a day from now.
        world.later(Duration::from_millis(86_460_000)),
    ] {
        world.patch(dana, &number, &until(&asked)).await.with(200);
    }
    let read = world.get(dana, CASES).await.with(200);
    assert_eq!(
        read["supportCases"][0],
        case(&number, "ENABLED", Some(&day))
    );

    // Expired it can be extended; revoked it cannot.
    world.pass(Duration::from_hours(24));
    let read = world.get(dana, CASES).await.with(200);
    assert_eq!(
        read["supportCases"][0],
        case(&number, "DISABLED", Some(&day))
    );
    let gone = world.get(dana, SUPPORT).await.with(200);
    assert_eq!(gone["support"], "DISABLED");
    assert_eq!(
        (&gone["expiration"], &gone["caseNumber"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(gone["_links"]["case"], Value::Null);
    let day = world.later(Duration::from_hours(24));
    let reopened = world.patch(dana, &number, &until(&day)).await.with(200);
    assert_eq!(reopened, case(&number, "ENABLED", Some(&day)));
    let revoked = world.patch(dana, &number, &disabled()).await;
    assert_eq!(revoked.with(200), case(&number, "DISABLED", None));
    assert!(
        revoked
            .header("countersign-effective")
            .starts_with("acknowledged=1,")
    );
    world.patch(dana, &number, &disabled()).await.with(200);
    let refused = world.patch(dana, &number, &until(&day)).await;
    refused.okta(400, "E0000001");
    assert_eq!(
        world.types(&number).await.split_off(2),
        [
            "access.granted",
            "access.extended",
            "access.extended",
            "access.period_opened",
            "access.revoked"
        ]
    );
}

/// By the time the call answers, the session is over.
#[tokio::test]
async fn what_is_revoked_so_has_ended() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let ben = &world.tokens.ben;
    world.patch(ben, &number, &disabled()).await.with(200);
    let path = format!("/api/v1/sessions/{}", session["id"].as_str().unwrap());
    let read = world.get(ben, &path).await.with(200);
    assert_eq!(
        (&read["status"], &read["ended_why"]),
        (&json!("ended"), &json!("grant_revoked"))
    );
}

#[tokio::test]
async fn several_changes_are_one_in_the_order_that_makes_sense() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let number = world.self_assigned_case().await;
    // Not before it is approved.
    let refused = world.patch(dana, &number, &enabled()).await;
    refused.okta(400, "E0000001");
    let day = world.later(Duration::from_hours(24));
    let all = json!({
        "impersonation": {"status": "ENABLED", "expiration": day},
        "selfAssigned": {"status": "APPROVED"},
    });
    let read = world.patch(dana, &number, &all).await.with(200);
    assert_eq!(
        read["impersonation"],
        json!({"status": "ENABLED", "expiration": day})
    );
    assert_eq!(read["selfAssigned"], json!({"status": "APPROVED"}));
    let happened = world.types(&number).await;
    assert_eq!(
        happened[happened.len() - 3..],
        [
            "self_assignment.approved",
            "access.granted",
            "access.extended"
        ]
    );
    // All of it is so already.
    let again = world.patch(dana, &number, &all).await.with(200);
    assert_eq!(again, read);
    assert_eq!(world.types(&number).await, happened);
}

/// Whatever half of a call is refused, neither happens.
#[tokio::test]
async fn of_a_call_that_is_refused_nothing_happens() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let far = world.later(Duration::from_hours(25));
    let soon = world.later(Duration::from_hours(1));
    let approve = json!({"status": "APPROVED"});
    let own = world.self_assigned_case().await;
    let others = world.requested_case().await;
    let unasked = world.open_case_by(&json!({ "agent": SAM })).await;
    for (number, body) in [
        // Further ahead than a day, and earlier than what the tick gives.
        (
            &own,
            json!({"selfAssigned": approve, "impersonation": {"status": "ENABLED", "expiration": far}}),
        ),
        (
            &own,
            json!({"selfAssigned": approve, "impersonation": {"status": "ENABLED", "expiration": soon}}),
        ),
        // There is nothing to extend yet.
        (
            &own,
            json!({"selfAssigned": approve, "impersonation": {"expiration": soon}}),
        ),
        // Nobody has asked.
        (
            &unasked,
            json!({"selfAssigned": approve, "impersonation": {"status": "ENABLED"}}),
        ),
        // It is not self-assigned.
        (
            &others,
            json!({"selfAssigned": approve, "impersonation": {"status": "ENABLED"}}),
        ),
    ] {
        let before = world.types(number).await;
        let refused = world.patch(dana, number, &body).await;
        refused.okta(400, "E0000001");
        assert_eq!(world.types(number).await, before, "{body}");
    }
    // Taking away and approving are no contradiction.
    let body = json!({"selfAssigned": approve, "impersonation": {"status": "DISABLED"}});
    let read = world.patch(dana, &own, &body).await.with(200);
    assert_eq!(read["selfAssigned"]["status"], "APPROVED");
    assert_eq!(
        read["impersonation"],
        json!({"status": "REQUESTED", "expiration": null})
    );
}

/// The token acts with the role that its admin has now (R2), in the org that is theirs.
#[tokio::test]
async fn everyone_sees_and_changes_what_is_theirs_now() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let own = world.self_assigned_case().await;
    let seen = async |token: &str| {
        let list = world.get(token, CASES).await.with(200);
        let cases = list["supportCases"].as_array().unwrap().clone();
        cases
            .iter()
            .map(|case| case["caseNumber"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let tokens = &world.tokens;
    assert_eq!(seen(&tokens.dana).await, [number.clone(), own.clone()]);
    assert_eq!(seen(&tokens.ben).await, std::slice::from_ref(&number));
    for nothing in [&tokens.ann, &tokens.grace] {
        assert!(seen(nothing).await.is_empty());
        let read = world.get(nothing, SUPPORT).await.with(200);
        assert_eq!(read["support"], "DISABLED");
        // What is not theirs cannot be told from what is not there.
        let theirs = world.patch(nothing, &number, &disabled()).await;
        let nobodys = world.patch(nothing, "no-such-case", &disabled()).await;
        let (theirs, nobodys) = (theirs.okta(404, "E0000007"), nobodys.okta(404, "E0000007"));
        assert_eq!(theirs["errorSummary"], nobodys["errorSummary"]);
        assert_eq!(theirs["errorCauses"], nobodys["errorCauses"]);
    }
    let (acme, ben, dana) = (slug("acme"), email(BEN), email(DANA));
    good(
        world
            .app
            .set_role(OPERATOR, &acme, &ben, Role::SuperAdmin)
            .await,
    );
    assert_eq!(seen(&tokens.ben).await, [number.clone(), own.clone()]);
    good(
        world
            .app
            .set_role(OPERATOR, &acme, &dana, Role::Admin)
            .await,
    );
    let demoted = world.patch(&tokens.dana, &number, &disabled()).await;
    demoted.okta(404, "E0000007");
    good(
        world
            .app
            .set_admin_active(OPERATOR, &acme, &dana, false)
            .await,
    );
    world.get(&tokens.dana, CASES).await.okta(403, "E0000006");
    let gone = world.patch(&tokens.dana, &number, &disabled()).await;
    gone.okta(403, "E0000006");
    world
        .patch(&tokens.ben, &number, &disabled())
        .await
        .with(200);
}

/// R3: what an operator makes grants nothing in a claimed org, and takes away all the same.
#[tokio::test]
async fn an_operators_token_does_not_approve_in_a_claimed_org() {
    let world = World::new().await;
    let (first, second) = (world.requested_case().await, world.granted_case().await);
    let own = world.claimed().await;
    let operators = &world.tokens.dana;
    world.get(operators, CASES).await.with(200);
    let waits = world.patch(operators, &first, &enabled()).await;
    let cause = waits.okta(403, "E0000006")["errorCauses"][0]["errorSummary"].clone();
    assert!(cause.as_str().unwrap().contains("accept"), "{cause}");
    world.patch(operators, &second, &disabled()).await.with(200);
    world.patch(&own, &first, &enabled()).await.with(200);
}

#[tokio::test]
async fn a_closed_case_is_not_there_and_a_blocked_org_grants_nothing() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let (closed, open) = (world.granted_case().await, world.requested_case().await);
    let number = good(CaseNumber::parse(&closed));
    good(world.app.close_case(OPERATOR, &number).await);
    for body in [enabled(), disabled()] {
        let refused = world.patch(dana, &closed, &body).await;
        refused.okta(404, "E0000007");
    }
    let list = world.get(dana, CASES).await.with(200);
    assert_eq!(
        list["supportCases"],
        json!([case(&open, "REQUESTED", None)])
    );
    let block = world.call(dana, "POST", "/api/v1/orgs/acme/block", None);
    block.await.with(200);
    let blocked = world.patch(dana, &open, &enabled()).await;
    let error = blocked.okta(400, "E0000001");
    assert_eq!(
        error["errorSummary"],
        "Api validation failed: support_blocked"
    );
    world.patch(dana, &open, &disabled()).await.with(200);
}

/// What lasts longest speaks for all.
#[tokio::test]
async fn several_grants_read_as_the_longest() {
    let world = World::new().await;
    let (short, long) = (world.granted_case().await, world.granted_case().await);
    let day = world.later(Duration::from_hours(24));
    let dana = &world.tokens.dana;
    world.patch(dana, &long, &until(&day)).await.with(200);
    let read = world.get(dana, SUPPORT).await.with(200);
    assert_eq!(
        (&read["caseNumber"], &read["expiration"]),
        (&json!(long), &json!(day))
    );
    world.patch(dana, &long, &disabled()).await.with(200);
    let read = world.get(dana, SUPPORT).await.with(200);
    assert_eq!(
        (&read["support"], &read["caseNumber"]),
        (&json!("ENABLED"), &json!(short))
    );
}

/// R2: what has changed by the time of the append is what counts, and half of a call is never done.
#[tokio::test]
async fn what_moves_while_a_call_is_decided_counts() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let both = json!({
        "impersonation": {"status": "ENABLED"}, "selfAssigned": {"status": "APPROVED"},
    });
    let number = world.self_assigned_case().await;
    let before = world.types(&number).await;
    let (app, parsed) = (world.app.clone(), good(CaseNumber::parse(&number)));
    world.store.before_next_append(async move {
        good(app.close_case(OPERATOR, &parsed).await);
    });
    let closed = world.patch(dana, &number, &both).await;
    closed.okta(404, "E0000007");
    let happened = world.types(&number).await.split_off(before.len());
    assert_eq!(happened, ["case.closed"]);

    let number = world.self_assigned_case().await;
    let before = world.types(&number).await;
    let app = world.app.clone();
    world.store.before_next_append(async move {
        let (acme, dana) = (slug("acme"), email(DANA));
        good(app.set_role(OPERATOR, &acme, &dana, Role::Admin).await);
    });
    let demoted = world.patch(dana, &number, &both).await;
    demoted.okta(404, "E0000007");
    let (acme, dana) = (slug("acme"), email(DANA));
    let again = world.app.set_role(OPERATOR, &acme, &dana, Role::SuperAdmin);
    good(again.await);
    assert_eq!(world.types(&number).await, before);
}
