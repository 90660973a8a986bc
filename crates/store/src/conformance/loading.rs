//! Loading: what a key brings along, and following the tail.

use std::{collections::BTreeSet, sync::Arc, time::Duration as Wait};

use countersign_domain::{CaseNumber, Email, OpenedBy, Role, Slug, StreamId};

use super::{Backend, World, world::good};
use crate::{Key, Position, Store, Version};

/// A case brings its org and every person a decision about it looks at, and nobody else.
pub async fn a_case_brings_everyone_it_mentions<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    world.admin(live.org, Role::SuperAdmin).await;
    world.agent().await;
    world.live().await;
    for key in [Key::Case(live.case), Key::Session(live.session)] {
        let slice = world.store.load(&[key]).await.expect("a slice");
        let case = slice.state.case(live.case).expect("the case");
        let admins: BTreeSet<_> = slice.state.admins().map(|admin| admin.id).collect();
        let agents: BTreeSet<_> = slice.state.agents().map(|agent| agent.id).collect();
        assert_eq!(admins, case.admins());
        assert_eq!(admins, [live.boss, live.opener].into());
        assert_eq!(agents, case.agents());
        assert_eq!(agents, [live.agent, live.other].into());
        assert_eq!(slice.state.orgs().count(), 1);
        assert!(slice.state.org(live.org).is_some());
        assert_eq!(slice.state.cases().count(), 1);
    }
}

/// Every kind of key finds what it names.
pub async fn every_key_finds_its_thing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let all = world
        .store
        .load(&[Key::Case(live.case)])
        .await
        .expect("a slice")
        .state;
    let slug = all.org(live.org).expect("the org").slug.clone();
    let boss = all.admin(live.boss).expect("the boss").email.clone();
    let agent = all.agent(live.agent).expect("the agent").email.clone();
    let number = all.case(live.case).expect("the case").number.clone();
    let load = async |key: Key| world.store.load(&[key]).await.expect("a slice").state;

    for key in [Key::Org(live.org), Key::Slug(slug.clone())] {
        let state = load(key).await;
        assert!(state.org(live.org).is_some());
        assert_eq!(state.admins().count() + state.agents().count(), 0);
    }
    for key in [Key::Admin(live.boss), Key::AdminEmail(slug, boss)] {
        let state = load(key).await;
        assert!(state.admin(live.boss).is_some());
        assert!(state.org(live.org).is_some());
    }
    for key in [Key::Agent(live.agent), Key::AgentEmail(agent)] {
        let state = load(key).await;
        assert!(state.agent(live.agent).is_some());
        assert_eq!(state.orgs().count(), 0);
    }
    for key in [Key::CaseNumber(number), Key::Session(live.session)] {
        assert!(load(key).await.case(live.case).is_some());
    }
}

/// What is not there is not an error.
pub async fn a_key_that_names_nothing_loads_nothing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let email = good(Email::parse("nobody@acme.test"));
    let slug = good(Slug::parse("nobody"));
    let keys = [
        Key::Org(world.id("org")),
        Key::Slug(slug.clone()),
        Key::Admin(world.id("adm")),
        Key::AdminEmail(slug, email.clone()),
        Key::Agent(world.id("agt")),
        Key::AgentEmail(email),
        Key::Case(world.id("case")),
        Key::CaseNumber(good(CaseNumber::parse("NOPE-1"))),
        Key::Session(world.id("sess")),
    ];
    let slice = world.store.load(&keys).await.expect("a slice");
    assert_eq!(slice.state, countersign_domain::State::default());
    assert_eq!(slice.versions, [(StreamId::Operators, Version::NONE)]);
    assert_eq!(slice.head, Position(0));
    assert_eq!(slice.barrier, Position(0));
}

/// Every stream of a slice has its version: how many events it has.
pub async fn versions_cover_the_slice<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let tail = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let slice = world
        .store
        .load(&[Key::Case(live.case)])
        .await
        .expect("a slice");
    assert_eq!(slice.head, tail.last().expect("an event").position);
    let named: BTreeSet<StreamId> = slice.versions.iter().map(|(stream, _)| *stream).collect();
    let expected: BTreeSet<StreamId> = [
        StreamId::Org(live.org),
        StreamId::Admin(live.boss),
        StreamId::Admin(live.opener),
        StreamId::Agent(live.agent),
        StreamId::Agent(live.other),
        StreamId::Case(live.case),
        StreamId::Operators,
    ]
    .into();
    assert_eq!(named, expected);
    assert_eq!(named.len(), slice.versions.len(), "each is named once");
    for (stream, version) in slice.versions {
        let events = tail
            .iter()
            .filter(|recorded| recorded.event.stream() == stream)
            .count();
        assert_eq!(version, Version(events as u64), "{stream}");
    }
}

/// The directory is every org and agent; of one org, its people too.
pub async fn the_directory_holds_orgs_and_agents<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let one = world.live().await;
    let two = world.live().await;
    let all = world.store.directory(None).await.expect("a directory");
    assert_eq!(all.state.orgs().count(), 2);
    assert_eq!(all.state.agents().count(), 4);
    assert_eq!(all.state.admins().count(), 0);
    let of_one = world
        .store
        .directory(Some(one.org))
        .await
        .expect("a directory");
    let admins: BTreeSet<_> = of_one.state.admins().map(|admin| admin.id).collect();
    assert_eq!(admins, [one.boss, one.opener].into());
    assert_eq!(
        of_one.state.orgs().map(|org| org.id).collect::<Vec<_>>(),
        [one.org]
    );
    assert_eq!(of_one.state.agents().count(), 4);
    assert!(of_one.state.org(two.org).is_none());
    assert_eq!(of_one.state.cases().count(), 0);
}

/// The tail is the same in pages as in one piece.
pub async fn the_tail_pages<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    world.live().await;
    let whole = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let mut paged = vec![];
    let mut after = Position(0);
    loop {
        let page = world.store.tail(after, 3).await.expect("a page");
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = last.position;
        paged.extend(page);
    }
    assert_eq!(paged, whole);
    assert_eq!(after, world.store.head().await.expect("a head"));
    assert!(
        world
            .store
            .tail(after, 10)
            .await
            .expect("a tail")
            .is_empty()
    );
}

/// A follower wakes soon after an append, and does not sleep when there is more already.
pub async fn waiting_ends_when_there_is_more<B: Backend>(backend: &B) {
    let world = Arc::new(World::new(backend).await);
    let org = world.org().await;
    let head = world.store.head().await.expect("a head");
    let soon = Wait::from_secs(5);
    tokio::time::timeout(soon, world.store.wait_for_more(Position(0)))
        .await
        .expect("there is more already");
    let follower = {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            while world.store.head().await.expect("a head") <= head {
                world.store.wait_for_more(head).await;
            }
        })
    };
    let admin = world.admin(org, Role::Admin).await;
    world.case(org, OpenedBy::Admin(admin), []).await;
    tokio::time::timeout(soon, follower)
        .await
        .expect("the follower wakes")
        .expect("the follower ends");
}
