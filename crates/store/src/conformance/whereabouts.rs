//! Where support is: the newest request under each session, and the page it was for.

use countersign_domain::Duration;
use countersign_entries::RequestLine;
use serde_json::Value;

use super::{Backend, World, log_by_chance::Cast, world::line};
use crate::{Counts, Draft, Store, StoredEntry};

/// Where each session is: its last request, which is not the last refused one, and not what another
/// session looked at in the same moment; and the page it is on, whatever else was asked for since.
pub async fn the_last_request_of_a_session_is_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let cast = Cast::new(&world).await;
    let [one, two, three] = cast.sessions[..] else {
        panic!("three sessions");
    };
    let started = world.store.now().await.expect("a time");
    world.clock.advance(Duration::from_mins(1));
    let at = |session, target: &str| Draft::Request {
        session,
        request: line(target),
    };
    let page = |session, target: &str| Draft::Request {
        session,
        request: RequestLine {
            page: true,
            ..line(target)
        },
    };
    let refused = Draft::Refused {
        session: one,
        request: RequestLine {
            page: true,
            ..line("/delete")
        },
        code: "not_a_read".to_owned(),
    };
    let drafts = [
        page(one, "/a"),
        at(one, "/b"),
        at(two, &format!("/look/{one}")),
        refused.clone(),
    ];
    cast.record(&world, &drafts).await;
    world.clock.advance(Duration::from_mins(1));
    // In a batch of its own, in which nobody goes to a page.
    let posted = Draft::Request {
        session: two,
        request: RequestLine {
            method: "POST".to_owned(),
            ..line("/c")
        },
    };
    cast.record(&world, &[posted, at(one, "/d")]).await;
    let second = world.store.now().await.expect("a time");
    world.clock.advance(Duration::from_mins(1));
    // What is refused is no sign of life.
    cast.record(&world, &[refused]).await;
    world.admin(cast.org, countersign_domain::Role::Admin).await;

    let unknown = world.id("sess");
    let found = world.store.last_requests(&[one, two, three, unknown]).await;
    let found = found.expect("an answer");
    let path = |entry: &StoredEntry| {
        let entry: Value = serde_json::from_slice(&entry.encoded).expect("JSON");
        entry["request"]["path"].as_str().map(ToOwned::to_owned)
    };
    let said: Vec<_> = found
        .iter()
        .map(|last| {
            let entry = last.entry.as_ref().and_then(path);
            (
                last.session,
                last.at,
                entry,
                last.page.as_ref().and_then(path),
            )
        })
        .collect();
    let expected = [
        (one, second, Some("/d".to_owned()), Some("/a".to_owned())),
        (two, second, Some("/c".to_owned()), None),
        (three, started, None, None),
    ];
    assert_eq!(said, expected);
    let counts: Vec<_> = found.iter().map(|last| last.counts).collect();
    let counted = |pages, further, declared, refused| {
        Some(Counts {
            pages,
            further,
            declared,
            refused,
        })
    };
    let expected = [
        counted(1, 2, 0, 2),
        counted(0, 1, 1, 0),
        counted(0, 0, 0, 0),
    ];
    assert_eq!(counts, expected);
}
