//! What entries are called, and what of them is text.

use countersign_domain::{Event, Justification};
use countersign_entries::{Entry, KINDS, What, Written, kinds_named};

use crate::{admin, agent, entry, id, request, under_session};

/// A person who asks for an area gets all of it, and nothing for a name that is none.
#[test]
fn kinds_are_named_one_by_one_or_by_area() {
    let named = |name| kinds_named(name).collect::<Vec<_>>();
    assert_eq!(named("access.revoked"), ["access.revoked"]);
    assert_eq!(named("request"), ["request"], "not those refused as well");
    assert_eq!(
        named("self_assignment"),
        [
            "self_assignment.approved",
            "self_assignment.requested",
            "self_assignment.withdrawn"
        ]
    );
    assert_eq!(named("org").len(), 7);
    for none in ["", "acess", "access.", ".", "access.revoked ", "ACCESS"] {
        assert_eq!(named(none), [""; 0], "{none}");
    }
    assert!(KINDS.is_sorted());
}

/// What can be looked for by words: the target of a request, and what people wrote.
#[test]
fn texts_are_targets_and_what_people_wrote() {
    let texts = |entry: &Entry| {
        let bytes = entry.encode();
        let read = Written::read(&bytes).expect("it is an entry");
        read.texts()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let asked = What::Event(Event::AccessRequested {
        case: id("case", 4),
        org: id("org", 1),
        by: id("agt", 3),
        justification: Justification::parse("To see \"what\" is missing").expect("a reason"),
        subject: None,
    });
    assert_eq!(
        texts(&entry(agent(None), true, asked)),
        ["To see \"what\" is missing"]
    );
    assert_eq!(
        texts(&under_session(What::Request(request()))),
        ["/invoices?q=%22caf\u{e9}%22&page=2"]
    );
    let left = What::Event(Event::TeamLeft {
        case: id("case", 4),
        org: id("org", 1),
        agent: id("agt", 9),
    });
    let left = entry(admin(), true, left).encode();
    let read = Written::read(&left).expect("it is an entry");
    assert_eq!(read.agent(), Some(id("agt", 9)), "who was taken off");
    assert!(read.texts().is_empty());
}
