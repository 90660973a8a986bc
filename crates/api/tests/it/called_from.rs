//! From where what was done was done, and who gets to read it.

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_domain::{CalledFrom, UserAgent};
use serde_json::{Value, json};

use crate::{
    probe::Answer,
    world::{BEN, SAM, World},
};

fn called_from(address: &str, program: &str) -> CalledFrom {
    CalledFrom::new(
        address.parse().unwrap(),
        UserAgent::read(program.as_bytes()),
    )
}

impl World {
    /// A call as it comes behind the front door, which has noted from where.
    async fn done_from(&self, from: CalledFrom, token: &str, method: &str, path: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            // Whatever a caller says of it here counts for nothing: the front door has judged it.
            .header("x-forwarded-for", "198.51.100.66")
            .header("forwarded", "for=198.51.100.66")
            .header(header::USER_AGENT, "forged")
            .body(Body::empty())
            .unwrap();
        request.extensions_mut().insert(from);
        self.send(request).await
    }

    async fn told(&self, token: &str, path: &str) -> Vec<Value> {
        let page = self.get(token, path).await;
        page.with(200)["items"].as_array().unwrap().clone()
    }
}

fn leaf_hash_of(log: &[Value], kind: &str) -> String {
    let entry = log.iter().find(|entry| entry["type"] == kind).unwrap();
    entry["leaf_hash"].as_str().unwrap().to_owned()
}

fn said(entries: &[Value]) -> Vec<Value> {
    entries
        .iter()
        .map(|entry| json!([entry["type"], entry["client"]]))
        .collect()
}

#[tokio::test]
async fn everything_done_by_a_call_says_from_where_it_came() {
    let world = World::new().await;
    let tokens = &world.tokens;
    let number = world.requested_case().await;
    let case = format!("/api/v1/cases/{number}");
    let grant = format!("{case}/grant");
    let sessions = format!("{case}/sessions");
    let office = called_from("192.0.2.7", "curl/8");
    let desk = called_from("2001:db8::5", "support desk");
    let granted = world.done_from(office.clone(), &tokens.dana, "PUT", &grant);
    granted.await.with(200);
    let started = world.done_from(desk.clone(), &tokens.sam, "POST", &sessions);
    started.await.with(201);
    // Both of what one call did.
    let revoked = world.done_from(office, &tokens.dana, "DELETE", &grant);
    revoked.await.with(200);

    let history = format!("{case}/history?order=oldest");
    let office = json!({"address": "192.0.2.7", "user_agent": "curl/8"});
    let desk = json!({"address": "2001:db8::5", "user_agent": "support desk"});
    let all = json!([
        ["case.opened", null],
        ["access.requested", null],
        ["access.granted", office],
        ["session.started", desk],
        ["session.ended", office],
        ["access.revoked", office]
    ]);
    let rows = world.told(&tokens.dana, &history).await;
    assert_eq!(Value::from(said(&rows)), all);
    let encoded: Value = serde_json::from_str(rows[2]["encoded"].as_str().unwrap()).unwrap();
    assert_eq!(encoded["client"], office);
    let report = world.get(&tokens.dana, &format!("{case}/report")).await;
    let report = report.with(200);
    let acts = said(report["acts"].as_array().unwrap());
    assert!(acts.contains(&all[2]), "{acts:?}");
    let log = world
        .told(&tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await;
    assert!(said(&log).contains(&all[5]));
    let csv = world
        .get(&tokens.dana, &format!("{case}/history/export?format=csv"))
        .await;
    let mut lines = csv.text.lines();
    let header = lines.next().unwrap();
    assert!(header.ends_with(",\"client_address\",\"client_user_agent\""));
    let of = |kind: &str| csv.text.lines().find(|line| line.contains(kind)).unwrap();
    assert!(of("access.granted").ends_with(",\"192.0.2.7\",\"curl/8\""));
    assert!(of("access.requested").ends_with(",\"\",\"\""));

    // So it is found in the System Log.
    for (filter, found) in [
        ("client.ipAddress+eq+%22192.0.2.7%22", 3),
        (
            "client.ipAddress+sw+%22192.%22+and+eventType+ew+%22.grant%22",
            1,
        ),
        ("client.userAgent.rawUserAgent+eq+%22support+desk%22", 1),
        ("client.ipAddress+eq+%22198.51.100.66%22", 0),
    ] {
        let path = format!("/api/v1/logs?filter={filter}");
        let events = world.get(&tokens.dana, &path).await.with(200);
        assert_eq!(
            events.as_array().unwrap().len(),
            found,
            "{filter}: {events}"
        );
    }

    // An agent reads from where they came themself, and nothing of where the customer sits.
    for path in [&history, &format!("{case}/history/export")] {
        let own = world.get(&tokens.sam, path).await;
        assert_eq!(own.status, 200);
        assert!(own.text.contains("2001:db8::5"), "{}", own.text);
        assert!(!own.text.contains("192.0.2.7"), "{}", own.text);
    }
    // That their session was ended they do read, without what an address could be found from.
    let rows = world.told(&tokens.sam, &history).await;
    let ended = rows.last().unwrap();
    assert_eq!(ended["type"], "session.ended");
    assert_eq!(
        json!([ended["client"], ended["encoded"], ended["leaf_hash"]]),
        json!([null, null, null])
    );
    let csv = world
        .get(&tokens.sam, &format!("{case}/history/export?format=csv"))
        .await;
    let hash = leaf_hash_of(&log, "session.ended");
    assert!(csv.text.contains("session.ended"));
    assert!(!csv.text.contains("192.0.2.7") && !csv.text.contains(&hash));
    // Operators read no entries at all, and admins of another org none of these.
    for token in [&tokens.operator, &tokens.grace, &tokens.tom] {
        let refused = world.get(token, &history).await;
        assert!(refused.status.is_client_error());
        assert!(!refused.text.contains("192.0.2.7"));
    }
}

/// A repeated call answers what the first one made, and adds nothing from the second place.
#[tokio::test]
async fn a_call_without_a_known_place_says_none_and_a_repeated_one_adds_none() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let path = format!("/api/v1/cases/{number}/grant");
    let again = called_from("192.0.2.7", "curl/8");
    world
        .done_from(again, &world.tokens.dana, "PUT", &path)
        .await
        .with(200);
    let log = world
        .told(&world.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await;
    assert!(log.iter().all(|entry| entry["client"].is_null()));
    assert!(
        log.iter()
            .any(|entry| entry["actor"]["email"] == BEN || entry["actor"]["email"] == SAM)
    );
}
