//! From where things were done: kept with the event and in its entry, and with each request.

use countersign_domain::{
    Actor, CalledFrom, Command, Event, PersonName, Slug, StreamId, UserAgent,
};
use countersign_entries::{Outcome, OutcomeEnding, RequestLine};
use serde_json::{Value, json};

use super::{Backend, ManualClock, OPERATOR, World, line, world::good};
use crate::{Append, Draft, Position, Store, Version};

fn called_from(address: &str, user_agent: Option<&str>) -> CalledFrom {
    let user_agent = user_agent.and_then(|said| UserAgent::read(said.as_bytes()));
    CalledFrom::new(address.parse().expect("an address"), user_agent)
}

/// The tail and the log have it, and have nothing where nothing was known.
pub async fn what_is_done_says_from_where<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let known = [
        (
            Some(called_from("2001:db8::1", Some("curl/8 \"x\" \u{e9}"))),
            json!({"address": "2001:db8::1", "user_agent": "curl/8 \"x\" \u{e9}"}),
        ),
        (
            Some(called_from("192.0.2.7", None)),
            json!({"address": "192.0.2.7"}),
        ),
        (None, Value::Null),
    ];
    for (number, (client, written)) in known.into_iter().enumerate() {
        let org = world.id("org");
        let events = [Event::OrgCreated {
            org,
            slug: good(Slug::parse(&format!("acme-{number}"))),
            name: good(PersonName::parse("Acme Inc")),
        }];
        let before = world.store.head().await.expect("a head");
        let append = Append {
            actor: OPERATOR,
            at: ManualClock::START,
            read: &[(StreamId::Org(org), Version::NONE)],
            events: &events,
            credentials: &[],
            kept: None,
            passkey: None,
            client: client.as_ref(),
        };
        world.store.append(append).await.expect("it is appended");
        let tail = world.store.tail(before, 2).await.expect("a tail");
        assert_eq!(tail.len(), 1);
        assert_eq!(tail[0].position, Position(before.0 + 1));
        assert_eq!(tail[0].client, client);
        let entry = world.newest(org).await;
        assert_eq!(entry["client"], written, "{entry}");
        assert_eq!(entry.get("client").is_some(), client.is_some());
    }
}

/// Two requests under one session may come from two places; what is fenced or refused says so as well, and an
/// outcome leaves it to its request.
pub async fn each_request_says_from_where<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let from = |address: &str, target: &str| RequestLine {
        client: Some(called_from(address, Some("Firefox"))),
        ..line(target)
    };
    let drafts = [
        Draft::Request {
            session: live.session,
            request: from("192.0.2.7", "/a"),
        },
        Draft::Request {
            session: live.session,
            request: from("192.0.2.8", "/b"),
        },
        Draft::Request {
            session: live.session,
            request: line("/c"),
        },
        Draft::Refused {
            session: live.session,
            request: from("192.0.2.9", "/d"),
            code: "not_a_read".to_owned(),
        },
        Draft::Outcome {
            session: live.session,
            outcome: Outcome {
                request: 0,
                status: None,
                bytes: 0,
                ending: OutcomeEnding::NotSent,
            },
        },
    ];
    let recorded = world.store.record(lease, &drafts).await;
    recorded.expect("the store records");
    let log = world.log(live.org).await;
    let said: Vec<Value> = log[log.len() - drafts.len()..]
        .iter()
        .map(|entry| json!([entry["request"]["path"], entry["client"]["address"]]))
        .collect();
    let expected = json!([
        ["/a", "192.0.2.7"],
        ["/b", "192.0.2.8"],
        ["/c", null],
        ["/d", "192.0.2.9"],
        [null, null]
    ]);
    assert_eq!(Value::from(said), expected);
    let revoke = Command::Revoke { case: live.case };
    let approver = Actor::Admin {
        id: live.opener,
        via: None,
    };
    world.run(approver, revoke).await;
    let late = [Draft::Request {
        session: live.session,
        request: from("192.0.2.10", "/late"),
    }];
    let recorded = world.store.record(lease, &late).await;
    recorded.expect("the store records");
    let entry = world.newest(live.org).await;
    assert_eq!(entry["type"], "request.refused");
    assert_eq!(
        entry["client"],
        json!({"address": "192.0.2.10", "user_agent": "Firefox"})
    );
}
