//! API tokens and sign-in links (R3).

use countersign_domain::Duration;
use serde_json::{Value, json};

use crate::world::{ANN, BEN, DANA, SAM, TOM, World};

const PATH: &str = "/api/v1/credentials";

impl World {
    async fn mint(&self, token: &str, body: &Value) -> Value {
        self.post(token, PATH, body).await.with(201)
    }

    async fn listed(&self, token: &str, query: &str) -> Vec<Value> {
        let list = self.get(token, &format!("{PATH}?limit=1000{query}")).await;
        list.with(200)["items"].as_array().unwrap().clone()
    }
}

fn ids(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_token_opens_the_api_until_it_is_revoked_or_runs_out() {
    let world = World::new().await;
    let minted = world
        .mint(
            &world.tokens.sam,
            &json!({"kind": "api_token", "minutes": 10}),
        )
        .await;
    assert_eq!(minted["owner"]["email"], SAM);
    assert_eq!(minted["owner"]["kind"], "agent");
    assert_eq!(minted["expires_at"], world.later(Duration::from_mins(10)));
    assert_eq!(minted["url"], Value::Null);
    let token = minted["token"].as_str().unwrap();
    let me = world.get(token, "/api/v1/me").await.with(200);
    assert_eq!(me["email"], SAM);
    let path = format!("{PATH}/{}", minted["id"].as_str().unwrap());
    for _ in 0..2 {
        let revoked = world.call(&world.tokens.sam, "DELETE", &path, None).await;
        let revoked = revoked.with(200);
        assert_eq!(revoked["good"], false);
        assert_eq!(revoked["spent_at"], world.later(Duration::from_millis(0)));
        let refused = world.get(token, "/api/v1/me").await;
        refused.problem(401, "unauthenticated");
    }
    let short = world
        .mint(
            &world.tokens.sam,
            &json!({"kind": "api_token", "minutes": 10}),
        )
        .await;
    world.pass(Duration::from_mins(10));
    let refused = world
        .get(short["token"].as_str().unwrap(), "/api/v1/me")
        .await;
    refused.problem(401, "unauthenticated");
}

#[tokio::test]
async fn who_sees_a_credential_may_take_it_away_and_it_stands_on_the_log() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let bens = json!({"kind": "login_link", "owner": {"admin": {"org": "acme", "email": BEN}}});
    let made = world.mint(operator, &bens).await;
    let url = made["url"].as_str().unwrap();
    assert!(
        url.starts_with("http://localhost:8080/sign-in/cso_"),
        "{url}"
    );
    assert_eq!(made["token"], Value::Null);
    assert_eq!(
        made["owner"],
        json!({"kind": "admin", "org": "acme", "email": BEN, "name": "Ben Ode"})
    );
    let id = made["id"].as_str().unwrap();
    for (token, sees) in [
        (operator, true),
        (&world.tokens.dana, true),
        (&world.tokens.ben, true),
        (&world.tokens.ann, false),
        (&world.tokens.grace, false),
        (&world.tokens.sam, false),
    ] {
        let listed = world.listed(token, "").await;
        let found = listed.iter().find(|item| item["id"] == id);
        assert_eq!(found.is_some(), sees, "{listed:?}");
        if let Some(item) = found {
            assert_eq!(item["minted_by"], "operator");
            assert_eq!(item["kind"], "login_link");
            assert_eq!(item["good"], true);
        } else {
            let path = format!("{PATH}/{id}");
            let refused = world.call(token, "DELETE", &path, None).await;
            refused.problem(404, "credential_not_found");
        }
    }
    let path = format!("{PATH}/{id}");
    world
        .call(&world.tokens.dana, "DELETE", &path, None)
        .await
        .with(200);
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await
        .with(200);
    let newest = log["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(newest["type"], "credential.revoked");
    assert_eq!(newest["actor"]["email"], DANA);
    assert_eq!(newest["detail"]["credential"], id);
    for bad in ["cred_1", "sess_00000000000000000000000000000001", "x"] {
        let path = format!("{PATH}/{bad}");
        let answer = world.call(operator, "DELETE", &path, None).await;
        answer.problem(404, "credential_not_found");
    }
}

#[tokio::test]
async fn credentials_are_listed_newest_first_page_by_page_and_by_owner() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let everything = world.listed(operator, "").await;
    assert_eq!(everything.len(), 9);
    let mut paged = vec![];
    let mut after = String::new();
    loop {
        let page = world
            .get(operator, &format!("{PATH}?limit=4{after}"))
            .await
            .with(200);
        paged.extend(page["items"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(paged, everything);
    let of = |kind: &str, email: Option<&str>| -> Vec<Value> {
        let found = everything.iter().filter(|item| {
            item["owner"]["kind"] == kind
                && email.is_none_or(|email| item["owner"]["email"] == email)
        });
        found.cloned().collect()
    };
    let sams = world.listed(operator, &format!("&agent={SAM}")).await;
    assert_eq!(sams, of("agent", Some(SAM)));
    let own = world.listed(&world.tokens.sam, "").await;
    assert_eq!(own, sams);
    let acme = world.listed(operator, "&org=acme").await;
    assert_eq!(acme, world.listed(&world.tokens.dana, "").await);
    assert_eq!(ids(&acme).len(), 4);
    assert_eq!(
        world.listed(&world.tokens.ann, "").await,
        of("admin", Some(ANN))
    );
    for (token, query, status, code) in [
        (
            &world.tokens.sam,
            format!("&agent={TOM}"),
            403,
            "only_operators",
        ),
        (
            &world.tokens.sam,
            "&agent=nobody@vendor.test".to_owned(),
            403,
            "only_operators",
        ),
        (
            &world.tokens.sam,
            "&org=acme".to_owned(),
            403,
            "only_super_admins",
        ),
        (
            &world.tokens.grace,
            "&org=acme".to_owned(),
            404,
            "org_not_found",
        ),
        (operator, "&org=nowhere".to_owned(), 404, "org_not_found"),
        (
            operator,
            "&agent=nobody@vendor.test".to_owned(),
            404,
            "person_not_found",
        ),
        (
            operator,
            format!("&org=acme&agent={SAM}"),
            422,
            "invalid_query",
        ),
        (operator, "&after=x".to_owned(), 422, "invalid_text"),
    ] {
        let answer = world.get(token, &format!("{PATH}?limit=10{query}")).await;
        answer.problem(status, code);
    }
}

#[tokio::test]
async fn nobody_mints_what_is_not_theirs_or_learns_who_there_is() {
    let world = World::new().await;
    let for_agent = |email: &str| json!({"kind": "api_token", "owner": {"agent": email}});
    let for_admin = |org: &str, email: &str| json!({"kind": "api_token", "owner": {"admin": {"org": org, "email": email}}});
    for token in [&world.tokens.dana, &world.tokens.sam] {
        for body in [
            for_agent(TOM),
            for_agent("nobody@vendor.test"),
            for_admin("acme", BEN),
            for_admin("acme", "nobody@acme.test"),
            for_admin("nowhere", BEN),
            json!({"kind": "api_token", "owner": {"operator": {}}}),
        ] {
            let refused = world.post(token, PATH, &body).await;
            refused.problem(403, "not_yours_to_mint");
        }
    }
    // By name, in the own name.
    world.mint(&world.tokens.sam, &for_agent(SAM)).await;
    world
        .mint(&world.tokens.dana, &for_admin("acme", DANA))
        .await;
    let operator = &world.tokens.operator;
    for (body, status, code) in [
        (for_agent("nobody@vendor.test"), 404, "person_not_found"),
        (
            for_admin("acme", "nobody@acme.test"),
            404,
            "person_not_found",
        ),
        (for_admin("globex", BEN), 404, "person_not_found"),
        (
            json!({"kind": "api_token", "minutes": 0}),
            422,
            "invalid_text",
        ),
        (
            json!({"kind": "api_token", "minutes": 527_041}),
            422,
            "invalid_text",
        ),
        (
            json!({"kind": "login_link", "owner": {"agent": SAM}, "minutes": 1_441}),
            422,
            "invalid_text",
        ),
        (json!({"kind": "password"}), 422, "invalid_field"),
        (
            json!({"kind": "login_link"}),
            403,
            "operators_sign_in_nowhere",
        ),
        (
            json!({"kind": "login_link", "owner": {"operator": {}}}),
            403,
            "operators_sign_in_nowhere",
        ),
    ] {
        let answer = world.post(operator, PATH, &body).await;
        answer.problem(status, code);
    }
}
