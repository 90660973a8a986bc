//! Filters of the list of cases.

use countersign_domain::Duration;
use serde_json::json;

use crate::world::{SAM, TOM, World};

impl World {
    async fn found(&self, token: &str, query: &str) -> Vec<String> {
        let mut found = vec![];
        let mut after = String::new();
        loop {
            let path = format!("/api/v1/cases?limit=2{query}{after}");
            let page = self.get(token, &path).await.with(200);
            let items = page["items"].as_array().unwrap();
            assert!(items.len() <= 2);
            let numbers = items.iter().map(|case| case["number"].as_str().unwrap());
            found.extend(numbers.map(ToOwned::to_owned));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return found,
            }
        }
    }
}

#[tokio::test]
async fn cases_are_found_by_org_agent_and_what_their_access_reads() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let quiet = world.open_case().await;
    let asked = world.requested_case().await;
    let granted = world.granted_case().await;
    let closed = world.open_case().await;
    let close = format!("/api/v1/cases/{closed}/close");
    world.call(operator, "POST", &close, None).await.with(200);
    let theirs = json!({
        "org": "globex", "number": "X-1", "subject": "Theirs", "opened_by": {"agent": TOM},
        "team": [TOM],
    });
    world
        .post(operator, "/api/v1/cases", &theirs)
        .await
        .with(201);
    let late = world.granted_case().await;

    let acme = [&quiet, &asked, &granted, &closed, &late];
    assert_eq!(
        world.found(operator, "&org=acme").await,
        acme.map(String::as_str)
    );
    assert_eq!(world.found(operator, "&org=globex").await, ["X-1"]);
    assert_eq!(world.found(operator, "&org=nowhere").await, [""; 0]);
    assert_eq!(
        world.found(operator, &format!("&agent={TOM}")).await,
        ["X-1"]
    );
    let sams = format!("&agent={SAM}&status=open");
    let open = [&quiet, &asked, &granted, &late].map(String::as_str);
    assert_eq!(world.found(operator, &sams).await, open);
    let neither = format!("&agent={SAM}&org=globex");
    assert_eq!(world.found(operator, &neither).await, [""; 0]);

    // What others may not see they do not find, whatever they ask for.
    let dana = &world.tokens.dana;
    assert_eq!(world.found(dana, "&org=globex").await, [""; 0]);
    assert_eq!(world.found(dana, &format!("&agent={TOM}")).await, [""; 0]);
    assert_eq!(world.found(&world.tokens.tom, "&org=acme").await, [""; 0]);
    // Before the customer has approved it, an agent sees no team of a self-assigned case.
    let tom = &world.tokens.tom;
    assert_eq!(world.found(tom, &format!("&agent={TOM}")).await, [""; 0]);
    assert_eq!(world.found(tom, "&org=globex").await, ["X-1"]);

    for (status, expected) in [
        ("NOT_REQUESTED", vec![&quiet]),
        ("REQUESTED", vec![&asked]),
        ("ENABLED", vec![&granted, &late]),
        ("DISABLED", vec![&closed]),
    ] {
        let query = format!("&impersonation={status}");
        let found = world.found(dana, &query).await;
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{status}");
    }
    world.pass(Duration::from_hours(8));
    assert_eq!(world.found(dana, "&impersonation=ENABLED").await, [""; 0]);
    let disabled = [&granted, &closed, &late].map(String::as_str);
    assert_eq!(world.found(dana, "&impersonation=DISABLED").await, disabled);
    for bad in [
        "&impersonation=live",
        "&org=A",
        "&agent=sam",
        "&team=x",
        "&limit=2",
    ] {
        let answer = world
            .get(dana, &format!("/api/v1/cases?limit=2{bad}"))
            .await;
        assert_eq!(answer.status, 422, "{bad}");
    }
}
