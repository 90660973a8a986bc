//! Okta's System Log: what its clients ask, page by page and for ever.

use std::collections::BTreeSet;

use countersign_domain::Duration;
use serde_json::{Value, json};

use crate::{
    history::{Did, looks},
    okta::{disabled, enabled},
    probe::{Answer, WHY},
    world::{BEN, DANA, SAM, World},
};

const LOGS: &str = "/api/v1/logs";

/// A text as a part of a query.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// The link of a kind, without the address of the server.
fn link(answer: &Answer, rel: &str) -> Option<String> {
    let links = answer.headers.get_all("link").iter();
    let found = links.filter_map(|value| {
        let (target, said) = value.to_str().ok()?.split_once(">; rel=")?;
        let path = target.strip_prefix("<http://localhost:8080")?;
        (said == format!("\"{rel}\"")).then(|| path.to_owned())
    });
    let found: Vec<String> = found.collect();
    assert!(found.len() < 2, "{found:?}");
    found.into_iter().next()
}

fn next(answer: &Answer) -> Option<String> {
    link(answer, "next")
}

fn list(answer: &Answer) -> Vec<Value> {
    answer.with(200).as_array().unwrap().clone()
}

fn types(events: &[Value]) -> Vec<&str> {
    let types = events
        .iter()
        .map(|event| event["eventType"].as_str().unwrap());
    types.collect()
}

fn ids(events: &[Value]) -> Vec<String> {
    let ids = events.iter().map(|event| event["uuid"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

impl World {
    async fn logs(&self, query: &str) -> Vec<Value> {
        let dana = &self.tokens.dana;
        list(&self.get(dana, &format!("{LOGS}?{query}")).await)
    }

    async fn filtered(&self, filter: &str) -> Vec<Value> {
        let filter = escaped(filter);
        self.logs(&format!("limit=1000&filter={filter}")).await
    }

    /// Everything from `path` on, by the links to the next page, until there is none or nothing on it.
    async fn all_pages(&self, path: &str) -> (Vec<Value>, Option<String>) {
        let mut path = path.to_owned();
        let mut events = vec![];
        loop {
            let answer = self.get(&self.tokens.dana, &path).await;
            let page = list(&answer);
            let Some(on) = next(&answer) else {
                events.extend(page);
                return (events, None);
            };
            if page.is_empty() {
                return (events, Some(on));
            }
            events.extend(page);
            path = on;
        }
    }

    /// Access is asked for, given, used and taken away.
    async fn a_day(&self) -> String {
        let number = self.granted_case().await;
        let session = self.start_session(&number).await;
        let did = [
            Did::Page("/invoices?page=2"),
            Did::Look("/style.css".to_owned()),
            Did::Try("/invoices/9", "not_a_read"),
        ];
        let seen = self.did(&session, did).await;
        self.did(&session, [Did::Went(seen[0])]).await;
        let dana = &self.tokens.dana;
        self.pass(Duration::from_hours(1));
        let day = json!({"impersonation": {"expiration": self.later(Duration::from_hours(24))}});
        self.patch(dana, &number, &day).await.with(200);
        self.patch(dana, &number, &disabled()).await.with(200);
        number
    }
}

#[tokio::test]
async fn a_day_reads_as_okta_tells_it() {
    let world = World::new().await;
    let number = world.a_day().await;
    let filter = format!("debugContext.debugData.caseNumber eq \"{number}\"");
    let events = world.filtered(&filter).await;
    assert_eq!(
        types(&events),
        [
            "support.case.open",
            "support.access.request",
            "user.session.impersonation.grant",
            "user.session.impersonation.initiate",
            "support.org.view",
            "app.generic.unauth_app_access_attempt",
            "user.session.impersonation.extend",
            "user.session.impersonation.end",
            "user.session.impersonation.revoke",
        ]
    );
    let [
        _,
        _,
        granted,
        initiated,
        viewed,
        refused,
        extended,
        ended,
        revoked,
    ] = &events[..]
    else {
        panic!("{events:?}");
    };
    // Whoever is impersonated stands first in each, with their real address.
    for event in [
        granted, initiated, viewed, refused, extended, ended, revoked,
    ] {
        assert_eq!(event["target"][0]["type"], "User", "{event}");
        assert_eq!(event["target"][0]["alternateId"], BEN, "{event}");
        assert_eq!(event["target"][0]["displayName"], "Ben Ode", "{event}");
    }
    for (event, who, name) in [
        (granted, DANA, "Dana Reed"),
        (initiated, SAM, "Sam Hill"),
        (viewed, SAM, "Sam Hill"),
        (ended, DANA, "Dana Reed"),
    ] {
        let actor = &event["actor"];
        assert_eq!(
            (&actor["alternateId"], &actor["displayName"]),
            (&json!(who), &json!(name))
        );
    }
    let said = |event: &Value, name: &str| event["debugContext"]["debugData"][name].clone();
    assert_eq!(said(granted, "justification"), WHY);
    assert_eq!(said(granted, "expiration"), "2030-01-01T08:01:00.000Z");
    assert_eq!(said(extended, "expiration"), "2030-01-02T01:01:00.000Z");
    assert_eq!(said(ended, "reason"), "grant_revoked");
    assert_eq!(said(revoked, "initiatingEntity"), "admin");
    assert_eq!(said(viewed, "requestUri"), "/invoices?page=2");
    assert_eq!(
        viewed["outcome"],
        json!({"result": "ALLOW", "reason": null})
    );
    assert_eq!(
        refused["outcome"],
        json!({"result": "DENY", "reason": "not_a_read"})
    );
    assert_eq!(granted["published"], "2030-01-01T00:01:00.000Z");
    for of_session in [viewed, refused, ended] {
        assert_eq!(
            of_session["transaction"]["id"],
            initiated["transaction"]["id"]
        );
    }

    // The same entry of the log that anybody can verify.
    let index = said(granted, "entryIndex");
    let entries = world.get(&world.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000");
    let entries = entries.await.with(200);
    let entry = entries["items"].as_array().unwrap().iter();
    let mut entry =
        entry.filter(|entry| entry["index"].as_u64() == index.as_str().unwrap().parse().ok());
    assert_eq!(entry.next().unwrap()["type"], "access.granted");
}

#[tokio::test]
async fn filters_and_keywords_choose_among_real_events() {
    let world = World::new().await;
    let number = world.a_day().await;
    let only =
        |types: &[&str]| -> Vec<String> { types.iter().map(|of| (*of).to_owned()).collect() };
    let grant = "user.session.impersonation.grant";
    let five: Vec<String> = ["grant", "initiate", "extend", "end", "revoke"]
        .map(|of| format!("user.session.impersonation.{of}"))
        .to_vec();
    for (filter, expected) in [
        ("eventType eq \"user.session.impersonation.grant\"".to_owned(), only(&[grant])),
        ("EVENTTYPE SW \"User.Session.Impersonation\"".to_owned(), five.clone()),
        ("legacyEventType eq \"core.user.impersonation.grant.enabled\"".to_owned(), only(&[grant])),
        (
            "outcome.result eq \"DENY\" and outcome.reason eq \"not_a_read\"".to_owned(),
            only(&["app.generic.unauth_app_access_attempt"]),
        ),
        (
            "actor.alternateId eq \"SAM@vendor.test\" and not (outcome.result eq \"SUCCESS\")".to_owned(),
            only(&["support.org.view", "app.generic.unauth_app_access_attempt"]),
        ),
        (
            "target[type eq \"User\" and alternateId eq \"ben@acme.test\"] and eventType ew \".grant\"".to_owned(),
            only(&[grant]),
        ),
        // Of several, no one is both.
        ("target[type eq \"Case\" and alternateId eq \"ben@acme.test\"]".to_owned(), vec![]),
        (
            "published gt \"2030-01-01T02:00:00+01:00\" and eventType co \"impersonation\"".to_owned(),
            only(&[
                "user.session.impersonation.extend",
                "user.session.impersonation.end",
                "user.session.impersonation.revoke",
            ]),
        ),
        (format!("target.alternateId eq \"{number}\" and debugContext.debugData.justification pr and eventType ne \"support.access.request\" and actor.alternateId eq \"{DANA}\""),
            only(&[grant, "user.session.impersonation.extend", "user.session.impersonation.end", "user.session.impersonation.revoke"])),
        ("client.ipAddress pr or securityContext.isProxy eq true".to_owned(), vec![]),
        ("eventType eq \"policy.lifecycle.update\"".to_owned(), vec![]),
    ] {
        let found = world.filtered(&filter).await;
        assert_eq!(types(&found), expected, "{filter}");
    }
    for (q, expected) in [
        (
            "invoices",
            only(&["support.org.view", "app.generic.unauth_app_access_attempt"]),
        ),
        ("SAM%40vendor.test%20page%3D2", only(&["support.org.view"])),
        ("invoices%20nowhere", vec![]),
    ] {
        assert_eq!(types(&world.logs(&format!("q={q}")).await), expected, "{q}");
    }
}

#[tokio::test]
async fn a_bounded_query_ends_and_a_poll_goes_on() {
    let world = World::new().await;
    world.a_day().await;
    let all = world.logs("limit=1000").await;
    let until = world.later(Duration::from_hours(1));
    let bounded = format!("{LOGS}?until={until}&limit=4");
    let (events, on) = world.all_pages(&bounded).await;
    // Whatever it is read beside, an event is the same.
    assert_eq!((&events, on), (&all, None));

    // As many as are asked for, and none is left.
    let exactly = format!("{LOGS}?until={until}&limit={}", all.len());
    let answer = world.get(&world.tokens.dana, &exactly).await;
    assert_eq!((list(&answer).len(), next(&answer)), (all.len(), None));
    assert_eq!(link(&answer, "self").unwrap(), exactly.replace(':', "%3A"));

    // The newest first end by themselves, also while the log grows.
    let newest = format!("{LOGS}?sortOrder=DESCENDING&limit=5");
    let answer = world.get(&world.tokens.dana, &newest).await;
    let mut events = list(&answer);
    world.open_case().await;
    let (rest, on) = world.all_pages(&next(&answer).unwrap()).await;
    events.extend(rest);
    events.reverse();
    assert_eq!((ids(&events), on), (ids(&all), None));

    // From a moment on, and before one.
    let hour = "2030-01-01T01:00:00Z";
    let later = world.logs(&format!("since={hour}&until={until}")).await;
    assert_eq!(
        types(&later),
        [
            "user.session.impersonation.extend",
            "user.session.impersonation.end",
            "user.session.impersonation.revoke",
            "support.case.open",
        ]
    );
    let before = world.logs(&format!("until={hour}&limit=1000")).await;
    assert_eq!(before.len() + 3, all.len());

    // Nothing in the last seven days: who polls waits for what comes.
    world.pass(Duration::from_hours(24 * 8));
    let answer = world.get(&world.tokens.dana, LOGS).await;
    assert_eq!(list(&answer), Vec::<Value>::new());
    let on = next(&answer).unwrap();
    world.open_case().await;
    let (events, _) = world.all_pages(&on).await;
    assert_eq!(types(&events), ["support.case.open"]);

    let none = world
        .get(&world.tokens.dana, &format!("{LOGS}?limit=0"))
        .await;
    assert_eq!((list(&none).len(), next(&none).is_some()), (0, true));
    let none = world
        .get(&world.tokens.dana, &format!("{LOGS}?limit=0&until={until}"))
        .await;
    assert_eq!((list(&none).len(), next(&none)), (0, None));
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Whatever is appended between one page and the next.
#[tokio::test]
async fn who_polls_gets_everything_once_and_in_order() {
    for seed in 0..3 {
        let mut chance = Chance(seed);
        let world = World::new().await;
        let number = world.granted_case().await;
        let session = world.start_session(&number).await;
        let filter = match seed % 2 {
            0 => "",
            _ => "&filter=not%20%28outcome.result%20eq%20%22DENY%22%29",
        };
        let first = format!("{LOGS}?since=2029-12-01T00:00:00Z{filter}");
        let mut on = format!("{first}&limit={}", 1 + chance.below(6));
        let mut seen = vec![];
        for _ in 0..24 {
            for _ in 0..chance.below(4) {
                match chance.below(4) {
                    0 => _ = world.did(&session, [Did::Page("/a")]).await,
                    1 => _ = world.did(&session, looks(&["/b", "/c"])).await,
                    2 => _ = world.did(&session, [Did::Try("/d", "not_a_read")]).await,
                    _ => _ = world.open_case().await,
                }
                if chance.below(3) == 0 {
                    world.pass(Duration::from_millis(500));
                }
            }
            let answer = world.get(&world.tokens.dana, &on).await;
            seen.extend(list(&answer));
            on = next(&answer).expect("who polls is always told where to go on");
        }
        let (rest, _) = world.all_pages(&on).await;
        seen.extend(rest);
        let (all, _) = world.all_pages(&format!("{first}&limit=1000")).await;
        assert!(all.len() > 20, "{}", all.len());
        assert_eq!(ids(&seen), ids(&all), "seed {seed}");
        let once: BTreeSet<String> = ids(&seen).into_iter().collect();
        assert_eq!(once.len(), seen.len(), "seed {seed}");
    }
}

#[tokio::test]
async fn what_is_not_there_costs_a_bounded_read_and_what_comes_later_is_found() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    for _ in 0..6 {
        world
            .did(&session, (0..1_000).map(|n| Did::Look(format!("/{n}"))))
            .await;
    }
    world.did(&session, [Did::Page("/needle")]).await;
    let needle = "debugContext.debugData.requestUri eq \"/needle\"";
    let path = format!("{LOGS}?filter={}", escaped(needle));
    let answer = world.get(&world.tokens.dana, &path).await;
    assert_eq!(list(&answer), Vec::<Value>::new());
    let answer = world.get(&world.tokens.dana, &next(&answer).unwrap()).await;
    assert_eq!(types(&list(&answer)), ["support.org.view"]);

    // What can be told by the type is found without reading on.
    let granted = world
        .filtered("eventType eq \"user.session.impersonation.grant\"")
        .await;
    assert_eq!(granted.len(), 1);
}

#[tokio::test]
async fn who_asks_over_and_over_hides_no_justification() {
    let world = World::new().await;
    let number = world.granted_case().await;
    world.start_session(&number).await;
    let dana = &world.tokens.dana;
    world.patch(dana, &number, &disabled()).await.with(200);
    let path = format!("/api/v1/cases/{number}/access-request");
    for time in 0..300 {
        let asked = json!({"justification": format!("This is time {time}.")});
        let sam = &world.tokens.sam;
        let answer = world.post(sam, &path, &asked).await;
        assert!(answer.status.is_success());
    }
    world.patch(dana, &number, &enabled()).await.with(200);
    let events = world
        .filtered("debugContext.debugData.grantId pr and target[type eq \"User\"]")
        .await;
    let whys: Vec<&Value> = events
        .iter()
        .map(|event| &event["debugContext"]["debugData"]["justification"])
        .collect();
    let (last, earlier) = whys.split_last().unwrap();
    assert_eq!(*last, "This is time 299.");
    assert!(
        earlier.len() > 2 && earlier.iter().all(|why| **why == WHY),
        "{whys:?}"
    );
}

#[tokio::test]
async fn a_place_is_good_for_its_log_and_its_query() {
    let world = World::new().await;
    world.a_day().await;
    let (dana, grace) = (&world.tokens.dana, &world.tokens.grace);
    let answer = world.get(dana, &format!("{LOGS}?limit=2&q=acme")).await;
    let on = next(&answer).unwrap();
    world.get(dana, &on).await.with(200);
    let (_, after) = on.rsplit_once("&after=").unwrap();
    // The times may be left out from here on, and the limit may be another.
    world
        .get(dana, &format!("{LOGS}?q=acme&limit=7&after={after}"))
        .await
        .with(200);
    let elsewhere = world.get(grace, &on).await;
    for answer in [
        elsewhere,
        world.get(dana, &format!("{LOGS}?after={after}")).await,
        world
            .get(dana, &format!("{LOGS}?q=other&after={after}"))
            .await,
        world
            .get(
                dana,
                &format!("{LOGS}?q=acme&sortOrder=DESCENDING&after={after}"),
            )
            .await,
        world
            .get(
                dana,
                &format!("{LOGS}?q=acme&filter=uuid%20pr&after={after}"),
            )
            .await,
        world
            .get(
                dana,
                &format!("{LOGS}?q=acme&since=2029-01-01T00:00:00Z&after={after}"),
            )
            .await,
        world
            .get(
                dana,
                &format!("{LOGS}?q=acme&until=2031-01-01T00:00:00Z&after={after}"),
            )
            .await,
        world.get(dana, &format!("{LOGS}?q=acme&after=2")).await,
        world
            .get(
                dana,
                &format!("{LOGS}?q=acme&after={}A", &after[..after.len() - 1]),
            )
            .await,
    ] {
        let error = answer.okta(400, "E0000001");
        assert_eq!(error["errorSummary"], "Api validation failed: after");
    }
    // What Grace reads is her own org's, and nothing of it is Acme's.
    let globex = list(&world.get(grace, LOGS).await);
    assert!(!globex.is_empty());
    assert!(
        globex
            .iter()
            .all(|event| !event.to_string().contains("acme"))
    );
    for (token, status) in [
        (&world.tokens.ben, 403),
        (&world.tokens.sam, 403),
        (&world.tokens.operator, 403),
    ] {
        world.get(token, &on).await.okta(status, "E0000006");
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_and_says_where() {
    let world = World::new().await;
    let long = "a%20pr%20or%20".repeat(300) + "a%20pr";
    let many = "x%20".repeat(11);
    let terms = "a%20pr%20or%20target%5Btype%20pr%20and%20id%20pr%5D%20or%20"
        .replace("a%20", "uuid%20")
        .repeat(8)
        + "uuid%20pr";
    let wide = "x".repeat(41);
    for (query, cause) in [
        ("limit=100000", "limit: must be a number from 0 to 1000"),
        ("limit=-1", "limit: must be a number from 0 to 1000"),
        ("limit=1e2", "limit: must be a number from 0 to 1000"),
        (
            "sortOrder=ascending",
            "sortOrder: must be ASCENDING or DESCENDING",
        ),
        (
            "since=yesterday",
            "since: must be an RFC 3339 time such as 2025-11-24T16:00:00Z",
        ),
        (
            "since=2030-01-02T00:00:00Z&until=2030-01-01T00:00:00Z",
            "since: must not be later than until",
        ),
        (
            "filtr=uuid%20pr",
            "filtr: is no parameter here; there are since, until, filter, q, sortOrder, limit, after",
        ),
        ("q=a&q=b", "q: is there twice"),
        (
            "filter=eventType%20equals%20%22x%22",
            "filter: cannot be read: at character 11: expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr), and found \"equals \\\"x\\\"\"",
        ),
        (
            "filter=eventType%20eq%20%22x%22%20and",
            "filter: cannot be read: at character 21: expected an attribute, \"not\" or \"(\", and found the end",
        ),
        (
            "filter=actor.email%20eq%20%22x%22",
            "filter: makes no sense: at character 1: a log event has no attribute actor.email",
        ),
        (
            "filter=published%20gt%20%22now%22",
            "filter: makes no sense: at character 14: published is compared with an RFC 3339 time such as \"2025-11-24T16:00:00Z\"",
        ),
        (
            &format!("filter={long}"),
            "filter: has 2404 characters, and may have 2000",
        ),
        (
            &format!("filter={terms}"),
            "filter: has 33 terms, and may have 30: the first that is too many is at character 299. Ask in several queries",
        ),
        (&format!("q={many}"), "q: has 11 keywords, and may have 10"),
        (
            &format!("q={wide}"),
            "q: has the keyword \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\", and a keyword may have 40 characters",
        ),
        (
            "after=x",
            "after: is no place in this log that was handed out for this query: follow the link to the next page as it is, with since, until, filter, q and sortOrder as they were",
        ),
    ] {
        let answer = world
            .get(&world.tokens.dana, &format!("{LOGS}?{query}"))
            .await;
        let error = answer.okta(400, "E0000001");
        let causes: Vec<&Value> = error["errorCauses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cause| &cause["errorSummary"])
            .collect();
        assert_eq!(causes, [cause], "{query}");
    }
    // A parameter with nothing in it says nothing.
    world
        .logs("after=&filter=&q=&since=&until=&limit=&sortOrder=")
        .await;
    let dana = &world.tokens.dana;
    let answer = world.call(dana, "PATCH", LOGS, Some(&enabled())).await;
    answer.okta(405, "E0000022");
    let answer = world.get(dana, LOGS).await;
    assert_eq!(answer.header("x-rate-limit-limit"), "1000000");
}
