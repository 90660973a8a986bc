//! Reading sessions: who sees which, and what becomes of them.

use countersign_domain::Duration;
use countersign_store::{NewLease, Store, conformance::request};
use serde_json::{Value, json};

use crate::world::{BEN, SAM, World};

impl World {
    async fn running(&self, token: &str, query: &str) -> Vec<String> {
        let list = self.get(token, &format!("/api/v1/sessions{query}")).await;
        let list = list.with(200);
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn session_of(&self, number: &str) -> String {
        let started = self.start_session(number).await;
        started["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_running_session_says_who_what_and_until_when() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let grant = world
        .get(&world.tokens.dana, &format!("/api/v1/cases/{number}"))
        .await
        .with(200)["impersonation"]["grant"]
        .clone();
    let id = world.session_of(&number).await;
    let started = world.later(Duration::from_millis(0));
    let ends = world.later(Duration::from_hours(8));
    world.pass(Duration::from_mins(5));
    let lease = world.store.acquire_lease(NewLease {
        process: "proc_00000000000000000000000000000009".parse().unwrap(),
        duration: Duration::from_secs(10),
        replaces: None,
    });
    let lease = lease.await.unwrap().id;
    let under = id.parse().unwrap();
    world.store.record(lease, &[request(under)]).await.unwrap();
    let expected = json!({
        "id": id, "status": "running", "case": number, "org": "acme",
        "agent": {"email": SAM, "name": "Sam Hill"}, "subject": {"email": BEN, "name": "Ben Ode"},
        "grant": grant, "started_at": started, "entered": false,
        "last_request_at": world.later(Duration::from_millis(0)), "expires_at": ends,
        "ended_at": null, "ended_why": null,
    });
    let path = format!("/api/v1/sessions/{id}");
    for token in [&world.tokens.dana, &world.tokens.ben, &world.tokens.sam] {
        assert_eq!(world.get(token, &path).await.with(200), expected);
        let list = world.get(token, "/api/v1/sessions").await.with(200);
        assert_eq!(list, json!({"items": [expected], "next": null}));
    }
}

#[tokio::test]
async fn what_became_of_a_session_is_told() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let number = world.granted_case().await;
    let read = async |id: &str| {
        let path = format!("/api/v1/sessions/{id}");
        world.get(&world.tokens.sam, &path).await.with(200)
    };
    let ended = world.session_of(&number).await;
    let path = format!("/api/v1/sessions/{ended}");
    world.call(dana, "DELETE", &path, None).await.with(200);
    let told = read(&ended).await;
    assert_eq!(told["status"], "ended");
    assert_eq!(told["ended_why"], "by_approver");
    assert_eq!(told["ended_at"], world.later(Duration::from_millis(0)));
    assert_eq!(told["agent"]["email"], SAM);
    assert_eq!(told["expires_at"], Value::Null);

    let idle = world.session_of(&number).await;
    let at = world.later(Duration::from_mins(30));
    world.pass(Duration::from_mins(29));
    assert_eq!(world.running(dana, "").await, std::slice::from_ref(&idle));
    world.pass(Duration::from_mins(1));
    assert_eq!(world.running(dana, "").await, [""; 0]);
    let told = read(&idle).await;
    assert_eq!(
        (&told["status"], &told["ended_why"]),
        (&json!("ended"), &json!("idle"))
    );
    assert_eq!(told["ended_at"], at);

    world.pass(Duration::from_hours(7));
    let expired = world.session_of(&number).await;
    let at = world.later(Duration::from_mins(30));
    world.pass(Duration::from_mins(30));
    let told = read(&expired).await;
    assert_eq!(told["ended_why"], "expired");
    assert_eq!(told["ended_at"], at);
}

#[tokio::test]
async fn everyone_lists_what_they_see_page_by_page() {
    let world = World::new().await;
    let (by_ben, by_dana) = (world.granted_case().await, {
        let dana = json!({"admin": crate::world::DANA});
        let number = world.open_case_by(&dana).await;
        world.ask(&number).await;
        world.grant(&number).await;
        number
    });
    let first = world.session_of(&by_ben).await;
    let second = world.session_of(&by_dana).await;
    let third = world.session_of(&by_ben).await;
    let all = [first.clone(), second.clone(), third.clone()];
    assert_eq!(world.running(&world.tokens.dana, "").await, all);
    assert_eq!(world.running(&world.tokens.sam, "").await, all);
    assert_eq!(
        world.running(&world.tokens.ben, "").await,
        [first.clone(), third.clone()]
    );
    for nobodys in [&world.tokens.ann, &world.tokens.grace, &world.tokens.tom] {
        assert_eq!(world.running(nobodys, "").await, [""; 0]);
        let path = format!("/api/v1/sessions/{first}");
        let hidden = world.get(nobodys, &path).await;
        hidden.problem(404, "session_not_found");
    }
    let one = world.running(&world.tokens.dana, "?limit=1").await;
    assert_eq!(one, std::slice::from_ref(&first));
    let rest = format!("?limit=2&after={first}");
    assert_eq!(
        world.running(&world.tokens.dana, &rest).await,
        [second, third]
    );
    let refused = world.get(&world.tokens.operator, "/api/v1/sessions").await;
    refused.problem(403, "operators_see_no_sessions");
}
